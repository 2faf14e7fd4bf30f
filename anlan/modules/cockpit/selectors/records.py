"""What stands behind the figures: by line and category, the oldest overdue, the majors, the towns in order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Value

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region, RegionKind
from anlan.modules.cockpit.models import HazardFact
from anlan.modules.cockpit.selectors.kept import OPEN, UNITS, tallies, units_kind
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import fetch, hazards, inner, sites
from anlan.modules.hazards.public import OPEN_STATES

LEAD = "cockpit.lead"
TOWNS = (RegionKind.TOWN, RegionKind.PARK)


@dataclass(frozen=True)
class Share:
    """The open hazards of one line or category."""

    code: str
    open: int
    overdue: int
    major: int


@dataclass(frozen=True)
class Town:
    """A town with what the ranking rests on."""

    path: str
    name: str
    units: int
    open: int
    overdue: int
    major: int

    @property
    def overdue_per_100(self) -> Decimal | None:
        """Overdue hazards for every hundred enterprises; None without enterprises."""
        return Decimal(self.overdue * 100) / self.units if self.units else None


def open_ones(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[HazardFact]:
    """The open hazards of the place, by their states, so that the indexes of open hazards serve."""
    return hazards(actor, where, permission).filter(state__in=OPEN_STATES)


def breakdown(actor: Actor, where: Place, permission: str = VIEW) -> dict[str, tuple[Share, ...]]:
    """Open hazards by sector line and by category (``sector``, ``category``), most first."""
    source, params = inner(tallies(actor, where, permission).filter(what=OPEN), "sector", "a", "b", "at", "n")
    rows = fetch(
        f"""
        SELECT grouping(f.sector) AS by_category, coalesce(f.sector, f.b) AS code, sum(f.n)::bigint AS open,
          coalesce(sum(f.n) FILTER (WHERE f.at < %s), 0)::bigint AS overdue,
          coalesce(sum(f.n) FILTER (WHERE f.a = 'major'), 0)::bigint AS major
        FROM {source} AS f GROUP BY GROUPING SETS ((f.sector), (f.b)) HAVING sum(f.n) > 0 ORDER BY open DESC, code
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [clock.now(), *params],
    )
    found: dict[str, list[Share]] = {"sector": [], "category": []}
    for row in rows:
        found["category" if row.pop("by_category") else "sector"].append(Share(**row))
    return {name: tuple(shares) for name, shares in found.items()}


def overdue_hazards(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[HazardFact]:
    """Open hazards past a time limit, the longest over first."""
    return open_ones(actor, where, permission).filter(due_at__lt=clock.now()).order_by("due_at", "pk")


def major_hazards(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[HazardFact]:
    """Open major hazards, the most pressing first; those without any time limit last."""
    rows = open_ones(actor, where, permission).filter(grade="major")
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def pressing(actor: Actor, where: Place, most: int, permission: str = VIEW) -> dict[str, list[HazardFact]]:
    """The first ``most`` of both lists (``overdue``, ``majors``) in one query."""
    overdue = overdue_hazards(actor, where, permission).annotate(listed=Value("overdue"))[:most]
    majors = major_hazards(actor, where, permission).annotate(listed=Value("majors"))[:most]
    found: dict[str, list[HazardFact]] = {"overdue": [], "majors": []}
    for row in overdue.union(majors, all=True):
        found[row.listed].append(row)
    for rows in found.values():
        rows.sort(key=lambda h: (h.due_at is None, h.due_at, h.pk))
    return found


def majors_total(actor: Actor, where: Place, permission: str = LEAD) -> dict[str, Any]:
    """Of the open major hazards: how many (``count``), over (``overdue``), the yuan missing, without stated need."""
    led = open_ones(actor, where, permission).filter(grade="major").exclude(listing_level="").exclude(leader_name="")
    kept, kept_params = inner(tallies(actor, where, permission).filter(what=OPEN, a="major"), "at", "n", "also", "yuan")
    named, named_params = inner(led, "id")
    (row,) = fetch(
        f"""
        SELECT coalesce(sum(f.n), 0)::bigint AS count,
          coalesce(sum(f.n) FILTER (WHERE f.at < %s), 0)::bigint AS overdue,
          coalesce(sum(f.yuan), 0) AS yuan, coalesce(sum(f.also), 0)::bigint AS unstated,
          (SELECT count(*) FROM {named} AS led) AS led
        FROM {kept} AS f
        """,  # noqa: S608 - as above
        [clock.now(), *named_params, *kept_params],
    )
    led_by_somebody = row.pop("led")
    return {**row, "leaderless": row["count"] - led_by_somebody}


def towns(actor: Actor, where: Place, permission: str = LEAD) -> tuple[Town, ...]:
    """The towns and parks of the place by overdue hazards per hundred enterprises, most first; without any, last."""
    open_source, open_params = inner(tallies(actor, where, permission).filter(what=OPEN), "region_path", "a", "at", "n")
    kind = units_kind(actor, where, permission)
    if kind is not None:
        unit_source, unit_params = inner(
            tallies(actor, where, permission).filter(what=UNITS, a=kind), "region_path", "n"
        )
        peopled = f"""SELECT t.path, sum(s.n)::bigint AS units
          FROM towns t JOIN {unit_source} AS s ON s.region_path = t.path GROUP BY t.path"""  # noqa: S608 - as above
    else:
        unit_source, unit_params = inner(sites(actor, where, permission), "region_path", "holder")
        peopled = f"""SELECT t.path, count(DISTINCT s.holder) AS units
          FROM towns t JOIN {unit_source} AS s ON s.region_path >= t.path AND s.region_path < t.path || chr(127)
          GROUP BY t.path"""  # noqa: S608 - as above
    lows, highs = [list(side) for side in zip(*where.ranges, strict=True)]
    rows = fetch(
        f"""
        WITH towns AS (
          SELECT r.path, r.name FROM {Region._meta.db_table} r
          WHERE r.kind = ANY(%s) AND r.valid_to IS NULL
            AND EXISTS (
              SELECT 1 FROM unnest(%s::text[], %s::text[]) AS t(low, high) WHERE r.path >= t.low AND r.path < t.high)
        ),
        counted AS (
          SELECT t.path, sum(f.n)::bigint AS open, coalesce(sum(f.n) FILTER (WHERE f.at < %s), 0)::bigint AS overdue,
            coalesce(sum(f.n) FILTER (WHERE f.a = 'major'), 0)::bigint AS major
          FROM towns t JOIN {open_source} AS f ON f.region_path >= t.path AND f.region_path < t.path || chr(127)
          GROUP BY t.path
        ),
        peopled AS ({peopled})
        SELECT t.path, t.name, coalesce(p.units, 0) AS units, coalesce(c.open, 0) AS open,
          coalesce(c.overdue, 0) AS overdue, coalesce(c.major, 0) AS major
        FROM towns t LEFT JOIN counted c USING (path) LEFT JOIN peopled p USING (path)
        ORDER BY c.overdue::numeric / nullif(p.units, 0) DESC NULLS LAST, overdue DESC, t.path
        """,  # noqa: S608 - as above
        [[str(kind) for kind in TOWNS], lows, highs, clock.now(), *open_params, *unit_params],
    )
    return tuple(Town(**row) for row in rows)
