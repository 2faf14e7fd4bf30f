"""A cold store with ammonia in a town; its people and those of town, county."""

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
from anlan.modules.installations import services
from anlan.modules.installations.models import Installation
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=clock.CHINA)


@dataclass
class Scene:
    """Everybody and the cold store."""

    city: Region
    county: Region
    town: Region
    unit: Any
    site: Any
    ammonia: Any
    users: dict[str, User] = field(default_factory=dict)
    place: Any = None
    store: Any = None

    def actor(self, name: str) -> Actor:
        """Somebody by role."""
        return actor_for(self.users[name])

    def fresh(self) -> Installation:
        """The cold store as it stands now."""
        return Installation.plain.get(pk=self.store.pk)

    def declare(self, tonnes: Any, **more: Any) -> Any:
        """Declare so many tonnes of ammonia."""
        given = {"basis": "design_maximum", "paper": "制冷系统设计说明", "place": self.place.pk, **more}
        return services.put_holding(
            actor=self.actor("unit_safety"),
            installation=self.store.pk,
            substance=self.ammonia.pk,
            tonnes=tonnes,
            **given,
        )


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def scene(db: Any) -> Any:
    """The scene at noon of 20 November 2026."""
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
            "address": "港前路8号", "lon": 115.1, "lat": 24.1, "flags": ["ammonia"],
        }  # fmt: skip
        unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=town)
        site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
        scene = Scene(city, county, town, unit, site, apps.get_model("chemicals.Substance").plain.get(code="7664-41-7"))
        grants = {
            "unit_safety": {"holder": unit.holder}, "unit_principal": {"holder": unit.holder},
            "town_officer": {"region": town}, "county_officer": {"region": county}, "city_officer": {"region": city},
        }  # fmt: skip
        for role, grant in grants.items():
            user: Any = User.objects.create_user(role, None, name=role)
            Grant.objects.create(user=user, role=role, valid_from=dt.date(2026, 1, 1), **grant)
            scene.users[role] = user
        keeper = scene.actor("unit_safety")
        scene.place = ACTS["chemicals.add_place"].function(actor=keeper, site=site.pk, kind="unit", name="氨制冷系统")
        scene.store = services.register_installation(
            actor=keeper, site=site.pk, kind="production", name="氨制冷机房", exposed=20
        )
        yield scene
