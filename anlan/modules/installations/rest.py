"""The HTTP API of installations: the register with holdings and gradings, and every act."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.scope import within
from anlan.modules.installations import selectors, services
from anlan.ui.api import PageQuery, actor_of, expose, page_of, paged, paged_of

router = Router()


class InstallationOut(Schema):
    """An installation; ``level`` 1 is the highest, null below the threshold; ``over_t`` tonnes above the basis."""

    id: int
    site_id: int
    region_path: str
    kind: str
    name: str
    state: str
    exposed: int | None
    lon: float | None
    lat: float | None
    started_on: dt.date | None
    park: str
    principal: str
    technical: str
    operating: str
    level: int | None
    s_value: Decimal | None
    r_value: Decimal | None
    graded_on: dt.date | None
    stale: bool
    assessed_on: dt.date | None
    filing_kind: str
    filing_no: str
    filed_on: dt.date | None
    opinion: str
    reason: str
    commitment: str
    on_paper: list[int]
    unmet: int
    over_t: Decimal
    version: int


class HoldingOut(Schema):
    """What an installation holds of a substance, in tonnes, by which basis and paper."""

    id: int
    installation_id: int
    substance_id: int
    tonnes: Decimal
    basis: str
    paper: str
    symbols: list[str]
    entry: int | None
    place_id: int | None
    used_for: str
    method: str
    phase: str
    temperature_c: Decimal | None
    pressure_mpa: Decimal | None
    largest_t: Decimal | None
    version: int


class GradingOut(Schema):
    """A grading with its working in both languages and its clauses."""

    id: int
    installation_id: int
    on: dt.date
    s_value: Decimal
    r_value: Decimal | None
    level: int | None
    steps_en: list[str]
    steps_zh: list[str]
    clauses: list[str]


class TargetOut(Schema):
    """What must be protected nearby."""

    id: int
    installation_id: int
    kind: str
    name: str
    distance_m: int
    persons: int | None
    lon: float | None
    lat: float | None
    version: int


class ProvisionOut(Schema):
    """What a unit says of one thing required at the level: ``entry`` is the number of the duty."""

    id: int
    installation_id: int
    entry: int
    answer: str
    note: str
    stated_on: dt.date
    hazard_id: int | None
    version: int


class FilingOut(Schema):
    """A filing as it was handed in; values and names are pairs of English and Chinese."""

    id: int
    installation_id: int
    kind: str
    handed_on: dt.date
    by_name: str
    assessed_on: dt.date
    level: int
    sheet: list[dict[str, Any]]
    chemicals: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    lacking: list[list[str]]
    outcome: str
    number: str
    opinion: str
    decided_on: dt.date | None
    version: int


class RegisterQuery(PageQuery):
    """Which installations: below which region (its path), at which state, of which level."""

    region: str = ""
    state: str = ""
    level: int | None = None


class OfQuery(PageQuery):
    """Of which installation; all within reach without one."""

    installation: int | None = None


@router.get("/", response=page_of(InstallationOut), operation_id="installations_list")
def list_installations(request: HttpRequest, query: Query[RegisterQuery]) -> dict[str, Any]:
    """The installations within the caller's reach, newest first."""
    rows = selectors.installations(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk")
    rows = rows.filter(state=query.state) if query.state else rows
    return paged(rows.filter(level=query.level) if query.level is not None else rows, query)


@router.get("/holdings", response=page_of(HoldingOut), operation_id="installations_holdings")
def list_holdings(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """What installations within the caller's reach hold."""
    return paged_of(selectors.holdings(actor_of(request)), query, installation=query.installation)


@router.get("/targets", response=page_of(TargetOut), operation_id="installations_targets")
def list_targets(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """What must be protected near installations within the caller's reach."""
    return paged_of(selectors.targets(actor_of(request)), query, installation=query.installation)


@router.get("/provisions", response=page_of(ProvisionOut), operation_id="installations_provisions")
def list_provisions(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """What units within the caller's reach say of the monitoring and control required."""
    return paged_of(selectors.provisions(actor_of(request)), query, installation=query.installation)


@router.get("/filings", response=page_of(FilingOut), operation_id="installations_filings")
def list_filings(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """The filings handed in within the caller's reach, newest first."""
    return paged_of(selectors.filings(actor_of(request)), query, installation=query.installation)


expose(router, services.register_installation, out=InstallationOut, name="register")
expose(router, services.change_installation, out=InstallationOut, name="change")
expose(router, services.put_holding, out=HoldingOut, name="holdings")
expose(router, services.drop_holding, out=InstallationOut, name="drop", under="holdings")
expose(router, services.put_target, out=TargetOut, name="targets")
expose(router, services.drop_target, out=InstallationOut, name="drop", under="targets")
expose(router, services.name_responsible, out=InstallationOut, name="responsible", files=("board",))
expose(router, services.note_duty, out=InstallationOut, name="duty")
expose(router, services.state_provision, out=ProvisionOut, name="provisions")
expose(router, services.add_papers, out=InstallationOut, name="papers", files=("papers",))
expose(router, services.grade_installation, out=GradingOut, name="grade")
expose(router, services.submit_filing, out=FilingOut, name="submit", files=("report",))
expose(router, services.return_filing, out=InstallationOut, name="send-back")
expose(router, services.file_installation, out=InstallationOut, name="file")
expose(router, services.ask_cancellation, out=InstallationOut, name="ask-cancel", files=("proof",))
expose(router, services.keep_installation, out=InstallationOut, name="keep-on")
expose(router, services.cancel_installation, out=InstallationOut, name="cancel")
