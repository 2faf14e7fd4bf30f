"""Every clock of the book: no day before its start, later starts never end earlier, each day by its own edition."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anlan.rules
from anlan.rules.citation import Confidence, NotHeld
from anlan.rules.editions import State
from anlan.rules.inputs import CHINA
from anlan.rules.limits import Clock, Limit, Unit, count, months_before, require_moment, term
from anlan.rules.refusal import BadInput, RuleBroken

DAY = dt.date(2026, 3, 2)


def tables() -> dict[str, Mapping[str, Clock]]:
    """The tables of clocks, by the file they stand in."""
    found = {}
    for file in pkgutil.iter_modules(anlan.rules.__path__):
        held = getattr(importlib.import_module(f"anlan.rules.{file.name}"), "CLOCKS", None)
        if isinstance(held, Mapping) and all(isinstance(one, Clock) for one in held.values()):
            found[file.name] = held
    return found


TABLES = tables()
CLOCKS = [clock for clocks in TABLES.values() for clock in clocks.values()]
clocks = st.sampled_from(CLOCKS)
days = st.dates(dt.date(2016, 1, 1), dt.date(2030, 12, 31))


def answered(clock: Clock, start: dt.date) -> tuple[dt.date, dt.date | None, bool] | None:
    """Due day, extended day and whether it runs back; ``None`` where the edition of that day does not answer."""
    if clock.editions.at(start).state is not State.HELD:
        with pytest.raises(RuleBroken):
            term(clock, start, start)
        return None
    limit = clock.editions.at(start).held
    moment = dt.datetime.combine(start, dt.time(9), CHINA) if limit.unit is Unit.HOURS else None
    value = term(clock, start, start, moment=moment).value
    due = value.due.date() if isinstance(value.due, dt.datetime) else value.due
    extended = value.extended.date() if isinstance(value.extended, dt.datetime) else value.extended
    return due, extended, limit.back


@given(clocks, days)
@settings(max_examples=400, deadline=None)
def test_no_limit_ends_before_its_start(clock: Clock, start: dt.date) -> None:
    found = answered(clock, start)
    if found is not None:
        due, extended, back = found
        assert (due <= start) if back else (due >= start)
        assert extended is None or extended >= due


@given(clocks, days, st.integers(0, 400))
@settings(max_examples=400, deadline=None)
def test_a_later_start_never_ends_earlier_within_an_edition(clock: Clock, start: dt.date, later: int) -> None:
    other = start + dt.timedelta(days=later)
    if clock.editions.at(start) is not clock.editions.at(other):
        return
    first, second = answered(clock, start), answered(clock, other)
    if first is not None and second is not None:
        assert second[0] >= first[0]


@given(
    st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS, Unit.YEARS]), days, st.integers(1, 60), st.booleans()
)
@settings(deadline=None)
def test_more_days_never_end_earlier(unit: Unit, start: dt.date, number: int, roll: bool) -> None:
    number = min(number, 15) if unit is Unit.YEARS else number
    limit = Limit(number, unit, roll=roll)
    assert count(limit, start, number + 1).raw > count(limit, start, number).raw


@given(days, st.integers(0, 240))
def test_months_back_and_forth(day: dt.date, months: int) -> None:
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day <= day.day


def test_a_test_of_every_clock_has_clocks() -> None:
    assert "penalty_clock" in TABLES
    for name, table in TABLES.items():
        assert list(table) == [clock.code for clock in table.values()], name


@pytest.mark.parametrize("clock", CLOCKS, ids=[clock.editions.matter for clock in CLOCKS])
def test_a_clock_names_its_clause_or_says_it_is_to_be_verified(clock: Clock) -> None:
    assert clock.label.zh
    assert clock.start.zh
    for row in clock.editions:
        if row.state is State.HELD and row.citation.confidence is Confidence.A:
            assert row.citation.place is not None or row.citation.note, row.citation
        if row.figures is not None:
            assert row.figures.number > 0
            assert not (row.figures.back and row.figures.roll)


def test_hours_and_days_do_not_mix() -> None:
    penalty = TABLES["penalty_clock"]
    nine = dt.datetime(2026, 3, 2, 9, tzinfo=CHINA)
    require_moment(penalty, "power_cut_notice", DAY, nine)
    with pytest.raises(BadInput, match="moment: is missing"):
        require_moment(penalty, "power_cut_notice", DAY, None)
    with pytest.raises(BadInput, match="accepted: a time on 2026-03-02"):
        require_moment(penalty, "power_cut_notice", DAY, nine + dt.timedelta(days=1))
    with pytest.raises(BadInput, match="accepted: nothing"):
        require_moment(penalty, "payment", DAY, nine)


def test_the_calendar_ends() -> None:
    with pytest.raises(NotHeld):
        count(Limit(5, Unit.WORKING_DAYS), dt.date(2050, 12, 30), 5)
