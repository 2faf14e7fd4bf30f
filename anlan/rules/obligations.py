"""The numbered duties of the planning documents, as data: who, what, how much or how often, by when, how checked.

One row a duty, identified SO-…; all were read in full in the documents. A duty binds only the units of its
document's jurisdiction within the document's period, unless adopted; a draft (征求意见稿、草案) is not law at all.
Thresholds stand as printed and are read by the checks that bind the rows to facts.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anlan.rules.citation import Citation, Confidence, Level
from anlan.rules.jurisdictions import DocumentStatus, PlanningDocument, document
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording


class Section(StrEnum):
    """The chapters the duties fall under."""

    INDICATOR = "indicator"
    LEADERSHIP = "leadership"
    ENTERPRISE = "enterprise"
    CAPACITY = "capacity"
    HEALTH = "health"
    ACCOUNTABILITY = "accountability"
    MILESTONE = "milestone"


class Every(StrEnum):
    """How often a duty returns; ``ONCE`` where it does not."""

    ONCE = ""
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"
    THREE_YEARS = "3 years"
    EVENT = "event"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty. ``base`` is the year it is measured from; ``due`` holds the dates as printed (a year, month or day)."""

    id: str
    documents: tuple[PlanningDocument, ...]
    section: Section
    who: Wording
    what: Wording
    threshold: Wording
    base: int | None
    every: Every
    due: tuple[str, ...]
    check: str

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The six-digit codes of the places it binds."""
        return tuple(d.jurisdiction for d in self.documents)

    @property
    def draft(self) -> bool:
        """True when no document it stands in was issued."""
        return all(d.status is DocumentStatus.DRAFT for d in self.documents)

    @property
    def due_days(self) -> tuple[dt.date, ...]:
        """The last day of every date printed: a year ends on 31 December, a month on its last day.

        >>> obligation("SO-01").due_days
        (datetime.date(2018, 12, 31), datetime.date(2020, 12, 31))
        """
        return tuple(_last_day(text) for text in self.due)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The documents it stands in."""
        return tuple(
            Citation(
                d.title.zh + (f"（{d.number}）" if d.number else ""),
                self.id,
                Confidence.A,
                Level.CITY,
                d.period_from,
                d.period_to,
                note="draft, not in force" if d.status is DocumentStatus.DRAFT else "",
            )
            for d in self.documents
        )

    def binds(self, adcode6: str, on: dt.date) -> bool:
        """True when an issued document makes it bind the place itself on that day.

        Places under the jurisdiction are the caller's to resolve: the tree of regions is not the code.

        >>> duty = obligation("SO-40")  # issued in 阳江, in a draft only in 南海
        >>> duty.binds("441700", dt.date(2018, 5, 1)), duty.binds("440605", dt.date(2022, 5, 1))
        (True, False)
        """
        return any(
            d.jurisdiction == adcode6 and d.status is DocumentStatus.ISSUED and d.covers(on) for d in self.documents
        )


def _last_day(text: str) -> dt.date:
    numbers = [int(part) for part in text.split("-")]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else 12
    return dt.date(year, month, numbers[2] if len(numbers) > 2 else calendar.monthrange(year, month)[1])


@lru_cache(maxsize=1)
def obligations() -> tuple[Obligation, ...]:
    """Every duty, in the order of the table.

    >>> len(obligations())
    107
    """
    return tuple(
        Obligation(
            row["id"],
            tuple(document(code) for code in parts(row["documents"])),
            Section(row["section"]),
            Wording(row["who_en"], row["who_zh"]),
            Wording(row["what_en"], row["what_zh"]),
            Wording(row["threshold_en"], row["threshold_zh"]),
            int(row["base"]) if row["base"] else None,
            Every(row["every"]),
            parts(row["due"]),
            row["check"],
        )
        for row in rows("seed_obligations")
    )


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Obligation]:
    return {o.id: o for o in obligations()}


def obligation(id: str) -> Obligation:
    """The duty of that identifier; ``KeyError`` when there is none.

    >>> obligation("SO-81").threshold.zh
    '100%；每人每年80学时'
    """
    return _by_id()[id]


def obligations_of(adcode6: str) -> tuple[Obligation, ...]:
    """The duties of one jurisdiction, drafts included.

    >>> {d.code for o in obligations_of("441481") for d in o.documents}
    {'XN'}
    """
    return tuple(o for o in obligations() if adcode6 in o.jurisdictions)
