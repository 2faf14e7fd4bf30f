"""The HTTP API of chemicals: catalogue, places, stocks, movements, consignments, findings, police records, balances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel import clock
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.scope import within
from anlan.modules.chemicals import selectors, services
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged

router = Router()


class SubstanceOut(Schema):
    """A substance; the two marks are null where no jurisdiction has marked it by the list it holds."""

    id: int
    code: str
    name: str
    name_en: str
    aliases: str
    cas: str
    un: str
    symbols: list[str]
    key_entry: int | None
    drug_class: int | None
    highly_toxic: bool | None
    toxic_basis: str
    explosive_precursor: bool | None
    explosive_basis: str
    version: int


class PlaceOut(Schema):
    """A place of keeping; masses are kilograms."""

    id: int
    site_id: int
    region_path: str
    kind: str
    name: str
    most_kg: Decimal | None
    closed_on: dt.date | None
    version: int


class StockOut(Schema):
    """What a place keeps of a substance, in kilograms, and the design maximum declared."""

    id: int
    place_id: int
    substance_id: int
    substance: str
    region_path: str
    kg: Decimal
    most_kg: Decimal | None
    basis: str
    filing_no: str
    filed_on: dt.date | None
    version: int

    @staticmethod
    def resolve_substance(row: Any) -> str:
        """Its name."""
        return str(row.substance.name)


class MovementOut(Schema):
    """A movement in signed kilograms; ``corrects_id`` names what it puts right, ``counted_kg`` is what was there."""

    id: int
    place_id: int
    substance_id: int
    region_path: str
    kind: str
    kg: Decimal
    on: dt.date
    lot: str
    counted_kg: Decimal | None
    counterpart: str
    document: str
    permit_no: str
    note: str
    corrects_id: int | None
    pair_id: int | None
    consignment_id: int | None
    entered_at: dt.datetime
    by_name: str


class ConsignmentOut(Schema):
    """What one unit sent and another received, in kilograms; ``to_site_id`` is null where it left the area."""

    id: int
    number: str
    state: str
    substance_id: int
    purpose: str
    lot: str
    from_site_id: int
    to_site_id: int | None
    to_name: str
    carrier: str
    plate: str
    transport_no: str
    transport_until: dt.date | None
    sent_kg: Decimal
    received_kg: Decimal | None
    sent_on: dt.date
    due_on: dt.date | None
    received_on: dt.date | None
    version: int


class FindingOut(Schema):
    """Something that does not add up; ``gap_kg`` positive: missing, or less arrived than was sent."""

    id: int
    kind: str
    state: str
    region_path: str
    stock_id: int
    count_id: int | None
    consignment_id: int | None
    other_id: int | None
    gap_kg: Decimal
    first: dt.date
    last: dt.date
    explanation: str
    opinion: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    version: int


class SuspectOut(Schema):
    """A movement that may have caused a finding, why (English), and the figure that would close the balance."""

    movement_id: int
    why: str
    true_kg: Decimal


class PoliceOut(Schema):
    """The record of a sale or purchase for the police."""

    id: int
    state: str
    region_path: str
    movement_id: int
    regime: str
    counterpart: str
    address: str
    handler: str
    used_for: str
    permit_no: str
    due_on: dt.date
    basis: str
    keep_until: dt.date
    reported_on: dt.date | None
    reported_kg: Decimal | None
    receipt_no: str
    version: int


class BalanceOut(Schema):
    """The mass balance of a unit and substance: opening + in − out − closing = open, in kilograms."""

    holder: str
    unit: str
    substance_id: int
    substance: str
    opening: Decimal
    produced: Decimal
    received: Decimal
    moved: Decimal
    used: Decimal
    sold: Decimal
    disposed: Decimal
    lost: Decimal
    closing: Decimal
    open_kg: Decimal


class TraceOut(Schema):
    """A lot: what was made, what ended, what is on the road, still there, and what both sides differ by."""

    lot: str
    made: Decimal
    ended: Decimal
    road: Decimal
    there: Decimal
    lacking: Decimal
    cut: bool
    movements: list[MovementOut]


class WhereQuery(PageQuery):
    """Which records: below which region (its path), at which state, of which substance."""

    region: str = ""
    state: str = ""
    substance: int | None = None


class BalanceQuery(PageQuery):
    """Which balances: from and to (both included; this year so far by default), where, whose, of what, only open."""

    first: dt.date | None = None
    last: dt.date | None = None
    region: str = ""
    holder: str = ""
    substance: int | None = None
    only_open: bool = False


class LotQuery(Schema):
    """Which lot."""

    lot: str


class CatalogueQuery(PageQuery):
    """Which substances: by CAS number or a part of the name."""

    cas: str = ""
    name: str = ""


def _rows(rows: Any, query: WhereQuery, substance: str = "substance") -> dict[str, Any]:
    rows = rows.filter(within("region_path", query.region)).order_by("-pk")
    if query.state:
        rows = rows.filter(state=query.state)
    if query.substance is not None:
        rows = rows.filter(**{substance: query.substance})
    return paged(rows, query)


@router.get("/substances", response=page_of(SubstanceOut), operation_id="chemicals_substances")
def list_substances(request: HttpRequest, query: Query[CatalogueQuery]) -> dict[str, Any]:
    """The catalogue: units' own substances within the caller's reach, then those of the tables."""
    rows = selectors.substances(actor_of(request)).order_by("-holder", "code")
    rows = rows.filter(cas=query.cas) if query.cas else rows
    return paged(rows.filter(name__icontains=query.name) if query.name else rows, query)


@router.get("/places", response=page_of(PlaceOut), operation_id="chemicals_places")
def list_places(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The places of keeping within the caller's reach, newest first."""
    return paged(selectors.places(actor_of(request)).order_by("-pk"), query)


@router.get("/stocks", response=page_of(StockOut), operation_id="chemicals_stocks")
def list_stocks(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The stocks within the caller's reach; ``state`` is not asked of them."""
    return _rows(selectors.stocks(actor_of(request)), query.model_copy(update={"state": ""}))


@router.get("/movements", response=page_of(MovementOut), operation_id="chemicals_movements")
def list_movements(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The movements within the caller's reach, newest first; ``state`` is not asked of them."""
    return _rows(selectors.movements(actor_of(request)), query.model_copy(update={"state": ""}))


@router.get("/consignments", response=page_of(ConsignmentOut), operation_id="chemicals_consignments")
def list_consignments(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The consignments the caller sent, receives or supervises, newest first."""
    return _rows(selectors.consignments(actor_of(request)), query)


@router.get("/findings", response=page_of(FindingOut), operation_id="chemicals_findings")
def list_findings(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The findings within the caller's reach, newest first."""
    return _rows(selectors.findings(actor_of(request)), query, "stock__substance")


@router.get(
    "/findings/{int:pk}/suspects", response={200: list[SuspectOut], **REFUSALS}, operation_id="chemicals_suspects"
)
def list_suspects(request: HttpRequest, pk: int) -> Any:
    """The movements that may have caused a finding, the likeliest first."""
    finding = selectors.findings(actor_of(request)).filter(pk=pk).first()
    if finding is None:
        raise NotFound
    return [
        {"movement_id": s.movement.pk, "why": s.why % {"true": f"{s.true_kg:f}"}, "true_kg": s.true_kg}
        for s in selectors.suspects(finding)
    ]


@router.get("/police", response=page_of(PoliceOut), operation_id="chemicals_police")
def list_police(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The police records within the caller's reach, newest first."""
    return _rows(selectors.police_records(actor_of(request)), query, "movement__substance")


@router.get("/balances", response={200: list[BalanceOut], **REFUSALS}, operation_id="chemicals_balances")
def list_balances(request: HttpRequest, query: Query[BalanceQuery]) -> Any:
    """The mass balances of a period, a page at a time, those with something open first."""
    actor, today = actor_of(request), clock.today()
    actor.need("chemicals.view")
    first, last = query.first or today.replace(month=1, day=1), query.last or today
    if first > last:
        raise BadInput("first", gettext_noop("The first day lies after the last. Exchange them."))
    rows = selectors.balance_rows(
        actor, first, last, region=query.region, substance=query.substance, holder=query.holder,
        only_open=query.only_open,
    )  # fmt: skip
    start = (query.page - 1) * query.size
    return selectors.balances(actor, rows[start : start + query.size])


@router.get("/trace", response={200: TraceOut, **REFUSALS}, operation_id="chemicals_trace")
def follow_lot(request: HttpRequest, query: Query[LotQuery]) -> Any:
    """A lot as far as the caller's reach goes."""
    actor_of(request).need("chemicals.view")
    return selectors.trace(actor_of(request), query.lot)


expose(router, services.add_substance, out=SubstanceOut, name="substances")
expose(router, services.mark_substance, out=SubstanceOut, name="marks")
expose(router, services.add_place, out=PlaceOut, name="places")
expose(router, services.change_place, out=PlaceOut, name="change", under="places")
expose(router, services.close_place, out=PlaceOut, name="close", under="places")
expose(router, services.set_limit, out=StockOut, name="limits", under="places")
expose(router, services.record_movement, out=MovementOut, name="movements", under="places")
expose(router, services.move_stock, out=MovementOut, name="move", under="stocks")
expose(router, services.send_stock, out=ConsignmentOut, name="send", under="stocks")
expose(router, services.note_filing, out=StockOut, name="filing", under="stocks")
expose(router, services.count_stock, out=MovementOut, name="count", under="stocks")
expose(router, services.correct_movement, out=MovementOut, name="correct", under="movements")
expose(router, services.name_transport, out=ConsignmentOut, name="transport", under="movements")
expose(router, services.receive_consignment, out=MovementOut, name="receive", under="consignments")
expose(router, services.explain_finding, out=FindingOut, name="explain", under="findings")
expose(router, services.accept_explanation, out=FindingOut, name="accept", under="findings")
expose(router, services.send_back_explanation, out=FindingOut, name="send-back", under="findings")
expose(router, services.report_police, out=PoliceOut, name="report", under="police")
