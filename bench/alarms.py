"""How many readings a second the alarm engine judges on one core, and whether that holds from 3,000 to 300,000 tags.

Every tag has four settings (high with a delay, high-high, no data, stuck). *Quiet*: readings within their limits.
*Busy*: one tag in a hundred stands over both of its limits.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from anlan.modules.alarms.engine import Engine, Setting
from anlan.runtime.bench import Figure

BATCH = 100_000
START = 1_763_308_800_000
SMALL, LARGE = 3_000, 300_000
GOAL_NS, GOAL_RATIO = 333.0, 1.5  # three million readings a second; flat in the number of tags


def add(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument("--readings", type=int, default=6_000_000, help="readings judged in each run")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Small and large, quiet and busy; and what one tick and one checkpoint take at the large size."""
    method = f"Engine.feed in batches of {BATCH:,}, one core, the first batch left out"
    found, cost = [], {}
    for name, share in (("quiet", 0.0), ("busy", 0.01)):
        for tags in (SMALL, LARGE):
            nanoseconds, tick, dump = judge(tags, chosen.readings, share)
            cost[name, tags] = nanoseconds
            data = f"{tags:,} tags, four settings each, {share:.0%} of them over their limits"
            found.append(Figure(f"a reading, {name}, {tags:,} tags", nanoseconds, "ns", GOAL_NS, method, data))
            if tags == LARGE and name == "busy":
                found.append(Figure("a tick", tick, "ms", 20.0, "Engine.tick", data))
                found.append(Figure("a checkpoint of the engine", dump, "ms", None, "Engine.dump", data))
    ratio = round(cost["quiet", LARGE] / cost["quiet", SMALL], 2)
    found.append(Figure("cost at 300,000 tags over that at 3,000", ratio, "times", GOAL_RATIO, method, "quiet"))
    return found


def judge(tags: int, readings: int, standing: float) -> tuple[float, float, float]:
    """Nanoseconds a reading, milliseconds of a tick and of a dump; ``standing`` is the share over limits."""
    engine = Engine(limits(tags))
    random = np.random.default_rng(7)
    good, late = np.zeros(BATCH, np.int8), np.zeros(BATCH, dtype=bool)
    over = np.zeros(tags, dtype=bool)
    over[: int(tags * standing)] = True
    spent = 0.0
    batches = max(2, readings // BATCH)
    for number in range(batches):
        count = np.arange(BATCH, dtype=np.int64) + number * BATCH
        named = count % tags
        ts = START + count // tags * 5000 + random.integers(0, 1000, BATCH)
        values = np.round(random.normal(50, 3, BATCH), 1) + over[named] * 45
        tags32 = named.astype(np.int32)
        began = time.perf_counter()
        engine.feed(tags32, ts, values, good, late, 0)
        if number:
            spent += time.perf_counter() - began
    now = START + batches * BATCH // tags * 5000
    engine.tick(now)
    began = time.perf_counter()
    engine.tick(now)
    ticked = time.perf_counter()
    engine.dump()
    dumped = time.perf_counter()
    each = spent / ((batches - 1) * BATCH) * 1e9
    return round(each, 1), round((ticked - began) * 1000, 2), round((dumped - ticked) * 1000, 1)


def limits(tags: int) -> list[Setting]:
    """Four settings a tag."""
    found = []
    for tag in range(tags):
        found += [
            Setting(tag * 4, tag, "high", 80.0, on_delay_ms=2000, dead_band=1.0),
            Setting(tag * 4 + 1, tag, "high_high", 90.0, dead_band=1.0),
            Setting(tag * 4 + 2, tag, "no_data", 600.0),
            Setting(tag * 4 + 3, tag, "stuck", 3600.0),
        ]
    return found
