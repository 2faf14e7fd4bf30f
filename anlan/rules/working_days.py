"""Working days and natural days (工作日与自然日), and the calendar of days off behind them.

Days off and make-up working days come from the State Council's yearly notices, held for 2004 to 2026. For later
years the notice is not held: weekdays less the statutory days of 全国年节及纪念日放假办法 (2024-11-10 revision:
元旦 1, 春节 4 from New Year's Eve, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3) are taken, the movable ones computed
by GB/T 33661-2017 up to 2050, and every answer that leans on them is *provisional* (暂定): the notice will move
days. A deployment that has loaded the notice of a later year gives it to ``hold``.
Before 2004 and after 2050 nothing is held and ``NotHeld`` is raised.

Counting (民法典 201, 203; confidence C, high): the day of the event is not counted; a period whose last day is a
day off ends on the next working day, but not so for limits in hours nor for duties to report. Whether the first
day is left out and whether the end rolls forward are therefore arguments, never assumed.
"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from anlan.rules.citation import PROVISIONAL, Citation, Confidence, NotHeld
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

HOLIDAY_DECREE = Citation("全国年节及纪念日放假办法", "第二条", Confidence.A, note="2024-11-10 revision")
EXCLUDE_START = Citation("民法典", "第二百零一条", Confidence.C)
ROLL_FORWARD = Citation("民法典", "第二百零三条", Confidence.C)

FIRST = dt.date(2004, 1, 1)
LAST = dt.date(2050, 12, 31)
LAST_NOTICE = 2026
# New Year's Day notices have moved days from 29 December of the year before (2007, 2018), never earlier.
SETTLED_UNTIL = dt.date(LAST_NOTICE, 12, 28)

FESTIVAL_NAMES = {
    "new_year": Wording("New Year's Day", "元旦"),
    "spring": Wording("Spring Festival", "春节"),
    "qingming": Wording("Tomb-sweeping Day", "清明节"),
    "labour": Wording("Labour Day", "劳动节"),
    "dragon_boat": Wording("Dragon Boat Festival", "端午节"),
    "mid_autumn": Wording("Mid-autumn Festival", "中秋节"),
    "national": Wording("National Day", "国庆节"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """The State Council's notice of one year, as a deployment loaded it: its days off and its make-up working days."""

    year: int
    off: tuple[tuple[dt.date, Wording], ...]
    made_up: tuple[tuple[dt.date, Wording], ...]


_loaded: tuple[Notice, ...] = ()


def hold(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Count by these notices from now on, beside those of the tables; answers with those held until now.

    Only years that follow the last one held without a gap count: what a year far ahead says is of no use while the
    years before it are not settled. A year the tables have is the tables'.
    """
    global _loaded
    before, following = _loaded, list[Notice]()
    for notice in sorted(notices, key=lambda one: one.year):
        if notice.year == LAST_NOTICE + 1 + len(following):
            following.append(notice)
    _loaded = tuple(following)
    _exceptions.cache_clear()
    _working_days.cache_clear()
    return before


def last_notice() -> int:
    """The last year whose notice is held."""
    return LAST_NOTICE + len(_loaded)


def settled_until() -> dt.date:
    """The last day that no notice to come can move."""
    return dt.date(last_notice(), SETTLED_UNTIL.month, SETTLED_UNTIL.day)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: whether it is worked, why it differs from its weekday (``name``), and whether that is provisional."""

    day: dt.date
    working: bool
    name: Wording | None
    make_up: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A counted day: ``due`` is in effect, ``raw`` before rolling forward; ``steps`` is the working in words."""

    due: dt.date
    raw: dt.date
    provisional: bool
    steps: tuple[Wording, ...]


def _statutory(year: int, movable: dict[str, dt.date]) -> dict[dt.date, Wording]:
    one = dt.timedelta(days=1)
    spring = movable["spring_festival"]
    off = {dt.date(year, 1, 1): "new_year", movable["qingming"]: "qingming"}
    off |= {spring + shift * one: "spring" for shift in range(-1, 3)}
    off |= {dt.date(year, 5, day): "labour" for day in (1, 2)}
    off |= {movable["dragon_boat"]: "dragon_boat", movable["mid_autumn"]: "mid_autumn"}
    off |= {dt.date(year, 10, day): "national" for day in (1, 2, 3)}
    return {day: FESTIVAL_NAMES[name] for day, name in off.items()}


def festivals_of(year: int) -> dict[dt.date, Wording]:
    """The thirteen statutory days of a year by the decree of 2024-11-10; ``NotHeld`` outside 2004–2050.

    >>> [f"{day:%m-%d}" for day, name in festivals_of(2027).items() if name.zh == "春节"]
    ['02-05', '02-06', '02-07', '02-08']
    """
    for row in rows("festivals"):
        if int(row["year"]) == year:
            return _statutory(year, {k: dt.date.fromisoformat(v) for k, v in row.items() if k != "year"})
    raise NotHeld("working-day calendar (2004–2050)", dt.date(year, 1, 1))


@lru_cache(maxsize=1)
def _exceptions() -> tuple[dict[dt.date, Wording], dict[dt.date, Wording]]:
    """Days off and make-up working days, by day."""
    off: dict[dt.date, Wording] = {}
    made_up: dict[dt.date, Wording] = {}
    for row in rows("holidays"):
        named = Wording(row["name_en"], row["name_zh"])
        (off if row["kind"] == "holiday" else made_up)[dt.date.fromisoformat(row["date"])] = named
    for row in rows("festivals"):
        year = int(row["year"])
        if year > last_notice():
            off |= festivals_of(year)
    for notice in _loaded:
        off |= notice.off
        made_up |= notice.made_up
    return off, made_up


@lru_cache(maxsize=1)
def _working_days() -> list[dt.date]:
    off, made_up = _exceptions()
    every = (FIRST + dt.timedelta(days=shift) for shift in range((LAST - FIRST).days + 1))
    return [day for day in every if day in made_up or (day.weekday() < 5 and day not in off)]


def _held(*days: dt.date) -> None:
    for day in days:
        if not FIRST <= day <= LAST:
            raise NotHeld("working-day calendar (2004–2050)", day)


def is_working_day(day: dt.date) -> bool:
    """True when the day is worked, make-up days included; ``NotHeld`` outside 2004–2050.

    >>> is_working_day(dt.date(2026, 10, 1)), is_working_day(dt.date(2026, 10, 10))
    (False, True)
    """
    _held(day)
    days = _working_days()
    at = bisect_left(days, day)
    return at < len(days) and days[at] == day


def is_provisional(day: dt.date) -> bool:
    """True for a day whose holiday notice is not held (暂定).

    >>> is_provisional(dt.date(2026, 10, 1)), is_provisional(dt.date(2027, 1, 4))
    (False, True)
    """
    return day > settled_until()


def calendar_day(day: dt.date) -> CalendarDay:
    """What kind of day it is, for a calendar on screen.

    >>> calendar_day(dt.date(2026, 2, 14)).name.zh, calendar_day(dt.date(2026, 2, 14)).make_up
    ('春节', True)
    """
    off, made_up = _exceptions()
    working = is_working_day(day)
    return CalendarDay(day, working, off.get(day) or made_up.get(day), day in made_up, is_provisional(day))


def _notes(first: dt.date, last: dt.date) -> list[Wording]:
    """The days between (both ends included) that differ from their weekday, and whether they are held."""
    off, made_up = _exceptions()
    notes = []
    span = [first + dt.timedelta(days=shift) for shift in range((last - first).days + 1)]
    free = [f"{day:%m-%d}" for day in span if day in off and day.weekday() < 5]
    worked = [f"{day:%m-%d}" for day in span if day in made_up]
    if free:
        notes.append(Wording(f"weekdays off: {', '.join(free)}", f"其间放假：{'、'.join(free)}"))
    if worked:
        notes.append(Wording(f"make-up working days: {', '.join(worked)}", f"其间调休上班：{'、'.join(worked)}"))
    if is_provisional(last):
        notes.append(
            Wording(
                f"{PROVISIONAL} the holiday notice for {max(last.year, last_notice() + 1)} is not held",
                f"暂定：{max(last.year, last_notice() + 1)}年放假安排尚未收录",
            )
        )
    return notes


def add_working_days(start: dt.date, n: int, *, exclude_start: bool = True) -> Due:
    """The n-th working day from ``start``; before it when ``n`` is negative.

    ``exclude_start`` leaves the first day out of the count (民法典 201); otherwise it counts when it is worked.
    ``n = 0`` is ``start`` itself, or the next working day when it is not one. Worked by hand: 24 September 2026,
    7 working days: 28, 29, 30 September, 8, 9, 10 (make-up) and 12 October.

    >>> add_working_days(dt.date(2026, 9, 24), 7).due
    datetime.date(2026, 10, 12)
    >>> add_working_days(dt.date(2026, 1, 30), 20).due
    datetime.date(2026, 3, 5)
    """
    _held(start)
    days = _working_days()
    if n > 0:
        at = (bisect_right if exclude_start else bisect_left)(days, start) + n - 1
    elif n < 0:
        at = (bisect_left if exclude_start else bisect_right)(days, start) + n
    else:
        at = bisect_left(days, start)
    if not 0 <= at < len(days):
        raise NotHeld("working-day calendar (2004–2050)", start)
    due = days[at]
    kept_en, kept_zh = ("not counted", "不计入") if exclude_start else ("counted", "计入")
    if n == 0:
        said = Wording(f"the first working day from {start}: {due}", f"自{start}起的首个工作日：{due}")
    elif n > 0:
        said = Wording(
            f"{n} working days from {start}, that day {kept_en}: {due}",
            f"自{start}起第{n}个工作日（当日{kept_zh}）：{due}",
        )
    else:
        said = Wording(
            f"{-n} working days before {start}, that day {kept_en}: {due}",
            f"{start}之前第{-n}个工作日（当日{kept_zh}）：{due}",
        )
    low, high = min(start, due), max(start, due)
    return Due(due, due, is_provisional(high), (said, *_notes(low, high)))


def add_natural_days(start: dt.date, n: int, *, roll: bool, exclude_start: bool = True) -> Due:
    """The n-th natural day from ``start``, rolled forward to a working day when ``roll``.

    ``roll`` has no default: a limit rolls off a day off (民法典 203), a duty to report and a limit in hours do not.
    Without rolling the answer does not depend on the calendar of days off and is never provisional.

    >>> add_natural_days(dt.date(2026, 9, 20), 15, roll=True).due
    datetime.date(2026, 10, 8)
    >>> add_natural_days(dt.date(2026, 9, 20), 15, roll=False).due
    datetime.date(2026, 10, 5)
    """
    if n < 0:
        raise ValueError("natural days are counted forward")
    raw = start + dt.timedelta(days=max(n - (not exclude_start), 0))
    kept_en, kept_zh = ("not counted", "不计入") if exclude_start else ("counted", "计入")
    said = Wording(
        f"{n} natural days from {start}, that day {kept_en}: {raw}",
        f"自{start}起{n}个自然日（当日{kept_zh}）：{raw}",
    )
    return _rolled(raw, said, roll=roll)


def add_months(start: dt.date, n: int, *, roll: bool) -> Due:
    """The same day ``n`` months on, or the last day of that month when it has no such day (民法典 202, confidence C).

    >>> add_months(dt.date(2026, 8, 31), 1, roll=False).due
    datetime.date(2026, 9, 30)
    """
    if n < 0:
        raise ValueError("months are counted forward")
    years, month = divmod(start.month - 1 + n, 12)
    year = start.year + years
    raw = dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    return _rolled(raw, Wording(f"{n} months from {start}: {raw}", f"自{start}起{n}个月：{raw}"), roll=roll)


def _rolled(raw: dt.date, said: Wording, *, roll: bool) -> Due:
    if not roll:
        return Due(raw, raw, False, (said,))
    _held(raw)
    days = _working_days()
    at = bisect_left(days, raw)
    if at == len(days):
        raise NotHeld("working-day calendar (2004–2050)", raw)
    due = days[at]
    steps = [said]
    if due != raw:
        steps.append(
            Wording(f"{raw} is a day off: the next working day, {due}", f"{raw}为休息日或法定休假日，顺延至{due}")
        )
    return Due(due, raw, is_provisional(due), (*steps, *_notes(raw, due)))


def working_days_between(start: dt.date, end: dt.date, *, exclude_start: bool = True) -> int:
    """How many working days there are from ``start`` to ``end``, the end counted; negative when the end is earlier.

    >>> working_days_between(dt.date(2026, 9, 24), dt.date(2026, 10, 12))
    7
    >>> working_days_between(dt.date(2026, 10, 12), dt.date(2026, 9, 24))
    -7
    """
    _held(start, end)
    if end < start:
        return -working_days_between(end, start, exclude_start=exclude_start)
    days = _working_days()
    first = (bisect_right if exclude_start else bisect_left)(days, start)
    return max(bisect_right(days, end) - first, 0)
