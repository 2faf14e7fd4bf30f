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
from anlan.modules.warning.models import EarlyWarning, IndexDay
from anlan.modules.warning.services import expire_warning, lapse_proposal, propose_warning, reckon_indexes

log = logging.getLogger(__name__)
WHY = "the clock serves every office"
MOST_PROPOSED = 200  # at once: whoever has more to decide on has the list


def watch() -> int:
    """Reckon today's index; propose, drop and end what follows from it. Each record in its own transaction."""
    actor, today = Actor.system("warning.reckon"), clock.today()
    reckoned: int = reckon_indexes(actor=actor)
    warnings = EarlyWarning.objects.everything(why=WHY)
    _each(warnings.filter(state="issued", until__lt=today), expire_warning, "warning", actor)
    _each(warnings.filter(state="proposed"), lapse_proposal, "warning", actor)
    grave = IndexDay.objects.everything(why=WHY).filter(day=today, level__gt="").order_by("-value", "pk")
    _each(grave[:MOST_PROPOSED], propose_warning, "index", actor)
    return reckoned


def _each(rows: Iterable[Any], act: Callable[..., Any], name: str, actor: Actor) -> None:
    for pk in [row.pk for row in rows]:
        try:
            act(actor=actor, **{name: pk})
        except (Refused, DatabaseError) as why:
            log.error("%s %s was not watched: %s", name, pk, why)


@app.periodic(cron="12 * * * *")
@app.task(name="warning.reckon", queue="upkeep", queueing_lock="warning.reckon")
def reckon(timestamp: int) -> None:
    """Every hour."""
    watch()
