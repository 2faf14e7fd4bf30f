"""Reads of alarms."""

from anlan.modules.alarms.selectors.desk import (
    Flood,
    callable_people,
    desk_rows,
    desks_followed,
    flooded,
    names_told,
    office_of,
    phones_open_to,
    place_name,
)
from anlan.modules.alarms.selectors.engine import engine_settings, settings_version
from anlan.modules.alarms.selectors.looks import LOOKS, looks_of_sites
from anlan.modules.alarms.selectors.records import (
    alarms,
    calls,
    live_of_holder,
    live_of_site,
    open_alarms,
    settable_tags,
    settings,
    settings_kept,
    settings_of_holder,
    settings_of_sites,
    standing_by_site,
    standing_everywhere,
)
from anlan.modules.alarms.selectors.statistics import (
    LONGEST,
    Counted,
    FloodSpan,
    Statistics,
    statistics,
    statistics_place,
    statistics_stretch,
)

__all__ = [
    "LONGEST", "LOOKS", "Counted", "Flood", "FloodSpan", "Statistics", "alarms", "callable_people", "calls",
    "desk_rows", "desks_followed", "engine_settings", "flooded", "live_of_holder", "live_of_site",
    "looks_of_sites", "names_told", "office_of", "open_alarms", "phones_open_to", "place_name", "settable_tags",
    "settings", "settings_kept", "settings_of_holder", "settings_of_sites", "settings_version",
    "standing_by_site", "standing_everywhere", "statistics", "statistics_place", "statistics_stretch",
]  # fmt: skip
