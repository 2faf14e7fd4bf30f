"""What happens to alarms and their settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class SettingMade(Fact):
    """A tag was given a limit."""

    sentence: ClassVar[str] = gettext_noop("Alarm setting made: %(kind)s at %(limit)s")
    icon: ClassVar[str] = "adjustments-horizontal"
    translated: ClassVar[tuple[str, ...]] = ("kind",)
    kind: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Fact):
    """A limit, its delays, hours or priority changed."""

    sentence: ClassVar[str] = gettext_noop("Alarm setting changed: %(what)s. %(reason)s")
    icon: ClassVar[str] = "adjustments-horizontal"
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SettingRetired(Fact):
    """A limit holds no longer."""

    sentence: ClassVar[str] = gettext_noop("Alarm setting ended: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class SettingTakenOut(Fact):
    """A setting was taken out of service for a while."""

    sentence: ClassVar[str] = gettext_noop("Out of service until %(until)s: %(reason)s")
    icon: ClassVar[str] = "tools"
    colour: ClassVar[str] = "orange"
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SettingPutBack(Fact):
    """A setting is in service again."""

    sentence: ClassVar[str] = gettext_noop("In service again")
    icon: ClassVar[str] = "player-play"
    colour: ClassVar[str] = "green"


@dataclass(frozen=True, kw_only=True)
class AlarmsCarried(Fact):
    """The setting and its alarms went with their site."""

    sentence: ClassVar[str] = gettext_noop("Went with its site to %(site)s: %(why)s")
    icon: ClassVar[str] = "arrow-right"
    site: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Event):
    """A limit was crossed."""

    sentence: ClassVar[str] = gettext_noop("Alarm: %(tag)s %(kind)s, %(value)s against %(limit)s, at %(at)s")
    icon: ClassVar[str] = "alert-triangle"
    changes_record: ClassVar[bool] = False
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("kind",)
    tag: str
    kind: str
    value: str
    limit: str
    at: str
    site_id: int
    priority: int


@dataclass(frozen=True, kw_only=True)
class AlarmReturned(Event):
    """The value is back within its limit."""

    sentence: ClassVar[str] = gettext_noop("Back to normal at %(at)s, value %(value)s")
    icon: ClassVar[str] = "circle-check"
    changes_record: ClassVar[bool] = False
    colour: ClassVar[str] = "green"
    value: str
    at: str
    site_id: int


@dataclass(frozen=True, kw_only=True)
class AlarmAcknowledged(Fact):
    """Somebody saw it."""

    sentence: ClassVar[str] = gettext_noop("Acknowledged by %(by)s. %(note)s")
    icon: ClassVar[str] = "check"
    by: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AlarmShelved(Fact):
    """It was put aside for a while."""

    sentence: ClassVar[str] = gettext_noop("Shelved by %(by)s until %(until)s: %(reason)s")
    icon: ClassVar[str] = "player-pause"
    colour: ClassVar[str] = "purple"
    by: str
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AlarmUnshelved(Fact):
    """Its time on the shelf is over, or somebody took it off."""

    sentence: ClassVar[str] = gettext_noop("Off the shelf: it needs an acknowledgement again")
    icon: ClassVar[str] = "player-play"
    colour: ClassVar[str] = "red"


@dataclass(frozen=True, kw_only=True)
class AlarmDropped(Fact):
    """It ended with its setting."""

    sentence: ClassVar[str] = gettext_noop("Ended: %(why)s")
    icon: ClassVar[str] = "circle-x"
    why: str


@dataclass(frozen=True, kw_only=True)
class AlarmEscalated(Event):
    """Nobody acknowledged in time: the next office up was told."""

    sentence: ClassVar[str] = gettext_noop("Not acknowledged within %(minutes)s minutes: raised to %(to)s, %(people)s")
    icon: ClassVar[str] = "arrow-up"
    colour: ClassVar[str] = "red"
    changes_record: ClassVar[bool] = False
    minutes: int
    to: str
    people: str


@dataclass(frozen=True, kw_only=True)
class AlarmNeglected(Event):
    """An alarm that must be handled was not handled in time."""

    sentence: ClassVar[str] = gettext_noop("Not handled within %(hours)s hours")
    icon: ClassVar[str] = "clock"
    colour: ClassVar[str] = "red"
    hours: int
    site_id: int
    description: str


@dataclass(frozen=True, kw_only=True)
class HazardOpened(Fact):
    """It became a hazard."""

    sentence: ClassVar[str] = gettext_noop("Hazard %(number)s was opened")
    icon: ClassVar[str] = "flag"
    colour: ClassVar[str] = "orange"
    number: str


@dataclass(frozen=True, kw_only=True)
class CallLogged(Fact):
    """Somebody was called."""

    sentence: ClassVar[str] = gettext_noop("Call to %(whom)s: %(outcome)s. %(note)s")
    icon: ClassVar[str] = "phone"
    translated: ClassVar[tuple[str, ...]] = ("outcome",)
    changes_record: ClassVar[bool] = False
    whom: str
    outcome: str
    note: str = ""
