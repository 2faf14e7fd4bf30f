"""Reads of online monitoring."""

from anlan.modules.monitoring.selectors.records import (
    active_gateways,
    counts,
    gateways,
    installations_of,
    own_sites,
    site_tags,
    tags,
)

__all__ = ["active_gateways", "counts", "gateways", "installations_of", "own_sites", "site_tags", "tags"]
