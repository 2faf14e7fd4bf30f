"""Build the demo city into an empty database: `anlan demo [--scale N] [--seed N] [--as-of DATE]`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys


def add(parser: argparse.ArgumentParser) -> None:
    """Size, dice and day."""
    from anlan.runtime.demo.world import DEFAULT_SEED

    parser.add_argument(
        "--scale", type=float, default=1.0, help="1: 5,000 units and 20,000 hazards; beyond, it is multiplied"
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed and day make the same city")
    parser.add_argument(
        "--as-of", type=dt.date.fromisoformat, default=None, metavar="DATE", help="the city's day (default: today)"
    )


def handle(arguments: argparse.Namespace) -> int:
    """Build, unless something is there."""
    from anlan.kernel.regions.models import Region
    from anlan.runtime.demo.build import build

    if not arguments.scale > 0:
        print("The scale must be greater than 0.", file=sys.stderr)
        return 2
    if Region.objects.exists():
        print(
            "The database holds regions already. The demo city is built into an empty database only.", file=sys.stderr
        )
        return 2
    build(seed=arguments.seed, as_of=arguments.as_of, scale=arguments.scale, report=print)
    return 0
