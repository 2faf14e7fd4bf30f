"""The index as it was kept: of a place, its parts, its units, over time."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.reach import Place
from anlan.kernel.scope import within
from anlan.modules.warning.models import IndexDay

MOST_UNITS = 20


def days(actor: Actor, permission: str | None = None) -> QuerySet[IndexDay]:
    """The indexes of days the actor may see."""
    return IndexDay.objects.visible_to(actor, permission).select_related("unit")


def newest_day(actor: Actor) -> dt.date | None:
    """The last day an index within reach was reckoned for."""
    return days(actor).order_by("-day").values_list("day", flat=True).first()


def entry_of_place(actor: Actor, path: str) -> IndexDay | None:
    """The newest index of a region; None before it was reckoned, and for readers of single lines."""
    return days(actor).filter(about="region", region_path=path).order_by("-day").first()


def entry_of_unit(actor: Actor, holder: str) -> IndexDay | None:
    """The newest index of a unit; None where nothing about it counts."""
    return days(actor).filter(about="unit", holder=holder).order_by("-day").first()


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
