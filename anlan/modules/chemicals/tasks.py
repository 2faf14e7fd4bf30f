"""The nightly look at every ledger."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.services import check_stock

log = logging.getLogger(__name__)


def check() -> int:
    """Look at the stocks that are not what their movements make, or above their limit; returns how many.

    They are found by one statement; each is then its own transaction, and one that fails holds up no other.
    """
    actor = Actor.system("chemicals.check")
    keys = list(selectors.wrong_stocks().order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        try:
            check_stock(actor=actor, stock=pk)
        except (Refused, DatabaseError) as why:
            log.error("the stock %s was not checked: %s", pk, why)
    return len(keys)


@app.periodic(cron="40 2 * * *")
@app.task(name="chemicals.check", queue="upkeep", queueing_lock="chemicals.check")
def check_ledgers(timestamp: int) -> None:
    """Every night."""
    check()
