"""The sweep: reminds and escalates what has come due."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import advance_deadline
from anlan.kernel.errors import Refused

BATCH = 500
log = logging.getLogger(__name__)


def sweep(limit: int = 20_000) -> int:
    """Advance every row whose time has come; returns how many were looked at.

    Each row is its own transaction; one that fails is logged and left for the next sweep, and holds up no other.
    """
    actor = Actor.system("deadlines.sweep")
    seen: set[int] = set()
    while len(seen) < limit:
        due = list(
            Deadline.objects.everything(why="the sweep serves every region")
            .filter(state=DeadlineState.OPEN, next_action_at__lte=clock.now())
            .order_by("next_action_at", "pk")
            .values_list("pk", flat=True)[: BATCH + len(seen)]
        )
        fresh = [pk for pk in due if pk not in seen][:BATCH]
        for pk in fresh:
            try:
                advance_deadline(actor=actor, deadline=pk)
            except (Refused, DatabaseError) as why:
                log.error("deadline %s was not advanced: %s", pk, why)
        seen.update(fresh)
        if not fresh:
            break
    return len(seen)


@app.periodic(cron="*/10 * * * *")
@app.task(name="deadlines.sweep", queue="upkeep", queueing_lock="deadlines.sweep")
def sweep_deadlines(timestamp: int) -> None:
    """Every ten minutes."""
    sweep()
