"""The watch over alarms, every minute."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Refused
from anlan.modules.alarms.models import Alarm, AlarmSetting
from anlan.modules.alarms.services import escalate_alarm, neglect_alarm, put_back_in_service, unshelve_alarm
from anlan.modules.alarms.workflow import ACTIVE

log = logging.getLogger(__name__)
WHY = "the watch serves every desk"
AT_ONCE = 2_000
SOONEST = dt.timedelta(hours=1)  # the shortest time a region may set for handling


def watch() -> int:
    """Do what is due by the clock; each record in its own transaction, one that fails holds up no other."""
    now = clock.now()
    alarms = Alarm.objects.everything(why=WHY)
    settings = AlarmSetting.objects.everything(why=WHY)
    neglected = alarms.filter(statutory=True, neglected_at=None, state__in=ACTIVE, raised_at__lte=now - SOONEST)
    return (
        _each(alarms.filter(state="shelved", shelved_until__lte=now), unshelve_alarm, "alarm")
        + _each(alarms.filter(escalate_at__lte=now).order_by("priority", "escalate_at"), escalate_alarm, "alarm")
        + _each(neglected, neglect_alarm, "alarm")
        + _each(settings.filter(out_until__lte=now), put_back_in_service, "setting")
    )


def _each(rows: QuerySet[Any], act: Callable[..., Any], name: str) -> int:
    actor, keys = Actor.system("alarms.watch"), list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for pk in keys:
        try:
            act(actor=actor, **{name: pk})
        except (Refused, DatabaseError) as why:
            log.error("%s %s was not watched: %s", name, pk, why)
    return len(keys)


@app.periodic(cron="* * * * *")
@app.task(name="alarms.watch", queue="upkeep", queueing_lock="alarms.watch")
def watch_alarms(timestamp: int) -> None:
    """Every minute."""
    watch()
