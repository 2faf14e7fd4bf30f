"""The land of the demo city: an invented island, cut into counties, towns and villages.

The outlines are Voronoi cells inside an invented coast; the codes begin with 99, which no real place uses.
"""

from __future__ import annotations

import math
import random
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, Polygon

from anlan.kernel.regions.models import Region, RegionKind
from anlan.kernel.regions.services import pinyin_key
from anlan.runtime.demo.world import World

CITY = ("澜州市", "999900")
COUNTIES = (("澜东区", "999901"), ("澜西区", "999902"), ("望海县", "999921"))
TOWNS = (
    ("云溪街道", "青石街道", "新港街道", "东岭镇", "白沙镇", "龙湾镇", "澜东经济开发区"),
    ("西湖街道", "锦江街道", "凤山镇", "大塘镇", "石桥镇", "柳林镇", "澜西化工园区"),
    ("望海镇", "北渡镇", "南屿镇", "桃源镇", "松岗镇", "金滩镇", "望海港区"),
)
FIRST = "和平新安长永福兴吉瑞清明秀春光泰宁丰乐仁义文德"
SECOND = "溪岗塘岭坪田河湖桥坑洲湾山林井泉园坝丘滩"
CENTRE = (113.55, 20.95)


def build(world: World) -> None:
    """Build the tree of regions with outlines: 1 city, 3 counties, 21 towns and parks, about 300 villages."""
    dice = world.dice("geography")
    island = _island(dice)
    city = Region.add_root(**_fields(*CITY, RegionKind.CITY, island))
    world.regions["city"] = city
    counties = _cut(island, len(COUNTIES), dice)
    for (name, code), land, towns in zip(COUNTIES, counties, TOWNS, strict=True):
        county = city.add_child(**_fields(name, code, RegionKind.COUNTY, land))
        world.regions[name] = county
        for number, (town_name, town_land) in enumerate(zip(towns, _cut(land, len(towns), dice), strict=True), 1):
            park = town_name.endswith("区") and not town_name.endswith("街道")
            town_code = f"{code}{400 + number if park else number if town_name.endswith('街道') else 100 + number:03d}"
            kind = RegionKind.PARK if park else RegionKind.TOWN
            town = county.add_child(**_fields(town_name, town_code, kind, town_land))
            world.towns.append(town)
            world.villages[town.path] = _villages(town, town_code, town_land, dice)
    world.report(f"regions: {Region.objects.count()}")


def reload(world: World) -> None:
    """Fill the world from a city that already stands."""
    world.regions["city"] = Region.objects.get(depth=1, name=CITY[0])
    for county in Region.objects.filter(kind=RegionKind.COUNTY).order_by("path"):
        world.regions[county.name] = county
    world.towns = list(Region.objects.filter(depth=3).order_by("path"))
    for town in world.towns:
        world.villages[town.path] = list(Region.objects.filter(path__startswith=town.path, depth=4).order_by("path"))


def random_point(land: Any, dice: random.Random) -> tuple[float, float]:
    """A point inside an outline, six decimals."""
    west, south, east, north = land.bounds
    while True:
        lon, lat = round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6)
        if shapely.contains_xy(land, lon, lat):
            return lon, lat


def _villages(town: Any, town_code: str, land: Polygon, dice: random.Random) -> list[Any]:
    count = dice.randint(12, 17)
    names: list[str] = []
    while len(names) < count:
        name = dice.choice(FIRST) + dice.choice(SECOND)
        if name not in names:
            names.append(name)
    suffix = "社区" if "街道" in town.name or town.kind == RegionKind.PARK else "村"
    made = []
    for number, (name, ground) in enumerate(zip(names, _cut(land, count, dice), strict=True), 1):
        fields = _fields(
            name + suffix, f"{town_code}{number if suffix == '社区' else 200 + number:03d}", RegionKind.VILLAGE, ground
        )
        made.append(town.add_child(**fields))
        town = Region.objects.get(pk=town.pk)
    return made


def _fields(name: str, code: str, kind: RegionKind, land: Any) -> dict[str, Any]:
    inside = land.representative_point()
    return {
        "name": name,
        "pinyin": pinyin_key(name),
        "kind": kind,
        "code": code.ljust(12, "0"),
        "lon": round(inside.x, 6),
        "lat": round(inside.y, 6),
        "outline": _geojson(land),
    }


def _geojson(land: Any) -> dict[str, Any]:
    return {
        "type": "Polygon",
        "coordinates": [[[round(x, 5), round(y, 5)] for x, y in land.exterior.coords]],
    }


def _island(dice: random.Random) -> Polygon:
    """A coast with bays: a circle disturbed by a few waves."""
    waves = [(k, dice.uniform(0, 2 * math.pi), dice.uniform(0.3, 1) * 0.16 / k**0.6) for k in (2, 3, 5, 8, 13)]
    ring = []
    for i in range(240):
        angle = 2 * math.pi * i / 240
        radius = 0.36 * (1 + sum(size * math.sin(k * angle + turn) for k, turn, size in waves))
        ring.append((CENTRE[0] + 1.25 * radius * math.cos(angle), CENTRE[1] + radius * math.sin(angle)))
    return Polygon(ring).buffer(0)


def _cut(land: Any, parts: int, dice: random.Random) -> list[Polygon]:
    """Cut land into that many pieces: Voronoi cells of points evened out by four rounds of Lloyd's method."""
    points = [Point(*random_point(land, dice)) for _ in range(parts)]
    pieces: list[Polygon] = []
    for _ in range(4):
        cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=land).geoms
        pieces = []
        for point in points:
            cell = next(c for c in cells if c.contains(point))
            piece = cell.intersection(land)
            if piece.geom_type != "Polygon":
                piece = max(piece.geoms, key=lambda g: g.area)
            pieces.append(piece)
        points = [p.representative_point() if not p.contains(p.centroid) else p.centroid for p in pieces]
    return sorted(pieces, key=lambda p: (round(-p.centroid.y, 3), p.centroid.x))
