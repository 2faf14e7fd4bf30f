"""Read a ledger row by row: each row a record with its values, refused with the reason, or passed over with the reason.

    ledger = read_ledger(path, ENTERPRISE, translate=gettext, duplicates=Duplicates(code="uscc", name="name"))
    for outcome in ledger:
        match outcome:
            case Accepted(row, values): …
            case Rejected(row, problems): …    # each problem: .place "E 从业人数", .reason(gettext)
            case Skipped(row, last_row, problem): …

Text tables are read with constant memory (but for what :mod:`duplicates` remembers). Iterating again reads again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple

from anlan.kernel.intake.apart import read_apart
from anlan.kernel.intake.columns import Columns
from anlan.kernel.intake.container import Limits
from anlan.kernel.intake.delimited import BrokenRow
from anlan.kernel.intake.duplicates import Duplicates
from anlan.kernel.intake.header import Column, Header, HeaderFinder
from anlan.kernel.intake.lines import Lines
from anlan.kernel.intake.problems import FileRefused, Problem, Translate, row_problem
from anlan.kernel.intake.schema import Parsed, RowSchema
from anlan.kernel.intake.sheet import Book, Sheet, open_sheets
from anlan.kernel.intake.text import shown_line

Progress = Callable[[int, float | None], None]
"""Called every 2,000 rows and at the end with the rows read and the share of the file (0 to 1; None when unknown)."""
_STEP = 2_000
BLOCK = 500  # rows whose cells are checked together


@dataclass(frozen=True, slots=True)
class Located:
    """A problem with the column of the sheet it is in; None when the whole row is meant."""

    column: Column | None
    problem: Problem

    @property
    def place(self) -> str:
        """The column as the sheet shows it: letter and heading, or ""."""
        return str(self.column) if self.column else ""

    def reason(self, translate: Translate = str) -> str:
        """The sentence."""
        return self.problem.render(translate)


class Accepted(NamedTuple):
    """A record: its row in the sheet, its values by field, and what should be looked at though it was accepted."""

    row: int
    values: dict[str, Any]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record with problems. ``cells`` are the row as read (personal data may be among them: never log them)."""

    row: int
    problems: tuple[Located, ...]
    cells: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """One row, or a run of rows up to ``last_row``, that holds no record."""

    row: int
    last_row: int
    problem: Problem

    def reason(self, translate: Translate = str) -> str:
        """Why it was passed over."""
        return self.problem.render(translate)


Outcome = Accepted | Rejected | Skipped


@dataclass(slots=True)
class Block:
    """Records whose cells were checked together, in order: their rows in the sheet, what the cells say by column, what
    there is to say of some (by place in the block), the cells as read; and ``others``, each with the place before which
    it stands."""

    numbers: list[int]
    columns: Columns | Stated
    values: list[Sequence[Any]]
    told: dict[int, Parsed]
    cells: Mapping[int, Sequence[Any]]
    others: list[tuple[int, Rejected | Skipped]]

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process go the fields that are stated; right rows leave their cells behind (the report reads them
        again should one be a twin)."""
        filled = [(n, c) for n, c in zip(self.columns.names, self.values, strict=True) if c.count(None) < len(c)]
        filled = filled or [(self.columns.names[0], self.values[0])]
        names, values = tuple(name for name, _column in filled), [column for _name, column in filled]
        sparse = any(None in column for column in values)
        told = {
            at: parsed if parsed.problems else parsed._replace(values=None, partial=stated(parsed.partial))
            for at, parsed in self.told.items()
        }
        cells = {at: self.cells[at] for at, parsed in told.items() if parsed.problems}
        return Block, (self.numbers, Stated(names, sparse), values, told, cells, self.others)

    def __iter__(self) -> Iterator[tuple[int, Parsed | dict[str, Any], Sequence[Any]] | Rejected | Skipped]:
        """Each record as (row, values or what there is to say of it, cells), and the others, in order."""
        others = iter(self.others)
        place, other = next(others, _NO_OTHER)
        told, cells = self.told, self.cells
        for at, (number, values) in enumerate(zip(self.numbers, self.columns.mappings(self.values), strict=True)):
            while place == at:
                assert other is not None
                yield other
                place, other = next(others, _NO_OTHER)
            yield number, told.get(at, values) if told else values, cells.get(at, ())
        if other is not None:
            yield other
            yield from (later for _place, later in others)


_NO_OTHER: tuple[int, None] = (-1, None)


class Stated(NamedTuple):
    """The fields a block from another process states; ``sparse``: some hold nothing in some rows."""

    names: tuple[str, ...]
    sparse: bool

    def mappings(self, values: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
        """What each row states, by field."""
        names = self.names
        if not self.sparse:
            return (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        return (
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in zip(*values, strict=True)
        )


def stated(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something."""
    return {name: value for name, value in values.items() if value is not None}


@dataclass
class Ledger:
    """A ledger whose header was found. Iterating yields an :data:`Outcome` for each row.

    ``apart``: the cells are read and checked in a process of their own, where that can be (see ``apart``).
    """

    schema: RowSchema
    sheet: Sheet
    header: Header
    warnings: tuple[Problem, ...]
    duplicates: Duplicates | None = None
    progress: Progress | None = field(default=None, repr=False)
    apart: bool = False

    @property
    def columns(self) -> Mapping[str, Column]:
        """Field name to column."""
        return self.header.columns

    def __iter__(self) -> Iterator[Outcome]:
        """Raises ``FileRefused("rows_none")`` at the end when there was no record at all, and for unclosed quotes."""
        seen = self.duplicates.checker(self.schema) if self.duplicates else None
        for block in read_apart(self.blocks) if self.apart else self.blocks():
            for line in block:
                if not isinstance(line, tuple):
                    yield line
                    continue
                number, said, cells = line
                problems: tuple[Problem, ...] = ()
                warnings: tuple[Problem, ...] = ()
                if isinstance(said, Parsed):
                    values, problems, warnings = said.partial, said.problems, said.remarks
                else:
                    values = said
                if seen is not None:
                    twins, alike = seen.see(number, values)
                    if twins or alike:
                        problems, warnings = (*problems, *twins), (*warnings, *alike)
                if problems:
                    yield self._rejected(number, problems, cells)
                else:
                    yield Accepted(number, values, warnings)

    def _rejected(self, number: int, problems: Iterable[Problem], cells: Sequence[Any]) -> Rejected:
        columns, width = self.header.columns, self.header.width
        located = [Located(columns.get(problem.column), problem) for problem in problems]
        located.sort(key=lambda each: each.column.index if each.column else width)
        return Rejected(number, tuple(located), tuple(cells))

    def blocks(self) -> Iterator[Block]:
        """The rows in order, their cells checked; raises as iterating does."""
        header = self.header
        columns = Columns(
            self.schema,
            {name: column.index for name, column in header.columns.items()},
            epoch1904=self.sheet.epoch1904,
            units={name: column.unit for name, column in header.columns.items() if column.unit},
        )
        numbers: list[int] = []
        rows: list[Sequence[Any]] = []
        others: list[tuple[int, Rejected | Skipped]] = []
        for line in self._lines():
            if isinstance(line, tuple):
                numbers.append(line[0])
                rows.append(line[1])
                if len(rows) < BLOCK:
                    continue
            else:
                others.append((len(rows), line))
                if len(others) < BLOCK:
                    continue
            yield self._block(columns, numbers, rows, others)
            numbers, rows, others = [], [], []
        yield self._block(columns, numbers, rows, others)

    def _block(self, columns: Columns, numbers: list[int], rows: list[Sequence[Any]], others: list[Any]) -> Block:
        values, told = columns.read(rows)
        width = self.header.width
        if self.sheet.text:
            for at, row in enumerate(rows):
                if len(row) > width and (extra := [cell for cell in row[width:] if cell.strip()]):
                    more = row_problem("extra_cells", value=shown_line(extra[0]))
                    parsed = told.get(at)
                    if parsed is None:
                        parsed = Parsed(None, (), columns.mapping([column[at] for column in values]))
                    told[at] = parsed._replace(values=None, problems=(*parsed.problems, more))
        return Block(numbers, columns, values, told, dict(enumerate(rows)), others)

    def _lines(self) -> Iterator[tuple[int, Sequence[Any]] | Rejected | Skipped]:
        """The rows as read, those that hold no record told apart."""
        header, last = self.header, self.header.last_row
        for number, text in header.titles:
            yield Skipped(number, number, row_problem("above_header", value=shown_line(text)))
        lines = Lines(self.schema, header)
        width = header.width
        records, number = 0, last
        idle: Skipped | None = None  # a run of blank or merely numbered rows, told once
        for number, row in _filled_down(self.sheet, last):
            if number % _STEP == 0:
                self._report(number)
            if isinstance(row, BrokenRow):
                if idle:
                    yield idle
                    idle = None
                records += 1
                yield Rejected(number, (Located(None, row_problem("quote")),), ())
                continue
            problem = row_problem("blank") if not any(row) and _blank(row) else lines.passed_over(row)
            if problem is not None:
                if problem.code not in ("blank", "number_only"):
                    if idle:
                        yield idle
                        idle = None
                    yield Skipped(number, number, problem)
                elif idle and idle.problem.code == problem.code:
                    idle = Skipped(idle.row, number, problem)
                else:
                    if idle:
                        yield idle
                    idle = Skipped(number, number, problem)
                continue
            if idle:
                yield idle
                idle = None
            records += 1
            yield number, row if len(row) >= width else [*row, *[""] * (width - len(row))]
        if idle and idle.problem.code == "number_only":
            yield idle
        self._report(number, end=True)
        if not records:
            raise FileRefused("rows_none", sheet=self.sheet.name)

    def _report(self, number: int, end: bool = False) -> None:
        if self.progress is None:
            return
        if end:
            self.progress(number, 1.0)
        elif self.sheet.share is not None:
            self.progress(number, self.sheet.share())
        else:
            self.progress(number, min(1.0, number / self.sheet.height) if self.sheet.height else None)


def read_ledger(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    schema: RowSchema,
    *,
    sheet: str | None = None,
    translate: Translate = str,
    duplicates: Duplicates | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
    apart: bool = False,
) -> Ledger:
    """Open a file, choose the sheet that holds the header, and recognise its columns.

    ``source``: path, bytes or an open binary file, which must stay open while the ledger is iterated. ``sheet`` names
    the sheet when several hold such a table. ``translate``: headings are also accepted in its language.
    ``apart``: see :class:`Ledger`.
    Raises ``FileRefused`` (a ``BadInput``) when nothing can be read: codes ``file_… sheet_… header_… column_…``.
    """
    book = open_sheets(source, limits)
    finder = HeaderFinder(schema, translate)
    if sheet is not None:
        one = book.sheet(sheet)
        header, refusal, _score = finder.find(one)
        if header is None:
            raise refusal or FileRefused("sheet_none")
        return Ledger(schema, one, header, header.warnings, duplicates, progress, apart)
    found, best_refusal, best_score = [], None, -1
    for name in book.names:
        one = book.sheet(name)
        header, refusal, score = finder.find(one)
        if header is not None:
            found.append((one, header))
        elif score > best_score:
            best_refusal, best_score = refusal, score
    if len(found) > 1:
        raise FileRefused("sheet_several", sheets=tuple(one.name for one, _header in found))
    if not found:
        raise best_refusal or FileRefused("sheet_none")
    one, header = found[0]
    return Ledger(schema, one, header, (*header.warnings, *_hidden_tables(book, finder)), duplicates, progress, apart)


def _hidden_tables(book: Book, finder: HeaderFinder) -> Iterator[Problem]:
    """A warning for each hidden sheet that holds such a table too."""
    for name in book.hidden:
        if finder.find(book.sheet(name))[0] is not None:
            yield row_problem("sheet_hidden", sheet=name)


def _blank(row: Iterable[Any]) -> bool:
    return all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _filled_down(sheet: Sheet, header_end: int) -> Iterator[tuple[int, list[Any]]]:
    """The rows below the header; a cell merged over several rows holds its value in each of them."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _right in sheet.merges:
        if bottom > top > header_end:
            starts.setdefault(top, []).append((left, bottom))
    if not starts:
        for number, row in sheet.rows():
            if number > header_end:
                yield number, row
        return
    open_: dict[int, tuple[int, Any]] = {}
    for number, row in sheet.rows():
        if number <= header_end:
            continue
        for column, (bottom, value) in list(open_.items()):
            if number > bottom:
                del open_[column]
            else:
                if column >= len(row):
                    row.extend([""] * (column + 1 - len(row)))
                if row[column] == "":
                    row[column] = value
        for column, bottom in starts.get(number, ()):
            if column < len(row):
                open_[column] = (bottom, row[column])
        yield number, row


def plain(value: Any) -> Any:
    """A value as JSON holds it: days as ISO text, decimals as text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value


def as_json(
    outcomes: Iterable[Outcome], schema: RowSchema, translate: Translate = str
) -> dict[str, list[dict[str, Any]]]:
    """All outcomes as ``{"accepted": […], "rejected": […], "skipped": […]}`` with the sheet's own row numbers.

    Personal fields are left out of the accepted rows, so that the result may be printed and logged.
    """
    result: dict[str, list[dict[str, Any]]] = {"accepted": [], "rejected": [], "skipped": []}
    open_fields = [name for name, field in schema.fields.items() if not field.personal]
    for outcome in outcomes:
        match outcome:
            case Accepted(row, values, warnings):
                entry = {"row": row, **{name: plain(values[name]) for name in open_fields}}
                if warnings:
                    entry["warnings"] = [problem.render(translate) for problem in warnings]
                result["accepted"].append(entry)
            case Rejected(row, problems):
                result["rejected"] += [
                    {"row": row, "column": each.place, "field": each.problem.column, "code": each.problem.code,
                     "reason": each.reason(translate)} for each in problems
                ]  # fmt: skip
            case Skipped(row, last_row):
                entry = {"row": row, "reason": outcome.reason(translate)}
                result["skipped"].append(entry if last_row == row else {**entry, "last_row": last_row})
    return result
