"""The duty desk: what stands open within somebody's reach, whether it is a flood, whom he may call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.counting import counted
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import region_at
from anlan.kernel.scope import system_read, within
from anlan.modules.alarms.choices import FLOOD_COUNT, FLOOD_MINUTES
from anlan.modules.alarms.models import Alarm, AlarmTransition
from anlan.modules.alarms.selectors.records import open_alarms
from anlan.modules.alarms.workflow import VIEW
from anlan.modules.registry.public import ContactView, contacts_of

DESK = "alarms.desk"
MOST = 200  # alarms on one desk at once: whoever has more has a flood, and is told so
_RANK = Case(
    When(state="unacknowledged", then=Value(0)), When(state="returned", then=Value(1)),
    When(state="acknowledged", then=Value(2)), default=Value(3), output_field=IntegerField(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flood:
    """How many alarms were raised within the last minutes, and from how many on that is a flood."""

    count: int
    most: int
    minutes: int

    @property
    def on(self) -> bool:
        """Whether it is one."""
        return self.count > self.most


def desk_rows(actor: Actor, path: str = "") -> QuerySet[Alarm]:
    """The open alarms within reach (of a region): what nobody acknowledged first, then by urgency, the newest first."""
    rows = open_alarms(actor).filter(within("region_path", path))
    return rows.annotate(rank=_RANK).order_by("rank", "priority", "-raised_at", "-pk")


def flooded(actor: Actor, path: str = "") -> Flood:
    """How many times something was raised of late within reach (of a region), by that region's own figures."""
    place = path or office_of(actor)
    most, minutes = parameter(FLOOD_COUNT, place), parameter(FLOOD_MINUTES, place)
    since = clock.now() - dt.timedelta(minutes=minutes)
    rows = AlarmTransition.objects.visible_to(actor).filter(within("region_path", path), raised=True, at__gt=since)
    return Flood(counted(rows), most, minutes)


@system_read("an actor's own grants")
def office_of(actor: Actor) -> str:
    """The path of the office at whose desk the actor sits; "" for a unit's people."""
    paths = [g.path for g in actor.grants_for(VIEW) if g.path]
    return min(paths, key=lambda path: (len(path), path)) if paths else ""


@system_read("an actor's own grants")
def desks_followed(actor: Actor) -> set[str]:
    """Under which names the actor's open desk hears of alarms: the places and units he may see."""
    return {f"{DESK}:{g.holder or g.path}" for g in actor.grants_for(VIEW)}


@system_read("names of places and units, no content")
def names_told(alarms: Iterable[Any]) -> set[str]:
    """The names under which these records' changes are told: their unit, their region, and every region above."""
    paths = {a.region_path for a in alarms}
    names = {f"{DESK}:{path[:end]}" for path in paths for end in range(Region.steplen, len(path) + 1, Region.steplen)}
    return names | {f"{DESK}:{a.holder}" for a in alarms if a.holder}


def callable_people(actor: Actor, alarm: Alarm) -> list[ContactView]:
    """The people of the alarm's site, those with a telephone first; none where the actor may not see the registry."""
    if not actor.may("registry.view"):
        return []
    return sorted(contacts_of(actor, alarm.site_id), key=lambda c: not c.has_phone)


def phones_open_to(actor: Actor, alarm: Alarm) -> bool:
    """Whether the actor may be shown a telephone of the alarm's site."""
    return actor.may("registry.unmask", alarm)


@system_read("names of regions are public")
def place_name(path: str) -> str:
    """The name of a region; "" for none."""
    found = region_at(path) if path else None
    return found.name if found else ""
