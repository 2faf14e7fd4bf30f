"""How fast the hazard list answers when it is long: the queries of the list page, the search, the figures of a region.

Prints a JSON list of {"name", "value", "unit", "goal", "ok"}. ``--rows`` sets how many hazards there are (4,000,000 by
default, one in ten of them open; shorten it for a trial). Times are the median of five, the first call left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

NEEDS_DATABASE = True
PHRASES = (
    "灭火器压力不足", "配电箱未上锁线路老化", "安全出口堆放杂物", "特种作业人员未持证上岗", "除尘系统未设泄爆装置",
    "有限空间未设警示标志",
    "空压机安全阀未校验", "危化品混存未分区", "临边护栏缺失", "动火作业未审批", "氨机房报警器失效", "叉车无证驾驶",
)  # fmt: skip

FILL = """
INSERT INTO hazards_hazard (
  region_path, sector, holder, version, state, number, site_id, owner_path, owner_sector, offered_path, offered_sector,
  source, by_unit, found_on, found_by, title, description, place, category, proposed_grade, proposed_measures,
  responsible, grade, judgement, clause_set, clause_version, clause_code, clause, rectify_due, rectify_basis,
  order_number, requirements, settled, plan, plan_approved_at, measures, rectified_by, accepted_at, accepted_by,
  reported_regulator_on, reported_workers_on, evaluated_on, evaluated_by, evaluation, closed_at, listing_level,
  returned, reopened, extended, state_before, due_at, due_kind, created_at, search_text, words)
SELECT s.region_path, s.sector, s.holder, 1,
  CASE WHEN mod(n, 10) = 0 THEN (ARRAY['registered', 'rectifying', 'in_review'])[1 + mod(n, 3)] ELSE 'closed' END,
  'YH-' || n, s.id, s.town, s.sector, '', '', 'inspection', false, current_date - (mod(n, 1400))::int, '',
  p.text || n, p.text, '', 'fire', '', '', '',
  CASE WHEN mod(n, 10) = 0 AND mod(n, 3) = 0 THEN '' WHEN mod(n, 50) IN (7, 10) THEN 'major' ELSE 'general' END,
  '', '', '', '', '', current_date - (mod(n, 1400))::int + 15, '', '', '', '{}', '{}', now(), '', 'user:1', now(),
  'user:2', current_date, current_date, current_date, '', '',
  CASE WHEN mod(n, 10) = 0 THEN NULL ELSE now() END, '', 0, 0, 0, '',
  CASE WHEN mod(n, 10) = 0 THEN now() + ((mod(n, 600))::int / 10 - 20) * interval '1 day' END, 'rectify', now(),
  p.text || n, p.words
FROM generate_series(FIRST, LAST) AS n
JOIN bench_sites s ON s.at = mod(n, SITES)
JOIN bench_phrases p ON p.at = mod(n, PHRASES)
"""


def build(rows: int) -> dict[str, Any]:
    """A city of three counties and thirty towns with its sites, and the hazards."""
    import pgtrigger
    from django.apps import apps
    from django.db import connection, transaction

    from anlan.kernel.actor import Actor, Grant
    from anlan.kernel.journal.record import bulk_load
    from anlan.kernel.regions.models import Region
    from anlan.rules.overlap import bigrams

    Unit, Site = apps.get_model("registry.Unit"), apps.get_model("registry.Site")
    city = Region.add_root(name="安澜市", kind="city", code="449900000000")
    towns = []
    for c in range(3):
        county = Region.objects.get(pk=city.pk).add_child(name=f"第{c}县", kind="county")
        towns += [Region.objects.get(pk=county.pk).add_child(name=f"{c}{t}镇", kind="town") for t in range(10)]
    sites = []
    for at in range(3_000):
        town = towns[at % 30]
        unit = Unit(name=f"第{at}厂", name_key=str(at), provisional_number=f"TMP{at:014d}0", region_path=town.path)
        unit.sector = ("industry_trade", "chem", "fire")[at % 3]
        unit.save()
        site = Site(unit=unit, name="一厂", region=town, region_path=town.path, sector=unit.sector, holder=unit.holder)
        site.save()
        sites.append((at, site.pk, town.path, unit.sector, unit.holder))
    with transaction.atomic(), bulk_load(Actor.system("bench"), "benchmark"), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_sites (at int, id bigint, region_path text, sector text, holder text, town text)"
        )
        cursor.executemany("INSERT INTO bench_sites VALUES (%s, %s, %s, %s, %s, %s)", [(*s, s[2]) for s in sites])
        cursor.execute("CREATE TEMP TABLE bench_phrases (at int, text text, words varchar(2)[])")
        cursor.executemany(
            "INSERT INTO bench_phrases VALUES (%s, %s, %s)",
            [(at, text, sorted(bigrams(text))) for at, text in enumerate(PHRASES)],
        )
        with pgtrigger.ignore("hazards.Hazard:insert_insert"):
            for first in range(0, rows, 250_000):
                sizes = {
                    "FIRST": first,
                    "LAST": min(first + 250_000, rows) - 1,
                    "SITES": len(sites),
                    "PHRASES": len(PHRASES),
                }
                statement = FILL
                for word, size in sizes.items():
                    statement = statement.replace(word, str(size))
                cursor.execute(statement)
                print(f"{min(first + 250_000, rows):,} rows", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE hazards_hazard")
    may = frozenset({"hazards.view", "registry.view"})

    def actor(path: str, sector: str = "") -> Actor:
        return Actor(key="user:1", name="bench", user_id=1, grants=(Grant("bench", may, path, sector),))

    return {
        "town": actor(towns[0].path),
        "county": actor(towns[0].path[:8]),
        "city": actor(city.path),
        "line": actor(city.path, "chem"),
    }


def median(run: Callable[[], Any]) -> float:
    """Milliseconds of the median of five calls, the first left out."""
    times = []
    for _ in range(6):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:])


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4_000_000)
    chosen = parser.parse_args()
    actors = build(chosen.rows)

    from anlan.kernel import clock
    from anlan.modules.hazards import selectors
    from anlan.modules.hazards.workflow import OPEN_STATES

    def page(rows: Any, *order: str) -> Callable[[], Any]:
        return lambda: list(rows.order_by(*order)[:25])

    told = []
    for name, actor in actors.items():
        rows = selectors.hazards(actor)
        is_open = rows.filter(state__in=OPEN_STATES)
        for what, run, goal in (
            ("newest first", page(rows, "-found_on", "-pk"), 50),
            ("overdue, soonest due first", page(is_open.filter(due_at__lt=clock.now()), "due_at", "pk"), 50),
            ("to be reviewed, soonest due first", page(rows.filter(state="in_review"), "due_at", "pk"), 50),
            ("search for two characters", page(selectors.matching(rows, "泄爆"), "-found_on", "-pk"), 200),
            ("search for what is not there", page(selectors.matching(rows, "仓库"), "-found_on", "-pk"), 50),
            ("count up to the ceiling", lambda rows=rows: rows.order_by()[:10_001].count(), 200),
            ("open majors", page(is_open.filter(grade="major"), "due_at", "pk"), 100),
        ):
            value = median(run)
            told.append(
                {"name": f"{name}: {what}", "value": round(value, 1), "unit": "ms", "goal": goal, "ok": value <= goal}
            )
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
