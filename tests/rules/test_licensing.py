"""Licences, certificates, training and staff: the law of 1 May 2026, the cards of 1 June 2026, each number by its clause."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.book import apply
from anlan.rules.certificate_due import CERTIFICATES, Held, certificate_due
from anlan.rules.citation import NotHeld
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.training_hours import Trainee, Training, UnitStaff, safety_staffing, training_hours

ONE = dt.timedelta(days=1)
HAZCHEM_LAW, CARDS = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
DAY = dt.date(2026, 3, 2)


def permit(step: str, start: dt.date, **more: Any) -> Any:
    return apply("permit_clock", {"step": step, "start": start.isoformat(), **more}, start)


@pytest.mark.parametrize(
    ("step", "old", "new", "article"),
    [
        ("hazchem_conditions", (45, "days"), (20, "working_days"), "第二十三条"),
        ("hazchem_business", (30, "days"), (20, "working_days"), "第五十五条"),
        ("hazchem_use", (45, "days"), (20, "working_days"), "第五十条"),
        ("toxic_purchase", (3, "days"), (3, "working_days"), "第五十九条"),
        ("toxic_transport", (7, "days"), (7, "working_days"), "第七十一条"),
        ("toxic_sale_record", (5, "days"), (3, "days"), "第六十一条"),
        ("pipeline_works", (7, "days"), (7, "days"), ""),
    ],
)  # fmt: skip
def test_the_hazardous_chemicals_safety_law_answers_from_its_first_day(
    step: str, old: tuple[int, str], new: tuple[int, str], article: str
) -> None:
    before, after = permit(step, HAZCHEM_LAW - ONE), permit(step, HAZCHEM_LAW)
    assert (before.value.number, before.value.unit) == old
    assert (after.value.number, after.value.unit) == new
    assert (before.citations[0].law, after.citations[0].law) == ("危险化学品安全管理条例", "危险化学品安全法")
    assert after.citations[0].article == article


@pytest.mark.parametrize(("record", "before", "after"), [("sale_records", 1, 3), ("container_checks", 2, 3)])
def test_records_are_kept_longer_from_the_first_day_of_the_law(record: str, before: int, after: int) -> None:
    for start, years in ((HAZCHEM_LAW - ONE, before), (HAZCHEM_LAW, after)):
        found = apply("record_keeping", {"step": record, "start": start.isoformat()}, start)
        assert found.value.due == start.replace(year=start.year + years)
        assert found.value.sense == "after"


def test_before_the_regulations_edition_nothing_is_held() -> None:
    with pytest.raises(NotHeld, match="危险化学品安全管理条例"):
        permit("hazchem_use", dt.date(2013, 12, 6))


@pytest.mark.parametrize(
    ("step", "number", "unit", "clause"),
    [
        ("supplement", 5, "working_days", "《行政许可法》第三十二条第一款第四项"),
        ("decision", 20, "working_days", "《行政许可法》第四十二条第一款"),
        ("joint_decision", 45, "working_days", "《行政许可法》第四十二条第二款"),
        ("delivery", 10, "working_days", "《行政许可法》第四十四条"),
        ("hearing", 20, "working_days", "《行政许可法》第四十七条第一款"),
        ("renewal", 30, "days", "《行政许可法》第五十条第一款"),
        ("again_after_false_papers", 1, "years", "《行政许可法》第七十八条"),
        ("again_after_fraud", 3, "years", "《行政许可法》第七十九条"),
        ("safety_permit", 45, "days", "《安全生产许可证条例》第七条第一款"),
        ("safety_permit_renewal", 3, "months", "《安全生产许可证条例》第九条第一款"),
        ("fireworks_first_view", 20, "days", "《烟花爆竹安全管理条例》第九条"),
        ("fireworks_production", 45, "days", "《烟花爆竹安全管理条例》第九条"),
        ("fireworks_wholesale", 30, "days", "《烟花爆竹安全管理条例》第十九条第一款"),
        ("fireworks_retail", 20, "days", "《烟花爆竹安全管理条例》第十九条第二款"),
        ("fireworks_return", 3, "days", "《烟花爆竹安全管理条例》第二十六条"),
        ("explosives_purchase", 5, "days", "《民用爆炸物品安全管理条例》第二十一条第二款"),
        ("coal_design", 30, "days", "《煤矿安全生产条例》第四十一条第一款"),
        ("fire_check", 10, "working_days", "《消防法》第十五条第三款"),
        ("equipment_registration", 30, "days", "《特种设备安全法》第三十三条"),
        ("equipment_inspection", 1, "months", "《特种设备安全法》第四十条第一款"),
        ("building_machines", 30, "days", "《建设工程安全生产管理条例》第三十五条第三款"),
    ],
)  # fmt: skip
def test_the_number_of_each_licence_is_the_one_its_clause_prints(
    step: str, number: int, unit: str, clause: str
) -> None:
    found = permit(step, DAY)
    assert (found.value.number, found.value.unit, str(found.citations[0])) == (number, unit, clause)


@pytest.mark.parametrize("step", ["design_review", "trial_run_least", "trial_run_most", "manager_assessment"])
def test_what_is_from_recall_says_so(step: str) -> None:
    assert permit(step, DAY).citations[0].to_verify


def test_expert_review_is_left_out_only_where_the_law_says_so() -> None:
    assert permit("decision", DAY, expert_days=10).value.due == permit("decision", dt.date(2026, 3, 16)).value.due
    with pytest.raises(BadInput, match="expert_days: is 1"):
        permit("fireworks_retail", DAY, expert_days=1)


def card(issued: dt.date, on: dt.date, **more: Any) -> Any:
    return certificate_due(Held(kind="special_operation", issued=issued, **more), on)


def test_a_card_whose_review_falls_before_june_2026_is_reviewed() -> None:
    found = card(dt.date(2023, 5, 31), dt.date(2026, 5, 31))
    assert found.value.review_due == dt.date(2026, 5, 31)
    assert found.value.valid
    assert [c.number for c in found.citations] == ["安监总局令第30号"]
    assert not card(dt.date(2023, 5, 31), CARDS).value.valid


@pytest.mark.parametrize("on", [dt.date(2026, 5, 31), CARDS, dt.date(2027, 1, 1)])
def test_a_card_whose_review_falls_on_or_after_june_2026_is_not(on: dt.date) -> None:
    found = card(dt.date(2023, 6, 1), on)
    assert found.value.review_due is None
    assert found.value.expires == dt.date(2029, 5, 31)
    assert found.value.valid
    assert "应急管理部令第19号" in [c.number for c in found.citations]
    assert any("不再复审" in step.zh for step in found.steps)  # type: ignore[attr-defined]


def test_a_card_reviewed_in_time_holds_to_its_end() -> None:
    found = card(dt.date(2021, 3, 1), DAY, reviewed=dt.date(2024, 2, 20))
    assert (found.value.review_due, found.value.expires) == (None, dt.date(2027, 2, 28))
    assert card(dt.date(2023, 3, 1), DAY, ten_years=True).value.review_due is None
    assert not card(dt.date(2023, 3, 1), dt.date(2026, 3, 2)).value.valid


def test_a_card_asked_about_before_2016_is_not_held() -> None:
    with pytest.raises(NotHeld):
        card(dt.date(2015, 1, 1), dt.date(2015, 6, 1))


def test_the_permit_of_fireworks_makers_is_settled_by_the_regulation() -> None:
    found = certificate_due(Held(kind="fireworks_production", issued=dt.date(2024, 3, 15)), DAY)
    assert found.value.expires == dt.date(2027, 3, 14)
    assert str(found.citations[0]) == "《安全生产许可证条例》第九条第一款"
    assert found.settled


def test_agencies_are_not_held_from_2026() -> None:
    asked = Held(kind="assessment_agency", issued=dt.date(2023, 1, 1))
    assert certificate_due(asked, dt.date(2025, 12, 31)).value.expires == dt.date(2027, 12, 31)
    with pytest.raises(NotHeld):
        certificate_due(asked, dt.date(2026, 1, 1))


def test_a_certificate_refuses_impossible_days() -> None:
    with pytest.raises(BadInput, match="expires: is 2026-01-01, before the first day"):
        Held(kind="safety_permit", issued=DAY, expires=dt.date(2026, 1, 1))
    with pytest.raises(BadInput, match="expires: is missing"):
        Held(kind="special_equipment", issued=DAY)


@given(st.sampled_from(sorted(CERTIFICATES)), st.dates(dt.date(2016, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 800))
def test_no_certificate_ends_before_it_begins_and_later_ones_end_later(kind: str, issued: dt.date, later: int) -> None:
    def of(day: dt.date) -> Any:
        expires = day + dt.timedelta(days=365) if kind == "special_equipment" else None
        return certificate_due(Held(kind=kind, issued=day, expires=expires), DAY).value

    try:
        first, second = of(issued), of(issued + dt.timedelta(days=later))
    except RuleBroken:
        assert kind == "assessment_agency"
        return
    assert first.expires >= issued
    assert second.expires >= first.expires
    assert first.review_due is None or issued < first.review_due < first.expires
    assert first.renew_by is None or first.renew_by < first.expires


@pytest.mark.parametrize(
    ("trainee", "high", "first", "required"),
    [
        ("principal", False, True, 32), ("principal", False, False, 12), ("principal", True, True, 48),
        ("principal", True, False, 16), ("worker", False, True, 24), ("worker", False, False, None),
        ("worker", True, True, 72), ("worker", True, False, 20), ("inspector", False, False, 80),
        ("health_principal", False, True, 16), ("health_worker", False, False, 4), ("transferred", True, True, None),
    ],
)  # fmt: skip
def test_hours_of_training(trainee: str, high: bool, first: bool, required: int | None) -> None:
    found = training_hours(Training(trainee=trainee, high_risk=high, first=first), DAY)
    assert found.value.required == required


def test_hours_from_practice_are_to_be_verified_and_local_ones_are_local() -> None:
    assert not training_hours(Training(trainee="health_worker"), DAY).settled
    assert training_hours(Training(trainee="inspector"), DAY).citations[0].level.value == "city"


@given(st.sampled_from(list(Trainee)), st.booleans(), st.booleans(), st.integers(0, 100), st.integers(0, 100))
def test_more_hours_never_leave_more_missing(who: Trainee, high: bool, first: bool, hours: int, more: int) -> None:
    def of(held: int) -> Any:
        return training_hours(Training(trainee=who, high_risk=high, first=first, hours=Decimal(held)), DAY).value

    assert 0 <= of(hours + more).missing <= of(hours).missing
    assert of(hours + more).met >= of(hours).met


@given(
    st.sampled_from(["mine", "smelting", "construction", "transport", "dangerous_goods", "dangerous_goods_trade"]),
    st.integers(0, 500),
)
def test_high_risk_sectors_need_a_body_or_full_time_staff_whatever_the_size(sector: str, employees: int) -> None:
    asked = UnitStaff(sector=sector, employees=employees, part_time=3)
    value = safety_staffing(asked, DAY).value
    assert value.body_or_full_time
    assert not value.staff_met
    assert value.assessed


def test_a_body_alone_is_enough() -> None:
    asked = UnitStaff(sector="other", employees=5000, has_body=True)
    assert safety_staffing(asked, DAY).value.staff_met
    with pytest.raises(NotHeld):
        safety_staffing(asked, dt.date(2021, 8, 31))


@pytest.mark.parametrize(
    ("drug_class", "reach", "key_area", "paper", "once", "article"),
    [
        ("1", "beyond", False, "permit", True, "第二十条第一款"),
        ("1", "city", True, "permit", True, "第二十二条第一款"),
        ("1", "city", False, "none", False, "第二十条第一款"),
        ("1", "county", True, "none", False, "第二十条第一款"),
        ("2", "beyond", False, "permit", False, "第二十二条第二款"),
        ("2", "city", True, "permit", False, "第二十条第一款"),
        ("2", "county", False, "none", False, "第二十条第一款"),
        ("3", "beyond", False, "filing", False, "第二十条第二款"),
        ("3", "county", False, "filing", False, "第二十条第二款"),
    ],
)
def test_each_class_of_precursors_is_transported_with_its_paper(
    drug_class: str, reach: str, key_area: bool, paper: str, once: bool, article: str
) -> None:
    asked = {"drug_class": drug_class, "reach": reach, "key_area": key_area}
    found = apply("drug_transport", asked, DAY)
    assert (found.value.paper, found.value.once) == (paper, once)
    assert article in {citation.article for citation in found.citations}


def test_transport_of_precursors_is_refused_for_what_is_no_class_and_before_the_text_held() -> None:
    with pytest.raises(BadInput):
        apply("drug_transport", {"drug_class": "4", "reach": "beyond"}, DAY)
    with pytest.raises(RuleBroken):
        apply("drug_transport", {"drug_class": "1", "reach": "beyond"}, dt.date(2018, 9, 17))
