"""The nightly look at duties: units without a workspace get one, and those whose day has come are judged anew."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.compliance import selectors
from anlan.modules.compliance.services import judge_duties, open_workspace

log = logging.getLogger(__name__)
MOST_A_NIGHT = 50_000


def look() -> int:
    """Open and judge; each is its own transaction, one that fails holds up no other. Returns how many were seen."""
    actor, done = Actor.system("compliance.watch"), 0
    for unit in selectors.without_workspace(MOST_A_NIGHT):
        try:
            open_workspace(actor=actor, unit=unit)
            done += 1
        except (Refused, DatabaseError) as why:
            log.error("the duties of unit %s are not followed: %s", unit, why)
    for pk in selectors.to_look_at(clock.today()):
        try:
            judge_duties(actor=actor, workspace=pk)
            done += 1
        except (Refused, DatabaseError) as why:
            log.error("the duties of workspace %s were not judged: %s", pk, why)
    return done


@app.periodic(cron="10 1 * * *")
@app.task(name="compliance.watch", queue="upkeep", queueing_lock="compliance.watch")
def look_at_duties(timestamp: int) -> None:
    """Every night, before the reminders of the morning."""
    look()
