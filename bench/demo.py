"""How long the demo city takes to make and how much room it takes, from a migrated, empty database to its statistics.

Prints a JSON list of {"name", "value", "unit", "goal", "ok"}, each with the method, the data and the machine. Scale 1
(the default) is what ``./run up`` loads; ``--scale 200`` makes 1,000,000 units and 4,000,000 hazards and takes some
40 GB of disk. The pictures of the stock are drawn anew, as on a fresh machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from typing import Any

NEEDS_DATABASE = True
# Seconds and GB for a scale; others are only measured.
GOALS: dict[float, tuple[float, float]] = {1.0: (60, 1), 200.0: (1200, 40)}


def machine() -> str:
    """Cores, memory, processor and versions: what a figure is worth nothing without."""
    from django.db import connection

    from anlan.runtime.embedded.sizing import cores, memory_mb

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return (
        f"{cores()} cores, {memory_mb() / 1024:.0f} GB, {platform.machine()}, Python {platform.python_version()}, "
        f"PostgreSQL {version}"
    )


def measure(scale: float) -> list[dict[str, Any]]:
    """Build the city once; its time, its size and what is in it."""
    from django.apps import apps
    from django.db import connection

    from anlan.runtime.demo.build import build

    began = time.perf_counter()

    def report(line: str) -> None:
        print(f"{time.perf_counter() - began:8.1f} s  {line}", file=sys.stderr, flush=True)

    build(scale=scale, report=report)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0] / 1e9
    time_goal, size_goal = GOALS.get(scale, (None, None))
    found: list[dict[str, Any]] = [
        _result("demo city made", round(seconds, 1), "s", time_goal),
        _result("database of the demo city", round(size, 2), "GB", size_goal),
    ]
    tables = ("registry.Unit", "hazards.Hazard", "journal.Entry", "deadlines.Deadline")
    for name in tables:
        rows = apps.get_model(name)._base_manager.count()
        found.append(_result(f"rows of {name}", rows, "rows", None))
    beside = {
        "method": "one run, wall time; server that flushes to the disk",
        "data": f"demo city of scale {scale:g}, built as of today",
        "machine": machine(),
    }
    return [result | beside for result in found]


def _result(name: str, value: float, unit: str, goal: float | None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "ok": None if goal is None else value <= goal}


def main() -> int:
    """1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 5,000 units and 20,000 hazards")
    results = measure(parser.parse_args().scale)
    print(json.dumps(results, ensure_ascii=False, indent=2))
    return 0 if all(result["ok"] is not False for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
