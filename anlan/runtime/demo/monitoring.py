"""Gateways and tags of the demo city: every other site with a major hazard installation is connected, 600 tags at
scale 1. What they say is the simulator's part."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.bulk import copy_in, reserve_ids
from anlan.kernel.journal.record import bulk_load
from anlan.modules.installations.models import Installation
from anlan.modules.monitoring.models import Gateway, Tag
from anlan.modules.monitoring.public import CHANNEL
from anlan.modules.monitoring.services.credentials import digest_of
from anlan.runtime.demo.world import World

WHY = gettext_noop("the demo city's gateways and tags")
PREFIX = "demo-"
PERIOD_S = 5
TAGS = 600  # at scale 1
MEASURED = (
    ("LT", "液位", "level", "m", 0.0, 12.0), ("TT", "温度", "temperature", "°C", -20.0, 120.0),
    ("PT", "压力", "pressure", "MPa", 0.0, 2.5), ("GF", "可燃气体浓度", "gas_flammable", "%LEL", 0.0, 100.0),
    ("GT", "有毒气体浓度", "gas_toxic", "ppm", 0.0, 100.0),
)  # fmt: skip
"""Mark, word, quantity, unit, range: what order 40 asks to be watched at tanks and units."""


def build(world: World, sites: list[Any]) -> None:
    """Gateways of the sites with the gravest installations, and their tags."""
    by_id = {site.id: site for site in sites}
    rows = Installation.objects.everything(why=WHY).filter(level__isnull=False, site__in=by_id)
    major = list(rows.exclude(state="cancelled").order_by("level", "pk"))
    most = max(round(TAGS * world.scale), 20)
    connected: dict[int, list[Installation]] = {}
    for one in major:
        if one.site_id in connected or (len(connected) + one.site_id) % 4:  # one site in four is not connected yet
            connected.setdefault(one.site_id, []).append(one)
        if sum(map(len, connected.values())) * len(MEASURED) >= most:
            break
    gateways, tags = _rows(world, by_id, connected)
    with bulk_load(Actor.system("demo city"), WHY):
        copy_in(Gateway, gateways)
        copy_in(Tag, tags)
    with connection.cursor() as cursor:  # as the acts say it: a historian that runs already learns of the tags
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    world.report(f"monitoring: {len(gateways)} gateways, {len(tags)} tags")


def _rows(
    world: World, sites: dict[int, Any], connected: dict[int, list[Installation]]
) -> tuple[list[Gateway], list[Tag]]:
    dice = world.dice("monitoring")
    keys = reserve_ids(Gateway, len(connected))
    numbers = reserve_ids(Tag, sum(map(len, connected.values())) * len(MEASURED))
    nobodys = digest_of(secrets.token_urlsafe(24))  # these gateways are simulated inside: nobody signs in as one
    gateways, tags = [], []
    for site_id, installations in connected.items():
        site = sites[site_id]
        scope = {"region_path": site.region_path, "sector": site.sector, "holder": site.holder}
        place = {"site_id": site_id, "unit_id": site.unit_id}
        day = world.as_of - dt.timedelta(days=dice.randrange(30, 700))
        gateway = Gateway(
            pk=next(keys), code=f"{PREFIX}{site_id}", name="重大危险源数据采集网关", state="active", secret=nobodys,
            issued_at=dt.datetime.combine(day, dt.time(10), clock.CHINA), **scope, **place,
        )  # fmt: skip
        gateways.append(gateway)
        number = 100
        for one in installations:
            number += 1
            for mark, word, quantity, unit, low, high in MEASURED:
                tags.append(
                    Tag(
                        pk=next(numbers), gateway_id=gateway.pk, name=f"{mark}-{number}",
                        label=f"{one.name}{word}"[:80],
                        quantity=quantity, unit_of_measure=unit, low_range=low, high_range=high, period_s=PERIOD_S,
                        installation_id=one.pk, **scope, **place,
                    )
                )  # fmt: skip
    return gateways, tags
