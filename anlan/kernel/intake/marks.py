"""What a reader of cell values leaves out of a sheet: errors, uncalculated formulas, how dates and ratios are shown.

The fast reader gives an empty cell for ``#REF!``, the first of the month for ``2024年3月`` and 0.85 for 85%. A row read
so would be taken in with a value nobody wrote; so each format has a scanner that marks such cells.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.dates import from_serial
from anlan.kernel.intake.problems import Unfit

MONTH, PERCENT = "month", "percent"
_BUILT_IN = {9: PERCENT, 10: PERCENT, 17: MONTH, 27: MONTH, 36: MONTH, 50: MONTH, 52: MONTH, 57: MONTH}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(slots=True)
class Marks:
    """The marks of one sheet: row and column (from 0) to an error text (with a leading "!"), MONTH or PERCENT."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    epoch1904: bool | None = False

    def add(self, row: int, column: int, mark: str) -> None:
        """Mark a cell."""
        self.cells.setdefault(row, {})[column] = mark

    def apply(self, row: int, values: list[Any]) -> list[Any]:
        """The row with its marked cells replaced."""
        marked = self.cells.get(row)
        if marked:
            for column, mark in marked.items():
                if column >= len(values):
                    values.extend([""] * (column + 1 - len(values)))
                values[column] = self._replaced(mark, values[column])
        return values

    def _replaced(self, mark: str, value: Any) -> Any:
        if mark[0] == "!":
            return ErrorCell(mark[1:])
        if mark == PERCENT:
            return PercentCell(float(value)) if isinstance(value, (int, float)) else value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                value = from_serial(value, epoch1904=bool(self.epoch1904))
            except Unfit:
                return value
        # Typing a month stores its first day; any other day was typed in full and only shown short.
        if isinstance(value, dt.date) and value.day == 1:
            return MonthCell(dt.date(value.year, value.month, 1))
        return value


def mark_of_format(number: int, code: str | None) -> str | None:
    """The mark of a number format: its built-in number, or its code when it has one of its own.

    >>> mark_of_format(27, None), mark_of_format(164, 'yyyy"年"m"月";@'), mark_of_format(165, "0.0%")
    ('month', 'month', 'percent')
    >>> mark_of_format(166, 'yyyy"年"m"月"d"日"'), mark_of_format(167, "h:mm")
    (None, None)
    """
    if code is None:
        return _BUILT_IN.get(number)
    first = _LITERAL.sub("", code.split(";")[0]).lower()
    if "%" in first:
        return PERCENT
    if "y" in first and "m" in first and not any(letter in first for letter in "dhs"):
        return MONTH
    return None
