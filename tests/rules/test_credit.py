"""Credit: the list, tip-offs and their rewards, standardisation and insurance, each by the text of its day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules.accident_grade import Grade
from anlan.rules.book import apply
from anlan.rules.citation import NotHeld
from anlan.rules.credit_list import Acts, Condition, Listed, credit_entry, credit_list
from anlan.rules.refusal import BadInput
from anlan.rules.standardisation import Scored, standardisation
from anlan.rules.tipoffs import Tipoff, tipoff_reward

DAY = dt.date(2026, 3, 2)
ONE = dt.timedelta(days=1)


def hazard(fine: Any) -> Decimal:
    return tipoff_reward(Tipoff(subject="hazard", fine_yuan=fine), DAY).value.reward_yuan


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_fine_never_lowers_the_reward(fine: int, more: int) -> None:
    assert 3_000 <= hazard(fine) <= hazard(fine + more) <= 300_000


@pytest.mark.parametrize(
    ("fine", "reward"), [(0, 3000), (20_000, 3000), (20_100, 3015), (2_000_000, 300_000), (2_000_001, 300_000)]
)
def test_the_reward_is_held_within_its_bounds(fine: int, reward: int) -> None:
    assert hazard(fine) == reward


@pytest.mark.parametrize(
    ("grade", "each"), [("ordinary", 30_000), ("larger", 40_000), ("major", 50_000), ("extraordinary", 60_000)]
)
def test_a_concealed_death_has_its_sum_by_grade(grade: str, each: int) -> None:
    asked = Tipoff(subject="concealed_accident", grade=grade, concealed_deaths=2)
    assert tipoff_reward(asked, DAY).value.reward_yuan == 2 * each


@given(st.sampled_from(list(Grade)), st.integers(1, 50), st.integers(0, 50))
def test_more_concealed_deaths_never_lower_the_reward(grade: Grade, deaths: int, more: int) -> None:
    def of(number: int) -> Decimal:
        asked = Tipoff(subject="concealed_accident", grade=grade, concealed_deaths=number)
        return tipoff_reward(asked, DAY).value.reward_yuan

    assert of(deaths) <= of(deaths + more) <= 300_000


def test_a_reward_asks_for_what_it_needs() -> None:
    with pytest.raises(BadInput, match="fine_yuan: is missing"):
        Tipoff(subject="hazard")
    with pytest.raises(BadInput, match="grade: is missing"):
        Tipoff(subject="concealed_accident", concealed_deaths=1)
    with pytest.raises(BadInput, match="concealed_deaths: is 0"):
        Tipoff(subject="concealed_accident", concealed_deaths=0, grade=Grade.LARGER)
    with pytest.raises(NotHeld):
        tipoff_reward(Tipoff(subject="hazard", fine_yuan=Decimal(1)), dt.date(2018, 12, 31))


def test_an_insiders_share_is_a_local_parameter() -> None:
    found = tipoff_reward(Tipoff(subject="hazard", fine_yuan=Decimal(100_000), insider_percent=Decimal(20)), DAY)
    assert (found.value.reward_yuan, found.value.with_insider_yuan) == (15_000, 18_000)
    assert "local" in [c.level.value for c in found.citations]


@pytest.mark.parametrize(("step", "number", "extended"), [("closing", 60, "2026-06-01"), ("collection", 60, "None")])
def test_limits_of_a_tip_off_are_to_be_verified(step: str, number: int, extended: str) -> None:
    found = apply("tipoff_clock", {"step": step, "start": "2026-03-02"})
    assert (found.value.number, str(found.value.extended)) == (number, extended)
    assert found.citations[0].to_verify


def listing(listed: dt.date, day: dt.date, **more: bool) -> Any:
    return credit_list(Listed(listed=listed, day=day, **more), listed).value


def test_the_list_of_order_11() -> None:
    listed = dt.date(2024, 2, 29)
    right = {"penalty_performed": True, "harm_removed": True}
    assert listing(listed, listed).ends == dt.date(2027, 2, 28)
    assert not listing(listed, dt.date(2025, 2, 27), **right).may_ask
    assert listing(listed, dt.date(2025, 2, 28), **right).may_ask
    assert not listing(listed, dt.date(2025, 2, 28), **right, new_breach=True).may_ask
    assert not listing(listed, dt.date(2027, 2, 28), **right).stands
    with pytest.raises(NotHeld, match="安全生产领域失信行为"):
        listing(dt.date(2023, 9, 30), DAY)
    with pytest.raises(BadInput, match="day: is 2024-01-01, before the entry"):
        Listed(listed=listed, day=dt.date(2024, 1, 1))


@given(st.dates(dt.date(2023, 10, 1), dt.date(2030, 1, 1)), st.integers(0, 1000))
def test_an_entry_ends_after_it_begins_and_later_ones_later(listed: dt.date, later: int) -> None:
    first, second = listing(listed, listed), listing(listed + later * ONE, listed + later * ONE)
    assert listed < first.early_from < first.ends
    assert first.ends <= second.ends
    assert first.stands


def test_larger_accidents_count_over_rolling_twelve_months() -> None:
    def of(*days: str) -> tuple[str, ...]:
        asked = Acts(day=DAY, larger_accidents=tuple(dt.date.fromisoformat(day) for day in days))
        return credit_entry(asked, DAY).value.conditions

    assert of("2025-03-03", "2026-03-02") == ("two_larger_accidents",)
    assert of("2025-03-02", "2026-03-02") == ()
    assert of("2026-03-03", "2026-03-02") == ()


def test_a_condition_from_recall_is_to_be_verified() -> None:
    assert credit_entry(Acts(day=DAY, acts=(Condition.CONCEALED,)), DAY).settled
    assert not credit_entry(Acts(day=DAY, acts=(Condition.EVADED,)), DAY).settled


@pytest.mark.parametrize(
    ("sent", "grade"),
    [({"score": 90}, "A"), ({"score": 89.99}, "B"), ({"score": 60}, "C"), ({"score": 59}, "D"),
     ({"score": 100, "on_the_list": True}, "D"), ({"score": 59, "open_major_hazard": True}, "D"),
     ({"score": 85, "a_from": 85, "b_from": 70}, "A")],
)  # fmt: skip
def test_grades_are_parameters_to_be_verified(sent: dict[str, Any], grade: str) -> None:
    found = apply("credit_grade", sent, DAY)
    assert found.value == {"grade": grade}
    assert not found.settled
    with pytest.raises(BadInput, match="b_from: is 80, not between"):
        apply("credit_grade", {"score": 1, "a_from": 70}, DAY)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_higher_score_never_reaches_a_lower_level(score: int, more: int) -> None:
    def of(number: int) -> int:
        return standardisation(Scored(score=Decimal(number)), DAY).value.level or 4

    assert of(min(score + more, 100)) <= of(score)


def test_a_level_holds_three_years_and_is_asked_for_again_after_one() -> None:
    value = standardisation(Scored(score=Decimal(60), published=DAY, revoked=DAY), DAY).value
    assert (value.level, value.ends, value.apply_again_from) == (3, dt.date(2029, 3, 1), dt.date(2027, 3, 2))
    with pytest.raises(NotHeld):
        standardisation(Scored(score=Decimal(60)), dt.date(2021, 12, 31))


@pytest.mark.parametrize(
    ("on", "least", "in_order"),
    [("2025-03-28", 300_000, True), ("2025-03-29", 400_000, False), ("2018-01-01", 300_000, True)],
)
def test_the_least_sum_of_a_policy_is_that_of_its_day(on: str, least: int, in_order: bool) -> None:
    sent = {"sector": "smelting", "insured": True, "per_person_yuan": 350_000}
    value = apply("liability_insurance", sent, on).value
    assert (value.least_per_person_yuan, value.in_order) == (least, in_order)


def test_a_policy_covers_everybody() -> None:
    sent = {"sector": "other", "insured": True, "per_person_yuan": 400_000, "employees": 10, "covered": 9}
    value = apply("liability_insurance", sent, DAY).value
    assert (value.must_insure, value.in_order, len(value.faults)) == (False, False, 1)
    with pytest.raises(NotHeld):
        apply("liability_insurance", sent, "2017-12-31")
