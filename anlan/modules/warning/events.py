"""What happens to warnings, their notices and the periods that weigh more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class WarningProposed(Fact):
    """The index reached a level."""

    sentence: ClassVar[str] = gettext_noop("Proposed by the index: %(place)s stands at %(value)s, %(level)s")
    icon: ClassVar[str] = "gauge"
    colour: ClassVar[str] = "purple"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    place: str
    value: str
    level: str


@dataclass(frozen=True, kw_only=True)
class ProposalDropped(Fact):
    """No warning was issued: somebody decided so, or the index fell."""

    sentence: ClassVar[str] = gettext_noop("No warning was issued: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProposalSettled(Fact):
    """A warning was issued by hand for the same place: nothing is left to decide."""

    sentence: ClassVar[str] = gettext_noop("Settled: %(number)s, %(level)s, was issued by hand for the same place")
    icon: ClassVar[str] = "circle-check"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    number: str
    level: str


@dataclass(frozen=True, kw_only=True)
class WarningIssued(Event):
    """A warning came into force."""

    sentence: ClassVar[str] = gettext_noop("Issued for %(place)s, %(level)s, until %(until)s; sent to %(told)s")
    icon: ClassVar[str] = "flag-exclamation"
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("level",)
    place: str
    level: str
    until: str
    told: int


@dataclass(frozen=True, kw_only=True)
class WarningWithdrawn(Event):
    """A warning was withdrawn; its effect."""

    sentence: ClassVar[str] = gettext_noop(
        "Withdrawn: %(reason)s. Index %(before)s before, %(after)s after; %(in_time)s of %(told)s acknowledged in time"
    )
    icon: ClassVar[str] = "circle-check"
    colour: ClassVar[str] = "green"
    reason: str
    before: str
    after: str
    in_time: int
    told: int


@dataclass(frozen=True, kw_only=True)
class WarningExpired(Event):
    """A warning's time was over; its effect."""

    sentence: ClassVar[str] = gettext_noop(
        "Expired. Index %(before)s before, %(after)s after; %(in_time)s of %(told)s acknowledged in time"
    )
    icon: ClassVar[str] = "clock"
    before: str
    after: str
    in_time: int
    told: int


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Fact):
    """An office or a unit was sent the warning."""

    sentence: ClassVar[str] = gettext_noop("Sent to %(to)s")
    icon: ClassVar[str] = "send"
    to: str


@dataclass(frozen=True, kw_only=True)
class NoticeAcknowledged(Fact):
    """An office or a unit said it has read the warning."""

    sentence: ClassVar[str] = gettext_noop("Acknowledged by %(by)s")
    icon: ClassVar[str] = "check"
    by: str


@dataclass(frozen=True, kw_only=True)
class MeasuresReported(Fact):
    """What was done about it."""

    sentence: ClassVar[str] = gettext_noop("Measures reported by %(by)s: %(measures)s")
    icon: ClassVar[str] = "clipboard-check"
    colour: ClassVar[str] = "blue"
    by: str
    measures: str


@dataclass(frozen=True, kw_only=True)
class NoticeEnded(Fact):
    """The warning is over, and its notice with it."""

    sentence: ClassVar[str] = gettext_noop("Over with its warning")
    icon: ClassVar[str] = "circle-check"


@dataclass(frozen=True, kw_only=True)
class NoticeCarried(Fact):
    """The notice went with its unit."""

    sentence: ClassVar[str] = gettext_noop("Went to %(to)s: %(why)s")
    icon: ClassVar[str] = "arrow-right"
    to: str
    why: str


@dataclass(frozen=True, kw_only=True)
class PeriodSet(Fact):
    """A time that weighs more was set."""

    sentence: ClassVar[str] = gettext_noop("Set: %(name)s, %(first)s to %(last)s, factor %(factor)s%%")
    icon: ClassVar[str] = "calendar-event"
    name: str
    first: str
    last: str
    factor: int


@dataclass(frozen=True, kw_only=True)
class PeriodEnded(Fact):
    """It weighs no more."""

    sentence: ClassVar[str] = gettext_noop("Ended: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    reason: str
