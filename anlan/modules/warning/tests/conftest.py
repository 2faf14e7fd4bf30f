"""A county with two towns; a unit with a tank, its gateway and alarms, an overdue hazard; its people and offices."""

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
from anlan.modules.alarms.public import Transition, record_transitions
from anlan.modules.warning import services
from anlan.modules.warning.models import IndexDay, Notice
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=clock.CHINA)


@dataclass
class Scene:
    """Everybody and everything."""

    city: Region
    county: Region
    town: Region
    other: Region
    unit: Any
    site: Any
    users: dict[str, User] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody by role."""
        return actor_for(self.users[name])

    def raised(self, kind: str) -> None:
        """An alarm stands on the tank."""
        setting, at = self.settings[kind], int(clock.now().timestamp() * 1000)
        record_transitions([Transition(setting.pk, setting.tag_id, "raised", at, 9.5)])

    def index(self, region: Region) -> IndexDay:
        """A region's index of today."""
        return IndexDay.plain.get(about="region", region_path=region.path, day=clock.today())

    def of_unit(self) -> IndexDay:
        """The unit's index of today."""
        return IndexDay.plain.get(about="unit", unit=self.unit.pk, day=clock.today())

    def issued(self, **more: Any) -> Any:
        """A yellow warning for the county, until the 23rd."""
        given = {
            "level": "yellow",
            "text": "加强值守巡查",
            "until": dt.date(2026, 11, 23),
            "region": self.county,
        } | more
        return services.issue_warning(actor=self.actor("county_officer"), **given)

    def notice(self, warning: Any, name: str) -> Notice:
        """The notice of a warning that went to somebody by name."""
        return Notice.plain.get(warning=warning, to=name)


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def scene(db: Any) -> Any:
    """The scene at noon of 20 November 2026."""
    with clock.moved_to(NOON):
        city = _region(None, "安州市", "city", "998800")
        county = _region(city, "本县", "county", "998801")
        town = _region(county, "城南镇", "town", "998801001")
        other = _region(county, "城北镇", "town", "998801002")
        data = {
            "name": "安州水产冷冻厂", "uscc": make_valid("91998801", 31), "sector": "industry_trade:light",
            "address": "港前路8号", "lon": 115.1, "lat": 24.1,
        }  # fmt: skip
        unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=town)
        site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
        scene = Scene(city, county, town, other, unit, site)
        for name, grant in {
            "unit_safety": {"holder": unit.holder}, "unit_worker": {"holder": unit.holder},
            "town_officer": {"region": town}, "other_town": {"region": other}, "leader": {"region": county},
            "county_officer": {"region": county}, "city_officer": {"region": city},
        }.items():  # fmt: skip
            user: Any = User.objects.create_user(name, None, name=name)
            role = "town_officer" if name == "other_town" else name
            Grant.objects.create(user=user, role=role, valid_from=dt.date(2026, 1, 1), **grant)
            scene.users[name] = user
        _tank(scene)
        yield scene


def _region(above: Region | None, name: str, kind: str, code: str) -> Region:
    made = add_region(actor=SYSTEM, parent=above, name=name, kind=kind, code=code)
    return Region.objects.get(pk=made.pk)


def _tank(scene: Scene) -> None:
    gateway, _secret = ACTS["monitoring.register_gateway"].function(
        actor=SYSTEM, site=scene.site.pk, code="tank-1", name="氨罐网关"
    )
    ACTS["monitoring.put_tag"].function(
        actor=SYSTEM, gateway=gateway.pk, name="LT101", label="1号储罐液位", quantity="level", unit_of_measure="m",
        low_range=0.0, high_range=10.0, period_s=5,
    )  # fmt: skip
    tag = apps.get_model("monitoring.Tag").plain.get(name="LT101")
    for kind, limit, priority in (("high", 8.0, 2), ("high_high", 9.0, 1)):
        scene.settings[kind] = ACTS["alarms.make_setting"].function(
            actor=scene.actor("county_officer"), tag=tag.pk, kind=kind, threshold=limit, priority=priority
        )
