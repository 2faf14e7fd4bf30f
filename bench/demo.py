"""How long the demo city takes to make and how much room it takes, from a migrated, empty database to its statistics.

Scale 200 is 1,000,000 units with 4,000,000 hazards, their journal and their deadlines; it takes some 40 GB of disk
(``TMPDIR`` says where). ``--scale 1`` is what ``./run up`` loads; its figures are kept as ``demo-1``. The pictures of
the stock are drawn anew, as on a fresh machine. The server flushes to the disk.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
FULL = 200.0
# Seconds and GB for a scale; others are only measured.
GOALS: dict[float, tuple[float, float]] = {1.0: (60, 1), FULL: (1200, 40)}
TABLES = ("registry.Unit", "registry.Site", "hazards.Hazard", "journal.Entry", "deadlines.Deadline")
LARGEST = 12


def add(parser: argparse.ArgumentParser) -> None:
    """The size."""
    parser.add_argument("--scale", type=float, default=FULL, help="1 is 5,000 units and 20,000 hazards")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Build the city once; its time, its size and what is in it."""
    from django.apps import apps
    from django.db import connection

    from anlan.runtime.demo.build import build

    scale = chosen.scale
    if scale != FULL:
        chosen.result = f"demo-{scale:g}"
    began = time.perf_counter()

    def report(line: str) -> None:
        print(f"{time.perf_counter() - began:8.1f} s  {line}", file=sys.stderr, flush=True)

    build(scale=scale, report=report)
    seconds = time.perf_counter() - began
    method = "one run, wall time, from the empty tables to their statistics; server that flushes to the disk"
    figure = functools.partial(Figure, method=method, data=f"demo city of scale {scale:g}, built as of today")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0] / 1e9
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid), pg_indexes_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT %s",
            [LARGEST],
        )
        tables = cursor.fetchall()
    time_goal, size_goal = GOALS.get(scale, (None, None))
    found = [
        figure("demo city made", round(seconds, 1), "s", time_goal),
        figure("database of the demo city", round(size, 2), "GB", size_goal),
    ]
    found += [figure(f"rows of {name}", apps.get_model(name)._base_manager.count(), "rows") for name in TABLES]
    for name, whole, indexes in tables:
        found.append(figure(f"table {name} with its indexes", round(whole / 1e9, 3), "GB"))
        found.append(figure(f"indexes of {name}", round(indexes / 1e9, 3), "GB"))
    return found
