"""Following the registry: a site moved, merged, or put under another line takes its places and ledger along."""

from __future__ import annotations

from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.scope import follow_subject
from anlan.modules.chemicals.events import LedgerCarried
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Place, PoliceRecord, Stock
from anlan.modules.registry import public as registry

WHY = "the ledger of one place in hand"


@act(may="registry.merge", on=Place)
def carry_place(work: Work, place: Place, *, site: int, why: str) -> None:
    """Give a place, its stocks, movements, findings and records the scope its site has now."""
    view = registry.site_view(work.actor, site)
    before = (place.site_id, place.region_path, place.sector, place.holder)
    if before == (view.id, view.region_path, view.sector, view.holder):
        return
    if view.id != place.site_id and Place.objects.filter(site=view.id, name=place.name).exists():
        place.name = f"{place.name[:50]} ({place.pk})"
    place.site_id, place.region_path, place.sector, place.holder = view.id, view.region_path, view.sector, view.holder
    place.save()
    scope = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    Stock.objects.everything(why=WHY).filter(place=place).update(**scope)
    Movement.objects.everything(why=WHY).filter(place=place).update(**scope)
    papers: list[Any] = [
        *Finding.objects.everything(why=WHY).filter(stock__place=place),
        *PoliceRecord.objects.everything(why=WHY).filter(movement__place=place),
        *Consignment.objects.everything(why=WHY).filter(to_site=before[0]),
    ]
    for paper in papers:
        paper.region_path, paper.sector, paper.holder = view.region_path, view.sector, view.holder
        if isinstance(paper, Consignment):
            paper.to_site_id = view.id
        paper.save()
        follow_subject(paper)
    sent = Consignment.objects.everything(why=WHY).filter(from_site=before[0])
    sent.update(from_site=view.id, from_path=view.region_path, from_sector=view.sector, from_holder=view.holder)
    work.record(LedgerCarried(site=view.name, why=why), on=place)
