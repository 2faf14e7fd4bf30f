"""The library for a reader: editions, articles, check lists, and the article a citation means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read, within
from anlan.modules.statutes.choices import LISTS, VIEW, Source
from anlan.modules.statutes.models import Article, CheckItem, CheckList, Edition
from anlan.modules.statutes.selectors.uses import labels_of, named
from anlan.rules.citation import Citation
from anlan.rules.statute_text import number_of


def editions(actor: Actor) -> models.QuerySet[Edition]:
    """Every edition: laws are public, whoever asks."""
    return Edition.objects.select_related("statute", "replaced_by__statute")


def articles(actor: Actor) -> models.QuerySet[Article]:
    """Every article of every edition, with its edition."""
    return Article.objects.select_related("edition__statute")


def articles_to_read(actor: Actor) -> models.QuerySet[Article]:
    """Every article in the order it is looked for: those whose text is held first."""
    not_held = models.ExpressionWrapper(models.Q(body=""), output_field=models.BooleanField())
    return articles(actor).order_by(not_held, "edition_id", "position")


def check_lists(actor: Actor) -> models.QuerySet[CheckList]:
    """The check lists that concern the reader, with ``item_count``: those held, which are public; those of offices
    above and below; the drafts of the offices he keeps lists for."""
    rows = CheckList.objects.annotate(item_count=models.Count("items"))
    if actor.is_system:
        return rows
    issued = models.Q(draft=False) & (models.Q(source=Source.HELD) | _concerning(actor, VIEW, above=True))
    return rows.filter(issued | (models.Q(draft=True) & _concerning(actor, LISTS, above=False)))


def lists_at(actor: Actor, place: str) -> models.QuerySet[CheckList]:
    """The issued lists a place goes by (its tree path): those held, and those of the offices above it."""
    actor.need(VIEW)
    chain = [place[:end] for end in range(Region.steplen, len(place) + 1, Region.steplen)]
    rows = CheckList.objects.annotate(item_count=models.Count("items")).filter(draft=False)
    return rows.filter(models.Q(source=Source.HELD) | models.Q(source=Source.OFFICE, region_path__in=chain))


def own_lists(actor: Actor) -> models.QuerySet[CheckList]:
    """The lists of offices the actor keeps lists for: his own and those below it, drafts included."""
    rows = CheckList.objects.filter(source=Source.OFFICE)
    return rows if actor.is_system else rows.filter(_concerning(actor, LISTS, above=False))


def draft_items(actor: Actor) -> models.QuerySet[CheckItem]:
    """The items of the drafts the actor works on."""
    drafts = own_lists(actor).filter(draft=True).values("pk")
    return CheckItem.objects.filter(check_list__in=drafts).select_related("check_list", "article")


def items_of(actor: Actor, article: Article) -> models.QuerySet[CheckItem]:
    """The items of check lists in use that rest on an article."""
    lists = check_lists(actor).filter(valid_to=None, draft=False).values("pk")
    rows = CheckItem.objects.filter(article=article, check_list__in=lists).select_related("check_list")
    return rows.order_by("check_list_id", "position")


def _concerning(actor: Actor, permission: str, *, above: bool) -> models.Q:
    """Lists of the regions under the actor's grants; ``above``: and of those over them."""
    reach = models.Q(pk__in=[])
    for grant in actor.grants_for(permission):
        if not grant.path or grant.holder:
            continue
        reach |= within("region_path", grant.path)
        if above:
            step = Region.steplen
            reach |= models.Q(region_path__in=[grant.path[:end] for end in range(step, len(grant.path), step)])
    return reach & models.Q(source=Source.OFFICE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as the library knows it: the edition and article it means, None where there is none."""

    citation: Citation
    edition: Edition | None
    article: Article | None

    @property
    def held(self) -> bool:
        """Whether what it cites can be read here."""
        return bool(self.article.body) if self.article is not None else bool(self.edition and self.edition.held)

    @property
    def url(self) -> str:
        """The article, at the 款 and 项; else the edition; "" where the library knows neither."""
        if self.article is not None:
            place = self.citation.place
            mark = anchor(place.paragraph, place.item) if place and place.article == self.article.label else ""
            return self.article.get_absolute_url() + (f"#{mark}" if mark else "")
        return self.edition.get_absolute_url() if self.edition is not None else ""


@system_read("a mark in a page, no rows")
def anchor(paragraph: str, item: str = "") -> str:
    """The mark of a 款 or 项 on an article's page.

    >>> anchor("第一款", "第二项"), anchor("", "第（二）项"), anchor("第三款")
    ('k1-x2', 'k1-x2', 'k3')
    """
    if not paragraph and not item:
        return ""
    mark = f"k{number_of(paragraph) if paragraph else 1}"
    return f"{mark}-x{number_of(item)}" if item else mark


def places_of(actor: Actor, citations: Iterable[Citation], on: dt.date | None = None) -> list[Cited]:
    """Where each citation stands in the library, by two queries for all of them."""
    wanted = list(citations)
    titles = {named(citation)[0] for citation in wanted}
    by_title: dict[str, list[Edition]] = {}
    for edition in editions(actor).filter(statute__title__in=titles):
        by_title.setdefault(edition.statute.title, []).append(edition)
    meant = [edition_of(citation, by_title.get(named(citation)[0], []), on) for citation in wanted]
    labels = {label for citation in wanted for label in labels_of(citation)}
    rows = articles(actor).filter(edition__in={e.pk for e in meant if e is not None}, label__in=labels)
    found = {(a.edition_id, a.label): a for a in rows.defer("search_text")}
    return [
        Cited(
            citation,
            edition,
            next((found.get((edition.pk, at)) for at in labels_of(citation)), None) if edition else None,
        )
        for citation, edition in zip(wanted, meant, strict=True)
    ]


def article_of(actor: Actor, citation: Citation, on: dt.date | None = None) -> Cited:
    """Where one citation stands; ``on`` chooses the edition of a day for a citation without days of its own."""
    return places_of(actor, [citation], on)[0]


@system_read("compares two words, no rows")
def same_number(one: str, other: str) -> bool:
    """Whether two numbers may be those of one edition: alike, one unknown, or one the other with its amendments.

    >>> same_number("国务院令第344号", "国务院令第344号，2011年修订"), same_number("令第1号", "令第11号")
    (True, False)
    """
    return not one or not other or one.startswith(other) or other.startswith(one)


@system_read("chooses among rows that were admitted")
def edition_of(citation: Citation, known: list[Edition], on: dt.date | None = None) -> Edition | None:
    """The edition a citation means: that of its own days, else that in force on the day (today by default)."""
    _, number = named(citation)
    fit = [e for e in known if same_number(number, e.number)]
    if citation.valid_from or citation.valid_to:
        same = [e for e in fit if e.valid_from == citation.valid_from and e.valid_to == citation.valid_to]
        same = same or [e for e in fit if e.valid_from is not None and e.valid_from == citation.valid_from]
        if same:
            return same[0]
        last = citation.valid_to
        met = [e for e in fit if e.in_force(citation.valid_from or last or clock.today())]
    else:
        met = [e for e in fit if e.in_force(on or clock.today())]
        if on is not None and not met:
            return None  # of that day the library has none, and the text of another day is no answer
    return max(met or fit, key=lambda e: (e.day, e.held), default=None)


def cited_missing(actor: Actor) -> models.QuerySet[Article]:
    """The articles cited whose text is not held, those a loaded text turned out not to have included."""
    return articles(actor).filter(body="").order_by("edition__statute__title", "edition_id", "position")
