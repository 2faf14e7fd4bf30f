"""Many rows checked at once, column by column.

A ledger holds a million cells that are plainly right, and a glance at a whole column tells so many times faster than
a look at each cell. Whatever a glance does not settle goes to the converter of ``kinds``, the one a form's value goes
to: there are no two opinions on a cell, only two speeds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

from anlan.kernel.intake import dates
from anlan.kernel.intake.kinds import EARLIEST, LATEST, MEMO, Convert, Kind, blanks_of, converter, remembers
from anlan.kernel.intake.kinds import span_of_degrees as span_of
from anlan.kernel.intake.problems import Problem, Unfit
from anlan.kernel.intake.schema import Field, Parsed, RowSchema
from anlan.kernel.intake.text import BETWEEN, is_plain, joined_plainly

if TYPE_CHECKING:
    from anlan.kernel.intake.schema import Check

UNSURE: Any = object()
Glance = Callable[[Sequence[Any]], list[Any] | None]
"""The values of a column's cells, ``UNSURE`` where a closer look is needed; None when it is needed everywhere."""

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_DEGREES = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
_MOBILES, _ALL_DEGREES = (re.compile(f"(?:{BETWEEN}{one.pattern})*") for one in (_MOBILE, _DEGREES))


@dataclass(slots=True)
class Wrong:
    """What is wrong with a row, or was left empty in it; ``absent``: fields without a right value."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


class Columns:
    """A schema bound to the columns of one sheet.

    ``columns``: field name to index; fields without a column are read as blank. ``epoch1904``: how bare serial dates
    count (None: unknown, refused). ``units``: the unit of a column where it is not the field's own.
    """

    def __init__(
        self,
        schema: RowSchema,
        columns: Mapping[str, int],
        *,
        epoch1904: bool | None = False,
        units: Mapping[str, str] | None = None,
    ) -> None:
        self._schema = schema
        self.empty: dict[str, Any] = {}  # what a field without a column holds, and what is wrong with that: in any row
        self._missing: list[Problem] = []
        self._plan: list[tuple[Field, int, Convert, Glance | None]] = []
        for name, one in schema.fields.items():
            memo: dict[str, Any] | None = {} if remembers(one) else None
            convert = converter(one, epoch1904=epoch1904, unit=(units or {}).get(name), memo=memo)
            if name in columns:
                self._plan.append((one, columns[name], convert, _glance(one, memo, epoch1904)))
                continue
            try:
                self.empty[name] = convert(None)
            except Unfit as why:
                self._missing.append(one.problem(why, None))
        self.names = tuple(one.name for one, _index, _convert, _look in self._plan)
        stated = {*self.names, *(name for name, value in self.empty.items() if value is not None)}
        self._checks: list[tuple[Check, frozenset[str] | None]] = [
            (asked.function, asked.needs)
            for asked in schema.checks
            if (asked.needs or frozenset()) <= stated and (asked.when is None or asked.when & stated)
        ]

    def read(self, rows: Sequence[Sequence[Any]]) -> tuple[list[Sequence[Any]], dict[int, Parsed]]:
        """The values of rows by column, in the order of ``names``, and what there is to say of some rows, by place.

        Every row is at least as long as the largest index asks.
        """
        cells = list(zip(*rows, strict=False))
        wrong: dict[int, Wrong] = {}
        values: list[Sequence[Any]] = [
            self._column(one, cells[index] if cells else (), convert, look, wrong)
            for one, index, convert, look in self._plan
        ]
        told: dict[int, Parsed] = {}
        if self._missing:
            for at in range(len(rows)):
                wrong.setdefault(at, Wrong()).problems.extend(self._missing)
        if self._checks:
            for at, row in enumerate(self.mappings(values)):
                if at not in wrong and (found := self._asked(row)):
                    told[at] = Parsed(None, tuple(found), row)
        for at, seen in wrong.items():
            row = self.mapping([column[at] for column in values])
            for name in seen.absent:
                del row[name]
            told[at] = self._schema.finished(row, seen.problems, seen.remarks)
        return values, told

    def mapping(self, values: Sequence[Any]) -> dict[str, Any]:
        """One row's values by field."""
        return {**self.empty, **dict(zip(self.names, values, strict=True))}

    def mappings(self, values: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
        """Every row's values by field."""
        empty, names = self.empty, self.names
        for row in zip(*values, strict=True):
            yield {**empty, **dict(zip(names, row, strict=True))}

    def _column(
        self, one: Field, cells: Sequence[Any], convert: Convert, look: Glance | None, wrong: dict[int, Wrong]
    ) -> list[Any]:
        values = look(cells) if look else None
        if values is None:
            values = list(repeat(UNSURE, len(cells)))
        elif UNSURE not in values:
            return values
        for at, value in enumerate(values):
            if value is not UNSURE:
                continue
            try:
                values[at] = convert(cells[at])
            except Unfit as why:
                values[at] = None
                seen = wrong.setdefault(at, Wrong())
                if remark := one.remark(cells[at]):
                    values[at] = one.default
                    seen.remarks.append(remark)
                else:
                    seen.absent.append(one.name)
                    seen.problems.append(one.problem(why, cells[at]))
        return values

    def _asked(self, row: Mapping[str, Any]) -> list[Problem]:
        """What the checks between fields say of a row whose fields are all right."""
        found: list[Problem] = []
        for function, needs in self._checks:
            if found if needs is None else any(row.get(name) is None for name in needs):
                continue
            verdict = function(row)
            if verdict is not None:
                found.extend((verdict,) if isinstance(verdict, Problem) else verdict)
        return found


def _glance(one: Field, memo: dict[str, Any] | None, epoch1904: bool | None) -> Glance | None:
    if memo is not None:
        return lambda cells: [memo.get(cell, UNSURE) for cell in cells]
    if one.kind is Kind.CODE:
        return _codes(one)
    if one.check is not None:
        return None
    if one.kind in (Kind.TEXT, Kind.LINES, Kind.NAME):
        return _texts(one)
    if one.kind in (Kind.LON, Kind.LAT):
        return _degrees(one)
    if one.kind is Kind.DAY and not one.personal:
        return _days(one, epoch1904)
    return _phones if one.kind is Kind.PHONE and one.min_length is one.max_length is None else None


def _texts(one: Field) -> Glance:
    """Clean text of a right length; a name besides without brackets and spaces, which are spelled anew."""
    blanks = blanks_of(one)
    longest, firsts = blanks.longest, blanks.firsts
    low, high = one.min_length or 1, one.max_length or 1 << 62
    empty = UNSURE if one.required else one.default
    named = one.kind is Kind.NAME

    def glance(cells: Sequence[Any]) -> list[Any] | None:
        try:
            plain = joined_plainly(cells)
        except TypeError:  # not all of them are text
            return None
        if plain is None or (named and (" " in plain or "(" in plain or ")" in plain)):
            cells = [
                cell if is_plain(cell) and not (named and (" " in cell or "(" in cell or ")" in cell)) else UNSURE
                for cell in cells
            ]
        return [
            cell
            if cell is UNSURE or (low <= (n := len(cell)) <= high and (n > longest or _begins(cell[0], firsts)))
            else UNSURE
            if cell
            else empty
            for cell in cells
        ]

    return glance


def _begins(first: str, firsts: frozenset[str]) -> bool:
    """A Chinese character with which no word for a blank begins (folding changes none of this block)."""
    return "\u4e00" <= first <= "\u9fff" and first not in firsts


def _codes(one: Field) -> Glance:
    """Codes of letters and digits that need no folding and that the field's own check finds right."""
    pattern = re.compile(rf"(?:{one.pattern})\Z") if one.pattern else None
    normalise, check = one.normalise, one.check
    low, high, longest = one.min_length or 1, one.max_length or 1 << 62, blanks_of(one).longest
    empty = UNSURE if one.required else one.default

    def right(cell: Any) -> Any:
        if type(cell) is not str or not cell.isascii() or not cell.isalnum() or len(cell) <= longest:
            return UNSURE if cell != "" else empty
        code = cell.upper() if normalise is None else normalise(cell.upper())
        if not low <= len(code) <= high or not code.isalnum() or (pattern is not None and not pattern.match(code)):
            return UNSURE
        if check is not None:
            verdict = check(code)
            if verdict is not None and verdict is not True and verdict != ():
                return UNSURE
        return code

    return lambda cells: list(map(right, cells))


def _phones(cells: Sequence[Any]) -> list[Any] | None:
    """Mobile numbers."""
    try:
        if _each_is(_MOBILES, cells):
            return list(cells)
    except TypeError:
        return None
    return [cell if _MOBILE.fullmatch(cell) else UNSURE for cell in cells]


def _each_is(pattern: re.Pattern[str], cells: Sequence[Any]) -> bool:
    """Whether a pattern of cells one behind the other fits these; a cell that holds ``BETWEEN`` itself is not one of
    them, though it may look like several. ``TypeError`` where not all are text."""
    joined = BETWEEN + BETWEEN.join(cells)
    return joined.count(BETWEEN) == len(cells) and pattern.fullmatch(joined) is not None


def _degrees(one: Field) -> Glance:
    """Decimal degrees within the country."""
    low, high = span_of(one)

    def glance(cells: Sequence[Any]) -> list[Any] | None:
        try:
            whole = _each_is(_ALL_DEGREES, cells)
        except TypeError:
            return None
        read = map(float, cells) if whole else (float(c) if _DEGREES.fullmatch(c) else 999.0 for c in cells)
        return [value if low <= value <= high else UNSURE for value in read]

    return glance


def _days(one: Field, epoch1904: bool | None) -> Glance:
    """Days written in one of the known ways, within the field's bounds."""
    known: dict[str, dt.date] = {}
    longest = blanks_of(one).longest

    def day(cell: Any) -> Any:
        if type(cell) is not str or len(cell) <= longest:
            return UNSURE
        found = known.get(cell)
        if found is None:
            try:
                found = dates.day_of(cell, epoch1904=epoch1904)
            except Unfit:
                return UNSURE
            if len(known) >= MEMO:
                known.clear()
            known[cell] = found
        return found

    def glance(cells: Sequence[Any]) -> list[Any]:
        low = one.min() if callable(one.min) else one.min
        high = one.max() if callable(one.max) else one.max
        early, late = max(EARLIEST, low or EARLIEST), min(LATEST, high or LATEST)
        return [value if value is not UNSURE and early <= value <= late else UNSURE for value in map(day, cells)]

    return glance
