"""How alarms behaved over a stretch of time, of a place: the page, and each of its lists as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.regions import reach
from anlan.modules.alarms import selectors
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.workflow import VIEW
from anlan.ui import exports, formats, links, places
from anlan.ui.pages import CustomPage, ViewPage, actor_of
from anlan.ui.services import note_export

SPANS = (7, 30, 90)
MOST_TAKEN = 5_000  # lines of one file
TITLE = _("How alarms behave")
DAY = dt.timedelta(days=1)
Row = Sequence[Any]


@dataclass(frozen=True)
class Stretch:
    """The time looked at, its days as they stand in the form, the span chosen (0: days of one's own), what is wrong."""

    since: dt.datetime
    until: dt.datetime
    span: int
    wrong: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """What asks for it again."""
        if self.span:
            return {"days": self.span}
        first, last = self.days
        return {"first": first.isoformat(), "last": last.isoformat()}

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Its first and last day."""
        return self.since.date(), (self.until if self.span else self.until - DAY).date()


def stretch(query: QueryDict) -> Stretch:
    """``first`` and ``last`` are days of one's own, both included; else ``days`` up to now, a week unless said."""
    now = clock.now().astimezone(clock.CHINA)
    span = next((days for days in SPANS if str(days) == query.get("days")), SPANS[0])
    usual = Stretch(now - dt.timedelta(days=span), now, span)
    if not query.get("first") and not query.get("last"):
        return usual
    try:
        first, last = (dt.date.fromisoformat(query.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return Stretch(usual.since, usual.until, usual.span, gettext("Give both days, as 2026-11-05."))
    if first > last:
        return Stretch(usual.since, usual.until, usual.span, gettext("The first day lies after the last."))
    if last - first >= selectors.LONGEST:
        return Stretch(usual.since, usual.until, usual.span, gettext("Choose a year at most."))
    since, until = (dt.datetime.combine(day, dt.time(), clock.CHINA) for day in (first, last + DAY))
    return Stretch(since, until, 0)


def page(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The figures, the lists, and the ways to other days and other regions."""
    chosen, place = stretch(query), selectors.statistics_place(actor, query.get("region", ""))
    path = place.path if place else ""
    found = selectors.statistics(actor, path, chosen.since, chosen.until)

    def address(region: str, **more: Any) -> str:
        return f"{reverse('alarms:statistics')}?{urlencode({**more, **({'region': region} if region else {})})}"

    def taken(what: str) -> str:
        given = {**chosen.query, "what": what, **({"region": path} if path else {})}
        return f"{reverse('alarms:statistics-csv')}?{urlencode(given)}"

    def named(rows: Sequence[selectors.Counted]) -> list[dict[str, Any]]:
        return [
            {"name": str(c.setting), "unit": c.setting.tag.unit.name, "url": links.url_of(c.setting), "times": c.times,
             "share": formats.percent(c.share)} for c in rows
        ]  # fmt: skip

    return {
        "found": found, "wrong": chosen.wrong, "cut": cut_to(found), "region": path,
        "place": place.region.name if place and place.region else gettext("All my regions") if place else "",
        "crumbs": [(r.name, address(r.path, **chosen.query)) for r in place.above] if place else [],
        "parts": _parts(place, found, lambda region: address(region, **chosen.query)) if place else [],
        "first": chosen.days[0], "last": chosen.days[1],
        "raised": formats.number(found.raised), "flooded": formats.percent(found.flooded),
        "frequent": named(found.frequent), "chattering": named(found.chattering),
        "standing": [
            {"name": str(a), "unit": a.unit.name, "url": links.url_of(a), "since": a.raised_at} for a in found.standing
        ],
        "tabs": [
            {"label": gettext("%(n)s days") % {"n": days}, "url": address(path, days=days),
             "active": days == chosen.span} for days in SPANS
        ],
        "csv": {what: taken(what) for what in FILES},
    }  # fmt: skip


def _parts(place: reach.Place, found: selectors.Statistics, url: Callable[[str], str]) -> list[dict[str, Any]]:
    """The regions one level down in which something was raised, the most first."""
    told = []
    for region in place.parts:
        n = sum(many for path, many in found.by_path.items() if path.startswith(region.path))
        if n:
            told.append((n, {"name": region.name, "url": url(region.path), "times": formats.number(n),
                             "share": formats.percent(n / found.raised)}))  # fmt: skip
    return [row for _n, row in sorted(told, key=lambda pair: -pair[0])]


def _of_settings(rows: Sequence[selectors.Counted], *, shares: bool) -> Iterator[Row]:
    named = places.names({one.setting.region_path for one in rows})
    for one in rows:
        tag = one.setting.tag
        yield (tag.label, one.setting.get_kind_display(), tag.unit.name, named.get(one.setting.region_path, ""),
               one.times, *([round(one.share, 4)] if shares else ()))  # fmt: skip


def _of_standing(rows: Sequence[Alarm]) -> Iterator[Row]:
    named = places.names({one.region_path for one in rows})
    for one in rows:
        yield (one.tag.label, one.get_kind_display(), one.unit.name, named.get(one.region_path, ""),
               formats.moment(one.raised_at, "seconds"), one.get_priority_display())  # fmt: skip


def _of_floods(rows: Sequence[selectors.FloodSpan]) -> Iterator[Row]:
    for one in rows:
        yield formats.moment(one.begins, "seconds"), formats.moment(one.ends, "seconds"), one.raised, one.most


_SETTING = (
    pgettext_lazy("alarm", "Tag"), pgettext_lazy("alarm", "Kind"), _("Unit"), _("Region"),
)  # fmt: skip
FILES: dict[str, tuple[Sequence[Any], Callable[[selectors.Statistics], Iterator[Row]]]] = {
    "frequent": ((*_SETTING, pgettext_lazy("alarm", "Times"), _("Share of all")),
                 lambda found: _of_settings(found.frequent, shares=True)),
    "chattering": ((*_SETTING, _("Such minutes")), lambda found: _of_settings(found.chattering, shares=False)),
    "standing": ((*_SETTING, _("Raised at"), pgettext_lazy("alarm", "Priority")),
                 lambda found: _of_standing(found.standing)),
    "floods": ((pgettext_lazy("flood", "First alarm"), pgettext_lazy("flood", "Last alarm"),
                pgettext_lazy("flood", "Alarms raised"), pgettext_lazy("flood", "Most at once")),
               lambda found: _of_floods(found.floods)),
}  # fmt: skip


LOOKED_THROUGH = ("chattering", "floods")  # the lists that are found among the newest alarms alone


def cut_to(found: selectors.Statistics) -> str:
    """Among what chattering and floods were looked for, where that is not all of the time asked about; else ""."""
    if not found.cut:
        return ""
    return gettext(
        "Chattering and floods are looked for among the newest %(n)s alarms alone, raised since %(since)s. Everything "
        "else is counted over the whole time. Choose fewer days or a smaller region for the rest."
    ) % {"n": formats.number(found.looked_through), "since": formats.moment(found.looked_since, "seconds")}


def taken_away(request: HttpRequest) -> HttpResponse:
    """One of the lists, whole, as CSV for a spreadsheet program; that it was taken away is in the journal."""
    actor, what = actor_of(request), request.GET.get("what", "frequent")
    if what not in FILES:
        raise NotFound
    chosen, place = stretch(request.GET), selectors.statistics_place(actor, request.GET.get("region", ""))
    heads, lines = FILES[what]
    found = selectors.statistics(actor, place.path if place else "", chosen.since, chosen.until, shown=MOST_TAKEN)
    rows = list(lines(found))
    said = [note] if (note := cut_to(found)) and what in LOOKED_THROUGH else []
    if len(rows) == MOST_TAKEN:
        said.append(gettext("(only the first %(most)s rows)") % {"most": formats.number(MOST_TAKEN)})
    note_export(
        actor=actor, title="How alarms behave", rows=len(rows), page=STATISTICS.name, query=request.GET.urlencode()
    )
    first, last = chosen.days
    return exports.delimited(f"alarms-{what}-{first:%Y%m%d}-{last:%Y%m%d}", heads, [*rows, *([line] for line in said)])


STATISTICS = ViewPage(
    name="alarms:statistics", path="statistics/", title=TITLE, icon="chart-line", permission=VIEW,
    template="alarms/statistics.html", context=page, model=Alarm,
)  # fmt: skip
STATISTICS_CSV = CustomPage(
    name="alarms:statistics-csv", path="statistics.csv", title=TITLE, permission=VIEW, view=taken_away, shape="file",
    model=Alarm,
)  # fmt: skip
