"""Maps: regions coloured by a figure, and points, as the GeoJSON layers the front end draws."""

from anlan.ui.maps.layers import Shade, outline_of, point_data, points, regions, simplified

__all__ = ["Shade", "outline_of", "point_data", "points", "regions", "simplified"]
