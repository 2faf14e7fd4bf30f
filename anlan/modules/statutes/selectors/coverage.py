"""What of the clauses this release cites stands in the texts that were loaded."""

from __future__ import annotations

from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.modules.statutes.selectors.library import editions, places_of
from anlan.modules.statutes.selectors.uses import labels_of, uses


@dataclass(frozen=True, slots=True)
class Coverage:
    """Editions with and without their text, articles with text; how many citations name an article of an edition that
    is held, how many of those are found there, and those that are not."""

    texts: int
    not_held: int
    articles: int
    links: int
    found: int
    lost: tuple[str, ...]


def coverage(actor: Actor) -> Coverage:
    """How far the texts that were loaded answer what rules, steps, lists and papers cite; each citation once."""
    rows = editions(actor)
    held = {edition.pk for edition in rows if edition.held}
    cited = dict.fromkeys(use.citation for use in uses() if labels_of(use.citation))
    places = [one for one in places_of(actor, cited) if one.edition is not None and one.edition.pk in held]
    lost = sorted(str(one.citation) for one in places if one.article is None or not one.article.body)
    articles = sum(edition.articles.exclude(body="").values_list("pk").count() for edition in rows if edition.held)
    return Coverage(len(held), len(rows) - len(held), articles, len(places), len(places) - len(lost), tuple(lost))
