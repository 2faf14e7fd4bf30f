"""The index of a place and of a unit: value, working, course, parts and units; and as it was kept day by day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.regions import reach
from anlan.modules.registry.public import UNIT, unit_view
from anlan.modules.warning import filters, selectors
from anlan.modules.warning.choices import LEVEL_TONES, Span
from anlan.modules.warning.models import IndexDay
from anlan.modules.warning.tables import DayTable, level_label
from anlan.modules.warning.views.working import trend, working
from anlan.modules.warning.workflow import ISSUE, PERIODS, SURVEY, VIEW
from anlan.ui import formats, links
from anlan.ui.pages import Action, Empty, Export, Item, ListPage, RecordPage, Section, ViewPage

MOST_WARNINGS = 10


def address(name: str, path: str = "", **query: Any) -> str:
    """A page about a place."""
    given = {k: v for k, v in {"region": path, **query}.items() if v}
    return reverse(name) + (f"?{urlencode(given)}" if given else "")


def span_of(query: QueryDict) -> int:
    """Over how many days the course is drawn."""
    return Span.QUARTER.value if query.get("days") == str(Span.QUARTER.value) else Span.MONTH.value


def _spans(now: int, url: str) -> list[dict[str, Any]]:
    joined = "&" if "?" in url else "?"
    return [{"label": s.label, "url": f"{url}{joined}days={s.value}", "active": s.value == now} for s in Span]


def _row(entry: IndexDay | None, name: str, url: str) -> dict[str, Any]:
    return {
        "name": name, "url": url, "value": formats.number(entry.value, 1) if entry else formats.DASH,
        "level": level_label(entry.level) if entry else "", "tone": LEVEL_TONES[entry.level] if entry else "grey",
        "parts": [part["adds"] if part["applies"] else formats.DASH for part in entry.parts] if entry else ["", "", ""],
        "why": links.url_of(entry) if entry else "",
    }  # fmt: skip


def place(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The index of a place, its parts and its gravest units."""
    where = reach.place(actor, query.get("region", ""), permission=SURVEY)
    over = span_of(query)
    entry = selectors.entry_of_place(actor, where.path) if where.path else None
    day = entry.day if entry else selectors.newest_day(actor)
    below = selectors.entries_below(actor, where, day) if day else {}
    units = selectors.gravest_units(actor, where.path, day) if day else []
    return {
        "place": where.region.name if where.region else gettext("All my regions"),
        "crumbs": [(r.name, address("warning:index", r.path)) for r in where.above],
        "told": working(entry, actor) if entry else None,
        "one_line": bool(where.lines),
        "option": trend(selectors.course(actor, path=where.path, over=over)) if entry else None,
        "spans": _spans(over, address("warning:index", where.path)),
        "rows": [_row(below.get(r.path), r.name, address("warning:index", r.path)) for r in where.parts
                 if r.path in below],
        "units": [
            _row(one, one.unit.name if one.unit else "", reverse("warning:unit", args=[one.unit_id])) for one in units
        ],
        "warnings": list(selectors.open_warnings(actor, where.path)[:MOST_WARNINGS]),
        "tones": LEVEL_TONES,
        "list_url": address("warning:list", where.path, open="on"),
        "days_url": address("warning:days", where.path),
        "periods_url": address("warning:periods", where.path, ahead="on"),
        "issue_url": address("warning:issue", where.path) if actor.may(ISSUE) else "",
    }  # fmt: skip


def of_unit(actor: Actor, query: QueryDict, pk: int) -> dict[str, Any]:
    """The index of one unit; ``NotFound`` outside the reader's reach."""
    unit, over = unit_view(actor, pk), span_of(query)
    entry = selectors.entry_of_unit(actor, unit.holder)
    return {
        "unit": unit, "unit_url": links.url_of(UNIT, unit.id), "crumbs": [],
        "told": working(entry, actor) if entry else None,
        "option": trend(selectors.course(actor, holder=unit.holder, over=over)) if entry else None,
        "spans": _spans(over, reverse("warning:unit", args=[unit.id])),
        "notices": list(selectors.notices_of_holder(actor, unit.holder)[:MOST_WARNINGS]),
        "tones": LEVEL_TONES,
    }  # fmt: skip


def facts(entry: IndexDay, actor: Actor) -> list[Item]:
    """What is known of an index of a day."""
    unit = Item(_("Unit"), entry.unit.name, url=links.url_of(UNIT, entry.unit_id)) if entry.unit else None
    return [
        Item(pgettext_lazy("index", "Day"), entry.day), *([unit] if unit else []),
        Item(_("Region"), entry.region_path, kind="region"),
        Item(pgettext_lazy("index", "Formula"), entry.formula),
        Item(pgettext_lazy("index", "Reckoned at"), entry.reckoned_at),
    ]  # fmt: skip


INDEX = ViewPage(
    name="warning:index", path="", title=_("Warning index"), icon="gauge", permission=SURVEY,
    template="warning/index.html", context=place, model=IndexDay,
)  # fmt: skip
UNIT_INDEX = ViewPage(
    name="warning:unit", path="units/<int:pk>/", title=_("Warning index"), icon="gauge", permission=VIEW,
    template="warning/unit.html", context=of_unit,
)  # fmt: skip
DAYS = ListPage(
    name="warning:days",
    path="days/",
    title=_("Index day by day"),
    icon="calendar-stats",
    permission=VIEW,
    selector=selectors.days,
    table=DayTable,
    filters=filters.DayFilters,
    actions=(Action(_("Warning index"), "warning:index", icon="gauge", permission=SURVEY),
             Action(_("Special periods"), "warning:periods", icon="calendar-event", permission=(SURVEY, PERIODS))),
    empty=Empty(_("No index"), _("It is reckoned every hour, for regions and for units with something to count.")),
    export=Export(permission=VIEW, filename="warning-index"),
)  # fmt: skip
DAY = RecordPage(
    name="warning:day",
    path="days/<int:pk>/",
    permission=VIEW,
    selector=selectors.days,
    title=lambda entry: gettext("Warning index %(value)s") % {"value": formats.number(entry.value, 1)},
    badges=lambda entry: [(level_label(entry.level), LEVEL_TONES[entry.level])] if entry.level else [],
    facts=facts,
    back="warning:days",
    deadlines=False,
    timeline=False,
    sections=(
        Section(_("Working"), template="warning/why.html", context=lambda e, actor: {"told": working(e, actor)},
                icon="calculator"),
    ),
)  # fmt: skip
