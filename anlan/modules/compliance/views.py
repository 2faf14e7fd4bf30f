"""Screens of compliance: the unit's page, evidence, self-checks on a phone, the units of a region by missed duties."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.obligations.facts import Place
from anlan.kernel.obligations.selectors import standing
from anlan.kernel.regions import reach
from anlan.modules.compliance import filters, forms, selectors, services
from anlan.modules.compliance.choices import FACTS, OUTCOME_TONES, STANDINGS, YES_NO, Outcome, kind_name
from anlan.modules.compliance.models import CheckAnswer, Evidence, SelfCheck, Workspace
from anlan.modules.compliance.tables import EvidenceTable, SelfCheckTable, WorkspaceTable
from anlan.modules.compliance.workflow import CHECK, KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT, Flag
from anlan.modules.statutes import public as statutes
from anlan.rules.obligation_outcome import OUTCOMES
from anlan.rules.obligations import obligation
from anlan.rules.sector_line import FIGURES, SectorLine, sector_lines
from anlan.rules.unit_duties import CYCLES, unit_duty_table
from anlan.rules.wording import Wording, in_language
from anlan.ui import formats, links
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    CustomPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    StepPage,
    Tab,
    ViewPage,
    actor_of,
)

HELD = ("SO-54", "SO-57")  # duties of plans that the registry and the hazards answer themselves


def said(text: Wording | str) -> str:
    """A wording of the rules in the reader's language."""
    return in_language(text, get_language() or "zh-hans")


def mine(request: HttpRequest) -> HttpResponse:
    """One's own unit's page; for an office the list of its units."""
    own = selectors.own_workspace(actor_of(request))
    return WORKSPACE.show(request, pk=own.pk) if own else LIST.show(request)


def summary(workspace: Workspace) -> dict[str, Any]:
    """The numbers of a unit, for tiles."""
    return {
        "url": workspace.get_absolute_url(),
        "tiles": [
            {"label": label, "tone": tone, "icon": icon, "n": getattr(workspace, one)}
            for one, (label, tone, icon) in STANDINGS.items()
        ],
        "saved": round(workspace.saved_minutes / 60, 1),
    }


def duties(workspace: Workspace, actor: Actor) -> dict[str, Any]:
    """Every duty with its state, day, clause, evidence and where to hand it in."""
    may = actor.may(KEEP, workspace)
    rows = []
    for one in selectors.duties_of(workspace):
        label, tone, icon = STANDINGS[one.standing]
        duty = one.duty
        own_check = may and duty.code == "self_check"
        rows.append({
            "label": label, "tone": tone, "icon": icon, "what": said(duty.what), "due": one.due,
            "code": duty.code, "cycle": said(CYCLES[duty.cycle]), "months": duty.months,
            "condition": said(duty.condition) if duty.condition else "", "latest": one.latest,
            "steps": [said(step) for step in one.finding.steps],
            "clauses": [str(clause) for clause in one.finding.citations],
            "forms": [
                (said(kind.name),
                 f"{reverse('compliance:hand-in', args=[workspace.pk])}?kind={kind.code}") for kind in one.kinds
            ] if may else [],
            "plan": reverse("compliance:plan-check", args=[workspace.pk]) if own_check else "",
        })  # fmt: skip
    tiles = [
        {"label": label, "tone": tone, "icon": icon, "n": sum(row["tone"] == tone for row in rows)}
        for label, tone, icon in STANDINGS.values()
    ]
    return {"rows": rows, "tiles": tiles, "saved": round(workspace.saved_minutes / 60, 1)}


def held(actor: Actor, workspace: Workspace) -> dict[str, Any] | None:
    """Duties of the plans that the platform judges from its own records; None where none binds."""
    tones = {"met": "green", "at_risk": "orange", "missed": "red", "no_data": "grey"}
    rows = standing(actor, Place(workspace.region_path, workspace.holder), only=HELD)
    told = [
        {
            "what": said(one.duty.what),
            "label": said(OUTCOMES[one.outcome]),
            "tone": tones[one.outcome], "document": said(one.document.title), "id": one.duty.id,
            "steps": [said(step) for step in one.finding.steps],
            "clauses": [str(clause) for clause in one.finding.citations],
            "records": [(str(r), links.url_of(r)) for a in one.answers.values() if a for r in a.records],
        }
        for one in rows
    ]  # fmt: skip
    return {"rows": told} if told else None


def basis(actor: Actor, workspace: Workspace) -> dict[str, Any]:
    """Why these duties and no others: the rule's working."""
    found = selectors.asked_of(workspace)
    return {
        "steps": [said(step) for step in found.steps],
        "clauses": [str(one) for one in found.citations],
    }


def facts(workspace: Workspace, actor: Actor) -> list[Item]:
    """What is known of the unit here."""
    return [
        Item(_("Unit"), workspace.unit.name, url=links.url_of(UNIT, workspace.unit_id)),
        Item(_("Region"), workspace.region_path, kind="region"),
        Item(_("Followed since"), workspace.since),
        Item(_("Reporting saved"), round(workspace.saved_minutes / 60, 1), unit=_("hours"),
            help=_("Every duty a paper answers beyond the first spares one report; minutes by local rule, to verify.")),
    ]  # fmt: skip


def lines(actor: Actor, query: Any) -> dict[str, Any]:
    """The sector lines of the reader: flags, check lists, duties, figures of what he sees of each."""
    own = selectors.own_workspace(actor)
    held = {grant.sector for grant in actor.grants_for(VIEW) if not grant.holder} | ({own.sector} if own else set())
    lists: dict[str, list[Any]] = {}
    for one in statutes.lists_for(actor):
        lists.setdefault(one.sector, []).append((one.title, one.items, reverse("statutes:check-list", args=[one.pk])))
    return {"lines": [_line(line, actor, lists) for code, line in sector_lines().items() if "" in held or code in held]}


def _behind(line: SectorLine, path: str = "") -> dict[str, str]:
    """Where the records behind the figures of a line stand, in a region or within one's reach."""
    given = {"sector": line.code, **({"region": path} if path else {})}
    units, opened = reverse("compliance:list"), "/hazards/"
    return {
        "units": f"{units}?{urlencode(given)}", "units_missed": f"{units}?{urlencode({'missed': 'on', **given})}",
        "hazards_open": f"{opened}?{urlencode({'state': 'open', **given})}",
        "hazards_major": f"{opened}?{urlencode({'state': 'open', 'grade': 'major', **given})}",
    }  # fmt: skip


def line_towns(actor: Actor, query: Any) -> dict[str, Any]:
    """One line in every town of one's reach: a row a town, each figure leading to its records."""
    grants = [grant for grant in actor.grants_for(VIEW) if not grant.holder]
    held = {grant.sector for grant in grants}
    mine = [line for code, line in sector_lines().items() if "" in held or code in held]
    line = next((one for one in mine if one.code == query.get("line", "")), mine[0] if mine else None)
    if not grants or line is None:
        return {"rows": [], "tabs": []}
    if query.get("line", "") not in ("", line.code):
        raise NotFound
    where = reach.place(actor, query.get("region", ""), permission=VIEW)
    found = selectors.figures_by_town(actor, line.code, where)
    address = reverse("compliance:line-towns")
    return {
        "line": said(line.title), "place": where.region.name if where.region else "",
        "crumbs": [
            (r.name, f"{address}?{urlencode({'line': line.code, 'region': r.path})}") for r in where.above
        ],
        "tabs": [
            {"label": said(one.title), "active": one is line, "url": f"{address}?{urlencode({'line': one.code})}"}
            for one in mine
        ],
        "heads": [said(FIGURES[one]) for one in line.indicators],
        "rows": [
            {
                "name": row.region.name,
                "url": f"{address}?{urlencode({'line': line.code, 'region': row.region.path})}"
                if row.region.kind not in selectors.TOWNS and row.region.numchild else "",
                "cells": [
                    (formats.count(row.numbers[one]), _behind(line, row.region.path)[one] if row.numbers[one] else "")
                    for one in line.indicators
                ],
            }
            for row in found
        ],
        "whole": [
            (formats.count(number), _behind(line, where.path)[one])
            for one, number in selectors.figures_of_line(actor, line.code, where.path).items() if one in line.indicators
        ],
    }  # fmt: skip


def _line(line: SectorLine, actor: Actor, lists: dict[str, list[Any]]) -> dict[str, Any]:
    labels = dict(Flag.choices)
    numbers = selectors.figures_of_line(actor, line.code)
    urls = _behind(line)
    return {
        "towns": f"{reverse('compliance:line-towns')}?line={line.code}",
        "code": line.code, "title": said(line.title), "flags": [labels[f] for f in line.flags],
        "tiles": [
            {"label": said(FIGURES[one]), "n": numbers[one], "url": urls[one]}
            for one in line.indicators
        ],
        "lists": [found for code in line.lists for found in lists.get(code, [])],
        "duties": [(said(duty.what), str(duty.citation)) for duty in line.duties],
        "plans": [
            (number, said(obligation(number).what),
             said(obligation(number).documents[0].title)) for number in line.obligations
        ],
    }  # fmt: skip


HAND_IN = Action(_("Hand in evidence"), "compliance:hand-in", icon="file-check", permission=KEEP, tone="primary")
PLAN = Action(_("Plan self-checks"), "compliance:plan-check", icon="calendar", permission=KEEP)
LIST = ListPage(
    name="compliance:list", path="", title=_("Units by duties"), icon="list-check", permission=VIEW,
    selector=selectors.workspaces, table=WorkspaceTable, filters=filters.WorkspaceFilters,
    tabs=(Tab(_("Duties missed"), "missed=on"), Tab(_("Duties to be answered"), "at_risk=on"), Tab(_("All"), "")),
    empty=Empty(_("No unit stands so"), _("The duties of a unit are followed from the day it is put on file.")),
    export=Export(permission=VIEW, filename="duties"),
)  # fmt: skip
MINE = CustomPage(
    name="compliance:mine", path="mine/", title=_("What the law asks of us"), permission=VIEW, view=mine,
    icon="list-check",
)  # fmt: skip
WORKSPACE = RecordPage(
    name="compliance:workspace", path="<int:pk>/", permission=VIEW, selector=selectors.workspaces,
    title=lambda one: one.unit.name, facts=facts, back="compliance:list",
    sections=(
        Section(_("What the law asks of this unit"), template="compliance/duties.html", context=duties,
                icon="list-check"),
        Section(
            _("Self-checks"), table=SelfCheckTable, icon="clipboard-check", most=10,
            columns=("title", "state", "site", "due_on", "left", "faults"), empty=_("None is planned."),
            rows=lambda one, actor: selectors.self_checks(actor).filter(workspace=one).order_by("-pk"),
            actions=(PLAN,),
        ),
        Section(
            pgettext_lazy("papers of a unit", "Evidence"), table=EvidenceTable, icon="files", most=20,
            empty=_("None was handed in yet."),
            rows=lambda one, actor: selectors.evidence(actor).filter(workspace=one).order_by("-told_on", "-pk"),
            actions=(HAND_IN,),
        ),
    ),
    actions=(HAND_IN, PLAN),
)  # fmt: skip


def evidence_facts(one: Evidence, actor: Actor) -> list[Item]:
    """What the paper states."""
    stated = [
        Item(FACTS[name], value, kind="flag" if name in YES_NO else "", unit=_("yuan") if name == "yuan" else "")
        for name, value in one.facts.items()
    ]
    return [
        Item(_("Unit"), one.workspace.unit.name, url=one.workspace.get_absolute_url()),
        Item(_("Day it tells of"), one.told_on), Item(_("Holds until"), one.valid_to), *stated,
        Item(_("Note"), one.note), Item(_("Handed in by"), one.by_name), Item(_("Handed in at"), one.at),
        Item(_("Reporting saved"), one.saved_minutes, unit=_("minutes")), Item(_("Reason"), one.reason),
        Item(_("Self-check"), str(one.check_of), url=one.check_of.get_absolute_url()) if one.check_of else
        Item(_("Self-check"), ""),
    ]  # fmt: skip


def answered(one: Evidence, actor: Actor) -> list[Item]:
    """The duties it answers."""
    table = unit_duty_table()
    return [
        Item(str(table[code].citation), said(table[code].what), wide=True)
        for code in one.answers if code in table
    ]  # fmt: skip


EVIDENCE = RecordPage(
    name="compliance:evidence", path="evidence/<int:pk>/", permission=VIEW, selector=selectors.evidence,
    title=lambda one: one.kind_name, facts=evidence_facts, back="compliance:list",
    files=(("evidence", _("Paper or photo")),),
    sections=(Section(_("Duties answered"), items=answered, icon="checks"),),
)  # fmt: skip
HAND_IN_PAGE = ActPage(
    name="compliance:hand-in", path="<int:pk>/hand-in/", title=_("Hand in evidence"), wide=True,
    selector=selectors.workspaces, act=services.hand_in_evidence, form=forms.EvidenceForm,
    intro=_("One paper is handed in once and answers every duty it is mapped to."),
    done=lambda row: reverse("compliance:workspace", args=[row.workspace_id]),
    message=lambda row: _("%(kind)s answers %(n)s duties.") % {"kind": kind_name(row.kind), "n": len(row.answers)},
)  # fmt: skip
PLAN_PAGE = ActPage(
    name="compliance:plan-check", path="<int:pk>/plan-check/", title=_("Plan self-checks"),
    selector=selectors.workspaces, act=services.plan_check, form=forms.PlanForm,
    initial=lambda one, actor: {"every_days": 30},
)  # fmt: skip
LINES = ViewPage(
    name="compliance:lines", path="lines/", title=_("Sector lines"), icon="layout-grid", permission=VIEW,
    template="compliance/lines.html", context=lines,
)  # fmt: skip
TOWNS = ViewPage(
    name="compliance:line-towns", path="lines/towns/", title=_("A line by town"), icon="table", permission=VIEW,
    template="compliance/line_towns.html", context=line_towns,
)  # fmt: skip
CHECKS = ListPage(
    name="compliance:checks", path="checks/", title=_("Self-checks"), icon="clipboard-check", permission=VIEW,
    selector=selectors.self_checks, table=SelfCheckTable, filters=filters.SelfCheckFilters,
    tabs=(Tab(_("To be filled in"), "state=planned"), Tab(_("With faults"), "faults=on"), Tab(_("All"), "")),
    empty=Empty(_("No self-check"), _("A unit plans its self-checks on its own page.")),
    export=Export(permission=VIEW, filename="self-checks"),
)  # fmt: skip


def check_facts(one: SelfCheck, actor: Actor) -> list[Item]:
    """What is known of a self-check."""
    return [
        Item(_("Unit"), one.workspace.unit.name, url=one.workspace.get_absolute_url()),
        Item(_("Site"), one.site.name, url=links.url_of(SITE, one.site_id)),
        Item(_("To be filled in by"), one.due_on), Item(_("Every so many days"), one.every_days),
        Item(_("Items"), one.items), Item(_("Items left"), one.left), Item(_("Not in order"), one.faults),
        Item(_("Finished on"), one.finished_on), Item(_("Reason"), one.reason),
    ]  # fmt: skip


def items(one: SelfCheck, actor: Actor) -> dict[str, Any]:
    """The items, each with what was found and where to fill it in."""
    labels: dict[str, Any] = {str(code): label for code, label in Outcome.choices}
    may = one.state == "planned" and actor.may(CHECK, one)
    rows = [
        {
            "row": row, "label": labels.get(row.outcome, ""), "hazard": row.hazard,
            "tone": OUTCOME_TONES[Outcome(row.outcome)] if row.outcome else "grey",
            "hazard_url": links.url_of(row.hazard) if row.hazard else "",
            "url": reverse("compliance:answer", args=[row.pk]) if may and row.hazard_id is None else "",
        }
        for row in selectors.answers_of(one)
    ]  # fmt: skip
    following = selectors.next_open(one) if may else None
    fill = reverse("compliance:fill", args=[one.pk]) if following else ""
    return {"rows": rows, "next": reverse("compliance:answer", args=[following.pk]) if following else "", "fill": fill}


def onward(answer: CheckAnswer) -> str:
    """The next open item, or the self-check when none is left."""
    following = selectors.next_open(answer.self_check)
    return reverse("compliance:answer", args=[following.pk]) if following else answer.get_absolute_url()


CHECK_PAGE = RecordPage(
    name="compliance:check", path="checks/<int:pk>/", permission=VIEW, selector=selectors.self_checks,
    title=lambda one: one.title, facts=check_facts, back="compliance:checks", line=("planned", "finished"),
    sections=(Section(_("Items"), template="compliance/items.html", context=items, icon="clipboard-check"),),
)  # fmt: skip
ANSWER = ActPage(
    name="compliance:answer", path="answers/<int:pk>/", title=_("Fill in an item"), selector=selectors.check_answers,
    act=services.answer_item, form=forms.AnswerForm, done=onward,
    intro=lambda one: f"{one.position}. {one.asked}" if one is not None else "",
    lead=lambda one: f"{one.self_check.title} · {one.position}/{one.self_check.items}",
    initial=lambda one, actor: {"outcome": one.outcome, "note": one.note},
    cancel="compliance:checks",
)  # fmt: skip


def _step(
    name: str, step: str, path: str, act: Any, form: type[Form], selector: Any, icon: str, **more: Any
) -> StepPage:
    return StepPage(
        name=f"compliance:{name}", path=path, step=step, act=act, form=form, selector=selector, icon=icon, **more
    )


FILL = ActPage(
    name="compliance:fill", path="checks/<int:pk>/fill/", title=_("Fill in the self-check"), offline=True,
    selector=selectors.self_checks, act=services.fill_check, form=forms.FillForm, submit=_("Send what is filled in"),
    where=lambda one: one.site.name, lead=lambda one: f"{one.title} · {one.site.name}",
    intro=_("Open it once with a signal, then it can be filled in without one. Items left open stay open."),
    message=lambda one: _("%(left)s items are still open.") % {"left": one.left} if one.left else _(
        "All items are filled in. Finish the self-check."
    ),
)  # fmt: skip


STEPS = (
    _step("withdraw", "withdraw", "evidence/<int:pk>/withdraw/", services.withdraw_evidence, forms.ReasonForm,
          selectors.evidence, "arrow-back-up", danger=True),
    _step("refuse", "refuse", "evidence/<int:pk>/refuse/", services.refuse_evidence, forms.ReasonForm,
          selectors.evidence, "file-off", danger=True),
    _step("finish", "finish", "checks/<int:pk>/finish/", services.finish_check, Form, selectors.self_checks,
          "circle-check", intro=_("The self-check becomes evidence, and the next one is planned.")),
    _step("drop", "drop", "checks/<int:pk>/drop/", services.drop_check, forms.ReasonForm, selectors.self_checks,
          "file-off", danger=True, aside=True),
)  # fmt: skip
PAGES = (
    LIST,
    MINE,
    LINES,
    TOWNS,
    WORKSPACE,
    HAND_IN_PAGE,
    PLAN_PAGE,
    EVIDENCE,
    CHECKS,
    CHECK_PAGE,
    ANSWER,
    FILL,
    *STEPS,
)
