"""Days as people write them in ledgers. What is not one certain day is refused with the reason.

Accepted: 2024年3月5日, 2024/3/5, 2024-03-05, 2024.03.05, 20240305, 二〇二四年三月五日, each also with a time of day
behind it; a date cell; an Excel serial such as 45356 (1900 system, or 1904 when the workbook says so).
"""

from __future__ import annotations

import datetime as dt
import math
import re

from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.problems import Unfit
from anlan.kernel.intake.text import folded

_TIME = (
    r"(?P<time>(?:上午|下午|晚上|凌晨|[AP]M )? ?(?P<h>\d{1,2})(?::|时|点)"
    r"(?P<m>\d{1,2})?(?::|分)?(?P<s>\d{1,2})?(?:\.\d+)?秒?)"
)
_DAY = re.compile(
    r"(?P<year>\d{4}) ?(?:年 ?(?P<m1>\d{1,2}) ?月 ?(?P<d1>\d{1,2}) ?[日号]?"
    r"|(?P<sep>[-/.]) ?(?P<m2>\d{1,2}) ?(?P=sep) ?(?P<d2>\d{1,2}))"
    rf"(?:(?:[ T]+|(?<=[日号])){_TIME})?(?: ?[AP]M)?(?P<zone> ?(?:Z|[+-]\d\d:?\d\d))?\Z",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?\Z", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z", re.ASCII)
_NUMERALS = re.compile(
    r"([〇零Oo○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]\Z"
)
_DIGITS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | dict.fromkeys("零Oo○", 0)

_REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern + r"\Z", re.ASCII), code)
    for pattern, code in (
        (r"(?:19|20|21)\d\d ?年?[-/.]?", "year_only"),
        (r"\d{4} ?(?:年 ?\d{1,2} ?月?|[-/.] ?\d{1,2})[-/.]?份?", "month_only"),
        (r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])", "month_only"),
        (r"[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月", "month_only"),
        (r"\d{6}", "two_digit_year"),
        (r"'?\d{2} ?(?:年 ?\d{1,2} ?月 ?\d{1,2} ?[日号]?|([-/.])\d{1,2}\1\d{1,2})", "two_digit_year"),
        (r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}", "day_order"),
        (r"\d{1,2} ?月 ?\d{1,2} ?[日号]?", "no_year"),
        (r"\d{1,2}:\d\d(?::\d\d)?", "time_only"),
    )
)

FIRST_SERIAL, LAST_SERIAL = 10_000, 99_999
"""Bare numbers read as serials: 1927-05-18 to 2173-10-13. Smaller ones may be years, larger ones digits of a date."""


def day_of(raw: object, *, epoch1904: bool | None = False) -> dt.date:
    """The one day a cell or text means.

    ``epoch1904``: how the file counts bare serial numbers; None means that it does not say, and they are refused.
    Raises ``Unfit`` with one of the codes ``not_a_day month_only year_only no_year two_digit_year day_order no_such_day
    time_only time_zone serial_unsure error_cell formula_empty``.
    """
    if isinstance(raw, str):
        return _from_text(folded(raw), epoch1904)
    if isinstance(raw, dt.datetime):
        if raw.tzinfo is not None:
            raise Unfit("time_zone")
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, MonthCell):
        raise Unfit("month_only")
    if isinstance(raw, (dt.time, dt.timedelta)):
        raise Unfit("time_only")
    if isinstance(raw, ErrorCell):
        raise Unfit("error_cell" if raw.text else "formula_empty")
    if isinstance(raw, (bool, PercentCell)) or not isinstance(raw, (int, float)):
        raise Unfit("not_a_day")
    return _from_number(raw, epoch1904)


def from_serial(serial: float, *, epoch1904: bool = False) -> dt.date:
    """The day of an Excel serial number.

    In the 1900 system serial 60 is 29 February 1900, which never was: it is refused, and the serials before it lie one
    day later than simple counting says. The part after the decimal point is the time of day and is dropped.

    >>> from_serial(45356), from_serial(59), from_serial(61)
    (datetime.date(2024, 3, 5), datetime.date(1900, 2, 28), datetime.date(1900, 3, 1))
    >>> from_serial(43894, epoch1904=True)
    datetime.date(2024, 3, 5)
    """
    days = math.floor(serial)
    if epoch1904:
        if not 0 <= days <= 2_957_003:
            raise Unfit("no_such_day")
        return dt.date(1904, 1, 1) + dt.timedelta(days)
    if not 1 <= days <= 2_958_465 or days == 60:
        raise Unfit("no_such_day")
    return dt.date(1899, 12, 31 if days < 60 else 30) + dt.timedelta(days)


def _from_text(text: str, epoch1904: bool | None) -> dt.date:
    if match := _DAY.match(text):
        if match["zone"]:
            raise Unfit("time_zone")
        if match["time"]:
            _check_time(match["h"], match["m"], match["s"])
        return _date(match["year"], match["m1"] or match["m2"], match["d1"] or match["d2"])
    if match := _COMPACT.match(text):
        if match[4]:
            _check_time(match[4], match[5], match[6])
        return _date(match[1], match[2], match[3])
    if _SERIAL.match(text):
        return _from_number(float(text), epoch1904)
    if match := _NUMERALS.match(text):
        year = "".join(str(_DIGITS[numeral]) for numeral in match[1])
        return _date(year, _small(match[2]), _small(match[3]))
    for pattern, code in _REASONS:
        if pattern.match(text):
            raise Unfit(code)
    raise Unfit("not_a_day")


def _from_number(number: float, epoch1904: bool | None) -> dt.date:
    if not math.isfinite(number):
        raise Unfit("not_a_day")
    whole = math.floor(number)
    if FIRST_SERIAL <= whole <= LAST_SERIAL:
        if epoch1904 is None:
            raise Unfit("serial_unsure")
        return from_serial(number, epoch1904=epoch1904)
    if number == whole:
        return _from_text(str(whole), epoch1904)
    raise Unfit("month_only" if 1900 <= whole <= 2199 else "not_a_day")  # 2024.03 typed and stored as a number


def _date(year: str, month: str | int, day: str | int) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Unfit("no_such_day") from None


def _check_time(hour: str, minute: str | None, second: str | None) -> None:
    if int(hour) > 24 or int(minute or 0) > 59 or int(second or 0) > 59:
        raise Unfit("not_a_day")


def _small(numerals: str) -> int:
    """A Chinese numeral up to 39; impossible shapes give 0, which no calendar has."""
    tens, ten, ones = numerals.partition("十")
    if not ten:
        return _DIGITS[numerals] if len(numerals) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
