"""The registry's cast: a city of two counties with three towns, and the people who work in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.clock import today
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.registry.models import Site, Unit
from anlan.modules.registry.services import register_unit
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[115.7, 24.1], [115.8, 24.1], [115.8, 24.2], [115.7, 24.2], [115.7, 24.1]]],
}


def code(serial: int, prefix: str = "91998801") -> str:
    """A valid code; ``serial`` makes it another one."""
    return make_valid(prefix, serial)


@dataclass(frozen=True)
class City:
    """A city, counties east and west, towns south and north (east) and river (west), a village in south."""

    root: Region
    east: Region
    west: Region
    south: Region
    north: Region
    river: Region
    village: Region


@pytest.fixture
def city(db: Any) -> City:
    """The tree of regions."""
    return make_city()


def make_city() -> City:
    """Grow the tree; for tests with transactions of their own as well."""

    def grow(parent: Region | None, name: str, kind: str, number: str, outline: Any = None) -> Region:
        return add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=number, outline=outline)

    root = grow(None, "安州市", "city", "998800")
    east, west = grow(root, "东江县", "county", "998801"), grow(root, "西江县", "county", "998802")
    south, north = grow(east, "城南镇", "town", "998801001", SQUARE), grow(east, "城北镇", "town", "998801002")
    river = grow(west, "河口镇", "town", "998802001")
    village = grow(south, "和平村", "village", "998801001001")
    return City(root, east, west, south, north, river, village)


def make_user(
    role: str = "", region: Region | None = None, *, holder: str = "", sector: str = "", **fields: Any
) -> User:
    """A user with one grant."""
    number = User.objects.count() + 1
    user: User = User.objects.create_user(
        fields.pop("username", f"user{number}"),
        fields.pop("password", None),
        name=fields.pop("name", f"经办人{number}"),
        **fields,
    )
    if role:
        Grant.objects.create(user=user, role=role, region=region, sector=sector, holder=holder, valid_from=today())
    return user


@pytest.fixture
def acting(db: Any) -> Callable[..., Actor]:
    """An actor with one grant: ``acting("town_officer", city.south)``."""

    def make(role: str, region: Region | None = None, **more: Any) -> Actor:
        return actor_for(make_user(role, region, **more))

    return make


@pytest.fixture
def county(city: City, acting: Callable[..., Actor]) -> Actor:
    """The regulator of the eastern county."""
    return acting("county_officer", city.east, name="县应急局")


@pytest.fixture
def town(city: City, acting: Callable[..., Actor]) -> Actor:
    """The regulator of the town in the south."""
    return acting("town_officer", city.south, name="城南镇安监")


@pytest.fixture
def stranger(city: City, acting: Callable[..., Actor]) -> Actor:
    """The regulator of the western county."""
    return acting("county_officer", city.west, name="西江县应急局")


@pytest.fixture
def make_unit(city: City) -> Callable[..., Unit]:
    """Register a unit: ``make_unit(name="…", town="城南镇")``; the platform acts unless ``actor`` is given."""

    def make(actor: Actor = SYSTEM, region: Region | None = None, **data: Any) -> Unit:
        number = Unit.plain.count() + 1
        row = {
            "name": f"东江县第{number}机械有限公司",
            "uscc": code(number),
            "sector": "industry_trade:machinery",
            **data,
        }
        return register_unit(actor=actor, data=row, region=region or city.south)

    return make


@pytest.fixture
def unit(make_unit: Callable[..., Unit]) -> Unit:
    """A unit in the southern town with two people."""
    return make_unit(
        name="东江县龙田机械有限公司",
        legal_representative="陈大文",
        principal="林小满",
        principal_phone="13800138001",
        headcount=86,
        industry="3411",
        flags=["dust"],
        address="城南镇和平路12号",
    )


@pytest.fixture
def site(unit: Unit) -> Site:
    """Its site."""
    return Site.plain.select_related("unit", "region").get(unit=unit)
