"""Reads of warning."""

from anlan.modules.warning.selectors.days import (
    course,
    current,
    days,
    entries_below,
    entry_of_place,
    entry_of_unit,
    gravest_units,
    newest_day,
)
from anlan.modules.warning.selectors.gathering import Subject, everything_found
from anlan.modules.warning.selectors.proposing import QUIET, least_proposed, to_propose
from anlan.modules.warning.selectors.records import (
    Addressee,
    addressees,
    answers,
    issuable_units,
    may_withdraw,
    notices,
    notices_of_holder,
    office_of,
    open_warnings,
    periods,
    town_of,
    warnings,
)

__all__ = [
    "QUIET", "Addressee", "Subject", "addressees", "answers", "course", "current", "days", "entries_below",
    "entry_of_place", "entry_of_unit", "everything_found", "gravest_units", "issuable_units", "least_proposed",
    "may_withdraw", "newest_day", "notices", "notices_of_holder", "office_of", "open_warnings", "periods",
    "to_propose", "town_of", "warnings",
]  # fmt: skip
