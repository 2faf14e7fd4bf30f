"""How fast the law answers: every rule's examples, the due dates of a million hazards, a hundred thousand installations
graded anew; one core, no database.

A rule's time is that of its slowest example, from JSON to finding. The due dates are of rectification, review and
look-back, a third of the hazards each. An installation is five holdings of different substances and is graded by the
whole rule, from JSON to finding with its working.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import time

from anlan.rules import hazard_deadline
from anlan.rules.book import RULES
from anlan.rules.rule import Rule
from anlan.rules.tables import rows
from anlan.runtime.bench import Figure

RULE_MS, HAZARDS_S, INSTALLATIONS_S = 1.0, 60.0, 60.0
ROUNDS = 200


def add(parser: argparse.ArgumentParser) -> None:
    """The size."""
    parser.add_argument("--hazards", type=int, default=1_000_000, help="due dates to recompute (1,000,000)")
    parser.add_argument("--installations", type=int, default=100_000, help="installations to grade anew (100,000)")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Each rule, then the due dates, then the installations."""
    method = f"median of {ROUNDS} calls, JSON to finding, one core"
    rules = [
        Figure(f"rule {name}", round(_milliseconds(rule), 4), "ms", RULE_MS, method, "its slowest worked example")
        for name, rule in RULES.items()
    ]
    return [*rules, _hazards(chosen.hazards), _installations(chosen.installations)]


def _milliseconds(rule: Rule) -> float:
    slowest = 0.0
    for example in rule.examples:
        rule.apply(example.given, example.on)
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            rule.apply(example.given, example.on)
            times.append(time.perf_counter() - began)
        slowest = max(slowest, statistics.median(times))
    return slowest * 1000


def _hazards(count: int) -> Figure:
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
    seconds = round(time.perf_counter() - began, 2)
    data = f"{count} days of 2020 to 2026 with a fixed seed"
    return Figure("due dates of hazards", seconds, "s", HAZARDS_S, "one run, one core", data)


def _installations(count: int) -> Figure:
    luck = random.Random(18218)
    day = dt.date(2026, 3, 2)
    in_table_1 = {row["name"] for row in rows("gb18218_table1")}
    named = [row["name"] for row in rows("gb18218_table3") if row["name"] in in_table_1]
    grade = RULES["major_hazard"]
    held = [
        {
            "holdings": [{"substance": one, "tonnes": luck.randrange(1, 4000) / 10} for one in luck.sample(named, 5)],
            "exposed": luck.randrange(200),
        }
        for _ in range(count)
    ]
    began = time.perf_counter()
    for sent in held:
        grade.apply(sent, day)
    seconds = round(time.perf_counter() - began, 2)
    data = f"{count} units of 5 substances of Table 3 with a fixed seed"
    method = "one run, one core, JSON to finding"
    return Figure("installations graded anew", seconds, "s", INSTALLATIONS_S, method, data)
