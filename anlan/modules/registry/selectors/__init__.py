"""Reading the registry; every function takes the actor."""

from anlan.modules.registry.selectors.duplicates import Pair, pairs, twins_of
from anlan.modules.registry.selectors.history import Change, history
from anlan.modules.registry.selectors.records import (
    certificates,
    other_sites,
    past_of,
    people,
    people_by_key,
    people_called,
    person,
    principal_of,
    site,
    site_people,
    sites,
    sites_of,
    status_on,
    tenants,
    unit,
    units,
)

__all__ = [
    "Change", "Pair", "certificates", "history", "other_sites", "pairs", "past_of", "people", "people_by_key",
    "people_called", "person", "principal_of",
    "site", "site_people", "sites", "sites_of", "status_on", "tenants", "twins_of", "unit", "units",
]  # fmt: skip
