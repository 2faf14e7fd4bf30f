"""When another line answers for a site, it answers for its risk points too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SectorChanged
from anlan.modules.risks.public import carry_risks


@flow(SectorChanged)
def changed_line_carries_risks(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every risk point of the site is put under its new line."""
    site = int(row.subject_id)
    carry_risks(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
