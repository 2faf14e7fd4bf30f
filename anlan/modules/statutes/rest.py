"""The HTTP API of the library: editions, articles with what rests on them, check lists, what is not held."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import LAW, end_figure, set_figure
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.kernel.searching import words_of
from anlan.modules.statutes import selectors, services
from anlan.modules.statutes.choices import VIEW
from anlan.rules.citation import Citation
from anlan.rules.statute_text import paragraphs
from anlan.ui.api import REFUSALS, PageQuery, actor_of, expose, page_of, paged
from anlan.ui.pages.base import found

router = Router()


class EditionOut(Schema):
    """An edition of a statute; ``held`` is false while it is only cited (文本未收录)."""

    id: int
    title: str
    kind: str
    number: str
    adopted_on: dt.date | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    replaced_by: int | None
    held: bool
    to_verify: bool
    source: str
    sha256: str
    version: int

    @staticmethod
    def resolve_title(row: Any) -> str:
        """The statute's title."""
        return str(row.statute.title)

    @staticmethod
    def resolve_kind(row: Any) -> str:
        """What the text is."""
        return str(row.statute.kind)

    @staticmethod
    def resolve_replaced_by(row: Any) -> int | None:
        """The edition that replaced it."""
        key: int | None = row.replaced_by_id
        return key


class ArticleOut(Schema):
    """An article; ``body`` is empty where the text is not held."""

    id: int
    edition: int
    title: str
    label: str
    part: str
    chapter: str
    section: str
    body: str

    @staticmethod
    def resolve_edition(row: Any) -> int:
        """The edition it stands in."""
        return int(row.edition_id)

    @staticmethod
    def resolve_title(row: Any) -> str:
        """The statute's title."""
        return str(row.edition.statute.title)


class ParagraphOut(Schema):
    """A 款 with its 项, each as printed."""

    label: str
    text: str
    items: list[str]


class UseOut(Schema):
    """What cites a text: a rule, a step of a process, a clause of a statutory list, a document."""

    kind: str
    code: str
    label: str
    article: str
    to_verify: bool


class WholeArticleOut(ArticleOut):
    """An article with its 款 and 项, and what rests on it."""

    paragraphs: list[ParagraphOut]
    uses: list[UseOut]

    @staticmethod
    def resolve_paragraphs(row: Any) -> list[dict[str, Any]]:
        """The 款 of its text."""
        return [
            {"label": p.label, "text": p.text, "items": [text for _, text in p.items]} for p in paragraphs(row.body)
        ]

    @staticmethod
    def resolve_uses(row: Any) -> list[dict[str, Any]]:
        """What cites it in its period of force."""
        edition = row.edition
        cited_by = selectors.uses_of(edition.statute.title, edition.valid_from, edition.valid_to, row.label)
        return [
            {
                "kind": use.kind,
                "code": use.code,
                "label": use.said,
                "article": use.citation.article,
                "to_verify": use.citation.to_verify,
            }
            for use in cited_by
        ]


class CheckItemOut(Schema):
    """An item; ``own_words``: a short title of ours in place of a text that is not held."""

    id: int
    position: int
    clause: str
    asked: str
    own_words: bool
    method: str
    evidence: str


class CheckListOut(Schema):
    """A version of a check list."""

    id: int
    title: str
    number: int
    sector: str
    source: str
    office: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    draft: bool
    version: int


class WholeCheckListOut(CheckListOut):
    """A version of a check list with its items."""

    items: list[CheckItemOut]

    @staticmethod
    def resolve_items(row: Any) -> Any:
        """The items in order."""
        return row.items.order_by("position")


class DroppedOut(Schema):
    """The version in force after a draft was dropped; null without one."""

    in_force: int | None


class CitedOut(Schema):
    """Where a citation stands: null where the library knows no such text or article; ``held``: it can be read."""

    text: str
    edition: int | None
    article: int | None
    held: bool


class EnteredOut(Schema):
    """How much was added."""

    editions: int
    articles: int
    lists: int


class EditionQuery(PageQuery):
    """Which editions: words of title or number; only those whose text is held."""

    q: str = ""
    held: bool | None = None


class ArticleQuery(PageQuery):
    """Which articles: words of title or text; of which edition."""

    q: str = ""
    edition: int | None = Field(None, ge=1, le=2**62)


class CiteQuery(Schema):
    """A citation as printed; the edition by the days of the citation, else that of ``on``, else today's."""

    law: str = Field(max_length=120)
    at: str = Field("", max_length=120)
    number: str = Field("", max_length=80)
    on: dt.date | None = None


def _matching(rows: Any, text: str) -> Any:
    for word in words_of(text):
        rows = rows.filter(search_text__has=word)
    return rows


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    actor.need(VIEW)
    return actor


@router.get("/editions", response={200: page_of(EditionOut), **REFUSALS}, operation_id="statutes_editions")
def list_editions(request: HttpRequest, query: Query[EditionQuery]) -> dict[str, Any]:
    """The editions of the library, by title."""
    rows = _matching(selectors.editions(_reader(request)), query.q).order_by("statute__title", "pk")
    if query.held is not None:
        rows = rows.exclude(sha256="") if query.held else rows.filter(sha256="")
    return paged(rows, query)


@router.get("/articles", response={200: page_of(ArticleOut), **REFUSALS}, operation_id="statutes_articles")
def list_articles(request: HttpRequest, query: Query[ArticleQuery]) -> dict[str, Any]:
    """The articles of the library, in the order of their texts."""
    rows = _matching(selectors.articles(_reader(request)), query.q).order_by("edition_id", "position")
    return paged(rows.filter(edition=query.edition) if query.edition else rows, query)


@router.get("/articles/{int:pk}", response={200: WholeArticleOut, **REFUSALS}, operation_id="statutes_article")
def one_article(request: HttpRequest, pk: int) -> Any:
    """An article with its 款 and 项, and what rests on it."""
    return found(selectors.articles(_reader(request)), pk=pk)


@router.get("/cite", response={200: CitedOut, **REFUSALS}, operation_id="statutes_cite")
def cite(request: HttpRequest, query: Query[CiteQuery]) -> dict[str, Any]:
    """Where a citation stands in the library."""
    if not query.law.strip():
        raise BadInput("law", gettext_noop("Give the title of the text, as it is cited."))
    citation = Citation(query.law.strip(), query.at, number=query.number)
    cited = selectors.article_of(_reader(request), citation, query.on)
    return {
        "text": str(citation), "edition": cited.edition.pk if cited.edition else None,
        "article": cited.article.pk if cited.article else None, "held": cited.held,
    }  # fmt: skip


@router.get("/lists", response={200: page_of(CheckListOut), **REFUSALS}, operation_id="statutes_lists")
def list_check_lists(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The check lists that concern the caller, newest first."""
    return paged(selectors.check_lists(_reader(request)).order_by("-pk"), query)


@router.get("/lists/{int:pk}", response={200: WholeCheckListOut, **REFUSALS}, operation_id="statutes_list")
def one_check_list(request: HttpRequest, pk: int) -> Any:
    """A check list with its items."""
    return found(selectors.check_lists(_reader(request)), pk=pk)


def _dropped(actor: Actor, latest: Any) -> dict[str, Any]:
    return {"in_force": latest.pk if latest is not None else None}


class LocalOut(Schema):
    """A local figure: the number in words, its region, its days, the text it is taken from, whether it counts today."""

    value: str
    place: str
    start: dt.date
    end: dt.date | None
    basis: str
    counts: bool


class FigureOut(Schema):
    """A figure to verify: by the rule ``said``, in the clause it would stand in; what jurisdictions set instead."""

    code: str
    rule: str
    label: str
    said: str
    number: float
    clause: str
    to_verify: bool = True
    start: dt.date | None
    end: dt.date | None
    ended: bool
    local: list[LocalOut]

    @staticmethod
    def resolve_clause(one: Any) -> str:
        """The clause in full."""
        return str(one.clause)

    @staticmethod
    def resolve_number(one: Any) -> float:
        """The number by the rule."""
        return float(one.number)


class FigureSetOut(Schema):
    """A local figure as it was set."""

    code: str
    region_path: str
    value: int | str
    valid_from: dt.date
    valid_to: dt.date | None
    basis: str

    @staticmethod
    def resolve_code(row: Any) -> str:
        """The figure's code."""
        return str(row.code).removeprefix(LAW)


@router.get("/figures", response={200: list[FigureOut], **REFUSALS}, operation_id="statutes_figures")
def list_figures(request: HttpRequest, rule: str = "", q: str = "") -> list[Any]:
    """The figures of the rules that were not read in their text, of one rule if given, with what is set locally."""
    return selectors.to_verify(actor_of(request), q, rule)


def _region(actor: Actor, code: str) -> Region:
    return by_code_or_name(code)


expose(router, services.enter_citations, out=EnteredOut, name="enter")
expose(router, services.load_text, out=EditionOut, name="editions")
expose(router, services.correct_edition, out=EditionOut, name="correct", under="editions")
expose(router, services.put_check_list, out=CheckListOut, name="lists", convert={"region": _region})
expose(router, services.draft_check_list, out=CheckListOut, name="drafts", convert={"region": _region})
expose(router, services.revise_check_list, out=CheckListOut, name="revise", under="lists")
expose(router, services.adopt_check_list, out=CheckListOut, name="adopt", under="lists", convert={"region": _region})
expose(router, services.add_item, out=CheckListOut, name="items", under="lists")
expose(router, services.issue_check_list, out=CheckListOut, name="issue", under="lists")
expose(router, services.drop_draft, out=DroppedOut, name="drop", under="lists", show=_dropped)
expose(router, services.change_item, out=CheckItemOut, name="change", under="items")
expose(router, services.move_item, out=CheckItemOut, name="move", under="items")
expose(router, services.remove_item, out=CheckListOut, name="remove", under="items")
expose(router, set_figure, out=FigureSetOut, name="figures", convert={"region": _region})
expose(router, end_figure, out=FigureSetOut, name="figures/end", convert={"region": _region})
expose(router, services.withdraw_check_list, out=CheckListOut, name="withdraw", under="lists")
