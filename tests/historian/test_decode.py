"""Payloads become columns; what is wrong is counted by its reason and stops nothing."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.runtime.historian.checks import Latest
from anlan.runtime.historian.decode import Columns, Decoder

NOW = 1_795_300_000_000
TAGS = {"g1": {"a": 0, "b": 1, "c": 2}, "g2": {"a": 3}}


def taken(*payloads: Any, code: str = "g1") -> tuple[Columns, dict[str, int]]:
    """What payloads become, and what was refused of them."""
    decoder = Decoder(TAGS)
    for payload in payloads:
        decoder.take(code, payload if isinstance(payload, bytes) else json.dumps(payload).encode(), NOW)
    columns = decoder.columns()
    return columns, {reason: n for (_, reason), (n, _sample) in decoder.take_refused().items()}


def test_an_object_and_a_list_of_them_are_read_in_order() -> None:
    columns, refused = taken({"t": NOW, "v": {"a": 1, "b": 2.5}}, [{"t": NOW + 1, "v": {"b": True}}])
    assert columns.index.tolist() == [0, 1, 1]
    assert columns.value.tolist() == [1, 2.5, 1]
    assert columns.ts.tolist() == [NOW, NOW, NOW + 1]
    assert columns.quality.tolist() == [0, 0, 0] and not refused


def test_a_quality_is_read_beside_its_value() -> None:
    columns, refused = taken({"t": NOW, "v": {"a": [7, 1], "b": 3, "c": [9, 0x80000000]}})
    assert columns.value.tolist() == [7, 3, 9]
    assert columns.quality.tolist() == [1, 0, 2] and not refused


@pytest.mark.parametrize(
    ("payload", "reason", "times", "kept"),
    [
        (b"\xff\x00{", "not_json", 1, 0),
        (b"[" * 100_000, "not_json", 1, 0),
        ([1, "x", None], "not_json", 3, 0),
        ({"t": NOW}, "not_json", 1, 0),
        ({"t": "now", "v": {"a": 1, "b": 2}}, "bad_time", 2, 0),
        ({"t": True, "v": {"a": 1}}, "bad_time", 1, 0),
        ({"t": 1e300, "v": {"a": 1}}, "bad_time", 1, 0),
        ({"t": NOW + 3_600_000, "v": {"a": 1}}, "ahead", 1, 0),
        ({"t": 0, "v": {"a": 1}}, "too_old", 1, 0),
        ({"t": -(2**63), "v": {"a": 1}}, "too_old", 1, 0),
        ({"t": NOW, "v": {"zzz": 1, "a": 2}}, "unknown_tag", 1, 1),
        ({"t": NOW, "v": {"a": "1.5", "b": 2}}, "bad_number", 1, 1),
        ({"t": NOW, "v": {"a": None, "b": {}, "c": [1, 2, 3]}}, "bad_number", 3, 0),
        ({"t": NOW, "v": {"a": [1, "good"]}}, "bad_number", 1, 0),
        (b'{"t": %d, "v": {"a": 1e999}}' % NOW, "not_json", 1, 0),
        ({"t": NOW, "v": {"a": 2**64 - 1}}, "", 0, 1),
    ],
)
def test_what_is_wrong_is_counted_and_the_rest_counts(payload: Any, reason: str, times: int, kept: int) -> None:
    columns, refused = taken(payload, {"t": NOW, "v": {"c": 4}})
    assert len(columns) == kept + 1, "the next payload is read whatever came before it"
    assert refused in (
        {reason: times} if reason else {},
        {"bad_number": times} if "1e999" in str(payload) else {reason: times},
    )


def test_one_gateway_does_not_speak_for_another() -> None:
    columns, refused = taken({"t": NOW, "v": {"a": 1, "b": 2}}, code="g2")
    assert columns.index.tolist() == [3] and refused == {"unknown_tag": 1}
    columns, refused = taken({"t": NOW, "v": {"a": 1}}, code="nobody")
    assert not len(columns) and not refused


@given(st.lists(st.binary(max_size=60) | st.text(max_size=30).map(str.encode), max_size=20))
def test_no_payload_stops_it(payloads: list[bytes]) -> None:
    columns, _ = taken(*payloads, {"t": NOW, "v": {"a": 1}})
    assert columns.index.tolist()[-1:] == [0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "v", "a", "b", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=6))
def test_no_json_stops_it(said: list[Any]) -> None:
    columns, _ = taken(*said, {"t": NOW, "v": {"a": 1}})
    assert len(columns) >= 1 and np.isfinite(columns.value).all()


def rows_of(readings: list[tuple[int, int]]) -> Columns:
    """Readings of (tag, time) that all arrived now."""
    index = np.array([tag for tag, _ in readings], np.int32)
    ts = np.array([NOW + at for _, at in readings], np.int64)
    n = len(readings)
    return Columns(index, ts, ts.astype(float), np.zeros(n, np.int8), np.full(n, NOW, np.int64), np.zeros(n, np.int32))


def judged(readings: list[tuple[int, int]], cuts: list[int]) -> list[tuple[bool, bool]]:
    """Late and twice of each reading, taken in batches cut at these places."""
    latest, told = Latest(4), []
    edges = [0, *sorted(cuts), len(readings)]
    for start, end in itertools.pairwise(edges):
        if end > start:
            checked = latest.check(rows_of(readings[start:end]), 10_000)
            told += list(zip(checked.late.tolist(), checked.twice.tolist(), strict=True))
    return told


def plainly(readings: list[tuple[int, int]]) -> list[tuple[bool, bool]]:
    """The same, one reading after the other."""
    newest: dict[int, int] = {}
    told = []
    for tag, at in readings:
        before = newest.get(tag)
        told.append(((before is not None and at < before) or at < -10_000, at == before))
        if before is None or at > before:
            newest[tag] = at
    return told


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-20_000, 50)), max_size=40),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_late_and_twice_do_not_hang_on_the_batches(readings: list[tuple[int, int]], cuts: list[int]) -> None:
    cuts = [min(cut, len(readings)) for cut in cuts]
    assert judged(readings, cuts) == plainly(readings)


def test_the_newest_is_what_was_said_last_in_time() -> None:
    latest = Latest(2)
    dice = random.Random(1)
    readings = [(tag, at) for at in range(50) for tag in (0, 1)]
    dice.shuffle(readings)
    latest.check(rows_of(readings), 10_000)
    assert latest.ts.tolist() == [NOW + 49, NOW + 49]
    assert latest.value.tolist() == [NOW + 49, NOW + 49]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-20_000, 50)), max_size=40),
    st.integers(0, 40),
)
def test_what_is_read_again_from_a_checkpoint_is_judged_as_before(
    readings: list[tuple[int, int]], kept_at: int
) -> None:
    """The store may be further on than the checkpoint: it is the checkpoint that says what was known."""
    kept_at = min(kept_at, len(readings))
    sensors = np.array([10, 11, 12, 13], np.int32)
    latest = Latest(4)
    if kept_at:
        latest.check(rows_of(readings[:kept_at]), 10_000)
    kept = latest.dump(sensors)
    again = Latest(4)
    again.restore(kept, {int(sensor): place for place, sensor in enumerate(sensors)})
    told = []
    if readings[kept_at:]:
        checked = again.check(rows_of(readings[kept_at:]), 10_000)
        told = list(zip(checked.late.tolist(), checked.twice.tolist(), strict=True))
    assert told == plainly(readings)[kept_at:]
    other = Latest(1)
    other.restore(kept, {12: 0})
    assert other.ts[0] == latest.ts[2], "only the sensors that still have a place"
