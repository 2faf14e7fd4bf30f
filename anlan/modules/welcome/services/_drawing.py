"""Choosing units for a round, drawing codes, and what a round hands back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.codes.services import declare
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.identity.models import Grant
from anlan.modules.registry import public as registry
from anlan.modules.welcome.models import Invitation, Round
from anlan.modules.welcome.selectors import principals
from anlan.modules.welcome.workflow import INVITE

MOST = 1_000  # units in one round: 125 sheets of paper
DAYS = "welcome.invitation_days"
# 本地规定: how long an invitation stands.
declare(DAYS, gettext_noop("Days an invitation of a unit is valid"), 30, least=1, most=180)

NO_SUCH = gettext_noop("There is no unit with this number on file. Compare it with the licence, or register the unit.")
ELSEWHERE = gettext_noop("This unit lies outside your area. Its own office invites it.")
HAS_ACCOUNT = gettext_noop("This unit has claimed its file already: “%(name)s” acts for it.")
STANDING = gettext_noop("This unit is invited already, until %(until)s. Renew that invitation, or tick “invite again”.")
TWICE = gettext_noop("This unit stands in the list twice; it is invited once.")


@dataclass(frozen=True)
class Slip:
    """One invitation with its code, which is shown this once."""

    invitation: int
    unit: str
    number: str
    code: str
    until: Any


@dataclass(frozen=True)
class Turned:
    """A row that was refused: what was given, and why (a msgid with its parameters)."""

    given: str
    why: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a round came to: its key (None when nothing was invited anew), slips to print, rows refused."""

    round: int | None
    slips: list[Slip]
    refused: list[Turned]


@dataclass(frozen=True)
class Chosen:
    """The units to invite, the open invitations to renew, and the rows refused."""

    units: list[Any]
    standing: dict[int, Invitation]
    refused: list[Turned]


def read_numbers(text: str) -> list[str]:
    """The numbers in a pasted list: one a line, or the first cell of a line of a spreadsheet."""
    lines = (re.split(r"[\t,，;；]", line.strip())[0] for line in text.splitlines())
    return [number for line in lines if (number := "".join(line.split()).upper())]


def choose(work: Work, units: Sequence[int], numbers: Sequence[str], *, again: bool) -> Chosen:
    """Sort what was named into units to invite and rows refused, in a handful of queries however long the list is."""
    if not units and not numbers:
        raise BadInput("units", gettext_noop("Choose at least one unit, or give a list of numbers."))
    if len(units) + len(numbers) > MOST:
        raise BadInput("units", gettext_noop("At most %(most)s units are invited in one go."), most=MOST)
    rows = list(registry.lock_units(work.actor, INVITE, units, numbers))
    by_pk, by_number = {u.pk: u for u in rows}, {u.number: u for u in rows if u.number}
    known = registry.numbers_on_file([n for n in numbers if n not in by_number])
    accounts = dict(
        principals().filter(holder__in=[u.holder for u in rows]).order_by("-pk").values_list("holder", "user__name")
    )
    open_ones = Invitation.objects.everything(why="of units that were locked for the actor").filter(
        unit__in=list(by_pk), state="open"
    )
    standing = {i.unit_id: i for i in open_ones.select_for_update()}
    chosen: dict[int, Any] = {}
    refused: list[Turned] = []
    for given, unit in [(str(pk), by_pk.get(pk)) for pk in units] + [(n, by_number.get(n)) for n in numbers]:
        if unit is None:
            elsewhere = given in known or (given.isdigit() and len(given) < 18)
            refused.append(Turned(given, ELSEWHERE if elsewhere else NO_SUCH))
        elif unit.pk in chosen:
            refused.append(Turned(f"{unit.name} {unit.number}", TWICE))
        elif unit.holder in accounts:
            refused.append(Turned(f"{unit.name} {unit.number}", HAS_ACCOUNT, {"name": accounts[unit.holder]}))
        elif unit.pk in standing and not again:
            until = clock.day_of(standing[unit.pk].expires_at).isoformat()
            refused.append(Turned(f"{unit.name} {unit.number}", STANDING, {"until": until}))
        else:
            chosen[unit.pk] = unit
    return Chosen(list(chosen.values()), {pk: i for pk, i in standing.items() if pk in chosen}, refused)


def in_hand(
    work: Work, invitations: Sequence[int] | None, round: int | None, *, ended: bool = False
) -> list[Invitation]:
    """The open invitations named by their keys, or those of a round, locked: all of them the actor's to act upon.

    ``ended`` takes those named whatever became of them. ``NotFound`` when one is not his; ``BadInput`` when none of a
    round is open.
    """
    rows: Any = Invitation.objects.visible_to(work.actor, INVITE).select_related("unit", "round")
    if round is not None:
        if not Round.objects.visible_to(work.actor, INVITE).filter(pk=round).exists():
            raise NotFound
        rows, wanted = rows.filter(round=round, state="open"), set()
    else:
        wanted = set(invitations or [])
        rows = rows.filter(pk__in=wanted, **({} if ended else {"state": "open"}))
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if round is None and (not wanted or len(found) != len(wanted)):
        raise NotFound
    if not found:
        raise BadInput("round", gettext_noop("None of this round is still open: every unit has claimed its file."))
    return found


def has_principal(holder: str) -> bool:
    """Whether somebody acts as the principal of a unit."""
    found: Any = Grant.objects.filter(pk__in=principals().filter(holder=holder).values("pk"))
    return bool(found.exists())
