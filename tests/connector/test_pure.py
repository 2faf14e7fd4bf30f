"""Registers, batches and the file of settings."""

from __future__ import annotations

import math
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.runtime.connector import settings
from anlan.runtime.connector.batching import AHEAD_MS, BAD, MOST_PAYLOAD, UNCERTAIN, Batcher
from anlan.runtime.connector.modbus import MOST_WORDS, blocks
from anlan.runtime.connector.registers import ORDERS, TYPES, decoded, words_of
from anlan.runtime.connector.settings import Register
from anlan.runtime.historian.decode import Decoder
from anlan.runtime.screen import Trouble

RANGES = {
    "bool": st.integers(0, 1), "int16": st.integers(-(2**15), 2**15 - 1), "uint16": st.integers(0, 2**16 - 1),
    "int32": st.integers(-(2**31), 2**31 - 1), "uint32": st.integers(0, 2**32 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1), "uint64": st.integers(0, 2**64 - 1),
    "float32": st.floats(width=32), "float64": st.floats(),
}  # fmt: skip


def laid(value: float, kind: str, order: str) -> list[int]:
    """The registers of a device that lays its bytes in an order: written by hand, byte by byte."""
    raw = struct.pack(TYPES[kind][1], value)
    words = [raw[place : place + 2] for place in range(0, len(raw), 2)]
    if order in ("CDAB", "DCBA"):
        words = words[::-1]
    if order in ("BADC", "DCBA"):
        words = [word[::-1] for word in words]
    return [int.from_bytes(word, "big") for word in words]


@given(data=st.data(), kind=st.sampled_from(sorted(TYPES)), order=st.sampled_from(ORDERS))
def test_every_type_in_every_order(data: st.DataObject, kind: str, order: str) -> None:
    value = data.draw(RANGES[kind])
    words = laid(value, kind, order)
    assert len(words) == words_of(kind)
    found = decoded(words, kind, order)
    assert found == float(value) or (math.isnan(value) and math.isnan(found))
    with pytest.raises(ValueError, match="registers"):
        decoded([*words, 0], kind, order)


def register(name: str, kind: str, address: int, type_: str = "int16") -> Register:
    return Register(name, 1.0, 0.0, kind, address, type_, "ABCD")


REGISTERS = st.lists(
    st.tuples(st.sampled_from(["holding", "input", "coil"]), st.integers(0, 600), st.sampled_from(["int16", "float64"])),
    max_size=60,
)


@given(REGISTERS)
def test_blocks_hold_every_tag_once_and_nothing_else(rows: list[tuple[str, int, str]]) -> None:
    tags = [register(f"t{n}", kind, at, "bool" if kind == "coil" else shape) for n, (kind, at, shape) in enumerate(rows)]
    found = blocks(tags)
    assert sorted(tag.name for block in found for tag in block.tags) == sorted(tag.name for tag in tags)
    for block in found:
        covered = {tag.address + n for tag in block.tags for n in range(tag.width)}
        assert covered == set(range(block.start, block.start + block.count))
        assert {tag.kind for tag in block.tags} == {block.kind}
        assert block.kind == "coil" or block.count <= MOST_WORDS


class Clock:
    def __init__(self) -> None:
        self.now = 1_750_000_000_000

    def __call__(self) -> int:
        return self.now


VALUES = st.one_of(st.none(), st.floats(), st.integers(-5, 5).map(float))
STEPS = st.lists(
    st.tuples(st.sampled_from("ab"), VALUES, st.sampled_from([0, 1]), st.one_of(st.none(), st.integers(-9_000, 90_000)),
              st.integers(0, 3_000)),
    max_size=40,
)  # fmt: skip


@given(STEPS)
def test_moments_of_a_tag_rise_and_the_platform_takes_all_of_it(steps: list[Any]) -> None:
    clock = Clock()
    batcher = Batcher(clock)
    for tag, value, quality, at, later in steps:
        clock.now += later
        batcher.add(tag, value, quality, None if at is None else clock.now + at)
    held = batcher.held()
    for tag in "ab":
        moments = [one.at for one in held if one.tag == tag]
        assert moments == sorted(set(moments))
        bad = [one.quality == BAD for one in held if one.tag == tag]
        assert not any(a and b for a, b in pairwise(bad)), "bad is said once"
    said = batcher.take()
    payload, count = said[0] if said else (b"[]", 0)
    assert len(said) < 2 and count == len(held) and len(batcher) == 0
    decoder = Decoder({"g": {"a": 0, "b": 1}})
    decoder.take("g", payload, clock.now + 1)
    rows = decoder.columns()
    assert not decoder.refused
    came = sorted(zip(rows.index.tolist(), rows.ts.tolist(), rows.value.tolist(), rows.quality.tolist(), strict=True))
    assert came == sorted(("ab".index(one.tag), one.at, one.value, one.quality) for one in held)


def test_a_clock_that_is_wrong_is_not_believed() -> None:
    clock = Clock()
    batcher = Batcher(clock)
    batcher.add("a", 1, at=clock.now + AHEAD_MS + 1)
    assert batcher.held()[-1].at == clock.now
    clock.now += 10
    batcher.add("a", 2, at=clock.now - 500_000, oldest=120_000)
    assert batcher.held()[-1].at == clock.now and batcher.own_clock == 2
    clock.now += 1000
    batcher.add("a", 3, at=clock.now - 300, oldest=120_000)
    assert batcher.held()[-1].at == clock.now - 300 and batcher.own_clock == 2


def test_silence_is_said_once_and_what_comes_after_is_of_then() -> None:
    clock = Clock()
    batcher = Batcher(clock)
    batcher.bad("a")
    assert not batcher.held(), "of what never spoke nothing is known"
    batcher.add("a", 7, UNCERTAIN, at=clock.now)
    clock.now += 5_000
    batcher.bad("a")
    batcher.bad("a")
    batcher.add("a", float("nan"))
    batcher.again("a", 0)
    clock.now += 60_000
    batcher.add("a", 7, at=clock.now - 65_000)  # the same value as before the silence, notified anew
    assert [(one.at - clock.now, one.value, one.quality) for one in batcher.held()] == [
        (-65_000, 7, 1), (-60_000, 7, 2), (0, 7, 0),
    ]  # fmt: skip


def test_what_does_not_change_is_said_again() -> None:
    clock = Clock()
    batcher = Batcher(clock)
    batcher.add("a", 7)
    clock.now += 59_999
    batcher.again("a", 60_000)
    assert len(batcher) == 1
    clock.now += 1
    batcher.again("a", 60_000)
    batcher.again("a", 60_000)
    batcher.again("never", 0)
    assert orjson.loads(batcher.take()[0][0]) == [{"t": clock.now - 60_000, "v": {"a": 7}}, {"t": clock.now, "v": {"a": 7}}]


def test_no_payload_is_larger_than_the_platform_takes() -> None:
    clock = Clock()
    batcher = Batcher(clock)
    names = [f"{'液位变送器' * 12}-{number}" for number in range(20_000)]
    for name in names:
        batcher.add(name, 1.5)
        clock.now += 1
    payloads = batcher.take()
    assert max(len(payload) for payload, _ in payloads) <= MOST_PAYLOAD < 4 * 1024 * 1024 and len(batcher) == 0
    said = [tag for payload, _ in payloads for one in orjson.loads(payload) for tag in one["v"]]
    assert said == names and sum(count for _, count in payloads) == len(names), "each once, in order"
    assert batcher.take() == []


GOOD: dict[str, Any] = {
    "platform": {"mqtt": "mqtt://10.0.0.1", "gateway": "farm-1"},
    "opcua": [{"name": "dcs", "url": "opc.tcp://10.0.0.5:4840", "tags": [{"name": "LT-1", "node": "ns=2;s=Tank.Level"}]}],
    "modbus": [{"name": "plc", "host": "10.0.0.6", "tags": [
        {"name": "PT-1", "address": 100, "type": "float32", "order": "CDAB", "scale": 0.1, "offset": -2},
        {"name": "XV-1", "address": 3, "register": "coil"},
    ]}],
}  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good settings with one place changed."""
    fresh: Any = orjson.loads(orjson.dumps(GOOD))
    *way, last = path.split(".")
    at = fresh
    for step in way:
        at = at[int(step)] if step.isdecimal() else at.setdefault(step, {})
    if value is None:
        del at[last]
    else:
        at[last] = value
    return fresh


def test_the_file_in_order() -> None:
    found = settings.parsed(GOOD, Path("/etc/anlan"), {settings.SECRET: "s3cret"})
    assert (found.platform.host, found.platform.port, found.platform.secret) == ("10.0.0.1", 1883, "s3cret")
    assert found.tags == ["LT-1", "PT-1", "XV-1"]
    assert found.spooling.folder == Path("/etc/anlan/spool")
    pressure, valve = found.modbus[0].tags
    assert (pressure.width, pressure.said(10), valve.type) == (2, -1.0, "bool")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("platform.mqtt", "http://x", "platform.mqtt: http://x is no address like mqtt://"),
        ("platform.mqtt", "mqtt://x:99999", "platform.mqtt: "),
        ("platform.http", "https://x", "platform.mqtt: name either mqtt"),
        ("platform.mqtt", None, "platform.mqtt: name either mqtt"),
        ("platform.gateway", "Farm 1", "platform.gateway: Farm 1 is no gateway's code"),
        ("platform.gateway", None, "platform.gateway: is missing"),
        ("platform.password", "x", "platform.password: is not known here"),
        ("platform.secret_file", "nowhere", "platform.secret_file: "),
        ("platform", "x", "platform: a table is needed: [platform]"),
        ("spool.most_mb", 0, "spool.most_mb: a number from 1 to"),
        ("spool.fsync", "maybe", "spool.fsync: 'maybe' is none of always, second, never"),
        ("opcua.0.url", "10.0.0.5", "opcua[1].url: 10.0.0.5 is no address like opc.tcp://"),
        ("opcua.0.user", "x", "opcua[1].password_file: there is a user and no password"),
        ("opcua.0.tags", [], "opcua[1].tags: a list of tables is needed: [[opcua[1].tags]]"),
        ("opcua.0.tags.0.node", "Tank.Level", "opcua[1].tags[1].node: Tank.Level is no node's id"),
        ("modbus.0.port", 502.5, "modbus[1].port: a whole number is needed"),
        ("modbus.0.period_s", True, "modbus[1].period_s: a number from"),
        ("modbus.0.tags.0.type", "int17", "modbus[1].tags[1].type: 'int17' is none of bool, int16"),
        ("modbus.0.tags.0.order", "CD", "modbus[1].tags[1].order: 'CD' is none of ABCD"),
        ("modbus.0.tags.0.address", 65535, "modbus[1].tags[1].address: a float32 at 65535 goes beyond"),
        ("modbus.0.tags.0.address", 40001.5, "modbus[1].tags[1].address: a whole number is needed"),
        ("modbus.0.tags.0.adress", 1, "modbus[1].tags[1].adress: is not known here; there are address,"),
        ("modbus.0.tags.1.type", "int16", "modbus[1].tags[2].type: a coil is one bit"),
        ("modbus.0.tags.1.name", "LT-1", "tags: LT-1 stands twice"),
        ("modbus.0.tags.1.name", "x" * 81, "modbus[1].tags[2].name: longer than 80"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place(path: str, value: Any, said: str) -> None:
    with pytest.raises(Trouble) as told:
        settings.parsed(changed(path, value), Path("/nowhere"), {settings.SECRET: "x"})
    assert any(line.strip().startswith(said) for line in str(told.value).splitlines()), str(told.value)


def test_all_faults_are_named_at_once_and_a_file_without_sources_too(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        settings.parsed({}, Path("/nowhere"), {})
    assert "platform: is missing" in str(told.value) and "there is no source" in str(told.value)
    file = tmp_path / "x.toml"
    with pytest.raises(Trouble, match="There is no file"):
        settings.read(file)
    file.write_text("= 3")
    with pytest.raises(Trouble, match="is no TOML"):
        settings.read(file)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["platform", "mqtt", "gateway", "opcua", "modbus", "tags", "name", "address", "url", "node", "type"]), inner, max_size=4)),
    max_leaves=15,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["platform", "spool", "opcua", "modbus", "x"]), JSON, max_size=5))
def test_whatever_stands_there_is_refused_in_words(said: dict[str, Any]) -> None:
    with pytest.raises(Trouble):
        settings.parsed(said, Path("/nowhere"), {})
