"""The months past, reckoned each night and after regions were moved or merged."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anlan.modules.cockpit.selectors.trend import late_is_stale, reckon_late


@app.periodic(cron="40 3 * * *")
@app.task(name="cockpit.reckon", queue="upkeep", queueing_lock="cockpit.reckon")
def reckon(timestamp: int) -> None:
    """Every night."""
    reckon_late()


@app.periodic(cron="7-59/10 * * * *")
@app.task(name="cockpit.reckon_again", queue="upkeep", queueing_lock="cockpit.reckon_again")
def reckon_again(timestamp: int) -> None:
    """Every ten minutes, when a month has ended or a region was moved or merged."""
    if late_is_stale():
        reckon_late()
