"""A ledger read by a process of its own says the same of every row."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel.intake import Accepted, Duplicates, Field, Kind, Rejected, RowSchema, read_ledger
from anlan.kernel.intake.apart import read_apart
from anlan.kernel.intake.problems import FileRefused

SCHEMA = RowSchema(
    "firms",
    "Firms",
    (
        Field("name", "Name", Kind.NAME, ("企业名称",), required=True),
        Field("headcount", "Headcount", Kind.WHOLE, ("从业人数",), min=0),
        Field("remark", "Remark", Kind.TEXT, ("备注信息",)),
    ),
)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a command: no other thread runs."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def ledger(folder: Path, rows: list[list[Any]]) -> Path:
    path = folder / "ledger.csv"
    lines = [["企业名称", "从业人数", "备注信息"], *rows]
    path.write_text("\n".join(",".join(str(cell) for cell in row) for row in lines), "utf-8")
    return path


def told(path: Path, *, apart: bool) -> list[tuple[Any, ...]]:
    said: list[tuple[Any, ...]] = []
    for outcome in read_ledger(path, SCHEMA, duplicates=Duplicates(), apart=apart):
        match outcome:
            case Accepted(row, values):
                said.append((row, {name: value for name, value in values.items() if value is not None}))
            case Rejected(row, problems):
                said.append((row, [(each.problem.column, each.problem.code, each.place) for each in problems]))
            case _:
                said.append((outcome.row, outcome.problem.code))
    return said


def test_the_same_is_said_of_every_row(tmp_path: Path, alone: None) -> None:
    rows = [[f"甲县第{n}号机械厂", n % 50 if n % 7 else "约五十", ""] for n in range(2_500)]
    rows[2_400][0] = "甲县第3号 机械厂"  # a twin of a row that another batch brought
    rows.insert(10, ["合计", 400, ""])
    here, there = (told(ledger(tmp_path, rows), apart=apart) for apart in (False, True))
    assert here == there
    assert len(there) == 2_501 and [code for _row, code in there if code == "totals"]
    assert sum(1 for _row, said in there if isinstance(said, list)) == 358 + 1


def test_a_refusal_comes_back_as_one(tmp_path: Path, alone: None) -> None:
    with pytest.raises(FileRefused) as why:
        told(ledger(tmp_path, []), apart=True)
    assert why.value.code == "rows_none"


def test_a_reader_that_dies_has_met_a_damaged_file(alone: None) -> None:
    def read() -> Any:
        yield 1
        raise MemoryError

    with pytest.raises(FileRefused) as why:
        list(read_apart(read))
    assert why.value.code == "file_damaged"


def test_where_threads_run_it_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr("multiprocessing.get_context", None)
    assert list(read_apart(lambda: iter([1, 2]))) == [1, 2]
