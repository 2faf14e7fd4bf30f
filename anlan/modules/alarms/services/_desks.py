"""Who answers for an alarm, who is told, when the next office up is told; and waking the open desks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from anlan.kernel import clock
from anlan.kernel.codes.services import parameter
from anlan.kernel.identity.actors import holders_of
from anlan.kernel.identity.models import User
from anlan.kernel.notify.live import name_of, topics_changed
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import parent, region_at
from anlan.modules.alarms.choices import ACK
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.selectors import names_told
from anlan.modules.alarms.workflow import ACKNOWLEDGE
from anlan.modules.duty.public import OnDuty, on_duty

MOST_NAMED = 20  # alarms whose own pages are told of a change; in a flood the desks are enough


@dataclass
class Desks:
    """What one act asks of rosters and local rules, each once."""

    now: dt.datetime
    _duty: dict[str, OnDuty | None] = field(default_factory=dict)
    _minutes: dict[tuple[int, str], int] = field(default_factory=dict)
    _units: dict[str, list[User]] = field(default_factory=dict)

    def duty(self, path: str) -> OnDuty | None:
        """Who is on duty for a place."""
        if path not in self._duty:
            self._duty[path] = on_duty(path, self.now)
        return self._duty[path]

    def minutes(self, priority: int, path: str) -> int:
        """Within how many minutes an alarm of that priority is acknowledged there; 0: nobody waits for it."""
        if priority not in ACK:
            return 0
        if (priority, path) not in self._minutes:
            self._minutes[priority, path] = parameter(ACK[priority], path)
        return self._minutes[priority, path]

    def of_unit(self, holder: str) -> list[User]:
        """The people of a unit who acknowledge its alarms."""
        if holder not in self._units:
            self._units[holder] = list(holders_of(ACKNOWLEDGE, holder=holder)) if holder else []
        return self._units[holder]

    def wait_for(self, alarm: Alarm) -> None:
        """Start the clock of an alarm that needs an acknowledgement."""
        minutes = self.minutes(alarm.priority, alarm.region_path)
        alarm.escalate_at = self.now + dt.timedelta(minutes=minutes) if minutes else None
        found = self.duty(alarm.region_path)
        alarm.escalated_path, alarm.escalations = found.office_path if found else "", 0


def next_office(alarm: Alarm, now: dt.datetime) -> tuple[Region | None, list[User]]:
    """The next office up with somebody to tell: whoever is on duty there, else those who answer for overdue items.

    At the top it is the top again: somebody is told until somebody acts.
    """
    region = parent(alarm.escalated_path) if alarm.escalated_path else region_at(alarm.region_path)
    while region is not None:
        people = people_at(region, alarm.sector, now)
        if people:
            return region, people
        region = parent(region.path)
    top = region_at(alarm.escalated_path) if alarm.escalated_path else None
    return top, people_at(top, alarm.sector, now) if top else []


def people_at(region: Region, sector: str, now: dt.datetime) -> list[User]:
    """Duty officer and leading cadre of an office; where none stands duty, those who answer for overdue items."""
    found = on_duty(region.path, now)
    if found is not None and found.office_path == region.path:
        return list(User.objects.filter(pk__in=[found.officer_id, found.leader_id], is_active=True).order_by("pk"))
    return list(holders_of("deadlines.hold", path=region.path, sector=sector))


def wake(alarms: Iterable[Alarm]) -> None:
    """Tell the open desks and, of a few, their own pages, that something changed."""
    changed = list(alarms)
    if changed:
        names = names_told(changed)
        topics_changed(names | {name_of(a) for a in changed[:MOST_NAMED]} if len(changed) <= MOST_NAMED else names)


def said_at(moment: dt.datetime) -> str:
    """A moment as the journal says it."""
    return f"{moment.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}"
