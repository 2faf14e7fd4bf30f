"""The watch over rosters, every ten minutes."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from procrastinate.contrib.django import app

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.duty.models import DutyRoom
from anlan.modules.duty.services import watch_room

log = logging.getLogger(__name__)


def watch() -> int:
    """Look at every open room; each is its own transaction, one that fails holds up no other. Returns how many."""
    actor = Actor.system("duty.watch")
    rooms = DutyRoom.objects.everything(why="the watch serves every office").filter(closed_at=None)
    keys = list(rooms.order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        try:
            watch_room(actor=actor, room=pk)
        except (Refused, DatabaseError) as why:
            log.error("the roster of room %s was not watched: %s", pk, why)
    return len(keys)


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="duty.watch", queue="upkeep", queueing_lock="duty.watch")
def watch_rosters(timestamp: int) -> None:
    """Every ten minutes, between two sweeps of the deadlines."""
    watch()
