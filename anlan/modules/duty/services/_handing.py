"""Shifts that lie ahead are named for one person: they go to his successor with everything else.

Whoever was asked to stand somebody else's shift was asked himself: that request lapses, and its asker is told.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.identity import belongings
from anlan.modules.duty.events import ShiftChanged
from anlan.modules.duty.models import Shift, Swap
from anlan.modules.duty.services._rules import away, standing
from anlan.modules.duty.services._swaps import OPEN, drop_swaps
from anlan.modules.duty.workflow import SHIFT

COLUMNS = ("officer", "leader", "deputy")


def _ahead(user: Any) -> models.QuerySet[Shift]:
    rows: models.QuerySet[Shift] = Shift.objects.everything(
        why="the shifts of one person in hand, given over"
    )
    mine = models.Q(officer=user) | models.Q(leader=user) | models.Q(deputy=user)
    rows = rows.filter(mine, state="planned", ends_at__gt=clock.now()).select_related("room", *COLUMNS)
    return rows.order_by("begins_at", "pk")


def _asked(user: Any) -> list[Swap]:
    rows: models.QuerySet[Swap] = Swap.objects.everything(why="what one person was asked, who leaves")
    return list(rows.filter(colleague=user, state__in=OPEN).select_related("shift"))


def _of(user: Any, holder: str) -> list[belongings.Held]:
    if holder:
        return []
    label = Shift._meta.label_lower
    return [belongings.Held(SHIFT.step("take_up").label, str(s), s.begins_at, label, str(s.pk)) for s in _ahead(user)]


def _refused(actor: Any, user: Any, holder: str) -> list[str]:
    """The successor is refused what he has no right to, and hours in which he is off or on duty already."""
    if holder:
        return []
    me = actor.user_id or 0
    return [
        str(s)
        for s in _ahead(user)
        if not actor.may_any(SHIFT.step("take_up").who if user.pk != s.leader_id else ("duty.serve", "duty.approve"), s)
        or away([me], s.day, clock.day_of(s.ends_at)).exists()
        or standing([me], s.begins_at, s.ends_at).exists()
    ]


def _move(work: Work, user: Any, to: Any, holder: str, reason: str) -> int:
    if holder:
        return 0
    for swap in _asked(user):
        drop_swaps(work, swap.shift)
    moved = list(_ahead(user).select_for_update(of=("self",)))
    for shift in moved:
        for column in COLUMNS:
            if getattr(shift, f"{column}_id") == user.pk:
                setattr(shift, column, to)
        shift.save(update_fields=[*COLUMNS])
        drop_swaps(work, shift)
        work.record(ShiftChanged(before=user.name, after=to.name, reason=reason), on=shift)
    return len(moved)


def start() -> None:
    """Name these functions to the hand-over."""
    belongings.register("duty", belongings.Belonging(_of, _refused, _move))
