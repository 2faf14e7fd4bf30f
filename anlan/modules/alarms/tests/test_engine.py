"""The engine: by example, held to a plain twin, and cut into batches of every size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.modules.alarms.engine import KINDS, Engine, Setting, Transition
from anlan.modules.alarms.tests.plainly import Plainly

Row = tuple[int, int, float, int, bool]
MONDAY = 1_763_308_800_000  # 2025-11-17 00:00 in China


def feed(engine: Engine, rows: list[Row]) -> list[Transition]:
    columns = [np.array(c) for c in zip(*rows, strict=True)] if rows else [np.array([], dtype=int)] * 5
    return engine.feed(*columns, now_ms=0)


def read(engine: Engine, *readings: tuple[int, float], tag: int = 1) -> list[tuple[str, int]]:
    return [(t.kind, t.at_ms) for t in feed(engine, [(tag, at, v, 0, False) for at, v in readings])]


def test_high_is_raised_at_the_limit_and_returns_beyond_the_dead_band() -> None:
    engine = Engine([Setting(1, 1, "high", 80, dead_band=2)])
    assert read(engine, (1000, 79.9), (2000, 80.0)) == [("raised", 2000)]
    assert read(engine, (3000, 79.0), (4000, 78.0)) == []  # inside the band
    assert read(engine, (5000, 77.9)) == [("returned", 5000)]


def test_a_limit_met_for_less_than_the_on_delay_is_nothing() -> None:
    engine = Engine([Setting(1, 1, "low", 5, on_delay_ms=3000)])
    assert read(engine, (1000, 4), (2000, 4), (3500, 6), (9000, 6)) == []
    assert engine.tick(20_000) == []


def test_the_on_delay_counts_from_the_first_reading_whoever_finds_it_over() -> None:
    by_reading, by_tick = (Engine([Setting(1, 1, "low", 5, on_delay_ms=3000)]) for _ in range(2))
    assert read(by_reading, (1000, 4.5), (9000, 6)) == [("raised", 4000), ("returned", 9000)]
    assert read(by_tick, (1000, 4.5)) == [] and by_tick.tick(3_999) == []
    assert by_tick.tick(5_000) == [Transition(1, 1, "raised", 4000, 4.5)]
    assert read(by_tick, (9000, 6)) == [("returned", 9000)]


def test_the_off_delay_starts_again_when_the_value_comes_back() -> None:
    engine = Engine([Setting(1, 1, "high", 80, off_delay_ms=5000)])
    read(engine, (0, 90))
    assert read(engine, (1000, 70), (3000, 85), (4000, 70)) == []
    assert engine.tick(8_999) == [] and [t.at_ms for t in engine.tick(9_500)] == [9000]


def test_two_limits_of_one_tag_are_raised_one_after_the_other() -> None:
    engine = Engine([Setting(1, 1, "high", 80), Setting(2, 1, "high_high", 90)])
    got = feed(engine, [(1, 1000, 85, 0, False), (1, 2000, 95, 0, False), (1, 3000, 85, 0, False)])
    assert [(t.setting, t.kind) for t in got] == [(1, "raised"), (2, "raised"), (2, "returned")]
    assert engine.standing() == [1]


def test_rate_counts_units_a_minute_either_way() -> None:
    engine = Engine([Setting(1, 1, "rate", 6)])
    assert read(engine, (0, 10), (10_000, 10.9)) == []
    assert read(engine, (20_000, 9.9)) == [("raised", 20_000)]
    assert read(engine, (30_000, 9.9)) == [("returned", 30_000)]


def test_silence_is_found_by_a_tick_and_ends_with_the_next_reading() -> None:
    engine = Engine([Setting(1, 1, "no_data", 60)])
    read(engine, (1000, 1))
    assert engine.tick(60_999) == []
    assert engine.tick(61_000) == [Transition(1, 1, "raised", 61_000, None)]
    assert engine.tick(99_000) == []
    assert read(engine, (100_000, 1)) == [("returned", 100_000)]


def test_a_tag_that_never_spoke_is_waited_for_from_the_first_look() -> None:
    engine = Engine([Setting(1, 1, "no_data", 60)])
    assert engine.tick(5_000) == [] and engine.tick(64_000) == []
    assert [t.at_ms for t in engine.tick(70_000)] == [65_000]


def test_bad_readings_are_silence_and_judge_nothing() -> None:
    engine = Engine([Setting(1, 1, "no_data", 60), Setting(2, 1, "high", 80)])
    read(engine, (0, 1))
    assert feed(engine, [(1, 30_000, 99, 2, False), (1, 50_000, math.nan, 0, False)]) == []
    assert [t.setting for t in engine.tick(60_000)] == [1]


def test_a_value_that_does_not_move_is_stuck_since_it_last_did() -> None:
    engine = Engine([Setting(1, 1, "stuck", 60, dead_band=0.1)])
    assert read(engine, *((at, 5 + 0.05 * (at % 20_000 == 0)) for at in range(0, 60_000, 10_000))) == []
    assert read(engine, (60_000, 5.0)) == [("raised", 60_000)]
    assert read(engine, (70_000, 5.2)) == [("returned", 70_000)]
    assert read(engine, *((at, at / 100_000) for at in range(80_000, 300_000, 10_000))) == []  # a slow drift is none


def test_a_switch_alarms_in_its_state() -> None:
    engine = Engine([Setting(1, 1, "digital", 1), Setting(2, 2, "digital", 0)])
    assert read(engine, (0, 0), (1000, 1), (2000, 0)) == [("raised", 1000), ("returned", 2000)]
    assert read(engine, (0, 1), (1000, 0), tag=2) == [("raised", 1000)]


def test_outside_its_hours_a_setting_sleeps() -> None:
    nine_to_ten = ((9 * 60, 10 * 60),)
    engine = Engine([Setting(1, 1, "high", 80, schedule=nine_to_ten)])
    hour = 3_600_000
    assert read(engine, (MONDAY + 8 * hour, 90)) == []
    assert read(engine, (MONDAY + 9 * hour, 90)) == [("raised", MONDAY + 9 * hour)]
    assert read(engine, (MONDAY + 10 * hour, 90)) == [("returned", MONDAY + 10 * hour)]


def test_late_readings_and_old_ones_never_raise() -> None:
    engine = Engine([Setting(1, 1, "high", 80)])
    read(engine, (10_000, 10))
    assert feed(engine, [(1, 20_000, 99, 0, True), (1, 5_000, 99, 0, False), (1, 10_000, 99, 0, False)]) == []
    assert engine.standing() == []


def test_a_changed_limit_keeps_what_is_raised_until_the_next_reading() -> None:
    engine = Engine([Setting(1, 1, "high", 80), Setting(2, 2, "high", 80, on_delay_ms=9000)])
    feed(engine, [(1, 1000, 85, 0, False), (2, 1000, 85, 0, False)])
    engine.replace([Setting(1, 1, "high", 90), Setting(2, 2, "high", 80, on_delay_ms=9000), Setting(3, 1, "low", 1)])
    assert engine.standing() == [1]
    assert [(t.setting, t.at_ms) for t in engine.tick(10_000)] == [(2, 10_000)]  # its delay ran on
    assert read(engine, (2000, 85)) == [("returned", 2000)]


@pytest.mark.parametrize("broken", [
    [Setting(1, 1, "high", 1), Setting(1, 2, "high", 1)],
    [Setting(1, 1, "no_data", 60), Setting(2, 1, "no_data", 90)],
    [Setting(1, 1, "high", 1, on_delay_ms=-1)],
])  # fmt: skip
def test_settings_that_contradict_themselves_are_refused(broken: list[Setting]) -> None:
    with pytest.raises(ValueError, match="setting"):
        Engine(broken)


def test_bytes_that_are_no_checkpoint_are_refused() -> None:
    with pytest.raises(ValueError, match="no state"):
        Engine().restore(b"something else")


def test_unknown_tags_and_nothing_at_all_are_passed_over() -> None:
    engine = Engine([Setting(1, 5, "high", 80)])
    assert (
        feed(engine, [(4, 0, 99, 0, False), (6, 0, 99, 0, False), (-1, 0, 99, 0, False), (10**8, 0, 99, 0, False)])
        == []
    )
    assert feed(engine, []) == [] and Engine().tick(0) == [] and read(Engine(), (0, 1.0)) == []


# -- whatever is thrown at it ----------------------------------------------------------------------------------------

LIMITS = {"no_data": (5, 20), "stuck": (5, 20), "digital": (0, 2), "rate": (60, 600)}
SECONDS = st.integers(0, 4).map(lambda s: s * 1000)
HOURS = st.none() | st.just(((0, 1), (3, 4))) | st.just(((1, 10_080),))


@st.composite
def any_settings(draw: st.DrawFn) -> list[Setting]:
    found, number = [], 0
    for tag in (1, 2, 3):
        for kind in draw(st.lists(st.sampled_from(KINDS), unique=True, max_size=5)):
            number += 1
            limit = draw(st.integers(*LIMITS.get(kind, (0, 10))))
            found.append(Setting(
                number, tag, kind, float(limit), on_delay_ms=draw(SECONDS), off_delay_ms=draw(SECONDS),
                dead_band=float(draw(st.integers(0, 3))), schedule=draw(HOURS),
            ))  # fmt: skip
    return found


VALUES = st.integers(-1, 11).map(float) | st.just(math.nan)
ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 12_000).map(lambda t: MONDAY + t * 20), VALUES, st.sampled_from([0, 0, 1, 2]),
              st.sampled_from([False, False, False, True])),
    max_size=60,
)  # fmt: skip


def in_time(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[1])


def by_setting(found: list[Transition]) -> dict[int, list[Transition]]:
    return {t.setting: [u for u in found if u.setting == t.setting] for t in found}


@given(any_settings(), ROWS, st.booleans())
@settings(max_examples=300, deadline=None)
def test_it_finds_what_its_plain_twin_finds(limits: list[Setting], rows: list[Row], ordered: bool) -> None:
    rows = in_time(rows) if ordered else rows
    engine, plain = Engine(limits), Plainly(limits)
    found = feed(engine, rows)
    plain.feed(rows)
    assert by_setting(found) == by_setting(plain.transitions())
    heard = {tag for tag, _, v, q, late in rows if q < 2 and not late and v == v}
    end = MONDAY + 10_000_000
    ticked = [t for t in engine.tick(end) if t.tag in heard]
    before = len(plain.transitions())
    plain.tick(end)
    assert len(found) + len(ticked) == len(plain.transitions()) >= before
    assert by_setting(found + ticked) == by_setting(plain.transitions())


@given(any_settings(), ROWS, st.lists(st.integers(1, 9), min_size=1), st.booleans())
@settings(max_examples=200, deadline=None)
def test_the_size_of_batches_changes_nothing(
    limits: list[Setting], rows: list[Row], sizes: list[int], ordered: bool
) -> None:
    rows = in_time(rows) if ordered else rows
    whole, cut = Engine(limits), Engine(limits)
    pieces, start, turn = [], 0, 0
    while start < len(rows):
        size = sizes[turn % len(sizes)]
        pieces += feed(cut, rows[start : start + size])
        start, turn = start + size, turn + 1
    assert by_setting(feed(whole, rows)) == by_setting(pieces)
    assert whole.tick(MONDAY + 10_000_000) == cut.tick(MONDAY + 10_000_000)


@given(any_settings(), ROWS, st.lists(st.integers(1, 60), max_size=3))
@settings(max_examples=150, deadline=None)
def test_when_somebody_looked_changes_nothing_for_readings_that_come_in_time(
    limits: list[Setting], rows: list[Row], looks: list[int]
) -> None:
    rows, end = in_time(rows), MONDAY + 10_000_000
    heard = {tag for tag, _, v, q, late in rows if q < 2 and not late and v == v}
    seldom, often = Engine(limits), Engine(limits)
    pieces, start = [], 0
    for where in sorted({min(look, len(rows)) for look in looks} - {0}):
        pieces += feed(often, rows[start:where]) + often.tick(rows[where - 1][1])
        start = where
    pieces += feed(often, rows[start:]) + often.tick(end)
    straight = feed(seldom, rows) + seldom.tick(end)
    limits = [s for s in limits if s.tag in heard and s.kind != "no_data"]
    for one in limits:
        assert [t for t in pieces if t.setting == one.id] == [t for t in straight if t.setting == one.id]


@given(any_settings(), ROWS, st.integers(0, 60), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_restart_goes_on_as_if_there_had_been_none(
    limits: list[Setting], rows: list[Row], where: int, twice: bool
) -> None:
    steady, broken = Engine(limits), Engine(limits)
    feed(steady, rows[:where])
    feed(broken, rows[:where])
    fresh = Engine(limits)
    fresh.restore(broken.dump())
    again = rows[max(0, where - 5) :] if twice else rows[where:]  # what was not confirmed is delivered once more
    if not twice:
        assert feed(fresh, again) == feed(steady, again)
        assert fresh.tick(MONDAY + 10_000_000) == steady.tick(MONDAY + 10_000_000)
        assert fresh.standing() == steady.standing()
    else:
        assert feed(fresh, rows[max(0, where - 5) : where]) == []


@given(any_settings(), ROWS)
@settings(max_examples=100, deadline=None)
def test_late_readings_change_nothing(limits: list[Setting], rows: list[Row]) -> None:
    with_late, without = Engine(limits), Engine(limits)
    assert feed(with_late, rows) == feed(without, [row for row in rows if not row[4]])
    assert with_late.tick(MONDAY + 10_000_000) == without.tick(MONDAY + 10_000_000)
