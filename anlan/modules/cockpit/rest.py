"""The HTTP API of the cockpit: the same figures as the page, in the caller's own scope."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.kernel.actor import Actor
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.selectors import Counts, as_number

router = Router()
REGION = Query("", description="Tree path of a region within the caller's reach; empty: his own.", max_length=64)


class FiguresOut(Schema):
    """The figures of one place. Rates are ratios (0 to 1), null where there is nothing to share."""

    sites: int = Field(description="Sites that are not closed")
    units: int = Field(description="Units with at least one such site here")
    open: int = Field(description="Open hazards")
    major: int = Field(description="Open major hazards")
    overdue: int = Field(description="Open hazards of which a time limit has passed")
    overdue_per_100: float | None = Field(description="overdue / units * 100")
    found_year: int = Field(description="Found since 1 January, withdrawn and merged ones left out")
    closed_year: int = Field(description="Of those, closed")
    closure_rate: float | None = Field(description="closed_year / found_year")
    due_year: int = Field(description="Time limit for rectification ran out since 1 January")
    on_time_year: int = Field(description="Of those, rectified by that day")
    on_time_rate: float | None = Field(description="on_time_year / due_year")
    found_month: int = Field(description="Found since the first of this month")
    found_before: int = Field(description="Found in the same days of last month")


class SummaryOut(Schema):
    """The figures of a place as of a moment; ``lines`` are the sector lines counted, empty: every line."""

    as_of: dt.datetime
    region: str
    name: str
    lines: list[str]
    figures: FiguresOut


class RegionOut(Schema):
    """One part of a place. ``region`` is empty for what lies in the place but in none of its parts."""

    region: str
    name: str
    code: str
    kind: str
    figures: FiguresOut


class RegionsOut(Schema):
    """The parts of a place; their additive figures (all but ``units`` and the rates) add up to the place's own."""

    as_of: dt.datetime
    region: str
    parts: list[RegionOut]


class MonthOut(Schema):
    """One month: ``overdue`` is as of its end, for the present month as of now."""

    month: dt.date
    found: int
    closed: int
    overdue: int


class TrendOut(Schema):
    """Twenty-four months, oldest first."""

    region: str
    months: list[MonthOut]


def _figures(counts: Counts) -> dict[str, Any]:
    return {name: as_number(counts.figure(name)) for name in FiguresOut.model_fields}


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined, no-any-return]


@router.get("/summary", response=SummaryOut, operation_id="cockpit_summary")
def summary(request: HttpRequest, region: str = REGION) -> dict[str, Any]:
    """The figures of a region."""
    where = selectors.place(_actor(request), region)
    found = selectors.numbers(_actor(request), where)
    return {
        "as_of": found.as_of, "region": where.path, "name": where.region.name if where.region else "",
        "lines": list(where.lines), "figures": _figures(found.total),
    }  # fmt: skip


@router.get("/regions", response=RegionsOut, operation_id="cockpit_regions")
def regions(request: HttpRequest, region: str = REGION) -> dict[str, Any]:
    """The figures of each region one level below."""
    where = selectors.place(_actor(request), region)
    found = selectors.numbers(_actor(request), where)
    parts = [
        {
            "region": p.region.path if p.region else "",
            "name": p.region.name if p.region else "",
            "code": p.region.code if p.region else "",
            "kind": p.region.kind if p.region else "",
            "figures": _figures(p.counts),
        }
        for p in found.parts
    ]
    return {"as_of": found.as_of, "region": where.path, "parts": parts}


@router.get("/trend", response=TrendOut, operation_id="cockpit_trend")
def trend(request: HttpRequest, region: str = REGION) -> dict[str, Any]:
    """What was found, closed and overdue, month by month."""
    where = selectors.place(_actor(request), region)
    months = selectors.trend(_actor(request), where)
    return {
        "region": where.path,
        "months": [{"month": m.first, "found": m.found, "closed": m.closed, "overdue": m.overdue} for m in months],
    }
