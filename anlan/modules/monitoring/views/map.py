"""The map of live state: parts of a place in the tone of their worst site, and every site that is watched, or must
be, as a point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.regions import reach
from anlan.kernel.regions.models import Region
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.models import Gateway
from anlan.modules.monitoring.workflow import SURVEY
from anlan.modules.registry.public import UNIT
from anlan.ui import formats, links, maps
from anlan.ui.pages import DataPage, ViewPage

SHOWN = 50
WHOLE_CITY = 300  # with more sites than this a place is drawn by its parts alone, its sites from one level down on


def _address(name: str, path: str) -> str:
    return reverse(name) + (f"?{urlencode({'region': path})}" if path else "")


def _by_part(where: reach.Place, sites: Sequence[selectors.Standing]) -> dict[str, list[selectors.Standing]]:
    """The sites of each region one level down; those in none of them are left out."""
    found: dict[str, list[selectors.Standing]] = {region.path: [] for region in where.parts}
    width = len(where.parts[0].path) if where.parts else 0
    for site in sites:
        if site.region_path[:width] in found:
            found[site.region_path[:width]].append(site)
    return found


def _counted(sites: Sequence[selectors.Standing], looks: Sequence[selectors.Look]) -> list[tuple[selectors.Look, int]]:
    counts = Counter(site.look.code for site in sites)
    return [(look, counts[look.code]) for look in looks]


def page(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The map, how many sites stand how, the parts, and the sites that need somebody."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    sites, looks = selectors.standing_of_sites(actor, where.path), selectors.looks(actor)
    parts = _by_part(where, sites)
    needing = [site for site in sites if site.look.rank > 0]
    topics = [speaker.topic for speaker in selectors.SPEAKERS.values()]
    return {
        "place": where.region.name if where.region else gettext("All my regions"),
        "crumbs": [(r.name, _address("monitoring:map", r.path)) for r in where.above],
        "total": len(sites),
        "counts": [{"label": look.label, "tone": look.tone, "n": formats.number(n)}
                   for look, n in _counted(sites, looks)],
        "rows": [
            {"name": r.name, "url": _address("monitoring:map", r.path), "total": formats.number(len(parts[r.path])),
             "badges": [{"label": look.label, "tone": look.tone, "n": n} for look, n in _counted(parts[r.path], looks)
                        if n]}
            for r in where.parts if parts[r.path]
        ],
        "needing": [
            {"unit": one.unit, "site": one.name, "url": links.url_of(UNIT, one.unit_id), "label": one.look.label,
             "tone": one.look.tone, "many": one.many, "seen": one.last_seen}
            for one in needing[:SHOWN]
        ],
        "more": max(len(needing) - SHOWN, 0),
        "data_url": _address("monitoring:map-data", where.path),
        "live_url": f"{reverse('ui:live')}?{urlencode({'on': topics[0]})}" if topics else reverse("ui:live"),
        "coverage_url": _address("monitoring:coverage", where.path),
        "note": gettext("So many sites are drawn by region; open a region to see its sites.")
        if _crowded(where, sites) else "",
    }  # fmt: skip


def _crowded(where: reach.Place, sites: Sequence[selectors.Standing]) -> bool:
    return bool(where.parts) and len(sites) > WHOLE_CITY


def data(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """Parts as areas in the tone of their worst site, sites as points; always the same layers, so that a map that is
    open takes other data without moving."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    sites, looks = selectors.standing_of_sites(actor, where.path), selectors.looks(actor)
    parts = _by_part(where, sites)
    outlines = {r.path: r for r in Region.objects.filter(path__in=parts)}
    areas = maps.areas([(outlines[path], _told(path, inside, looks)) for path, inside in parts.items()])
    points = maps.points(
        [] if _crowded(where, sites) else sites, name=lambda one: one.unit, layer="sites",
        url=lambda one: links.url_of(UNIT, one.unit_id), tone=lambda one: one.look.tone,
        lines=lambda one: [one.name, _said(one)], more=lambda one: _drawn(one.look),
    )  # fmt: skip
    # Of points drawn as one the worst is seen.
    points["worst"] = [[look.rank, look.tone] for look in looks]
    beneath = maps.around(where.region, tone="hollow") if where.region is not None and not parts else []
    legend = [{"label": str(look.label), "tone": look.tone, "mark": look.mark} for look in looks]
    return {"layers": [*beneath, areas, points], "legend": legend}


def _drawn(look: selectors.Look) -> dict[str, Any]:
    return {"rank": look.rank, "mark": look.mark} if look.mark else {"rank": look.rank}


def _said(site: selectors.Standing) -> str:
    return f"{site.look.label} × {site.many}" if site.many > 1 else str(site.look.label)


def _told(path: str, sites: Sequence[selectors.Standing], looks: Sequence[selectors.Look]) -> dict[str, Any]:
    said = [
        gettext("%(label)s: %(value)s") % {"label": look.label, "value": formats.number(n)}
        for look, n in _counted(sites, looks)
        if n
    ]
    worst = max((site.look for site in sites), key=lambda look: look.rank, default=None)
    return {
        "tone": (worst or selectors.UNCONNECTED).tone, "label": formats.number(len(sites)) if sites else "",
        "lines": said or [gettext("No site with a gateway")], "url": _address("monitoring:map", path),
    }  # fmt: skip


MAP = ViewPage(
    name="monitoring:map", path="map/", title=_("Map of live state"), icon="live-view", permission=SURVEY,
    template="monitoring/map.html", context=page, model=Gateway,
)  # fmt: skip
MAP_DATA = DataPage(name="monitoring:map-data", path="map/data/", permission=SURVEY, data=data, model=Gateway)
