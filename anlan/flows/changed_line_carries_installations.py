"""When another line answers for a site, it answers for the installations on it too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.installations.public import carry_installations
from anlan.modules.registry.public import SectorChanged


@flow(SectorChanged)
def changed_line_carries_installations(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """Every installation of the site is put under its new line."""
    site = int(row.subject_id)
    carry_installations(actor, from_site=site, to_site=site, why=f"{event.before} → {event.after}")
