"""Layers of a map. Coordinates are WGS-84 degrees; outlines come from the tree of regions and are public.

The front end takes ``{"bounds"?, "layers": [{"id", "kind", "data", "cluster"?}], "legend"?}``; a feature's properties
are ``name``, ``tone``, ``url``, ``label``, ``lines``, ``mark``. The tone "hollow" is drawn as an outline alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.utils.encoding import force_str
from shapely.geometry import mapping, shape

from anlan.kernel.actor import Actor
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import within
from anlan.ui import formats
from anlan.ui.forms.fields import reachable

TOLERANCE = 0.0008  # degrees, about 80 m: a county outline shrinks to a few kilobytes
MOST_POINTS = 5_000
METRES_A_DEGREE = 111_320


@dataclass(frozen=True)
class Shade:
    """One step of a scale: values from ``least`` on get the tone and stand in the legend under the label."""

    least: float
    tone: str
    label: Any


@lru_cache(maxsize=2048)
def _simplified(packed: bytes, tolerance: float) -> dict[str, Any]:
    geometry = shape(orjson.loads(packed)).simplify(tolerance, preserve_topology=True)
    return _rounded(mapping(geometry))  # type: ignore[no-any-return]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, Mapping):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_rounded(v) for v in value]
    return value


def simplified(outline: Mapping[str, Any], tolerance: float = TOLERANCE) -> dict[str, Any]:
    """An outline with fewer corners, rounded to a metre; remembered, since outlines seldom change."""
    return _simplified(orjson.dumps(outline), tolerance)


def outline_of(region: Region, tolerance: float = TOLERANCE) -> dict[str, Any] | None:
    """A region's geometry for a map: its outline, else its point, else None."""
    if region.outline:
        return simplified(region.outline, tolerance)
    if region.lon is None or region.lat is None:
        return None
    return {"type": "Point", "coordinates": [round(region.lon, 6), round(region.lat, 6)]}


def regions(
    actor: Actor,
    permission: str,
    path: str,
    values: Mapping[str, float | int | None],
    *,
    shades: Sequence[Shade] = (),
    unit: Any = "",
    url: Callable[[Region], str] | None = None,
    lines: Callable[[Region], Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The regions one level below ``path`` that the actor reaches, each in the tone of its value.

    ``values`` maps region paths to figures (absent: no data). ``shades`` from low to high; ``url(region)`` is where a
    click leads.
    """
    depth = len(path) // Region.steplen + 1
    rows = reachable(actor, permission).filter(within("path", path), depth=depth)
    features = []
    for region in rows:
        geometry = outline_of(region)
        if geometry is None:
            continue
        value = values.get(region.path)
        said = [f"{formats.number(value)}{f' {force_str(unit)}' if unit else ''}"]
        properties: dict[str, Any] = {
            "name": region.name,
            "tone": _tone(value, shades),
            "label": formats.number(value) if value is not None else "",
            "lines": [*said, *(lines(region) if lines else ())],
        }
        if url is not None:
            properties["url"] = url(region)
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return {
        "layers": [{"id": "regions", "kind": "area", "data": {"type": "FeatureCollection", "features": features}}],
        "legend": [{"label": force_str(s.label), "tone": s.tone} for s in shades],
    }


def _tone(value: float | int | None, shades: Sequence[Shade]) -> str:
    tone = "grey"
    for shade in shades:
        if value is not None and value >= shade.least:
            tone = shade.tone
    return tone


def points(
    rows: Iterable[Any],
    *,
    name: Callable[[Any], str],
    url: Callable[[Any], str] | None = None,
    tone: Callable[[Any], str] | None = None,
    lines: Callable[[Any], Sequence[str]] | None = None,
    at: Callable[[Any], tuple[float | None, float | None]] | None = None,
    more: Callable[[Any], Mapping[str, Any]] | None = None,
    cluster: bool = True,
    layer: str = "points",
) -> dict[str, Any]:
    """Points of admitted rows, at most ``MOST_POINTS`` (``lon``/``lat`` fields unless ``at`` says otherwise).

    ``more(row)`` are further properties: ``mark``, a sign on the point, and ``rank``, by which the worst of points
    drawn as one is found in the layer's ``worst`` (rank, tone).
    """
    where = at or (lambda row: (row.lon, row.lat))
    features = []
    for row in rows:
        lon, lat = where(row)
        if lon is None or lat is None:
            continue
        properties: dict[str, Any] = {"name": name(row), "tone": tone(row) if tone else "blue"}
        if url is not None:
            properties["url"] = url(row)
        if lines is not None:
            properties["lines"] = list(lines(row))
        if more is not None:
            properties.update(more(row))
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Point", "coordinates": [round(float(lon), 6), round(float(lat), 6)]},
            }
        )
        if len(features) >= MOST_POINTS:
            break
    return {
        "id": layer,
        "kind": "point",
        "cluster": cluster,
        "data": {"type": "FeatureCollection", "features": features},
    }


def areas(told: Iterable[tuple[Region, Mapping[str, Any]]], layer: str = "parts") -> dict[str, Any]:
    """Regions as areas, each with its properties besides the name; those without a geometry are left out."""
    features = []
    for region, properties in told:
        geometry = outline_of(region)
        if geometry is not None:
            features.append(
                {"type": "Feature", "geometry": geometry, "properties": {"name": region.name, **properties}}
            )
    return {"id": layer, "kind": "area", "data": {"type": "FeatureCollection", "features": features}}


def around(region: Region, tone: str = "grey") -> list[dict[str, Any]]:
    """The outline of the region looked at, in a tone, beneath what is drawn in it; nothing where it has none."""
    whole = Region.objects.get(pk=region.pk)
    if not whole.outline:
        return []
    return [areas([(whole, {"tone": tone})], "around")]


def circle(
    lon: float, lat: float, metres: float, *, name: str, tone: str = "red", layer: str = "circle"
) -> dict[str, Any]:
    """A ring of so many metres around a point, as an area of 64 corners."""
    north = metres / METRES_A_DEGREE
    east = north / max(math.cos(math.radians(lat)), 0.01)
    turns = [2 * math.pi * corner / 64 for corner in range(65)]
    ring = [[round(lon + east * math.cos(a), 6), round(lat + north * math.sin(a), 6)] for a in turns]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name": name, "tone": tone},
    }
    return {"id": layer, "kind": "area", "data": {"type": "FeatureCollection", "features": [feature]}}


def point_data(
    lon: float | None, lat: float | None, *, label: str, path: str = "", tone: str = "red"
) -> dict[str, Any] | None:
    """The map of one record: its point, on the outline of the smallest region around it that has one."""
    if lon is None or lat is None:
        return None
    lon, lat = float(lon), float(lat)
    layers: list[dict[str, Any]] = []
    step = Region.steplen
    ancestors = [path[:end] for end in range(step, len(path) + 1, step)]
    around = (
        Region.objects.filter(path__in=ancestors).exclude(outline=None).order_by("-depth").first()
        if ancestors
        else None
    )
    if around is not None:
        feature = {
            "type": "Feature",
            "geometry": outline_of(around),
            "properties": {"name": around.name, "tone": "grey"},
        }
        layers.append({"id": "around", "kind": "area", "data": {"type": "FeatureCollection", "features": [feature]}})
    own = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": label, "tone": tone},
    }
    layers.append({"id": "here", "kind": "point", "data": {"type": "FeatureCollection", "features": [own]}})
    data: dict[str, Any] = {"layers": layers}
    if around is None:
        data["bounds"] = [lon - 0.02, lat - 0.015, lon + 0.02, lat + 0.015]
    return data
