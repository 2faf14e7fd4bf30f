"""The HTTP API of compliance: workspaces, duties with their working, evidence, self-checks, and every act."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router, Schema

from anlan.kernel.scope import within
from anlan.modules.compliance import selectors, services
from anlan.rules.answer import cited
from anlan.rules.wording import in_language
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged, paged_of
from anlan.ui.pages.base import found

router = Router()


class WorkspaceOut(Schema):
    """A unit and how many of its duties stand how at the last look."""

    id: int
    unit_id: int
    unit: str
    region_path: str
    since: dt.date
    met: int
    at_risk: int
    missed: int
    no_data: int
    saved_minutes: int
    look_on: dt.date | None
    version: int

    @staticmethod
    def resolve_unit(row: Any) -> str:
        """Its name."""
        return str(row.unit.name)


class DutyOut(Schema):
    """One duty of a unit: state (met, at_risk, missed, no_data), day, latest evidence, kinds that would answer it.

    ``period`` cites the text the period rests on, where the clause of the duty names none.
    """

    code: str
    what: str
    condition: str
    obligation: str
    cycle: str
    months: int
    standing: str
    due: dt.date | None
    evidence_id: int | None
    kinds: list[str]
    citation: dict[str, Any]
    period: dict[str, Any] | None
    steps: list[str]


class DutiesOut(Schema):
    """The duties of a unit today, the missed ones first."""

    workspace_id: int
    items: list[DutyOut]


class EvidenceOut(Schema):
    """A paper: kind, the day it tells of, what it states, the duties it answers, the minutes of reporting it spared."""

    id: int
    workspace_id: int
    kind: str
    told_on: dt.date
    valid_to: dt.date | None
    facts: dict[str, Any]
    note: str
    answers: list[str]
    saved_minutes: int
    state: str
    reason: str
    check_of_id: int | None
    at: dt.datetime
    version: int


class SelfCheckOut(Schema):
    """A self-check: by which list, by when, how many items are left and not in order."""

    id: int
    workspace_id: int
    site_id: int
    check_list_id: int
    title: str
    every_days: int
    due_on: dt.date
    finished_on: dt.date | None
    items: int
    left: int
    faults: int
    state: str
    version: int


class CheckAnswerOut(Schema):
    """One item of a self-check; ``outcome`` is empty, fine, fault or none_here."""

    id: int
    self_check_id: int
    position: int
    clause: str
    asked: str
    outcome: str
    note: str
    hazard_id: int | None
    version: int


class PlaceQuery(PageQuery):
    """Below which region (its path)."""

    region: str = ""


class OfQuery(PageQuery):
    """Of which workspace; all within reach without one."""

    workspace: int | None = None


class CheckQuery(PageQuery):
    """Of which self-check; all within reach without one."""

    check: int | None = None


@router.get("/", response=page_of(WorkspaceOut), operation_id="compliance_list")
def list_workspaces(request: HttpRequest, query: Query[PlaceQuery]) -> dict[str, Any]:
    """The units within the caller's reach, those with the most missed duties first."""
    rows = selectors.workspaces(actor_of(request)).filter(within("region_path", query.region))
    return paged(rows.order_by("-missed", "-pk"), query)


@router.get("/{pk}/duties", response={200: DutiesOut, **REFUSALS}, operation_id="compliance_duties")
def duties(request: HttpRequest, pk: int) -> dict[str, Any]:
    """What the law asks of one unit and how it stands today."""
    row = found(selectors.workspaces(actor_of(request)), pk=pk)
    language = get_language() or "zh-hans"
    return {
        "workspace_id": row.pk,
        "items": [
            {
                "code": one.duty.code, "what": in_language(one.duty.what, language),
                "condition": in_language(one.duty.condition, language) if one.duty.condition else "",
                "obligation": one.duty.obligation, "cycle": one.duty.cycle.value, "months": one.duty.months,
                "standing": one.standing.value, "due": one.due, "evidence_id": one.latest.pk if one.latest else None,
                "kinds": [kind.code for kind in one.kinds], "citation": cited(one.finding.citations[0]),
                "period": cited(one.finding.citations[1]) if len(one.finding.citations) > 1 else None,
                "steps": [in_language(step, language) for step in one.finding.steps],
            }
            for one in selectors.duties_of(row)
        ],
    }  # fmt: skip


@router.get("/evidence", response=page_of(EvidenceOut), operation_id="compliance_evidence")
def list_evidence(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """Evidence within the caller's reach, newest first."""
    return paged_of(selectors.evidence(actor_of(request)), query, workspace=query.workspace)


@router.get("/checks", response=page_of(SelfCheckOut), operation_id="compliance_checks")
def list_checks(request: HttpRequest, query: Query[OfQuery]) -> dict[str, Any]:
    """Self-checks within the caller's reach, newest first."""
    return paged_of(selectors.self_checks(actor_of(request)), query, workspace=query.workspace)


@router.get("/answers", response=page_of(CheckAnswerOut), operation_id="compliance_answers")
def list_answers(request: HttpRequest, query: Query[CheckQuery]) -> dict[str, Any]:
    """Items of self-checks within the caller's reach, newest first."""
    return paged_of(selectors.check_answers(actor_of(request)), query, self_check=query.check)


expose(router, services.hand_in_evidence, out=EvidenceOut, name="hand-in", files=("papers",))
expose(router, services.withdraw_evidence, out=EvidenceOut, name="withdraw", under="evidence")
expose(router, services.refuse_evidence, out=EvidenceOut, name="refuse", under="evidence")
expose(router, services.plan_check, out=SelfCheckOut, name="plan-check")
expose(router, services.answer_item, out=CheckAnswerOut, name="answer", under="answers", files=("photos",))
expose(router, services.finish_check, out=SelfCheckOut, name="finish", under="checks")
expose(router, services.drop_check, out=SelfCheckOut, name="drop", under="checks")
