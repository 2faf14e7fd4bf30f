"""When a site lies in another region, the invitation of its unit is for the office there."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SiteMoved, site_view
from anlan.modules.welcome.public import carry_invitations


@flow(SiteMoved)
def moved_site_carries_invitations(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """The invitations of the site's unit take the unit's place."""
    carry_invitations(actor, holder=site_view(actor, int(row.subject_id)).holder, why=event.reason)
