"""The four-colour map of a place, why it has its colour, and the rates of dual prevention."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.counting import CEILING
from anlan.kernel.regions import reach
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import within
from anlan.modules.registry.public import sectors
from anlan.modules.risks import selectors
from anlan.modules.risks.choices import ORDER
from anlan.modules.risks.selectors import Coloured
from anlan.modules.risks.selectors.places import MOST_NAMED
from anlan.modules.risks.selectors.rates import ASSESSED_ASKED, BUILT_ASKED, Rates
from anlan.modules.risks.tables import TONES
from anlan.modules.risks.views.points import level
from anlan.modules.risks.workflow import MAP, VIEW
from anlan.rules.risk_places import CONVENTIONS, Convention
from anlan.rules.wording import in_language
from anlan.ui import formats, links
from anlan.ui.maps import areas, around, points
from anlan.ui.pages import DataPage, ViewPage

FEW = 30  # parts that are named as deciding
MOST_CHANGES = 4  # the newest changes that are named beside the map; the list has all


def _language() -> str:
    return get_language() or "zh-hans"


def address(name: str, path: str = "", **query: str) -> str:
    """A page about a place."""
    given = {k: v for k, v in {"region": path, **query}.items() if v}
    return reverse(name) + (f"?{urlencode(given)}" if given else "")


def behind(path: str, colour: str) -> str:
    """The points of a colour in a place."""
    wanted = {"shown": colour, "open": "on"} if colour else {"without": "on"}
    return f"{reverse('risks:list')}?{urlencode({'region': path, **wanted} if path else wanted)}"


def name_of(where: Place) -> str:
    """What the place is called."""
    return where.region.name if where.region else gettext("All my regions")


def _waiting(number: int) -> str:
    said = ngettext(
        "%(number)s risk point is not assessed yet and colours nothing.",
        "%(number)s risk points are not assessed yet and colour nothing.", number,
    )  # fmt: skip
    return said % {"number": formats.number(number)}


def _crowded() -> str:
    return gettext("The gravest %(most)s of them are drawn; the list has all.") % {"most": formats.number(MOST_NAMED)}


def turned(actor: Actor, path: str) -> list[dict[str, Any]]:
    """How many points changed, by what became of them, each figure with the changes behind it."""
    found, given = selectors.turned(actor, path), {"region": path, "recent": "on"}
    if found is None:
        return [{"label": _("Changes"), "n": gettext("more than %(most)s") % {"most": formats.number(CEILING)}}]
    listed = reverse("risks:changes")

    def one(label: Any, number: int, tone: str, behind: str = "") -> dict[str, Any]:
        url = f"{listed}?{urlencode({**given, behind: 'on'})}" if behind and number else ""
        return {"label": label, "n": formats.number(number), "tone": tone, "url": url}

    return [
        one(_("Became graver"), found.graver, "red" if found.graver else "grey", "graver"),
        one(_("Became milder"), found.milder, "green" if found.milder else "grey", "milder"),
        one(_("Assessed for the first time"), found.fresh, "blue" if found.fresh else "grey"),
        one(_("Struck off the register"), found.struck, "grey"),
    ] if found.any else []


def row_of(part: Coloured, way: str) -> dict[str, Any]:
    """A part as a row of the table."""
    path = part.path if part.region else ""
    return {
        "name": part.region.name if part.region else gettext("Not in any of these"),
        "url": address("risks:map", path, way=way) if path else "",
        "tone": TONES[part.colour], "level": level(part.colour), "raised": formats.number(part.raised),
        "total": formats.number(part.total),
        "cells": [
            {
                "value": formats.number(part.counts.get(c, 0)),
                "url": behind(path, c) if path and part.counts.get(c) else "",
            }
            for c in [*(o.value for o in ORDER), ""]
        ],
    }  # fmt: skip


def page(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The map of a place, its parts as a table, why it has its colour."""
    where = reach.place(actor, query.get("region", ""), permission=MAP)
    told = selectors.why(actor, where, query.get("way", ""))
    language = _language()
    ways = [
        {"label": in_language(CONVENTIONS[Convention(way)], language), "active": way == told.way,
         "url": address("risks:map", where.path, way=way)}
        for way in ("highest", "share")
    ]  # fmt: skip
    finding = told.found
    decided = list(finding.value.decided_by)[: FEW + 1] if finding else []
    lines = dict(sectors())
    return {
        "place": name_of(where),
        "crumbs": [(r.name, address("risks:map", r.path, way=told.way)) for r in where.above],
        "whole": row_of(told.whole, told.way),
        "total": told.whole.total,
        "tone": TONES[told.whole.colour],
        "level": level(told.whole.colour),
        "ways": ways,
        "share": told.share if told.way == "share" else "",
        "data_url": address("risks:map-data", where.path, way=told.way),
        "rows": [row_of(part, told.way) for part in told.parts] if where.parts else [],
        "waiting": _waiting(told.whole.open) if finding and told.whole.open else "",
        "waiting_url": behind(where.path, ""),
        "heads": [level(c.value) for c in ORDER] + [gettext("Not assessed")],
        "steps": [in_language(step, language) for step in finding.steps] if finding else [],
        "clauses": [str(c) for c in finding.citations] if finding else [],
        "decided": "、".join(dict.fromkeys(decided[:FEW])) + ("…" if len(decided) > FEW else ""),
        "asked": gettext("What makes the level: %(level)s") % {"level": level(told.whole.colour)},
        "changes_url": f"{reverse('risks:changes')}?{urlencode({'region': where.path, 'recent': 'on'})}",
        "turned": turned(actor, where.path),
        "changed": selectors.changes(actor).filter(selectors.changed_since(), within("region_path", where.path))[
            :MOST_CHANGES
        ],
        "rates_url": address("risks:rates", where.path),
        "list_url": f"{reverse('risks:list')}?{urlencode({'region': where.path, 'open': 'on'})}",
        "lines": "、".join(str(lines.get(code, code)) for code in where.lines),
        "note": _crowded() if not where.parts and told.whole.total > MOST_NAMED else "",
    }


def map_data(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The parts of a place as areas in their colour; where nothing lies below it, its points."""
    where = reach.place(actor, query.get("region", ""), permission=MAP)
    way = query.get("way", "")
    legend = [{"label": level(c.value), "tone": TONES[c.value]} for c in ORDER]
    legend.append({"label": gettext("Not assessed"), "tone": "grey"})
    if where.region is not None and not where.parts:
        tone = TONES[selectors.coloured(actor, where, way)[0].colour]
        return {"layers": [*around(where.region, tone), _points(actor, where)], "legend": legend}
    _whole, parts, way, _share = selectors.coloured(actor, where, way)
    outlines = {r.path: r for r in Region.objects.filter(path__in=[p.path for p in parts if p.region])}
    told = [(outlines[part.path], _told(part, way)) for part in parts if part.region]
    return {"layers": [areas(told)], "legend": legend}


def _told(part: Coloured, way: str) -> dict[str, Any]:
    said = [
        gettext("%(label)s: %(value)s") % {"label": level(c), "value": formats.number(part.counts[c])}
        for c in [*(o.value for o in ORDER), ""]
        if part.counts.get(c)
    ]
    url = address("risks:map", part.path, way=way)
    return {"tone": TONES[part.colour], "label": part.region.name if part.region else "", "lines": said, "url": url}


def _points(actor: Actor, where: Place) -> dict[str, Any]:
    return points(
        selectors.points_at(actor, where), name=lambda p: p.name, url=lambda p: links.url_of(p),
        tone=lambda p: TONES[p.shown], lines=lambda p: (p.site.unit.name, level(p.shown)),
    )  # fmt: skip


STATES = {None: _("Nothing is asked here"), True: _("Reached"), False: _("Not reached")}


def told_rates(found: Rates) -> list[dict[str, Any]]:
    """The duties with what is asked, what there is, and how it was counted."""

    def one(number: str, label: Any, part: int, whole: int, rate: Any, asked: Any, means: Any) -> dict[str, Any]:
        met = None if rate is None else rate * 100 >= asked
        return {
            "number": number, "label": label, "rate": formats.percent(rate) if rate is not None else formats.DASH,
            "of": gettext("%(part)s of %(whole)s") % {"part": formats.number(part), "whole": formats.number(whole)},
            "asked": f"{asked:f}%", "tone": "grey" if met is None else "green" if met else "red", "means": means,
            "state": STATES[met],
        }  # fmt: skip

    return [
        one("SO-59", _("Dual prevention built"), found.built, found.units, found.built_rate, BUILT_ASKED,
            _("Units on each of whose open sites every risk point has an assessment in force and no review is overdue, "
              "of all units with an open site.")),
        one("SO-60", _("Accident risks assessed"), found.assessed, found.high_risk, found.assessed_rate, ASSESSED_ASKED,
            _("Units of high-risk sectors, large or medium-sized, with an assessment in force on each of their sites, "
              "of all of them.")),
        one("SO-57", _("Major hazards reported twice"), found.reported, found.major, found.reported_rate, BUILT_ASKED,
            _("Open major hazards reported to the regulator and to the workers' congress, of all open major ones.")),
        one("SO-57", _("Five items settled"), found.settled, found.major, found.settled_rate, BUILT_ASKED,
            _("Open major hazards with responsibility, funds, measures, time limit and emergency plan settled.")),
    ]  # fmt: skip


def rates_page(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The rates of a place and its parts; for a unit's own people those of their unit."""
    if not actor.may(MAP):
        holders = sorted(actor.holders)
        return {
            "place": "",
            "duties": told_rates(selectors.rates_of_unit(actor, holders[0])) if holders else [],
            "rows": [],
        }
    where = reach.place(actor, query.get("region", ""), permission=MAP)
    whole, parts = selectors.rates_and_parts(actor, where)
    return {
        "place": name_of(where),
        "crumbs": [(r.name, address("risks:rates", r.path)) for r in where.above],
        "duties": told_rates(whole),
        "map_url": address("risks:map", where.path),
        "rows": [
            {
                "name": r.name, "url": address("risks:rates", r.path) if r.numchild else "",
                "built": _percent(parts[r.path].built_rate), "units": formats.number(parts[r.path].units),
                "assessed": _percent(parts[r.path].assessed_rate), "high": formats.number(parts[r.path].high_risk),
            }
            for r in where.parts
            if r.path in parts
        ],
    }  # fmt: skip


def _percent(rate: Any) -> str:
    return formats.percent(rate) if rate is not None else formats.DASH


MAP_PAGE = ViewPage(
    name="risks:map", path="", title=_("Four-colour map"), icon="map-2", permission=MAP, template="risks/map.html",
    context=page,
)  # fmt: skip
DATA = DataPage(name="risks:map-data", path="map/", title=_("Four-colour map"), permission=MAP, data=map_data)
RATES = ViewPage(
    name="risks:rates", path="rates/", title=_("Rates of dual prevention"), icon="chart-pie", permission=VIEW,
    template="risks/rates.html", context=rates_page,
)  # fmt: skip
