"""Every row of the process tables, walked: the right role passes, others and lacking evidence are refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from anlan.kernel.errors import Refused
from anlan.modules.hazards import services, workflow
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.conftest import PLAN, SETTLED, TODAY, Cast, Story, picture
from anlan.rules.steps import Step

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 3, 31)

# For each step: how to bring a record there, who takes it, and the act with its arguments.
Way = tuple[Callable[[Story], Hazard], str, Callable[..., Any], dict[str, Any]]


def _withdrawn_from(state: str) -> Callable[[Story], Hazard]:
    def bring(story: Story) -> Hazard:
        hazard = AT[state](story)
        return services.propose_withdrawal(actor=story.cast.town, hazard=hazard, reason="疑似不属隐患")

    return bring


AT: dict[str, Callable[[Story], Hazard]] = {
    "registered": lambda s: s.reported(),
    "returned_report": lambda s: services.return_report(actor=s.cast.town, hazard=s.reported(), reason="补充部位"),
    "planning": lambda s: s.major(),
    "plan_review": lambda s: s.planned(),
    "rectifying": lambda s: s.general(),
    "in_review": lambda s: s.rectified(s.general()),
    "accepted": lambda s: s.accepted(s.general()),
    "closed": lambda s: s.closed(),
    "withdrawal_proposed": _withdrawn_from("registered"),
    "withdrawn": lambda s: services.agree_withdrawal(actor=s.cast.town2, hazard=_withdrawn_from("registered")(s)),
    "merged": lambda s: services.merge_hazard(
        actor=s.cast.town, hazard=s.found(distinct=True), into=s.found(distinct=True), reason="同一隐患"
    ),
}


def _own(story: Story) -> Hazard:
    hazard = services.assess_own(actor=story.cast.principal, hazard=story.reported(), due=LATER)
    return story.rectified(hazard)


WAYS: dict[str, Way] = {
    "return_report": (AT["registered"], "town", services.return_report, {"reason": "补充部位"}),
    "resubmit_report": (AT["returned_report"], "worker", services.resubmit_report, {"place": "一车间"}),
    "assess_general": (AT["registered"], "town", services.assess_general, {}),
    "assess_own": (AT["registered"], "principal", services.assess_own, {"due": LATER}),
    "assess_major": (AT["registered"], "town", services.assess_major, {"judgement": "符合判定标准"}),
    "regrade_major": (
        AT["rectifying"], "town", services.regrade_major, {"judgement": "符合判定标准", "reason": "复核"},
    ),
    "regrade_general": (AT["planning"], "county", services.regrade_general, {"reason": "复核不符合"}),
    "submit_plan": (
        AT["planning"], "safety", services.submit_plan, {"settled": SETTLED, "plan": PLAN, "plan_due": LATER},
    ),
    "approve_plan": (AT["plan_review"], "county", services.approve_plan, {}),
    "return_plan": (AT["plan_review"], "county", services.return_plan, {"reason": "措施不具体"}),
    "order": (AT["rectifying"], "town", services.order_rectification, {"due": LATER}),
    "submit_rectification": (
        AT["rectifying"], "safety", services.submit_rectification,
        {"measures": "已整改", "money_spent_yuan": 0, "after": ["photo"]},
    ),
    "accept": (AT["in_review"], "town", services.accept_rectification, {"opinion": "合格"}),
    "accept_own": (_own, "principal", services.accept_own, {"opinion": "合格"}),
    "return_rectification": (AT["in_review"], "town", services.return_rectification, {"reason": "不彻底"}),
    "return_acceptance": (AT["accepted"], "town", services.return_acceptance, {"reason": "材料不全"}),
    "close": (AT["accepted"], "town", services.close_hazard, {}),
    "close_own": (
        lambda s: services.accept_own(actor=s.cast.principal, hazard=_own(s), opinion="合格"), "principal",
        services.close_own, {},
    ),
    "recheck": (AT["closed"], "town", services.recheck_hazard, {"opinion": "保持良好"}),
    "reopen": (AT["closed"], "town", services.reopen_hazard, {"reason": "反弹"}),
    "propose_withdrawal": (AT["rectifying"], "town", services.propose_withdrawal, {"reason": "疑似不属隐患"}),
    "agree_withdrawal": (AT["withdrawal_proposed"], "town2", services.agree_withdrawal, {}),
    "merge": (AT["rectifying"], "town", services.merge_hazard, {"into": "twin", "reason": "同一隐患"}),
    **{
        f"refuse_withdrawal_{state}": (
            _withdrawn_from(state), "town2", services.refuse_withdrawal, {"reason": "仍属隐患"},
        )
        for state in workflow.WITHDRAWABLE
    },
}  # fmt: skip
NEXT = [s for s in workflow.HAZARD.steps if not s.first]
CAST = ("principal", "safety", "worker", "town", "inspector", "grid", "county", "city", "leader", "auditor", "expert")


def _arguments(way: Way, story: Story, hazard: Hazard) -> dict[str, Any]:
    given = dict(way[3])
    if "after" in given:
        given["after"] = [picture("green")]
    if given.get("into") == "twin":
        given["into"] = story.found(distinct=True)
    return given


def test_the_walk_knows_every_step() -> None:
    assert {s.code for s in NEXT} == set(WAYS)
    assert set(AT) == {s.code for s in workflow.STATES}


@pytest.mark.parametrize("step", NEXT, ids=lambda s: s.code)
def test_the_right_role_passes(step: Step, story: Story, fresh: Any) -> None:
    way = WAYS[step.code]
    hazard = way[0](story)
    assert hazard.state in step.source
    way[2](actor=getattr(story.cast, way[1]), hazard=hazard, **_arguments(way, story, hazard))
    assert fresh(hazard).state == step.target


@pytest.mark.parametrize("step", NEXT, ids=lambda s: s.code)
def test_others_are_refused(step: Step, story: Story, fresh: Any) -> None:
    way = WAYS[step.code]
    hazard = way[0](story)
    given = _arguments(way, story, hazard)
    may = way[2].act.may
    allowed = {may} if isinstance(may, str) else set(may)
    for name in CAST:
        actor = getattr(story.cast, name)
        if any(actor.may(p) for p in allowed):
            continue
        with pytest.raises(Refused) as refused:
            way[2](actor=actor, hazard=hazard, **given)
        assert refused.value.status in (403, 404), name
    for name in ("other_county", "stranger", "sibling"):
        with pytest.raises(Refused) as refused:
            way[2](actor=getattr(story.cast, name), hazard=hazard, **given)
        assert refused.value.status in (403, 404), name
    assert fresh(hazard).state == hazard.state


@pytest.mark.parametrize("step", [s for s in NEXT if s.evidence], ids=lambda s: s.code)
def test_lacking_evidence_is_refused(step: Step, story: Story, fresh: Any) -> None:
    way = WAYS[step.code]
    hazard = way[0](story)
    given = _arguments(way, story, hazard)
    blank: dict[type, Any] = {str: "  ", list: [], dict: {}, int: None}
    # A report handed in again has its description already; an order's day is an argument Python itself insists on.
    for name in [n for n in step.evidence if n in given]:
        if isinstance(given[name], dt.date):
            continue
        with pytest.raises(Refused) as refused:
            way[2](actor=getattr(story.cast, way[1]), hazard=hazard, **{**given, name: blank.get(type(given[name]))})
        assert refused.value.status == 422, name
    assert fresh(hazard).state == hazard.state


@pytest.mark.parametrize("state", AT)
def test_from_a_wrong_state_every_step_is_refused(state: str, story: Story, fresh: Any) -> None:
    hazard = AT[state](story)
    for step in NEXT:
        if state in step.source:
            continue
        way = WAYS[step.code]
        if step.code.startswith("refuse_withdrawal_") and state == "withdrawal_proposed":
            continue
        with pytest.raises(Refused):
            way[2](actor=getattr(story.cast, way[1]), hazard=hazard, **_arguments(way, story, hazard))
        assert fresh(hazard).state == state, step.code


@pytest.mark.parametrize("step", [s for s in NEXT if s.not_by], ids=lambda s: s.code)
def test_the_same_person_is_refused(step: Step, story: Story) -> None:
    """Whoever took the earlier step is given every permission and is still refused."""
    from anlan.kernel.actor import Actor, Grant
    from anlan.kernel.errors import SamePerson
    from anlan.kernel.workflow import steps_taken

    way = WAYS[step.code]
    hazard = way[0](story)
    earlier = steps_taken(hazard, step.not_by).last()
    assert earlier is not None
    everything = Grant(role="all", permissions=frozenset({"*"}), path=story.cast.regions["city"].path)
    actor = Actor(key=earlier.actor_key, name="same", grants=(everything,))
    with pytest.raises(SamePerson):
        way[2](actor=actor, hazard=hazard, **_arguments(way, story, hazard))


def test_every_permission_of_the_tables_is_held_by_some_role() -> None:
    held = set().union(*(role.permissions for role in settings.ANLAN_ROLES.values()))
    asked = {p for process in workflow.PROCESSES for step in process.steps for p in step.who}
    asked |= {rule.duty for rule in workflow.DUES.values()}
    assert asked <= held


def test_every_step_cites_a_clause_and_every_deadline_is_known() -> None:
    for process in workflow.PROCESSES:
        for step in process.steps:
            assert step.clause.law
            assert step.clause.article
            assert step.deadline is None or step.deadline in workflow.DUES
            assert set(step.ends) <= {*workflow.DUES, "*"}


# The database refuses what goes round the table.

STATES = [s.code for s in workflow.STATES]
MOVES = set(workflow.HAZARD.moves())


@pytest.mark.parametrize("state", AT)
def test_raw_updates_that_skip_a_step_are_refused(state: str, story: Story, fresh: Any) -> None:
    hazard = AT[state](story)
    for target in STATES:
        if target == state or (state, target) in MOVES:
            continue
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE hazards_hazard SET state = %s WHERE id = %s", [target, hazard.pk])
        assert fresh(hazard).state == state


def test_a_major_hazard_cannot_skip_its_plan_by_sql(story: Story, fresh: Any) -> None:
    planning = story.major()
    for sql in (
        "UPDATE hazards_hazard SET state = 'rectifying' WHERE id = %s",
        "UPDATE hazards_hazard SET state = 'rectifying', plan_approved_at = now() WHERE id = %s",
        "UPDATE hazards_hazard SET plan_approved_at = now() WHERE id = %s",
        "UPDATE hazards_hazard SET state = 'withdrawal_proposed', state_before = 'rectifying' WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [planning.pk])
    registered = story.found(description="粉尘沉积严重，除尘系统故障", category="dust")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hazards_hazard SET grade = 'major', state = 'rectifying', plan_approved_at = now() WHERE id = %s",
            [registered.pk],
        )
    general = story.general(registered)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE hazards_hazard SET grade = 'major' WHERE id = %s", [general.pk])
    assert fresh(general).grade == "general"


def test_closing_a_major_hazard_by_sql_needs_everything(story: Story) -> None:
    hazard = story.accepted(story.approved())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE hazards_hazard SET state = 'closed', closed_at = now() WHERE id = %s", [hazard.pk])


def test_the_rectifier_cannot_be_the_reviewer_by_sql(story: Story) -> None:
    hazard = story.rectified(story.general())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hazards_hazard SET state = 'accepted', accepted_at = now(), accepted_by = rectified_by "
            "WHERE id = %s",
            [hazard.pk],
        )


COLUMNS = [
    f.column for f in Hazard._meta.concrete_fields if f.column not in ("id", "number")
]  # everything a raw copy of a row takes along


@pytest.mark.parametrize(
    ("state", "how"), [(s, h) for s in ("rectifying", "in_review", "closed") for h in ("insert", "copy")]
)
def test_raw_insert_and_copy_begin_at_the_first_step(state: str, how: str, story: Story) -> None:
    hazard = AT[state](story)
    columns = ", ".join(f'"{c}"' for c in COLUMNS)
    refused = (DatabaseError, psycopg.Error)  # COPY runs on the driver's cursor and raises the driver's error
    with pytest.raises(refused, match="first step"), transaction.atomic(), connection.cursor() as cursor:
        if how == "insert":
            cursor.execute(
                f"INSERT INTO hazards_hazard (number, {columns}) "  # noqa: S608
                f"SELECT 'X-1', {columns} FROM hazards_hazard WHERE id = %s",
                [hazard.pk],
            )
        else:
            cursor.execute(f"SELECT {columns} FROM hazards_hazard WHERE id = %s", [hazard.pk])  # noqa: S608
            row = cursor.fetchone()
            adapt = [json.dumps(v) if isinstance(v, dict) else v for v in row]
            with cursor.copy(f"COPY hazards_hazard (number, {columns}) FROM STDIN") as copy:
                copy.write_row(["X-2", *adapt])


def test_a_declared_bulk_load_may_insert_any_state_but_no_contradiction(story: Story) -> None:
    from anlan.kernel.actor import Actor
    from anlan.kernel.journal.record import bulk_load

    hazard = AT["rectifying"](story)
    columns = ", ".join(f'"{c}"' for c in COLUMNS)
    with transaction.atomic(), bulk_load(Actor.system("test"), "history"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO hazards_hazard (number, {columns}) "  # noqa: S608
            f"SELECT 'X-3', {columns} FROM hazards_hazard WHERE id = %s",
            [hazard.pk],
        )
    assert Hazard.plain.filter(number="X-3", state="rectifying").exists()
    others = ", ".join(f'"{c}"' for c in COLUMNS if c != "grade")
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        bulk_load(Actor.system("test"), "history"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO hazards_hazard (number, grade, {others}) "  # noqa: S608
            f"SELECT 'X-4', 'major', {others} FROM hazards_hazard WHERE id = %s",
            [hazard.pk],
        )


def test_history_is_kept_and_append_only(story: Story, cast: Cast) -> None:
    from django.apps import apps

    hazard = story.general()
    events = apps.get_model("hazards", "HazardEvent").objects.filter(pgh_obj_id=hazard.pk).order_by("pgh_id")
    assert next(e.state for e in events) == "registered"
    assert [e.state for e in events][-1] == "rectifying"
    with pytest.raises(DatabaseError), transaction.atomic():
        events.first().delete()
    assert TODAY
