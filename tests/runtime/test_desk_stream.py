"""From the engine's word to the open duty desk: through the database's notice, one stream, one look at the list."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from anlan.kernel.actor import Actor
from anlan.modules.alarms import selectors
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.public import Transition, record_transitions
from anlan.modules.monitoring import services as monitoring
from tests.cast import Cast, build
from tests.runtime.test_crowds import Line, facts_of, hub

SYSTEM = Actor.system("tests")
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'listen%%' AND datname = current_database()"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build(records=False)


def setting_of(county: Any) -> Any:
    gateway, _secret = monitoring.register_gateway(actor=SYSTEM, site=county.site.pk, code="tank", name="网关")
    monitoring.put_tag(
        actor=SYSTEM, gateway=gateway.pk, name="LT1", label="液位", quantity="level", unit_of_measure="m",
        low_range=0.0, high_range=10.0,
    )  # fmt: skip
    tag = apps.get_model("monitoring.Tag").plain.get(name="LT1")
    return alarms.make_setting(actor=county.actor("county_officer"), tag=tag.pk, kind="high", threshold=8, priority=1)


def test_an_alarm_reaches_the_desks_of_its_place_and_no_others(cast: Cast) -> None:
    setting = setting_of(cast.here)
    readers = {name: cast.here.users[name] for name in ("town_officer", "county_officer", "unit_safety", "grid_worker")}
    strangers = {"there": cast.there.users["county_officer"]}
    followed = {
        name: selectors.desks_followed(county.actor(user))
        for name, county, user in (
            ("town_officer", cast.here, "town_officer"), ("county_officer", cast.here, "county_officer"),
            ("unit_safety", cast.here, "unit_safety"), ("grid_worker", cast.here, "grid_worker"),
            ("there", cast.there, "county_officer"),
        )
    }  # fmt: skip

    async def scenario() -> float:
        live = hub()
        await live.open()
        lines = {name: Line() for name in followed}
        held = [
            asyncio.create_task(live.hold(
                facts_of({**readers, **strangers}[name], name, *followed[name]), [], b"first", line.receive, line.send
            ))
            for name, line in lines.items()
        ]  # fmt: skip
        await asyncio.gather(*(line.until(b"first") for line in lines.values()))
        async with await psycopg.AsyncConnection.connect(**live._connect, autocommit=True) as another:
            while not await (await another.execute(LISTENERS)).fetchall():
                await asyncio.sleep(0)
        began = time.perf_counter()
        new = await asyncio.to_thread(said, setting)
        assert new == 1
        await asyncio.gather(
            *(lines[name].until(b"alarms.desk:") for name in ("town_officer", "county_officer", "unit_safety"))
        )
        took = time.perf_counter() - began
        assert b"alarms.desk" not in b"".join(lines["there"].sent)
        for line in lines.values():
            line.left.set()
        await asyncio.gather(*held)
        await live.close()
        return took

    took = asyncio.run(scenario())
    print(f"from the engine's word to the desks: {took * 1000:.0f} ms")
    assert took < 5


def said(setting: Any) -> int:
    """What the historian does, in a thread with a connection of its own."""
    try:
        return record_transitions([Transition(setting.pk, setting.tag_id, "raised", 1_780_000_000_000, 8.5)])
    finally:
        connection.close()
