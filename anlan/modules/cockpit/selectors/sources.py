"""The rows a reader's figures are made of, as guarded querysets turned into the inside of one SQL statement.

Every figure is counted in the database over ``(SELECT … ) AS f``, whose condition is the reader's own scope as the
guarded manager writes it; nothing else decides what is counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.cockpit.models import HazardFact, SiteFact
from anlan.modules.cockpit.selectors.reach import STEP, VIEW, Place

CLOSED = "closed"
SHUT = "closed"  # the status of a site that no longer exists


@dataclass(frozen=True)
class Days:
    """The days and moments that one reading of the figures rests on, all taken from one ``now``."""

    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The Chinese calendar day."""
        return clock.day_of(self.now)

    @property
    def year(self) -> dt.date:
        """1 January of this year."""
        return self.today.replace(month=1, day=1)

    @property
    def month(self) -> dt.date:
        """The first of this month."""
        return self.today.replace(day=1)

    @property
    def last_month(self) -> dt.date:
        """The first of last month."""
        return (self.month - dt.timedelta(days=1)).replace(day=1)

    @property
    def same_day(self) -> dt.date:
        """Today's day of last month, or its last day when it was shorter."""
        return min(self.last_month + (self.today - self.month), self.month - dt.timedelta(days=1))


def hazards(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[HazardFact]:
    """The hazards of the place that the actor may count."""
    return HazardFact.objects.visible_to(actor, permission).filter(inside(where))


def sites(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[SiteFact]:
    """The sites of the place that the actor may count, closed ones left out."""
    return SiteFact.objects.visible_to(actor, permission).filter(inside(where)).exclude(status=SHUT)


def inner(rows: QuerySet[Any], *fields: str) -> tuple[str, tuple[Any, ...]]:
    """The queryset as SQL with its parameters: these fields, in no order."""
    sql, params = rows.order_by().values(*fields).query.sql_with_params()
    return f"({sql})", tuple(params)


def part_key(where: Place, column: str = "region_path") -> tuple[str, list[Any]]:
    """SQL for the part of the place a row lies in: the path of the region one level down, or the place's own."""
    if where.region is not None:
        return f"substr({column}, 1, %s)", [len(where.path) + STEP]
    cases = "".join(f" WHEN {column} >= %s AND {column} < %s THEN %s" for _ in where.ranges)
    return f"CASE{cases} END", [value for low, high in where.ranges for value in (low, high, low)]


def fetch(sql: str, params: list[Any]) -> list[dict[str, Any]]:
    """The rows of one statement, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def inside(where: Place) -> Q:
    """The condition that a row lies in the place."""
    return reduce(or_, (Q(region_path__gte=low, region_path__lt=high) for low, high in where.ranges), Q(pk__in=[]))
