"""One paper answers every duty it is mapped to; duties become due, are missed and stand again by the clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock, law
from anlan.kernel.acts import ACTS
from anlan.kernel.codes.services import set_figure, set_parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.obligations.facts import Asked, Place, Whose, answering
from anlan.kernel.obligations.selectors import standing
from anlan.modules.compliance import public, selectors, services, tasks
from anlan.modules.compliance.models import Evidence, Workspace
from anlan.modules.compliance.tests.conftest import SYSTEM, Scene
from anlan.modules.registry import public as registry
from tests.cast import picture

pytestmark = pytest.mark.django_db


def test_the_duties_are_those_of_this_unit(scene: Scene) -> None:
    told = scene.told()
    assert {"safety_manager", "dust_cleaning", "commitment", "inspection_half_year", "plan_of_year"} <= set(told)
    assert not {"safety_body", "drill_half_year", "ammonia_check", "hazchem_evaluation"} & set(told)
    assert told["commitment"] == "no_data" and told["drill_year"] == "missed"
    row = scene.fresh()
    assert (row.met, row.met + row.at_risk + row.missed + row.no_data) == (0, len(told))


def test_a_drill_is_handed_in_once_and_answers_three_duties(scene: Scene) -> None:
    before = scene.fresh()
    row = scene.hand_in("drill", persons=40, comprehensive=True, on_site=True)
    assert set(row.answers) == {"drill_year", "drill_on_site", "drills_of_plan"}
    told = scene.told()
    assert {told[code] for code in row.answers} == {"met"}
    after = scene.fresh()
    assert (after.met - before.met, before.missed - after.missed) == (3, 3)
    assert row.saved_minutes == after.saved_minutes == 2 * 120, "two reports spared at two hours each"


def test_what_the_paper_does_not_state_it_does_not_answer(scene: Scene) -> None:
    row = scene.hand_in("drill", persons=40, comprehensive=True)
    assert row.answers == ["drill_year"], "no on-site drill"
    row = scene.hand_in("drill", persons=40, on_site=True)
    assert set(row.answers) == {"drill_on_site", "drills_of_plan"}
    with pytest.raises(BadInput, match="none of the unit's duties"):
        scene.hand_in("drill", persons=41)
    with pytest.raises(BadInput, match="asks for it"):
        scene.hand_in("self_score")
    with pytest.raises(BadInput, match="Leave it empty"):
        scene.hand_in("year_plan", score=3)
    with pytest.raises(BadInput, match="none of the unit's duties"):
        scene.hand_in("evaluation_report")


def test_the_hours_of_a_report_are_a_local_rule(scene: Scene) -> None:
    set_parameter(
        actor=SYSTEM,
        code="compliance.report_minutes",
        region=scene.county,
        value=30,
        valid_from=clock.today(),
        basis="测算",
    )
    assert scene.hand_in("drill", comprehensive=True, on_site=True).saved_minutes == 60


def test_money_is_kept_as_written_and_none_is_no_answer(scene: Scene) -> None:
    with pytest.raises(BadInput, match="asks for it") as caught:
        scene.hand_in("spending_sheet")
    assert caught.value.column == "yuan"
    with pytest.raises(BadInput, match="none of the unit's duties"):
        scene.hand_in("spending_sheet", yuan=Decimal(0))
    row = scene.hand_in("spending_sheet", yuan=Decimal("86000.10"))
    row.refresh_from_db()
    assert (row.facts, row.answers) == ({"yuan": "86000.10"}, ["spending"])
    assert scene.hand_in("spending_sheet", yuan=Decimal("86000.10")).pk == row.pk


def test_the_same_paper_again_is_nothing(scene: Scene) -> None:
    first = scene.hand_in("drill", comprehensive=True)
    version = scene.fresh().version
    again = scene.hand_in("drill", comprehensive=True)
    assert (again.pk, scene.fresh().version, Evidence.plain.count()) == (first.pk, version, 1)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "weather"}), ("told_on", {"told_on": dt.date(2026, 11, 21)}),
        ("told_on", {"told_on": dt.date(1926, 11, 20)}), ("valid_to", {"valid_to": dt.date(2026, 1, 1)}),
        ("papers", {"papers": []}), ("persons", {"persons": -1}),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_field(scene: Scene, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        scene.hand_in(given.pop("kind", "drill"), given.pop("told_on", None), **given)
    assert caught.value.column == field
    assert not Evidence.plain.exists()


def test_who_may(scene: Scene) -> None:
    given = {
        "workspace": scene.workspace.pk,
        "kind": "drill",
        "told_on": clock.today(),
        "papers": [picture("green", "a.png")],
    }
    for name, why in (("unit_worker", NotAllowed), ("town_officer", NotAllowed), ("elsewhere", NotFound)):
        with pytest.raises(why):
            services.hand_in_evidence(actor=scene.actor(name), **given)
    row = scene.hand_in("drill", on_site=True)
    with pytest.raises(NotAllowed):
        services.refuse_evidence(actor=scene.actor("unit_principal"), evidence=row.pk, reason="不实")
    with pytest.raises(NotFound):
        services.refuse_evidence(actor=scene.actor("elsewhere"), evidence=row.pk, reason="不实")


def test_a_line_sees_its_units_and_no_others(scene: Scene) -> None:
    def seen(name: str) -> int:
        return selectors.workspaces(scene.actor(name)).count()

    assert (seen("trade_line"), seen("fire_line"), seen("elsewhere"), seen("county_officer")) == (1, 0, 0, 1)


def test_evidence_taken_back_or_refused_answers_nothing(scene: Scene) -> None:
    row = scene.hand_in("drill", comprehensive=True)
    services.refuse_evidence(actor=scene.actor("town_officer"), evidence=row.pk, reason="照片与演练无关")
    assert scene.told()["drill_year"] == "missed"
    assert scene.fresh().saved_minutes == 0
    services.refuse_evidence(actor=scene.actor("town_officer"), evidence=row.pk, reason="照片与演练无关")
    assert Evidence.plain.get().state == "refused"
    other = scene.hand_in("drill", comprehensive=True)
    services.withdraw_evidence(actor=scene.actor("unit_principal"), evidence=other.pk, reason="日期有误")
    assert scene.told()["drill_year"] == "missed"


def test_by_the_clock_a_policy_runs_out(scene: Scene) -> None:
    scene.hand_in("injury_policy", dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31), persons=86)
    assert scene.told()["injury_insurance"] == "met"
    met = scene.fresh().met
    with clock.moved_to(dt.datetime(2027, 1, 1, 9, tzinfo=clock.CHINA)):
        assert tasks.look() >= 1
        assert scene.told()["injury_insurance"] == "missed"
        assert scene.fresh().met == met - 1
        due = deadlines.find(scene.fresh(), "duty.injury_insurance")
        assert due is not None and due.desk_holder == scene.unit.holder
        version = scene.fresh().version
        tasks.look()
        assert scene.fresh().version == version, "nothing changed, nothing is written"


def test_a_duty_lies_on_the_desk_before_its_day_and_leaves_it_when_answered(scene: Scene) -> None:
    due = deadlines.find(scene.fresh(), "duty.drill_year")
    assert due is not None and "应急预案管理办法" in due.basis
    assert deadlines.find(scene.fresh(), "duty.commitment") is None, "it has no day"
    scene.hand_in("drill", comprehensive=True)
    assert deadlines.find(scene.fresh(), "duty.drill_year") is None


def test_a_period_answered_late_leaves_the_desk_though_the_next_lies_far_ahead(scene: Scene) -> None:
    late = deadlines.find(scene.fresh(), "duty.yearly_statistics")
    assert late is not None and clock.day_of(late.due_at) == dt.date(2026, 1, 31)
    scene.hand_in("year_sheet", dt.date(2025, 12, 31))
    assert scene.told()["yearly_statistics"] == "at_risk"
    assert deadlines.find(scene.fresh(), "duty.yearly_statistics") is None
    late.refresh_from_db()
    assert late.state == "met"
    with clock.moved_to(dt.datetime(2027, 1, 10, 9, tzinfo=clock.CHINA)):
        services.judge_duties(actor=SYSTEM, workspace=scene.workspace.pk)
        ahead = deadlines.find(scene.fresh(), "duty.yearly_statistics")
        assert ahead is not None and clock.day_of(ahead.due_at) == dt.date(2027, 1, 31)


def test_a_day_ends_with_the_paper_that_gave_it(scene: Scene) -> None:
    row = scene.hand_in("appointment", dt.date(2026, 1, 1), valid_to=dt.date(2026, 10, 31))
    assert scene.told()["safety_manager"] == "missed"
    assert deadlines.find(scene.fresh(), "duty.safety_manager") is not None
    services.withdraw_evidence(actor=scene.actor("unit_principal"), evidence=row.pk, reason="文件有误")
    assert scene.told()["safety_manager"] == "no_data"
    assert deadlines.find(scene.fresh(), "duty.safety_manager") is None


def test_evidence_answers_the_plans_as_well(scene: Scene) -> None:
    place = Place(scene.unit.region_path, scene.unit.holder)

    def outcome(number: str) -> str:
        (row,) = standing(scene.actor("county_officer"), place, only=[number])
        return row.outcome.value

    assert (outcome("SO-51"), outcome("SO-56")) == ("at_risk", "at_risk")
    scene.hand_in("half_year_inspection", faults=0)
    scene.hand_in("commitment_notice")
    assert (outcome("SO-51"), outcome("SO-56")) == ("met", "met")


def test_a_new_unit_is_followed_by_night_and_once(scene: Scene) -> None:
    data = {"name": "安州新厂", "address": "港前路10号", "sector": "chem"}
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    tasks.look()
    row = Workspace.plain.get(unit_id=unit.pk)
    assert row.since == clock.today()
    assert public.follow_unit(SYSTEM, unit.pk) == row.pk
    assert public.standings_of(scene.actor("town_officer"), unit.holder) is not None
    assert public.standings_of(scene.actor("unit_safety"), unit.holder) is None, "another unit's"


def test_what_was_handed_in_goes_to_the_survivor_of_a_merge(scene: Scene) -> None:
    data = {"name": "安州铝粉制品厂二", "address": "港前路11号", "sector": "industry_trade:nonferrous"}
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    survivor = services.open_workspace(actor=SYSTEM, unit=unit.pk)
    row = scene.hand_in("drill", comprehensive=True, on_site=True)
    services.carry_workspace(actor=SYSTEM, workspace=scene.workspace.pk, unit=unit.pk, why="同一单位")
    row.refresh_from_db()
    assert (row.workspace_id, row.holder) == (survivor.pk, unit.holder)
    kept = Workspace.plain.get(pk=survivor.pk)
    assert kept.met == 3
    assert (kept.since, kept.asked_from["drill_year"]) == (dt.date(2024, 1, 1), "2024-01-01"), "the earlier of the two"
    assert scene.fresh().met == 0


def test_a_unit_merged_away_leaves_no_workspace_behind(scene: Scene) -> None:
    data = {"name": "安州铝粉制品厂二", "address": "港前路11号", "sector": "industry_trade:nonferrous"}
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    survivor = services.open_workspace(actor=SYSTEM, unit=unit.pk)
    type(unit).plain.filter(pk=scene.unit.pk).update(merged_into=unit.pk)
    assert [row.pk for row in selectors.workspaces(scene.actor("town_officer"))] == [survivor.pk]


def test_a_duty_that_begins_later_is_asked_from_then(scene: Scene) -> None:
    before = scene.told()
    assert "ammonia_check" not in before and before["drill_on_site"] == "missed", "asked since 2024"
    type(scene.site).plain.filter(pk=scene.site.pk).update(flags=["dust", "ammonia", "crowded"])
    assert {scene.told()[code] for code in ("ammonia_check", "drill_half_year")} == {"at_risk"}
    services.judge_duties(actor=SYSTEM, workspace=scene.workspace.pk)
    assert scene.fresh().asked_from["drill_half_year"] == "2026-11-20"
    assert scene.fresh().asked_from["drill_on_site"] == "2024-01-01"
    with clock.moved_to(dt.datetime(2027, 1, 5, 9, tzinfo=clock.CHINA)):
        told = scene.told()
        assert (told["ammonia_check"], told["drill_half_year"]) == ("missed", "at_risk"), "no half-year was its own yet"
    with clock.moved_to(dt.datetime(2027, 7, 5, 9, tzinfo=clock.CHINA)):
        assert scene.told()["drill_half_year"] == "missed"


def test_nobody_is_left_unlooked_at(scene: Scene) -> None:
    assert selectors.next_look([], clock.today()) == clock.today() + dt.timedelta(30)
    look_on = scene.fresh().look_on
    assert look_on is not None and look_on <= clock.today() + dt.timedelta(30)


def answer_of(scene: Scene, fact: str) -> Any:
    first = dt.date(2026, 1, 1)
    asked = Asked(Place(scene.unit.region_path, scene.unit.holder), clock.today(), first)
    function = answering(fact, Whose.UNIT)
    assert function is not None
    return function(scene.actor("county_officer"), asked)


def test_the_plan_of_another_year_is_not_this_years(scene: Scene) -> None:
    scene.hand_in("year_plan", dt.date(2019, 2, 1))
    assert not answer_of(scene, "safety_plan_approved").done
    scene.hand_in("year_plan", dt.date(2026, 2, 1))
    scene.hand_in("year_plan", dt.date(2026, 6, 1))
    told = answer_of(scene, "safety_plan_approved")
    assert (told.done, told.done_on) == (True, dt.date(2026, 2, 1)), "a later copy does not make it late"


def test_a_commitment_holds_since_the_first_paper(scene: Scene) -> None:
    for day in (dt.date(2024, 5, 6), dt.date(2026, 5, 6)):
        scene.hand_in("commitment_notice", day)
    assert answer_of(scene, "public_commitment").done_on == dt.date(2024, 5, 6)


def test_a_policy_that_ended_this_year_insures_nobody(scene: Scene) -> None:
    scene.hand_in("liability_policy", dt.date(2026, 2, 1), valid_to=dt.date(2026, 8, 1))
    assert answer_of(scene, "liability_insured_share").value == 0
    scene.hand_in("liability_policy", dt.date(2025, 12, 1), valid_to=dt.date(2026, 11, 30))
    assert answer_of(scene, "liability_insured_share").value == 100


def test_a_duty_that_binds_later_is_answered_by_what_was_handed_in_before(scene: Scene) -> None:
    row = scene.hand_in("drill", persons=40, comprehensive=True, on_site=True)
    assert "drill_half_year" not in row.answers
    registry.set_flag(SYSTEM, scene.site.pk, "crowded", True)
    assert scene.told()["drill_half_year"] != "met", "not looked at yet"
    services.judge_duties(actor=SYSTEM, workspace=scene.workspace.pk)
    row.refresh_from_db()
    assert "drill_half_year" in row.answers and scene.told()["drill_half_year"] == "met"
    assert row.saved_minutes == scene.fresh().saved_minutes == 3 * 120
    version = row.version
    services.judge_duties(actor=SYSTEM, workspace=scene.workspace.pk)
    row.refresh_from_db()
    assert row.version == version, "again: nothing"
    bare = scene.hand_in("drill", persons=41, comprehensive=True)
    services.judge_duties(actor=SYSTEM, workspace=scene.workspace.pk)
    bare.refresh_from_db()
    assert "drill_on_site" not in bare.answers, "what it does not state it does not answer later either"


def test_a_period_set_in_place_of_one_to_verify_moves_the_day_and_says_so(scene: Scene) -> None:
    def yearly() -> selectors.Told:
        return next(one for one in selectors.duties_of(scene.fresh()) if one.duty.code == "yearly_statistics")

    before = yearly()
    set_figure(
        actor=SYSTEM, code="unit_duty_due.yearly_statistics.after", region=scene.county, value=Decimal(20),
        valid_from=clock.today(), basis="本县统计制度第二条",
    )  # fmt: skip
    law.read_figures()
    after = yearly()
    law._kept = ()
    assert (before.duty.after, after.duty.after) == (31, 20) and before.due is not None
    assert after.due == before.due - dt.timedelta(days=11)
    assert any("本县统计制度第二条" in str(clause) for clause in after.finding.citations)
    assert any("本县统计制度第二条" in step for step in after.finding.steps)
