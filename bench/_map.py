"""The four-colour map of a city: half as many units as risk points, over 12 counties, 180 towns and 2,700 villages.

Land, units, sites, assessments, points and changes of colour are made in the database by a statement each. Every zoom
is asked as a browser asks it: the page with why a place has its colour, and the areas (in a village: the points) that
the map draws, by an officer of the city, one region after another, both ways of colouring by turns. Meanwhile the
changes of a busy minute lie beside the kept numbers, not folded yet. Then one point is struck off, and the city's page
is asked until it shows it.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from anlan.runtime.bench import Figure

MOST_MS, FRESH_S = 300.0, 60.0
CALLS, LEAST, MOST_S = 120, 20, 60  # requests of a zoom; fewer once they took a minute, never fewer than the least
A_MINUTE = 600  # changes of a busy minute
COUNTIES, TOWNS, VILLAGES = 12, 15, 15
CORNERS = 40  # of an outline, a side
ZOOMS = {2: "county", 3: "town", 4: "village"}
NAME = "安原市"


def figures(points: int, say: Callable[[str], None]) -> list[Figure]:
    """Every figure of the map."""
    from django.urls import reverse

    from anlan.kernel.actor import Actor
    from anlan.kernel.regions.models import Region
    from anlan.kernel.tallies.keeping import compare, fold
    from anlan.modules.risks import services
    from anlan.modules.risks.models import RiskPoint

    system = Actor.system("bench prevention")
    began = time.perf_counter()
    city = land(system)
    made = fill(system, city, points)
    say(f"{made} risk points made in {time.perf_counter() - began:.0f} s")
    client = reader(city)
    dice = random.Random(20260701)
    zooms = {"city": [city.path]}
    for depth, name in ZOOMS.items():
        zooms[name] = list(
            Region.objects.filter(path__startswith=city.path, depth=depth)
            .order_by("path")
            .values_list("path", flat=True)
        )
    changed = a_minute(made)
    found: list[Figure] = []
    data = f"{made} points of {points // 2} units in {sum(len(v) for v in zooms.values())} regions"
    for zoom, paths in zooms.items():
        for what, name in (("page", "risks:map"), ("what is drawn", "risks:map-data")):
            ask(client, reverse(name), paths[0], "highest")
            taken: list[float] = []
            while len(taken) < LEAST or (len(taken) < CALLS and sum(taken) < MOST_S * 1000):
                taken.append(ask(client, reverse(name), dice.choice(paths), ("highest", "share")[len(taken) % 2]))
            p95 = statistics.quantiles(taken, n=20)[-1]
            method = f"p95 of {len(taken)} requests, {changed} changes not folded yet"
            found.append(Figure(f"four-colour map, {zoom}, {what}", round(p95, 1), "ms", MOST_MS, method, data))
            say(f"{zoom}, {what}: median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")
    began = time.perf_counter()
    folded = fold()
    say(f"{folded} differences folded in {time.perf_counter() - began:.1f} s")
    point = RiskPoint.plain.filter(region_path__startswith=city.path, state="in_force").order_by("-pk")[0]
    address = f"{reverse('risks:map')}?region={city.path}"
    before = shown(client, address)
    services.close_point(actor=system, point=point.pk, reason="设备已拆除")
    began = time.perf_counter()
    while shown(client, address) != before - 1:
        if time.perf_counter() - began > 2 * FRESH_S:
            raise SystemExit("the map does not show the change")
    late = time.perf_counter() - began
    fold()
    if shown(client, address) != before - 1:
        raise SystemExit("the map lost the change when it was folded")
    method = "from the act's commit until the city's page shows it; differences count as soon as they are written"
    found.append(Figure("four-colour map, a change is shown after", round(late, 2), "s", FRESH_S, method, data))
    differing = len(compare(["risks"]))
    method = "the nightly comparison, after all of this"
    found.append(Figure("kept numbers of points that differ from the points", differing, "cells", 0, method, data))
    return found


def ask(client: Any, address: str, path: str, way: str) -> float:
    """The milliseconds of one request; any answer but 200 is an error."""
    began = time.perf_counter()
    answer = client.get(address, {"region": path, "way": way})
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or not answer.content:
        raise SystemExit(f"{address} of {path} answered {answer.status_code}")
    return taken


def shown(client: Any, address: str) -> int:
    """How many points the page counts."""
    from anlan.kernel.regions import reach
    from anlan.modules.risks import selectors

    answer = client.get(address)
    actor = answer.wsgi_request.actor
    place = reach.place(actor, answer.wsgi_request.GET["region"], permission="risks.map")
    total: int = selectors.coloured(actor, place)[0].total
    if f"{total:,}" not in answer.content.decode():
        raise SystemExit("the page counts something else than the numbers")
    return total


def land(system: Any) -> Any:
    """A city cut into squares; every region has an outline."""
    from anlan.kernel.regions.models import Region
    from anlan.kernel.regions.services import add_region

    side = math.isqrt(COUNTIES - 1) + 1
    city = add_region(
        actor=system, parent=None, name=NAME, kind="city", code="998700", outline=square(112, 24, side * 0.5)
    )
    rows, step = [], 0.5
    for c in range(COUNTIES):
        x, y = 112 + step * (c % side), 24 + step * (c // side)
        county = row(city.path, 1, c + 1, f"原{c + 1}县", "county", f"9987{c + 1:02d}", TOWNS, square(x, y, step))
        rows.append(county)
        for t in range(TOWNS):
            u, v = x + 0.125 * (t % 4), y + 0.125 * (t // 4)
            code = f"9987{c + 1:02d}{t + 1:03d}"
            town = row(county.path, 2, t + 1, f"第{t + 1}镇", "town", code, VILLAGES, square(u, v, 0.125))
            rows.append(town)
            for n in range(VILLAGES):
                w, z = u + 0.03125 * (n % 4), v + 0.03125 * (n // 4)
                outline = square(w, z, 0.03125)
                rows.append(row(town.path, 3, n + 1, f"{n + 1}村", "village", f"{code}{n + 1:03d}", 0, outline))
    Region.objects.bulk_create(rows, batch_size=500)
    Region.objects.filter(pk=city.pk).update(numchild=COUNTIES)
    return city


def row(above: str, depth: int, number: int, name: str, kind: str, code: str, below: int, outline: Any) -> Any:
    """A region that is not saved yet."""
    from anlan.kernel.regions.models import Region

    path = Region._get_path(above, depth + 1, number)
    return Region(
        path=path, depth=depth + 1, numchild=below, name=name, kind=kind, code=code.ljust(12, "0"), outline=outline
    )


def square(x: float, y: float, side: float) -> dict[str, Any]:
    """An outline with as many corners as a surveyed one."""
    part = [side * n / CORNERS for n in range(CORNERS)]
    wave = [0.02 * side * math.sin(n) for n in range(CORNERS)]
    ring = [[x + p, y + w] for p, w in zip(part, wave, strict=True)]
    ring += [[x + side + w, y + p] for p, w in zip(part, wave, strict=True)]
    ring += [[x + side - p, y + side + w] for p, w in zip(part, wave, strict=True)]
    ring += [[x + w, y + side - p] for p, w in zip(part, wave, strict=True)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def fill(system: Any, city: Any, points: int) -> int:
    """Units, sites, points with their assessments and changes, by a statement each; answers how many points there are."""
    from django.db import connection, transaction

    from anlan.kernel import clock
    from anlan.kernel.journal.record import bulk_load
    from anlan.kernel.tallies.keeping import compare, fold
    from anlan.modules.registry.models import Site, Unit
    from anlan.modules.risks.models import Assessment, ColourChange, RiskPoint
    from anlan.runtime.demo.multiply import bare

    given = {"city": city.path, "units": points // 2, "points": points, "today": clock.today()}
    tables: list[Any] = [Unit, Site, RiskPoint, Assessment, ColourChange]
    with transaction.atomic(), bulk_load(system, "the benchmark's city"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        with bare(cursor, tables):
            for statement in (VILLAGES_OF, UNITS, SITES, NUMBERED, ASSESSMENTS, RISKS, CHANGES):
                cursor.execute(statement, given)
            cursor.execute("DROP TABLE bench_village, bench_point")
    compare(["registry", "risks"])
    fold()
    with connection.cursor() as cursor:
        for table in ("registry_unit", "registry_site", "risks_riskpoint", "risks_colourchange", "tally_cell",
                      "tally_delta"):  # fmt: skip
            cursor.execute(f"VACUUM ANALYZE {table}")
    return RiskPoint.plain.filter(region_path__startswith=city.path).count()


def a_minute(points: int) -> int:
    """The changes of a busy minute, one statement and transaction each; answers how many."""
    from django.db import connection

    changes = min(A_MINUTE, points)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM risks_riskpoint")
        last = cursor.fetchone()[0]
        for number in range(changes):
            cursor.execute(
                "UPDATE risks_riskpoint SET shown = CASE shown WHEN 'blue' THEN 'yellow' ELSE 'blue' END WHERE id = %s",
                [last - number * (points // changes)],
            )
    return changes


def reader(city: Any) -> Any:
    """A browser of an officer of the city."""
    from django.test import Client

    from anlan.kernel.identity.models import Grant, User

    user = User.objects.create_user("map-reader", "Anlan-Bench-2026", name="科员")
    Grant.objects.create(user=user, role="city_officer", region=city, valid_from=dt.date(2020, 1, 1))
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


VILLAGES_OF = """
CREATE TEMP TABLE bench_village ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY path) - 1 AS n, id, path, count(*) OVER () AS many,
       (outline->'coordinates'->0->0->>0)::float AS lon, (outline->'coordinates'->0->0->>1)::float AS lat
FROM regions_region WHERE starts_with(path, %(city)s) AND depth = 4
"""
UNITS = """
INSERT INTO registry_unit (region_path, sector, holder, version, kind, name, name_key, pinyin, uscc, provisional_number,
    registered_address, business_scope, entered_at, search_text)
SELECT v.path, LINES[1 + k %% array_length(LINES, 1)], 'b' || lpad(to_hex(k), 31, '0'), 1, 'unstated', '安原第' || k || '厂',
    'anyuan' || k, '', '', 'TMP' || lpad(k::text, 14, '0') || 'A', '', '', now(), ''
FROM generate_series(0, %(units)s - 1) k JOIN bench_village v ON v.n = k %% v.many ORDER BY k
""".replace(
    "LINES",
    "(ARRAY['chem','mining','construction','gas','traffic','fireworks','fire','industry_trade','port','power','other'])",
)
SITES = """
INSERT INTO registry_site (region_path, sector, holder, version, unit_id, serial, is_main, name, pinyin, region_id, address,
    address_key, lon, lat, industry, trade, scale, flags, status, entered_at, search_text)
SELECT u.region_path, u.sector, u.holder, 1, u.id, 1, true, u.name, '', v.id, '', '', v.lon + 0.0005 * (u.id %% 60),
    v.lat + 0.0005 * (u.id / 60 %% 60), '', '', 'small', '{}', 'operating', now(), ''
FROM registry_unit u JOIN bench_village v ON v.path = u.region_path ORDER BY u.id
"""
NUMBERED = """
CREATE TEMP TABLE bench_point ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('risks_riskpoint', 'id')) AS id,
       nextval(pg_get_serial_sequence('risks_assessment', 'id')) AS assessment_id,
       s.id AS site_id, s.region_path, s.sector, s.holder, s.lon, s.lat, k,
       CASE (s.id * 7 + k * 13) %% 20 WHEN 0 THEN 'red' WHEN 1 THEN 'orange' WHEN 2 THEN 'orange' WHEN 3 THEN 'yellow'
           WHEN 4 THEN 'yellow' WHEN 5 THEN 'yellow' ELSE 'blue' END AS colour,
       (s.id * 11 + k * 3) %% 25 = 0 AS raised, %(today)s::date - ((s.id * 3 + k * 17) %% 700)::int AS day
FROM registry_site s CROSS JOIN generate_series(1, 2) k
WHERE s.holder LIKE 'b%%' AND starts_with(s.region_path, %(city)s) ORDER BY s.id, k
"""
ASSESSMENTS = """
INSERT INTO risks_assessment (id, region_path, sector, holder, point_id, number, inherent, residual, control_level,
    responsible, note, finding, assessed_at, assessed_by, in_force_at, approved_by)
SELECT assessment_id, region_path, sector, holder, id, 1, 'red', colour, 'company', '主要负责人', '', '{}', day, '', day, ''
FROM bench_point ORDER BY id
"""
RISKS = """
INSERT INTO risks_riskpoint (id, region_path, sector, holder, version, state, number, site_id, name, kind, identification,
    place, people, emergency_phone, lon, lat, assessment_id, inherent, residual, raised, raised_on, shown, control_level,
    responsible, accident_classes, assessed_on, counted_from, card_token, created_at, search_text)
SELECT id, region_path, sector, holder, 1, 'in_force', 'FXB-' || id, site_id, '风险点' || k, 'place', 'jha', '', 1, '', lon, lat,
    assessment_id, 'red', colour, CASE WHEN raised THEN 'red' ELSE '' END, CASE WHEN raised THEN day END,
    CASE WHEN raised THEN 'red' ELSE colour END, 'company', '主要负责人', '{}', day, day, '', day, ''
FROM bench_point ORDER BY id
"""
CHANGES = """
INSERT INTO risks_colourchange (region_path, sector, holder, point_id, before, after, "on", at, why, steps)
SELECT region_path, sector, holder, id, '', colour, day, day, 'assessed', '[]' FROM bench_point ORDER BY day, id
"""
