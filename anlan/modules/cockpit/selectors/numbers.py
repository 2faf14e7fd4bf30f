"""The figures of a place and of each of its parts, in two statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import PATH_END
from anlan.modules.cockpit.selectors.kept import DUE, FOUND, OPEN, SITES, UNITS, tallies, units_kind
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import Days, fetch, inner, part_key, sites


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


COUNTED = tuple(f.name for f in fields(Counts) if f.name != "units")
FIELDS = ("what", "region_path", "a", "day", "at", "n")


def numbers(actor: Actor, where: Place, permission: str = VIEW) -> Numbers:
    """The figures of a place and its parts, as the actor may count them now."""
    days = Days(clock.now())
    by_part = _kept(actor, where, permission, days)
    known = {region.path for region in where.parts}
    rest = sorted(path for path in by_part if path not in known) if where.region is not None else []
    units = _units(actor, where, permission, rest)
    total = _sum(list(by_part.values()))
    parts = [
        Part(region, region.path, replace(by_part.get(region.path, Counts()), units=units.get(region.path, 0)))
        for region in where.parts
    ]
    if parts and rest:
        left = _sum([by_part[path] for path in rest])
        parts.append(Part(None, where.path, replace(left, units=units.get(REST, 0))))
    return Numbers(days.now, replace(total, units=units.get(WHOLE, 0)), tuple(parts))


def _kept(actor: Actor, where: Place, permission: str, days: Days) -> dict[str, Counts]:
    """Everything but units, by part; a part in which nothing is counted is left out."""
    source, params = inner(tallies(actor, where, permission).filter(what__in=[OPEN, FOUND, DUE, SITES]), *FIELDS)
    key, key_params = part_key(where)
    rows = fetch(
        f"""
        SELECT {key} AS part,
          sum(f.n) FILTER (WHERE f.what = %s) AS sites,
          sum(f.n) FILTER (WHERE f.what = %s) AS open,
          sum(f.n) FILTER (WHERE f.what = %s AND f.a = 'major') AS major,
          sum(f.n) FILTER (WHERE f.what = %s AND f.at < %s) AS overdue,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day >= %s) AS found_year,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day >= %s AND f.a = 'closed') AS closed_year,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day >= %s AND f.day < %s) AS due_year,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day >= %s AND f.day < %s AND f.a = 'in_time') AS on_time_year,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day >= %s) AS found_month,
          sum(f.n) FILTER (WHERE f.what = %s AND f.day BETWEEN %s AND %s) AS found_before
        FROM {source} AS f
        WHERE f.day IS NULL OR f.day >= %s
        GROUP BY 1
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [
            *key_params, SITES, OPEN, OPEN, OPEN, days.now, FOUND, days.year, FOUND, days.year, DUE, days.year,
            days.today, DUE, days.year, days.today, FOUND, days.month, FOUND, days.last_month, days.same_day, *params,
            min(days.year, days.last_month),
        ],
    )  # fmt: skip
    told = {row.pop("part") or "": Counts(**{name: int(n or 0) for name, n in row.items()}) for row in rows}
    return {part: counts for part, counts in told.items() if counts != Counts()}


WHOLE, REST = "", "-"


def _units(actor: Actor, where: Place, permission: str, rest: list[str]) -> dict[str, int]:
    """Units by part, of the whole place (WHOLE) and of what lies in no part (REST): each unit once in each."""
    kind = units_kind(actor, where, permission)
    paths = [where.path] if where.region is not None else []
    paths += [region.path for region in where.parts]
    live, live_params = inner(sites(actor, where, permission), "region_path", "holder")
    parts: list[str] = []
    given: list[Any] = []
    if kind is not None:
        source, params = inner(
            tallies(actor, where, permission).filter(what=UNITS, a=kind, region_path__in=paths), "region_path", "n"
        )
        parts.append(f"SELECT f.region_path::text AS part, sum(f.n)::bigint AS n FROM {source} AS f GROUP BY 1")  # noqa: S608
        given += params
    else:
        key, key_params = part_key(where)
        parts.append(f"SELECT {key} AS part, count(DISTINCT f.holder) AS n FROM {live} AS f GROUP BY 1")  # noqa: S608
        given += [*key_params, *live_params]
    if kind is None or where.region is None:
        parts.append(f"SELECT %s, count(DISTINCT f.holder) FROM {live} AS f")  # noqa: S608
        given += [WHOLE, *live_params]
    if rest:
        exactly = [where.path] if where.path in rest else []
        below = [path for path in rest if path != where.path]
        here = " OR ".join(["f.region_path = ANY(%s)", *["f.region_path >= %s AND f.region_path < %s"] * len(below)])
        parts.append(f"SELECT %s, count(DISTINCT f.holder) FROM {live} AS f WHERE {here}")  # noqa: S608
        given += [REST, *live_params, exactly, *(end for path in below for end in (path, path + PATH_END))]
    told = {row["part"] or "": int(row["n"]) for row in fetch(" UNION ALL ".join(parts), given)}
    if kind is not None and where.region is not None:
        told[WHOLE] = told.pop(where.path, 0)
    return told


def _sum(rows: list[Counts]) -> Counts:
    return Counts(**{f.name: sum(getattr(row, f.name) for row in rows) for f in fields(Counts)})


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def as_number(value: Any) -> float | int | None:
    """A figure for JSON: rates with four decimals."""
    return round(float(value), 4) if isinstance(value, Decimal) else value
