"""When two records of one site become one, its self-checks go on at the surviving site."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import carry_self_checks
from anlan.modules.registry.public import SitesMerged


@flow(SitesMerged)
def merged_site_carries_checks(event: SitesMerged, row: EventRow, actor: Actor) -> None:
    """Schedules by one list become one."""
    carry_self_checks(actor, from_site=event.old_id, to_site=event.new_id, why=event.reason)
