"""The register of town, county and city: as a list, and on a map with its parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.regions import reach
from anlan.kernel.regions.models import Region
from anlan.modules.installations import filters, selectors
from anlan.modules.installations.choices import TONES, Level
from anlan.modules.installations.models import Installation
from anlan.modules.installations.tables import InstallationTable
from anlan.modules.installations.workflow import KEEP, MAP, VIEW
from anlan.ui import formats, links, maps
from anlan.ui.pages import Action, DataPage, Empty, Export, ListPage, Tab, ViewPage

REGISTER_ACTION = Action(
    _("Register an installation"), "installations:register", icon="plus", permission=KEEP, tone="primary"
)
REGISTER_OF = ListPage(
    name="installations:list",
    path="",
    title=_("Major hazard installations"),
    icon="flame",
    permission=VIEW,
    selector=selectors.installations,
    table=InstallationTable,
    filters=filters.InstallationFilters,
    tabs=(
        Tab(pgettext_lazy("installation", "Major hazard"), "major=on"), Tab(_("Level I and II"), "level=1&level=2"),
        Tab(_("Filing to be checked"), "state=submitted&state=leaving"),
        Tab(_("Above the declared basis"), "over=on"), Tab(_("Monitoring lacking"), "unmet=on"), Tab(_("All"), ""),
    ),
    actions=(
        REGISTER_ACTION,
        Action(_("Map and regions"), "installations:map", icon="map-2", permission=MAP),
        Action(_("Filings handed in"), "installations:filings", icon="files", permission=VIEW),
    ),
    empty=Empty(_("No installation"), _("Register the units that hold dangerous chemicals."), REGISTER_ACTION),
    export=Export(permission=VIEW, filename="installations"),
)  # fmt: skip


def address(name: str, path: str = "") -> str:
    """A page about a place."""
    return reverse(name) + (f"?{urlencode({'region': path})}" if path else "")


def listed(path: str, level: int | None) -> str:
    """The register of a place, of one level or of all."""
    wanted: list[tuple[str, Any]] = [("region", path)] if path else []
    wanted.append(("level", level) if level else ("major", "on"))
    return f"{reverse('installations:list')}?{urlencode(wanted)}"


def row_of(counted: selectors.Counted, name: Any, path: str) -> dict[str, Any]:
    """A part as a row of the table: its levels lead into the register."""
    return {
        "name": name, "total": formats.number(counted.total), "all_url": listed(path, None),
        "cells": [
            {"value": formats.number(many), "url": listed(path, level) if many else "", "level": Level(level).label}
            for level, many in enumerate(counted.levels, 1)
        ],
    }  # fmt: skip


def page(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The register of a place: map, and its parts by level."""
    where = reach.place(actor, query.get("region", ""), permission=MAP)
    whole, parts = selectors.by_part(actor, where)
    rows = [
        {**row_of(part, part.region.name, part.region.path), "url": address("installations:map", part.region.path)}
        for part in parts
        if part.region is not None
    ]
    return {
        "place": where.region.name if where.region else gettext("All my regions"),
        "crumbs": [(r.name, address("installations:map", r.path)) for r in where.above],
        "heads": [level.label for level in Level], "rows": rows,
        "whole": row_of(whole, pgettext_lazy("register", "Total"), where.path),
        "data_url": address("installations:points", where.path), "list_url": listed(where.path, None),
        "total": whole.total,
    }  # fmt: skip


def points(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The parts of a place in the tone of the gravest level in each, and every major hazard as a point."""
    where = reach.place(actor, query.get("region", ""), permission=MAP)
    _whole, parts = selectors.by_part(actor, where)
    paths = [part.region.path for part in parts if part.region] or ([where.path] if where.path else [])
    outlines = {region.path: region for region in Region.objects.filter(path__in=paths)}
    areas = [area for part in parts if (area := _area(outlines, part)) is not None]
    if not parts and where.region is not None and where.path in outlines:
        geometry = maps.outline_of(outlines[where.path])
        if geometry is not None and geometry["type"] != "Point":
            areas.append({"type": "Feature", "geometry": geometry,
                          "properties": {"name": where.region.name, "tone": "grey"}})  # fmt: skip
    layer = maps.points(
        selectors.majors(actor, where).exclude(lon=None).order_by("level", "pk")[: maps.MOST_POINTS],
        name=lambda one: one.name, url=links.url_of, tone=lambda one: TONES[one.level],
        lines=lambda one: [one.get_level_display(), one.site.unit.name], layer="installations",
    )  # fmt: skip
    data = {"type": "FeatureCollection", "features": areas}
    legend = [{"label": str(level.label), "tone": TONES[level.value]} for level in Level]
    return {"layers": [{"id": "parts", "kind": "area", "data": data}, layer], "legend": legend}


def _area(outlines: dict[str, Region], part: selectors.Counted) -> dict[str, Any] | None:
    geometry = maps.outline_of(outlines[part.region.path]) if part.region else None
    if part.region is None or geometry is None:
        return None
    said = [
        gettext("%(label)s: %(value)s") % {"label": Level(level).label, "value": formats.number(many)}
        for level, many in enumerate(part.levels, 1)
        if many
    ]
    properties = {
        "name": part.region.name, "tone": TONES[part.gravest] if part.gravest else "grey",
        "label": formats.number(part.total) if part.total else "", "lines": said,
        "url": address("installations:map", part.region.path),
    }  # fmt: skip
    return {"type": "Feature", "geometry": geometry, "properties": properties}


MAP_PAGE = ViewPage(
    name="installations:map", path="map/", title=_("Map of major hazard installations"), icon="map-2", permission=MAP,
    template="installations/map.html", context=page, model=Installation,
)  # fmt: skip
POINTS = DataPage(name="installations:points", path="map/data/", permission=MAP, data=points, model=Installation)
