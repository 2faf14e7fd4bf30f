"""Whether a point lies where it is said to lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from anlan.kernel.regions.models import Region

NEAR_DEGREES = 0.01  # about a kilometre: outlines are simplified, and sites stand on borders


class Outlines:
    """The outlines the rows of one act or batch are compared with, each drawn once."""

    def __init__(self) -> None:
        self._drawn: dict[str, BaseGeometry | None] = {}

    def outside(self, region: Region, points: Sequence[tuple[float, float]]) -> list[int]:
        """Which points (longitude, latitude) lie clearly outside the region's outline, or outside that of the nearest
        region above that has one: their places in the list. None when there is no outline to ask."""
        if region.path not in self._drawn:
            self._drawn[region.path] = _outline_of(region)
        outline = self._drawn[region.path]
        if outline is None or not points:
            return []
        inside = shapely.contains_xy(outline, np.array(points))
        far = np.flatnonzero(~inside).tolist()
        return [at for at in far if outline.distance(Point(points[at])) > NEAR_DEGREES]


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
