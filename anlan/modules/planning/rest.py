"""The HTTP API of planning: the duties that bind a region or a unit, as the pages show them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.kernel.obligations.selectors import Standing
from anlan.modules.planning import selectors
from anlan.rules.answer import cited
from anlan.rules.obligation_outcome import Outcome
from anlan.rules.wording import in_language
from anlan.ui import links
from anlan.ui.api import actor_of

router = Router()


class RecordOut(Schema):
    """A record behind a fact; ``url`` is empty where it has no page."""

    title: str
    url: str


class AskedOut(Schema):
    """One thing a duty asks: the fact, the figure as printed, the day it is due, the value the platform holds."""

    fact: str
    name: str
    test: str
    figure: Decimal | None
    unit: str
    due: dt.date | None
    outcome: str | None
    value: Decimal | None = Field(description="The fact as held today; null where the platform does not hold it")
    held: bool = Field(description="Whether a module answers this fact")
    note: str
    records: list[RecordOut]
    more: int


class DutyOut(Schema):
    """One duty that binds, and how it stands."""

    id: str
    section: str
    owner: str
    who: str
    what: str
    threshold: str
    every: str
    document: str
    adopted_from: dt.date | None
    basis: str
    outcome: str
    due: dt.date | None
    tests: list[AskedOut]
    citations: list[dict[str, Any]]
    steps: list[str]


class DutiesOut(Schema):
    """The duties of a region or unit, counted by outcome."""

    region: str
    name: str
    counts: dict[str, int]
    items: list[DutyOut]


def _out(row: Standing) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    duty = row.duty
    tests = []
    for test in row.finding.value.tests:
        answer = row.answers.get(test.fact)
        tests.append({
            "fact": test.fact, "name": in_language(test.name, language), "test": test.test.value,
            "figure": test.figure, "unit": in_language(test.unit, language), "due": test.due,
            "outcome": test.outcome.value if test.outcome else None,
            "value": answer.value if answer else None, "held": test.fact in row.answers,
            "note": str(answer.note) if answer else "", "more": answer.more if answer else 0,
            "records": [{"title": str(one), "url": links.url_of(one)} for one in answer.records] if answer else [],
        })  # fmt: skip
    return {
        "id": duty.id, "section": duty.section.value, "owner": duty.owner.value,
        "who": in_language(duty.who, language), "what": in_language(duty.what, language),
        "threshold": in_language(duty.threshold, language), "every": duty.every.value,
        "document": in_language(row.document.title, language),
        "adopted_from": row.adoption.since if row.adoption else None,
        "basis": row.adoption.basis if row.adoption else "", "outcome": row.outcome.value, "due": row.due,
        "tests": tests, "citations": [cited(one) for one in row.finding.citations],
        "steps": [in_language(step, language) for step in row.finding.steps],
    }  # fmt: skip


def _all(region: str, name: str, rows: list[Standing]) -> dict[str, Any]:
    counts = {outcome.value: sum(row.outcome is outcome for row in rows) for outcome in Outcome}
    return {"region": region, "name": name, "counts": counts, "items": [_out(row) for row in rows]}


@router.get("/duties", response=DutiesOut, operation_id="planning_duties")
def duties(
    request: HttpRequest,
    region: str = Query("", description="Tree path of a region within reach; empty: one's own.", max_length=64),
) -> dict[str, Any]:
    """The duties that bind a region today."""
    where = selectors.looked_at(actor_of(request), region)
    return _all(where.region.path, where.region.name, selectors.duties(actor_of(request), where))


@router.get("/units/{unit_id}/duties", response=DutiesOut, operation_id="planning_unit_duties")
def unit_duties(request: HttpRequest, unit_id: int) -> dict[str, Any]:
    """The duties that bind a unit today."""
    actor = actor_of(request)
    actor.need(selectors.VIEW)
    unit, rows = selectors.unit_with_duties(actor, unit_id)
    return _all(unit.region_path, unit.name, rows)
