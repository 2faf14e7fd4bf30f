"""The clock of warning: the index every hour, proposals, what expired."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.warning.models import EarlyWarning
from anlan.modules.warning.selectors import to_propose
from anlan.modules.warning.services import (
    drop_old_indexes,
    expire_warning,
    lapse_proposal,
    propose_warning,
    reckon_indexes,
)

log = logging.getLogger(__name__)
WHY = "the clock serves every office"
MOST_PROPOSED = 200  # at once: whoever has more to decide on has the list


def watch() -> int:
    """Reckon today's index; propose, drop and end what follows from it. Each record in its own transaction."""
    actor, today = Actor.system("warning.reckon"), clock.today()
    reckoned: int = reckon_indexes(actor=actor)
    warnings = EarlyWarning.objects.everything(why=WHY)
    over, waiting = warnings.filter(state="issued", until__lt=today), warnings.filter(state="proposed")
    _each(list(over.values_list("pk", flat=True)), expire_warning, "warning", actor)
    _each(list(waiting.values_list("pk", flat=True)), lapse_proposal, "warning", actor)
    _each(to_propose(today, MOST_PROPOSED), propose_warning, "index", actor)
    return reckoned


def _each(keys: Iterable[int], act: Callable[..., Any], name: str, actor: Actor) -> None:
    for pk in keys:
        try:
            act(actor=actor, **{name: pk})
        except (Refused, DatabaseError) as why:
            log.error("%s %s was not watched: %s", name, pk, why)


@app.periodic(cron="50 3 * * *")
@app.task(name="warning.drop_old", queue="upkeep", queueing_lock="warning.drop_old")
def drop_old(timestamp: int) -> None:
    """Every night, what is older than it is to be kept."""
    drop_old_indexes(actor=Actor.system("warning.reckon"))


@app.periodic(cron="12 * * * *")
@app.task(name="warning.reckon", queue="upkeep", queueing_lock="warning.reckon")
def reckon(timestamp: int) -> None:
    """Every hour."""
    watch()
