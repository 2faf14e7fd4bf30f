"""Reads of online monitoring."""

from anlan.modules.monitoring.selectors.coverage import HEARD, Owed, owed
from anlan.modules.monitoring.selectors.live import (
    MOST_ASKED,
    Reading,
    Sums,
    latest_of,
    millis,
    moment,
    readings_of,
    series_of,
    sums_of,
)
from anlan.modules.monitoring.selectors.records import (
    active_gateways,
    counts,
    gateways,
    installations_of,
    own_sites,
    site_tags,
    tags,
)

__all__ = [
    "HEARD", "MOST_ASKED", "Owed", "Reading", "Sums", "active_gateways", "counts", "gateways",
    "installations_of", "latest_of",
    "millis", "moment", "owed", "own_sites", "readings_of", "series_of", "site_tags", "sums_of", "tags",
]  # fmt: skip
