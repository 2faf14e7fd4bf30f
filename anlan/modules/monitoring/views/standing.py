"""How monitoring stands: who must be connected and who is; how good the data are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.messaging import Unreachable
from anlan.kernel.regions import reach
from anlan.kernel.scope import within
from anlan.modules.monitoring import selectors
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.workflow import SURVEY
from anlan.modules.registry.public import SITE
from anlan.ui import exports, formats, links
from anlan.ui.pages import CustomPage, ViewPage, actor_of
from anlan.ui.services import note_export

SHOWN = 200
DAY_MS = 86_400_000
LEVELS = {1: _("Level I"), 2: _("Level II"), 3: _("Level III"), 4: _("Level IV")}


def coverage(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The sites that must be connected: those with a major hazard installation."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    found = selectors.owed(actor, where)
    built, connected = sum(one.built for one in found), sum(one.connected for one in found)
    rows = [
        {
            "unit": one.unit, "site": one.site, "url": links.url_of(SITE, one.site_id),
            "level": LEVELS[one.gravest], "installations": one.installations,
            "tags": formats.number(one.tags), "seen": one.last_seen,
            "tone": "green" if one.connected else "orange" if one.built else "red",
            "state": _said(one),
        }
        for one in found[:SHOWN]
    ]  # fmt: skip
    return {
        **_place(where, "monitoring:coverage"), "rows": rows, "owed": len(found), "built": built,
        "connected": connected, "built_share": _share(built, len(found)),
        "connected_share": _share(connected, len(found)), "more": max(len(found) - SHOWN, 0),
        "csv_url": f"{reverse('monitoring:coverage-csv')}?{urlencode({'region': where.path})}",
    }  # fmt: skip


def _said(one: selectors.Owed) -> str:
    return gettext("connected") if one.connected else gettext("silent") if one.built else gettext("not connected yet")


def coverage_csv(request: HttpRequest) -> HttpResponse:
    """Every site that must be connected, as CSV."""
    actor = actor_of(request)
    found = selectors.owed(actor, reach.place(actor, request.GET.get("region", ""), permission=SURVEY))
    heads = (_("Unit"), _("Site"), _("Gravest level"), _("Installations"), pgettext("monitoring", "Tags"),
             pgettext("gateway", "Last heard of"), _("State"))  # fmt: skip
    rows = [
        (one.unit, one.site, LEVELS[one.gravest], one.installations, one.tags, formats.moment(one.last_seen, "seconds"),
         _said(one)) for one in found
    ]  # fmt: skip
    return _file(request, "Coverage", COVERAGE.name, heads, rows)


def _file(
    request: HttpRequest, title: str, page: str, heads: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> HttpResponse:
    note_export(actor=actor_of(request), title=title, rows=len(rows), page=page, query=request.GET.urlencode())
    return exports.delimited(f"{page.rpartition(':')[2]}-{clock.today():%Y%m%d}", heads, rows)


def quality(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """How good the readings of the last day were, worst tags first."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    judged, total, cut = _all_judged(actor, where)
    reached, found = judged is not None, judged or []
    readings = sum(row["readings"] for row in found)
    return {
        **_place(where, "monitoring:quality"), "reached": reached, "rows": found[:SHOWN], "total": total,
        "silent": sum(row["silent"] for row in found) if reached else formats.DASH,
        "readings": formats.number(readings) if reached else formats.DASH,
        "good_share": _share(readings - sum(row["poor"] for row in found), readings),
        "more": max(len(found) - SHOWN, 0), "most": formats.number(selectors.MOST_ASKED) if cut else "",
        "csv_url": f"{reverse('monitoring:quality-csv')}?{urlencode({'region': where.path})}" if found else "",
    }  # fmt: skip


def quality_csv(request: HttpRequest) -> HttpResponse:
    """The same of every tag, as CSV; while the historian is out of reach, the page, which says so."""
    actor = actor_of(request)
    where = reach.place(actor, request.GET.get("region", ""), permission=SURVEY)
    judged, _total, _cut = _all_judged(actor, where)
    if judged is None:
        return QUALITY.serve(request)
    heads = (pgettext("monitoring", "Tag"), _("Name in the payload"), _("Unit"), _("Readings"),
             _("Share of those expected"), _("Not good"), _("Late"), _("State"))  # fmt: skip
    rows = [
        (row["tag"].label, row["tag"].name, row["tag"].unit.name, row["readings"], f"{row['come']}%", row["poor"],
         row["late"], gettext("silent") if row["silent"] else gettext("speaks")) for row in judged
    ]  # fmt: skip
    return _file(request, "Data quality", QUALITY.name, heads, rows)


def _all_judged(actor: Actor, where: reach.Place) -> tuple[list[dict[str, Any]] | None, int, bool]:
    """The tags of a place, the worst first (None where live readings cannot be reached); how many; whether cut."""
    rows = selectors.tags(actor).filter(within("region_path", where.path), active=True).order_by("pk")
    tags = list(rows[: selectors.MOST_ASKED + 1])
    cut, tags = len(tags) > selectors.MOST_ASKED, tags[: selectors.MOST_ASKED]
    if not tags:
        return [], 0, False
    until, keys = selectors.millis(clock.now()), [tag.pk for tag in tags]
    try:
        sums, latest = selectors.sums_of(keys, until - DAY_MS, until), selectors.latest_of(keys)
    except Unreachable:
        return None, len(tags), cut
    judged = [_judged(tag, sums.get(tag.pk), latest.get(tag.pk)) for tag in tags]
    return sorted(judged, key=lambda row: (-row["badness"], row["tag"].pk)), len(tags), cut


def _judged(tag: Tag, sums: selectors.Sums | None, newest: selectors.Reading | None) -> dict[str, Any]:
    readings = sums.readings if sums else 0
    poor = sums.uncertain + sums.bad if sums else 0
    expected = 86_400 // tag.period_s
    silent = newest is None or newest.silent(tag.period_s)
    come = min(readings / expected, 1.0)
    return {
        "tag": tag, "url": links.url_of(tag), "readings": readings, "poor": poor, "late": sums.late if sums else 0,
        "come": _share(min(readings, expected), expected), "silent": silent, "newest": newest,
        "badness": 2 * silent + (1 - come) + (poor / readings if readings else 0),
    }  # fmt: skip


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "—"


def _place(where: reach.Place, page: str) -> dict[str, Any]:
    def address(path: str) -> str:
        return f"{reverse(page)}?{urlencode({'region': path})}"

    return {
        "place": where.region.name if where.region else gettext("All my regions"),
        "crumbs": [(r.name, address(r.path)) for r in where.above],
        "parts": [{"name": r.name, "url": address(r.path)} for r in where.parts],
    }  # fmt: skip


COVERAGE = ViewPage(
    name="monitoring:coverage", path="coverage/", title=_("Coverage"), icon="plug", permission=SURVEY,
    template="monitoring/coverage.html", context=coverage, model=Gateway,
)  # fmt: skip
QUALITY = ViewPage(
    name="monitoring:quality", path="quality/", title=_("Data quality"), icon="heart-rate-monitor", permission=SURVEY,
    template="monitoring/quality.html", context=quality, model=Tag,
)  # fmt: skip
COVERAGE_CSV = CustomPage(
    name="monitoring:coverage-csv", path="coverage.csv", title=_("Coverage"), permission=SURVEY, view=coverage_csv,
    shape="file", model=Gateway,
)  # fmt: skip
QUALITY_CSV = CustomPage(
    name="monitoring:quality-csv", path="quality.csv", title=_("Data quality"), permission=SURVEY, view=quality_csv,
    shape="file", model=Tag,
)  # fmt: skip
