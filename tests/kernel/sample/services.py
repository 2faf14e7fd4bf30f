"""Acts on tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import Refused
from anlan.kernel.files.services import attach
from anlan.kernel.workflow import begin, remember, take
from tests.kernel.sample.events import TicketMoved, TicketNoted, TicketOpened
from tests.kernel.sample.models import Ticket


@dataclass(frozen=True)
class Noted:
    """The outcome of a bulk act."""

    done: tuple[Ticket, ...]
    refused: tuple[tuple[int, Refused], ...]


@act(may="sample.open")
def open_ticket(work: Work, *, path: str, title: str, sector: str = "", holder: str = "") -> Ticket:
    """Open a ticket; the same title again at one place is the same ticket."""
    ticket = Ticket(region_path=path, sector=sector, holder=holder, title=title)
    begin(work, ticket, "open")
    created(ticket)
    remember(work, ticket, "open")
    work.record(TicketOpened(title=title), on=ticket)
    return ticket


@act(may="sample.fix", on=Ticket)
def fix_ticket(work: Work, ticket: Ticket, *, remedy: str) -> None:
    """Fix it, saying how."""
    take(work, ticket, "fix", given={"remedy": remedy})
    ticket.remedy = remedy
    ticket.save()
    work.record(TicketMoved(step="fix"), on=ticket)


@act(may="sample.close", on=Ticket)
def close_ticket(work: Work, ticket: Ticket) -> None:
    """Close what another has fixed."""
    take(work, ticket, "close")
    ticket.save()
    work.record(TicketMoved(step="close"), on=ticket)


@act(may="sample.close", on=Ticket)
def return_ticket(work: Work, ticket: Ticket) -> None:
    """Send it back."""
    take(work, ticket, "return")
    ticket.save()
    work.record(TicketMoved(step="return"), on=ticket)


@act(may=("sample.open", "sample.fix"), on=Ticket)
def note_ticket(work: Work, ticket: Ticket, *, note: str) -> None:
    """Write on it; the same note again changes nothing."""
    if ticket.note == note:
        return
    ticket.note = note
    ticket.save(update_fields=["note"])
    work.record(TicketNoted(note=note), on=ticket)


@act(may="sample.open", on=Ticket)
def note_twice(work: Work, ticket: Ticket, *, note: str) -> None:
    """An act that calls another on the same record, then changes it itself."""
    note_ticket(actor=work.actor, ticket=ticket, note=note + "!")
    ticket.note = note
    ticket.save(update_fields=["note"])
    work.record(TicketNoted(note=note), on=ticket)
    work.record(TicketNoted(note=note), on=ticket)


@act(may="sample.open")
def note_many(work: Work, *, tickets: list[int], note: str) -> Noted:
    """Note on many; those refused are named with the reason."""
    done: list[Ticket] = []
    refused: list[tuple[int, Refused]] = []
    for pk in tickets:
        try:
            done.append(note_ticket(actor=work.actor, ticket=pk, note=note))
        except Refused as why:
            refused.append((pk, why))
    return Noted(tuple(done), tuple(refused))


@act(may="sample.fix", on=Ticket)
def hand_over(work: Work, ticket: Ticket, *, path: str) -> None:
    """Give it to another place."""
    ticket.region_path = path
    ticket.save(update_fields=["region_path"])
    work.record(TicketNoted(note="handed over"), on=ticket)


@act(may="sample.fix", on=Ticket)
def photograph(work: Work, ticket: Ticket, *, photo: Any) -> None:
    """Keep a picture of it."""
    stored = attach(work, ticket, photo, purpose="before")
    work.record(TicketNoted(note=stored.name), on=ticket)


@act(may="sample.open", secret=True)
def make_secret(work: Work) -> str:
    """Something shown once."""
    return f"secret for {work.actor.name}"


@act(may="sample.open", on=Ticket)
def touch_nothing(work: Work, ticket: Ticket) -> int:
    """An act that finds nothing to do, and says how much it did."""
    return 0
