"""What a rule takes: a frozen dataclass whose fields say their name, kind, unit, bounds and choices.

The same declaration reads Python values, JSON and forms, and describes itself: command line, HTTP API, pages and
forms are generated from it. Whatever is missing, impossible, unknown or no number at all is refused by name.

>>> @dataclass(frozen=True, kw_only=True)
... class Store(Input):
...     stored_tonnes: Decimal = given("Quantity stored", "储存量", unit="t", least=0)
>>> Store(stored_tonnes="40.5").stored_tonnes
Decimal('40.5')
>>> read(Store, {"stored_tonnes": -1})
Traceback (most recent call last):
...
anlan.rules.refusal.BadInput: stored_tonnes: is -1; accepted: a number (t) from 0
"""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from anlan.rules.refusal import BadInput
from anlan.rules.units import units
from anlan.rules.wording import Wording, in_language

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
FIRST_DAY, LAST_DAY = dt.date(1949, 10, 1), dt.date(2200, 12, 31)
WIDEST = Decimal(10) ** 15
PLACES = 12
MANY = 10_000
LONGEST_NAME = 60
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_BARRED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Kind(StrEnum):
    """What a field holds."""

    WHOLE = "integer"
    NUMBER = "number"
    YES_NO = "boolean"
    TEXT = "string"
    DATE = "date"
    MOMENT = "date-time"
    CHOICE = "choice"
    RECORD = "object"


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a field beside its type: label, unit, bounds (``above`` is exclusive), names of the choices.

    ``unit`` is a code of ``anlan.rules.units``, which knows its name in both languages.
    ``in_order``: a list in which the places count and values may recur, not a set of what is so.
    """

    label: Wording
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    above: Decimal | None = None
    choices: Mapping[str, Wording] | None = None
    hint: Wording | None = None
    longest: int = 200
    in_order: bool = False


def given(
    en: str,
    zh: str,
    *,
    unit: str = "",
    least: float | str | None = None,
    most: float | str | None = None,
    above: float | str | None = None,
    choices: Mapping[Any, Wording] | None = None,
    hint: Wording | None = None,
    longest: int = 200,
    in_order: bool = False,
    default: Any = MISSING,
) -> Any:
    """Declares a field of an ``Input``: its label in both languages, unit and bounds; required without a default.

    Bounds are inclusive except ``above``. ``choices`` names the values of a string field; a ``StrEnum`` field knows
    its own values, and ``choices`` only labels them.
    """
    low, high, over = (None if bound is None else Decimal(str(bound)) for bound in (least, most, above))
    about = Given(Wording(en, zh), unit, low, high, over, choices, hint, longest, in_order)
    return field(default=default, metadata={"given": about})


@dataclass(frozen=True, slots=True)
class Slot:
    """One field as read from its declaration. ``many`` is a list of it, ``of`` its class for records and choices."""

    name: str
    kind: Kind
    about: Given
    required: bool
    default: Any
    optional: bool
    many: bool
    of: Any = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice."""
        if self.kind is not Kind.CHOICE:
            return ()
        return tuple(str(member) for member in self.of) if self.of else tuple(self.about.choices or ())

    @property
    def unit(self) -> Wording | None:
        """What its unit is called; ``None`` where it has none."""
        return units()[self.about.unit] if self.about.unit else None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The fields of a record."""
        return slots(self.of) if self.kind is Kind.RECORD else ()

    @property
    def accepted(self) -> Wording:
        """In words, what one value of it must be.

        >>> slots(Input)
        ()
        """
        about = self.about
        if self.kind is Kind.CHOICE:
            named = about.choices or {}
            zh = "、".join(f"{c}（{named[c].zh}）" if c in named else c for c in self.choices)
            return Wording(", ".join(self.choices), zh)
        en, zh = {
            Kind.WHOLE: ("a whole number", "整数"),
            Kind.NUMBER: ("a number", "数字"),
            Kind.YES_NO: ("true or false", "true 或 false"),
            Kind.TEXT: (f"a text of 1 to {about.longest} characters", f"1至{about.longest}字的文本"),
            Kind.DATE: ("a date such as 2026-03-01", "日期，如 2026-03-01"),
            Kind.MOMENT: ("a time such as 2026-03-01T08:30 (Beijing time)", "时刻，如 2026-03-01T08:30（北京时间）"),
            Kind.RECORD: (
                "a record of " + ", ".join(s.name for s in self.slots),
                "对象，字段为" + "、".join(s.name for s in self.slots),
            ),
        }[self.kind]
        if self.unit:
            en, zh = f"{en} ({self.unit})", f"{zh}（{self.unit.zh}）"
        if about.least is not None:
            en, zh = f"{en} from {about.least:f}", f"{zh}，不小于{about.least:f}"
        if about.above is not None:
            en, zh = f"{en} above {about.above:f}", f"{zh}，大于{about.above:f}"
        if about.most is not None:
            en, zh = f"{en} to {about.most:f}", f"{zh}，不大于{about.most:f}"
        return Wording(en, zh)


class Input:
    """Base of every rule's input. Construction reads and checks each field, then ``consistent``."""

    def __post_init__(self) -> None:
        wrong: list[BadInput] = []
        for slot in slots(type(self)):
            try:
                object.__setattr__(self, slot.name, _read(slot, getattr(self, slot.name)))
            except BadInput as why:
                wrong += why.all
        _raise(wrong)
        self.consistent()

    def consistent(self) -> None:
        """Checks between fields; an input overrides it and raises ``BadInput``."""


def need_one_of(asked: Input, *names: str) -> None:
    """``BadInput`` where none of these fields says anything: not given, or "no"; a zero that was given does.

    A rule that takes what is not given as nothing asks this first, or it would answer "no" to no question at all.
    """
    said = [getattr(asked, name) for name in names]
    if any(value is not None and value is not False for value in said):
        return
    known = {slot.name: slot for slot in slots(type(asked))}
    listed = [(known[name], known[name].kind is Kind.YES_NO) for name in names]
    raise BadInput(
        names[0],
        Wording("is missing, and so is everything else the answer rests on", "缺失，且判定所需的其他内容均未填写"),
        Wording(
            "at least one of " + ", ".join(slot.name + (" (true)" if yes else "") for slot, yes in listed),
            "至少填写一项：" + "、".join(f"{slot.name}（{slot.about.label.zh}）" for slot, yes in listed),
        ),
    )


I = TypeVar("I", bound=Input)  # noqa: E741 - the usual letter for an input


def read(cls: type[I], sent: Mapping[str, Any]) -> I:
    """An input from JSON or a form; ``BadInput`` names every field that is unknown, missing or wrong.

    ``null`` and an empty text count as not given.
    """
    if not isinstance(sent, Mapping):
        raise BadInput("", Wording("is not an object", "不是对象"), Wording("a JSON object", "JSON 对象"))
    known = slots(cls)
    names = {slot.name for slot in known}
    all_names = Wording(", ".join(s.name for s in known), "、".join(s.name for s in known))
    wrong = [
        BadInput(str(name)[:LONGEST_NAME], Wording("is not a field of this rule", "不是本规则的字段"), all_names)
        for name in sent
        if name not in names
    ]
    values = {name: value for name, value in sent.items() if name in names and value is not None and value != ""}
    for slot in known:
        if slot.required and slot.name not in values:
            wrong.append(BadInput(slot.name, Wording("is missing", "缺失"), _accepted(slot)))
            continue
        try:
            if slot.name in values:
                values[slot.name] = _read(slot, values[slot.name])
        except BadInput as why:
            wrong += why.all
    _raise(wrong)
    return cls(**values)


def slots(cls: type[Input]) -> tuple[Slot, ...]:
    """The fields of an input in order; ``TypeError`` for a declaration that cannot be read."""
    held: Any = cls
    return () if cls is Input else _slots(held)


@cache
def _slots(cls: Any) -> tuple[Slot, ...]:
    hints = get_type_hints(cls)
    return tuple(_slot(one, hints[one.name]) for one in fields(cls))


def _slot(one: Field[Any], hint: Any) -> Slot:
    about = one.metadata.get("given")
    if about is None:
        raise TypeError(f"{one.name}: declare it with given(…)")
    if about.unit and about.unit not in units():
        raise TypeError(f"{one.name}: give the unit {about.unit} its names in data/answer_words.csv")
    optional = many = False
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        optional, hint = len(inner) < len(get_args(hint)), inner[0]
    if get_origin(hint) is tuple:
        many, hint = True, get_args(hint)[0]
    plain = {int: Kind.WHOLE, Decimal: Kind.NUMBER, bool: Kind.YES_NO, dt.date: Kind.DATE, dt.datetime: Kind.MOMENT}
    if hint in plain:
        kind, of = plain[hint], None  # type: Kind, Any
    elif hint is str:
        kind, of = (Kind.CHOICE if about.choices else Kind.TEXT), None
    elif isinstance(hint, type) and issubclass(hint, StrEnum):
        kind, of = Kind.CHOICE, hint
    elif isinstance(hint, type) and issubclass(hint, Input):
        kind, of = Kind.RECORD, hint
    else:
        raise TypeError(f"{one.name}: {hint!r} cannot be read from JSON")
    return Slot(
        one.name,
        kind,
        about,
        one.default is MISSING,
        None if one.default is MISSING else one.default,
        optional,
        many,
        of,
    )


def _raise(wrong: Sequence[BadInput]) -> None:
    if wrong:
        raise BadInput(wrong[0].field, wrong[0].why, wrong[0].accepted, wrong[1:]) if len(wrong) > 1 else wrong[0]


def _accepted(slot: Slot) -> Wording:
    one = slot.accepted
    return Wording(f"a list, each {one}", f"列表，每项为{one.zh}") if slot.many else one


def _read(slot: Slot, value: Any) -> Any:
    if value is None and slot.optional:
        return None
    if not slot.many:
        return _one(slot, slot.name, value)
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence):
        raise BadInput(slot.name, Wording("is no list", "不是列表"), _accepted(slot))
    if len(value) > MANY:
        raise BadInput(slot.name, Wording(f"has {len(value)} entries, more than {MANY}", f"超过{MANY}项"))
    wrong: list[BadInput] = []
    out = []
    for at, each in enumerate(value):
        try:
            out.append(_one(slot, f"{slot.name}[{at}]", each))
        except BadInput as why:
            wrong += why.all
    _raise(wrong)
    return tuple(out)


def _one(slot: Slot, name: str, value: Any) -> Any:
    if slot.kind is Kind.RECORD:
        if isinstance(value, slot.of):
            return value
        try:
            return read(slot.of, value)
        except BadInput as why:
            raise why.under(name) from None
    try:
        found = _READERS[slot.kind](value)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise BadInput(name, _is(value), slot.accepted) from None
    if slot.kind is Kind.CHOICE:
        if found not in slot.choices:
            raise BadInput(name, _is(value), slot.accepted)
        return slot.of(found) if slot.of else found
    about = slot.about
    if slot.kind is Kind.TEXT and len(found) > about.longest:
        raise BadInput(name, Wording(f"has {len(found)} characters", f"有{len(found)}字"), slot.accepted)
    if slot.kind in (Kind.WHOLE, Kind.NUMBER) and (
        (about.least is not None and found < about.least)
        or (about.most is not None and found > about.most)
        or (about.above is not None and found <= about.above)
    ):
        raise BadInput(name, _is(value), slot.accepted)
    return found


def _is(value: Any) -> Wording:
    text = repr(value) if isinstance(value, str) else str(value)
    text = text if len(text) <= 60 else text[:57] + "…"
    return Wording(f"is {text}", f"为{text}")


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value := value.strip()):
            raise ValueError
        number = Decimal(value)
    elif isinstance(value, int | float | Decimal):
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    else:
        raise TypeError
    if not number.is_finite() or abs(number) > WIDEST:
        raise ValueError
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        rounded = round(number, PLACES)
        if number and not rounded:
            raise ValueError
        number = rounded
    return number


def _whole(value: Any) -> int:
    if type(value) is int:
        return int(_number(value))
    number = _number(value)
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _yes_no(value: Any) -> bool:
    if isinstance(value, str):
        value = {"true": True, "false": False}[value.lower()] if value.lower() in ("true", "false") else None
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not (value := value.strip()) or _BARRED.search(value):
        raise ValueError
    return str(value)


def _date(value: Any) -> dt.date:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value := value.strip(), re.ASCII):
            raise ValueError
        value = dt.date.fromisoformat(value)
    if type(value) is not dt.date:
        raise TypeError
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError
    return value


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, str):
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", value := value.strip(), re.ASCII):
            raise ValueError
        value = dt.datetime.fromisoformat(value)
    if not isinstance(value, dt.datetime):
        raise TypeError
    moment = value.replace(tzinfo=CHINA) if value.tzinfo is None else value.astimezone(CHINA)
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        raise ValueError
    return moment


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _text,
}


def day_of(value: Any, name: str = "on") -> dt.date:
    """A date from a date or an ISO text; ``BadInput`` naming the field otherwise.

    >>> day_of("2024-05-01")
    datetime.date(2024, 5, 1)
    """
    try:
        return _date(value)
    except (ValueError, TypeError):
        accepted = Wording(
            f"a date from {FIRST_DAY} to {LAST_DAY}, such as 2024-05-01",
            f"{FIRST_DAY}至{LAST_DAY}的日期，如 2024-05-01",
        )
        raise BadInput(name, _is(value), accepted) from None


def schema(cls: type[Input], language: str = "en") -> dict[str, Any]:
    """The JSON Schema of an input: types, units (``x-unit``), bounds, choices, what is required."""
    properties = {slot.name: _described(slot, language) for slot in slots(cls)}
    required = [slot.name for slot in slots(cls) if slot.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _described(slot: Slot, language: str) -> dict[str, Any]:
    about = slot.about
    if slot.kind is Kind.RECORD:
        one: dict[str, Any] = schema(slot.of, language)
    elif slot.kind in (Kind.DATE, Kind.MOMENT):
        one = {"type": "string", "format": str(slot.kind)}
    elif slot.kind is Kind.CHOICE:
        one = {"type": "string", "enum": list(slot.choices)}
        if about.choices:
            one["x-labels"] = {c: in_language(label, language) for c, label in about.choices.items()}
    else:
        one = {"type": str(slot.kind)}
    bounds = {"minimum": about.least, "maximum": about.most, "exclusiveMinimum": about.above}
    one |= {key: float(bound) if bound % 1 else int(bound) for key, bound in bounds.items() if bound is not None}
    if about.unit:
        one["x-unit"] = about.unit
    if slot.kind is Kind.TEXT:
        one |= {"minLength": 1, "maxLength": about.longest}
    whole = {"type": "array", "items": one, "maxItems": MANY} if slot.many else one
    whole["title"] = in_language(about.label, language)
    if about.hint:
        whole["description"] = in_language(about.hint, language)
    if slot.default is not None and not isinstance(slot.default, tuple | Input):
        plain = isinstance(slot.default, bool | int) or type(slot.default) is str
        whole["default"] = slot.default if plain else _defaulted(slot.default)
    return whole


def _defaulted(value: Any) -> float | str:
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return str(value)
