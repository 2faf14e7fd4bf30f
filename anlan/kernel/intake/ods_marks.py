"""Scan the content of an .ods for errors, ratios, months without a day, and repeats that unfold without end."""

from __future__ import annotations

import re
from xml.parsers import expat

from anlan.kernel.intake.container import Limits, Unpacker
from anlan.kernel.intake.marks import MONTH, PERCENT, Marks
from anlan.kernel.intake.problems import FileRefused

_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d+|错误:\d+")
_MONTH = re.compile(r"\d{4}\s*[年/.-]\s*\d{1,2}\s*月?\Z")
_TABLE, _ROW = "table:table", "table:table-row"
_CELLS = ("table:table-cell", "table:covered-table-cell")


def scan_ods(unpacker: Unpacker, limits: Limits) -> dict[str, Marks]:
    """Marks by sheet name. Raises ``FileRefused`` for damaged, protected and overlarge files."""
    if b"encryption-data" in unpacker.read("META-INF/manifest.xml"):
        raise FileRefused("file_password")
    member = unpacker.find("content.xml")
    if member is None:
        raise FileRefused("file_damaged")
    scan = _Scan(limits)
    try:
        for piece in unpacker.pieces(member):
            scan.parser.Parse(piece, False)
        scan.parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise FileRefused("file_damaged") from fault
    for other in unpacker.members:
        if other != member:
            for _piece in unpacker.pieces(other):
                pass
    return scan.sheets


class _Scan:
    def __init__(self, limits: Limits) -> None:
        self.sheets: dict[str, Marks] = {}
        self._limits = limits
        self._depth = self._row = self._column = self._repeat = self._rows = self._widest = self._held = 0
        self._name, self._marks, self._filled = "", Marks(), False
        self._cell: dict[str, str] | None = None
        self._pending: list[tuple[int, str]] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def _entity(self, *_arguments: object) -> None:
        raise FileRefused("file_damaged")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _TABLE:
            self._depth += 1
            if self._depth == 1:
                self._name, self._marks, self._row, self._widest, self._held = (
                    attributes.get("table:name", ""),
                    Marks(),
                    0,
                    0,
                    0,
                )
        elif self._depth == 1 and tag == _ROW:
            self._rows, self._column, self._pending = _times(attributes, "table:number-rows-repeated"), 0, []
            self._filled = False
        elif self._depth == 1 and tag in _CELLS:
            self._cell, self._text = attributes, []

    def _data(self, text: str) -> None:
        if self._cell is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag == _TABLE:
            self._depth -= 1
            if self._depth == 0:
                self.sheets[self._name] = self._marks
        elif self._depth == 1 and tag in _CELLS and self._cell is not None:
            self._close_cell(self._cell, "".join(self._text).strip())
            self._cell = None
        elif self._depth == 1 and tag == _ROW:
            self._close_row()

    def _close_cell(self, cell: dict[str, str], text: str) -> None:
        times = _times(cell, "table:number-columns-repeated")
        kind = cell.get("office:value-type")
        if kind or text:
            self._filled = True
            self._widest = max(self._widest, self._column + times)
            mark = None
            if cell.get("calcext:value-type") == "error" or ("table:formula" in cell and _ERROR.match(text)):
                mark = "!" + (text or "#VALUE!")
            elif kind == "percentage":
                mark = PERCENT
            elif kind == "date" and _MONTH.match(text):
                mark = MONTH
            if self._widest * (self._row + self._rows) > self._limits.cells:
                raise FileRefused("file_far_cell", sheet=self._name, cell=f"R{self._row + 1}C{self._widest}")
            if mark:
                self._pending += [(column, mark) for column in range(self._column, self._column + times)]
        elif "table:formula" in cell:
            self._filled = True
            self._pending.append((self._column, "!"))
        self._column += times

    def _close_row(self) -> None:
        last = self._row + self._rows
        if self._filled and self._widest * last > self._limits.cells:
            raise FileRefused("file_far_cell", sheet=self._name, cell=f"R{last}C{self._widest}")
        if self._pending:
            self._held += len(self._pending) * self._rows
            if self._held > self._limits.cells:
                raise FileRefused("file_far_cell", sheet=self._name, cell=f"R{last}C{self._widest}")
            for row in range(self._row, last):
                for column, mark in self._pending:
                    self._marks.add(row, column, mark)
        self._row = last


def _times(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 1
