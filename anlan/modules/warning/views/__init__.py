"""Screens of warning."""

from anlan.modules.warning.views.index import DAY, DAYS, INDEX, UNIT_INDEX
from anlan.modules.warning.views.notices import NOTICE_ACTS, NOTICE_PAGE, NOTICES
from anlan.modules.warning.views.periods import PERIOD_ACTS, PERIOD_PAGE, PERIODS
from anlan.modules.warning.views.warnings import WARNING_ACTS, WARNING_PAGE, WARNINGS

PAGES = (
    INDEX, UNIT_INDEX, DAYS, DAY, WARNINGS, WARNING_PAGE, *WARNING_ACTS, NOTICES, NOTICE_PAGE, *NOTICE_ACTS, PERIODS,
    PERIOD_PAGE, *PERIOD_ACTS,
)  # fmt: skip

__all__ = ["PAGES"]
