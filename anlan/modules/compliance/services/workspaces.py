"""The workspace of a unit: opened, judged, carried along with its unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.scope import follow_subject
from anlan.kernel.workflow import take
from anlan.modules.compliance import selectors
from anlan.modules.compliance.choices import REPORT_MINUTES
from anlan.modules.compliance.events import (
    CheckDropped,
    DutiesJudged,
    EvidenceAnswersMore,
    WorkspaceCarried,
    WorkspaceOpened,
)
from anlan.modules.compliance.models import CheckAnswer, Evidence, SelfCheck, Workspace
from anlan.modules.compliance.workflow import KEEP, WATCH
from anlan.modules.registry import public as registry
from anlan.rules.unit_duties import Standing, evidence_kinds

ANSWER = gettext_noop("Hand in the evidence of a duty")
WHY = "everything of one unit follows it"
PREFIX = "duty."


@act(may=WATCH)
def open_workspace(work: Work, *, unit: int, since: dt.date | None = None) -> Workspace:
    """Follow the duties of a unit from a day on (today). A unit that has a workspace keeps it."""
    view = registry.unit_view(work.actor, unit)
    rows = Workspace.objects.everything(why=WHY)
    known: Workspace | None = rows.filter(unit=view.id).first()
    if known is not None:
        return known
    row = created(
        Workspace(
            unit_id=view.id, since=since or clock.day_of(work.now), region_path=view.region_path, sector=view.sector,
            holder=view.holder,
        )
    )  # fmt: skip
    work.record(WorkspaceOpened(since=row.since.isoformat()), on=row)
    judge(work, row)
    return row


@act(may=WATCH, on=Workspace)
def judge_duties(work: Work, workspace: Workspace) -> None:
    """Look at the duties of a unit as they stand today. The same as before: nothing."""
    judge(work, workspace)


@inside_act
def judge(work: Work, workspace: Workspace) -> None:
    """Count the duties by how they stand, and keep the deadlines: a duty lies on the unit's desk before its day.

    What binds the unit since a paper was handed in is answered by that paper too, where its facts answer it.
    """
    on = clock.day_of(work.now)
    _answer_new_duties(work, workspace)
    told = selectors.duties_of(workspace)
    counts = {one.value: sum(row.standing is one for row in told) for one in Standing}
    before = {name: getattr(workspace, name) for name in counts}
    look_on, saved = selectors.next_look(told, on), sum(row.saved_minutes for row in selectors.counting(workspace))
    starts = selectors.starts(workspace, (one.duty.code for one in told), on)
    asked_from = {code: day.isoformat() for code, day in starts.items()}
    kept = (before, workspace.look_on, workspace.saved_minutes, workspace.asked_from)
    if kept != (counts, look_on, saved, asked_from):
        for name, number in counts.items():
            setattr(workspace, name, number)
        workspace.look_on, workspace.saved_minutes, workspace.asked_from = look_on, saved, asked_from
        workspace.save(update_fields=[*counts, "look_on", "saved_minutes", "asked_from"])
    if before != counts:
        work.record(DutiesJudged(**counts), on=workspace)
    _desks(work, workspace, told, on)


def _answer_new_duties(work: Work, workspace: Workspace) -> None:
    asked, table = set(selectors.asked_of(workspace).value), evidence_kinds()
    minutes = parameter(REPORT_MINUTES, workspace.region_path)
    for row in selectors.counting(workspace):
        facts = {name: Decimal(str(value)) for name, value in row.facts.items()}
        fresh = [one for one in table[row.kind].satisfied(facts) if one in asked and one not in row.answers]
        if fresh:
            row.answers = [*row.answers, *fresh]
            row.saved_minutes += minutes * len(fresh)
            row.save(update_fields=["answers", "saved_minutes"])
            work.record(EvidenceAnswersMore(duties=len(fresh)), on=row)


def _desks(work: Work, workspace: Workspace, told: list[selectors.Told], on: dt.date) -> None:
    running = {d.kind: d for d in deadlines.open_on(workspace) if d.kind.startswith(PREFIX)}
    soon = on + dt.timedelta(days=selectors.AHEAD_DAYS)
    for one in told:
        kind, known = f"{PREFIX}{one.duty.code}", running.pop(f"{PREFIX}{one.duty.code}", None)
        day = clock.day_of(known.due_at) if known is not None else None
        if day is not None and one.standing is not Standing.MET and one.due is None:
            deadlines.cancel(work, workspace, kind)  # the paper that gave it a day counts no longer
        elif day is not None and (one.standing is Standing.MET or (one.due is not None and day < one.due)):
            deadlines.meet(work, workspace, kind)  # what was due on that day is answered; the next lies ahead
            day = None
        if (
            one.due is not None
            and one.standing is not Standing.MET
            and (one.standing is Standing.MISSED or one.due <= soon)
            and day != one.due
        ):
            deadlines.start(
                work, workspace, kind=kind, label=ANSWER, due=one.due, duty=KEEP, desk_holder=workspace.holder,
                basis="、".join(str(clause) for clause in one.finding.citations),
                title=f"{workspace.unit.name} {one.duty.what.zh}",
            )  # fmt: skip
    for kind in running:  # no longer asked of the unit
        deadlines.cancel(work, workspace, kind)


@act(may=WATCH, on=Workspace)
def carry_workspace(work: Work, workspace: Workspace, *, unit: int, why: str) -> None:
    """Give a workspace and all in it the place, line and reference its unit has now; judge its duties anew.

    Where the unit (the survivor of a merge) has a workspace of its own, everything goes into that one.
    """
    view = registry.unit_view(work.actor, unit)
    rows = Workspace.objects.everything(why=WHY).select_for_update(of=("self",))
    target = rows.filter(unit=view.id).exclude(pk=workspace.pk).first() or workspace
    scope: dict[str, Any] = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    same = target is workspace and workspace.unit_id == view.id
    if not same or any(getattr(target, name) != value for name, value in scope.items()):
        if target is workspace:
            workspace.unit_id = view.id
        else:
            workspace.met = workspace.at_risk = workspace.missed = workspace.no_data = 0
            workspace.saved_minutes, workspace.look_on = 0, None
            workspace.save()
            deadlines.cancel(work, workspace)
        for name, value in scope.items():
            setattr(target, name, value)
        if target is not workspace:
            _sooner(target, workspace, clock.day_of(work.now))
        target.save(update_fields=["unit", "since", "asked_from", *scope])
        checks = list(SelfCheck.objects.everything(why=WHY).filter(workspace=workspace, state="planned"))
        Evidence.objects.everything(why=WHY).filter(workspace=workspace).update(workspace=target, **scope)
        SelfCheck.objects.everything(why=WHY).filter(workspace=workspace).update(workspace=target, **scope)
        CheckAnswer.objects.everything(why=WHY).filter(self_check__workspace=target).update(**scope)
        for check in checks:
            for name, value in scope.items():
                setattr(check, name, value)
        for one in (target, *checks):
            follow_subject(one)
            for deadline in deadlines.open_on(one):
                deadline.desk_holder = view.holder
                deadline.save(update_fields=["desk_holder"])
        work.record(WorkspaceCarried(unit=view.name, why=why), on=target)
    judge(work, target)


def _sooner(target: Workspace, merged: Workspace, on: dt.date) -> None:
    """The survivor of a merge is asked since the earlier day of the two, and each duty likewise."""
    codes = selectors.asked_of(target).value
    own, old = selectors.starts(target, codes, on), selectors.starts(merged, codes, on)
    target.since = min(target.since, merged.since)
    target.asked_from = {code: min(own[code], old[code]).isoformat() for code in codes}


@act(may=WATCH)
def carry_checks(work: Work, *, from_site: int, to_site: int, why: str) -> int:
    """The self-checks of a site that was merged away go on at the surviving one; answers how many there were.

    Where that one goes through the same list already, the second schedule ends.
    """
    rows = SelfCheck.objects.everything(why=WHY)
    found = list(rows.filter(site=from_site).select_for_update(of=("self",)).order_by("pk"))
    taken = set(rows.filter(site=to_site, state="planned").values_list("check_list", flat=True))
    for check in found:
        if check.state == "planned" and check.check_list_id in taken:
            let_fall(work, check, why)
        check.site_id = to_site
        check.save(update_fields=["site"])
    return len(found)


@inside_act
def let_fall(work: Work, check: SelfCheck, reason: str) -> None:
    """A schedule of self-checks ends, for a reason."""
    said = reason.strip()[:200]
    take(work, check, "drop", given={"reason": said}, note=said)
    check.reason = said
    check.save(update_fields=["state", "reason"])
    deadlines.cancel(work, check)
    work.record(CheckDropped(reason=said), on=check)
