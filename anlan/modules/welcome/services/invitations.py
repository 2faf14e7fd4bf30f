"""Inviting units by the hundred, renewing, revoking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.identity.secrets import index_of, new_code
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.journal.record import place_of
from anlan.kernel.workflow import take
from anlan.modules.welcome.events import (
    InvitationRenewed,
    InvitationRevoked,
    RoundStarted,
    UnitInvited,
)
from anlan.modules.welcome.models import Invitation, MessageState, Round
from anlan.modules.welcome.services._drawing import DAYS, Chosen, Outcome, Slip, choose, in_hand
from anlan.modules.welcome.workflow import INVITE

RENEWED = (
    "code_index", "message_index", "message", "expires_at", "issued_at", "by_key", "by_name", "version", "round",
)  # fmt: skip


@act(may=INVITE, secret=True)
def invite_units(
    work: Work, *, units: list[int] | None = None, numbers: list[str] | None = None, again: bool = False
) -> Outcome:
    """Invite units in one go: by their keys, or by their unified codes or provisional numbers.

    Each gets a one-time code, shown in the outcome and kept only as a digest, valid for the days the region has set.
    A row that cannot be invited is named with its reason and does not stop the others. ``again`` renews invitations
    that still stand; without it such units are refused.
    """
    wanted = [number.strip().upper() for number in numbers or []]
    chosen = choose(work, list(dict.fromkeys(units or [])), wanted, again=again)
    found = Round(
        region_path=place_of(work.actor), sector=_line(work), at=work.now, by_key=work.actor.key,
        by_name=work.actor.name, invited=len(chosen.units),
        refused=[[t.given, t.why, t.params] for t in chosen.refused],
    )  # fmt: skip
    if not chosen.units:
        return Outcome(None, [], chosen.refused)
    created(found)
    slips = _invite(work, found, chosen) + _renew(work, list(chosen.standing.values()), found)
    work.record(RoundStarted(invited=len(slips), refused=len(chosen.refused)), on=found)
    return Outcome(found.pk, slips, chosen.refused)


@act(may=INVITE, secret=True)
def renew_invitations(work: Work, *, invitations: list[int] | None = None, round: int | None = None) -> Outcome:
    """New codes for open invitations, those run out included: by their keys, or all of a round. The old codes die.

    This is also how slips are printed again: a code is kept nowhere.
    """
    found = in_hand(work, invitations, round)
    return Outcome(round, _renew(work, found), [])


@act(may=INVITE, on=Invitation)
def revoke_invitation(work: Work, invitation: Invitation, *, reason: str) -> None:
    """Take an invitation back: its code opens nothing any more. A revoked one stays revoked."""
    if invitation.state == "revoked":
        return
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say why the invitation is revoked."))
    take(work, invitation, "revoke", note=reason.strip())
    invitation.save(update_fields=["state"])
    work.record(InvitationRevoked(reason=reason.strip()), on=invitation)


def _invite(work: Work, found: Round, chosen: Chosen) -> list[Slip]:
    """Insert the invitations of a round, with their steps, in two statements."""
    fresh = [u for u in chosen.units if u.pk not in chosen.standing]
    days = _days(fresh)
    codes = [new_code() for _ in fresh]
    rows = Invitation.plain.bulk_create(
        [
            Invitation(
                unit_id=unit.pk, round=found, state="open", region_path=unit.region_path, sector=unit.sector,
                holder=unit.holder, office_path=found.region_path, office_sector=found.sector,
                code_index=index_of("invitation", code), issued_at=work.now, by_key=work.actor.key,
                by_name=work.actor.name, expires_at=_end(work, days[unit.region_path]),
            )
            for unit, code in zip(fresh, codes, strict=True)
        ]
    )  # fmt: skip
    _remember(work, rows, "invite")
    for row, unit in zip(rows, fresh, strict=True):
        work.record(UnitInvited(unit=unit.name, until=_day(row)), on=row)
    return [
        Slip(row.pk, unit.name, unit.number, code, row.expires_at)
        for row, unit, code in zip(rows, fresh, codes, strict=True)
    ]


def _renew(work: Work, rows: list[Invitation], found: Round | None = None) -> list[Slip]:
    """New codes for open invitations in hand; one short message that was sent dies with the paper's code."""
    days = _days(rows)
    slips = []
    for row in rows:
        code = new_code()
        row.code_index, row.message_index, row.message = index_of("invitation", code), "", MessageState.NONE
        row.expires_at, row.issued_at = _end(work, days[row.region_path]), work.now
        row.by_key, row.by_name = work.actor.key, work.actor.name
        row.version += 1
        row.round = found or row.round
        slips.append(Slip(row.pk, row.unit.name, row.unit.number, code, row.expires_at))
        work.record(InvitationRenewed(until=_day(row)), on=row)
    Invitation.plain.bulk_update(rows, RENEWED, batch_size=500)
    _remember(work, rows, "renew")
    return slips


def _remember(work: Work, rows: Iterable[Invitation], step: str) -> None:
    """Keep who took a step, of many records at once."""
    label = Invitation._meta.label_lower
    StepTaken.objects.bulk_create(
        [
            StepTaken(subject_type=label, subject_id=str(row.pk), step=step, actor_key=work.actor.key,
                      actor_name=work.actor.name, at=work.now)
            for row in rows
        ]
    )  # fmt: skip


def _days(rows: Iterable[object]) -> dict[str, int]:
    """How long an invitation stands, for each region among the rows."""
    return {path: parameter(DAYS, path) for path in {str(getattr(row, "region_path", "")) for row in rows}}


def _end(work: Work, days: int) -> dt.datetime:
    return clock.end_of(clock.day_of(work.now) + dt.timedelta(days=days))


def _day(row: Invitation) -> str:
    return clock.day_of(row.expires_at).isoformat()


def _line(work: Work) -> str:
    """The line of an officer who has but one; "" for one with every line."""
    lines = {g.sector for g in work.actor.grants_for(INVITE) if not g.holder}
    return lines.pop() if len(lines) == 1 else ""

