"""The HTTP API of warning: indexes with their working, periods, warnings, notices, every act."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.scope import within
from anlan.modules.warning import selectors, services
from anlan.ui.api import PageQuery, actor_of, expose, page_of, paged

router = Router()


class IndexOut(Schema):
    """The index of a region or unit on a day: ``found`` and ``figures`` give it again by the version ``formula``."""

    id: int
    day: dt.date
    about: str
    region_path: str
    unit_id: int | None
    value: Decimal
    level: str
    formula: str
    found: dict[str, Any]
    figures: dict[str, int]
    parts: list[dict[str, Any]]
    periods: list[dict[str, Any]]
    reckoned_at: dt.datetime


class PeriodOut(Schema):
    """A time in which the index is multiplied by ``factor`` per cent."""

    id: int
    region_path: str
    name: str
    kind: str
    first: dt.date
    last: dt.date
    factor: int
    reason: str
    ended_at: dt.datetime | None
    version: int


class WarningOut(Schema):
    """A warning; ``value_before`` and ``value_after`` are the index when it was made and when it ended."""

    id: int
    number: str
    region_path: str
    about: str
    unit_id: int | None
    place: str
    level: str
    source: str
    state: str
    text: str
    until: dt.date | None
    made_at: dt.datetime
    issued_at: dt.datetime | None
    ended_at: dt.datetime | None
    reason: str
    value_before: Decimal | None
    value_after: Decimal | None
    told: int
    in_time: int
    answered: int
    version: int


class NoticeOut(Schema):
    """A warning as it came to an office or a unit, with what it says."""

    id: int
    warning_id: int
    number: str
    level: str
    text: str
    until: dt.date | None
    region_path: str
    unit_id: int | None
    to: str
    state: str
    sent_at: dt.datetime
    answer_by: dt.date
    acknowledged_at: dt.datetime | None
    measures: str
    reported_at: dt.datetime | None
    version: int

    @staticmethod
    def resolve_number(row: Any) -> str:
        """The warning's number."""
        return str(row.warning.number)

    @staticmethod
    def resolve_level(row: Any) -> str:
        """The warning's level."""
        return str(row.warning.level)

    @staticmethod
    def resolve_text(row: Any) -> str:
        """What the warning says."""
        return str(row.warning.text)

    @staticmethod
    def resolve_until(row: Any) -> dt.date | None:
        """The last day the warning is in force."""
        until: dt.date | None = row.warning.until
        return until


class IndexQuery(PageQuery):
    """Which indexes: below which region (its path), of regions or units, of which unit, of which day."""

    region: str = ""
    about: str = ""
    unit: int | None = None
    day: dt.date | None = None


class WhereQuery(PageQuery):
    """Which records: below which region (its path), at which state."""

    region: str = ""
    state: str = ""


class PeriodQuery(PageQuery):
    """Which periods: below which region (its path)."""

    region: str = ""


@router.get("/indexes", response=page_of(IndexOut), operation_id="warning_indexes")
def list_indexes(request: HttpRequest, query: Query[IndexQuery]) -> dict[str, Any]:
    """The indexes within the caller's reach, the newest day first."""
    rows = selectors.days(actor_of(request)).filter(within("region_path", query.region))
    rows = rows.filter(about=query.about) if query.about else rows
    rows = rows.filter(unit=query.unit) if query.unit is not None else rows
    rows = rows.filter(day=query.day) if query.day else rows
    return paged(rows.order_by("-day", "-pk"), query)


@router.get("/periods", response=page_of(PeriodOut), operation_id="warning_periods")
def list_periods(request: HttpRequest, query: Query[PeriodQuery]) -> dict[str, Any]:
    """The special periods within the caller's reach."""
    rows = selectors.periods(actor_of(request)).filter(within("region_path", query.region))
    return paged(rows.order_by("-pk"), query)


@router.get("/warnings", response=page_of(WarningOut), operation_id="warning_warnings")
def list_warnings(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The warnings within the caller's reach, the newest first."""
    rows = selectors.warnings(actor_of(request)).filter(within("region_path", query.region))
    rows = rows.filter(state=query.state) if query.state else rows
    return paged(rows.order_by("-made_at", "-pk"), query)


@router.get("/notices", response=page_of(NoticeOut), operation_id="warning_notices")
def list_notices(request: HttpRequest, query: Query[WhereQuery]) -> dict[str, Any]:
    """The notices that came to whom the caller may see, the newest first."""
    rows = selectors.notices(actor_of(request)).filter(within("region_path", query.region))
    rows = rows.filter(state=query.state) if query.state else rows
    return paged(rows.order_by("-sent_at", "-pk"), query)


def _region(actor: Actor, code: str) -> Region:
    return by_code_or_name(code)


expose(router, services.issue_warning, out=WarningOut, name="warnings", convert={"region": _region})
expose(router, services.issue_proposed, out=WarningOut, name="issue", under="warnings")
expose(router, services.dismiss_warning, out=WarningOut, name="dismiss", under="warnings")
expose(router, services.withdraw_warning, out=WarningOut, name="withdraw", under="warnings")
expose(router, services.acknowledge_notice, out=NoticeOut, name="acknowledge", under="notices")
expose(router, services.report_measures, out=NoticeOut, name="report", under="notices")
expose(router, services.set_period, out=PeriodOut, name="periods", convert={"region": _region})
expose(router, services.end_period, out=PeriodOut, name="end", under="periods")
