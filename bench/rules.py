"""How fast the law answers: every rule's examples, and the due dates of a million hazards; one core, no database.

Prints a JSON list of {"name", "value", "unit", "goal", "ok"}, each with the method, the data and the machine.
``--hazards`` sets how many due dates are recomputed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import statistics
import time
from typing import Any

from anlan.rules import hazard_deadline
from anlan.rules.book import RULES

RULE_MS, HAZARDS_S = 1.0, 60.0
ROUNDS = 200


def rule_times() -> list[dict[str, Any]]:
    """The median time of each rule's slowest example, from JSON to finding."""
    found = []
    for name, rule in RULES.items():
        slowest = 0.0
        for example in rule.examples:
            rule.apply(example.given, example.on)
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                rule.apply(example.given, example.on)
                times.append(time.perf_counter() - began)
            slowest = max(slowest, statistics.median(times))
        found.append(_result(f"rule {name}", round(slowest * 1000, 4), "ms", RULE_MS))
    return found


def hazard_days(count: int) -> dict[str, Any]:
    """The time to recompute rectification, review and look-back dates, a third of the hazards each."""
    luck = random.Random(20260302)
    first = dt.date(2020, 1, 1)
    days = [first + dt.timedelta(days=luck.randrange(2500)) for _ in range(count)]
    began = time.perf_counter()
    for at, day in enumerate(days):
        if at % 3 == 0:
            hazard_deadline.rectification_due(None, None, day)
        elif at % 3 == 1:
            hazard_deadline.review_due(day)
        else:
            hazard_deadline.look_back_due(day)
    return _result(f"due dates of {count} hazards", round(time.perf_counter() - began, 2), "s", HAZARDS_S)


def _result(name: str, value: float, unit: str, goal: float) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "ok": value <= goal}


def main() -> int:
    """1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hazards", type=int, default=1_000_000, help="due dates to recompute (1,000,000)")
    beside = {
        "method": f"median of {ROUNDS} calls, JSON to finding; due dates: one run; one core",
        "data": "worked examples of the book; days drawn from 2020 to 2026 with a fixed seed",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    results = [result | beside for result in [*rule_times(), hazard_days(parser.parse_args().hazards)]]
    print(json.dumps(results, ensure_ascii=False, indent=2))
    return 0 if all(result["ok"] for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
