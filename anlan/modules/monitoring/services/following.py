"""Gateways go with their site."""

from __future__ import annotations

from anlan.kernel.acts import Work, act
from anlan.modules.monitoring.events import MonitoringCarried
from anlan.modules.monitoring.models import Gateway, GatewayCount, Tag
from anlan.modules.registry import public as registry

WHY = "one gateway in hand"


@act(may="registry.merge", on=Gateway)
def carry_gateway(work: Work, gateway: Gateway, *, site: int, why: str) -> None:
    """Give a gateway, its tags and counts the place, line and holder its site has now."""
    view = registry.site_view(work.actor, site)
    before = (gateway.site_id, gateway.unit_id, gateway.region_path, gateway.sector, gateway.holder)
    if before == (view.id, view.unit_id, view.region_path, view.sector, view.holder):
        return
    scope = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    place = {"site_id": view.id, "unit_id": view.unit_id}
    for name, value in {**scope, **place}.items():
        setattr(gateway, name, value)
    gateway.save()
    Tag.objects.everything(why=WHY).filter(gateway=gateway).update(**scope, **place)
    GatewayCount.objects.everything(why=WHY).filter(gateway=gateway).update(**scope)
    work.record(MonitoringCarried(site=view.name, why=why), on=gateway)
