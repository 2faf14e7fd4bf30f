"""What every rule answers with: a value, the clauses it rests on, and its working.

A figure is only as good as its source. ``Confidence`` follows the reference tables: A was read in a copy
of the text, B in a secondary text, C is recall, D is doubtful. C and D are never shown as settled law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

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


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause: the text's Chinese title, the article as printed, its period of force and its confidence."""

    law: str
    article: str
    confidence: Confidence = Confidence.A
    level: Level = Level.NATIONAL
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str = ""

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


class NotHeld(Exception):
    """The text or figure for that day is not held; nothing is invented in its place."""

    def __init__(self, what: str, on: dt.date | None = None) -> None:
        self.what, self.on = what, on
        super().__init__(f"no text held: {what}" + (f" on {on:%Y-%m-%d}" if on else ""))
