"""Screens of major hazard installations."""

from anlan.modules.installations.views.filings import FILING, FILINGS
from anlan.modules.installations.views.records import ACTS, RECORD, REGISTER, STEPS
from anlan.modules.installations.views.register import MAP_PAGE, POINTS, REGISTER_OF

PAGES = (REGISTER_OF, REGISTER, MAP_PAGE, POINTS, FILINGS, FILING, RECORD, *ACTS, *STEPS)

__all__ = ["PAGES"]
