"""What is not held: times without figures, statutory lists, texts and articles; and what is still to be verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read
from anlan.kernel.searching import folded
from anlan.modules.statutes.choices import Gap, days_said
from anlan.modules.statutes.selectors.library import cited_missing, editions
from anlan.modules.statutes.selectors.uses import citations_of_rule, cite_url
from anlan.rules import hazard_list
from anlan.rules.book import RULES
from anlan.rules.editions import State
from anlan.rules.wording import in_language


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not held: what it is, where it is shown, the clause it would rest on, its days in words."""

    kind: Gap
    title: str
    url: str = ""
    clause: str = ""
    clause_url: str = ""
    days: str = ""


def missing(actor: Actor, text: str = "", kind: str = "") -> list[Missing]:
    """Everything that is not held, of one kind if given, in whose words every word of the text occurs."""
    words = folded(text.replace("\x00", "")[:100]).split()
    return [
        one
        for one in (*_of_the_rules(), *_of_the_library(actor))
        if (not kind or one.kind == kind) and all(w in folded(f"{one.title} {one.clause} {one.days}") for w in words)
    ]


@system_read("counts what was read")
def by_kind(found: Iterable[Missing]) -> dict[str, int]:
    """How many there are of each kind."""
    counts = dict.fromkeys(Gap.values, 0)
    for one in found:
        counts[one.kind] += 1
    return counts


def _of_the_rules() -> Iterator[Missing]:
    """What the rules themselves say: the law is public, and so is what we lack of it."""
    language = get_language() or "zh-hans"
    lists = {listed.citation() for listed in hazard_list.not_held()}  # told below, as lists
    for name, rule in RULES.items():
        title, url = in_language(rule.title, language), reverse("statutes:rule", kwargs={"rule": name})
        for editions_of_rule in rule.editions:
            for span in editions_of_rule:
                if span.state is State.NOT_HELD and span.citation not in lists:
                    days = days_said(span.start, span.end)
                    cite = cite_url(span.citation)
                    yield Missing(Gap.FIGURES, title, url, str(span.citation), cite, days)
        doubtful = {str(c): c for c in citations_of_rule(name) if c.to_verify}
        for said, citation in doubtful.items():
            yield Missing(Gap.VERIFY, title, url, said, cite_url(citation))
    by_text = {(listed.number, listed.valid_to): listed for listed in hazard_list.not_held()}  # parts of one text once
    for listed in by_text.values():
        days = days_said(listed.valid_from, listed.valid_to)
        if not days and listed.issued:
            days = gettext("Issued in %(year)s") % {"year": listed.issued}
        title, url = in_language(listed.title, language), cite_url(listed.citation())
        yield Missing(Gap.LISTS, title, url, clause=listed.number, days=days)


def _of_the_library(actor: Actor) -> Iterator[Missing]:
    for edition in editions(actor).filter(sha256="").order_by("statute__title", "pk"):
        days = days_said(edition.valid_from, edition.valid_to)
        yield Missing(Gap.TEXTS, f"《{edition.statute.title}》", edition.get_absolute_url(), edition.number, "", days)
    for article in cited_missing(actor).exclude(edition__sha256="").defer("search_text"):
        days = days_said(article.edition.valid_from, article.edition.valid_to)
        yield Missing(Gap.ARTICLES, str(article), article.get_absolute_url(), days=days)
