"""工作日计算 in the book: counting on by working or natural days, and counting between two days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import (
    EXCLUDE_START,
    FIRST,
    HOLIDAY_DECREE,
    LAST,
    ROLL_FORWARD,
    add_natural_days,
    add_working_days,
    is_provisional,
    working_days_between,
)

CALENDAR = Citation(
    "国务院办公厅节假日安排通知", "", valid_from=FIRST, valid_to=LAST, note="2004 to 2026; later years computed"
)
EDITIONS: Editions[bool] = Editions(
    "working_days",
    not_held(EVER, Citation("节假日安排", "2004年以前")),
    held(FIRST, CALENDAR, True),
    not_held(LAST + dt.timedelta(days=1), Citation("节假日安排", "2051年以后")),
)
SEPTEMBER = dt.date(2026, 9, 24)


class Unit(StrEnum):
    """What is counted."""

    WORKING = "working"
    NATURAL = "natural"


UNITS = {Unit.WORKING: Wording("working days", "工作日"), Unit.NATURAL: Wording("natural days", "自然日")}


@dataclass(frozen=True, kw_only=True)
class Span(Input):
    """A day and a number of days, or a day and another day."""

    start: dt.date = given("First day", "起始日期")
    days: int | None = given("Days to count", "天数", unit="days", least=-5000, most=5000, default=None)
    end: dt.date | None = given(
        "Last day, to count the working days up to it", "截止日期（计算其间工作日数）", default=None
    )
    unit: Unit = given("What is counted", "计数单位", choices=UNITS, default=Unit.WORKING)
    exclude_start: bool = given("The first day is not counted", "当日不计入", default=True)
    roll: bool = given(
        "A natural day that is a day off rolls to the next working day",
        "自然日期满遇休息日顺延",
        hint=Wording("not so for duties to report and limits in hours", "报告义务和小时期限不顺延"),
        default=True,
    )

    def consistent(self) -> None:
        """Days or an end, not both."""
        if (self.days is None) == (self.end is None):
            raise BadInput(
                "days",
                Wording(
                    "is missing" if self.days is None else "stands beside end",
                    "缺失" if self.days is None else "与end同时填写",
                ),
                Wording("either days or end", "days 与 end 二者填一"),
            )
        if self.days is not None and self.days < 0 and self.unit is Unit.NATURAL:
            raise BadInput(
                "days",
                Wording(f"is {self.days}", f"为{self.days}"),
                Wording("0 or more natural days", "不小于0的自然日数"),
            )


@dataclass(frozen=True, slots=True)
class Counted:
    """The day arrived at (``raw`` before rolling), or the working days between; ``provisional``: 暂定."""

    due: dt.date
    raw: dt.date
    working_days: int
    provisional: bool


@rule(
    "working_days",
    Wording("Working days and natural days", "工作日与自然日计算"),
    theme="calendar",
    about=Wording(
        "the day a number of days leads to, or the working days between two days",
        "自某日起若干日的届满日，或者两日之间的工作日数",
    ),
    takes=Span,
    editions=EDITIONS,
    dated_by="start",
    examples=(
        Example(
            {"start": "2026-09-24", "days": 7}, SEPTEMBER, {"due": "2026-10-12", "provisional": False},
            "跨国庆节，10月10日调休上班",
        ),
        Example(
            {"start": "2026-01-30", "days": 20}, dt.date(2026, 1, 30), {"due": "2026-03-05"},
            "跨春节，2月14日、28日上班",
        ),
        Example({"start": "2026-09-24", "end": "2026-10-12"}, SEPTEMBER, {"working_days": 7}, "其间工作日数"),
        Example(
            {"start": "2026-09-20", "days": 15, "unit": "natural"}, dt.date(2026, 9, 20),
            {"raw": "2026-10-05", "due": "2026-10-08"}, "15个自然日，期满遇假日顺延",
        ),
        Example(
            {"start": "2027-02-01", "days": 10}, dt.date(2027, 2, 1), {"provisional": True}, "2027年放假安排尚未收录"
        ),
    ),
    bounds=Wording(
        "held 2004 to 2026; to 2050 computed from the statutory days and provisional",
        "收录2004年至2026年放假安排；2027年至2050年按法定节日推算，均为暂定",
    ),
)  # fmt: skip
def working_days(asked: Span, on: dt.date) -> Finding[Counted]:
    """Counts on or between; the calendar answers for the days themselves, whatever ``on`` is.

    >>> working_days(Span(start=SEPTEMBER, days=7), SEPTEMBER).value.due
    datetime.date(2026, 10, 12)
    """
    cited = [EDITIONS.on(on).citation, HOLIDAY_DECREE]
    if asked.exclude_start:
        cited.append(EXCLUDE_START)
    if asked.end is not None:
        between = working_days_between(asked.start, asked.end, exclude_start=asked.exclude_start)
        steps = (
            Wording(
                f"from {asked.start} to {asked.end}: {between} working days",
                f"自{asked.start}至{asked.end}：{between}个工作日",
            ),
        )
        provisional = is_provisional(max(asked.start, asked.end))
        return Finding(Counted(asked.end, asked.end, between, provisional), tuple(cited), {}, steps)
    days = asked.days or 0
    if asked.unit is Unit.WORKING:
        found = add_working_days(asked.start, days, exclude_start=asked.exclude_start)
    else:
        found = add_natural_days(asked.start, days, roll=asked.roll, exclude_start=asked.exclude_start)
        if found.due != found.raw:
            cited.append(ROLL_FORWARD)
    held_both = FIRST <= asked.start <= LAST and FIRST <= found.due <= LAST
    between = working_days_between(asked.start, found.due) if held_both else 0
    return Finding(Counted(found.due, found.raw, between, found.provisional), tuple(cited), {}, found.steps)
