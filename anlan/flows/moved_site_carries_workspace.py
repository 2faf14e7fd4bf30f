"""When the main site of a unit lies in another region, its duties are followed there."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import carry_workspaces
from anlan.modules.registry.public import SiteMoved, site_view


@flow(SiteMoved)
def moved_site_carries_workspace(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """The unit's workspace takes the unit's place."""
    carry_workspaces(actor, holder=site_view(actor, int(row.subject_id)).holder, why=event.reason)
