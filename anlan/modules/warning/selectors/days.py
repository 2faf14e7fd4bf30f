"""The index as it was kept: of a place, its parts, its units, over time."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import system_read, within
from anlan.modules.warning.models import IndexDay

MOST_UNITS = 20


def days(actor: Actor, permission: str | None = None) -> QuerySet[IndexDay]:
    """The indexes of days the actor may see."""
    return IndexDay.objects.visible_to(actor, permission).select_related("unit")


def newest_day(actor: Actor) -> dt.date | None:
    """The last day an index within reach was reckoned for."""
    return days(actor).order_by("-day").values_list("day", flat=True).first()


@system_read("when the clock reckoned last says nothing of anybody")
def current(rows: QuerySet[IndexDay]) -> QuerySet[IndexDay]:
    """Of these indexes those that hold now: of the day reckoned last. What stands for nothing by then has none."""
    told = IndexDay.objects.everything(why="when it was reckoned last").filter(about="region")
    return rows.filter(day=told.order_by("-day", "-id").values("day")[:1])


def entry_of_place(actor: Actor, path: str) -> IndexDay | None:
    """The newest index of a region; None before it was reckoned, and for readers of single lines."""
    return days(actor).filter(about="region", region_path=path).order_by("-day").first()


def entry_of_unit(actor: Actor, holder: str) -> IndexDay | None:
    """The index of a unit as it was reckoned last; None where nothing about it counts by then."""
    return current(days(actor).filter(about="unit", holder=holder)).first()


def entries_below(actor: Actor, where: Place, day: dt.date) -> dict[str, IndexDay]:
    """The indexes of the regions one level down on a day, by path."""
    rows = days(actor).filter(about="region", day=day, region_path__in=[r.path for r in where.parts])
    return {row.region_path: row for row in rows}


def gravest_units(actor: Actor, path: str, day: dt.date) -> list[IndexDay]:
    """The units of a place with the highest index of a day above zero."""
    rows = days(actor).filter(within("region_path", path), about="unit", day=day, value__gt=0)
    return list(rows.order_by("-value", "pk")[:MOST_UNITS])


def course(actor: Actor, *, path: str = "", holder: str = "", over: int = 30) -> list[IndexDay]:
    """The index of a region, or of a unit, over the last days, oldest first."""
    since = clock.today() - dt.timedelta(days=over - 1)
    rows = days(actor).filter(day__gte=since)
    rows = rows.filter(about="unit", holder=holder) if holder else rows.filter(about="region", region_path=path)
    return list(rows.order_by("day"))
