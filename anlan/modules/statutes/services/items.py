"""What an item of a check list must be: a clause that is held, what is asked, how to check, what evidence to keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from anlan.kernel.actor import Actor
from anlan.kernel.acts import inside_act
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.modules.statutes import selectors
from anlan.modules.statutes.models import Article, CheckItem
from anlan.modules.statutes.selectors.library import Cited
from anlan.rules.citation import Citation
from anlan.rules.statute_text import paragraphs, short_title

COLUMNS = ("clause", "asked", "method", "evidence")
MOST = 500  # items of a list
LONGEST = {"clause": 160, "asked": 1000, "method": 1000, "evidence": 1000}
NO_CLAUSE = gettext_noop("“%(clause)s” is no clause; write the title in 《》, then the article.")
NOT_THERE = gettext_noop("The library holds no %(clause)s. Load its text first.")
NO_TEXT = gettext_noop("The text of %(clause)s is not held. Load it first: a list rests only on what can be read.")
NO_PLACE = gettext_noop("The text held of %(article)s has no %(place)s. Open the article and name the place it has.")
TOO_LONG = gettext_noop("At most %(most)s characters.")
EMPTY = {
    "clause": gettext_noop("Name the clause: the title in 《》, then the article."),
    "asked": gettext_noop("Say what is asked of the unit."),
    "method": gettext_noop("Say how it is checked."),
    "evidence": gettext_noop("Say what evidence is kept."),
}


@dataclass(frozen=True)
class Told:
    """An item as it was typed."""

    clause: str
    asked: str
    method: str
    evidence: str


@inside_act
def told(clause: str, asked: str, method: str, evidence: str) -> Told:
    """The item without stray blanks; every empty or too long column is named."""
    given = dict(zip(COLUMNS, (" ".join(part.split()) for part in (clause, asked, method, evidence)), strict=True))
    problems = [BadInput(name, EMPTY[name]) for name, value in given.items() if not value]
    problems += [
        BadInput(name, TOO_LONG, most=LONGEST[name]) for name, value in given.items() if len(value) > LONGEST[name]
    ]
    if problems:
        raise problems[0] if len(problems) == 1 else BadInputs(problems)
    return Told(**given)


@inside_act
def articles_for(actor: Actor, clauses: Iterable[str]) -> list[Article | BadInput]:
    """For each clause the article it rests on, or why there is none (a ``BadInput`` of the column ``clause``)."""
    read = [citation_in(clause) for clause in clauses]
    places = iter(selectors.places_of(actor, [citation for citation in read if isinstance(citation, Citation)]))
    return [one if isinstance(one, BadInput) else _article(next(places)) for one in read]


@inside_act
def citation_in(said: str) -> Citation | BadInput:
    """A clause as people write it: 《安全生产法》第四十一条第二款."""
    title, closing, place = said.removeprefix("《").partition("》")
    if not said.startswith("《") or not closing or not title or not place:
        return BadInput("clause", NO_CLAUSE, clause=said[:60])
    return Citation(short_title(title), place)


@inside_act
def digest_of(items: Iterable[Any]) -> str:
    """The digest of a list: its items in order."""
    said = "\n".join("\t".join(getattr(item, name) for name in COLUMNS) for item in items)
    return hashlib.sha256(said.encode()).hexdigest()


@inside_act
def made_of(item: Told, article: Article, **more: Any) -> CheckItem:
    """The item for the table, not yet stored."""
    return CheckItem(
        article=article, clause=item.clause, asked=item.asked, method=item.method, evidence=item.evidence, **more
    )


def _article(cited: Cited) -> Article | BadInput:
    """Only what is held carries an item: the text, or the short title of a statutory list."""
    article, place = cited.article, cited.citation.place
    if article is None:
        return BadInput("clause", NOT_THERE, clause=str(cited.citation))
    if not article.body:
        return article if article.own_words else BadInput("clause", NO_TEXT, clause=str(cited.citation))
    if place is not None and (place.paragraph or place.item):
        held = paragraphs(article.body)
        chosen = [p for p in held if not place.paragraph or p.label == place.paragraph]
        item = place.item.translate(str.maketrans("", "", "（）()"))
        if not chosen or (item and not any(label == item for p in chosen for label, _ in p.items)):
            return BadInput("clause", NO_PLACE, article=str(article), place=f"{place.paragraph}{place.item}")
    return article
