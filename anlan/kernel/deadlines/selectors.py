"""What is due for whom."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from anlan.kernel.actor import EVERYTHING, Actor, Grant
from anlan.kernel.bulk import any_of
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.scope import within

HOLD = "deadlines.hold"  # the permission of whoever answers for a region's overdue items


def due_for(actor: Actor) -> models.QuerySet[Deadline]:
    """The open items on this actor's desk: named for him, for his unit, or for his office and post; soonest first.

    An office's item is due for those who hold the duty exactly there, in its line when their grant is limited to
    one; an escalated one also for whoever answers for overdue items where it was raised to. What was named for
    somebody whose account is closed falls back to the office. An API token sees it with ``deadlines.view``.
    """
    mine = models.Q(pk__in=[])
    for way in _ways(actor):
        mine |= way
    return _open().filter(mine).order_by("due_at", "pk")


def due_by_desk(actor: Actor) -> list[models.QuerySet[Deadline]]:
    """The same items by what brings each to the desk, each part soonest first; one item may be in several.

    Where thousands wait, the soonest of each part stand first in an index of its own; of all together they are sorted.
    """
    return [_open().filter(way).order_by("due_at", "pk") for way in _ways(actor)]


def _open() -> models.QuerySet[Deadline]:
    rows = Deadline.objects.everything(why="limited to the actor's own desk by the conditions added to this")
    return rows.filter(state=DeadlineState.OPEN)


def _ways(actor: Actor) -> list[models.Q]:
    """What brings an item to the actor's desk, each by itself."""
    if not actor.in_scopes(Deadline.view_permission):
        return []
    nobody_named = models.Q(assignee=None) | models.Q(assignee__is_active=False)
    ways = [models.Q(assignee=actor.user_id)] if actor.user_id else []
    for grant in actor.grants:
        duty = _duties(grant)
        if grant.holder:
            ways.append(models.Q(desk_holder=grant.holder) & duty & nobody_named)
            continue
        line = models.Q(desk_sector=grant.sector) if grant.sector else models.Q()
        ways.append(models.Q(desk_path=grant.path, desk_holder="") & duty & nobody_named & line)
        if grant.allows(HOLD):
            up = models.Q(escalated_path=grant.path)
            ways.append(up & models.Q(sector=grant.sector) if grant.sector else up)
    return ways


def _duties(grant: Grant) -> models.Q:
    """The items whose duty the grant carries."""
    if EVERYTHING in grant.permissions:
        return models.Q()
    carried = any_of("duty", sorted(grant.permissions))
    for permission in sorted(grant.permissions):
        if permission.endswith(".*"):
            carried |= models.Q(duty__startswith=permission[:-1])
    return carried


def open_deadlines(actor: Actor, path: str = "") -> models.QuerySet[Deadline]:
    """Every open item the actor may see, within a region when one is named."""
    return Deadline.objects.visible_to(actor).filter(within("region_path", path), state=DeadlineState.OPEN)


def late_ones(actor: Actor, path: str = "") -> models.QuerySet[Deadline]:
    """The items the actor may see that were answered after their time."""
    stopped = Coalesce("paused_at", "ended_at")
    return (
        Deadline.objects.visible_to(actor)
        .filter(within("region_path", path), state=DeadlineState.MET)
        .annotate(stopped_at=stopped)
        .filter(stopped_at__gt=models.F("due_at"))
    )
