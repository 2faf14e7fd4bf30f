"""Screens of texts, articles and check lists."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.statutes import filters, forms, selectors, services
from anlan.modules.statutes.choices import LOAD, VIEW, Kind, days_said
from anlan.modules.statutes.models import Article, Edition
from anlan.modules.statutes.selectors.library import anchor
from anlan.modules.statutes.tables import ArticleTable, EditionTable, ItemTable
from anlan.rules import refusal
from anlan.rules.citation import Citation
from anlan.rules.inputs import day_of
from anlan.rules.statute_text import paragraphs
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    CustomPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
    actor_of,
)

KINDS_OF_USE = {
    "rule": _("Rules"), "step": _("Steps of processes"), "clause": _("Statutory lists"), "document": _("Documents"),
}  # fmt: skip


def entered(added: dict[str, int]) -> str:
    """What entering the citations came to."""
    if not any(added.values()):
        return gettext("Every citation of this release is in the library already.")
    said = ngettext("%(n)s edition was added.", "%(n)s editions were added.", added["editions"])
    return said % {"n": added["editions"]}


def held_badge(held: bool) -> tuple[Any, str]:
    """Whether a text is here."""
    return (_("Text held"), "green") if held else (_("Text not held"), "grey")


LOAD_ACTION = Action(_("Load a text"), "statutes:load-text", icon="file-import", permission=LOAD, tone="primary")
ENTER_ACTION = Action(_("Enter the citations of this release"), "statutes:enter", icon="book", permission=LOAD)
EDITIONS = ListPage(
    name="statutes:editions",
    path="",
    title=_("Laws and standards"),
    icon="book",
    permission=VIEW,
    public=True,
    selector=selectors.editions,
    table=EditionTable,
    filters=filters.EditionFilters,
    lead=_(
        "What the rules, processes and check lists rest on; texts are loaded by the deployment from official copies"
    ),
    tabs=(
        Tab(_("All"), ""), Tab(_("Text held"), "held=on"), Tab(_("Text not held"), "missing=on"),
        Tab(_("To verify"), "verify=on"),
    ),
    actions=(
        LOAD_ACTION,
        ENTER_ACTION,
        Action(_("Search articles"), "statutes:articles", icon="list-search"),
        Action(_("Look up a citation"), "statutes:cite", icon="gavel"),
        Action(_("Steps and their clauses"), "statutes:steps", icon="git-branch"),
        Action(_("Statutory lists of major hazards"), "statutes:criteria-lists", icon="list-check"),
        Action(_("Documents and their clauses"), "statutes:papers", icon="file-certificate"),
        Action(_("What is not held"), "statutes:gaps", icon="file-off"),
    ),
    empty=Empty(
        _("The library is empty"),
        _("Enter the citations of this release, then load the official texts: anlan load statute FILE…"), ENTER_ACTION,
    ),
    export=Export(permission=VIEW, filename="statutes"),
)  # fmt: skip


def edition_facts(edition: Edition, actor: Actor) -> list[Item]:
    """What is known of an edition."""
    by = edition.replaced_by
    unknown = _("Not known: the text held does not say it")
    return [
        Item(pgettext_lazy("statute", "Number"), edition.number),
        Item(_("Level"), edition.statute.get_kind_display()),
        Item(_("Adopted or amended on"), edition.adopted_on),
        Item(pgettext_lazy("statute", "In force from"), edition.valid_from or (unknown if edition.held else "")),
        Item(_("In force to"), edition.valid_to),
        Item(_("Replaced by"), str(by) if by else "", url=by.get_absolute_url() if by else ""),
        Item(_("Source"), edition.source),
        Item(_("Text loaded on"), edition.loaded_at),
        Item("SHA-256", edition.sha256, wide=True),
        Item(_("History"), edition.history, kind="lines", wide=True),
    ]


def tree(edition: Edition, actor: Actor) -> dict[str, Any]:
    """The articles under their headings, in the order of the text."""
    groups: list[dict[str, Any]] = []
    for article in edition.articles.order_by("position").defer("search_text"):
        if not groups or groups[-1]["heading"] != article.heading:
            groups.append({"heading": article.heading, "mark": f"part-{len(groups) + 1}", "articles": []})
        groups[-1]["articles"].append(article)
    for group in groups:
        first, last = group["articles"][0].label, group["articles"][-1].label
        group["span"] = first if first == last else f"{first}–{last}"
    headings = sum(1 for group in groups if group["heading"])
    return {"groups": groups, "held": edition.held, "contents": headings > 1}


def grouped_uses(found: tuple[selectors.Use, ...]) -> list[dict[str, Any]]:
    """What cites a text, by kind."""
    return [
        {"title": title, "uses": own, "own_words": kind == "clause"}
        for kind, title in KINDS_OF_USE.items()
        if (own := [use for use in found if use.kind == kind])
    ]


def edition_uses(edition: Edition, actor: Actor) -> dict[str, Any] | None:
    """What cites an edition as a whole or in any article."""
    found = selectors.uses_of(edition.statute.title, edition.valid_from, edition.valid_to)
    return {"groups": grouped_uses(found)} if found else None


def siblings(edition: Edition, actor: Actor) -> models.QuerySet[Edition]:
    """The other editions of the statute."""
    return (
        selectors.editions(actor).filter(statute=edition.statute_id).exclude(pk=edition.pk).order_by("valid_from", "pk")
    )


EDITION = RecordPage(
    name="statutes:edition",
    path="editions/<int:pk>/",
    permission=VIEW,
    public=True,
    selector=selectors.editions,
    title=lambda edition: f"《{edition.statute.title}》",
    subtitle=lambda edition: " · ".join(
        filter(None, [edition.number, days_said(edition.valid_from, edition.valid_to)])
    ),
    badges=lambda edition: [held_badge(edition.held), *([(_("To verify"), "orange")] if edition.to_verify else [])],
    back="statutes:editions",
    deadlines=False,
    sections=(
        Section(_("Articles"), template="statutes/tree.html", context=tree, icon="list"),
        Section(_("What rests on it"), template="statutes/uses.html", context=edition_uses, icon="link"),
        Section(
            _("Other editions"), table=EditionTable, rows=siblings, icon="history",
            empty=_("No other edition is known."),
            columns=("statute", "number", "valid_from", "valid_to", "sha256"), most=20,
        ),
        Section(_("About this edition"), items=edition_facts, icon="file-text", side=True),
    ),
    actions=(
        Action(_("Correct number and days"), "statutes:correct", icon="pencil", permission=LOAD),
        LOAD_ACTION,
    ),
)  # fmt: skip
ENTER = ActPage(
    name="statutes:enter", path="enter/", title=_("Enter the citations of this release"), act=services.enter_citations,
    form=Form, submit=pgettext_lazy("statute", "Enter"), cancel="statutes:editions", message=entered,
    done=lambda outcome: EDITIONS.address(),
    intro=_("Every text and article that rules, processes and papers cite gets its entry; texts already held stay."),
)  # fmt: skip
CORRECT = ActPage(
    name="statutes:correct", path="editions/<int:pk>/correct/", title=_("Correct number and days"),
    selector=selectors.editions, act=services.correct_edition, form=forms.CorrectForm, submit=_("Correct"),
    initial=lambda edition, actor: {
        "number": edition.number, "valid_from": edition.valid_from, "valid_to": edition.valid_to,
        "kind": Kind(edition.statute.kind).value,
    },
)  # fmt: skip
ARTICLES = ListPage(
    name="statutes:articles",
    path="articles/",
    title=_("Articles"),
    icon="list-search",
    permission=VIEW,
    public=True,
    selector=selectors.articles_to_read,
    table=ArticleTable,
    filters=filters.ArticleFilters,
    tabs=(Tab(_("All"), ""), Tab(_("Text held"), "held=on"), Tab(_("Text not held"), "missing=on")),
    empty=Empty(_("No article"), _("Enter the citations of this release, then load the official texts."), ENTER_ACTION),
)


def article_facts(article: Article, actor: Actor) -> list[Item]:
    """Where an article stands."""
    edition = article.edition
    return [
        Item(_("Text"), str(edition), url=edition.get_absolute_url(), wide=True),
        Item(_("Stands under"), article.heading),
        Item(pgettext_lazy("statute", "In force from"), edition.valid_from),
        Item(_("In force to"), edition.valid_to),
    ]


def article_text(article: Article, actor: Actor) -> dict[str, Any]:
    """The 款 and 项 of an article, each with its mark; or that the text is not held."""
    lines = [
        {
            "mark": anchor(one.label), "label": one.label, "text": one.text,
            "items": [{"mark": anchor(one.label, label), "text": text} for label, text in one.items],
        }
        for one in paragraphs(article.body)
    ]  # fmt: skip
    own = article.own_words.split("\n") if article.own_words and not article.body else []
    return {"lines": lines, "own": own, "edition": article.edition}


def article_uses(article: Article, actor: Actor) -> dict[str, Any]:
    """What cites an article."""
    edition = article.edition
    found = selectors.uses_of(edition.statute.title, edition.valid_from, edition.valid_to, article.label)
    return {"groups": grouped_uses(found)}


ARTICLE = RecordPage(
    name="statutes:article",
    path="articles/<int:pk>/",
    permission=VIEW,
    public=True,
    selector=selectors.articles,
    title=str,
    badges=lambda article: [held_badge(bool(article.body))],
    facts=article_facts,
    back="statutes:articles",
    deadlines=False,
    timeline=False,
    sections=(
        Section(_("Text"), template="statutes/article.html", context=article_text, icon="article"),
        Section(_("What rests on it"), template="statutes/uses.html", context=article_uses, icon="link"),
        Section(
            _("Items of check lists"), table=ItemTable, icon="checklist", columns=("check_list", "asked", "method"),
            rows=lambda article, actor: selectors.items_of(actor, article),
            empty=_("No item of a check list in use rests on it."),
        ),
    ),
)  # fmt: skip


def cite(request: HttpRequest) -> HttpResponseBase:
    """The article a citation means, at its 款 and 项: ``?law=安全生产法&at=第四十一条第二款&on=2024-05-01``."""
    query = request.GET
    law, at = query.get("law", "")[:120], query.get("at", "")[:120]
    try:
        first, last, on = (day_of(query[name], name) if query.get(name) else None for name in ("from", "to", "on"))
    except refusal.BadInput:
        first = last = on = None
    citation = Citation(law, at, valid_from=first, valid_to=last, number=query.get("number", "")[:80])
    cited = selectors.article_of(actor_of(request), citation, on)
    if law and cited.url:
        return HttpResponseRedirect(cited.url)
    title = _("Not in the library") if law else _("Look up a citation")
    context = {"title": title, "citation": citation if law else "", "law": law, "at": at, "on": on or ""}
    return render(request, "statutes/unknown.html", context, status=404 if law else 200)


CITE = CustomPage(
    name="statutes:cite", path="cite/", title=_("Look up a citation"), permission=VIEW, public=True,
    view=cite,
)  # fmt: skip
