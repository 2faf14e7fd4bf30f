"""The grade of an accident on both sides of every bound, its reports and the clocks of its investigation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.accident_clocks import Investigated, Reported, accident_investigation, accident_report_due
from anlan.rules.accident_grade import Accident, Casualties, Grade, Missing, accident_grade
from anlan.rules.book import apply
from anlan.rules.inputs import CHINA
from anlan.rules.refusal import BadInput, NotHeld

DAY = dt.date(2026, 3, 1)
AT = dt.datetime(2026, 3, 1, 8, 0, tzinfo=CHINA)
WAN = 10_000


def graded(**cost: Any) -> Grade:
    return accident_grade(Casualties(**cost), DAY).value.grade


@pytest.mark.parametrize(
    ("cost", "grade", "item"),
    [
        ({"deaths": 30}, "extraordinary", "一"), ({"deaths": 29}, "major", "二"), ({"deaths": 10}, "major", "二"),
        ({"deaths": 9}, "larger", "三"), ({"deaths": 3}, "larger", "三"), ({"deaths": 2}, "ordinary", "四"),
        ({"serious_injuries": 100}, "extraordinary", "一"), ({"serious_injuries": 99}, "major", "二"),
        ({"serious_injuries": 50}, "major", "二"), ({"serious_injuries": 49}, "larger", "三"),
        ({"serious_injuries": 10}, "larger", "三"), ({"serious_injuries": 9}, "ordinary", "四"),
        ({"direct_loss_yuan": 10_000 * WAN}, "extraordinary", "一"), ({"direct_loss_yuan": "99999999.99"}, "major", "二"),
        ({"direct_loss_yuan": 5_000 * WAN}, "major", "二"), ({"direct_loss_yuan": "49999999.99"}, "larger", "三"),
        ({"direct_loss_yuan": 1_000 * WAN}, "larger", "三"), ({"direct_loss_yuan": "9999999.99"}, "ordinary", "四"),
    ],
)  # fmt: skip
def test_both_sides_of_every_bound(cost: dict[str, Any], grade: str, item: str) -> None:
    found = accident_grade(Casualties(**cost), DAY)
    assert found.value.grade == grade
    assert found.citations[0].article == f"第三条第一款第{item}项"
    assert found.settled


cost = st.integers(0, 200)


@given(cost, cost, st.integers(0, 3 * 10**8), cost, cost, st.integers(0, 10**8))
def test_more_harm_never_lowers_the_grade(d: int, i: int, loss: int, d2: int, i2: int, more: int) -> None:
    if d or i or loss:
        less = graded(deaths=d, serious_injuries=i, direct_loss_yuan=loss)
        worse = graded(deaths=d + d2, serious_injuries=i + i2, direct_loss_yuan=loss + more)
        assert worse.rank >= less.rank


@pytest.mark.parametrize(
    ("kind", "last", "grade", "ends"),
    [
        ("other", "2026-03-31", "larger", "2026-03-31"),
        ("other", "2026-04-01", "ordinary", "2026-03-31"),
        ("fire", "2026-03-08", "larger", "2026-03-08"),
        ("road_traffic", "2026-03-09", "ordinary", "2026-03-08"),
    ],
)
def test_who_dies_later_counts_within_the_window(kind: str, last: str, grade: str, ends: str) -> None:
    found = accident_grade(
        Casualties(deaths=2, serious_injuries=1, later_deaths=1, occurred=DAY, last_death=last, kind=kind),  # type: ignore[arg-type]
        DAY,
    ).value
    assert (found.grade, str(found.window_ends)) == (grade, ends)
    assert found.deaths + found.serious_injuries == 3


def test_the_missing_are_reported_and_count_as_dead_only_when_said() -> None:
    apart = accident_grade(Casualties(deaths=2, missing=1), DAY)
    assert apart.value.grade is Grade.ORDINARY
    assert "《生产安全事故报告和调查处理条例》第十二条第四项" in map(str, apart.citations)
    assert graded(deaths=2, missing=1, count_missing=Missing.AS_DEAD) is Grade.LARGER


@pytest.mark.parametrize(
    ("cost", "field"),
    [
        ({}, "deaths"),
        ({"deaths": 1, "later_deaths": 1}, "later_deaths"),
        ({"serious_injuries": 1, "later_deaths": 1}, "occurred"),
        ({"serious_injuries": 1, "later_deaths": 1, "occurred": DAY}, "last_death"),
        ({"deaths": 1, "occurred": DAY, "last_death": DAY - dt.timedelta(1)}, "last_death"),
    ],
)
def test_an_impossible_accident_is_refused(cost: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Casualties(**cost)
    assert caught.value.field == field


def test_before_the_regulation_nothing_is_held() -> None:
    eve = dt.date(2007, 5, 31)
    for ask in (
        lambda: accident_grade(Casualties(deaths=3), eve),
        lambda: accident_report_due(Reported(grade=Grade.MAJOR, occurred=AT), eve),
        lambda: accident_investigation(Investigated(grade=Grade.MAJOR, occurred=eve), eve),
    ):
        with pytest.raises(NotHeld, match="no text held"):
            ask()


def chain(**told: Any) -> dict[str, str]:
    found = accident_report_due(Reported(occurred=AT, **told), DAY).value
    return {one.step: f"{one.due:%H:%M}" for one in found.reports}


@pytest.mark.parametrize(
    ("grade", "steps"),
    [
        ("ordinary", {"site": "08:00", "unit": "09:00", "county": "11:00"}),
        ("larger", {"site": "08:00", "unit": "09:00", "county": "11:00", "city": "13:00", "quick": "10:00"}),
        ("major", {"site": "08:00", "unit": "09:00", "county": "11:00", "city": "13:00", "province": "15:00", "quick": "10:00"}),
        ("extraordinary", {"site": "08:00", "unit": "09:00", "county": "11:00", "city": "13:00", "province": "15:00", "quick": "10:00"}),
    ],
)  # fmt: skip
def test_reports_go_as_far_up_as_the_grade_asks(grade: str, steps: dict[str, str]) -> None:
    assert chain(grade=grade) == steps


def test_the_clocks_run_from_when_each_was_told() -> None:
    half = dt.timedelta(minutes=30)
    assert chain(grade="ordinary", unit_head_told=AT + half, office_told=AT + 2 * half) == {
        "site": "08:00", "unit": "09:30", "county": "11:00",
    }  # fmt: skip
    assert "quick" in chain(grade="ordinary", grave_impact=True)
    for wrong, field in (
        ({"unit_head_told": AT - half}, "unit_head_told"),
        ({"unit_head_told": AT + 2 * half, "office_told": AT + half}, "office_told"),
    ):
        with pytest.raises(BadInput) as caught:
            Reported(grade=Grade.LARGER, occurred=AT, **wrong)
        assert caught.value.field == field


def test_what_was_not_read_is_marked_and_left_out_before_its_day() -> None:
    found = accident_report_due(Reported(grade=Grade.MAJOR, occurred=AT), DAY)
    assert {str(c) for c in found.citations if c.to_verify} == {
        "《生产安全事故信息报告和处置办法》第八条（待核实）", "《生产安全事故信息报告和处置办法》续报（待核实）",
    }  # fmt: skip
    assert found.value.again_per_day == 2
    early = accident_report_due(Reported(grade=Grade.MAJOR, occurred=AT), dt.date(2008, 1, 1))
    assert early.settled
    assert early.value.again_per_day is None


@pytest.mark.parametrize(("kind", "until"), [(Accident.OTHER, "2026-03-31"), (Accident.FIRE, "2026-03-08")])
def test_changed_casualties_are_reported_for_thirty_or_seven_days(kind: Accident, until: str) -> None:
    assert (
        str(accident_report_due(Reported(grade=Grade.LARGER, occurred=AT, kind=kind), DAY).value.follow_up_until)
        == until
    )


@given(st.sampled_from(list(Grade)), st.integers(0, 100), st.integers(0, 100))
def test_no_report_is_due_before_it_can_be_made(grade: Grade, first: int, second: int) -> None:
    told = AT + dt.timedelta(minutes=first)
    found = accident_report_due(
        Reported(grade=grade, occurred=AT, unit_head_told=told, office_told=told + dt.timedelta(minutes=second)), DAY
    ).value
    dues = [one.due for one in found.reports if one.step != "quick"]
    assert dues[0] == AT
    assert all(due >= AT for due in dues)
    assert dues[2:] == sorted(dues[2:])


@pytest.mark.parametrize(
    ("grade", "who", "article"),
    [
        ("extraordinary", "国务院或者国务院授权有关部门", "第十九条第一款"),
        ("major", "事故发生地省级人民政府", "第十九条第二款"),
        ("larger", "事故发生地设区的市级人民政府", "第十九条第二款"),
        ("ordinary", "事故发生地县级人民政府", "第十九条第二款"),
    ],
)
def test_who_investigates(grade: str, who: str, article: str) -> None:
    found = accident_investigation(Investigated(grade=grade, occurred=DAY, casualties=False), DAY)  # type: ignore[arg-type]
    assert (found.value.authority.zh, found.citations[0].article) == (who, article)
    assert found.value.may_be_left_to_unit == (grade == "ordinary")


@pytest.mark.parametrize(
    ("grade", "extension", "due"),
    [("major", 0, "2026-05-16"), ("ordinary", 0, "2026-05-16"), ("extraordinary", 0, "2026-05-31"), ("extraordinary", 30, "2026-06-30")],
)  # fmt: skip
def test_approval_takes_fifteen_days_and_thirty_for_the_gravest(grade: str, extension: int, due: str) -> None:
    asked = Investigated(
        grade=grade,
        occurred=DAY,
        received=dt.date(2026, 5, 1),
        approval_extension_days=extension,  # type: ignore[arg-type]
    )
    assert str(accident_investigation(asked, DAY).value.approval_due) == due


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"extension_days": 61}, "extension_days"),
        ({"approval_extension_days": 1}, "approval_extension_days"),
        ({"received": DAY - dt.timedelta(1)}, "received"),
        ({"received": DAY, "approved": DAY - dt.timedelta(1)}, "approved"),
    ],
)
def test_days_that_cannot_be_are_refused(given_: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        accident_investigation(Investigated(grade=Grade.MAJOR, occurred=DAY, **given_), DAY)
    assert caught.value.field == field
    with pytest.raises(BadInput, match="approval_extension_days: is 31; accepted: 0 to 30 days"):
        accident_investigation(Investigated(grade=Grade.EXTRAORDINARY, occurred=DAY, approval_extension_days=31), DAY)


def test_the_evaluation_goes_by_the_law_of_the_day_of_approval() -> None:
    old = {"grade": Grade.LARGER, "occurred": dt.date(2021, 5, 1)}
    found = accident_investigation(Investigated(**old, approved=dt.date(2021, 9, 1)), dt.date(2021, 5, 1))  # type: ignore[arg-type]
    assert str(found.value.evaluation_due) == "2022-09-01"
    with pytest.raises(NotHeld, match="2021年修正前"):
        accident_investigation(Investigated(**old, approved=dt.date(2021, 8, 31)), dt.date(2021, 5, 1))  # type: ignore[arg-type]


@given(st.dates(dt.date(2007, 6, 1), dt.date(2040, 1, 1)), st.integers(0, 400), st.integers(0, 60), st.integers(0, 400))
def test_an_investigation_never_ends_before_it_began(day: dt.date, appraisal: int, extension: int, later: int) -> None:
    asked = Investigated(
        grade=Grade.LARGER,
        occurred=day,
        appraisal_days=appraisal,
        extension_days=extension,
        received=day + dt.timedelta(later),
    )
    found = accident_investigation(asked, day).value
    assert found.report_due == day + dt.timedelta(60 + appraisal + extension)
    assert day < found.report_due <= found.report_latest
    assert found.approval_due == day + dt.timedelta(later + 15)


@pytest.mark.parametrize(
    ("own", "text"),
    [("special_equipment", "特种设备安全监察条例"), ("power", "国务院令第599号"), ("railway", "国务院令第501号")],
)
def test_an_accident_with_a_list_of_its_own_is_not_graded_by_the_general_bounds(own: str, text: str) -> None:
    for day in (dt.date(2008, 1, 1), DAY):
        with pytest.raises(NotHeld, match=text):
            apply("accident_grade", {"deaths": 3, "own_list": own}, day)
