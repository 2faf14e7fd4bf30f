"""When another line answers for a site, the duties of its unit are judged anew and seen by that line."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import carry_workspaces
from anlan.modules.registry.public import SectorChanged, site_view


@flow(SectorChanged)
def changed_line_carries_workspace(event: SectorChanged, row: EventRow, actor: Actor) -> None:
    """The unit's workspace takes the line of its unit."""
    holder = site_view(actor, int(row.subject_id)).holder
    carry_workspaces(actor, holder=holder, why=f"{event.before} → {event.after}")
