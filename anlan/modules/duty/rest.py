"""The HTTP API of duty: rooms, rosters, hand-overs, swaps, gaps, and who is on duty now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.duty import selectors, services
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged

router = Router()


class RoomOut(Schema):
    """A duty room."""

    id: int
    office: str
    phone: str
    region_path: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    version: int


class ShiftOut(Schema):
    """A shift with its people, the hand-over note, who wrote and who signed it."""

    id: int
    room_id: int
    region_path: str
    kind: str
    state: str
    begins_at: dt.datetime
    ends_at: dt.datetime
    rest_day: bool
    officer_id: int
    officer: str
    leader_id: int
    leader: str
    deputy_id: int | None
    taken_at: dt.datetime | None
    note: str
    written_at: dt.datetime | None
    writer_id: int | None
    signed_at: dt.datetime | None
    signer_id: int | None
    version: int

    @staticmethod
    def resolve_officer(row: Any) -> str:
        """The duty officer's name."""
        return str(row.officer.name)

    @staticmethod
    def resolve_leader(row: Any) -> str:
        """The leading cadre's name."""
        return str(row.leader.name)


class SwapOut(Schema):
    """A request for a swap."""

    id: int
    shift_id: int
    region_path: str
    state: str
    asker_id: int
    colleague_id: int
    reason: str
    answer: str
    asked_at: dt.datetime
    ended_at: dt.datetime | None
    version: int


class GapOut(Schema):
    """A stretch without a duty officer; ``outcome`` is empty while it is open."""

    id: int
    room_id: int
    office: str
    region_path: str
    begins_at: dt.datetime
    ends_at: dt.datetime | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: str

    @staticmethod
    def resolve_office(row: Any) -> str:
        """The office whose roster it is."""
        return str(row.room.office)


class AbsenceOut(Schema):
    """The days on which somebody cannot stand duty."""

    id: int
    room_id: int
    user_id: int
    first: dt.date
    last: dt.date
    reason: str
    ended_at: dt.datetime | None
    version: int


class PlannedOut(Schema):
    """How many shifts were planned, and for how many nobody could be found."""

    planned: int
    unfilled: int


class NowOut(Schema):
    """Who is on duty."""

    office: str
    office_path: str
    phone: str
    officer: str
    leader: str
    until: dt.datetime


class WhereQuery(PageQuery):
    """Which records: below which region (its path), at which state."""

    region: str = ""
    state: str = ""


class NowQuery(Schema):
    """Whose duty: the office of a region, by its path; when (now by default)."""

    region: str
    at: dt.datetime | None = None


def _rows(rows: Any, query: WhereQuery, state: str = "state") -> dict[str, Any]:
    rows = rows.filter(within("region_path", query.region)).order_by("-pk")
    return paged(rows.filter(**{state: query.state}) if query.state else rows, query)


@router.get("/rooms", response=page_of(RoomOut), operation_id="duty_rooms")
def list_rooms(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The duty rooms within the caller's reach; ``state`` is not asked of them."""
    return paged(selectors.rooms(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk"), query)


@router.get("/shifts", response=page_of(ShiftOut), operation_id="duty_shifts")
def list_shifts(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The shifts within the caller's reach, newest first."""
    return _rows(selectors.shifts(actor_of(request)), query)


@router.get("/swaps", response=page_of(SwapOut), operation_id="duty_swaps")
def list_swaps(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The requests for a swap within the caller's reach, newest first."""
    return _rows(selectors.swaps(actor_of(request)), query)


@router.get("/gaps", response=page_of(GapOut), operation_id="duty_gaps")
def list_gaps(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The gaps within the caller's reach, newest first; ``state`` is their outcome."""
    return _rows(selectors.gaps(actor_of(request)), query, "outcome")


@router.get("/now", response={200: NowOut | None, **REFUSALS}, operation_id="duty_now")
def on_duty_now(request: HttpRequest, query: Query[NowQuery]) -> Any:
    """Who is on duty at an office within the caller's reach, else at the nearest one above it; null without."""
    actor_of(request).need_at("duty.view", query.region)
    if query.at is not None and query.at.tzinfo is None:
        raise BadInput("at", gettext_noop("Give the moment with its time zone: 2026-12-01T17:30:00+08:00."))
    shift = selectors.on_duty(query.region, query.at)
    if shift is None:
        return None
    return {
        "office": shift.room.office, "office_path": shift.region_path, "phone": shift.room.phone,
        "officer": shift.officer.name, "leader": shift.leader.name, "until": shift.ends_at,
    }  # fmt: skip


def _region(actor: Actor, code: str) -> Region:
    return by_code_or_name(code)


expose(router, services.open_room, out=RoomOut, name="rooms", convert={"region": _region})
expose(router, services.change_room, out=RoomOut, name="phone", under="rooms")
expose(router, services.close_room, out=RoomOut, name="close", under="rooms")
expose(router, services.plan_month, out=PlannedOut, name="plan", under="rooms")
expose(router, services.put_shift, out=ShiftOut, name="shifts", under="rooms")
expose(router, services.note_absence, out=AbsenceOut, name="absences", under="rooms")
expose(router, services.end_absence, out=AbsenceOut, name="end", under="absences")
expose(router, services.change_shift, out=ShiftOut, name="people", under="shifts")
expose(router, services.strike_shift, out=ShiftOut, name="strike", under="shifts")
expose(router, services.take_up_duty, out=ShiftOut, name="take-up", under="shifts")
expose(router, services.write_note, out=ShiftOut, name="note", under="shifts")
expose(router, services.sign_hand_over, out=ShiftOut, name="sign", under="shifts")
expose(router, services.ask_swap, out=SwapOut, name="swap", under="shifts")
expose(router, services.agree_swap, out=SwapOut, name="agree", under="swaps")
expose(router, services.decline_swap, out=SwapOut, name="decline", under="swaps")
expose(router, services.approve_swap, out=SwapOut, name="approve", under="swaps")
expose(router, services.refuse_swap, out=SwapOut, name="refuse", under="swaps")
expose(router, services.withdraw_swap, out=SwapOut, name="withdraw", under="swaps")
