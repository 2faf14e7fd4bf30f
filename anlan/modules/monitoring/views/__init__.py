"""Screens of online monitoring."""

from anlan.modules.monitoring.views.gateways import GATEWAY_PAGES
from anlan.modules.monitoring.views.standing import COVERAGE, QUALITY
from anlan.modules.monitoring.views.tags import TAG_PAGES

PAGES = (*TAG_PAGES, *GATEWAY_PAGES, COVERAGE, QUALITY)

__all__ = ["PAGES"]
