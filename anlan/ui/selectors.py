"""Reads of what the screens keep."""

from __future__ import annotations

from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.selectors import due_for
from anlan.ui.models import BulkRun, SavedFilter


def person(actor: Actor) -> int:
    """The key of the actor's account; 0, which no account has, for the system and for visitors."""
    return actor.user_id or 0


def offices(actor: Actor) -> list[str]:
    """The regions at which the actor holds a post: his own offices, not what lies below."""
    return sorted({grant.path for grant in actor.grants if grant.path and not grant.holder})


def saved_filters(actor: Actor, page: str) -> models.QuerySet[SavedFilter]:
    """The actor's own saved filters of a page, then those shared with his office."""
    mine = models.Q(user_id=person(actor))
    shared = models.Q(office_path__in=offices(actor))
    return (
        SavedFilter.objects.filter(mine | shared, page=page)
        .annotate(own=models.Case(models.When(mine, then=True), default=False, output_field=models.BooleanField()))
        .order_by("-own", "name")
    )


def bulk_runs(actor: Actor) -> models.QuerySet[BulkRun]:
    """The actor's own bulk runs."""
    return BulkRun.objects.filter(user_id=person(actor))


def due_items(actor: Actor) -> models.QuerySet[Deadline]:
    """What is due for this actor, soonest first."""
    return due_for(actor)


def visible_deadlines(actor: Actor) -> models.QuerySet[Deadline]:
    """The open deadlines the actor may see."""
    return Deadline.objects.visible_to(actor).filter(state=DeadlineState.OPEN)
