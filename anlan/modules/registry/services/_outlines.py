"""Whether a point lies where it is said to lie."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from anlan.kernel.regions.models import Region

NEAR_DEGREES = 0.01  # about a kilometre: outlines are simplified, and sites stand on borders


def outside(region: Region, lon: float | None, lat: float | None) -> bool:
    """True when the point lies clearly outside the region's outline, or outside that of the nearest region above
    that has one. False when there is no point or no outline to ask."""
    if lon is None or lat is None:
        return False
    outline = _outline_of(region)
    return outline is not None and outline.distance(Point(lon, lat)) > NEAR_DEGREES


def _outline_of(region: Region) -> BaseGeometry | None:
    if region.outline:
        return _shape(orjson.dumps(region.outline))
    for above in Region.objects.filter(path__in=region.ancestor_paths[:-1]).order_by("-path"):
        if above.outline:
            return _shape(orjson.dumps(above.outline))
    return None


@lru_cache(maxsize=512)
def _shape(packed: bytes) -> BaseGeometry:
    drawn: dict[str, Any] = orjson.loads(packed)
    return shape(drawn.get("geometry", drawn))
