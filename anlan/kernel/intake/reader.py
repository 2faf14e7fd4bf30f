"""Workbooks read in a process of their own, so that no file can take the server down with it."""

from __future__ import annotations

import datetime as dt
import marshal
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from anlan.kernel.intake.container import Limits
from anlan.kernel.intake.problems import FileRefused

_BATCH = 1_000  # rows asked for at once
_PROCESS = Path(__file__).with_name("reader_process.py")

_DECODED: dict[str, Callable[..., Any]] = {
    "moment": dt.datetime,
    "day": dt.date,
    "time": dt.time,
    "span": lambda seconds: dt.timedelta(seconds=seconds),
}


class Reader:
    """One workbook in its process. The process ends with this object, or with its death ends this reading."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROCESS), str(limits.reader_memory), str(limits.reader_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._end = weakref.finalize(self, _end, self._process)
        self._ask(content)
        self.sheets: list[tuple[str, bool]] = [(name, visible) for name, visible in self._ask(["book"])[1]]

    def sheet(self, name: str) -> tuple[int, list[tuple[int, int, int, int]]]:
        """Height and merged ranges (top, left, bottom, right from 0)."""
        _kind, height, merges = self._ask(["sheet", name])
        return height, [tuple(merge) for merge in merges]

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The rows of a sheet from its first."""
        first = 0
        while True:
            batch = self._ask(["rows", name, first, _BATCH])[1]
            for row in batch:
                yield [_DECODED[cell[0]](*cell[1:]) if type(cell) is tuple else cell for cell in row]
            if len(batch) < _BATCH:
                return
            first += _BATCH

    def _ask(self, request: Any) -> list[Any]:
        """Send a request and wait for its answer; a process that died is a damaged file."""
        source, target = self._process.stdout, self._process.stdin
        assert source is not None and target is not None
        try:
            data = marshal.dumps(request)
            target.write(len(data).to_bytes(8, "little"))
            target.write(data)
            target.flush()
            size = source.read(8)
            answer: list[Any] | None = marshal.loads(source.read(int.from_bytes(size, "little"))) if size else None
        except (OSError, ValueError, EOFError, TypeError) as fault:
            raise FileRefused("file_damaged") from fault
        if answer is None or answer[0] == "refused":
            self._end()
            raise FileRefused(answer[1] if answer else "file_damaged")
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
