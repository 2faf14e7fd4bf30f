"""How things stand in the reader's reach, beside his own items on the home page; modules register what they count.

The home page counts what is on the reader's own desk. These numbers count records by where they lie, whoever deals
with them: the same ones as in the lists they lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.kernel.actor import Actor


@dataclass(frozen=True)
class Number:
    """One number: what it counts, how many, the list behind it, its tone when it is not zero.

    ``badge``: the URL name of the menu's entry whose badge is the same number, so that it is counted once.
    """

    label: Any
    count: int
    url: str
    tone: str = "blue"
    badge: str = ""


COUNTED: dict[str, Callable[[Actor], Sequence[Number]]] = {}


def register(code: str, count: Callable[[Actor], Sequence[Number]]) -> None:
    """Enter what a module counts; ``count(actor)`` answers with nothing to those it does not concern."""
    COUNTED[code] = count


def numbers(actor: Actor) -> list[Number]:
    """Every number for this reader."""
    return [number for count in COUNTED.values() for number in count(actor)]


@dataclass(frozen=True)
class Card:
    """A small card of a module on the home page: its title, its icon, the template of its inside with what fills it."""

    title: Any
    icon: str
    template: str
    context: dict[str, Any]


CARDS: dict[str, Callable[[Actor], Card | None]] = {}


def register_card(code: str, card: Callable[[Actor], Card | None]) -> None:
    """Enter a module's card; ``card(actor)`` answers None to those it does not concern."""
    CARDS[code] = card


def cards(actor: Actor) -> list[Card]:
    """Every card for this reader."""
    return [found for card in CARDS.values() if (found := card(actor)) is not None]
