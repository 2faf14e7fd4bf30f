"""What the duty module answers to the duties of the planning documents: twenty-four hours on duty (SO-42)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_UP, Decimal
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.obligations.facts import Answer, Asked, Whose, answers, behind
from anlan.kernel.scope import within
from anlan.modules.duty import selectors
from anlan.modules.duty.models import DutyRoom
from anlan.modules.duty.workflow import ON_ROSTER

ROOMS = 500  # of a city with all its towns; beyond it nothing is answered rather than half of it


@answers("duty_hours_without_officer", of=Whose.REGION)
def hours_without_officer(actor: Actor, asked: Asked) -> Answer | None:
    """Hours of today, until now, in which a duty room of the region had nobody on its roster."""
    return _uncovered(actor, asked, _("By the rosters of today, until now."))


@answers("special_periods_without_leader", of=Whose.REGION)
def rest_days_without_leader(actor: Actor, asked: Asked) -> Answer | None:
    """Duty rooms that had nobody, so no leading cadre either, at some hour of a day off; every shift names a leader."""
    note = _("Days off are counted: every shift names its leading cadre. Other special periods are not on the roster.")
    if not selectors.is_day_off(asked.on):
        rooms = _rooms(actor, asked)
        return Answer(value=0, note=note) if rooms else None
    found = _uncovered(actor, asked, note)
    return None if found is None else Answer(len(found.records) + found.more, records=found.records, more=found.more,
                                             note=note)  # fmt: skip


def _rooms(actor: Actor, asked: Asked) -> list[DutyRoom]:
    rows = selectors.rooms(actor).filter(within("region_path", asked.place.path), closed_at=None)
    found = list(rows.order_by("region_path", "pk")[: ROOMS + 1])
    return found if len(found) <= ROOMS else []


def _uncovered(actor: Actor, asked: Asked, note: object) -> Answer | None:
    rooms = _rooms(actor, asked)
    if not rooms:
        return None
    begins, now = dt.datetime.combine(asked.on, dt.time(), clock.CHINA), clock.now()
    rows = selectors.shifts(actor).filter(
        room__in=rooms, state__in=ON_ROSTER, ends_at__gt=begins, begins_at__lt=now
    ).order_by("room_id", "begins_at")  # fmt: skip
    spans = rows.values_list("room_id", "begins_at", "ends_at")
    by_room = {room: list(some) for room, some in groupby(spans, key=lambda one: one[0])}
    lacking, seconds = [], 0.0
    for room in rooms:
        at, bare = max(begins, room.opened_at), 0.0
        for _room, first, last in by_room.get(room.pk, []):
            bare += max((first - at).total_seconds(), 0)
            at = max(at, last)
        bare += max((now - at).total_seconds(), 0)
        if bare:
            lacking.append(room)
            seconds += bare
    hours = (Decimal(round(seconds)) / 3600).quantize(Decimal("0.1"), ROUND_UP)
    return Answer(value=hours, note=note, **behind(lacking, len(lacking)))
