"""Folding each minute, comparing each night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.tallies.keeping import fold
from anlan.kernel.tallies.services import reconcile_numbers


@app.periodic(cron="* * * * *")
@app.task(name="tallies.fold", queue="upkeep", queueing_lock="tallies.fold")
def fold_differences(timestamp: int) -> None:
    """Every minute."""
    fold()


@app.periodic(cron="10 3 * * *")
@app.task(name="tallies.reconcile", queue="upkeep", queueing_lock="tallies.reconcile")
def reconcile(timestamp: int) -> None:
    """Every night, when regions have been carried and little is written."""
    reconcile_numbers(actor=Actor.system("tallies.reconcile"))
