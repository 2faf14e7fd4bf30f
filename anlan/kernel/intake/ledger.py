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


@dataclass(frozen=True, slots=True)
class Accepted:
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


class Checked(NamedTuple):
    """A record whose cells were checked: its row, what they say, the cells as read."""

    row: int
    parsed: Parsed
    cells: Sequence[Any]


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
        header = self.header
        seen = self.duplicates.checker(self.schema) if self.duplicates else None
        for checked in read_apart(self.checked) if self.apart else self.checked():
            if not isinstance(checked, Checked):
                yield checked
                continue
            number, parsed, cells = checked
            found, warnings = parsed.problems, parsed.remarks
            if seen is not None:
                twins, alike = seen.see(number, parsed.partial)
                found, warnings = (*found, *twins), (*warnings, *alike)
            if found:
                located = [Located(header.columns.get(problem.column), problem) for problem in found]
                located.sort(key=lambda each: each.column.index if each.column else header.width)
                yield Rejected(number, tuple(located), tuple(cells))
            else:
                assert parsed.values is not None
                yield Accepted(number, parsed.values, warnings)

    def checked(self) -> Iterator[Checked | Rejected | Skipped]:
        """Each record with its cells checked one by one; rows that hold none; raises as iterating does."""
        header, last = self.header, self.header.last_row
        for number, text in header.titles:
            yield Skipped(number, number, row_problem("above_header", value=shown_line(text)))
        lines = Lines(self.schema, header)
        parse = self.schema.bind(
            {name: column.index for name, column in header.columns.items()},
            epoch1904=self.sheet.epoch1904,
            units={name: column.unit for name, column in header.columns.items() if column.unit},
        )
        width, is_text = header.width, self.sheet.text
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
            if len(row) < width:
                row = [*row, *[""] * (width - len(row))]
            parsed = parse(row)
            if is_text and len(row) > width and (extra := [cell for cell in row[width:] if cell.strip()]):
                more = row_problem("extra_cells", value=shown_line(extra[0]))
                parsed = parsed._replace(values=None, problems=(*parsed.problems, more))
            yield Checked(number, parsed, row)
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
