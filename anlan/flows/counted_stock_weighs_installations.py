"""When stock was taken at a site, its installations are compared with their declared basis."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.chemicals.public import StockCounted
from anlan.modules.installations.public import weigh_installations


@flow(StockCounted)
def counted_stock_weighs_installations(event: StockCounted, row: EventRow, actor: Actor) -> None:
    """What was counted may be more than an installation declares."""
    weigh_installations(actor, event.site_id)
