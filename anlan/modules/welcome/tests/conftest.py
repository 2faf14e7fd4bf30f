"""A county of two towns, the officers who invite, units nobody has claimed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.clock import today
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
PASSWORD = "Deng-gao-2026"
LINE = "industry_trade:machinery"


@dataclass(frozen=True)
class City:
    """City, counties here and there, two towns here, one there."""

    root: Region
    here: Region
    there: Region
    town: Region
    next_town: Region
    far_town: Region


def make_city() -> City:
    """The tree; for tests with transactions of their own as well."""

    def grow(parent: Region | None, name: str, kind: str, code: str) -> Region:
        region: Region = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        return region

    root = grow(None, "安州市", "city", "998800")
    here, there = grow(root, "本县", "county", "998801"), grow(root, "他县", "county", "998802")
    town, next_town = grow(here, "城南镇", "town", "998801001"), grow(here, "城北镇", "town", "998801002")
    return City(root, here, there, town, next_town, grow(there, "河东镇", "town", "998802001"))


def make_user(role: str = "", region: Region | None = None, *, holder: str = "", **fields: Any) -> User:
    """A user with one authority."""
    number = User.objects.count() + 1
    user: User = User.objects.create_user(
        fields.pop("username", f"user{number}"), fields.pop("password", None), name=fields.pop("name", f"用户{number}"),
        **fields,
    )  # fmt: skip
    if role:
        Grant.objects.create(user=user, role=role, region=region, holder=holder, valid_from=today())
    return user


def of_registry(act: str) -> Callable[..., Any]:
    """An act of the registry, as the skeleton knows it: the story needs units, and this module meets only its door."""
    return ACTS[f"registry.{act}"].function


def make_unit(region: Region, serial: int, **data: Any) -> Any:
    """A unit nobody acts for yet."""
    row = {"name": f"第{serial}五金厂", "uscc": make_valid("91998801", serial), "sector": LINE, **data}
    return of_registry("register_unit")(actor=SYSTEM, data=row, region=region)


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def city(db: Any) -> City:
    """The tree of regions."""
    return make_city()


@pytest.fixture
def officer(city: City) -> Actor:
    """The town's officer."""
    return actor_for(make_user("town_officer", city.town, name="周安监", username="officer"))


@pytest.fixture
def unit(city: City) -> Any:
    """A unit in the town, its principal on file with a telephone."""
    return make_unit(city.town, 1, name="龙田五金厂", principal="林小满", principal_phone="13800138001")


@pytest.fixture
def acting() -> Callable[..., Actor]:
    """Somebody with one authority."""
    return lambda *args, **kwargs: actor_for(make_user(*args, **kwargs))
