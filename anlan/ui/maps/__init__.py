"""Maps: regions coloured by a figure, and points, as the GeoJSON layers the front end draws."""

from anlan.ui.maps.layers import (
    MOST_POINTS,
    Shade,
    areas,
    around,
    circle,
    outline_of,
    point_data,
    points,
    regions,
    simplified,
)

__all__ = [
    "MOST_POINTS",
    "Shade",
    "areas",
    "around",
    "circle",
    "outline_of",
    "point_data",
    "points",
    "regions",
    "simplified",
]
