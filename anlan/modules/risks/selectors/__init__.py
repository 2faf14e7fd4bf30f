"""Reads of the module: every one takes the actor, or says why it needs none."""

from anlan.modules.risks.selectors.places import Coloured, Why, coloured, points_at, why
from anlan.modules.risks.selectors.rates import Rates, rates, rates_and_parts, rates_of_parts, rates_of_unit
from anlan.modules.risks.selectors.records import (
    Turned,
    area_assessments,
    assessments,
    card_of,
    changed_since,
    changes,
    checks,
    factors,
    factors_of,
    hazards_of_point,
    measures,
    measures_of,
    newest_of_areas,
    plans,
    points,
    points_of_site,
    registers,
    sites_to_keep,
    sites_to_see,
    tie_of,
    ties,
    turned,
    zones,
)

__all__ = [
    "Coloured", "Rates", "Turned", "Why", "area_assessments", "assessments", "card_of", "changed_since", "changes",
    "checks", "coloured", "factors", "factors_of", "hazards_of_point", "measures", "measures_of", "newest_of_areas",
    "plans", "points", "points_at", "points_of_site", "rates", "rates_and_parts",
    "rates_of_parts", "rates_of_unit", "registers", "sites_to_keep", "sites_to_see", "tie_of", "ties", "turned",
    "why", "zones",
]  # fmt: skip
