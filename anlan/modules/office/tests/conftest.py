"""A city of two counties and the people who administer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.clock import today
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region

SYSTEM = Actor.system("tests")


@dataclass(frozen=True)
class City:
    """City, counties here and there, a town in each, a second town here, a village."""

    root: Region
    here: Region
    there: Region
    town: Region
    next_town: Region
    far_town: Region
    village: Region


@pytest.fixture
def city(db: Any) -> City:
    """The tree."""

    def grow(parent: Region | None, name: str, kind: str, code: str = "") -> Region:
        region: Region = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        return region

    root = grow(None, "安州市", "city", "998800")
    here, there = grow(root, "本县", "county", "998801"), grow(root, "他县", "county", "998802")
    town, next_town = grow(here, "城南镇", "town"), grow(here, "城北镇", "town")
    return City(root, here, there, town, next_town, grow(there, "河东镇", "town"), grow(town, "和平村", "village"))


@pytest.fixture
def person(db: Any) -> Callable[..., User]:
    """Make a user with one authority."""

    def make(role: str = "", region: Region | None = None, *, name: str = "", sector: str = "", **fields: Any) -> User:
        number = User.objects.count() + 1
        user: User = User.objects.create_user(
            fields.pop("username", f"user{number}"), None, name=name or f"用户{number}", **fields
        )
        if role:
            Grant.objects.create(user=user, role=role, region=region, sector=sector, valid_from=today(), reason="任命")
        return user

    return make


@pytest.fixture
def admin(city: City, person: Callable[..., User]) -> User:
    """The administrator of the county here."""
    return person("administrator", city.here, name="管理员")


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A signed-in browser."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make
