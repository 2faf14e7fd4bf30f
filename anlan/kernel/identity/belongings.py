"""What is addressed to one person by name: parts of the platform say what they keep so, and how it changes hands.

Most work lies on a desk (a region, a line, a unit) and stays there when people come and go; it is not named here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """One thing of one person: what it is (a msgid), its title, when it is due, the record it is about."""

    what: str
    title: str
    due: dt.datetime | None = None
    subject_type: str = ""
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A kind of thing: ``of(user, holder)`` lists what somebody has (of one unit only, when ``holder`` is given),
    ``refused(actor, user, holder)`` the titles his successor may not take for lack of authority, and
    ``move(work, user, to, holder, reason)`` gives them over and answers how many they were.
    """

    of: Callable[[Any, str], list[Held]]
    refused: Callable[[Any, Any, str], list[str]]
    move: Callable[[Any, Any, Any, str, str], int]


_kinds: dict[str, Belonging] = {}


def register(code: str, belonging: Belonging) -> None:
    """Enter a kind of thing; one code counts once."""
    _kinds[code] = belonging


def kinds() -> list[Belonging]:
    """Every kind, in order of its code."""
    return [_kinds[code] for code in sorted(_kinds)]


def held_by(user: Any, holder: str = "") -> list[Held]:
    """Everything that is addressed to a person by name, soonest due first."""
    every = [held for kind in kinds() for held in kind.of(user, holder)]
    return sorted(every, key=lambda h: (h.due is None, h.due, h.title))
