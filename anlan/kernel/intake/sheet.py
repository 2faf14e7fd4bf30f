"""A file as sheets of numbered rows, whatever its format.

``open_sheets(source)`` gives a :class:`Book`; its sheets yield ``(row number from 1, cells)``. Cells are ``str``,
``float``, ``int``, ``bool``, dates and times, or one of ``cells`` where the plain value would mislead. A blank is "".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from anlan.kernel.intake.container import Limits, Source, Unpacker, kind_of
from anlan.kernel.intake.delimited import DelimitedText
from anlan.kernel.intake.marks import Marks
from anlan.kernel.intake.ods_marks import scan_ods
from anlan.kernel.intake.problems import FileRefused
from anlan.kernel.intake.reader import Reader
from anlan.kernel.intake.xls_marks import scan_xls
from anlan.kernel.intake.xlsx_marks import scan_xlsx

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows from 1, columns from 0."""
Rows = Iterator[tuple[int, list[Any]]]


@dataclass
class Sheet:
    """One sheet. ``epoch1904`` None means that the file does not say how bare serial dates count."""

    name: str
    read: Callable[[], Rows]
    merges: tuple[Merge, ...] = ()
    epoch1904: bool | None = False
    height: int | None = None
    text: bool = False
    share: Callable[[], float] | None = field(default=None, repr=False)

    def rows(self) -> Rows:
        """Every row from the first, blank ones included."""
        return self.read()


@dataclass
class Book:
    """The visible sheets of a file in their order, each read when asked for."""

    names: tuple[str, ...]
    hidden: tuple[str, ...]
    _load: Callable[[str], Sheet] = field(repr=False)

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, a hidden one included. ``FileRefused`` when there is none."""
        if name not in self.names and name not in self.hidden:
            raise FileRefused("sheet_unknown", sheet=name, sheets=self.names)
        return self._load(name)


def open_sheets(source: str | os.PathLike[str] | bytes | BinaryIO, limits: Limits | None = None) -> Book:
    """Open an .xlsx, .xls, .ods or text table, told by its content and not by its name.

    Raises ``FileRefused`` when it is empty, of another kind, damaged, protected, or larger than the limits.
    """
    limits, file = limits or Limits(), Source(source)
    kind = kind_of(file, limits)
    if kind == "csv":
        return _text_book(file)
    if kind == "xls":
        marks = scan_xls(file)
    else:
        with file.open() as opened:
            unpacker = Unpacker(opened, limits)
            marks = scan_xlsx(unpacker, limits) if kind == "xlsx" else scan_ods(unpacker, limits)
    return _workbook(file, marks, limits)


def _text_book(file: Source) -> Book:
    table = DelimitedText(file)

    def load(_name: str) -> Sheet:
        sheet = Sheet("1", lambda: table.rows(place), text=True)

        def place(share: Callable[[], float]) -> None:
            sheet.share = share

        return sheet

    return Book(("1",), (), load)


def _workbook(file: Source, marks: dict[str, Marks], limits: Limits) -> Book:
    with file.open() as opened:
        reader = Reader(opened.read(), limits)

    def load(name: str) -> Sheet:
        mark = marks.get(name)
        if mark is None:
            raise FileRefused("file_damaged")
        height, ranges = reader.sheet(name)
        merges = tuple((top + 1, left, bottom + 1, right) for top, left, bottom, right in ranges)
        return Sheet(name, lambda: _rows(reader.rows(name), mark), merges, mark.epoch1904, height)

    visible = tuple(name for name, shown in reader.sheets if shown)
    return Book(visible, tuple(name for name, shown in reader.sheets if not shown), load)


def _rows(read: Iterator[list[Any]], marks: Marks) -> Rows:
    row = -1
    for row, values in enumerate(read):
        yield row + 1, marks.apply(row, values) if row in marks.cells else values
    # Errors alone in the rows below the last value: the reader ends before them.
    for later in sorted(number for number in marks.cells if number > row):
        for between in range(row + 1, later):
            yield between + 1, []
        row = later
        yield row + 1, marks.apply(row, [])
