"""The HTTP API of invitations: units invited, renewed, revoked; the people of units; lost passwords.

Claiming and recovering are for people with a slip in hand and have pages of their own; they are no operations here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity import services as identity
from anlan.kernel.scope import within
from anlan.modules.welcome import selectors, services
from anlan.ui.api import PageQuery, actor_of, expose, page_of, paged

router = Router()


class InvitationOut(Schema):
    """An invitation; its code is stored nowhere."""

    id: int
    unit_id: int
    unit_name: str
    state: str
    region_path: str
    issued_at: dt.datetime
    by_name: str
    expires_at: dt.datetime
    claimed_at: dt.datetime | None
    message: str
    version: int

    @staticmethod
    def resolve_unit_name(row: Any) -> str:
        """The unit's name."""
        return str(row.unit.name)


class RoundOut(Schema):
    """A round of invitations."""

    id: int
    at: dt.datetime
    by_name: str
    region_path: str
    invited: int
    claimed: int
    waiting: int


class SlipOut(Schema):
    """One invitation with its one-time code, shown this once."""

    invitation: int
    unit: str
    number: str
    code: str
    until: dt.date


class RefusedOut(Schema):
    """A row that was refused, and why."""

    given: str
    why: str


class OutcomeOut(Schema):
    """What a round came to."""

    round: int | None
    slips: list[SlipOut]
    refused: list[RefusedOut]


class DispatchOut(Schema):
    """What asking for short messages came to: whose is on its way, and who was left out and why."""

    round: int | None
    queued: list[str]
    left: list[RefusedOut]


class PersonOut(Schema):
    """Somebody who acts for a unit: ``id`` is that of the authority."""

    id: int
    user_id: int
    username: str
    name: str
    role: str
    valid_from: dt.date
    valid_to: dt.date | None

    @staticmethod
    def resolve_username(row: Any) -> str:
        """The sign-in name."""
        return str(row.user.username)

    @staticmethod
    def resolve_name(row: Any) -> str:
        """The person's name."""
        return str(row.user.name)


class OpenedOut(Schema):
    """An account, and the code by which its owner sets the first password ("" for one that was there)."""

    user_id: int
    username: str
    code: str


class CodeOut(Schema):
    """A recovery code, shown this once."""

    code: str


class InvitationQuery(PageQuery):
    """Which invitations: below which region (its path), at which state."""

    region: str = ""
    state: str = ""


@router.get("/invitations", response=page_of(InvitationOut), operation_id="welcome_invitations")
def list_invitations(request: HttpRequest, query: Query[InvitationQuery]) -> dict[str, Any]:
    """The invitations within the caller's reach, newest first."""
    rows = selectors.invitations(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk")
    return paged(rows.filter(state=query.state) if query.state else rows, query)


@router.get("/rounds", response=page_of(RoundOut), operation_id="welcome_rounds")
def list_rounds(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The rounds within the caller's reach, newest first."""
    return paged(selectors.rounds(actor_of(request)).order_by("-pk"), query)


@router.get("/people", response=page_of(PersonOut), operation_id="welcome_people")
def list_people(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """Who acts for the units whose people the caller keeps."""
    return paged(selectors.people(actor_of(request)).order_by("pk"), query)


def _outcome(actor: Actor, outcome: services.Outcome) -> dict[str, Any]:
    return {
        "round": outcome.round,
        "slips": [
            {"invitation": s.invitation, "unit": s.unit, "number": s.number, "code": s.code,
             "until": clock.day_of(s.until)}
            for s in outcome.slips
        ],
        "refused": [{"given": t.given, "why": gettext(t.why) % t.params} for t in outcome.refused],
    }  # fmt: skip


def _dispatch(actor: Actor, told: services.Dispatch) -> dict[str, Any]:
    left = [{"given": t.given, "why": gettext(t.why) % t.params} for t in told.left]
    return {"round": told.round, "queued": told.queued, "left": left}


def _opened(actor: Actor, opened: services.Opened) -> dict[str, Any]:
    return {"user_id": opened.user.pk, "username": opened.user.username, "code": opened.code}


def _code(actor: Actor, code: str) -> dict[str, str]:
    return {"code": code}


expose(router, services.invite_units, out=OutcomeOut, name="invitations", show=_outcome)
expose(router, services.renew_invitations, out=OutcomeOut, name="invitations/renewals", show=_outcome)
expose(router, services.revoke_invitation, out=InvitationOut, name="revoke", under="invitations")
expose(router, services.send_invitation, out=InvitationOut, name="send", under="invitations")
expose(router, services.send_invitations, out=DispatchOut, name="invitations/messages", show=_dispatch)
expose(router, services.name_safety_manager, out=OpenedOut, name="people/safety", show=_opened)
expose(router, services.open_unit_account, out=OpenedOut, name="people", show=_opened)
expose(router, services.end_unit_account, out=PersonOut, name="end", under="people")
expose(router, identity.issue_recovery, out=CodeOut, name="recovery", under="accounts", show=_code)
