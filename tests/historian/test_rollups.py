"""Roll-ups equal what is counted from the readings, whatever comes late, twice, or is read again after a kill."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from anlan.runtime.historian.catalogue import Catalogue
from anlan.runtime.historian.checks import Latest
from anlan.runtime.historian.decode import Columns
from anlan.runtime.historian.rolling import Rolling
from anlan.runtime.historian.rollups import HOUR_MS, MINUTE_MS
from anlan.runtime.historian.store import HOURS, MINUTES, Rows, Store

T = 1_795_305_600_000
SENSORS = np.array([11, 12, 17, 40], np.int32)
Reading = tuple[int, int, float, int]  # place, ts, value, quality


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("rollups") / "store")
    yield made
    made.close()


@pytest.fixture
def store(whole: Store) -> Store:
    for table in ("readings", "minutes", "hours"):
        whole.engine.tell(f"TRUNCATE TABLE telemetry.{table}")
    return whole


class Taker:
    """Takes readings in as the historian does, and begins again from a checkpoint when it is killed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.catalogue = Catalogue(SENSORS, {}, {int(key): place for place, key in enumerate(SENSORS)})
        self.latest, self.rolling = Latest(len(SENSORS)), Rolling(self.catalogue)

    def take(self, readings: list[Reading]) -> None:
        place, ts, value, quality = zip(*readings, strict=True)
        n = len(readings)
        rows = Columns(
            np.array(place, np.int32), np.array(ts, np.int64), np.array(value, float), np.array(quality, np.int8),
            np.full(n, T + 30 * HOUR_MS), np.zeros(n, np.int32),
        )  # fmt: skip
        checked = self.latest.check(rows, 60_000)
        self.rolling.add(rows, checked)
        once = ~checked.twice
        rows, late = rows.taken(once), checked.late[once]
        self.store.append(Rows(self.catalogue.sensors[rows.index], rows.ts, rows.value, rows.quality, late))

    def kept(self, silent_before: int | None = None) -> tuple[bytes, bytes]:
        """What is due is stored; the checkpoint after it."""
        due = self.rolling.due(self.store, silent_before)
        if due is not None:
            due()
        return self.latest.dump(SENSORS), self.rolling.dump()

    def killed(self, kept: tuple[bytes, bytes]) -> Taker:
        fresh = Taker(self.store)
        fresh.latest.restore(kept[0], fresh.catalogue.place_of)
        fresh.rolling.restore(kept[1])
        return fresh


def said(dice: random.Random) -> list[Reading]:
    """Some hours of four tags: in order mostly, some late, some twice, with gaps."""
    found: list[Reading] = []
    now = [T + dice.randrange(HOUR_MS) for _ in SENSORS]
    for _ in range(700):
        place = dice.randrange(len(SENSORS))
        now[place] += dice.choice((1, 900, 5_000, 40_000, 61_000, 700_000 if dice.random() < 0.05 else 7_000))
        found.append((place, now[place], round(dice.uniform(-50, 50), 1), dice.choice((0, 0, 0, 1, 2))))
        if dice.random() < 0.15:
            back = dice.choice((1, 30_000, 120_000, 2 * HOUR_MS))
            found.append((place, now[place] - back, round(dice.uniform(-50, 50), 1), 0))
        if dice.random() < 0.1:
            found.append(dice.choice(found))
    return found


def held(store: Store, width: int) -> dict[tuple[int, int], list[Any]]:
    table = {MINUTE_MS: MINUTES, HOUR_MS: HOURS}[width].table
    told = store.engine.rows(
        "SELECT sensor, start, n, bad, round(total, 6), low, high, first, last "
        f"FROM {store.engine.database}.{table} FINAL"
    )  # a name of our own
    return {(row[0], row[1]): row[2:] for row in told}


def counted(store: Store, width: int) -> dict[tuple[int, int], list[Any]]:
    """The same from the readings, one after the other."""
    found: dict[tuple[int, int], list[Any]] = {}
    rows = store.readings(SENSORS.tolist(), 0, 2**52, 10**6)
    for key, group in itertools.groupby(sorted(rows), key=lambda row: (row[0], row[1] // width * width)):
        values, qualities = zip(*((row[2], row[3]) for row in group), strict=True)
        bad = sum(quality > 0 for quality in qualities)
        found[key] = [
            len(values), bad, pytest.approx(sum(values), abs=1e-5), min(values), max(values), values[0], values[-1],
        ]  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_rolled_up_is_what_was_read(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    readings, taker = said(dice), Taker(store)
    kept, at, done = taker.kept(), 0, 0
    while at < len(readings):
        size = dice.choice((1, 3, 40, 200))
        taker.take(readings[at : at + size])
        at += size
        if dice.random() < 0.4:
            kept, done = taker.kept(T + 10 * HOUR_MS if dice.random() < 0.2 else None), at
        if dice.random() < 0.15:
            taker, at = taker.killed(kept), done
    taker.kept()
    taker.kept(2**52)
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width


def test_a_store_without_roll_ups_gets_them(store: Store) -> None:
    taker = Taker(store)
    readings = said(random.Random(9))
    taker.take(readings[:500])
    before = counted(store, HOUR_MS)
    store.rebuild()
    assert held(store, MINUTE_MS) == counted(store, MINUTE_MS) and held(store, HOUR_MS) == before
    fresh = Taker(store)  # nothing is under way of it: the checkpoint was lost
    fresh.latest = taker.latest
    fresh.rolling.begin_anew(fresh.latest)
    fresh.take(readings[500:])
    fresh.kept()
    fresh.kept(2**52)
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width


def test_a_tag_taken_out_of_use_keeps_its_last_minute(store: Store) -> None:
    taker = Taker(store)
    taker.take([(0, T, 1.0, 0), (0, T + 1000, 3.0, 0), (1, T, 5.0, 0)])
    taker.rolling.renew(Catalogue(SENSORS[1:], {}, {int(key): place for place, key in enumerate(SENSORS[1:])}))
    taker.kept()
    assert held(store, MINUTE_MS) == {(11, T): [2, 0, 4.0, 1.0, 3.0, 1.0, 3.0]}


def _used(taker: Taker, keys: Any) -> None:
    """The tags in use are these from now on, as the historian goes over to them; the others are forgotten."""
    latest = Latest(len(keys))
    latest.restore(taker.latest.dump(taker.catalogue.sensors), {int(key): place for place, key in enumerate(keys)})
    taker.catalogue = Catalogue(keys, {}, {int(key): place for place, key in enumerate(keys)})
    taker.latest = latest
    taker.rolling.renew(taker.catalogue)


def test_a_tag_taken_back_into_use_within_the_hour_loses_nothing_of_it(store: Store) -> None:
    taker = Taker(store)
    taker.take([(0, T + n * 1000, float(n), 0) for n in range(90)])
    taker.kept()
    _used(taker, SENSORS[1:])
    taker.kept()
    _used(taker, SENSORS)
    taker.take([(0, T + n * 1000, float(n), 0) for n in range(95, 200)])
    taker.take([(0, T + HOUR_MS + 1000, 1.0, 0)])
    for _ in range(3):
        taker.kept(T + 3 * HOUR_MS)
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width


def test_a_tag_taken_out_of_use_while_nothing_ran_keeps_its_last_hour(store: Store) -> None:
    taker = Taker(store)
    taker.take([(0, T + n * 1000, float(n), 0) for n in range(90)])
    _latest, rolling = taker.kept()
    fresh = Taker(store)
    fresh.catalogue = Catalogue(SENSORS[1:], {}, {int(key): place for place, key in enumerate(SENSORS[1:])})
    fresh.rolling = Rolling(fresh.catalogue)
    fresh.rolling.restore(rolling)
    for _ in range(3):
        fresh.kept(T + 3 * HOUR_MS)
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width


@pytest.mark.parametrize(
    ("hours", "points", "width"), [(2, 1000, 7_200), (24, 1000, 2 * MINUTE_MS), (24 * 30, 300, 3 * HOUR_MS)]
)
def test_a_series_is_the_same_from_every_level(store: Store, hours: int, points: int, width: int) -> None:
    taker = Taker(store)
    moments = range(T, T + 24 * HOUR_MS, 17_000)
    taker.take([(0, ts, float(k % 91), 2 * (k % 7 == 0)) for k, ts in enumerate(moments)])
    taker.kept()
    until = T + hours * HOUR_MS
    told = store.series(11, T, until, points)
    wanted: dict[int, list[float]] = {}
    for k, ts in enumerate(moments):
        if ts < until:
            wanted.setdefault((ts - T) // width, []).append(float(k % 91))
    assert len(told["t"]) <= points
    if width < MINUTE_MS:
        assert told["t"] == [ts for ts in moments if ts < until] and told["n"] == [1] * len(told["t"])
        return
    assert told["t"] == [T + bucket * width for bucket in wanted]
    assert told["n"] == [len(values) for values in wanted.values()]
    assert told["low"] == [min(values) for values in wanted.values()]
    assert told["high"] == [max(values) for values in wanted.values()]
    assert told["mean"] == pytest.approx([sum(values) / len(values) for values in wanted.values()])
    assert told["last"] == [values[-1] for values in wanted.values()]


def test_a_short_stretch_whose_readings_were_let_go_is_told_by_its_minutes(store: Store) -> None:
    taker = Taker(store)
    taker.take([(0, T + k * 5000, float(k), 0) for k in range(100)])
    taker.kept()
    store.engine.tell("TRUNCATE TABLE telemetry.readings")
    assert store.series(11, T, T + 120_000, 100)["t"] == []
    told = store.series(11, T, T + 120_000, 100, oldest=T + HOUR_MS)
    assert told["t"] == [T, T + MINUTE_MS] and told["n"] == [12, 12] and told["high"] == [11.0, 23.0]
