"""The readings in copies: taken beside a store at work, each part once; laid out again, nothing of it is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from anlan.runtime.backup.readings import (
    CHECKPOINT,
    STORE,
    Part,
    compared,
    copy_readings,
    forget,
    parts_of,
    return_readings,
)
from anlan.runtime.historian.store import DAY_MS, Rows, Store
from anlan.runtime.screen import Trouble

T = 1_795_305_600_000
AT_WORK = """
import sys, numpy as np
from pathlib import Path
from anlan.runtime.historian.store import Rows, Store, DAY_MS
store, n = Store(Path(sys.argv[1])), 0
none = np.zeros(100)
for line in sys.stdin:
    for _ in range(int(line)):
        steps = np.arange(n, n + 100)
        store.append(Rows(none + 7, 1795305600000 + steps // 2 * 1000 + steps % 2 * 86400000, steps / 10, none, none))
        n += 100
    if int(line) > 20:
        store.settle()
    print(n, flush=True)
store.close()
"""


class AtWork:
    """A process that holds the store of a data folder and writes to it."""

    def __init__(self, data: Path) -> None:
        (data / "historian").mkdir(parents=True)
        (data / "historian" / "checkpoint").write_bytes(b"where it stood")
        command = [sys.executable, "-c", AT_WORK, str(data / "historian" / "store")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, times: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{times}\n")
        self.process.stdin.flush()

    def written(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.communicate(timeout=60)


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[AtWork]:
    made = AtWork(tmp_path / "data")
    yield made
    made.end()


def copied(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / "backups" / name
    folder.mkdir(parents=True)
    copy_readings(tmp_path / "data", tmp_path / "backups", folder)
    return folder


def test_a_copy_beside_a_store_at_work_holds_what_was_stored(tmp_path: Path, at_work: AtWork) -> None:
    at_work.begin(10)
    before = at_work.written()
    at_work.begin(200)
    copy = copied(tmp_path, "base-1")
    at_work.written()
    second = copied(tmp_path, "base-2")
    at_work.end()
    assert (copy / CHECKPOINT).read_bytes() == b"where it stood"
    for folder in (copy, second):
        for listed, found in compared(tmp_path / "backups", folder).values():
            assert listed == found and found.rows >= before
    assert return_readings(tmp_path / "backups", copy, tmp_path / "data") is None, "the store that stands there stays"
    (tmp_path / "data" / "historian").rename(tmp_path / "lost")
    assert return_readings(tmp_path / "backups", copy, tmp_path / "data")
    store = Store(tmp_path / "data" / "historian" / "store")
    values = {row[2] for row in store.readings([7], 0, T + 10 * DAY_MS, 10**6)}
    assert {step / 10 for step in range(before)} <= values
    steps = np.arange(3)
    store.append(Rows(steps * 0 + 7, T + 5 * DAY_MS + steps, steps / 10, steps * 0, steps * 0))
    assert len(store.readings([7], T + 5 * DAY_MS, T + 6 * DAY_MS, 10)) == 3, "it goes on"
    store.close()
    assert (tmp_path / "data" / "historian" / "checkpoint").read_bytes() == b"where it stood"


def test_a_part_is_packed_once_and_goes_with_the_last_copy_that_has_it(tmp_path: Path, at_work: AtWork) -> None:
    at_work.begin(2)
    at_work.written()
    first = copied(tmp_path, "base-1")
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "backups" / STORE).rglob("*.tar")}
    at_work.begin(30)  # and everything merged into one part a day
    at_work.written()
    second = copied(tmp_path, "base-2")
    at_work.end()
    assert made and all(path.stat().st_mtime_ns == at for path, at in made.items())
    kept = {part.file(tmp_path / "backups" / STORE) for part in parts_of(second)}
    assert kept and len(parts_of(first)) > 1 and not kept & set(made)
    forget(tmp_path / "backups", [second])
    assert set((tmp_path / "backups" / STORE).rglob("*.tar")) == kept


def test_a_damaged_part_is_told(tmp_path: Path, at_work: AtWork) -> None:
    at_work.begin(3)
    at_work.written()
    copy = copied(tmp_path, "base-1")
    at_work.end()
    part = max((tmp_path / "backups" / STORE / "readings").glob("*.tar"), key=lambda path: path.stat().st_size)
    raw = bytearray(part.read_bytes())
    at = raw.index(b"value.bin") + 512
    raw[at + 20] ^= 0xFF
    part.write_bytes(raw)
    with pytest.raises(Trouble):
        compared(tmp_path / "backups", copy)


def test_a_platform_without_readings_and_a_copy_from_before(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    copy = copied(tmp_path, "base-1")
    assert parts_of(copy) == [] and compared(tmp_path / "backups", copy) == {}
    assert return_readings(tmp_path / "backups", copy, tmp_path / "data") == 0


def test_what_was_merged_away_is_no_part_of_a_copy() -> None:
    merged = Part("readings", "20779_1_4_1", 4, "a")
    assert merged.covers(Part("readings", "20779_2_2_0", 1, "b"))
    for name in ("20779_5_5_0", "20780_2_2_0", "20779_1_4_1"):
        assert not merged.covers(Part("readings", name, 1, "b"))
    assert not merged.covers(Part("minutes", "20779_2_2_0", 1, "b"))
    assert json.dumps(merged.blocks) == "[20779, 1, 4, 1]"
