"""Charts: builders of the option JSON the front end draws; colours are tones of the palette, labels already read."""

from anlan.ui.charts.options import Series, bar, donut, line, stacked

__all__ = ["Series", "bar", "donut", "line", "stacked"]
