"""Finding things: the search over everything, and the tree of regions for the chooser."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from anlan.kernel import searching
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import without_outline
from anlan.ui import places, search
from anlan.ui.forms.fields import reachable
from anlan.ui.pages import CustomPage, actor_of
from anlan.ui.refusals import sentence_of

FOUND = 30  # regions listed for what was typed


def show(request: HttpRequest) -> HttpResponse:
    """Search results by kind."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    short = ""
    try:
        searching.words_of(text)
        groups = search.found(actor_of(request), text) if text else []
    except BadInput as why:
        groups, short = [], sentence_of(why)
    ready = [
        {"searcher": s, "hits": hits, "more": s.more.replace("%s", quote(text)) if more and s.more else "", "cut": more}
        for s, hits, more in groups
    ]
    context = {"title": _("Search"), "q": text, "groups": ready, "short": short}
    return render(request, "ui/search.html", context)


def branch(request: HttpRequest) -> HttpResponse:
    """One branch of the tree, only regions within the actor's reach: ``under`` a path, or found by name (``q``)."""
    actor = actor_of(request)
    permission = request.GET.get("permission", "")
    rows = reachable(actor, permission)
    text = request.GET.get("q", "").strip()[:50]
    if text:
        found = list(rows.filter(search.matching(["name", "pinyin", "short_name"], text))[:FOUND])
        return render(request, "ui/branch.html", {"nodes": _nodes(found, set(), ""), "empty": not found})
    under = request.GET.get("under", "")
    regions = (
        list(rows.filter(path__startswith=under, depth=len(under) // Region.steplen + 1))
        if under
        else _tops(actor, permission)
    )
    return render(
        request,
        "ui/branch.html",
        {"nodes": _nodes(regions, _with_children(rows, regions), permission), "empty": not regions},
    )


def _tops(actor: Actor, permission: str) -> list[Region]:
    """The highest regions the actor reaches."""
    if actor.is_system:
        return list(without_outline().filter(depth=1, valid_to=None).order_by("path"))
    grants = actor.grants_for(permission) if permission else actor.grants
    paths = sorted({g.path for g in grants if g.path and not g.holder})
    tops = [p for p in paths if not any(p != other and p.startswith(other) for other in paths)]
    return list(without_outline().filter(path__in=tops, valid_to=None).order_by("path"))


def _with_children(rows: Any, regions: list[Region]) -> set[str]:
    """Which of the regions have anything below them, in one query."""
    wanted = {r.path for r in regions if r.numchild}
    return wanted if wanted else set()


def _nodes(regions: list[Region], opening: set[str], permission: str) -> list[dict[str, Any]]:
    named = places.names({r.path for r in regions}, levels=0)
    return [
        {
            "value": r.path,
            "label": r.name,
            "hint": r.get_kind_display(),
            "path": named.get(r.path, r.name),
            "url": f"?permission={quote(permission)}&under={r.path}" if r.path in opening else "",
        }
        for r in regions
    ]


SEARCH = CustomPage(name="ui:search", path="search/", title=_("Search"), icon="search", view=show)
REGIONS = CustomPage(
    name="ui:regions", path="ui/regions/", title=_("Regions"), view=branch, model=Region, shape="options"
)
