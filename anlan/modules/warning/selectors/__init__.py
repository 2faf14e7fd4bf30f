"""Reads of warning."""

from anlan.modules.warning.selectors.days import (
    course,
    days,
    entries_below,
    entry_of_place,
    entry_of_unit,
    gravest_units,
    newest_day,
)
from anlan.modules.warning.selectors.gathering import Subject, everything_found
from anlan.modules.warning.selectors.records import (
    Addressee,
    addressees,
    issuable_units,
    notices,
    notices_of_holder,
    open_warnings,
    periods,
    town_of,
    warnings,
)

__all__ = [
    "Addressee", "Subject", "addressees", "course", "days", "entries_below", "entry_of_place", "entry_of_unit",
    "everything_found", "gravest_units", "issuable_units", "newest_day", "notices", "notices_of_holder",
    "open_warnings", "periods", "town_of", "warnings",
]  # fmt: skip
