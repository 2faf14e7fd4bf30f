"""The spool: in order, whole or not there, bounded, one user at a time."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.runtime.connector.spool import SYNCS, Spool, read_all
from anlan.runtime.screen import Trouble

BIG = 1 << 30
PAYLOADS = st.lists(st.binary(max_size=300), max_size=30)


def drained(spool: Spool, after: int | None = None) -> list[bytes]:
    """Everything that waits, in order."""
    found, number = [], spool.acknowledged if after is None else after
    while (record := spool.after(number)) is not None:
        found.append(record.payload)
        number = record.number
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads=PAYLOADS, acknowledged=st.integers(0, 30), sync=st.sampled_from(SYNCS))
def test_what_went_in_comes_out_in_order_after_a_restart_too(
    folder: Path, payloads: list[bytes], acknowledged: int, sync: str
) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    spool = Spool(folder, 64 * 1024, sync)
    numbers = [spool.append(payload, 1) for payload in payloads]
    assert numbers == list(range(1, len(payloads) + 1))
    assert drained(spool) == payloads
    spool.acknowledge(min(acknowledged, len(payloads)))
    assert spool.waiting == len(payloads[acknowledged:])
    spool.close()
    again = Spool(folder, 64 * 1024, sync)
    assert drained(again) == payloads[acknowledged:]
    assert again.append(b"next", 1) == len(payloads) + 1
    assert drained(again) == [*payloads[acknowledged:], b"next"]
    again.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads=st.lists(st.binary(max_size=60), min_size=1, max_size=12), data=st.data())
def test_a_torn_tail_is_cut_and_whole_records_stay(folder: Path, payloads: list[bytes], data: st.DataObject) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    spool = Spool(folder, BIG)
    ends = []
    for payload in payloads:
        spool.append(payload, 1)
        ends.append(spool.size)
    spool.close()
    (path,) = folder.glob("*.seg")
    cut = data.draw(st.integers(0, ends[-1]))
    before = path.read_bytes()
    path.write_bytes(before[:cut] + data.draw(st.binary(max_size=20)))
    after, same = path.read_bytes(), 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    whole = [payload for payload, end in zip(payloads, ends, strict=True) if end <= same]
    again = Spool(folder, BIG)
    assert drained(again) == whole
    number = again.append(b"after", 1)
    assert number == len(whole) + 1
    again.close()
    assert [record.payload for record in read_all(folder)] == [*whole, b"after"]


def test_a_changed_byte_is_no_record(folder: Path) -> None:
    spool = Spool(folder, BIG)
    for payload in (b"one", b"two", b"three"):
        spool.append(payload, 1)
    spool.close()
    (path,) = folder.glob("*.seg")
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"two")] ^= 1
    path.write_bytes(raw)
    again = Spool(folder, BIG)
    assert drained(again) == [b"one"]
    again.close()


def test_the_bound_is_kept_by_letting_go_of_the_oldest_and_said(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(folder, 64 * 1024, "never")
    with caplog.at_level(logging.ERROR):
        for number in range(1000):
            spool.append(b"%04d" % number + b"." * 200, 3)
            assert spool.size <= 64 * 1024 + 4096 + 300
    left = [int(payload[:4]) for payload in drained(spool)]
    assert left == list(range(left[0], 1000)), "the newest are there, in order"
    assert spool.dropped == 3 * left[0] > 0
    assert spool.waiting == 3 * len(left)
    assert "THE SPOOL IS FULL" in caplog.text
    spool.close()
    again = Spool(folder, 64 * 1024, "never")
    assert again.dropped == 3 * left[0], "the count outlives a restart"
    again.close()


def test_what_was_acknowledged_leaves_the_disk_and_is_not_counted_as_lost(folder: Path) -> None:
    spool = Spool(folder, 64 * 1024, "never")
    for number in range(1000):
        spool.acknowledge(spool.append(b"%04d" % number + b"." * 200, 1))
    assert spool.size < 3 * 4096 and spool.dropped == 0 and spool.waiting == 0
    spool.close()


def test_numbers_go_on_where_all_was_acknowledged_and_the_files_are_gone(folder: Path) -> None:
    spool = Spool(folder, BIG)
    spool.acknowledge(spool.append(b"one", 1))
    spool.close()
    for path in folder.glob("*.seg"):
        path.unlink()
    again = Spool(folder, BIG)
    assert again.append(b"two", 1) == 2
    assert drained(again) == [b"two"]
    again.close()


@pytest.mark.parametrize("said", ["", "{", '{"acknowledged": "x"}', "[1]"])
def test_a_damaged_state_sends_once_more_what_lies_there(folder: Path, said: str) -> None:
    spool = Spool(folder, BIG)
    spool.append(b"one", 1)
    spool.acknowledge(spool.append(b"two", 1))
    spool.close()
    (folder / "state.json").write_text(said)
    again = Spool(folder, BIG)
    assert drained(again) == [b"one", b"two"]
    again.close()


def test_a_folder_has_one_user(folder: Path) -> None:
    spool = Spool(folder, BIG)
    with pytest.raises(Trouble, match="used by another connector"):
        Spool(folder, BIG)
    spool.close()
    Spool(folder, BIG).close()


def test_a_disk_that_takes_nothing_leaves_the_spool_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(folder, BIG)
    spool.append(b"one", 1)
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:10]))
    with pytest.raises(OSError, match="only 10 of"):
        spool.append(b"two", 1)
    monkeypatch.undo()
    assert spool.append(b"three", 1) == 2
    assert drained(spool) == [b"one", b"three"]
    spool.close()
    again = Spool(folder, BIG)
    assert drained(again, 0) == [b"one", b"three"]
    again.close()
