"""What every rule answers with: a value, the clauses it rests on, and its working.

A figure is only as good as its source. ``Confidence`` follows the reference tables: A was read in a copy
of the text, B in a secondary text, C is recall, D is doubtful. C and D are never shown as settled law.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from anlan.rules.refusal import NotHeld

__all__ = ["Citation", "Confidence", "Finding", "Level", "NotHeld", "Place"]
_PLACE = re.compile(
    r"(?P<article>第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)"
    r"(?P<paragraph>第[一二三四五六七八九十]+款)?(?P<item>第[（(]?[一二三四五六七八九十]+[）)]?项)?"
)

PROVISIONAL = "provisional:"
"""With what a sentence of the working begins that says a year's holiday notice is not held."""

V = TypeVar("V")


class Confidence(StrEnum):
    """How far a figure has been checked against its text."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def settled(self) -> bool:
        """True where the figure may be cited as settled law."""
        return self in (Confidence.A, Confidence.B)


class Level(StrEnum):
    """Whose rule it is."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    LOCAL = "local"  # 本地规定: a parameter of this deployment, not a statute
    METHOD = "method"  # an industry method, not statute


class Place(NamedTuple):
    """Where in a text a clause stands, as printed: 第…条, 第…款, 第…项; an absent part is empty."""

    article: str
    paragraph: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause: the text's short Chinese title, the article as printed, its period of force and its confidence.

    ``number`` is the text's own (国务院令第493号, GB 18218-2018). ``valid_from`` and ``valid_to`` bound the edition
    cited, both ends included.
    """

    law: str
    article: str
    confidence: Confidence = Confidence.A
    level: Level = Level.NATIONAL
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str = ""
    number: str = ""

    @property
    def to_verify(self) -> bool:
        """True where it must be shown as 待核实: the figure was not read in its text."""
        return not self.confidence.settled

    @property
    def place(self) -> Place | None:
        """The first article named, taken apart; ``None`` where the text has no articles (a standard).

        >>> Citation("安全生产法", "第六十五条第一款第二项、第三项").place
        Place(article='第六十五条', paragraph='第一款', item='第二项')
        """
        found = _PLACE.search(self.article)
        return Place(found["article"], found["paragraph"] or "", found["item"] or "") if found else None

    @property
    def places(self) -> tuple[Place, ...]:
        """Every article named, in order.

        >>> [p.article for p in Citation("某条例", "第十九条第二款、第二十九条").places]
        ['第十九条', '第二十九条']
        """
        found = _PLACE.finditer(self.article)
        return tuple(Place(one["article"], one["paragraph"] or "", one["item"] or "") for one in found)

    def at(self, article: str, confidence: Confidence | None = None) -> Citation:
        """Another clause of the same text.

        >>> str(Citation("安全生产法", "第四条").at("第八十六条"))
        '《安全生产法》第八十六条'
        """
        return replace(self, article=article, confidence=confidence or self.confidence)

    def __str__(self) -> str:
        mark = "" if self.confidence.settled else "（待核实）"
        title = self.law if self.level is Level.LOCAL or self.law.startswith("《") else f"《{self.law}》"
        return f"{title}{self.article}{mark}"

    def in_force(self, on: dt.date) -> bool:
        """True when ``on`` falls in the clause's period of force (both ends included)."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Finding(Generic[V]):
    """A rule's answer with its trace: ``steps`` are the sentences of the working, in order."""

    value: V
    citations: tuple[Citation, ...]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """True where every clause used may be cited as settled."""
        return all(c.confidence.settled for c in self.citations)

    @property
    def provisional(self) -> bool:
        """True where a day of it leans on a year whose holiday notice is not held (暂定)."""
        return bool(self.inputs.get("provisional")) or any(step.startswith(PROVISIONAL) for step in self.steps)
