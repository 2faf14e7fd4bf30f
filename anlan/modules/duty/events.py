"""What happens on the roster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class RoomOpened(Fact):
    """An office began to stand duty."""

    sentence: ClassVar[str] = gettext_noop("Duty room opened: %(office)s, telephone %(phone)s")
    icon: ClassVar[str] = "building"
    office: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class RoomChanged(Fact):
    """The telephone of a duty room changed."""

    sentence: ClassVar[str] = gettext_noop("Telephone of the duty room: %(before)s became %(phone)s")
    icon: ClassVar[str] = "phone"
    before: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class RoomClosed(Fact):
    """An office stands duty no longer."""

    sentence: ClassVar[str] = gettext_noop("Duty room closed: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MonthPlanned(Fact):
    """A month of shifts was planned in one go."""

    sentence: ClassVar[str] = gettext_noop(
        "%(month)s planned: %(planned)s shifts, %(unfilled)s left without an officer"
    )
    icon: ClassVar[str] = "calendar"
    month: str
    planned: int
    unfilled: int


@dataclass(frozen=True, kw_only=True)
class ShiftPlanned(Fact):
    """A shift was entered on the roster."""

    sentence: ClassVar[str] = gettext_noop("Entered on the roster: duty officer %(officer)s, leading cadre %(leader)s")
    icon: ClassVar[str] = "calendar"
    changes_record: ClassVar[bool] = False
    officer: str
    leader: str


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(Fact):
    """Other people stand a shift."""

    sentence: ClassVar[str] = gettext_noop("People of the shift: %(before)s became %(after)s. %(reason)s")
    icon: ClassVar[str] = "users"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShiftStruck(Fact):
    """A shift was taken off the roster."""

    sentence: ClassVar[str] = gettext_noop("Struck off the roster: %(reason)s")
    icon: ClassVar[str] = "circle-x"
    colour: ClassVar[str] = "orange"
    reason: str


@dataclass(frozen=True, kw_only=True)
class DutyTaken(Fact):
    """Somebody took up duty."""

    sentence: ClassVar[str] = gettext_noop("%(name)s took up duty")
    icon: ClassVar[str] = "user-check"
    name: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    """The hand-over note was written."""

    sentence: ClassVar[str] = gettext_noop("Hand-over note written by %(name)s")
    icon: ClassVar[str] = "pencil"
    name: str


@dataclass(frozen=True, kw_only=True)
class DutyHandedOver(Event):
    """Whoever came on signed the note of whoever went."""

    sentence: ClassVar[str] = gettext_noop("Handed over from %(outgoing)s to %(incoming)s")
    icon: ClassVar[str] = "writing-sign"
    colour: ClassVar[str] = "green"
    office_path: str
    outgoing: str
    incoming: str


@dataclass(frozen=True, kw_only=True)
class ShiftMissed(Event):
    """A shift went by and nobody had taken it up."""

    sentence: ClassVar[str] = gettext_noop("Nobody took up this shift of %(officer)s")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    office_path: str
    officer: str


@dataclass(frozen=True, kw_only=True)
class SwapAsked(Fact):
    """An officer asked a colleague to stand in."""

    sentence: ClassVar[str] = gettext_noop("%(asker)s asked %(colleague)s to stand in: %(reason)s")
    icon: ClassVar[str] = "arrows-exchange"
    changes_record: ClassVar[bool] = False
    asker: str
    colleague: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SwapAnswered(Fact):
    """A step of a request: agreed to, declined, refused, withdrawn, lapsed."""

    sentence: ClassVar[str] = gettext_noop("%(what)s. %(answer)s")
    icon: ClassVar[str] = "arrows-exchange"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class SwapApproved(Event):
    """The leader approved: the colleague stands the shift."""

    sentence: ClassVar[str] = gettext_noop("Swap approved: %(colleague)s stands in for %(asker)s")
    icon: ClassVar[str] = "arrows-exchange"
    colour: ClassVar[str] = "green"
    office_path: str
    asker: str
    colleague: str


@dataclass(frozen=True, kw_only=True)
class GapOpened(Event):
    """Hours ahead were found without a duty officer."""

    sentence: ClassVar[str] = gettext_noop("Nobody is on duty from %(begins)s to %(ends)s")
    icon: ClassVar[str] = "alert-triangle"
    colour: ClassVar[str] = "red"
    changes_record: ClassVar[bool] = False
    office_path: str
    begins: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class GapMoved(Fact):
    """A part of a gap was filled, or it grew."""

    sentence: ClassVar[str] = gettext_noop("Now from %(begins)s to %(ends)s")
    icon: ClassVar[str] = "clock"
    begins: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class GapClosed(Event):
    """A gap is one no longer: filled, gone by, or its room closed."""

    sentence: ClassVar[str] = gettext_noop("The gap is over: %(how)s")
    icon: ClassVar[str] = "circle-check"
    translated: ClassVar[tuple[str, ...]] = ("how",)
    office_path: str
    how: str


@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(Fact):
    """Somebody cannot stand duty on some days."""

    sentence: ClassVar[str] = gettext_noop("%(name)s cannot stand duty from %(first)s to %(last)s: %(reason)s")
    icon: ClassVar[str] = "user-off"
    changes_record: ClassVar[bool] = False
    name: str
    first: str
    last: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Fact):
    """An absence was taken back."""

    sentence: ClassVar[str] = gettext_noop("%(name)s can stand duty again")
    icon: ClassVar[str] = "user-check"
    name: str
