"""The sweep: reminds and escalates what has come due."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import advance_deadline

BATCH = 500


def sweep(limit: int = 20_000) -> int:
    """Advance every row whose time has come; returns how many were looked at. Each row is its own transaction."""
    actor = Actor.system("deadlines.sweep")
    done = 0
    while done < limit:
        due = list(
            Deadline.objects.everything(why="the sweep serves every region")
            .filter(state=DeadlineState.OPEN, next_action_at__lte=clock.now())
            .order_by("next_action_at")
            .values_list("pk", flat=True)[:BATCH]
        )
        for pk in due:
            advance_deadline(actor=actor, deadline=pk)
        done += len(due)
        if len(due) < BATCH:
            break
    return done


@app.periodic(cron="*/10 * * * *")
@app.task(name="deadlines.sweep", queue="upkeep", queueing_lock="deadlines.sweep")
def sweep_deadlines(timestamp: int) -> None:
    """Every ten minutes."""
    sweep()
