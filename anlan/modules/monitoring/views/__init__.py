"""Screens of online monitoring."""

from anlan.modules.monitoring.views.gateways import GATEWAY_PAGES
from anlan.modules.monitoring.views.map import MAP, MAP_DATA
from anlan.modules.monitoring.views.standing import COVERAGE, COVERAGE_CSV, QUALITY, QUALITY_CSV
from anlan.modules.monitoring.views.tags import TAG_PAGES

PAGES = (*TAG_PAGES, *GATEWAY_PAGES, COVERAGE, COVERAGE_CSV, QUALITY, QUALITY_CSV, MAP, MAP_DATA)

__all__ = ["PAGES"]
