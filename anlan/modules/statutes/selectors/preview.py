"""What loading a text would come to, before it is taken: articles found, what it lacks, how it differs."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from anlan.kernel import law
from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read
from anlan.modules.statutes.models import Article, Edition
from anlan.modules.statutes.selectors.library import editions, same_number
from anlan.rules import refusal
from anlan.rules.inputs import FIRST_DAY, LAST_DAY
from anlan.rules.statute_text import StatuteText, day_in, first_day, read_statute, short_title

WITHIN = dt.timedelta(days=366)
"""A text comes into force within a year of its adoption: how a text finds the edition the rules already cite."""


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter or section as found: its heading, its first and last article, how many."""

    heading: str
    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """An article that reads otherwise than in the edition held."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be loaded. ``same`` is the edition that has this very text already, ``fills`` the cited one it would
    fill, ``against`` the held one it is compared with; ``strays`` are articles cited that it does not have."""

    title: str
    number: str
    adopted: dt.date | None
    valid_from: dt.date | None
    digest: str
    articles: int
    annexes: int
    parts: tuple[Part, ...]
    same: Edition | None = None
    fills: Edition | None = None
    against: Edition | None = None
    strays: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    lacks: tuple[str, ...] = field(default=())


@system_read("a text that was typed, no rows")
def text_read(text: str) -> StatuteText:
    """The text taken apart; ``BadInput`` naming the line where it cannot be."""
    try:
        return read_statute(text)
    except refusal.BadInput as why:
        raise law.refused(why) from why


@system_read("a text that was typed, no rows")
def digest_of(text: str) -> str:
    """SHA-256 of the text, whatever the line ends and the blanks at them."""
    lines = (line.rstrip() for line in text.lstrip("\ufeff").splitlines())
    return hashlib.sha256("\n".join(lines).strip().encode()).hexdigest()


@system_read("a day that was read, no rows")
def plausible(day: dt.date | None) -> dt.date | None:
    """A day that can be, else none."""
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


@system_read("chooses among rows that were admitted")
def place_for(cited: list[Edition], number: str, adopted: dt.date | None, starts: dt.date | None) -> Edition | None:
    """Of the editions that are only cited, the one a text is of; none where it is a new one."""
    found = next((e for e in cited if starts is not None and e.valid_from == starts), None)
    if found is None and starts is None and adopted is not None:
        near = [e for e in cited if e.valid_from and adopted <= e.valid_from <= adopted + WITHIN]
        found = min(near, key=lambda e: e.day, default=None)
    undated = [e for e in cited if e.valid_from is None and e.valid_to is None and same_number(number, e.number)]
    return found or next(iter(undated), None)


def preview(
    actor: Actor, text: str, source: str = "", adopted: dt.date | None = None, valid_from: dt.date | None = None,
    number: str = "",
) -> Preview:  # fmt: skip
    """What ``services.load_text`` would make of a text; it changes nothing."""
    read, digest = text_read(text), digest_of(text)
    adopted = adopted or plausible(day_in(source))
    starts = valid_from or plausible(first_day(read, adopted))
    number = number or read.number
    known = list(editions(actor).filter(statute__title=short_title(read.title)))
    same = next((e for e in known if e.sha256 == digest), None)
    held = sorted((e for e in known if e.held), key=lambda e: e.day)
    fills = None if same else place_for([e for e in known if not e.held], number, adopted, starts)
    day = starts or adopted
    before = [e for e in held if day is None or e.day <= day]
    nearest = before or held
    against = nearest[-1] if nearest and same is None else None
    bodies = {a.label: a.body for a in read.articles}
    there = _bodies(against) if against else {}
    main = [a for a in read.articles if a.label.endswith("条") or "条之" in a.label]
    starts = starts or (fills.valid_from if fills else None)
    lacks = [name for name, value in (("number", number), ("adopted", adopted), ("valid_from", starts)) if not value]
    cited = Article.objects.filter(edition=fills).values_list("label", flat=True) if fills else []
    return Preview(
        title=short_title(read.title), number=number or (fills.number if fills else ""), adopted=adopted,
        valid_from=starts, digest=digest, articles=len(main), annexes=len(read.articles) - len(main),
        parts=_parts(read), same=same, fills=fills, against=against, lacks=tuple(lacks),
        strays=tuple(label for label in cited if label not in bodies),
        added=tuple(label for label in bodies if label not in there) if against else (),
        removed=tuple(label for label in there if label not in bodies),
        changed=tuple(
            Change(label, there[label], body) for label, body in bodies.items()
            if label in there and there[label] != body
        ),
    )  # fmt: skip


def _bodies(edition: Edition) -> dict[str, str]:
    rows = Article.objects.filter(edition=edition).exclude(body="").order_by("position")
    return dict(rows.values_list("label", "body"))


def _parts(read: StatuteText) -> tuple[Part, ...]:
    groups: list[tuple[str, list[str]]] = []
    for article in read.articles:
        heading = " › ".join(filter(None, (article.part, article.chapter, article.section)))
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        groups[-1][1].append(article.label)
    return tuple(Part(heading, labels[0], labels[-1], len(labels)) for heading, labels in groups)
