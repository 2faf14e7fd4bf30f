"""How monitoring stands: who must be connected and who is; how good the data are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
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
from anlan.ui import formats, links
from anlan.ui.pages import ViewPage

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
            "state": gettext("connected") if one.connected else gettext("silent") if one.built
            else gettext("not connected yet"),
        }
        for one in found[:SHOWN]
    ]  # fmt: skip
    return {
        **_place(where, "monitoring:coverage"), "rows": rows, "owed": len(found), "built": built,
        "connected": connected, "built_share": _share(built, len(found)),
        "connected_share": _share(connected, len(found)), "more": max(len(found) - SHOWN, 0),
    }  # fmt: skip


def quality(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """How good the readings of the last day were, worst tags first."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    rows = selectors.tags(actor).filter(within("region_path", where.path), active=True).order_by("pk")
    tags = list(rows[: selectors.MOST_ASKED])
    until = selectors.millis(clock.now())
    reached, sums, latest = True, {}, {}
    if tags:
        try:
            sums = selectors.sums_of([tag.pk for tag in tags], until - DAY_MS, until)
            latest = selectors.latest_of([tag.pk for tag in tags])
        except Unreachable:
            reached = False
    judged = [_judged(tag, sums.get(tag.pk), latest.get(tag.pk)) for tag in tags]
    judged.sort(key=lambda row: (-row["badness"], row["tag"].pk))
    readings = sum(row["readings"] for row in judged)
    return {
        **_place(where, "monitoring:quality"), "reached": reached, "rows": judged[:SHOWN], "total": len(tags),
        "silent": sum(row["silent"] for row in judged), "readings": formats.number(readings),
        "good_share": _share(readings - sum(row["poor"] for row in judged), readings),
        "more": max(len(judged) - SHOWN, 0),
    }  # fmt: skip


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
