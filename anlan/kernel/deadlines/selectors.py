"""What is due for whom."""

from __future__ import annotations

from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.scope import within


def due_for(actor: Actor) -> models.QuerySet[Deadline]:
    """The open items on this actor's desk: named for him, for his unit, or for his office and post; soonest first.

    An office's item is due for those who hold the duty exactly there; an escalated one also for whoever answers
    for overdue items one level up.
    """
    mine = models.Q(assignee=actor.user_id) if actor.user_id else models.Q(pk__in=[])
    for grant in actor.grants:
        duties = [p for p in grant.permissions if "." in p]
        if grant.holder:
            mine |= models.Q(desk_holder=grant.holder, duty__in=duties, assignee=None)
            continue
        line = models.Q(desk_sector__in=["", grant.sector]) if grant.sector else models.Q()
        mine |= models.Q(desk_path=grant.path, desk_holder="", duty__in=duties, assignee=None) & line
        if grant.allows("deadlines.hold"):
            up = models.Q(escalated_path=grant.path)
            mine |= up & models.Q(sector=grant.sector) if grant.sector else up
    return (
        Deadline.objects.everything(why="limited to the actor's own desk by the conditions below")
        .filter(state=DeadlineState.OPEN)
        .filter(mine)
        .order_by("due_at", "pk")
    )


def open_deadlines(actor: Actor, path: str = "") -> models.QuerySet[Deadline]:
    """Every open item the actor may see, within a region when one is named."""
    return Deadline.objects.visible_to(actor).filter(within("region_path", path), state=DeadlineState.OPEN)
