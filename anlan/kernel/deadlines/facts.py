"""What the journal says of deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(Fact):
    """A deadline began."""

    sentence: ClassVar[str] = gettext_noop("Due: %(label)s by %(due)s (%(basis)s)")
    icon: ClassVar[str] = "clock"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    due: str
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class DeadlineLate(Event):
    """An item was answered after its day."""

    sentence: ClassVar[str] = gettext_noop("Answered late: %(label)s was due by %(due)s, %(days)s days before")
    icon: ClassVar[str] = "clock-exclamation"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    kind: str
    due: str
    days: int


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(Fact):
    """A deadline's day was changed."""

    sentence: ClassVar[str] = gettext_noop("%(label)s: due day moved from %(before)s to %(due)s: %(reason)s")
    icon: ClassVar[str] = "calendar-event"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    before: str
    due: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlineRecounted(Fact):
    """A provisional day was counted anew with the holiday notice of its year."""

    sentence: ClassVar[str] = gettext_noop(
        "%(label)s: counted anew with the holiday notice of %(year)s, due by %(due)s (provisionally %(before)s)"
    )
    icon: ClassVar[str] = "calendar-check"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    year: int
    before: str
    due: str


@dataclass(frozen=True, kw_only=True)
class NoticeLoaded(Fact):
    """The holiday notice of a year was loaded."""

    sentence: ClassVar[str] = gettext_noop(
        "Holiday notice of %(year)s loaded from %(source)s: %(off)s days off, %(made_up)s make-up working days; "
        "%(recounted)s provisional time limits counted anew, %(moved)s of them moved"
    )
    icon: ClassVar[str] = "calendar-check"
    year: int
    source: str
    off: int
    made_up: int
    recounted: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class DeadlinePaused(Fact):
    """The clock was stopped by law."""

    sentence: ClassVar[str] = gettext_noop("%(label)s: clock paused: %(reason)s")
    icon: ClassVar[str] = "player-pause"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlineResumed(Fact):
    """The clock runs again; the due day moved by the pause."""

    sentence: ClassVar[str] = gettext_noop("%(label)s: clock resumed, now due by %(due)s")
    icon: ClassVar[str] = "player-play"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    label: str
    due: str


@dataclass(frozen=True, kw_only=True)
class DeadlineEscalated(Event):
    """Time ran out; the item now also stands on the desk one level up."""

    sentence: ClassVar[str] = gettext_noop("Overdue: %(label)s was due by %(due)s; raised to %(to)s")
    icon: ClassVar[str] = "trending-up"
    colour: ClassVar[str] = "red"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    changes_record: ClassVar[bool] = False
    label: str
    kind: str
    due: str
    to: str
    escalations: int


@dataclass(frozen=True, kw_only=True)
class Urged(Event):
    """Somebody above pressed for it (催办)."""

    sentence: ClassVar[str] = gettext_noop("Urged by %(by)s: %(label)s. %(note)s")
    icon: ClassVar[str] = "bell-ringing"
    colour: ClassVar[str] = "orange"
    translated: ClassVar[tuple[str, ...]] = ("label",)
    changes_record: ClassVar[bool] = False
    by: str
    label: str
    note: str = ""
