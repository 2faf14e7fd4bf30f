"""Cells whose plain value would mislead: kept apart so that a converter refuses them instead of guessing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A spreadsheet error such as ``#REF!``; ``text`` "" means a formula that was never calculated."""

    text: str

    def __str__(self) -> str:
        return self.text or "="


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A date shown without its day: somebody typed ``2024年3月`` and the program stored the first of the month."""

    day: dt.date

    def __str__(self) -> str:
        return f"{self.day.year}年{self.day.month}月"


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A number formatted as a percentage: 0.85 stored, 85% shown."""

    ratio: float

    def __str__(self) -> str:
        return f"{float(f'{self.ratio * 100:.12g}'):g}%"


Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | ErrorCell | MonthCell | PercentCell
