"""Kinds of fields, and the converter of each: a closure from the raw cell to the value, or ``None`` for a blank.

A converter raises ``Unfit(code, …)``. Converters of closed kinds remember what they have seen (ledgers repeat days,
choices and small numbers a million times), never for personal fields.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from anlan.kernel.intake import dates, identifiers
from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.problems import Msg, Unfit
from anlan.kernel.intake.text import clean, folded, name_of, tight
from anlan.kernel.intake.units import factor_between

if TYPE_CHECKING:
    from anlan.kernel.intake.schema import Field

Convert = Callable[[Any], Any]


class Kind(StrEnum):
    """What a field holds, and the Python type of its value."""

    TEXT = "text"  # str, one line
    LINES = "lines"  # str, line breaks kept
    NAME = "name"  # str, an organisation's name as a register spells it
    CODE = "code"  # str, no spaces, upper case
    WHOLE = "whole"  # int
    DECIMAL = "decimal"  # Decimal
    DAY = "day"  # datetime.date
    CHOICE = "choice"  # str, the choice's code
    CHOICES = "choices"  # tuple[str, ...], codes without repetition
    FLAG = "flag"  # bool
    LON = "lon"  # float, degrees east, WGS-84/CGCS2000
    LAT = "lat"  # float, degrees north
    PHONE = "phone"  # str
    ID_NUMBER = "id_number"  # str, 18 characters
    EMAIL = "email"  # str


_CLOSED = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.DAY, Kind.CHOICE, Kind.CHOICES, Kind.FLAG})
TEXTUAL = frozenset({Kind.TEXT, Kind.LINES, Kind.NAME})
BLANK_MARKS = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "–", "//"})
"""What people draw into a cell to say that it stays empty."""
NOTHING_WORDS = frozenset({"无", "暂无", "没有", "none", "null", "n/a", "nil"})
"""Words for "there is none": blanks everywhere but in text and yes-or-no fields."""

_PLAIN_WHOLE = re.compile(r"[+-]?[0-9]{1,18}\Z")
_PLAIN_DEGREES = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?\Z")
_NUMBER = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+) ?(?P<unit>\D*)\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?E\+\d{1,3}\Z|[+-]?\d\.\d+E\d{1,3}\Z", re.IGNORECASE | re.ASCII)
_ROUGH = re.compile(r"约|大概|左右|余|多|几|近|超|不足|以上|以下|以内|±|[~～<>≤≥]|\d ?(?:-|—|至|到) ?\d")
_YES = frozenset(["是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "t", "1", "已", "on"])
_NO = frozenset(["否", "无", "没有", "不", "不是", "×", "✗", "✘", "x", "☐", "n", "no", "false", "f", "0", "未", "off"])
_LIST = re.compile(r"[、,，;；|\n]+")
MEMO = 50_000  # entries a field remembers
_MEMO_LENGTH = 40  # characters of the longest text remembered
EARLIEST, LATEST = dt.date(1900, 3, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Blanks:
    """What stands for no value in a field: the marks, the length of the longest, the characters they begin with."""

    marks: frozenset[str]
    longest: int
    firsts: frozenset[str]


def blanks_of(field: Field) -> Blanks:
    """The marks and words that say a cell of this field stays empty."""
    marks = BLANK_MARKS | {tight(word).casefold() for word in field.blanks}
    if field.kind not in TEXTUAL and field.kind is not Kind.FLAG:
        marks |= NOTHING_WORDS
    return Blanks(marks, max(map(len, marks)), frozenset(mark[0] for mark in marks if mark))


def remembers(field: Field) -> bool:
    """Whether what a text means in this field may be remembered: the field is closed, not personal, and its bounds do
    not move."""
    closed = field.kind in _CLOSED or field.repeats
    return closed and not field.personal and not callable(field.min) and not callable(field.max)


def converter(field: Field, *, epoch1904: bool | None, unit: str | None, memo: dict[str, Any] | None = None) -> Convert:
    """The closure for one field. ``unit``: the unit a heading states, when it differs from the field's own.
    ``memo``: where short texts are remembered if the field ``remembers``."""
    core = _CORES[field.kind](field, epoch1904, unit)
    blanks = blanks_of(field)
    marks, longest, firsts = blanks.marks, blanks.longest, blanks.firsts
    required, default, check = field.required, field.default, field.check

    def convert(raw: Any) -> Any:
        if (
            raw is None
            or raw == ""
            or (
                type(raw) is str
                and len(raw) <= longest
                and (
                    raw in marks
                    # Folding changes no character of this block: most short cells begin with one that begins no mark.
                    or (
                        not ("\u4e00" <= raw[0] <= "\u9fff" and raw[0] not in firsts)
                        and not raw.isdecimal()
                        and folded(raw).casefold() in marks
                    )
                )
            )
        ):
            value = None
        else:
            value = core(raw)
        if value is None:
            if required:
                raise Unfit("missing")
            return default
        if check is not None:
            _checked(check(value))
        return value

    return _remembering(convert, memo) if remembers(field) else convert


def _checked(verdict: Any) -> None:
    """Read what a field's ``check`` answered: True, None or nothing found is fine."""
    if verdict is None or verdict is True:
        return
    if verdict is False:
        raise Unfit("code_wrong")
    if isinstance(verdict, Unfit):
        raise verdict
    if isinstance(verdict, str):
        raise Unfit("rule", reason=verdict)
    if isinstance(verdict, Iterable):
        for first in verdict:
            _checked(first if isinstance(first, (str, Unfit)) else str(first))


def _text_like(raw: Any) -> str:
    """The text of a cell that is not text."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, ErrorCell):
        raise Unfit("error_cell" if raw.text else "formula_empty")
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        if raw != raw or abs(raw) >= 1e15:
            raise Unfit("digits_lost")
        return str(int(raw)) if raw.is_integer() else f"{raw:.15g}"
    if isinstance(raw, (int, Decimal, dt.date, dt.time, MonthCell, PercentCell)):
        return str(raw)
    raise Unfit("not_plain")


def _sized(field: Field) -> Callable[[str], str | None]:
    low, high = field.min_length or 0, field.max_length

    def sized(text: str) -> str | None:
        length = len(text)
        if high is not None and length > high:
            raise Unfit("too_long", length=length, limit=high)
        if length < low:
            if not length:
                return None
            raise Unfit("too_short", length=length, limit=low)
        return text or None

    return sized


def _text(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    sized = _sized(field)
    if field.kind is Kind.LINES:
        return lambda raw: sized(clean(raw if type(raw) is str else _text_like(raw), lines=True))
    spelled = name_of if field.kind is Kind.NAME else clean
    return lambda raw: sized(spelled(raw if type(raw) is str else _text_like(raw)))


def _code(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    pattern = re.compile(rf"(?:{field.pattern})\Z") if field.pattern else None
    normalise, low, high = field.normalise, field.min_length, field.max_length

    def code(raw: Any) -> str | None:
        if type(raw) is not str:
            if isinstance(raw, (bool, dt.date, dt.time, PercentCell, MonthCell)):
                raise Unfit("not_a_code")
            raw = _text_like(raw)
        text = tight(raw).upper()
        if normalise is not None:
            text = normalise(text)
        if not text:
            return None
        if _SCIENTIFIC.match(text):
            raise Unfit("digits_lost")
        length = len(text)
        if (high is not None and length > high) or (low is not None and length < low):
            if low == high:
                raise Unfit("code_length", length=length, limit=high)
            short = low is not None and length < low
            raise Unfit("too_short" if short else "too_long", length=length, limit=low if short else high)
        if pattern is not None and not pattern.match(text):
            raise Unfit("code_form")
        return text

    return code


def _quantity(field: Field, unit: str | None) -> Callable[[Any], Decimal | None]:
    """From a cell to an exact number in the field's unit, bounds not yet checked."""
    bad = "not_whole" if field.kind is Kind.WHOLE else "not_number"
    own = field.unit
    heading = factor_between(unit, own) if unit and own else None
    factors: dict[str, Decimal | None] = {}

    def factor(written: str) -> Decimal:
        known = factors.get(written)
        if known is None:
            known = factor_between(written, own) if own else None
            if known is None:
                raise Unfit("unit_unknown", unit=written)
            factors[written] = known
        return known

    def quantity(raw: Any) -> Decimal | None:
        if type(raw) is str:
            text = folded(raw)
            match = _NUMBER.match(text)
            if not match:
                if _SCIENTIFIC.match(text):
                    raise Unfit("digits_lost")
                raise Unfit("approximate" if _ROUGH.search(text) else bad)
            value = Decimal(match["number"].replace(",", ""))
            if written := match["unit"].strip("() "):
                if _ROUGH.search(written):
                    raise Unfit("approximate")
                return value * factor(written)
            return value * heading if heading is not None else value
        if isinstance(raw, PercentCell):
            if own != "%":
                raise Unfit("not_percent")
            return Decimal(f"{raw.ratio * 100:.13g}")
        if isinstance(raw, ErrorCell):
            raise Unfit("error_cell" if raw.text else "formula_empty")
        if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
            raise Unfit(bad)
        if isinstance(raw, float):
            if raw != raw or raw in (float("inf"), float("-inf")):
                raise Unfit(bad)
            if abs(raw) >= 1e15:
                raise Unfit("digits_lost")
            value = Decimal(f"{raw:.15g}")  # the digits a spreadsheet keeps and shows
        else:
            value = Decimal(raw)
            if not value.is_finite():
                raise Unfit(bad)
        return value * heading if heading is not None else value

    return quantity


def _remembering(slow: Convert, given: dict[str, Any] | None = None) -> Convert:
    """Remember short texts seen before."""
    memo: dict[str, Any] = {} if given is None else given

    def convert(raw: Any) -> Any:
        if type(raw) is not str:
            return slow(raw)
        try:
            return memo[raw]
        except KeyError:
            value = slow(raw)
        if len(raw) <= _MEMO_LENGTH:
            if len(memo) >= MEMO:
                memo.clear()
            memo[raw] = value
        return value

    return convert


def _bound(field: Field, value: Any) -> None:
    low = field.min() if callable(field.min) else field.min
    high = field.max() if callable(field.max) else field.max
    day = field.kind is Kind.DAY
    if low is not None and value < low:
        raise Unfit("day_early" if day else "below", limit=low)
    if high is not None and value > high:
        raise Unfit("day_late" if day else "above", limit=high)


def _whole(field: Field, _epoch: bool | None, unit: str | None) -> Convert:
    quantity = _quantity(field, unit)
    plain = unit is None

    def whole(raw: Any) -> int | None:
        if (plain and type(raw) is str and _PLAIN_WHOLE.match(raw)) or (
            plain and type(raw) is float and raw.is_integer() and abs(raw) < 1e15
        ):
            value = int(raw)
        else:
            amount = quantity(raw)
            if amount is None:
                return None
            if amount != amount.to_integral_value():
                raise Unfit("fraction")
            if abs(amount) >= 10**18:
                raise Unfit("above", limit=10**18)
            value = int(amount)
        _bound(field, value)
        return value

    return whole


def _decimal(field: Field, _epoch: bool | None, unit: str | None) -> Convert:
    quantity = _quantity(field, unit)
    places = field.places

    def number(raw: Any) -> Decimal | None:
        try:
            value = quantity(raw)
            if value is None:
                return None
            if abs(value) >= 10**18:
                raise Unfit("above", limit=10**18)
            if value == value.to_integral_value():
                value = value.quantize(Decimal(1))
            else:
                value = value.normalize()
                if places is not None and -int(value.as_tuple().exponent) > places:
                    raise Unfit("places", limit=places)
        except decimal.InvalidOperation:
            raise Unfit("not_number") from None
        _bound(field, value)
        return value

    return number


def _day(field: Field, epoch: bool | None, _unit: str | None) -> Convert:
    def slow(raw: Any) -> dt.date:
        return dates.day_of(raw, epoch1904=epoch)

    read = slow if field.personal else _remembering(slow)
    early, late = EARLIEST, LATEST

    def day(raw: Any) -> dt.date:
        value: dt.date = read(raw)
        if not early <= value <= late:
            raise Unfit("day_early" if value < early else "day_late", limit=early if value < early else late)
        _bound(field, value)
        return value

    return day


def _choice(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    table = field.choice_table
    offered = tuple(Msg(choice.label) for choice in field.choices[:12]) + (("…",) if len(field.choices) > 12 else ())

    def one(raw: Any) -> str | None:
        text = choice_key(_text_like(raw))
        if text in BLANK_MARKS:
            return None
        code = table.get(text)
        if code is None:
            raise Unfit("not_a_choice", choices=offered)
        return code

    if field.kind is Kind.CHOICE:
        return one

    def several(raw: Any) -> tuple[str, ...] | None:
        whole = table.get(choice_key(_text_like(raw))) if not isinstance(raw, (list, tuple, set, frozenset)) else None
        if whole is not None:
            return (whole,)
        parts = raw if isinstance(raw, (list, tuple, set, frozenset)) else _LIST.split(_text_like(raw))
        codes = dict.fromkeys(code for part in parts if (code := one(part)) is not None)
        return tuple(codes) or None

    return several


def choice_key(text: str) -> str:
    """How the spellings of a choice are compared: folded, without spaces, lower case, brackets and dashes plain."""
    return tight(text).casefold().replace("—", "-")


def _flag(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    def flag(raw: Any) -> bool | None:
        if isinstance(raw, bool):
            return raw
        text = choice_key(_text_like(raw))
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise Unfit("not_a_flag")

    return flag


def span_of_degrees(field: Field) -> tuple[float, float]:
    """The least and the greatest coordinate: the field's own bounds, else those of the country."""
    low, high = (73.0, 136.0) if field.kind is Kind.LON else (3.0, 54.0)
    low = float(field.min) if isinstance(field.min, (int, float, Decimal)) else low
    return low, float(field.max) if isinstance(field.max, (int, float, Decimal)) else high


def _degrees(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    longitude = field.kind is Kind.LON
    low, high = span_of_degrees(field)
    other_low, other_high = (3.0, 54.0) if longitude else (73.0, 136.0)
    code = "not_longitude" if longitude else "not_latitude"

    def degrees(raw: Any) -> float:
        if type(raw) is str and _PLAIN_DEGREES.match(raw):
            value = float(raw)
        elif isinstance(raw, str):
            value = identifiers.degrees_of(tight(raw), longitude=longitude)
        elif isinstance(raw, ErrorCell):
            raise Unfit("error_cell" if raw.text else "formula_empty")
        elif isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
            value = float(raw)
        else:
            raise Unfit(code)
        if low <= value <= high:
            return value
        if other_low <= value <= other_high:
            raise Unfit("swapped")
        if value < low:
            raise Unfit("below", limit=f"{low:g}")
        if value > high:
            raise Unfit("above", limit=f"{high:g}")
        raise Unfit(code)

    return degrees


def _personal_code(field: Field, _epoch: bool | None, _unit: str | None) -> Convert:
    kind, sized = field.kind, _sized(field)

    def convert(raw: Any) -> str | None:
        number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
        text = tight(_text_like(raw))
        if kind is not Kind.EMAIL and _SCIENTIFIC.match(text):
            raise Unfit("digits_lost")
        if kind is Kind.PHONE:
            return sized(identifiers.phone_of(text, from_number=number))
        if kind is Kind.ID_NUMBER:
            if number and len(text) > 15:
                raise Unfit("digits_lost")
            return identifiers.identity_of(text)
        return sized(identifiers.email_of(text))

    return convert


_CORES: dict[Kind, Callable[[Field, bool | None, str | None], Convert]] = {
    Kind.TEXT: _text, Kind.LINES: _text, Kind.NAME: _text, Kind.CODE: _code, Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal, Kind.DAY: _day, Kind.CHOICE: _choice, Kind.CHOICES: _choice, Kind.FLAG: _flag,
    Kind.LON: _degrees, Kind.LAT: _degrees, Kind.PHONE: _personal_code, Kind.ID_NUMBER: _personal_code,
    Kind.EMAIL: _personal_code,
}  # fmt: skip
