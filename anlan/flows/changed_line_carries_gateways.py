"""When another line answers for a site, it answers for the gateways on it too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.monitoring.public import carry_gateways
from anlan.modules.registry.public import SectorChanged


@flow(SectorChanged)
def changed_line_carries_gateways(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every gateway of the site is put under its new line."""
    site = int(row.subject_id)
    carry_gateways(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
