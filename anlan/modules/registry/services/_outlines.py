"""Whether a point lies where it is said to lie."""

from __future__ import annotations

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from anlan.kernel.regions.models import Region

NEAR_DEGREES = 0.01  # about a kilometre: outlines are simplified, and sites stand on borders


class Outlines:
    """The outlines the rows of one act or batch are compared with, each drawn once."""

    def __init__(self) -> None:
        self._drawn: dict[str, BaseGeometry | None] = {}

    def outside(self, region: Region, lon: float | None, lat: float | None) -> bool:
        """True when the point lies clearly outside the region's outline, or outside that of the nearest region above
        that has one. False when there is no point or no outline to ask."""
        if lon is None or lat is None:
            return False
        if region.path not in self._drawn:
            self._drawn[region.path] = _outline_of(region)
        outline = self._drawn[region.path]
        if outline is None or shapely.contains_xy(outline, lon, lat):
            return False
        return bool(outline.distance(Point(lon, lat)) > NEAR_DEGREES)


def _outline_of(region: Region) -> BaseGeometry | None:
    drawn = region.outline
    if not drawn:
        above = Region.objects.filter(path__in=region.ancestor_paths[:-1]).order_by("-path")
        drawn = next((each.outline for each in above if each.outline), None)
    if not drawn:
        return None
    outline: BaseGeometry = shape(drawn.get("geometry", drawn))
    shapely.prepare(outline)
    return outline
