"""Official texts: loaded from Markdown or plain text, each a new edition, and the days of an edition put right."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.searching import folded
from anlan.modules.statutes.choices import EARLIER, LOAD, Kind
from anlan.modules.statutes.events import EditionCorrected, EditionReplaced, TextLoaded
from anlan.modules.statutes.models import Article, Edition, Statute
from anlan.modules.statutes.selectors.preview import digest_of, place_for, plausible, text_read
from anlan.modules.statutes.services.entering import enter, index_words, kind_of
from anlan.rules.inputs import FIRST_DAY, LAST_DAY
from anlan.rules.statute_text import StatuteText, day_in, first_day, short_title

MOST_NUMBER = 80


@act(may=LOAD)
def load_text(
    work: Work, *, text: str, source: str = "", adopted: dt.date | None = None, valid_from: dt.date | None = None,
    replaces: str = "", kind: str = "", number: str = "",
) -> Edition:  # fmt: skip
    """Load the official text of one edition, from Markdown or plain text; the same text again changes nothing.

    ``adopted`` is the day of adoption or of the last amendment (else taken from the name of the ``source``);
    ``valid_from`` the first day of force (else as far as the text itself says it, or as the rules cite it). Where the
    library holds another text of the title, ``replaces`` says which edition this one follows: its day or number, or
    "earlier" for every edition of an earlier day. ``kind`` and ``number`` go before what the text prints.
    """
    read, digest = text_read(text), digest_of(text)
    _possible(number, adopted=adopted, valid_from=valid_from)
    statute = _statute(short_title(read.title), number or read.number, kind)
    same = statute.editions.filter(sha256=digest).first()
    if same is not None:
        return same
    enter(work)
    adopted = adopted or plausible(day_in(source))
    starts = valid_from or plausible(first_day(read, adopted))
    beside = _followed(statute, replaces, starts or adopted)
    edition = _place(statute, number or read.number, adopted, starts)
    edition.number = number or edition.number
    edition.printed_title, edition.history = read.title[:120], "\n".join(read.history)
    edition.source, edition.sha256, edition.loaded_at = source[:120], digest, work.now
    edition.to_verify = False
    edition.search_text = index_words(edition)
    if edition.pk is None:
        created(edition)
    else:
        edition.save()
    _fill(edition, read)
    said = {"title": statute.title, "source": edition.source or "—", "digest": digest[:16]}
    work.record(TextLoaded(articles=len(read.articles), **said), on=edition)
    _follow(work, edition, beside)
    return edition


@act(may=LOAD, on=Edition)
def correct_edition(
    work: Work, edition: Edition, *, reason: str, number: str = "", valid_from: dt.date | None = None,
    valid_to: dt.date | None = None, kind: str = "",
) -> None:  # fmt: skip
    """Put right number, level and days of force of an edition, with the reason; what is left empty becomes empty.

    The text itself is never edited: a changed text is an edition of its own.
    """
    if not reason.strip():
        raise BadInput("reason", gettext_noop("Say what you read, and where: it stays in the journal."))
    _possible(number, valid_from=valid_from, valid_to=valid_to)
    if valid_from and valid_to and valid_to < valid_from:
        raise BadInput("valid_to", gettext_noop("The last day lies before the first. Correct one of them."))
    statute = edition.statute
    wanted = kind or statute.kind
    if wanted not in Kind.values:
        raise BadInput("kind", gettext_noop("Choose one of: %(kinds)s."), kinds=", ".join(Kind.values))
    before = (edition.number, edition.valid_from, edition.valid_to, statute.kind)
    after = (number.strip(), valid_from, valid_to, wanted)
    if before == after:
        return
    if wanted != statute.kind:
        statute.kind = wanted
        statute.save(update_fields=["kind"])
    edition.number, edition.valid_from, edition.valid_to = after[:3]
    edition.search_text = index_words(edition)
    edition.save(update_fields=["number", "valid_from", "valid_to", "search_text"])
    work.record(EditionCorrected(before=_said(before), after=_said(after), reason=reason.strip()), on=edition)


def _possible(number: str, **days: dt.date | None) -> None:
    """A number that fits, days that can be."""
    if len(number) > MOST_NUMBER:
        raise BadInput("number", gettext_noop("A number has at most %(most)s characters."), most=MOST_NUMBER)
    for name, day in days.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise BadInput(name, gettext_noop("This day is impossible here. Check the year."))


def _said(values: tuple[object, ...]) -> str:
    return " · ".join(str(value) if value else "—" for value in values)


def _statute(title: str, number: str, kind: str) -> Statute:
    if kind and kind not in Kind.values:
        raise BadInput("kind", gettext_noop("Choose one of: %(kinds)s."), kinds=", ".join(Kind.values))
    statute, _ = Statute.objects.get_or_create(title=title, defaults={"kind": kind or kind_of(title, number)})
    statute = Statute.objects.select_for_update().get(pk=statute.pk)
    if kind and statute.kind != kind:
        statute.kind = kind
        statute.save(update_fields=["kind"])
    return statute


def _followed(statute: Statute, replaces: str, day: dt.date | None) -> tuple[Edition | None, Edition | None]:
    """The held editions before and after the new one; refused without a word on it where there is another text."""
    held = sorted(statute.editions.exclude(sha256=""), key=lambda e: e.day)
    if not held:
        return None, None
    which = "、".join(e.number or e.period or "—" for e in held)
    if not replaces:
        raise BadInput(
            "replaces",
            gettext_noop(
                "The library holds another text of %(title)s (%(which)s). Say which edition this one replaces: its day "
                "or number, or “earlier” for all of an earlier day."
            ),
            title=str(statute), which=which,
        )  # fmt: skip
    if replaces == EARLIER:
        if day is None:
            raise BadInput("adopted", gettext_noop("Say on which day this text was adopted or comes into force."))
        before = [e for e in held if e.day < day]
        after = [e for e in held if e.day > day]
        if len(before) + len(after) < len(held):
            raise BadInput(
                "replaces", gettext_noop("An edition of that very day is held (%(which)s): name it."), which=which
            )
        return (before[-1] if before else None), (after[0] if after else None)
    for edition in held:
        names = {edition.number, *(d.isoformat() for d in (edition.adopted_on, edition.valid_from) if d)}
        if replaces in names:
            return edition, None
    raise BadInput(
        "replaces", gettext_noop("There is no edition %(replaces)s; held: %(which)s."), replaces=replaces, which=which
    )


def _place(statute: Statute, number: str, adopted: dt.date | None, starts: dt.date | None) -> Edition:
    """The edition the text is of: one the rules cite already, else a new one."""
    found = place_for(list(statute.editions.filter(sha256="")), number, adopted, starts)
    edition = found or Edition(statute=statute)
    edition.number = (edition.number or number)[:MOST_NUMBER]
    edition.adopted_on = adopted or edition.adopted_on
    edition.valid_from = starts or edition.valid_from
    return edition


def _fill(edition: Edition, read: StatuteText) -> None:
    """Articles cited before keep their rows; the others are added."""
    there = {a.label: a for a in edition.articles.all()}
    fresh: list[Article] = []
    known: list[Article] = []
    for position, one in enumerate(read.articles, 1):
        article = there.get(one.label) or Article(edition=edition, label=one.label)
        article.position, article.body = position, one.body
        article.part, article.chapter, article.section = one.part[:120], one.chapter[:120], one.section[:120]
        article.own_words = ""
        words = f"{edition.statute.title} {one.label} {one.part} {one.chapter} {one.section} {one.body}"
        article.search_text = folded(words)
        (known if article.pk else fresh).append(article)
    Article.objects.bulk_create(fresh)
    changed = ["position", "body", "part", "chapter", "section", "own_words", "search_text"]
    Article.objects.bulk_update(known, changed)


def _follow(work: Work, edition: Edition, beside: tuple[Edition | None, Edition | None]) -> None:
    """The editions on either side end and begin where this one does."""
    before, after = beside
    if before is not None:
        _replace(work, before, edition)
    if after is not None:
        _replace(work, edition, after)


def _replace(work: Work, old: Edition, new: Edition) -> None:
    old.replaced_by = new
    if (
        old.valid_to is None
        and new.valid_from is not None
        and (old.valid_from is None or old.valid_from < new.valid_from)
    ):
        old.valid_to = new.valid_from - dt.timedelta(days=1)
    old.save(update_fields=["replaced_by", "valid_to"])
    work.record(EditionReplaced(title=old.statute.title, by=new.number or new.period), on=old)
