"""The editions of a rule by date: every day falls in exactly one.

An edition is written with the day it begins; it ends the day before the next one begins, so there is neither a gap
nor an overlap to make. What is not known is a row of its own: ``not_held`` where a text was in force that we do not
hold, ``not_in_force`` where there was no such rule. Both refuse; neither borrows a neighbour's figures.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar, cast

from anlan.rules import figures
from anlan.rules.citation import Citation
from anlan.rules.refusal import NotHeld, RuleBroken
from anlan.rules.wording import Wording

T = TypeVar("T")
EVER = None  # the start of the first edition


class State(StrEnum):
    """Whether an edition answers."""

    HELD = "held"
    NOT_HELD = "not_held"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Edition(Generic[T]):
    """One edition: ``start`` and ``end`` are its first and last day, ``None`` where it is open.

    ``figures`` is what the rule computes with; it is ``None`` for an edition that does not answer.
    """

    start: dt.date | None
    citation: Citation
    figures: T | None = None
    state: State = State.HELD
    end: dt.date | None = None

    @property
    def held(self) -> T:
        """The figures; ``NotHeld`` or ``RuleBroken`` where the edition does not answer."""
        if self.state is not State.HELD:
            raise self.refusal(self.start or self.end or dt.date.min)
        return cast("T", self.figures)

    def refusal(self, on: dt.date) -> RuleBroken:
        """What an edition that does not answer says on a day."""
        if self.state is State.NOT_HELD:
            number = f"（{self.citation.number}）" if self.citation.number else ""
            return NotHeld(f"{self.citation}{number}", on, self.citation)
        return RuleBroken(
            Wording(f"no such rule was in force on {on}: {self.citation}", f"{on}尚无此项规定：{self.citation}"),
            self.citation,
        )


def held(start: dt.date | None, citation: Citation, figures: T) -> Edition[T]:
    """An edition that answers."""
    return Edition(start, citation, figures)


def not_held(start: dt.date | None, citation: Citation) -> Edition[T]:
    """An edition that was in force and whose text or figures are not held; ``citation`` says which."""
    return Edition(start, citation, None, State.NOT_HELD)


def not_in_force(start: dt.date | None, citation: Citation) -> Edition[T]:
    """A time without such a rule; ``citation`` is the rule that did not yet, or no longer, apply."""
    return Edition(start, citation, None, State.NOT_IN_FORCE)


class Editions(Generic[T]):
    """The editions of one matter in order of time; the first starts at ``EVER``, the last is open.

    Raises ``ValueError`` when they are not in order, or when a citation's own period of force disagrees. ``label`` is
    what the matter is called; the figures of an edition that was not read in its text are entered under it as ones to
    verify (``anlan.rules.figures``), and local ones handed to the rule are laid over them.

    >>> law = Citation("某条例", "第三条")
    >>> limits = Editions("limit", not_held(EVER, law), held(dt.date(2007, 6, 1), law, 30))
    >>> limits.on(dt.date(2007, 6, 1)).held
    30
    >>> limits.on(dt.date(2007, 5, 31))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.NotHeld: no text held: 《某条例》第三条 on 2007-05-31
    """

    def __init__(self, matter: str, *editions: Edition[T], label: Wording | None = None) -> None:
        if not editions or editions[0].start is not EVER:
            raise ValueError(f"{matter}: the first edition begins at EVER")
        starts = [edition.start for edition in editions[1:] if edition.start is not None]
        if len(starts) < len(editions) - 1 or any(a >= b for a, b in pairwise(starts)):
            raise ValueError(f"{matter}: editions follow each other, each with the day it begins")
        self.matter = matter
        self.code = figures.slug(matter)
        self._starts: list[dt.date] = starts
        ends = [start - dt.timedelta(days=1) for start in self._starts]
        self.rows = tuple(replace(edition, end=end) for edition, end in zip(editions, [*ends, None], strict=True))
        for row in self.rows:
            self._agrees(row)
            if row.state is State.HELD and row.figures is not None:
                named = label or Wording(f"{row.citation.law}{row.citation.article}", row.citation.law)
                figures.enter(self.code, row.figures, named, row.citation, start=row.start, end=row.end)

    def _agrees(self, row: Edition[T]) -> None:
        """A held edition lies within its citation's period of force."""
        first, last = row.citation.valid_from, row.citation.valid_to
        too_early = first is not None and (row.start is None or row.start < first)
        too_late = last is not None and (row.end is None or row.end > last)
        if row.state is State.HELD and (too_early or too_late):
            raise ValueError(f"{self.matter}: {row.start} to {row.end} reaches beyond the force of {row.citation}")

    def at(self, on: dt.date) -> Edition[T]:
        """The edition of a day, whether it answers or not, by the local figures handed over, if any."""
        row = self.rows[bisect_right(self._starts, on)]
        if not figures.local_in_force() or row.figures is None or row.citation.confidence.settled:
            return row
        return replace(row, figures=figures.laid(self.code, row.figures, on))

    def on(self, on: dt.date) -> Edition[T]:
        """The edition of a day; ``NotHeld`` or ``RuleBroken`` where it does not answer."""
        row = self.at(on)
        if row.state is not State.HELD:
            raise row.refusal(on)
        return row

    def __iter__(self) -> Iterator[Edition[T]]:
        return iter(self.rows)
