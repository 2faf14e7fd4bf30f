"""What happens to a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Event, Fact


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    """A ticket was opened."""

    sentence: ClassVar[str] = "Ticket %(title)s opened"
    title: str


@dataclass(frozen=True, kw_only=True)
class TicketMoved(Event):
    """A ticket took a step."""

    sentence: ClassVar[str] = "Ticket moved: %(step)s"
    step: str


@dataclass(frozen=True, kw_only=True)
class TicketNoted(Fact):
    """Something was written on a ticket."""

    sentence: ClassVar[str] = "Noted: %(note)s"
    note: str
