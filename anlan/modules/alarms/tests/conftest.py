"""A tank with a level tag in a town; its people, those of town and county, the town on duty."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.alarms import services
from anlan.modules.alarms.models import Alarm, AlarmSetting
from anlan.modules.alarms.public import Transition, record_transitions
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=clock.CHINA)
NOON_MS = int(NOON.timestamp() * 1000)


@dataclass
class Scene:
    """Everybody, the tank and its tags."""

    city: Region
    county: Region
    town: Region
    unit: Any
    site: Any
    level: Any = None
    gas: Any = None
    users: dict[str, User] = field(default_factory=dict)
    settings: dict[str, AlarmSetting] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody by role."""
        return actor_for(self.users[name])

    def raised(self, kind: str = "high", after_s: float = 0, value: float | None = 8.2) -> Transition:
        """A setting of the level tag raised so many seconds after noon."""
        return self.said(kind, "raised", after_s, value)

    def returned(self, kind: str = "high", after_s: float = 60, value: float | None = 6.0) -> Transition:
        """A setting of the level tag returned."""
        return self.said(kind, "returned", after_s, value)

    def said(self, kind: str, what: Any, after_s: float, value: float | None) -> Transition:
        """What the engine says of a setting."""
        setting = self.settings[kind]
        return Transition(setting.pk, setting.tag_id, what, NOON_MS + int(after_s * 1000), value)

    def alarm(self, kind: str = "high") -> Alarm:
        """The newest alarm of a setting, as it stands now."""
        return Alarm.plain.filter(setting=self.settings[kind]).latest("pk")

    def stands(self, kind: str = "high", **more: Any) -> Alarm:
        """A setting raised, and its alarm."""
        record_transitions([self.raised(kind, **more)])
        return self.alarm(kind)


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def later(minutes: float) -> Any:
    """So many minutes after noon."""
    return clock.moved_to(NOON + dt.timedelta(minutes=minutes))


@pytest.fixture
def scene(db: Any) -> Any:
    """The scene at noon of 20 November 2026; the town's officer is on duty."""
    with clock.moved_to(NOON):
        rows = (("安州市", "city", "998800"), ("本县", "county", "998801"), ("城南镇", "town", "998801001"))
        regions: list[Region] = []
        for name, kind, code in rows:
            parent = regions[-1] if regions else None
            made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
            regions.append(Region.objects.get(pk=made.pk))
        city, county, town = regions
        data = {
            "name": "安州水产冷冻厂", "uscc": make_valid("91998801", 31), "sector": "industry_trade:light",
            "address": "港前路8号", "lon": 115.1, "lat": 24.1,
        }  # fmt: skip
        unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=town)
        site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
        scene = Scene(city, county, town, unit, site)
        grants = {
            "unit_safety": {"holder": unit.holder}, "unit_worker": {"holder": unit.holder},
            "town_officer": {"region": town}, "town_second": {"region": town}, "leader": {"region": town},
            "county_officer": {"region": county}, "city_officer": {"region": city},
        }  # fmt: skip
        for name, grant in grants.items():
            user: Any = User.objects.create_user(name, None, name=name)
            role = "town_officer" if name == "town_second" else name
            Grant.objects.create(user=user, role=role, valid_from=dt.date(2026, 1, 1), **grant)
            scene.users[name] = user
        _on_duty(scene)
        _tags(scene)
        yield scene


def _on_duty(scene: Scene) -> None:
    officer = scene.actor("town_officer")
    room = ACTS["duty.open_room"].function(actor=officer, region=scene.town, phone="0998-2200110")
    ACTS["duty.put_shift"].function(
        actor=officer, room=room, begins=NOON - dt.timedelta(hours=3), ends=NOON + dt.timedelta(hours=5),
        officer=scene.users["town_officer"].pk, leader=scene.users["leader"].pk,
    )  # fmt: skip


def _tags(scene: Scene) -> None:
    gateway, _secret = ACTS["monitoring.register_gateway"].function(
        actor=SYSTEM, site=scene.site.pk, code="tank-1", name="氨罐网关"
    )
    put = ACTS["monitoring.put_tag"].function
    model = apps.get_model("monitoring.Tag")
    put(actor=SYSTEM, gateway=gateway.pk, name="LT101", label="1号储罐液位", quantity="level", unit_of_measure="m",
        low_range=0.0, high_range=10.0, period_s=5)  # fmt: skip
    put(actor=SYSTEM, gateway=gateway.pk, name="GT101", label="氨泄漏", quantity="gas_toxic", unit_of_measure="ppm",
        low_range=0.0, high_range=200.0, period_s=5)  # fmt: skip
    scene.level, scene.gas = model.plain.get(name="LT101"), model.plain.get(name="GT101")
    officer = scene.actor("county_officer")
    for kind, limit, priority in (("high", 8.0, 2), ("high_high", 9.0, 1)):
        scene.settings[kind] = services.make_setting(
            actor=officer, tag=scene.level.pk, kind=kind, threshold=limit, dead_band=0.2, priority=priority
        )
    scene.settings["gas"] = services.make_setting(
        actor=officer, tag=scene.gas.pk, kind="high", threshold=25, priority=1, statutory=True
    )
