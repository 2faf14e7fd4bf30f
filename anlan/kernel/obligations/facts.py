"""Which function answers which fact, for a region or for a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from anlan.kernel.actor import Actor
from anlan.rules.obligations import Every, obligations

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6}
MOST = 5  # records shown behind a fact
NAMES = frozenset(measure.fact for duty in obligations() for measure in duty.measures)


class Whose(StrEnum):
    """Of whom a fact is asked."""

    REGION = "region"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Place:
    """Of whom facts are asked: everything in a region (by its tree path), or one unit (by its reference) in it."""

    path: str
    holder: str = ""

    @property
    def whose(self) -> Whose:
        """Whether it is a unit."""
        return Whose.UNIT if self.holder else Whose.REGION


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: of whom, on which day, in which calendar period (first to ``on``)."""

    place: Place
    on: dt.date
    first: dt.date


@dataclass(frozen=True, slots=True)
class Answer:
    """A fact: its value, what it is compared with, or whether it is done; and the records behind it.

    ``records`` are those of which the fact tells, ``more`` how many beside them; all were admitted for the actor.
    ``note`` says what the fact does and does not hold, as a lazy translation.
    """

    value: Decimal | int | None = None
    compared_with: Decimal | int | None = None
    done: bool | None = None
    begun_on: dt.date | None = None
    done_on: dt.date | None = None
    records: tuple[Any, ...] = ()
    more: int = 0
    note: Any = ""


Answering = Callable[[Actor, Asked], Answer | None]
_ANSWERING: dict[tuple[Whose, str], Answering] = {}


def answers(*facts: str, of: Whose) -> Callable[[Answering], Answering]:
    """Declare that a function answers these facts for regions, or for units.

    It is given the actor and reads only what he may see; ``None`` means that there is nothing to tell of.
    """
    unknown = sorted(set(facts) - NAMES)
    if unknown:
        raise ValueError(f"no duty asks for {unknown}")

    def declare(function: Answering) -> Answering:
        for fact in facts:
            known = _ANSWERING.get((of, fact))
            if known is not None and known.__module__ != function.__module__:
                raise ValueError(f"{fact} is answered in {known.__module__} and in {function.__module__}")
            _ANSWERING[of, fact] = function
        return function

    return declare


def answering(fact: str, of: Whose) -> Answering | None:
    """The function that answers a fact; ``None`` where the platform does not hold it yet."""
    return _ANSWERING.get((of, fact))


def answered(of: Whose) -> frozenset[str]:
    """The facts that are answered."""
    return frozenset(fact for whose, fact in _ANSWERING if whose is of)


def first_of(every: Every, on: dt.date) -> dt.date:
    """The first day of the calendar period a day lies in; a year where the duty returns at no fixed time.

    >>> first_of(Every.QUARTER, dt.date(2026, 5, 9)), first_of(Every.EVENT, dt.date(2026, 5, 9))
    (datetime.date(2026, 4, 1), datetime.date(2026, 1, 1))
    """
    if every is Every.DAY:
        return on
    months = MONTHS.get(every, 12)
    return dt.date(on.year, (on.month - 1) // months * months + 1, 1)


def share(part: int, whole: int) -> Decimal | None:
    """A share in per cent, rounded down to two places so that "all" is never reached by rounding; ``None`` of none.

    >>> share(1999, 2000), share(199999, 200000), share(0, 0)
    (Decimal('99.95'), Decimal('99.99'), None)
    """
    return Decimal(part * 10_000 // whole) / 100 if whole else None


def behind(rows: Iterable[Any], total: int) -> dict[str, Any]:
    """The first records behind a fact, and how many more there are, for an ``Answer``."""
    shown = tuple(rows)[:MOST]
    return {"records": shown, "more": max(total - len(shown), 0)}


__all__ = [
    "Answer", "Asked", "Every", "Place", "Whose", "answered", "answering", "answers", "behind",
    "first_of", "share",
]  # fmt: skip
