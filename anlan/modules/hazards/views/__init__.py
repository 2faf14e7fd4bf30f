"""The screens: ``screens`` has lists, record, entering and papers, ``steps`` the forms, ``known`` the public list."""

from anlan.modules.hazards.views.known import public_listings
from anlan.modules.hazards.views.screens import (
    COMPANIONS,
    FIND_PAGE,
    LIST,
    LISTINGS,
    NOTICE,
    RECORD,
    REPORT_PAGE,
    SHEET,
)
from anlan.modules.hazards.views.steps import ACTS, COMPANION_STEPS, STEPS

PAGES = (LIST, LISTINGS, REPORT_PAGE, FIND_PAGE, RECORD, NOTICE, SHEET, *COMPANIONS, *STEPS, *ACTS, *COMPANION_STEPS)

__all__ = ["PAGES", "public_listings"]
