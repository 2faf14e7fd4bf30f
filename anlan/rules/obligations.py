"""The numbered duties of the planning documents, as data: who, what, how much or how often, by when, how checked.

One row a duty, identified SO-…; all were read in full in the documents. A duty binds only the units of its
document's jurisdiction within the document's period, unless adopted; a draft (征求意见稿、草案) is not law at all.
Thresholds stand as printed; what they ask of which fact stands beside them, one row a test
(``data/obligation_tests.csv``), and is judged by ``anlan/rules/obligation_outcome.py``.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from anlan.rules.admin_code import contains
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


class Owner(StrEnum):
    """Whose duty it is."""

    GOVERNMENT = "government"
    TOWN = "town"
    DEPARTMENT = "department"
    LEADER = "leader"
    ENTERPRISE = "enterprise"
    PERSON = "person"


OWNERS = {
    Owner.GOVERNMENT: Wording("government or party committee of the place", "党委、政府"),
    Owner.TOWN: Wording("towns, streets, parks and villages", "镇街、园区、村居"),
    Owner.DEPARTMENT: Wording("departments and commissions", "部门、议事协调机构"),
    Owner.LEADER: Wording("each leading cadre", "党政领导干部"),
    Owner.ENTERPRISE: Wording("enterprises and other units", "生产经营单位"),
    Owner.PERSON: Wording("officers, principals and workers by name", "执法人员、负责人、从业人员"),
}


class Asks(StrEnum):
    """What is asked of a fact."""

    CUT = "cut"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NEVER_ABOVE = "never_above"
    ABOVE = "above"
    EXACTLY = "exactly"
    RISE = "rise"
    FALL = "fall"
    DONE = "done"
    WITHIN = "within"
    EVERY = "every"
    NONE_WITHIN = "none_within"
    ABOVE_ASKS = "above_asks"
    RECORDED = "recorded"


ASKED = {
    Asks.CUT: Wording("cut against the base by at least", "较基期下降不少于"),
    Asks.AT_LEAST: Wording("at least", "不少于"),
    Asks.AT_MOST: Wording("at most", "不高于"),
    Asks.NEVER_ABOVE: Wording("never above", "始终不超过"),
    Asks.ABOVE: Wording("above", "大于"),
    Asks.EXACTLY: Wording("exactly", "等于"),
    Asks.RISE: Wording("higher than the year before", "高于上年"),
    Asks.FALL: Wording("lower than the year before", "低于上年"),
    Asks.DONE: Wording("done", "已完成"),
    Asks.WITHIN: Wording("done within", "在以下期限内完成"),
    Asks.EVERY: Wording("done again within", "距上次不超过"),
    Asks.NONE_WITHIN: Wording("none within", "在以下期限内不得有"),
    Asks.ABOVE_ASKS: Wording("to be done where the fact is above", "超过以下数值的须落实"),
    Asks.RECORDED: Wording("on record, printed as", "有记录，文件所列为"),
}
UNITS = {
    "": Wording("as printed", "按原文"),
    "%": Wording("%", "%"),
    "accidents": Wording("accidents", "起"),
    "flag": Wording("(0 no, 1 yes)", "（0否1是）"),
    "hours": Wording("hours", "小时（学时）"),
    "items": Wording("items", "项（个、种）"),
    "level": Wording("(level)", "级"),
    "mines": Wording("mines", "座（户）"),
    "minutes": Wording("minutes", "分钟"),
    "per_100k": Wording("per 100,000 inhabitants", "人/十万人口"),
    "persons": Wording("persons", "人"),
    "points": Wording("points", "分"),
    "reports": Wording("reports", "份"),
    "teams": Wording("teams", "支"),
    "times": Wording("times", "次"),
    "years": Wording("years", "年"),
    "yuan": Wording("yuan", "元"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a duty asks of one fact. ``fact`` names the fact that answers it; a figure that is printed as a quota
    given elsewhere, or as a comparison, is ``None``.

    ``due`` is a date as printed (a year, month or day), or ``03-31`` for that day of each year; ``every`` is the
    measure's own where the duty has several.
    """

    fact: str
    name: Wording
    test: Asks
    figure: Decimal | None
    unit: Wording
    every: Every
    due: str

    @property
    def yearly(self) -> bool:
        """Whether ``due`` is a day of each year."""
        return len(self.due) == len("03-31") and self.due[2] == "-"

    @property
    def due_day(self) -> dt.date | None:
        """The last day of the date printed; ``None`` where none is, or one of each year."""
        return _last_day(self.due) if self.due and not self.yearly else None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty. ``base`` is the year it is measured from; ``due`` holds the dates as printed (a year, month or day)."""

    id: str
    documents: tuple[PlanningDocument, ...]
    section: Section
    owner: Owner
    who: Wording
    what: Wording
    threshold: Wording
    base: int | None
    every: Every
    due: tuple[str, ...]
    check: str
    measures: tuple[Measure, ...]

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

    def binding_document(self, code: str, on: dt.date) -> PlanningDocument | None:
        """The issued document that makes it bind units at a place on a day: the jurisdiction itself or one under it.

        ``code`` has six, nine or twelve digits; ``ValueError`` for one that is not sound.

        >>> duty = obligation("SO-40")  # issued in 阳江, in a draft only in 南海
        >>> document = duty.binding_document("441702", dt.date(2018, 5, 1))
        >>> document.code if document else None, duty.binding_document("440605", dt.date(2022, 5, 1))
        ('YJ', None)
        """
        for d in self.documents:
            if d.status is DocumentStatus.ISSUED and d.covers(on) and contains(d.jurisdiction, code):
                return d
        return None

    def binds(self, code: str, on: dt.date) -> bool:
        """True when an issued document makes it bind units at a place on that day.

        >>> duty = obligation("SO-40")
        >>> duty.binds("441700", dt.date(2018, 5, 1)), duty.binds("440605", dt.date(2022, 5, 1))
        (True, False)
        """
        return self.binding_document(code, on) is not None


def _last_day(text: str) -> dt.date:
    numbers = [int(part) for part in text.split("-")]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else 12
    return dt.date(year, month, numbers[2] if len(numbers) > 2 else calendar.monthrange(year, month)[1])


def _measure(row: Mapping[str, str]) -> Measure:
    return Measure(
        row["fact"],
        Wording(row["fact"].replace("_", " "), row["fact_zh"]),
        Asks(row["test"]),
        Decimal(row["figure"]) if row["figure"] else None,
        UNITS[row["unit"]],
        Every(row["every"]),
        row["due"],
    )


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
            Owner(row["owner"]),
            Wording(row["who_en"], row["who_zh"]),
            Wording(row["what_en"], row["what_zh"]),
            Wording(row["threshold_en"], row["threshold_zh"]),
            int(row["base"]) if row["base"] else None,
            Every(row["every"]),
            parts(row["due"]),
            row["check"],
            tuple(_measure(test) for test in rows("obligation_tests") if test["id"] == row["id"]),
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
