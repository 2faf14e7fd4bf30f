"""The search over everything: modules register searchers, each asked in the actor's own scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.searching import MOST_WORDS, words_of
from anlan.ui.pages.values import Permission, held


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    subtitle: str = ""
    url: str = ""
    icon: str = "file"


@dataclass(frozen=True)
class Searcher:
    """Who finds one kind of record: ``find(actor, text, limit)`` gives hits the actor may see; ``more`` is the address
    of the list that shows all, with ``%s`` where the quoted text goes."""

    code: str
    label: Any
    find: Callable[[Actor, str, int], Sequence[Hit]]
    permission: Permission = ()
    icon: str = "search"
    more: str = ""
    order: int = 50


HAS = "__has"
SEARCHERS: dict[str, Searcher] = {}


def register(searcher: Searcher) -> None:
    """Enter a searcher; one code counts once."""
    SEARCHERS[searcher.code] = searcher


def matching(fields: Sequence[str], text: str) -> Q:
    """The condition that every word of a text occurs in one of the fields; ``…__has`` looks by character pairs."""
    try:
        by_pairs = any(field.endswith(HAS) for field in fields)
        words = words_of(text) if by_pairs else text.replace("\x00", "").split()[:MOST_WORDS]
    except BadInput:
        return Q(pk__in=[])  # a single character: nothing is offered until there are two
    lookups = [f if f.endswith(HAS) else f"{f}__icontains" for f in fields]
    return reduce(and_, (reduce(or_, (Q(**{lookup: word}) for lookup in lookups)) for word in words), Q())


def found(actor: Actor, text: str, limit: int = 8) -> list[tuple[Searcher, list[Hit], bool]]:
    """What each searcher the actor may ask has found: hits, and whether there are more. No empty groups."""
    groups = []
    for searcher in sorted(SEARCHERS.values(), key=lambda s: (s.order, s.code)):
        if not held(actor, searcher.permission):
            continue
        hits = list(searcher.find(actor, text, limit + 1))
        if hits:
            groups.append((searcher, hits[:limit], len(hits) > limit))
    return groups
