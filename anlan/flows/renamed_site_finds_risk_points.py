"""When a site bears another name, its risk points are found by the new name."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SiteRenamed
from anlan.modules.risks.public import find_points_again


@flow(SiteRenamed)
def renamed_site_finds_risk_points(event: SiteRenamed, row: EventRow, actor: Actor) -> None:
    """The words by which the site's risk points are searched are made anew."""
    find_points_again(actor, site_id=int(row.subject_id))
