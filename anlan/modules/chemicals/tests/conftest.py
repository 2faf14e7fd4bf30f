"""A chemical works, a paint maker that buys from it, a waste handler; each with its people, and their town."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
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
from anlan.modules.chemicals import services
from anlan.modules.chemicals.models import Place, Stock, Substance, fill_catalogue
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=clock.CHINA)


def day(number: int) -> dt.date:
    """A day of November 2026."""
    return dt.date(2026, 11, number)


@dataclass
class Works:
    """A unit with its site, its people and places."""

    unit: Any
    site: Any
    people: dict[str, User] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def keeper(self) -> Actor:
        """Its safety manager."""
        return actor_for(self.people["safety"])

    def put(self, place: str, substance: Substance, kind: str, kg: Any, on: dt.date, **more: Any) -> Any:
        """A movement at one of its places."""
        return services.record_movement(
            actor=self.keeper, place=self.places[place].pk, substance=substance.pk, kind=kind, kg=Decimal(str(kg)), on=on,
            **more,
        )  # fmt: skip

    def stock(self, place: str, substance: Substance) -> Stock:
        """What a place keeps now."""
        return Stock.plain.get(place=self.places[place], substance=substance)


@dataclass
class Scene:
    """Everybody."""

    city: Region
    town: Region
    maker: Works
    user: Works
    waste: Works
    officers: dict[str, User] = field(default_factory=dict)

    @property
    def officer(self) -> Actor:
        """The town's officer."""
        return actor_for(self.officers["town_officer"])

    @property
    def city_officer(self) -> Actor:
        """The city's officer."""
        return actor_for(self.officers["city_officer"])


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def person(name: str, role: str, **grant: Any) -> User:
    """A user with one authority."""
    user: User = User.objects.create_user(f"user{User.objects.count() + 1}", None, name=name)
    Grant.objects.create(user=user, role=role, valid_from=dt.date(2026, 1, 1), **grant)
    return user


def works(region: Region, serial: int, name: str, *places: tuple[str, str]) -> Works:
    """A unit with places of keeping."""
    data = {"name": name, "uscc": make_valid("91998801", serial), "sector": "chem", "address": "化工大道1号"}
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=region)
    made = Works(unit, apps.get_model("registry.Site").plain.select_related("unit").get(unit_id=unit.pk))
    made.people["safety"] = person(f"{name}安全员", "unit_safety", holder=unit.holder)
    made.people["principal"] = person(f"{name}负责人", "unit_principal", holder=unit.holder)
    for kind, place in places:
        made.places[place] = services.add_place(actor=made.keeper, site=made.site.pk, kind=kind, name=place)
    return made


@pytest.fixture
def scene(db: Any) -> Any:
    """The scene at noon of 20 November 2026."""
    fill_catalogue()
    with clock.moved_to(NOON):
        city = add_region(actor=SYSTEM, parent=None, name="安州市", kind="city", code="998800")
        county = add_region(
            actor=SYSTEM, parent=Region.objects.get(pk=city.pk), name="本县", kind="county", code="998801"
        )
        town = add_region(
            actor=SYSTEM, parent=Region.objects.get(pk=county.pk), name="城南镇", kind="town", code="998801001"
        )
        town = Region.objects.get(pk=town.pk)
        made = Scene(
            Region.objects.get(pk=city.pk), town,
            works(town, 11, "甲醇化工厂", ("tank", "甲醇储罐T-101"), ("unit", "合成装置")),
            works(town, 12, "油漆厂", ("warehouse", "原料库"), ("waste", "危废间")),
            works(town, 13, "环保处置公司", ("waste", "暂存库")),
        )  # fmt: skip
        made.officers["town_officer"] = person("镇监管员", "town_officer", region=town)
        made.officers["city_officer"] = person("市监管员", "city_officer", region=made.city)
        yield made


@pytest.fixture
def methanol(scene: Scene) -> Substance:
    """Methanol."""
    return Substance.plain.get(code="67-56-1")


@pytest.fixture
def cyanide(scene: Scene) -> Substance:
    """Sodium cyanide, marked as highly toxic."""
    found = Substance.plain.get(code="143-33-9")
    services.mark_substance(
        actor=scene.city_officer, substance=found.pk, mark="highly_toxic", listed=True, basis="危险化学品目录（2015版）"
    )
    return Substance.plain.get(pk=found.pk)
