"""What the law asks of a unit, when it is due, and which evidence answers it."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.rules.book import apply
from anlan.rules.refusal import BadInput
from anlan.rules.unit_duties import (
    Cycle,
    LastAnswer,
    Standing,
    evidence_for,
    evidence_kinds,
    unit_duty_due,
    unit_duty_table,
)
from anlan.rules.unit_marks import Mark

ON = dt.date(2026, 11, 20)
SINCE = dt.date(2024, 1, 1)


def asked(*marks: str, **more: object) -> set[str]:
    return set(apply("unit_duties", {"marks": list(marks), **more}, ON).value)


def stands(
    duty: str, *days: str, on: dt.date = ON, since: dt.date = SINCE, valid_to: dt.date | None = None
) -> tuple[str, str]:
    answered = tuple(dt.date.fromisoformat(day) for day in days)
    told = unit_duty_due(LastAnswer(duty=duty, since=since, answered=answered, valid_to=valid_to), on).value
    return told.standing.value, str(told.due)


def test_staff_for_safety_is_asked_by_line_and_by_size() -> None:
    assert "safety_body" in asked("mining", employees=5)
    assert "safety_body" in asked(employees=101) and "safety_manager" not in asked(employees=101)
    assert "safety_manager" in asked(employees=100) and "safety_body" not in asked(employees=100)
    assert "safety_manager" in asked()


def test_a_line_owes_what_another_does_not() -> None:
    assert asked("chem") - asked() >= {"drill_half_year", "liability_insurance", "hazchem_evaluation", "rescue_body"}
    assert asked("dust", "ammonia") - asked() == {"dust_cleaning", "ammonia_check"}


def test_managers_of_high_risk_units_learn_sixteen_hours() -> None:
    for line in ("coal", "mining", "metal_smelting", "chem", "fireworks"):
        assert "managers_training_high" in asked(line) and "managers_training" not in asked(line)
    assert "managers_training" in asked("crowded") and "managers_training_high" not in asked("crowded")
    training = evidence_kinds()["training"]
    assert "managers_training_high" not in training.satisfied({"persons": 9, "managers_hours": 15})
    assert "managers_training_high" in training.satisfied({"persons": 9, "managers_hours": 16})
    assert "managers_training" in training.satisfied({"persons": 9, "managers_hours": 12})


def test_a_drill_each_half_year_is_not_asked_of_all_road_transport() -> None:
    assert "drill_half_year" not in asked("traffic")
    assert "drill_half_year" in asked("traffic", "chem")


def test_the_criteria_of_industry_and_trade_bind_no_other_line() -> None:
    own = {"dust_cleaning", "ammonia_check", "confined_space_check"}
    assert own <= asked("dust", "ammonia", "confined_space") and own <= asked(
        "dust", "ammonia", "confined_space", "metal_smelting"
    )
    assert not own & asked("dust", "ammonia", "confined_space", "chem")


def test_a_clause_asks_only_while_it_is_in_force() -> None:
    def clauses(on: dt.date) -> dict[str, str]:
        found = apply("unit_duties", {"marks": ["chem", "dust"]}, on).value
        return {code: str(unit_duty_table()[code].clause(on)) for code in found}

    assert clauses(dt.date(2026, 4, 30))["hazchem_evaluation"] == "《危险化学品安全管理条例》第二十二条第一款"
    assert clauses(dt.date(2026, 5, 1))["hazchem_evaluation"] == "《危险化学品安全法》第三十九条"
    dust = dt.date(2023, 5, 14), dt.date(2023, 5, 15)
    assert ["dust_cleaning" in apply("unit_duties", {"marks": ["dust"]}, day).value for day in dust] == [False, True]


def test_a_period_no_law_names_is_shown_as_to_verify() -> None:
    for code, law in (("certified_heads", "安全生产培训管理办法"), ("emergency_plan", "生产安全事故应急预案管理办法")):
        clause, period = unit_duty_due(LastAnswer(duty=code, since=SINCE), ON).citations
        assert not clause.to_verify and period.to_verify and period.law == law


def test_only_a_policy_or_certificate_sets_its_own_period() -> None:
    far = dt.date(2099, 12, 31)
    assert stands("training_record", "2026-01-05", valid_to=far) == ("met", "2027-01-05")
    assert stands("training_record", "2024-01-05", valid_to=far) == ("missed", "2025-01-05")
    assert stands("fire_test", "2026-10-05", valid_to=dt.date(2026, 12, 1)) == ("met", "2026-12-01")
    assert stands("certified_heads", "2023-01-05", valid_to=far) == ("met", "2099-12-31")


def test_a_report_of_the_days_after_a_period_is_that_periods() -> None:
    april = dt.date(2026, 4, 10)
    assert stands("quarterly_statistics", "2026-04-10", on=april, since=dt.date(2026, 1, 1)) == (
        "at_risk", "2026-07-15",
    )  # fmt: skip
    assert stands("quarterly_statistics", "2026-04-16", on=dt.date(2026, 4, 16), since=dt.date(2026, 4, 1))[0] == "met"
    assert stands("yearly_statistics", "2027-01-20", on=dt.date(2027, 2, 1)) == ("at_risk", "2028-01-31")
    assert stands("yearly_statistics", "2025-12-31", on=dt.date(2027, 2, 1)) == ("missed", "2027-01-31")


@pytest.mark.parametrize(
    ("paper", "duty"),
    [
        ("responsibility_file", "commitment"), ("commission_minutes", "review_quarter"),
        ("quarter_sheet", "review_quarter"),
    ],
)  # fmt: skip
def test_a_paper_answers_nothing_it_does_not_prove(paper: str, duty: str) -> None:
    assert paper not in {kind.code for kind in evidence_for(duty)}
    assert [kind.code for kind in evidence_for("review_quarter")] == ["plan_review"]


def test_a_drill_by_the_comprehensive_plan_is_no_on_site_drill() -> None:
    drill = evidence_kinds()["drill"]
    assert drill.satisfied({"comprehensive": 1, "on_site": 0}) == ("drill_half_year", "drill_year")
    assert drill.satisfied({"comprehensive": 0, "on_site": 1}) == ("drill_half_year", "drill_on_site", "drills_of_plan")


def test_no_money_is_no_money_spent() -> None:
    assert not evidence_kinds()["spending_sheet"].satisfied({"yuan": 0})


def test_duties_of_a_plan_bind_only_where_the_plan_does() -> None:
    of_plans = {code for code, duty in unit_duty_table().items() if duty.obligation}
    assert not of_plans & asked("chem", employees=500)
    assert asked(obligations=["SO-51", "SO-56"]) & of_plans == {"inspection_half_year", "commitment"}


def test_a_half_year_is_judged_by_the_last_one_that_closed() -> None:
    assert stands("drill_half_year", "2026-07-02") == ("met", "2026-12-31")
    assert stands("drill_half_year", "2026-03-01") == ("at_risk", "2026-12-31")
    assert stands("drill_half_year", "2025-12-31") == ("missed", "2026-06-30")
    assert stands("drill_half_year", since=dt.date(2026, 3, 1)) == ("at_risk", "2026-12-31"), "not asked before"


def test_a_quarter_is_due_fifteen_days_after_it() -> None:
    assert stands("quarterly_statistics", "2026-09-30", on=dt.date(2026, 10, 20)) == ("at_risk", "2027-01-15")
    assert stands("quarterly_statistics", "2026-06-30", on=dt.date(2026, 10, 10)) == ("at_risk", "2026-10-15")
    assert stands("quarterly_statistics", "2026-06-30", on=dt.date(2026, 10, 16)) == ("missed", "2026-10-15")


def test_the_plan_of_the_year_is_due_in_march() -> None:
    assert stands("plan_of_year", "2025-02-01", on=dt.date(2026, 3, 31)) == ("at_risk", "2026-03-31")
    assert stands("plan_of_year", "2025-02-01", on=dt.date(2026, 4, 1)) == ("missed", "2026-03-31")
    assert stands("plan_of_year", "2026-05-01", on=dt.date(2026, 6, 1))[0] == "met"


def test_a_policy_ends_on_its_own_last_day() -> None:
    end = dt.date(2026, 11, 20)
    assert stands("liability_insurance", "2025-11-21", valid_to=end) == ("met", "2026-11-20")
    assert stands("liability_insurance", "2025-11-21", valid_to=end, on=end + dt.timedelta(1)) == (
        "missed",
        "2026-11-20",
    )


def test_a_standing_duty_without_evidence_has_no_data() -> None:
    assert stands("responsibility") == ("no_data", "None")
    assert stands("responsibility", "2020-01-01")[0] == "met"


@pytest.mark.parametrize("code", unit_duty_table())
def test_every_duty_cites_a_clause_and_can_be_answered(code: str) -> None:
    duty = unit_duty_table()[code]
    assert duty.citation.law
    assert evidence_for(code), "some evidence answers it"
    assert (duty.cycle is Cycle.STANDING) == (duty.months == 0)
    for day in ("2026-11-20",):
        assert stands(code, day)[0] == "met"


@pytest.mark.parametrize("kind", evidence_kinds().values(), ids=lambda k: k.code)
def test_a_kind_of_evidence_answers_duties_of_the_table(kind: object) -> None:
    for duty, fact, _least in kind.answers:  # type: ignore[attr-defined]
        assert duty in unit_duty_table()
        assert not fact or fact in kind.facts  # type: ignore[attr-defined]


def test_what_a_paper_does_not_state_it_does_not_answer() -> None:
    sheet = evidence_kinds()["quarter_sheet"]
    assert "told_to_workers" not in sheet.satisfied({"told": 0})
    assert sheet.satisfied({"told": 1}) == ("quarterly_statistics", "told_to_workers")


@pytest.mark.parametrize("on", [ON, dt.date(2027, 1, 3), dt.date(2028, 2, 29)])
@pytest.mark.parametrize("code", unit_duty_table())
def test_nothing_changes_before_the_day_that_is_named(code: str, on: dt.date) -> None:
    last = LastAnswer(duty=code, since=SINCE, answered=(dt.date(2026, 10, 1),))
    told = unit_duty_due(last, on).value
    until = min(told.changes or on + dt.timedelta(40), on + dt.timedelta(400))
    day = on
    while day < until:
        assert unit_duty_due(last, day).value.standing is told.standing
        day += dt.timedelta(days=1)
    if told.changes is None:
        assert told.standing in (Standing.MISSED, Standing.MET, Standing.NO_DATA)


def test_a_mark_or_duty_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match="marks"):
        apply("unit_duties", {"marks": ["weather"]}, ON)
    with pytest.raises(BadInput, match="duty"):
        apply("unit_duty_due", {"duty": "sleep", "since": "2026-01-01"}, ON)
    assert Mark.OVER_100 in Mark
