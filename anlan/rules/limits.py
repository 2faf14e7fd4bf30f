"""Clocks by table: each step of a procedure with its limit by date, and how the day is counted.

A theme writes its steps as ``Clock`` rows and one rule that answers by ``term``. A limit says its number, its unit,
how far it may be extended, whether it runs back from the day given (``back``), whether it is the last day to act
(``by``) or the day after which one may act (``after``), and whether its end rolls off a day off.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anlan.rules import working_days
from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import Edition, Editions
from anlan.rules.refusal import BadInput
from anlan.rules.wording import Wording
from anlan.rules.working_days import Due

UNDATED = dt.date(2016, 1, 1)
UNDATED_NOTE = "its own first day is not held; answered from 2016 only"


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"


UNIT_NAMES = {
    Unit.WORKING_DAYS: Wording("working days", "个工作日"),
    Unit.DAYS: Wording("natural days", "日"),
    Unit.MONTHS: Wording("months", "个月"),
    Unit.YEARS: Wording("years", "年"),
    Unit.HOURS: Wording("hours", "小时"),
}


class Sense(StrEnum):
    """Whether the day found is the last to act, or the one after which one may act."""

    BY = "by"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. ``more`` is the longest extension in the same unit; ``counted`` says how its days are counted.

    ``roll`` counts only for natural days, months and years; ``said`` are remarks that belong to the working.
    """

    number: int
    unit: Unit
    more: int = 0
    roll: bool = False
    back: bool = False
    sense: Sense = Sense.BY
    counted: Citation | None = None
    said: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One step: its code, its name, what it is counted from, and its limit by date."""

    code: str
    label: Wording
    start: Wording
    editions: Editions[Limit]

    @property
    def choice(self) -> Wording:
        """The step with what it is counted from, as offered in a form."""
        return Wording(f"{self.label} (from {self.start})", f"{self.label.zh}（自{self.start.zh}起算）")


@dataclass(frozen=True, slots=True)
class Term:
    """A limit counted out. ``extended`` is the day with the longest extension, ``None`` where there is none.

    ``raw`` is the day before it rolled off a day off; ``provisional`` where a year's holiday notice is not held.
    """

    step: str
    name: Wording
    due: dt.date | dt.datetime
    sense: Sense
    raw: dt.date | dt.datetime
    extended: dt.date | dt.datetime | None
    number: int
    unit: Unit
    provisional: bool


def clock(rule: str, code: str, label: Wording, start: Wording, *editions: Edition[Limit]) -> Clock:
    """A step of a rule; its editions are named ``<rule>: <code>``."""
    return Clock(code, label, start, Editions(f"{rule}: {code}", *editions, label=label))


def table(*clocks: Clock) -> Mapping[str, Clock]:
    """The steps by their code; ``ValueError`` when two share one."""
    by_code = {one.code: one for one in clocks}
    if len(by_code) != len(clocks):
        raise ValueError("two steps share a code")
    return by_code


def choices(clocks: Mapping[str, Clock]) -> dict[str, Wording]:
    """The steps as the choices of an input."""
    return {code: one.choice for code, one in clocks.items()}


def editions_of(clocks: Mapping[str, Clock]) -> tuple[Editions[Any], ...]:
    """The editions of every step, for the book."""
    return tuple(one.editions for one in clocks.values())


def require_moment(clocks: Mapping[str, Clock], step: str, start: dt.date, moment: dt.datetime | None) -> None:
    """A step in hours needs the hour it starts, on the day given; the others take none."""
    in_hours = any(row.figures and row.figures.unit is Unit.HOURS for row in clocks[step].editions)
    if in_hours and moment is None:
        raise BadInput(
            "moment",
            Wording("is missing: this limit is counted in hours", "缺失：本期限按小时计算"),
            Wording(f"a time on {start}", f"{start}当日的时刻"),
        )
    if moment is not None and (not in_hours or moment.date() != start):
        raise BadInput(
            "moment",
            Wording(f"is {moment:%Y-%m-%dT%H:%M}", f"为{moment:%Y-%m-%dT%H:%M}"),
            Wording(f"a time on {start}", f"{start}当日的时刻")
            if in_hours
            else Wording("nothing: this limit is counted in days", "不填：本期限按日计算"),
        )


def months_before(day: dt.date, n: int) -> dt.date:
    """The same day ``n`` months earlier, or the last of that month.

    >>> months_before(dt.date(2026, 5, 31), 3)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 - n, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def spoken(months: int) -> Wording:
    """So many months in words: years where they are whole.

    >>> spoken(36).zh, str(spoken(18))
    ('3年', '18 months')
    """
    years, rest = divmod(months, 12)
    if rest:
        return Wording(f"{months} months", f"{months}个月")
    return Wording(f"{years} years", f"{years}年")


def count(limit: Limit, start: dt.date, number: int) -> Due:
    """``number`` of the limit's days, months or years from ``start``, forward or back; not for hours."""
    if limit.back:
        return _back(limit.unit, start, number)
    if limit.unit is Unit.WORKING_DAYS:
        return working_days.add_working_days(start, number)
    if limit.unit is Unit.DAYS:
        return working_days.add_natural_days(start, number, roll=limit.roll)
    return working_days.add_months(start, number * (12 if limit.unit is Unit.YEARS else 1), roll=limit.roll)


def _back(unit: Unit, start: dt.date, number: int) -> Due:
    if unit is Unit.WORKING_DAYS:
        return working_days.add_working_days(start, -number)
    if unit is Unit.DAYS:
        day = start - dt.timedelta(days=number)
    else:
        day = months_before(start, number * (12 if unit is Unit.YEARS else 1))
    name = UNIT_NAMES[unit]
    return Due(
        day, day, False, (Wording(f"{number} {name} before {start}: {day}", f"{start}之前{number}{name.zh}：{day}"),)
    )


def _said(label: Wording, limit: Limit) -> Wording:
    """The step and its limit in words: within, so long before, not until."""
    unit = UNIT_NAMES[limit.unit]
    en, zh = f"{limit.number} {unit}", f"{limit.number}{unit.zh}"
    if limit.sense is Sense.BY:
        en, zh = (f"at least {en} before", f"提前{zh}") if limit.back else (f"within {en}", f"{zh}内")
    else:
        en, zh = (
            (f"in the {en} before", f"届满前{zh}内") if limit.back else (f"not until {en} have passed", f"满{zh}后")
        )
    return Wording(f"{label}: {en}", f"{label.zh}：{zh}")


def _hours(limit: Limit, moment: dt.datetime) -> tuple[dt.datetime, Wording]:
    due = moment + dt.timedelta(hours=-limit.number if limit.back else limit.number)
    en, zh = ("before", "之前") if limit.back else ("from", "起")
    return due, Wording(
        f"{limit.number} hours {en} {moment:%Y-%m-%d %H:%M}: {due:%Y-%m-%d %H:%M}",
        f"{moment:%Y-%m-%d %H:%M}{zh}{limit.number}小时：{due:%Y-%m-%d %H:%M}",
    )


def cited_by(clocks: Mapping[str, Clock]) -> tuple[Citation, ...]:
    """What the limits of a table cite beside their own clauses: how days are counted, and how they roll off a day off.

    >>> cited_by({})
    ()
    """
    limits = [row.figures for one in clocks.values() for row in one.editions if row.figures is not None]
    counted = dict.fromkeys(limit.counted for limit in limits if limit.counted is not None)
    return (*counted, *((working_days.ROLL_FORWARD,) if any(limit.roll for limit in limits) else ()))


def term(
    one: Clock, start: dt.date, on: dt.date, *, moment: dt.datetime | None = None, not_counted: int = 0
) -> Finding[Term]:
    """The limit of a step by the edition of ``on``, counted from ``start`` (or ``moment`` for hours).

    ``not_counted`` is added where the law leaves time out (test, hearing, expert review), in the limit's own days.
    """
    edition = one.editions.on(on)
    limit = edition.held
    name = _said(one.label, limit)
    steps: list[Wording] = [name]
    citations = [edition.citation, *((limit.counted,) if limit.counted else ())]
    if limit.unit is Unit.HOURS and moment is not None:
        due, said = _hours(limit, moment)
        value = Term(one.code, one.label, due, limit.sense, due, None, limit.number, limit.unit, False)
        return Finding(value, tuple(citations), {}, (name, said, *limit.said))
    if not_counted:
        unit = UNIT_NAMES[limit.unit]
        steps.append(
            Wording(f"{not_counted} {unit} are not counted in the limit", f"另有{not_counted}{unit.zh}依法不计入期限")
        )
    counted = count(limit, start, limit.number + not_counted)
    steps += counted.steps
    extended = None
    if limit.more:
        longer = count(limit, start, limit.number + limit.more + not_counted)
        extended = longer.due
        unit = UNIT_NAMES[limit.unit]
        steps.append(
            Wording(
                f"with the longest extension, {limit.more} {unit}: {extended}",
                f"经批准最长可延长{limit.more}{unit.zh}：至{extended}",
            )
        )
    if counted.due != counted.raw:
        citations.append(working_days.ROLL_FORWARD)
    value = Term(
        one.code,
        one.label,
        counted.due,
        limit.sense,
        counted.raw,
        extended,
        limit.number,
        limit.unit,
        counted.provisional,
    )
    return Finding(value, tuple(citations), {}, (*steps, *limit.said))


def local(code: str, zh: str) -> Citation:
    """A parameter of the deployment (本地规定), which no law sets."""
    return Citation(
        "本地规定", f"：{zh}", Confidence.A, Level.LOCAL, note=f"parameter {code} of this deployment, not a statute"
    )


def undated(law: str, article: str, confidence: Confidence, number: str = "") -> Citation:
    """A text whose own first day is not held: it is answered from 2016 only."""
    return Citation(law, article, confidence, valid_from=UNDATED, note=UNDATED_NOTE, number=number)
