"""Whether every flow of every event of a database ran, once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg

from anlan.kernel.events.bus import FLOWS


def each_ran_once(connection: psycopg.Connection[Any]) -> Counter[str]:
    """How often each flow ran; fails unless that is once for every event it listens to, with a job for each."""
    told_of = connection.execute("SELECT id::text, event_type FROM events_event").fetchall()
    owed = Counter((event, flow.name) for event, kind in told_of for flow in FLOWS.get(kind, ()))
    ran = Counter(connection.execute("SELECT event_id::text, flow FROM events_delivery").fetchall())
    assert ran == owed, "every flow of every event ran once"
    jobs = connection.execute(
        "SELECT DISTINCT args ->> 'event_id', args ->> 'flow_name' FROM procrastinate_jobs"
        " WHERE task_name = 'events.run_flow'"
    ).fetchall()
    assert set(jobs) == set(owed), "no flow was left without its job, and no job has none"
    return Counter(name for _event, name in owed)
