"""Twenty-four months: what was found, what was closed, what was overdue at each month's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import CLOSED, VOID, Days, fetch, hazards, inner

MONTHS = 24
SUBJECT = "hazards.hazard"


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
    firsts = [days.month]
    while len(firsts) < months:
        firsts.append((firsts[-1] - dt.timedelta(days=1)).replace(day=1))
    firsts.reverse()
    ends = [clock.end_of(first - dt.timedelta(days=1)) for first in firsts[1:]] + [days.now]
    source, params = inner(hazards(actor, where, permission), "id", "found_on", "closed_on", "state")
    rows = fetch(
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
        SELECT 'found' AS what, date_trunc('month', found_on::timestamp)::date AS month, count(*) AS n
          FROM f WHERE found_on >= %s AND state <> ALL(%s) GROUP BY 2
        UNION ALL
        SELECT 'closed', date_trunc('month', closed_on::timestamp)::date, count(*)
          FROM f WHERE closed_on >= %s AND state = %s GROUP BY 2
        UNION ALL
        SELECT 'overdue', e.first, count(DISTINCT f.id)
          FROM f JOIN late ON late.subject_id = f.id::text
          JOIN ends e ON late.due_at < e.at AND (late.stopped_at IS NULL OR late.stopped_at > e.at)
          WHERE NOT (f.state = %s AND f.closed_on <= e.day)
          GROUP BY 2
        """,  # noqa: S608 - the inside is the guarded queryset's own SQL, the rest is constant
        [
            *params, firsts, ends, [clock.day_of(end) for end in ends], SUBJECT, days.now, ends[0], firsts[0],
            list(VOID), firsts[0], CLOSED, CLOSED,
        ],
    )  # fmt: skip
    counted = {(row["what"], row["month"]): row["n"] for row in rows}
    return tuple(Month(f, *(counted.get((what, f), 0) for what in ("found", "closed", "overdue"))) for f in firsts)
