"""Prevention at the size of a province: a mass balance over 10,000,000 movements, and the four-colour map of a city.

The ledger is made in the database by one statement: 20,000 units with five substances at one place each, a hundred
movements a stock over two years, every tenth one a stocktaking, one in fifty of those open. What is measured is what
the balance page and the API ask (``selectors.balance_rows``). Each part adds its figures to ``PARTS``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import runpy
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from anlan.runtime.bench import FOLDER, Figure

NEEDS_DATABASE = True
MOVEMENTS, BALANCE_S, UNIT_MS = 10_000_000, 60.0, 150.0
POINTS = 2_000_000
PER_STOCK, SUBSTANCES = 100, 5
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


def add(parser: argparse.ArgumentParser) -> None:
    """The size."""
    parser.add_argument("--movements", type=int, default=MOVEMENTS, help="movements in the ledger (10,000,000)")
    parser.add_argument("--points", type=int, default=POINTS, help="risk points of the city (2,000,000)")
    parser.add_argument("--only", choices=["balances", "colours"], help="one part alone")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Every part, in order."""
    if (chosen.movements, chosen.points) != (MOVEMENTS, POINTS):
        chosen.result = f"prevention-{chosen.only or 'parts'}-{chosen.movements}-{chosen.points}"
    elif chosen.only:
        chosen.result = f"prevention-{chosen.only}"
    found: list[Figure] = []
    for part in PARTS:
        if chosen.only in (None, part.__name__):
            found += part(chosen)
    return found


def balances(chosen: argparse.Namespace) -> list[Figure]:
    """The mass balance of a year: of every unit and substance, then of one unit."""
    from anlan.kernel.actor import Actor
    from anlan.modules.chemicals import selectors

    stocks = max(chosen.movements // PER_STOCK, SUBSTANCES)
    began = time.perf_counter()
    made = ledger(stocks)
    say(f"{made} movements made in {time.perf_counter() - began:.0f} s")
    actor = Actor.system("bench prevention")
    began = time.perf_counter()
    rows = list(selectors.balance_rows(actor, FIRST, LAST))
    seconds = time.perf_counter() - began
    wrong = sum(1 for row in rows if not adds_up(row))
    opened = sum(1 for row in rows if row["counted"])
    say(f"{len(rows)} balances, {opened} open, {wrong} that do not add up, {seconds:.1f} s")
    asked = functools.partial(selectors.balance_rows, actor, FIRST, LAST)
    one = median_ms(lambda: list(asked(holder=f"{stocks // SUBSTANCES // 2:032x}")))
    figure = functools.partial(Figure, data=f"{made} movements of {stocks} stocks over two years")
    once = "one run, the page's own statement, names left out"
    return [
        figure("mass balance of a year, every unit and substance", round(seconds, 1), "s", BALANCE_S, method=once),
        figure("balances that do not add up", wrong, "balances", 0, method="opening + in - out - closing = open, each"),
        figure("open balances found", opened, "balances", method="those with a stocktaking that differs"),
        figure("mass balance of a year, one unit", round(one, 1), "ms", UNIT_MS, method="median of 20"),
    ]


def colours(chosen: argparse.Namespace) -> list[Figure]:
    """The four-colour map at every zoom, and how soon it shows a change."""
    return list(runpy.run_path(str(FOLDER / "_map.py"))["figures"](chosen.points, say))


PARTS: list[Callable[[argparse.Namespace], list[Figure]]] = [balances, colours]


def adds_up(row: dict[str, Any]) -> bool:
    """Whether the parts of a balance make its whole."""
    moved = sum(row[name] or 0 for name in ("produced", "received", "moved", "used", "sold", "disposed", "lost"))
    return bool((row["opening"] or 0) + moved + (row["counted"] or 0) == (row["closing"] or 0))


def ledger(stocks: int) -> int:
    """Fill the ledger: places, stocks and movements, in three statements; answers how many movements there are."""
    from django.db import connection, transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.journal.record import bulk_load
    from anlan.kernel.regions.services import add_region
    from anlan.modules.chemicals.models import Movement, Substance, fill_catalogue
    from anlan.modules.registry.services import register_unit

    fill_catalogue()
    system = Actor.system("bench prevention")
    city = add_region(actor=system, parent=None, name="安州市", kind="city", code="998800")
    county = add_region(actor=system, parent=city, name="本县", kind="county", code="998801")
    town = add_region(actor=system, parent=county, name="城南镇", kind="town", code="998801001")
    unit = register_unit(
        actor=system, data={"name": "安州化工厂", "sector": "chem", "address": "化工路1号"}, region=town
    )
    substances = list(Substance.plain.order_by("code").values_list("pk", flat=True)[:SUBSTANCES])
    # What the balance reads is the unit's reference on each movement; the site itself is the same for all.
    with transaction.atomic(), bulk_load(system, "the benchmark's ledger"), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_site WHERE unit_id = %s", [unit.pk])
        (site,) = cursor.fetchone()
        given = {
            "site": site,
            "path": town.path,
            "stocks": stocks,
            "kept": substances,
            "per": PER_STOCK,
            "n": SUBSTANCES,
        }
        cursor.execute(PLACES, given)
        cursor.execute(STOCKS, given)
        cursor.execute(MOVED, given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE chemicals_movement")
    return Movement.plain.count()


PLACES = """
INSERT INTO chemicals_place (region_path, sector, holder, version, site_id, kind, name)
SELECT %(path)s, 'chem', lpad(to_hex(k / %(n)s), 32, '0'), 1, %(site)s, 'tank', 'T' || k
FROM generate_series(0, %(stocks)s - 1) k
"""
STOCKS = """
INSERT INTO chemicals_stock (region_path, sector, holder, version, place_id, substance_id, kg, basis)
SELECT region_path, sector, holder, 1, id, (%(kept)s::bigint[])[1 + substr(name, 2)::int %% %(n)s], 1000000, ''
FROM chemicals_place
"""
MOVED = """
INSERT INTO chemicals_movement (region_path, sector, holder, place_id, substance_id, kind, kg, "on", lot, counted_kg,
    counterpart, document, note, entered_at, by_name)
SELECT s.region_path, s.sector, s.holder, s.place_id, s.substance_id, w.kind,
    CASE WHEN m = 0 THEN 1000000 WHEN w.kind = 'counted' THEN CASE WHEN (s.id + m) %% 50 = 0 THEN -7 ELSE 0 END
        WHEN w.kind IN ('produced', 'received') THEN 900 + (s.id * 7 + m) %% 100 ELSE -(800 + (s.id * 3 + m) %% 90) END,
    date '2024-06-01' + m * 730 / %(per)s, '', CASE WHEN w.kind = 'counted' THEN 1000 END, '', '', '',
    timestamptz '2024-06-01 09:00+08' + m * interval '7 days', 'bench'
FROM chemicals_stock s, generate_series(0, %(per)s - 1) m,
    LATERAL (SELECT CASE WHEN m = 0 THEN 'opening' WHEN m %% 10 = 9 THEN 'counted'
        ELSE (ARRAY['produced', 'used', 'received', 'sold'])[1 + m %% 4] END AS kind) w
"""


def median_ms(ask: Callable[[], Any], times: int = 20) -> float:
    """The median of some calls, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def say(line: str) -> None:
    """How far it is."""
    print(line, file=sys.stderr, flush=True)
