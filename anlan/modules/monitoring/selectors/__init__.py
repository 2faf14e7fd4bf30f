"""Reads of online monitoring."""

from anlan.modules.monitoring.selectors.coverage import HEARD, Connection, Owed, connections, owed
from anlan.modules.monitoring.selectors.live import (
    MOST_ASKED,
    MOST_TAKEN,
    Reading,
    Sums,
    csv_of,
    latest_of,
    millis,
    moment,
    readings_of,
    series_of,
    stretch_of,
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
from anlan.modules.monitoring.selectors.standing import (
    SPEAKERS,
    UNCONNECTED,
    Look,
    Speaker,
    Standing,
    looks,
    standing_of_sites,
)

__all__ = [
    "HEARD", "MOST_ASKED", "MOST_TAKEN", "SPEAKERS", "UNCONNECTED", "Connection", "Look", "Owed", "Reading", "Speaker",
    "Standing", "Sums", "active_gateways", "connections", "counts", "csv_of", "gateways", "installations_of",
    "latest_of",
    "looks", "millis", "moment", "owed", "own_sites", "readings_of", "series_of", "site_tags", "standing_of_sites",
    "stretch_of", "sums_of", "tags",
]  # fmt: skip
