"""Reads of the cockpit; every function takes the actor whose scope bounds the figures."""

from anlan.modules.cockpit.selectors.numbers import Counts, Numbers, Part, as_number, numbers
from anlan.modules.cockpit.selectors.reach import Place, place, tops_of
from anlan.modules.cockpit.selectors.records import (
    Share,
    Town,
    breakdown,
    major_hazards,
    majors_total,
    overdue_hazards,
    pressing,
    towns,
)
from anlan.modules.cockpit.selectors.trend import Month, trend

__all__ = [
    "Counts", "Month", "Numbers", "Part", "Place", "Share", "Town", "as_number", "breakdown", "major_hazards",
    "majors_total", "numbers", "overdue_hazards", "place", "pressing", "tops_of", "towns", "trend",
]  # fmt: skip
