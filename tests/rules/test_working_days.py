"""The calendar: against its sources, by published vectors, and by property."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rules import book
from anlan.rules.citation import NotHeld
from anlan.rules.tables import rows
from anlan.rules.working_days import (
    FIRST,
    LAST,
    SETTLED_UNTIL,
    add_months,
    add_natural_days,
    add_working_days,
    calendar_day,
    is_provisional,
    is_working_day,
    working_days_between,
)

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "anlan" / "rules" / "data"
held_days = st.dates(dt.date(2005, 1, 1), dt.date(2045, 12, 31))


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The scripts beside this file that make the tables."""
    monkeypatch.syspath_prepend(str(HERE))
    import lunar
    import make_holidays

    return make_holidays, lunar


def test_the_tables_are_what_their_maker_makes(makers) -> None:  # type: ignore[no-untyped-def]
    maker, _ = makers
    assert (DATA / "holidays.csv").read_text(encoding="utf-8") == maker.holidays_csv()
    assert (DATA / "festivals.csv").read_text(encoding="utf-8") == maker.festivals_csv()


def test_every_published_year_equals_the_notices() -> None:
    import chinese_calendar

    day = FIRST
    while day.year <= 2026:
        assert is_working_day(day) == chinese_calendar.is_workday(day), day
        day += dt.timedelta(days=1)


def test_no_computed_festival_was_a_working_day() -> None:
    """Two independent roads to the same days: the notices, and the sky."""
    off = {row["date"]: row["name_en"] for row in rows("holidays") if row["kind"] == "holiday"}
    names = {
        "spring_festival": "Spring Festival",
        "qingming": "Tomb-sweeping Day",
        "dragon_boat": "Dragon Boat Festival",
        "mid_autumn": "Mid-autumn Festival",
    }
    named = 0
    for row in rows("festivals"):
        if 2008 <= int(row["year"]) <= 2026:
            for column, name in names.items():
                assert not is_working_day(dt.date.fromisoformat(row[column])), row
                named += off.get(row[column]) == name
    assert named >= 70  # of 76: the others fell on a weekend or into the National Day week


@pytest.mark.parametrize(
    ("year", "spring", "dragon_boat", "mid_autumn"),
    [(2027, "02-06", "06-09", "09-15"), (2033, "01-31", "06-01", "09-08"), (2034, "02-19", "06-20", "09-27")],
)
def test_leap_month_years_come_out_right(makers, year: int, spring: str, dragon_boat: str, mid_autumn: str) -> None:  # type: ignore[no-untyped-def]
    """2033 has the leap month after the eleventh, where the old rule of thumb fails."""
    found = makers[1].festivals(year)
    assert [f"{d:%m-%d}" for d in (found.spring_festival, found.dragon_boat, found.mid_autumn)] == [
        spring,
        dragon_boat,
        mid_autumn,
    ]


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-09-24", 7, "2026-10-12"),  # 28, 29, 30 Sep, 8, 9, 10 (make-up) Oct, 12 Oct
        ("2026-01-30", 20, "2026-03-05"),  # over the make-up days of 14 and 28 February
        ("2026-10-12", -7, "2026-09-24"),
        ("2026-10-01", 0, "2026-10-08"),
        ("2026-03-02", 1, "2026-03-03"),
    ],
)
def test_working_day_vectors(start: str, n: int, due: str) -> None:
    found = add_working_days(dt.date.fromisoformat(start), n)
    assert (found.due, found.raw, found.provisional) == (dt.date.fromisoformat(due),) * 2 + (False,)


def test_the_first_day_counts_when_told_so() -> None:
    monday = dt.date(2026, 3, 2)
    assert add_working_days(monday, 1, exclude_start=False).due == monday
    assert add_working_days(monday, -1, exclude_start=False).due == monday
    sunday = dt.date(2026, 3, 1)
    assert add_working_days(sunday, 1, exclude_start=False).due == monday
    assert add_natural_days(monday, 3, roll=False, exclude_start=False).due == dt.date(2026, 3, 4)


def test_natural_days_roll_only_when_told_so() -> None:
    start = dt.date(2026, 9, 20)
    rolled = add_natural_days(start, 15, roll=True)
    assert (rolled.raw, rolled.due) == (dt.date(2026, 10, 5), dt.date(2026, 10, 8))
    assert any("顺延至2026-10-08" in step.zh for step in rolled.steps)
    assert add_natural_days(start, 15, roll=False).due == dt.date(2026, 10, 5)
    assert add_natural_days(dt.date(2026, 2, 13), 1, roll=True).due == dt.date(2026, 2, 14)  # a make-up Saturday


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-11-15", 14, "2028-01-15"),
        ("2026-12-31", 0, "2026-12-31"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: str, n: int, due: str) -> None:
    assert add_months(dt.date.fromisoformat(start), n, roll=False).due == dt.date.fromisoformat(due)


def test_months_roll_too() -> None:
    assert add_months(dt.date(2026, 9, 3), 1, roll=True).due == dt.date(2026, 10, 8)


def test_later_years_are_provisional_and_say_so() -> None:
    for found in (
        add_working_days(dt.date(2026, 12, 25), 5),
        add_natural_days(dt.date(2027, 1, 30), 7, roll=True),
        add_working_days(dt.date(2027, 3, 1), -3),
    ):
        assert found.provisional
        assert any("暂定" in step.zh and "2027" in step.zh for step in found.steps)
    assert is_provisional(dt.date(2026, 12, 29))
    assert not is_provisional(SETTLED_UNTIL)
    assert not add_natural_days(dt.date(2027, 1, 30), 7, roll=False).provisional


def test_no_notice_has_moved_a_december_day_before_the_provisional_days_begin() -> None:
    moved = [row["date"][5:] for row in rows("holidays") if row["date"][5:7] == "12"]
    assert min(moved) > f"{SETTLED_UNTIL:%m-%d}"


def test_statutory_days_of_a_later_year() -> None:
    """Thirteen days by the decree of 2024-11-10, counted in a year in which none coincide."""
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    named = {day: calendar_day(day).name for day in days if calendar_day(day).name}
    assert len(named) == 13
    assert named[dt.date(2027, 2, 5)].zh == named[dt.date(2027, 2, 8)].zh == "春节"  # type: ignore[union-attr]
    assert not any(is_working_day(day) for day in named)
    assert not any(calendar_day(day).make_up for day in days)


def test_the_steps_name_days_off_and_make_up_days() -> None:
    steps = add_working_days(dt.date(2026, 9, 24), 7).steps
    assert any("10-01" in step and "09-25" in step for step in steps)
    assert any(step.zh == "其间调休上班：10-10" for step in steps)


@pytest.mark.parametrize("day", [dt.date(2003, 12, 31), dt.date(2051, 1, 1)])
def test_outside_the_held_years_nothing_is_invented(day: dt.date) -> None:
    for ask in (
        lambda: is_working_day(day),
        lambda: add_working_days(day, 1),
        lambda: add_natural_days(day, 0, roll=True),
        lambda: working_days_between(day, day),
    ):
        with pytest.raises(NotHeld):
            ask()
    assert add_natural_days(day, 1, roll=False).due == day + dt.timedelta(days=1)


def test_counting_past_the_end_is_refused() -> None:
    for start, n in ((LAST - dt.timedelta(days=3), 20), (FIRST, -1)):
        with pytest.raises(NotHeld):
            add_working_days(start, n)


@pytest.mark.parametrize(
    "count", [lambda d: add_natural_days(d, -1, roll=False), lambda d: add_months(d, -1, roll=False)]
)
def test_natural_counts_go_forward(count) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="forward"):
        count(dt.date(2026, 3, 2))


@given(held_days, st.integers(1, 120))
def test_the_nth_working_day_is_n_working_days_away(start: dt.date, n: int) -> None:
    due = add_working_days(start, n).due
    assert is_working_day(due)
    assert working_days_between(start, due) == n
    assert working_days_between(due, start) == -n


@given(held_days, st.integers(1, 120))
def test_counting_back_undoes_counting_on(start: dt.date, n: int) -> None:
    on_a_working_day = add_working_days(start, 0).due
    there = add_working_days(on_a_working_day, n).due
    assert add_working_days(there, -n).due == on_a_working_day


@given(held_days, held_days, held_days)
def test_working_days_between_add_up(a: dt.date, b: dt.date, c: dt.date) -> None:
    a, b, c = sorted((a, b, c))
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)


@given(held_days, st.integers(0, 400))
def test_rolling_never_goes_back_and_ends_on_a_working_day(start: dt.date, n: int) -> None:
    found = add_natural_days(start, n, roll=True)
    assert found.raw == start + dt.timedelta(days=n)
    assert found.raw <= found.due
    assert is_working_day(found.due)
    assert working_days_between(found.raw, found.due) == (found.raw != found.due)


@given(held_days, st.integers(1, 60))
def test_the_same_count_later_never_ends_earlier(start: dt.date, n: int) -> None:
    assert add_working_days(start, n).due <= add_working_days(start + dt.timedelta(days=1), n).due


def test_a_finding_says_whether_a_day_of_it_is_provisional() -> None:
    asked = {"step": "decision", "start": "2026-12-20"}
    found = book.apply("permit_clock", asked)
    assert found.provisional and found.value.provisional
    assert not book.apply("permit_clock", {**asked, "start": "2026-03-02"}).provisional
    assert book.apply("hazard_due", {"clock": "coal_publication", "start": "2026-12-28"}).provisional
