"""The nightly look at what is lacking: hazards for what was stated before hazards were opened for it."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.installations import selectors
from anlan.modules.installations.services import announce_lacking

log = logging.getLogger(__name__)
MOST_A_NIGHT = 5_000


def announce() -> int:
    """Announce what is lacking and was never told; each is its own transaction. Returns how many there were."""
    actor = Actor.system("installations.announce")
    keys = selectors.untold(MOST_A_NIGHT)
    for pk in keys:
        try:
            announce_lacking(actor=actor, provision=pk)
        except (Refused, DatabaseError) as why:
            log.error("what is lacking (%s) was not announced: %s", pk, why)
    return len(keys)


@app.periodic(cron="50 1 * * *")
@app.task(name="installations.announce", queue="upkeep", queueing_lock="installations.announce")
def announce_what_is_lacking(timestamp: int) -> None:
    """Every night; nothing to do once all of it was told."""
    announce()
