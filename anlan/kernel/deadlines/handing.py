"""Due items that are named for one person, and how they go to his successor. Those of a desk stay with the desk."""

from __future__ import annotations

from typing import Any

from django.db import models

from anlan.kernel.acts import Work
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.services import RUNNING, _subject
from anlan.kernel.identity import belongings
from anlan.kernel.identity.facts import WorkTaken

WHY = "the items of one person in hand, given over in an act that asked who may"


def _named(user: Any, holder: str) -> models.QuerySet[Deadline]:
    rows: models.QuerySet[Deadline] = Deadline.objects.everything(why=WHY)
    rows = rows.filter(assignee=user, state__in=RUNNING)
    return (rows.filter(holder=holder) if holder else rows).order_by("due_at", "pk")


def _of(user: Any, holder: str) -> list[belongings.Held]:
    return [
        belongings.Held(d.label, d.subject_title, d.due_at, d.subject_type, d.subject_id) for d in _named(user, holder)
    ]


def _refused(actor: Any, user: Any, holder: str) -> list[str]:
    return [d.subject_title for d in _named(user, holder) if not actor.may(d.duty, d)]


def _move(work: Work, user: Any, to: Any, holder: str, reason: str) -> int:
    moved = list(_named(user, holder).select_for_update())
    for deadline in moved:
        deadline.assignee, deadline.version = to, deadline.version + 1
        deadline.save(update_fields=["assignee", "version"])
        subject = _subject(deadline)
        if subject is not None:
            work.record(WorkTaken(label=deadline.label, before=user.name, to=to.name, reason=reason), on=subject)
    return len(moved)


def start() -> None:
    """Name these functions to the hand-over."""
    belongings.register("deadlines", belongings.Belonging(_of, _refused, _move))
