"""Reads of major hazard installations."""

from anlan.modules.installations.selectors.basis import Compared, above_basis, compared
from anlan.modules.installations.selectors.law import duties_at, figure, monitoring_at
from anlan.modules.installations.selectors.papers import (
    TYPED,
    UNIT_TYPES,
    Document,
    Sheet,
    archive_of,
    papers_of,
    purpose_of,
    sheet_of,
    typed_before,
)
from anlan.modules.installations.selectors.records import (
    OPEN,
    county_of,
    filings,
    holdings,
    holdings_of,
    installations,
    keys_at,
    last_filing,
    last_grading,
    own_sites,
    places_for,
    provisions,
    provisions_of,
    substances_for,
    targets,
    targets_of,
    untold,
)
from anlan.modules.installations.selectors.register import Counted, by_part, majors

__all__ = [
    "OPEN", "TYPED", "UNIT_TYPES", "Compared", "Counted", "Document", "Sheet", "above_basis", "archive_of", "by_part",
    "compared", "county_of", "duties_at", "figure", "filings", "holdings", "holdings_of", "installations", "keys_at",
    "last_filing", "last_grading", "majors", "monitoring_at", "own_sites", "papers_of", "places_for", "provisions",
    "provisions_of", "purpose_of", "sheet_of", "substances_for", "targets", "targets_of", "typed_before",
    "untold",
]  # fmt: skip
