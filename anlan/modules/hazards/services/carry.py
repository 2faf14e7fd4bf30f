"""Following the registry: a site moved, merged, or put under another line takes its hazards along."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.modules.hazards.events import HazardCarried
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._beside import follow_desk
from anlan.modules.hazards.services._entry import refresh_words
from anlan.modules.registry import public as registry


@act(may="registry.merge", on=Hazard)
def carry_hazard(work: Work, hazard: Hazard, *, site: int, why: str) -> None:
    """Give a hazard the place, line and holder its site has now; what changed nothing does nothing.

    An open hazard that lay on the desk of its place goes to the desk of the new place; one that was transferred to
    another desk stays there. Settled ones keep the desk that settled them.
    """
    view = registry.site_view(work.actor, site)
    before = (hazard.site_id, hazard.region_path, hazard.sector, hazard.holder)
    now = (view.id, view.region_path, view.sector, view.holder)
    if before == now:
        return
    old_desk = (hazard.owner_path, hazard.owner_sector)
    at_home = old_desk == (desks.Desk.office(hazard.region_path), hazard.sector)
    hazard.site_id, hazard.region_path, hazard.sector, hazard.holder = now
    if at_home and hazard.is_open:
        hazard.owner_path, hazard.owner_sector = desks.Desk.office(view.region_path), view.sector
    scope = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    for model in (Extension, Instruction, Listing, Transfer):
        model.objects.everything(why="the companions of one hazard in hand").filter(hazard=hazard).update(**scope)
    if before[3] != view.holder:
        _rename_holder(hazard, before[3])
    hazard.save()
    follow_desk(work, hazard, old_desk)
    refresh_words(hazard)
    desks.note(work, HazardCarried(site=view.name, why=why), on=hazard)


@act(may="registry.merge", on=Hazard)
def find_again(work: Work, hazard: Hazard) -> None:
    """Let a hazard be found by the present names of its site and unit."""
    refresh_words(hazard)


def _rename_holder(hazard: Hazard, old: str) -> None:
    items: Any = Deadline.objects.everything(why="the open items of one hazard in hand").filter(
        subject_type=hazard._meta.label_lower,
        subject_id=str(hazard.pk),
        desk_holder=old,
        state__in=[DeadlineState.OPEN, DeadlineState.PAUSED],
    )
    items.update(desk_holder=hazard.holder)
