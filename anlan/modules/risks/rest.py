"""The HTTP API of risks: points with their working, the colours of places with why, rates, and one operation an act."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.regions import reach
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.risks import selectors, services
from anlan.modules.risks.selectors.places import Coloured
from anlan.modules.risks.workflow import MAP
from anlan.rules.answer import as_json
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged

router = Router()


class PointOut(Schema):
    """A risk point. Colours are red, orange, yellow, blue, or "" where it was never assessed."""

    id: int
    number: str
    name: str
    kind: str
    identification: str
    state: str
    site_id: int
    region_path: str
    sector: str
    place: str
    lon: float | None
    lat: float | None
    inherent: str
    residual: str
    raised: str
    shown: str
    control_level: str
    responsible: str
    accident_classes: list[str]
    assessed_on: dt.date | None
    assessment_id: int | None
    version: int


class MeasureOut(Schema):
    """A measure; ``failed`` with the hazard it opened."""

    id: int
    kind: str
    text: str
    failed: bool
    checked_at: dt.datetime | None
    hazard_id: int | None


class FactorOut(Schema):
    """A hazard factor with its scores; ``finding`` keeps rule, inputs, steps [English, Chinese] and clauses."""

    id: int
    part: str
    standard: str
    factor: str
    accident_class: str
    method: str
    inherent_given: dict[str, Any]
    residual_given: dict[str, Any]
    inherent: str
    residual: str
    finding: dict[str, Any]
    measures: list[MeasureOut]

    @staticmethod
    def resolve_measures(row: Any) -> list[Any]:
        """Its measures."""
        return list(row.measures.all())


class AssessmentOut(Schema):
    """One revision of an assessment."""

    id: int
    point_id: int
    number: int
    inherent: str
    residual: str
    control_level: str
    responsible: str
    note: str
    finding: dict[str, Any]
    assessed_at: dt.datetime | None
    in_force_at: dt.datetime | None
    superseded_at: dt.datetime | None
    returned_at: dt.datetime | None


class RecordOut(PointOut):
    """A whole risk point: every revision, and the factors of the newest."""

    assessments: list[AssessmentOut]
    factors: list[FactorOut]


class CheckOut(Schema):
    """A check of a measure."""

    id: int
    point_id: int
    measure_id: int
    effective: bool
    note: str
    hazard_id: int | None
    by_unit: bool
    at: dt.datetime


class TieOut(Schema):
    """A hazard on a risk point."""

    id: int
    point_id: int
    hazard_id: int
    counts: bool
    found_on: dt.date


class ChangeOut(Schema):
    """A change of colour; ``steps`` is the working, [English, Chinese] each."""

    id: int
    point_id: int
    point: str
    region_path: str
    before: str
    after: str
    on: dt.date
    why: str
    steps: list[list[str]]

    @staticmethod
    def resolve_point(row: Any) -> str:
        """The point's name."""
        return str(row.point.name)


class PlanOut(Schema):
    """A floor plan, in pixels."""

    id: int
    site_id: int
    name: str
    width: int
    height: int
    version: int


class ZoneOut(Schema):
    """A zone: corners in shares of width and height."""

    id: int
    plan_id: int
    point_id: int
    corners: list[list[float]]


class RegisterOut(Schema):
    """The register of a site."""

    id: int
    site_id: int
    site: str
    region_path: str
    points: int
    assessed: int
    failed: int
    colour: str
    review_due: dt.date | None

    @staticmethod
    def resolve_site(row: Any) -> str:
        """The site's name."""
        return str(row.site.name)


class AreaOut(Schema):
    """An assessment of an area."""

    id: int
    region_path: str
    subject: str
    assessed_on: dt.date
    colour: str
    conclusion: str
    assessed_by: str
    next_due: dt.date | None
    version: int


class PlaceOut(Schema):
    """A region with its points by colour ("" not assessed), and the colour that follows."""

    path: str
    name: str
    colour: str
    counts: dict[str, int]
    raised: int


class WhyOut(Schema):
    """The colours of a place and its parts, and why: the finding with its steps and clauses, null without one."""

    whole: PlaceOut
    parts: list[PlaceOut]
    way: str
    share_percent: int
    finding: dict[str, Any] | None


class RatesOut(Schema):
    """Numerators and denominators of SO-57, SO-59 and SO-60 for a place: units, and the sites behind those of SO-59."""

    place: str
    units: int
    built: int
    sites: int
    built_sites: int
    high_risk: int
    assessed: int
    major: int
    reported: int
    settled: int


class CountOut(Schema):
    """How many measures were checked."""

    checked: int


class PointQuery(PageQuery):
    """Which points: below which region (its path), in which state and colour, of which site."""

    region: str = ""
    state: str = ""
    shown: str = ""
    site: int | None = None


class WhereQuery(PageQuery):
    """Below which region (its path)."""

    region: str = ""


class MapQuery(Schema):
    """Which place (its path; "" is the caller's own), and by which way: highest or share."""

    region: str = ""
    way: str = ""


@router.get("/points", response=page_of(PointOut), operation_id="risks_points")
def list_points(request: HttpRequest, query: Query[PointQuery]) -> dict[str, Any]:
    """The risk points within the caller's reach, newest first."""
    rows = selectors.points(actor_of(request)).filter(within("region_path", query.region)).order_by("-pk")
    wanted = {"state": query.state, "shown": query.shown, "site_id": query.site}
    return paged(rows.filter(**{k: v for k, v in wanted.items() if v}), query)


@router.get("/points/{int:pk}", response={200: RecordOut, **REFUSALS}, operation_id="risks_point")
def get_point(request: HttpRequest, pk: int) -> Any:
    """One risk point with its assessments and working."""
    actor = actor_of(request)
    point: Any = selectors.points(actor).filter(pk=pk).first()
    if point is None:
        raise NotFound
    # What the schema reads besides the fields of the point.
    point.assessments = list(selectors.assessments(actor).filter(point=point).order_by("-number"))
    point.factors = list(selectors.factors_of(point.assessments[0]))
    return point


@router.get("/changes", response=page_of(ChangeOut), operation_id="risks_changes")
def list_changes(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The changes of colour within the caller's reach, newest first."""
    return paged(selectors.changes(actor_of(request)).filter(within("region_path", query.region)), query)


@router.get("/checks", response=page_of(CheckOut), operation_id="risks_checks")
def list_checks(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The checks of measures within the caller's reach, newest first."""
    return paged(selectors.checks(actor_of(request)).filter(within("region_path", query.region)), query)


@router.get("/registers", response=page_of(RegisterOut), operation_id="risks_registers")
def list_registers(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The registers of sites within the caller's reach."""
    rows = selectors.registers(actor_of(request)).filter(within("region_path", query.region))
    return paged(rows.order_by("-pk"), query)


@router.get("/plans", response=page_of(PlanOut), operation_id="risks_plans")
def list_plans(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The floor plans within the caller's reach, newest first."""
    return paged(selectors.plans(actor_of(request)).filter(within("region_path", query.region)), query)


@router.get("/areas", response=page_of(AreaOut), operation_id="risks_areas")
def list_areas(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The assessments of areas within the caller's reach, newest first."""
    return paged(selectors.area_assessments(actor_of(request)).filter(within("region_path", query.region)), query)


@router.get("/colours", response={200: WhyOut, **REFUSALS}, operation_id="risks_colours")
def colours(request: HttpRequest, query: Query[MapQuery]) -> Any:
    """The colour of a place and of its parts, and why: the finding's steps, in the caller's language."""
    actor = actor_of(request)
    told = selectors.why(actor, reach.place(actor, query.region, permission=MAP), query.way)
    return {
        "whole": _place(told.whole), "parts": [_place(part) for part in told.parts], "way": told.way,
        "share_percent": told.share, "finding": as_json(told.found, actor.language) if told.found else None,
    }  # fmt: skip


@router.get("/rates", response={200: RatesOut, **REFUSALS}, operation_id="risks_rates")
def rates(request: HttpRequest, query: Query[MapQuery]) -> Any:
    """The rates of dual prevention of a place within the caller's reach."""
    actor = actor_of(request)
    where = reach.place(actor, query.region, permission=MAP)
    return {"place": where.region.name if where.region else "", **asdict(selectors.rates(actor, where))}


def _place(part: Coloured) -> dict[str, Any]:
    name = part.region.name if part.region else ""
    return {"path": part.path, "name": name, "colour": part.colour, "counts": part.counts, "raised": part.raised}


def _region(actor: Actor, code: str) -> Region:
    return by_code_or_name(code)


expose(router, services.register_point, out=PointOut, name="points")
expose(router, services.change_point, out=PointOut, name="change", under="points")
expose(router, services.add_factor, out=FactorOut, name="factors", under="points")
expose(router, services.change_factor, out=FactorOut, name="change", under="factors")
expose(router, services.remove_factor, out=PointOut, name="remove", under="factors")
expose(router, services.assess_point, out=PointOut, name="assess", under="points")
expose(router, services.put_in_force, out=PointOut, name="in-force", under="points")
expose(router, services.return_assessment, out=PointOut, name="return", under="points")
expose(router, services.begin_review, out=PointOut, name="review", under="points")
expose(router, services.reinstate_point, out=PointOut, name="reinstate", under="points")
expose(router, services.close_point, out=PointOut, name="close", under="points")
expose(router, services.check_measure, out=CheckOut, name="check", under="measures", files=("photos",))
expose(
    router,
    services.check_all_measures,
    out=CountOut,
    name="check-all",
    under="points",
    show=lambda a, n: {"checked": n},
)
expose(router, services.tie_hazard, out=TieOut, name="hazards", under="points")
expose(router, services.issue_card, out=PointOut, name="card", under="points")
expose(router, services.withdraw_card, out=PointOut, name="withdraw-card", under="points")
expose(router, services.add_plan, out=PlanOut, name="plans", files=("picture",))
expose(router, services.draw_zone, out=ZoneOut, name="zones", under="plans")
expose(router, services.erase_zone, out=PlanOut, name="erase", under="zones")
expose(router, services.remove_plan, out=PlanOut, name="remove", under="plans")
expose(
    router, services.record_area_assessment, out=AreaOut, name="areas", files=("report",), convert={"region": _region}
)
