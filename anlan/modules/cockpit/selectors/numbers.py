"""The figures of a place and of each of its parts, in two statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import CLOSED, VOID, Days, fetch, hazards, inner, part_key, sites


@dataclass(frozen=True)
class Counts:
    """Counted things; the figures that are shares are computed from them, None where nothing is there to share."""

    sites: int = 0
    units: int = 0
    open: int = 0
    major: int = 0
    overdue: int = 0
    found_year: int = 0
    closed_year: int = 0
    due_year: int = 0
    on_time_year: int = 0
    found_month: int = 0
    found_before: int = 0

    @property
    def overdue_per_100(self) -> Decimal | None:
        """Overdue hazards for every hundred enterprises."""
        return _share(self.overdue * 100, self.units)

    @property
    def overdue_share(self) -> Decimal | None:
        """The share of the open hazards that is overdue."""
        return _share(self.overdue, self.open)

    @property
    def closure_rate(self) -> Decimal | None:
        """The share closed of those found this year."""
        return _share(self.closed_year, self.found_year)

    @property
    def on_time_rate(self) -> Decimal | None:
        """The share rectified in time of those whose time ran out this year."""
        return _share(self.on_time_year, self.due_year)

    def figure(self, code: str) -> int | Decimal | None:
        """The value of a figure of ``choices.FIGURES``."""
        return getattr(self, code)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Part:
    """A part of the place with its figures; without ``region`` it is the rest, which lies in no part."""

    region: Region | None
    path: str
    counts: Counts


@dataclass(frozen=True)
class Numbers:
    """The figures of a place as of a moment. The additive figures of ``parts`` add up to ``total``."""

    as_of: dt.datetime
    total: Counts
    parts: tuple[Part, ...]


COUNTED = tuple(f.name for f in fields(Counts) if f.name not in ("sites", "units"))
HAZARD_FIELDS = ("region_path", "grade", "state", "is_open", "found_on", "due_at", "rectify_due", "rectified_on")


def numbers(actor: Actor, where: Place, permission: str = VIEW) -> Numbers:
    """The figures of a place and its parts, as the actor may count them now."""
    days = Days(clock.now())
    by_part = _hazards(actor, where, permission, days)
    on_sites = _sites(actor, where, permission)
    total = on_sites.pop(None, Counts())
    for counts in by_part.values():
        total = replace(total, **{name: getattr(total, name) + getattr(counts, name) for name in COUNTED})
    known = {region.path for region in where.parts}
    merged: dict[str, Counts] = {}
    for path in {*known, *by_part, *(p for p in on_sites if p is not None)}:
        housed = on_sites.get(path, Counts())
        merged[path] = replace(by_part.get(path, Counts()), sites=housed.sites, units=housed.units)
    parts = [Part(region, region.path, merged[region.path]) for region in where.parts]
    rest = [counts for path, counts in merged.items() if path not in known]
    if parts and rest:
        parts.append(Part(None, where.path, _sum(rest)))
    return Numbers(days.now, total, tuple(parts))


def _hazards(actor: Actor, where: Place, permission: str, days: Days) -> dict[str, Counts]:
    source, params = inner(hazards(actor, where, permission), *HAZARD_FIELDS)
    key, key_params = part_key(where)
    void, due = list(VOID), "f.rectify_due >= %s AND f.rectify_due < %s AND f.state <> ALL(%s)"
    rows = fetch(
        f"""
        SELECT {key} AS part,
          count(*) FILTER (WHERE f.is_open) AS open,
          count(*) FILTER (WHERE f.is_open AND f.grade = 'major') AS major,
          count(*) FILTER (WHERE f.is_open AND f.due_at < %s) AS overdue,
          count(*) FILTER (WHERE f.found_on >= %s AND f.state <> ALL(%s)) AS found_year,
          count(*) FILTER (WHERE f.found_on >= %s AND f.state = %s) AS closed_year,
          count(*) FILTER (WHERE {due}) AS due_year,
          count(*) FILTER (WHERE {due} AND f.rectified_on <= f.rectify_due) AS on_time_year,
          count(*) FILTER (WHERE f.found_on >= %s AND f.state <> ALL(%s)) AS found_month,
          count(*) FILTER (WHERE f.found_on BETWEEN %s AND %s AND f.state <> ALL(%s)) AS found_before
        FROM {source} AS f
        WHERE f.is_open OR f.found_on >= %s OR f.rectify_due >= %s
        GROUP BY 1
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [
            *key_params, days.now, days.year, void, days.year, CLOSED, days.year, days.today, void,
            days.year, days.today, void, days.month, void, days.last_month, days.same_day, void, *params,
            min(days.year, days.last_month), days.year,
        ],
    )  # fmt: skip
    return {row.pop("part") or "": Counts(**row) for row in rows}


def _sites(actor: Actor, where: Place, permission: str) -> dict[str | None, Counts]:
    """Sites and units by part, and under None those of the whole place: a unit counts once however many sites."""
    source, params = inner(sites(actor, where, permission), "region_path", "holder")
    key, key_params = part_key(where)
    rows = fetch(
        f"""
        SELECT s.part, grouping(s.part) AS whole, count(*) AS sites, count(DISTINCT s.holder) AS units
        FROM (SELECT {key} AS part, f.holder FROM {source} AS f) AS s
        GROUP BY GROUPING SETS ((s.part), ())
        """,  # noqa: S608 - as above
        [*key_params, *params],
    )
    return {None if row["whole"] else row["part"] or "": Counts(sites=row["sites"], units=row["units"]) for row in rows}


def _sum(rows: list[Counts]) -> Counts:
    return Counts(**{f.name: sum(getattr(row, f.name) for row in rows) for f in fields(Counts)})


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def as_number(value: Any) -> float | int | None:
    """A figure for JSON: rates with four decimals."""
    return round(float(value), 4) if isinstance(value, Decimal) else value
