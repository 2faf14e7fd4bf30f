"""Upkeep of the counts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.limits.models import Tally


@app.periodic(cron="40 3 * * *")
@app.task(name="limits.clear_tallies", queue="upkeep", queueing_lock="limits.clear_tallies")
def clear_tallies(timestamp: int) -> None:
    """Forget the windows that are over."""
    Tally.objects.filter(until__lt=clock.now()).delete()
