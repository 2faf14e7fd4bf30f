"""What the law asks of the demo city's units: a workspace each, papers by habit, and one unit's story played by acts.

Units of one kind (marks, size) and one habit (which papers, how old) stand alike: the rule judges each such class once,
the rows are copied in at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.bulk import copy_in, reserve_ids
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.obligations.selectors import binding
from anlan.modules.compliance import selectors, services
from anlan.modules.compliance.models import CheckAnswer, Evidence, Workspace
from anlan.modules.statutes import public as statutes
from anlan.rules.unit_duties import Standing, UnitMarks, evidence_kinds, unit_duties
from anlan.runtime.demo.people import person_name
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.world import World

WHY = gettext_noop("the demo city's papers")
BUILDER = Actor.system("demo city")
HABITS = 16
# The age of each paper in days where the unit keeps it at all; how likely it keeps it by habit.
PAPERS: tuple[tuple[str, int, dict[str, int], int | None], ...] = (
    ("responsibility_file", 700, {}, None), ("appointment", 600, {"persons": 2}, None), ("year_plan", 260, {}, None),
    ("commitment_notice", 500, {}, None), ("training", 150, {"persons": 40, "managers_hours": 16}, None),
    ("certificate", 400, {"persons": 2}, 695), ("spending_sheet", 90, {"yuan": 86_000}, None),
    ("risk_list", 80, {"risks": 12}, None), ("quarter_sheet", 30, {"told": 1}, None),
    ("self_check", 12, {"faults": 1}, None), ("half_year_inspection", 60, {"faults": 3, "risks": 9}, None),
    ("injury_policy", 120, {"persons": 60}, 244), ("liability_policy", 200, {"persons": 60, "yuan": 21_000}, 164),
    ("plan_file", 420, {"rescuers": 4}, None), ("drill", 70, {"persons": 35, "comprehensive": 1, "on_site": 1}, None),
    ("fire_report", 210, {}, None), ("self_score", 100, {"score": 72}, None),
    ("commission_minutes", 40, {"persons": 7}, None), ("plan_review", 45, {}, None), ("year_sheet", 320, {}, None),
)  # fmt: skip


def build(world: World, sites: list[Any]) -> None:
    """The workspaces of all units, then the story of a works with combustible dust."""
    city = world.regions["city"]
    set_parameter(
        actor=BUILDER, code="obligations.adopt_xn", region=city, value=1,
        valid_from=world.as_of - dt.timedelta(days=900), basis="市安委会决定参照采用",
    )  # fmt: skip
    of_unit: dict[int, list[Any]] = {}
    for site in sites:
        of_unit.setdefault(site.unit_id, []).append(site)
    rows = _register(world, of_unit)
    story = next((one for one in of_unit.values() if "dust" in one[0].flags), None)
    if story is not None:
        _story(world, story[0])
    world.report(f"duties: {len(of_unit)} workspaces with {rows} papers")


def _register(world: World, of_unit: dict[int, list[Any]]) -> int:
    dice, on = world.dice("compliance"), world.as_of
    obligations = tuple(sorted(binding(world.regions["city"].path)))
    since, at = on - dt.timedelta(days=500), dt.datetime.combine(on, dt.time(9), clock.CHINA)
    habits = [[paper for paper in PAPERS if dice.random() < 0.15 + 0.75 * habit / HABITS] for habit in range(HABITS)]
    classes: dict[Any, tuple[dict[str, int], Any, list[tuple[Any, list[str]]]]] = {}
    chosen = []
    for unit, sites in of_unit.items():
        main = next((site for site in sites if site.is_main), sites[0])
        marks, habit = selectors.marks_by(sites, obligations), dice.randrange(HABITS)
        marks = replace(marks, employees=None if marks.employees is None else 101 if marks.employees > 100 else 100)
        key = (marks.marks, marks.employees, habit)
        if key not in classes:
            classes[key] = _judged(marks, habits[habit], since, on)
        chosen.append((unit, main, key))
    papers = sum(len(classes[key][2]) for _unit, _main, key in chosen)
    keys, numbers = reserve_ids(Workspace, len(chosen)), reserve_ids(Evidence, papers)
    workspaces, evidence = [], []
    for unit, main, key in chosen:
        counts, look_on, told = classes[key]
        scope = {"region_path": main.region_path, "sector": main.sector, "holder": main.holder}
        row = Workspace(pk=next(keys), unit_id=unit, since=since, look_on=look_on, **counts, **scope)
        name = person_name(dice)
        for (kind, age, facts, ahead), answers in told:
            saved = 120 * (len(answers) - 1)
            row.saved_minutes += saved
            evidence.append(
                Evidence(
                    pk=next(numbers), workspace_id=row.pk, kind=kind, told_on=on - dt.timedelta(days=age), facts=facts,
                    valid_to=on + dt.timedelta(days=ahead) if ahead else None, answers=answers, saved_minutes=saved,
                    by_name=name, at=at - dt.timedelta(days=age), state="held", **scope,
                )
            )  # fmt: skip
        workspaces.append(row)
    with bulk_load(BUILDER, WHY):
        copy_in(Workspace, workspaces)
        copy_in(Evidence, evidence)
    return len(evidence)


def _judged(marks: UnitMarks, papers: list[Any], since: dt.date, on: dt.date) -> Any:
    """How every unit of a class stands: the counts, the next day to look, the papers that answer something."""
    codes = unit_duties(marks, on).value
    told, rows = [], []
    for paper in papers:
        kind, age, facts, ahead = paper
        answers = [code for code in evidence_kinds()[kind].satisfied(facts) if code in codes]
        if answers:
            told.append((paper, answers))
            rows.append(
                Evidence(
                    told_on=on - dt.timedelta(days=age), answers=answers,
                    valid_to=on + dt.timedelta(days=ahead) if ahead else None,
                )
            )  # fmt: skip
    rows.sort(key=lambda one: one.told_on)
    found = selectors.judged(dict.fromkeys(codes, since), rows, on)
    counts = {one.value: sum(row.standing is one for row in found) for one in Standing}
    return counts, selectors.next_look(found, on), told


def _story(world: World, site: Any) -> None:
    """A works with dust: its desk is judged, a drill handed in, a self-check filled in and finished."""
    grant = Grant(role="unit_safety", permissions=ROLES["unit_safety"].permissions, holder=site.holder)
    keeper = Actor(key=f"unit:{site.holder[:20]}", name="安全管理员", grants=(grant,))
    rows: Any = Workspace.objects.everything(why=WHY).filter(holder=site.holder)
    workspace = rows.get()
    services.judge_duties(actor=Actor.system("compliance.watch"), workspace=workspace.pk)
    services.hand_in_evidence(
        actor=keeper, workspace=workspace.pk, kind="drill", told_on=world.as_of - dt.timedelta(days=2), persons=46,
        comprehensive=True, on_site=True, note="粉尘爆炸事故专项预案和现场处置方案演练",
        papers=[picture("evaluation", 1)],
    )  # fmt: skip
    listed = next((one for one in statutes.lists_for(keeper, sector="dust")), None)
    if listed is None:
        return
    check = services.plan_check(
        actor=keeper, workspace=workspace.pk, site=site.id, check_list=listed.pk, every_days=30, due_on=world.as_of
    )
    answers: Any = CheckAnswer.objects.everything(why=WHY).filter(self_check=check).order_by("position")
    for number, answer in enumerate(list(answers)):
        outcome = "none_here" if number == 2 else "fine"
        services.answer_item(actor=keeper, answer=answer.pk, outcome=outcome)
    services.finish_check(actor=keeper, check=check.pk)
