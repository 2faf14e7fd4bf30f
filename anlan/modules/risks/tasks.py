"""The nightly look at areas: where a place adopted their assessment since, or another cycle, clocks follow it."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.risks import selectors, services

log = logging.getLogger(__name__)


def settle_areas() -> int:
    """Set the next day of assessments that have another one by now; each is its own transaction. Answers how many
    areas there are."""
    actor, keys = Actor.system("risks.watch"), selectors.newest_of_areas()
    for pk in keys:
        try:
            services.settle_area(actor=actor, row=pk)
        except (Refused, DatabaseError) as why:
            log.error("the next assessment of the area %s was not set: %s", pk, why)
    return len(keys)


@app.periodic(cron="20 1 * * *")
@app.task(name="risks.settle_areas", queue="upkeep", queueing_lock="risks.settle_areas")
def settle_areas_nightly(timestamp: int) -> None:
    """Every night, before the reminders of the morning."""
    settle_areas()
