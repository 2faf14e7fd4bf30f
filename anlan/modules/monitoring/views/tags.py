"""Tags: the list, the record with its newest reading, the trend from a year down to seconds."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.messaging import Unreachable
from anlan.modules.monitoring import forms, selectors, services
from anlan.modules.monitoring.choices import TONES, Quality
from anlan.modules.monitoring.documents import csv_answer
from anlan.modules.monitoring.filters import TagFilters
from anlan.modules.monitoring.models import Tag
from anlan.modules.monitoring.tables import TagTable
from anlan.modules.monitoring.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import charts, formats, links
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    CustomPage,
    DataPage,
    Empty,
    Export,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
    ViewPage,
    actor_of,
)

POINTS = 300
LEAST_MS = 1_000
AHEAD_MS = 60_000  # gateways whose clock is a little fast
YEAR_MS = 366 * 86_400_000
SPANS = (
    ("hour", _("An hour"), 3_600_000), ("day", _("A day"), 86_400_000), ("week", _("A week"), 7 * 86_400_000),
    ("month", _("A month"), 31 * 86_400_000), ("year", _("A year"), YEAR_MS),
)  # fmt: skip


def used(tag: Tag, actor: Actor) -> bool:
    """While readings are taken in."""
    return tag.active


def unused(tag: Tag, actor: Actor) -> bool:
    """While they are not."""
    return not tag.active


def facts(one: Tag, actor: Actor) -> list[Item]:
    """What is known of a tag."""
    ends = [formats.number(end) if end is not None else "" for end in (one.low_range, one.high_range)]
    return [
        Item(_("Unit"), one.unit.name, url=links.url_of(UNIT, one.unit_id)),
        Item(_("Site"), one.site.name, url=links.url_of(SITE, one.site_id)),
        Item(_("Gateway"), str(one.gateway), url=links.url_of(one.gateway)),
        Item(_("Region"), one.region_path, kind="region"),
        Item(_("Name in the payload"), one.name),
        Item(_("Quantity"), one.get_quantity_display()),
        Item(_("Range"), " – ".join(ends) if any(ends) else "", unit=one.unit_of_measure),
        Item(_("Expected every, s"), one.period_s),
        *newest(one),
    ]


def newest(one: Tag) -> list[Item]:
    """The newest reading; that it cannot be asked for just now is said, and the page stands."""
    try:
        found = selectors.latest_of([one.pk]).get(one.pk)
    except Unreachable:
        return [Item(_("Newest reading"), _("cannot be reached just now"), kind="badge", tone="grey")]
    if found is None:
        return [Item(_("Newest reading"), _("none yet"), kind="badge", tone="grey")]
    silent = found.silent(one.period_s) and one.active
    label = _("silent") if silent else Quality(found.quality).label
    return [
        Item(_("Newest reading"), formats.number(found.value), unit=one.unit_of_measure, help=_clock(found.at)),
        Item(_("State of the data"), label, kind="badge", tone="orange" if silent else TONES[found.quality]),
    ]


def window(query: QueryDict) -> tuple[int, int]:
    """The stretch that was asked for, in epoch ms: ``since`` and ``until``, else a span up to now (a day)."""
    now = selectors.millis(clock.now())
    try:
        since, until = int(str(query["since"])), int(str(query["until"]))
    except (KeyError, ValueError):
        width = next((ms for code, _label, ms in SPANS if code == query.get("span")), SPANS[1][2])
        return now - width, now
    until = max(until, LEAST_MS)
    over = max(until - now - AHEAD_MS, 0)  # what is to come is not shown: as much of the past is instead
    return max(min(since, until - LEAST_MS) - over, until - over - YEAR_MS, 0), until - over


def tag_of(actor: Actor, pk: int) -> Tag:
    """The tag, in the actor's scope."""
    found = selectors.tags(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def trend(actor: Actor, query: QueryDict, pk: int) -> dict[str, Any]:
    """The trend of a tag over a stretch, with the ways out of it: earlier, later, closer, wider."""
    tag, (since, until) = tag_of(actor, pk), window(query)
    width = until - since

    def at(first: int, last: int) -> str:
        return f"?{urlencode({'since': first, 'until': last})}"

    spans = [{"label": label, "url": f"?span={code}", "on": query.get("span", "day") == code and "since" not in query}
             for code, label, _ms in SPANS]  # fmt: skip
    return {
        "tag": tag, "crumbs": [(str(tag), links.url_of(tag))], "spans": spans,
        "data_url": f"{reverse('monitoring:trend-data', args=[pk])}{at(since, until)}",
        "csv_url": f"{reverse('monitoring:readings', args=[pk])}{at(since, until)}",
        "earlier": at(since - width, since),
        "later": at(until, until + width) if until < selectors.millis(clock.now()) else "",
        "closer": at(since + width // 4, until - width // 4) if width > LEAST_MS else "",
        "wider": at(since - width * 2, until + width * 2),
        "first": _clock(selectors.moment(since)), "last": _clock(selectors.moment(until)),
    }  # fmt: skip


def trend_data(actor: Actor, query: QueryDict, pk: int) -> dict[str, Any]:
    """The chart: lowest, mean and highest of each bucket; a click narrows the stretch to around it."""
    tag, (since, until) = tag_of(actor, pk), window(query)
    try:
        told = selectors.series_of(actor, tag, since, until, POINTS)
    except Unreachable:
        said = {"text": gettext("Live readings cannot be reached just now"), "left": "center", "top": "middle"}
        return {**charts.line([]), "title": said}
    width = max((until - since) // 20, LEAST_MS)
    shown = len(told["t"])
    told = _with_gaps(told, since, until, 3000 * tag.period_s)
    names = [_named(selectors.moment(t), until - since) for t in told["t"]]
    urls = []
    if until - since > LEAST_MS:
        address = reverse("monitoring:trend", args=[pk])
        urls = [f"{address}?{urlencode({'since': t - width // 2, 'until': t + width // 2})}" for t in told["t"]]
    single = all(n <= 1 for n in told["n"])
    lines = [charts.Series(_("Value"), _rounded(told["mean"]), "blue")] if single else [
        charts.Series(_("Highest"), _rounded(told["high"]), "orange"),
        charts.Series(_("Mean"), _rounded(told["mean"]), "blue"),
        charts.Series(_("Lowest"), _rounded(told["low"]), "teal"),
    ]  # fmt: skip
    option = charts.line(names, *lines, unit=tag.unit_of_measure, urls=urls)
    option["yAxis"] = {**option["yAxis"], "minInterval": 0, "scale": True}
    for one in option["series"]:
        one["showSymbol"] = shown < 60
    return option


def readings(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The readings of the stretch that was asked for, as CSV; while out of reach, the trend, which says so."""
    actor = actor_of(request)
    tag, (since, until) = tag_of(actor, pk), window(request.GET)
    try:
        return csv_answer(actor, tag, since, until)
    except Unreachable:
        return redirect(f"{reverse('monitoring:trend', args=[pk])}?{urlencode({'since': since, 'until': until})}")


def _with_gaps(told: dict[str, list[Any]], since: int, until: int, least: int) -> dict[str, list[Any]]:
    """The same with empty places where nothing was said for ``least`` ms or longer, so that the axis is the whole
    stretch and a silence is as long as it was."""
    step = max((until - since) // POINTS, 1)
    at: list[int | None] = []  # which of what was told stands here; None: nothing
    times: list[int] = []
    last = since
    for k, t in enumerate([*told["t"], until]):
        if t - last > max(least, 2 * step):
            empty = range(last + step, t - step // 2, step)
            times += empty
            at += [None] * len(empty)
        if k < len(told["t"]):
            times.append(t)
            at.append(k)
        last = t
    blank = math.nan
    return {"t": times, "n": [told["n"][k] if k is not None else 0 for k in at],
            **{name: [told[name][k] if k is not None else blank for k in at] for name in ("low", "mean", "high")}}


def _rounded(values: list[float]) -> list[float | None]:
    return [round(v, 4) if math.isfinite(v) else None for v in values]


def _named(at: dt.datetime, width: int) -> str:
    """A moment below the curve, as closely as a stretch of so many milliseconds needs it."""
    said = _clock(at, seconds=width < 7_200_000)
    return f"{said}.{at.microsecond // 1000:03d}" if width <= 10_000 else said


def _clock(at: dt.datetime, *, seconds: bool = True) -> str:
    return date_format(localtime(at, clock.CHINA), "Y-m-d H:i:s" if seconds else "Y-m-d H:i")


TAGS = ListPage(
    name="monitoring:tags", path="", title=pgettext_lazy("monitoring", "Tags"), icon="activity", permission=VIEW,
    selector=selectors.tags, table=TagTable, filters=TagFilters,
    tabs=(Tab(pgettext_lazy("tag", "In use"), "active=on"), Tab(_("All"), "")),
    actions=(Action(_("Gateways"), "monitoring:gateways", icon="server", permission=VIEW),),
    empty=Empty(_("No tag"), _("Tags are entered on the page of their gateway.")),
    export=Export(permission=VIEW, filename="tags"),
)  # fmt: skip
TAG = RecordPage(
    name="monitoring:tag", path="tags/<int:pk>/", title=lambda one: one.label, icon="activity", permission=VIEW,
    selector=selectors.tags, subtitle=lambda one: one.unit.name, facts=facts, back="monitoring:tags",
    badges=lambda one: [] if one.active else [(_("Out of use"), "grey")],
    sections=(
        Section(
            _("The last day"), template="monitoring/day.html", icon="chart-line",
            context=lambda one, actor: {"data_url": f"{reverse('monitoring:trend-data', args=[one.pk])}?span=day",
                                        "label": one.label},
        ),
    ),
    actions=(
        Action(_("Trend"), "monitoring:trend", icon="chart-line", permission=VIEW),
        Action(_("Readings of the last day as CSV"), "monitoring:readings", icon="download", permission=VIEW),
        Action(_("Take out of use"), "monitoring:retire", icon="circle-x", permission=KEEP, aside=True, when=used),
        Action(_("Take into use"), "monitoring:resume", icon="circle-check", permission=KEEP, aside=True, when=unused),
    ),
)  # fmt: skip
TREND = ViewPage(
    name="monitoring:trend", path="tags/<int:pk>/trend/", title=_("Trend"), icon="chart-line", permission=VIEW,
    template="monitoring/trend.html", context=trend, model=Tag,
)  # fmt: skip
TREND_DATA = DataPage(
    name="monitoring:trend-data", path="tags/<int:pk>/trend/data/", permission=VIEW, data=trend_data, model=Tag
)
READINGS = CustomPage(
    name="monitoring:readings", path="tags/<int:pk>/readings.csv", title=_("Readings as CSV"), permission=VIEW,
    view=readings, shape="file", model=Tag, is_object=True,
)  # fmt: skip
RETIRE = ActPage(
    name="monitoring:retire", path="tags/<int:pk>/retire/", title=_("Take out of use"), act=services.retire_tag,
    form=forms.ReasonForm, selector=selectors.tags, danger=True,
    intro=_("Its readings are refused from now on; its history stays."),
)  # fmt: skip
RESUME = ActPage(
    name="monitoring:resume", path="tags/<int:pk>/resume/", title=_("Take into use"), act=services.resume_tag,
    form=Form, selector=selectors.tags,
)  # fmt: skip
TAG_PAGES = (TAGS, TAG, TREND, TREND_DATA, READINGS, RETIRE, RESUME)
