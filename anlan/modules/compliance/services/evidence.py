"""Evidence: handed in once, it answers every duty it is mapped to; taken back or refused, it answers none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.files.services import attach
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.compliance import selectors
from anlan.modules.compliance.choices import REPORT_MINUTES, YES_NO
from anlan.modules.compliance.events import EvidenceEnded, EvidenceHandedIn
from anlan.modules.compliance.models import Evidence, SelfCheck, Workspace
from anlan.modules.compliance.services.workspaces import judge
from anlan.modules.compliance.workflow import EVIDENCE, KEEP, REVIEW
from anlan.rules.unit_duties import EvidenceKind, evidence_kinds

MOST_FILES = 9
OLDEST_YEARS = 10
MOST = Decimal(10) ** 12


@act(may=KEEP, on=Workspace)
def hand_in_evidence(
    work: Work, workspace: Workspace, *, kind: str, told_on: dt.date, valid_to: dt.date | None = None,
    persons: int | None = None, managers_hours: int | None = None, yuan: Decimal | None = None,
    score: Decimal | None = None, risks: int | None = None, faults: int | None = None, rescuers: int | None = None,
    comprehensive: bool = False, on_site: bool = False, told: bool = False, note: str = "", papers: Sequence[Any] = (),
) -> Evidence:  # fmt: skip
    """Hand in one paper with the day it tells of and what it states; it answers every duty mapped to it.

    The same paper again (kind, days, facts, note) adds what files are new and is otherwise nothing.
    """
    known = evidence_kinds().get(kind)
    if known is None:
        raise BadInput("kind", gettext_noop("Choose the kind of evidence."))
    today = clock.day_of(work.now)
    if told_on > today:
        raise BadInput("told_on", gettext_noop("This day lies ahead. Hand the evidence in when it is there."))
    if told_on.year < today.year - OLDEST_YEARS:
        raise BadInput("told_on", gettext_noop("This day is more than ten years past. Check the year."))
    if valid_to is not None and valid_to < told_on:
        raise BadInput("valid_to", gettext_noop("It would end before the day it tells of. Correct one of the two."))
    facts = _facts(
        known, persons=persons, managers_hours=managers_hours, yuan=yuan, score=score, risks=risks, faults=faults,
        rescuers=rescuers, comprehensive=comprehensive, on_site=on_site, told=told,
    )  # fmt: skip
    given = [one for one in papers if one]
    if len(given) > MOST_FILES:
        raise BadInput("papers", gettext_noop("At most %(most)s files at a time. Leave some out."), most=MOST_FILES)
    said = note.strip()[:500]
    row = next(
        (e for e in selectors.counting(workspace)
         if (e.kind, e.told_on, e.valid_to, e.facts, e.note) == (kind, told_on, valid_to, facts, said)), None,
    )  # fmt: skip
    if row is None and not given:
        raise BadInput("papers", gettext_noop("Attach the paper, or a photo of it."))
    fresh = row is None
    if row is None:
        row = keep(work, workspace, known, told_on=told_on, valid_to=valid_to, facts=facts, note=said)
    for upload in given:
        attach(work, row, upload, purpose="evidence")
    if fresh:
        judge(work, workspace)
    return row


@inside_act
def keep(
    work: Work, workspace: Workspace, kind: EvidenceKind, *, told_on: dt.date, facts: dict[str, Any],
    valid_to: dt.date | None = None, note: str = "", check: SelfCheck | None = None,
) -> Evidence:  # fmt: skip
    """Put evidence on file with the duties it answers and the minutes of reporting it spares."""
    numbers = {name: Decimal(str(value)) for name, value in facts.items()}
    asked = set(selectors.asked_of(workspace).value)
    answers = [code for code in kind.satisfied(numbers) if code in asked]
    if not answers:
        raise BadInput("kind", gettext_noop("This answers none of the unit's duties as it is stated. Complete it."))
    minutes = parameter(REPORT_MINUTES, workspace.region_path) * (len(answers) - 1)
    row = Evidence(
        workspace=workspace, kind=kind.code, told_on=told_on, valid_to=valid_to, facts=facts, note=note,
        answers=answers, saved_minutes=minutes, check_of=check, by_name=work.actor.name, at=work.now,
        region_path=workspace.region_path, sector=workspace.sector, holder=workspace.holder,
    )  # fmt: skip
    begin(work, row, "hand_in")
    created(row)
    remember(work, row, "hand_in")
    fact = EvidenceHandedIn(kind=kind.name.zh, told_on=told_on.isoformat(), duties=len(answers))
    work.record(fact, on=workspace)
    return row


@act(may=KEEP, on=Evidence)
def withdraw_evidence(work: Work, evidence: Evidence, *, reason: str) -> None:
    """The unit takes a paper back that was wrong: it answers no duty any more. Again: nothing."""
    _end(work, evidence, "withdraw", reason)


@act(may=REVIEW, on=Evidence)
def refuse_evidence(work: Work, evidence: Evidence, *, reason: str) -> None:
    """An officer looked at the paper and it does not show what it should. Again: nothing."""
    _end(work, evidence, "refuse", reason)


def _end(work: Work, evidence: Evidence, code: str, reason: str) -> None:
    step = EVIDENCE.step(code)
    if evidence.state == step.target:
        return
    said = reason.strip()[:200]
    take(work, evidence, code, given={"reason": said}, note=said)
    evidence.reason = said
    evidence.save(update_fields=["state", "reason"])
    kind = evidence_kinds()[evidence.kind].name.zh
    fact = EvidenceEnded(what=step.label, kind=kind, told_on=evidence.told_on.isoformat(), reason=said)
    work.record(fact, on=evidence)
    rows = Workspace.objects.everything(why="the workspace of the evidence in hand").select_for_update(of=("self",))
    judge(work, rows.get(pk=evidence.workspace_id))


def _facts(kind: EvidenceKind, **given: Any) -> dict[str, Any]:
    """What the paper states, as JSON, fractions as text; refused where it does not belong to the kind or is lacking."""
    facts: dict[str, Any] = {}
    for name, value in given.items():
        if name in YES_NO:
            if name in kind.facts:
                facts[name] = int(bool(value))
            elif value:
                raise BadInput(name, gettext_noop("This kind of evidence does not state it. Leave it empty."))
            continue
        if value is None:
            if all(fact == name for _duty, fact, _least in kind.answers):
                raise BadInput(name, gettext_noop("State it: the duty asks for it."))
            continue
        if name not in kind.facts:
            raise BadInput(name, gettext_noop("This kind of evidence does not state it. Leave it empty."))
        if not 0 <= value <= MOST:
            raise BadInput(name, gettext_noop("Give a number that is not negative."))
        facts[name] = int(value) if value % 1 == 0 else str(value)  # as written: money is never a float
    return facts
