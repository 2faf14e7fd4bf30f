"""The screens: ``screens`` has the lists, the record, entering and papers, ``steps`` the forms of steps and acts."""

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

__all__ = ["PAGES"]
