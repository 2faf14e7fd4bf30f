"""The front door of the library: papers say which clauses they print; the command and the demo city load it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.modules.statutes import selectors, services
from anlan.modules.statutes.models import Edition
from anlan.modules.statutes.selectors import Coverage, Rerun, Today, coverage, register_document, rerun
from anlan.modules.statutes.services import enter_citations

CHECK_LIST, CHECK_ITEM = "statutes.CheckList", "statutes.CheckItem"
"""The tables for foreign keys: an issued version and its items never change."""

__all__ = [
    "CHECK_ITEM", "CHECK_LIST", "Coverage", "ItemTold", "ListTold", "Loaded", "Rerun", "Today", "coverage",
    "enter_citations", "items_of_list", "lists_for", "load_text", "register_document", "rerun",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a text came to: ``outcome`` is "loaded" or "unchanged"."""

    title: str
    period: str
    articles: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ListTold:
    """A version of a check list in force: what an inspection may go by. ``office`` is "" for a statutory list."""

    pk: int
    title: str
    number: int
    sector: str
    office: str
    items: int


@dataclass(frozen=True, slots=True)
class ItemTold:
    """One item: ``url`` leads to its clause; ``own_words`` marks a short title of ours, which no paper prints."""

    pk: int
    position: int
    clause: str
    asked: str
    method: str
    evidence: str
    own_words: bool
    url: str


def lists_for(actor: Actor, *, sector: str = "", on: dt.date | None = None, place: str = "") -> tuple[ListTold, ...]:
    """The check lists in force on a day (today) that concern the actor, of one trade if given; offices' own first.

    With a ``place`` those it goes by: the held ones and those of the offices above it (a unit's people hold no office).
    """
    day = on or clock.today()
    admitted = selectors.lists_at(actor, place) if place else selectors.check_lists(actor)
    rows = admitted.filter(draft=False).order_by("-source", "title", "pk")
    if sector:
        rows = rows.filter(sector=sector)
    latest: dict[str, Any] = {}  # of two versions of one day the later one counts
    for row in rows:
        begun, over = row.valid_from is None or row.valid_from <= day, row.valid_to is not None and row.valid_to < day
        if begun and not over and (row.code not in latest or latest[row.code].number < row.number):
            latest[row.code] = row
    return tuple(
        ListTold(row.pk, row.title, row.number, row.sector, row.office, row.item_count) for row in latest.values()
    )


def items_of_list(actor: Actor, pk: int, *, place: str = "") -> tuple[ItemTold, ...]:
    """The items of a version, in order: an issued version never changes, so a paper may name it and its items."""
    admitted = selectors.lists_at(actor, place) if place else selectors.check_lists(actor)
    found = admitted.filter(pk=pk, draft=False).first()
    if found is None:
        raise NotFound
    return tuple(
        ItemTold(i.pk, i.position, i.clause, i.asked, i.method, i.evidence, i.own_words, i.article.get_absolute_url())
        for i in found.items.select_related("article").order_by("position")
    )


def load_text(
    *, actor: Actor, text: str, source: str = "", adopted: dt.date | None = None, valid_from: dt.date | None = None,
    replaces: str = "", kind: str = "", number: str = "",
) -> Loaded:  # fmt: skip
    """Load an official text (``services.load_text``); the same text again is "unchanged"."""
    known = set(Edition.objects.exclude(sha256="").values_list("pk", flat=True))
    edition = services.load_text(
        actor=actor, text=text, source=source, adopted=adopted, valid_from=valid_from, replaces=replaces, kind=kind,
        number=number,
    )  # fmt: skip
    articles = len(edition.articles.exclude(body="").values_list("pk"))
    outcome = "unchanged" if edition.pk in known else "loaded"
    return Loaded(edition.statute.title, edition.period, articles, outcome)
