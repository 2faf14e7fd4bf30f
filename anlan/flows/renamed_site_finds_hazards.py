"""When a site bears another name, its hazards are found by the new name."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import find_hazards_again
from anlan.modules.registry.public import SiteRenamed


@flow(SiteRenamed)
def renamed_site_finds_hazards(event: SiteRenamed, row: EventRow, actor: Actor) -> None:
    """The words by which the site's hazards are searched are made anew."""
    find_hazards_again(actor, site_id=int(row.subject_id))
