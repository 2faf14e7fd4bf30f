"""The process that reads workbooks: run as a script, told what to do on its input, answering on its output.

A workbook made to do harm can bring the reader down, not by an exception but with its whole process (a size in a header
that no memory has). So it reads in a process of its own, with bounds on memory and time; see ``reader``.

Every message is a length of eight bytes and a marshalled value. First comes the file, then requests: ``["book"]`` is
answered by ``["book", [[name, visible], …]]``, ``["sheet", name]`` by ``["sheet", height, merges]``,
``["rows", name, first, count]`` by ``["rows", […]]``, fewer than asked at the end. Dates and times travel as tuples. A
file the reader refuses is answered by ``["refused", code]``.
"""

from __future__ import annotations

import datetime as dt
import io
import marshal
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import python_calamine as calamine

PLAIN = (str, float, int, bool)


def encoded(cell: Any) -> Any:
    """A cell as marshal carries it."""
    if isinstance(cell, PLAIN):
        return cell
    if isinstance(cell, dt.datetime):
        return ("moment", cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
    if isinstance(cell, dt.date):
        return ("day", cell.year, cell.month, cell.day)
    if isinstance(cell, dt.time):
        return ("time", cell.hour, cell.minute, cell.second)
    if isinstance(cell, dt.timedelta):
        return ("span", cell.total_seconds())
    return str(cell)


class Server:
    """One workbook, its sheets opened as they are asked for."""

    def __init__(self, content: bytes) -> None:
        self._book = calamine.load_workbook(io.BytesIO(content))
        self._sheets: dict[str, Any] = {}
        self._at: dict[str, tuple[int, Iterator[list[Any]]]] = {}

    def answer(self, request: list[Any]) -> list[Any]:
        """The answer to one request."""
        kind, *rest = request
        if kind == "book":
            visible = calamine.SheetVisibleEnum.Visible
            sheets = [item for item in self._book.sheets_metadata if item.typ == calamine.SheetTypeEnum.WorkSheet]
            return ["book", [[item.name, item.visible == visible] for item in sheets]]
        name = rest[0]
        sheet = self._sheets.get(name)
        if sheet is None:
            sheet = self._sheets[name] = self._book.get_sheet_by_name(name)
        if kind == "sheet":
            merges = [[top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
            return ["sheet", sheet.total_height if sheet.height else 0, merges]
        _name, first, count = rest
        at, rows = self._at.get(name, (-1, iter(())))
        if at != first:
            at, rows = 0, iter(sheet.iter_rows()) if sheet.height else iter(())
            for _row in range(first):
                if next(rows, None) is None:
                    break
        taken = islice(rows, count)
        batch = [[cell if type(cell) in PLAIN else encoded(cell) for cell in row] for row in taken]
        self._at[name] = (first + len(batch), rows)
        return ["rows", batch]


def send(value: Any) -> None:
    """Write one message."""
    data = marshal.dumps(value)
    sys.stdout.buffer.write(len(data).to_bytes(8, "little") + data)
    sys.stdout.buffer.flush()


def main(memory: int, seconds: int) -> None:
    """Serve until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, server = sys.stdin.buffer, None
    while size := source.read(8):
        request = marshal.loads(source.read(int.from_bytes(size, "little")))
        try:
            if server is None:
                server = Server(request)
                send(["ready"])
            else:
                send(server.answer(request))
        except calamine.PasswordError:
            send(["refused", "file_password"])
        except (calamine.CalamineError, OSError, ValueError, MemoryError):
            send(["refused", "file_damaged"])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
