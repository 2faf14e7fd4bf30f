"""The citations this release ships, entered as editions and articles without text; a second run changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.searching import folded
from anlan.modules.statutes.choices import LOAD, Kind, Source
from anlan.modules.statutes.events import CitationsEntered
from anlan.modules.statutes.models import Article, CheckItem, CheckList, Edition, Statute
from anlan.modules.statutes.selectors.library import edition_of, same_number
from anlan.modules.statutes.selectors.uses import Use, labels_of, named, uses
from anlan.rules import hazard_list
from anlan.rules.check_methods import Gap, way_of
from anlan.rules.citation import Citation, Level
from anlan.rules.hazard_list import SECTORS, Clause, HazardSet
from anlan.rules.statute_text import number_of

WHOLE_FIRST = 10_000  # places that are no articles stand after them


@dataclass
class _Counts:
    editions: int = 0
    articles: int = 0
    lists: int = 0
    known: dict[str, list[Edition]] = field(default_factory=dict)
    first: Statute | None = None


@act(may=LOAD)
def enter_citations(work: Work) -> dict[str, int]:
    """Enter every text and article that rules, steps, statutory lists and papers cite, and the check lists held.

    What is there already stays as it is: the answer counts what was added.
    """
    return enter(work)


@inside_act
def enter(work: Work) -> dict[str, int]:
    """The body of ``enter_citations``, for acts that need the citations to be there first."""
    counts = _Counts()
    for edition in Edition.objects.select_related("statute"):
        counts.known.setdefault(edition.statute.title, []).append(edition)
    everything = [Use("list", s.code, s.title, s.citation()) for s in hazard_list.sets()] + list(uses())
    for use in sorted(everything, key=lambda u: (u.citation.valid_from is None, u.citation.valid_to is not None)):
        _edition(use.citation, counts)
    _articles(everything, counts)
    for edition_of_list in hazard_list.sets():
        _check_lists(edition_of_list, counts)
    added = {"editions": counts.editions, "articles": counts.articles, "lists": counts.lists}
    if counts.first is not None and any(added.values()):
        work.record(CitationsEntered(**added), on=counts.first)
    return added


@inside_act
def index_words(edition: Edition) -> str:
    """The words by which an edition is found."""
    return folded(f"{edition.statute.title} {edition.number} {edition.printed_title} {edition.source}")


@inside_act
def kind_of(title: str, number: str, level: Level = Level.NATIONAL) -> Kind:
    """What a text is, by its level, number and title.

    >>> [str(kind_of(t, n)) for t, n in (("安全生产法", ""), ("煤矿安全生产条例", ""), ("某规定", "国务院令第1号"))]
    ['law', 'regulation', 'regulation']
    """
    fixed = {Level.METHOD: Kind.METHOD, Level.PROVINCIAL: Kind.PROVINCIAL, Level.CITY: Kind.LOCAL}
    if level in fixed:
        return fixed[level]
    if number.startswith(("GB", "AQ", "GA", "JT", "DB", "WS")):
        return Kind.STANDARD
    if title.endswith("法典") or (title.endswith("法") and not title.endswith(("办法", "方法"))):
        return Kind.LAW
    if "国务院令" in number:
        return Kind.REGULATION
    if "令" in number:
        return Kind.ORDER
    return Kind.REGULATION if title.endswith("条例") else Kind.NOTICE


def _edition(citation: Citation, counts: _Counts) -> Edition:
    title, number = named(citation)
    known = counts.known.setdefault(title, [])
    found = _same(citation, number, known)
    if found is None:
        statute, _fresh = Statute.objects.get_or_create(
            title=title, defaults={"kind": kind_of(title, number, citation.level)}
        )
        found = Edition(
            statute=statute, number=number, valid_from=citation.valid_from, valid_to=citation.valid_to,
            to_verify=citation.to_verify,
        )  # fmt: skip
        found.search_text = index_words(found)
        found.save(force_insert=True)
        known.append(found)
        counts.editions += 1
        counts.first = counts.first or statute
    elif citation.to_verify and not found.to_verify and not found.held:
        found.to_verify = True
        found.save(update_fields=["to_verify"])
    return found


def _same(citation: Citation, number: str, known: list[Edition]) -> Edition | None:
    fit = [e for e in known if same_number(number, e.number)]
    if citation.valid_from is None and citation.valid_to is None:
        return edition_of(citation, fit)
    if citation.valid_from is None:
        return next((e for e in fit if e.valid_to == citation.valid_to), None)
    return next((e for e in fit if e.valid_from == citation.valid_from), None)


def _articles(everything: list[Use], counts: _Counts) -> None:
    """The articles cited that are not there yet; our short titles of clauses stand with them."""
    wanted: dict[tuple[int, str], list[str]] = {}
    edition_by_key: dict[int, Edition] = {}
    for use in everything:
        title, _ = named(use.citation)
        edition = edition_of(use.citation, counts.known[title])
        if edition is None:
            continue
        edition_by_key[edition.pk] = edition
        for label in labels_of(use.citation):
            said = wanted.setdefault((edition.pk, label), [])
            if use.own_words and use.own_words not in said:
                said.append(use.own_words)
    there = {
        (a.edition_id, a.label) for a in Article.objects.filter(edition__in=edition_by_key).only("edition", "label")
    }
    fresh: list[Article] = []
    for (pk, label), said in wanted.items():
        if (pk, label) in there:
            continue
        edition, own = edition_by_key[pk], "\n".join(said)
        position = number_of(label) if label.endswith("条") else WHOLE_FIRST + len(fresh)
        text = folded(f"{edition.statute.title} {label} {own}")
        fresh.append(Article(edition=edition, label=label, position=position, own_words=own, search_text=text))
    Article.objects.bulk_create(fresh)
    counts.articles = len(fresh)


def _check_lists(edition: HazardSet, counts: _Counts) -> None:
    """One list for each trade of a statutory list held in short titles: clause, title, and how the item is checked
    where a text that is held says so; where none does, nothing is invented."""
    by_sector: dict[str, list[Clause]] = {}
    for clause in hazard_list.clauses_of(edition):
        if labels_of(clause.citation):
            by_sector.setdefault(clause.sector, []).append(clause)
    for sector, found in by_sector.items():
        code = f"{edition.code}.{edition.version}.{sector}"
        looks = [_way(edition, clause) for clause in found]
        said = "\n".join("\t".join((c.printed, c.title.zh, *look)) for c, look in zip(found, looks, strict=True))
        digest = hashlib.sha256(said.encode()).hexdigest()
        latest = CheckList.objects.filter(code=code).order_by("-number").first()
        if latest is not None and latest.digest == digest:
            continue
        if latest is not None and latest.valid_to is None:
            latest.valid_to = edition.valid_from or latest.valid_from
            latest.save(update_fields=["valid_to"])
        title = f"{edition.title.zh} · {SECTORS[sector].zh}" if sector in SECTORS else edition.title.zh
        made = CheckList.objects.create(
            code=code, number=latest.number + 1 if latest else 1, title=title[:120], sector=sector, source=Source.HELD,
            valid_from=edition.valid_from, valid_to=edition.valid_to, digest=digest, draft=True,
        )  # fmt: skip
        counts.lists += 1
        _items(made, found, looks, counts)
        CheckList.objects.filter(pk=made.pk).update(draft=False)


def _way(edition: HazardSet, clause: Clause) -> tuple[str, str]:
    """How a clause is checked and what is kept of it; empty where no text that is held says so."""
    way = way_of(edition.code, edition.version, clause.code)
    return ("", "") if isinstance(way, Gap) else (way.said, way.kept)


def _items(made: CheckList, found: list[Clause], looks: list[tuple[str, str]], counts: _Counts) -> None:
    title, _ = named(found[0].citation)
    edition = edition_of(found[0].citation, counts.known[title])
    labels = [labels_of(clause.citation)[0] for clause in found]
    known = {a.label: a for a in Article.objects.filter(edition=edition, label__in=labels)}
    CheckItem.objects.bulk_create(
        CheckItem(check_list=made, position=n, article=known[label], clause=str(clause.citation)[:160],
                  asked=clause.title.zh, own_words=True, method=how, evidence=kept)
        for n, (clause, label, (how, kept)) in enumerate(zip(found, labels, looks, strict=True), 1)
    )  # fmt: skip
