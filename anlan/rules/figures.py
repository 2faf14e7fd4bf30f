"""待核实数据: the figures that were not read in their text, each by a code, and what jurisdictions set instead.

A figure of confidence C or D is a parameter. The tables enter theirs here as they are made (``enter``), the editions of
a rule by themselves; ``FIGURES`` is the list. A rule stays pure: the local figures of a place are handed to it
(``Rule.apply(…, local=…)``, or ``with by_local(…)`` around a call), and without them it answers by the tables. What
it answers by a local figure says so, with the figure's source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.refusal import BadInput
from anlan.rules.tables import rows
from anlan.rules.wording import Wording

T = TypeVar("T")
Path = tuple[str, ...]
SANE = 100  # how many times the figure of the table a local one may be: our bound against slips of the pen, no statute


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure to verify: its code, what it is called, the table's number, its unit, where it would stand, its days.

    ``start`` and ``end`` are the days of the edition it belongs to; ``whole`` where only whole numbers make sense.
    """

    code: str
    label: Wording
    default: Decimal
    unit: Wording | None
    citation: Citation
    whole: bool
    start: dt.date | None
    end: dt.date | None

    @property
    def rule(self) -> str:
        """The rule it belongs to.

        >>> FIGURES["injury_degree.serious"].rule
        'injury_degree'
        """
        return self.code.partition(".")[0]

    @property
    def least(self) -> Decimal:
        """The smallest number a jurisdiction may set: 1 where it is whole."""
        return Decimal(1) if self.whole else self.default / SANE

    @property
    def most(self) -> Decimal:
        """The largest number a jurisdiction may set."""
        return self.default * SANE

    def said(self, number: Decimal | int) -> Wording:
        """A number with the unit, in both languages.

        >>> FIGURES["injury_degree.serious"].said(100).zh
        '100日'
        """
        plain = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
        return Wording(f"{plain} {self.unit}", f"{plain}{self.unit.zh}") if self.unit else Wording(plain, plain)

    def checked(self, number: Decimal) -> Decimal | int:
        """The number as the rule takes it; ``BadInput`` where it is none that could be meant."""
        if self.whole and number != number.to_integral_value():
            raise BadInput("value", Wording(f"is {number:f}", f"为{number:f}"), Wording("a whole number", "整数"))
        if not self.least <= number <= self.most:
            raise BadInput(
                "value",
                Wording(f"is {number:f}", f"为{number:f}"),
                Wording(f"from {self.least:f} to {self.most:f}", f"{self.least:f}至{self.most:f}"),
            )
        return int(number) if self.whole else number


@dataclass(frozen=True, slots=True)
class LocalFigure:
    """What a jurisdiction set: the number, where it took it from, for which place, from and to which day (included)."""

    value: Decimal
    source: str
    start: dt.date
    end: dt.date | None = None
    place: str = ""

    def counts(self, on: dt.date) -> bool:
        """Whether it counts on a day."""
        return self.start <= on and (self.end is None or on <= self.end)


Local = Mapping[str, Sequence[LocalFigure]]
"""Local figures by code, those that go before first."""
NONE: Local = MappingProxyType({})
FIGURES: dict[str, Figure] = {}
_local: ContextVar[Local] = ContextVar("local figures", default=NONE)
_used: ContextVar[dict[str, LocalFigure] | None] = ContextVar("local figures used", default=None)
_records: dict[str, Any] = {}


@contextmanager
def by_local(local: Local) -> Iterator[None]:
    """Rules asked within answer by these local figures; the ones around it count again afterwards."""
    before = _local.set(local)
    try:
        yield
    finally:
        _local.reset(before)


def local_in_force() -> Local:
    """The local figures handed to whatever rule is being asked."""
    return _local.get()


@contextmanager
def noting() -> Iterator[dict[str, LocalFigure]]:
    """Which local figures are used within; whoever notes around it notes them too."""
    mine: dict[str, LocalFigure] = {}
    before = _used.set(mine)
    try:
        yield mine
    finally:
        _used.reset(before)
        around = _used.get()
        if around is not None:
            around.update(mine)


def cited_local(code: str, one: LocalFigure) -> Citation:
    """A local figure as the clause it stands for: 本地规定, with what it is and where it comes from."""
    figure = FIGURES[code]
    place = f"（{one.place}）" if one.place else ""
    return Citation(
        "本地规定", f"{place}：{figure.label.zh}{figure.said(one.value).zh}（{one.source}）", Confidence.A, Level.LOCAL,
        valid_from=one.start, valid_to=one.end, note=f"figure {code} of this jurisdiction, instead of one to verify",
    )  # fmt: skip


def said_local(code: str, one: LocalFigure) -> Wording:
    """The sentence of the working that says which figure counts in place of the table's."""
    figure = FIGURES[code]
    label, mine, table = figure.label, figure.said(one.value), figure.said(figure.default)
    return Wording(
        f"local figure: {label}: {mine} instead of {table}, which is to be verified ({one.source}, from {one.start})",
        f"采用本地设定的数据：{label.zh}{mine.zh}，替代待核实的{table.zh}（{one.source}，自{one.start}起）",
    )


def citing(found: Finding[T], used: Mapping[str, LocalFigure]) -> Finding[T]:
    """A finding that cites the local figures used for it and says in its working what each stands for; each once."""
    cited = (*found.citations, *(cited_local(code, one) for code, one in used.items()))
    told = (*found.steps, *(said_local(code, one) for code, one in used.items()))
    return replace(found, citations=tuple(dict.fromkeys(cited)), steps=tuple(dict.fromkeys(told)))


def slug(matter: str) -> str:
    """The code of a matter.

    >>> slug("accident_fine: parts of the ordinary grade")
    'accident_fine.parts_of_the_ordinary_grade'
    """
    return matter.replace(": ", ".").replace(" ", "_")


def short(text: Wording) -> Wording:
    """What a long duty is called in a list: its first clause.

    >>> short(Wording("assess anew: after three years; when built", "重新评估：满三年；新建")).zh
    '重新评估'
    """
    zh, en = text.zh.partition("：")[0], str(text).partition(":")[0]
    return Wording(en, zh)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, int | Decimal]]:
    """The numbers of a record with where they stand; nought is none, nor is a yes or no.

    >>> list(leaves(({"a": 1, "b": 0}, True, Decimal("0.5"))))
    [(('0', 'a'), 1), (('2',), Decimal('0.5'))]
    """
    if isinstance(value, bool | Enum | str | Citation) or value is None:
        return
    if isinstance(value, int | Decimal):
        if value:
            yield path, value
    elif is_dataclass(value):
        for one in fields(value):
            yield from leaves(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, str(at)))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(key, str):
                yield from leaves(each, (*path, str(key)))


def put(value: Any, path: Path, number: int | Decimal) -> Any:
    """The record with another number in one place.

    >>> put(({"a": 1},), ("0", "a"), 2)
    ({'a': 2},)
    """
    if not path:
        return number
    head, rest = path[0], path[1:]
    if isinstance(value, tuple):
        return tuple(put(each, rest, number) if str(at) == head else each for at, each in enumerate(value))
    if isinstance(value, Mapping):
        return {key: put(each, rest, number) if str(key) == head else each for key, each in value.items()}
    return replace(value, **{head: put(getattr(value, head), rest, number)})


def _words() -> Mapping[str, tuple[Wording, Wording | None]]:
    found = {}
    for row in rows("figure_words"):
        unit = Wording(row["unit_en"], row["unit_zh"]) if row["unit_en"] else None
        found[row["field"]] = (Wording(row["en"], row["zh"]), unit)
    return found


_NAMED = _words()


def enter(
    code: str, record: Any, label: Wording, citation: Citation, *,
    start: dt.date | None = None, end: dt.date | None = None, unit: Wording | None = None,
) -> None:  # fmt: skip
    """Put the numbers of a record into the list of those to verify, where its clause is not settled.

    The name and unit of each are those of its field (``data/figure_words.csv``); a bare number is entered where its
    code is named there. ``unit`` is that of the record's own figures.
    """
    if citation.confidence.settled:
        return
    for path, number in leaves(record):
        named = _NAMED.get(path[-1] if path else code)
        if named is None:
            continue
        own = getattr(record, "unit", None) if path == ("number",) or path == ("more",) else None
        which = _which(record, path)
        full = ".".join((code, *path))
        FIGURES[full] = Figure(
            full, Wording(f"{label}{which}: {named[0]}", f"{label.zh}{which.zh}：{named[0].zh}") if which else
            Wording(f"{label}: {named[0]}", f"{label.zh}：{named[0].zh}"), Decimal(number),
            unit or UNITS.get(str(own or "")) or named[1], citation, isinstance(number, int), start, end,
        )  # fmt: skip
        _records[full] = (code, record, path)


UNITS = {
    "working_days": Wording("working days", "个工作日"), "days": Wording("days", "日"),
    "months": Wording("months", "个月"), "years": Wording("years", "年"), "hours": Wording("hours", "小时"),
}  # fmt: skip


def _which(record: Any, path: Path) -> Wording | None:
    """Which of several rows of a table a number stands in: by its name, else by its place."""
    name = getattr(_parent(record, path), "name", None) if len(path) > 1 else None
    if isinstance(name, Wording):
        return Wording(f" ({name})", f"（{name.zh}）")
    nth = next((int(part) + 1 for part in path if part.isdigit()), None)
    return Wording(f" ({nth})", f"（第{nth}档）") if nth else None


def chosen(code: str, on: dt.date) -> LocalFigure | None:
    """The local figure that counts on a day, of those handed over; noted as used."""
    found = next((one for one in _local.get().get(code, ()) if one.counts(on)), None)
    used = _used.get()
    if found is not None and used is not None:
        used[code] = found
    return found


def laid(code: str, record: T, on: dt.date) -> T:
    """The record with the local figures of a day laid over it; itself where none counts."""
    if not _local.get():
        return record
    found = record
    for path, _number in leaves(record):
        figure = FIGURES.get(".".join((code, *path)))
        one = chosen(figure.code, on) if figure is not None else None
        if figure is not None and one is not None:
            found = put(found, path, int(one.value) if figure.whole else one.value)
    return found


def agrees(code: str, number: Decimal, on: dt.date) -> None:
    """``BadInput`` where a number does not go with the others of its record, those set locally included."""
    figure = FIGURES[code]
    of, record, path = _records[code]
    whole = put(laid(of, record, on), path, figure.checked(number))
    if path:
        _in_order(path[-1], _parent(whole, path), figure)


IN_ORDER = (
    ("serious", "death"), ("least", "most"), ("three", "two", "one"), ("c_from", "b_from", "a_from"),
)  # fmt: skip
"""Figures of one record that rise in this order: the second is never below the first."""


def _parent(value: Any, path: Path) -> Any:
    for part in path[:-1]:
        value = value[int(part)] if isinstance(value, tuple) else value[part] if isinstance(value, Mapping) else (
            getattr(value, part)
        )  # fmt: skip
    return value


def _in_order(name: str, record: Any, figure: Figure) -> None:
    for names in IN_ORDER:
        if name in names and is_dataclass(record):
            row = [getattr(record, each) for each in names if hasattr(record, each)]
            if row != sorted(row):
                said = " ≤ ".join(f"{_NAMED[each][0]}" for each in names)
                said_zh = "≤".join(f"{_NAMED[each][0].zh}" for each in names)
                raise BadInput(
                    "value",
                    Wording(f"does not go with the other figures of {figure.label}", "与同组其他数据的大小顺序不符"),
                    Wording(said, said_zh),
                )


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One figure to verify that stands in no table: ``on`` gives the number of a day."""

    code: str
    number: int | Decimal

    def on(self, day: dt.date) -> Any:
        """The number in force: the local one of that day, else the one recalled."""
        one = chosen(self.code, day) if _local.get() else None
        if one is None:
            return self.number
        return int(one.value) if isinstance(self.number, int) else one.value


def doubtful(
    code: str, number: int | Decimal, label: Wording, citation: Citation, unit: Wording | None = None
) -> Doubtful:
    """Enter one figure to verify that stands in no table, in its rule's name (``training_hours.health_first``)."""
    FIGURES[code] = Figure(
        code, label, Decimal(number), unit, citation, isinstance(number, int), citation.valid_from, citation.valid_to
    )
    _records[code] = (code, number, ())
    return Doubtful(code, number)
