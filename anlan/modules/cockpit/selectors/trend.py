"""Twenty-four months: what was found, what was closed, what was overdue at each month's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.regions.models import RegionChange
from anlan.kernel.scope import system_read
from anlan.kernel.tallies import keeping
from anlan.modules.cockpit.models import HazardFact
from anlan.modules.cockpit.selectors.kept import CLOSED, FOUND, LATE, OPEN, tallies
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import CLOSED as SHUT
from anlan.modules.cockpit.selectors.sources import Days, fetch, hazards, inner

MONTHS = 24
SUBJECT = "hazards.hazard"
NOW = "now"
FIELDS = ("id", "found_on", "closed_on", "state")


@dataclass(frozen=True)
class Month:
    """One month: its first day, and the three counts."""

    first: dt.date
    found: int
    closed: int
    overdue: int


def trend(actor: Actor, where: Place, permission: str = VIEW, months: int = MONTHS) -> tuple[Month, ...]:
    """The last ``months`` months up to this one, oldest first. For this month the end is now.

    Overdue at a month's end: not closed then, and a time limit had passed that was not yet answered. The time limits
    are the kernel's deadlines; the hazards they belong to are those the actor may count.
    """
    days = Days(clock.now())
    firsts = months_back(days.month, months)
    source, params = inner(
        tallies(actor, where, permission).filter(what__in=[FOUND, CLOSED, LATE, OPEN]), "what", "day", "at", "n"
    )
    rows = fetch(
        f"""
        SELECT f.what, date_trunc('month', f.day::timestamp)::date AS month, sum(f.n)::bigint AS n
          FROM {source} AS f WHERE f.what <> %s AND f.day >= %s GROUP BY 1, 2
        UNION ALL
        SELECT %s, %s::date, coalesce(sum(f.n) FILTER (WHERE f.what = %s AND f.at < %s), 0)::bigint FROM {source} AS f
        UNION ALL
        SELECT 'reckoned', (SELECT s.day FROM tally_state s WHERE s.what = %s), 0
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [*params, OPEN, firsts[0], NOW, days.month, OPEN, days.now, *params, LATE],
    )
    counted = {(row["what"], row["month"]): row["n"] for row in rows}
    upto = next(month for what, month in counted if what == "reckoned")
    late = {first: counted.get((LATE, first), 0) for first in firsts}
    if upto is None or upto < firsts[-1]:
        facts, given = inner(hazards(actor, where, permission), *FIELDS)
        late = {row["day"]: row["n"] for row in fetch(*late_by_month(facts, list(given), firsts[:-1], grouped=""))}
    late[days.month] = counted[NOW, days.month]
    return tuple(Month(f, counted.get((FOUND, f), 0), counted.get((CLOSED, f), 0), late.get(f, 0)) for f in firsts)


def months_back(month: dt.date, months: int) -> list[dt.date]:
    """The first days of so many months up to this one, oldest first."""
    firsts = [month]
    while len(firsts) < months:
        firsts.append((firsts[-1] - dt.timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def late_by_month(source: str, params: list[Any], firsts: list[dt.date], *, grouped: str) -> tuple[str, list[Any]]:
    """SQL that counts what was overdue at the end of each of these months (day, n), grouped by further columns.

    Not closed then, and a time limit had passed that was not yet answered; time limits as they stand today.
    """
    ends = [clock.end_of((first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)) for first in firsts]
    return (
        f"""
        WITH f AS MATERIALIZED (SELECT * FROM {source} AS every),
        ends AS (SELECT * FROM unnest(%s::date[], %s::timestamptz[], %s::date[]) AS e(first, at, day)),
        late AS (
          SELECT d.subject_id, d.due_at, coalesce(d.paused_at, d.ended_at) AS stopped_at
          FROM {Deadline._meta.db_table} d
          WHERE d.subject_type = %s AND d.due_at < %s
            AND (coalesce(d.paused_at, d.ended_at) IS NULL
                 OR coalesce(d.paused_at, d.ended_at) > greatest(d.due_at, %s))
        )
        SELECT {grouped} e.first AS day, count(DISTINCT f.id) AS n
          FROM f JOIN late ON late.subject_id = f.id::text
          JOIN ends e ON late.due_at < e.at AND (late.stopped_at IS NULL OR late.stopped_at > e.at)
          WHERE NOT (f.state = %s AND f.closed_on <= e.day)
          GROUP BY {grouped} e.first
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [*params, firsts, ends, [clock.day_of(end) for end in ends], SUBJECT, ends[-1], ends[0], SHUT],
    )  # fmt: skip


@system_read("counts every region's hazards, for the kept numbers alone")
def reckon_late() -> None:
    """Reckon what was overdue at the ends of the past months anew, for every region and line; runs each night."""
    firsts = months_back(Days(clock.now()).month, MONTHS)
    rows = HazardFact.objects.everything(why="kept by region and line, read in the reader's own scope")
    facts, given = inner(rows, *FIELDS, "region_path", "sector")
    sql, params = late_by_month(facts, list(given), firsts[:-1], grouped="f.region_path, f.sector,")
    keeping.replace(LATE, sql, params, day=firsts[-1])


@system_read("asks when the months were reckoned")
def late_is_stale() -> bool:
    """Whether the past months were reckoned before this month began, or before a region was moved or merged."""
    known = keeping.reckoned(LATE)
    if known is None or known[1] < Days(clock.now()).month:
        return True
    return RegionChange.objects.filter(finished_at__gte=known[0]).exclude(kind="rename").exists()
