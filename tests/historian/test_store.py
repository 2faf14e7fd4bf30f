"""The store on a real engine: a reading stored twice is one, a year narrows to points, old days go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from anlan.runtime.historian import checkpoint
from anlan.runtime.historian.store import DAY_MS, READINGS, Rows, Store

T = 1_795_305_600_000  # midnight, UTC


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("telemetry") / "store")
    yield made
    made.close()


def rows(sensor: int, moments: list[int], values: list[float], quality: int = 0, late: int = 0) -> Rows:
    n = len(moments)
    return Rows(
        np.full(n, sensor), np.array(moments), np.array(values), np.full(n, quality), np.full(n, late)
    )  # fmt: skip


def test_the_same_reading_again_changes_nothing(store: Store) -> None:
    moments = [T + k * 5000 for k in range(100)]
    for _ in range(3):
        store.append(rows(1, moments, [float(k) for k in range(100)]))
    assert store.sums([1], T, T + DAY_MS) == [[1, 100, 0, 0, 0, moments[-1]]]
    assert len(store.readings([1], T, T + DAY_MS, 1000)) == 100
    told = store.series(1, T, T + 500_000, 1000)
    assert told["n"] == [1] * 100 and told["t"] == moments and told["mean"] == [float(k) for k in range(100)]


def test_buckets_keep_what_stands_out(store: Store) -> None:
    moments = [T + k * 1000 for k in range(3600)]
    values = [20.0] * 3600
    values[1234], values[2000] = 99.5, -3.25
    store.append(rows(2, moments, values))
    told = store.series(2, T, T + 3_600_000, 60)
    assert len(told["t"]) == 60 and sum(told["n"]) == 3600
    assert max(told["high"]) == 99.5 and min(told["low"]) == -3.25
    assert told["t"] == [T + k * 60_000 for k in range(60)]


def test_quality_and_lateness_are_counted(store: Store) -> None:
    store.append(rows(3, [T, T + 1], [1, 2], quality=1))
    store.append(rows(3, [T + 2], [3], quality=2, late=1))
    assert store.sums([3, 4], T, T + 10) == [[3, 3, 2, 1, 1, T + 2]]


def test_what_each_tag_said_last_is_known_again(store: Store) -> None:
    store.append(rows(5, [T + 7, T + 3], [70, 30]))
    assert [5, T + 7, 70, 0] in store.newest()


def test_old_days_are_let_go(store: Store) -> None:
    store.append(rows(6, [T - 30 * DAY_MS, T], [1, 2]))
    assert store.let_go(READINGS, T) == 1
    assert store.sums([6], 0, T + DAY_MS) == [[6, 1, 0, 0, 0, T]]


def test_nothing_is_no_fault(store: Store) -> None:
    store.append(rows(7, [], []))
    assert store.series(7, T, T + 1000, 10)["t"] == []
    assert store.readings([], T, T + 1, 10) == []


def test_a_checkpoint_is_whole_or_none(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    assert checkpoint.read(path) == checkpoint.Checkpoint()
    kept = checkpoint.Checkpoint(12, 34, b"engine" * 100, b"latest" * 70, b"rolling" * 9)
    checkpoint.write(path, kept)
    assert checkpoint.read(path) == kept
    raw = path.read_bytes()
    for damaged in (raw[:10], raw[:-1], raw[:-1] + b"x", b""):
        path.write_bytes(damaged)
        assert checkpoint.read(path) == checkpoint.Checkpoint()
