"""The clocks and codes of the book: hazards by their edition, counting days, social credit and administrative codes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import hazard_deadline, uscc
from anlan.rules.book import apply
from anlan.rules.calendar_rules import Span, working_days
from anlan.rules.citation import Level
from anlan.rules.code_rules import Area, Uscc, admin_code_checked, uscc_checked
from anlan.rules.hazard_clocks import Asked, Clock, hazard_due
from anlan.rules.penalty_clock import PenaltyStep, penalty_clock
from anlan.rules.refusal import BadInput, NotHeld, RuleBroken

DAY = dt.date(2026, 3, 2)


def due(clock: Clock, start: dt.date, **more: Any) -> str:
    return str(hazard_due(Asked(clock=clock, start=start, **more), start).value.due)


@pytest.mark.parametrize(
    ("clock", "start", "day"),
    [
        (Clock.REPORT_MAJOR, "2026-10-01", "2026-10-02"), (Clock.RECTIFICATION, "2026-03-02", "2026-03-17"),
        (Clock.REVIEW, "2026-09-25", "2026-10-08"), (Clock.RESTART_REVIEW, "2026-03-02", "2026-03-12"),
        (Clock.RECHECK, "2026-01-05", "2026-01-15"),
        (Clock.EXTENSION_WINDOW, "2025-06-30", "2025-06-30"), (Clock.EXTENSION_ANSWER, "2025-06-23", "2025-06-30"),
        (Clock.LOOK_BACK, "2026-03-01", "2026-03-31"), (Clock.QUARTERLY_STATISTICS, "2026-12-31", "2027-01-15"),
        (Clock.YEARLY_STATISTICS, "2026-05-05", "2027-01-31"), (Clock.COAL_RESTART, "2026-03-02", "2026-03-23"),
        (Clock.COAL_PUBLICATION, "2026-09-28", "2026-10-10"),
    ],
)  # fmt: skip
def test_each_clock(clock: Clock, start: str, day: str) -> None:
    assert due(clock, dt.date.fromisoformat(start)) == day


@pytest.mark.parametrize("clock", [Clock.EXTENSION_WINDOW, Clock.EXTENSION_ANSWER])
def test_the_penalty_procedure_of_2026_is_not_held(clock: Clock) -> None:
    assert due(clock, dt.date(2026, 1, 31))
    with pytest.raises(NotHeld, match="第18号"):
        due(clock, dt.date(2026, 2, 1))


def test_the_recheck_goes_by_the_order_then_only_by_a_number_of_ones_own() -> None:
    assert due(Clock.RECHECK, dt.date(2026, 1, 31)) == "2026-02-10"
    after = dt.date(2026, 2, 1)
    with pytest.raises(NotHeld, match="第18号"):
        due(Clock.RECHECK, after)
    own = hazard_due(Asked(clock=Clock.RECHECK, start=after, local_days=7), after)
    assert {citation.level for citation in own.citations} == {Level.NATIONAL, Level.LOCAL}
    with pytest.raises(NotHeld, match="2016年前文本"):
        due(Clock.RECHECK, dt.date(2015, 12, 31))


@given(st.dates(dt.date(2015, 1, 1), dt.date(2027, 12, 31)))
def test_the_clocks_of_the_order_are_one_wherever_they_are_asked(start: dt.date) -> None:
    for clock, step in (
        (Clock.RECHECK, "recheck"),
        (Clock.EXTENSION_ANSWER, "extension_answer"),
        (Clock.EXTENSION_WINDOW, "extension_request"),
    ):
        said: list[Any] = []
        for ask in (
            lambda clock=clock: hazard_due(Asked(clock=clock, start=start), start).value,
            lambda step=step: penalty_clock(PenaltyStep(step=step, start=start), start).value,
        ):
            try:
                found = ask()
            except NotHeld as why:
                said.append(str(why))
            else:
                said.append(getattr(found, "opens", None) or found.due)
        assert said[0] == said[1]


@pytest.mark.parametrize("clock", [Clock.COAL_RESTART, Clock.COAL_PUBLICATION])
def test_the_coal_regulation_answers_from_its_first_day(clock: Clock) -> None:
    assert due(clock, dt.date(2024, 5, 1))
    with pytest.raises(RuleBroken, match="no such rule was in force on 2024-04-30"):
        due(clock, dt.date(2024, 4, 30))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"clock": Clock.REVIEW, "ordered": DAY}, "ordered"),
        ({"clock": Clock.RECTIFICATION, "plan": DAY - dt.timedelta(1)}, "plan"),
        ({"clock": Clock.RESTART_REVIEW, "local_days": 3}, "local_days"),
        ({"clock": Clock.REVIEW, "local_days": -3}, "local_days"),
    ],
)
def test_what_a_clock_cannot_use_is_refused(more: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Asked(start=DAY, **more)
    assert caught.value.field == field


@given(st.sampled_from(list(Clock)), st.dates(dt.date(2024, 5, 1), dt.date(2026, 1, 31)), st.integers(0, 400))
def test_no_clock_ends_before_it_starts_and_the_book_says_what_the_function_says(
    clock: Clock, start: dt.date, days: int
) -> None:
    local = {"local_days": days} if clock in ("report_major", "rectification", "review", "look_back") else {}
    found = hazard_due(Asked(clock=clock, start=start, **local), start)  # type: ignore[arg-type]
    assert found.value.due >= start
    assert found.citations
    if clock is Clock.REVIEW:
        assert found.value.due == hazard_deadline.review_due(start, days_local=days).value


spans = st.dates(dt.date(2005, 1, 1), dt.date(2045, 12, 31))


@given(spans, st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(start: dt.date, a: int, b: int) -> None:
    first = working_days(Span(start=start, days=0), start).value.due
    both = working_days(Span(start=first, days=a + b), start).value.due
    half = working_days(Span(start=first, days=a), start).value.due
    assert working_days(Span(start=half, days=b), start).value.due == both
    assert working_days(Span(start=first, end=both), start).value.working_days == a + b


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"start": "2026-03-02"}, "days"),
        ({"start": "2026-03-02", "days": 1, "end": "2026-03-05"}, "days"),
        ({"start": "2026-03-02", "days": -1, "unit": "natural"}, "days"),
        ({"start": "2026-03-02", "days": 6000}, "days"),
    ],
)
def test_a_span_says_one_thing(sent: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        apply("working_days", sent)
    assert caught.value.field == field


@pytest.mark.parametrize("start", ["2003-12-31", "2051-01-01"])
def test_years_that_are_not_held_are_refused(start: str) -> None:
    with pytest.raises(NotHeld, match="no text held"):
        apply("working_days", {"start": start, "days": 3})


def test_natural_days_without_rolling_need_no_calendar_of_days_off() -> None:
    found = working_days(Span(start=dt.date(2026, 9, 20), days=15, unit="natural", roll=False), DAY)  # type: ignore[arg-type]
    assert (str(found.value.due), found.value.provisional) == ("2026-10-05", False)
    assert "《民法典》第二百零三条（待核实）" not in map(str, found.citations)


def test_codes() -> None:
    good = uscc_checked(Uscc(code=uscc.make_valid("91441481", 7)), DAY).value
    assert (good.valid, good.area, good.doubts) == (True, "441481", ())
    wrong = uscc_checked(Uscc(code="911100O060003734IL"), DAY).value
    assert not wrong.valid
    assert [p.zh for p in wrong.problems] == ["第7位不能是“O”（应为数字0？）", "第17位不能是“I”（应为数字1？）"]
    temporary = uscc_checked(Uscc(code=uscc.make_provisional("441481", 12)), DAY).value
    assert (temporary.valid, temporary.provisional) == (False, True)
    place = admin_code_checked(Area(code="441900003"), DAY).value
    assert (place.level, place.above) == ("town", ("440000000000", "441900000000"))
    assert not admin_code_checked(Area(code="x"), DAY).value.valid
