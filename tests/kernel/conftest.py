"""The cast of the kernel's tests: a city of two counties, and people with grants in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from anlan.config.roles import ROLES, Role
from anlan.kernel.actor import Actor, Grant
from anlan.kernel.clock import today
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant as GrantRow
from anlan.kernel.identity.models import User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region

SYSTEM = Actor.system("tests")
WORKER = frozenset({"sample.view", "sample.open", "sample.fix", "account.own", "files.view", "deadlines.view"})
CHECKER = frozenset({"sample.view", "sample.close", "account.own", "files.view", "deadlines.view"})


@dataclass(frozen=True)
class City:
    """The tree: a city, counties a and b, towns a1, a2 and b1, and a village in each town."""

    root: Region
    a: Region
    b: Region
    a1: Region
    a2: Region
    b1: Region
    v1: Region
    v2: Region
    w1: Region


@pytest.fixture(autouse=True)
def sample_roles(settings: Any) -> None:
    """The roles of the sample module, beside those of the deployment."""
    settings.ANLAN_ROLES = {
        **ROLES,
        "worker": Role("Worker", WORKER),
        "checker": Role("Checker", CHECKER),
        "head": Role("Head", WORKER | {"deadlines.hold", "deadlines.urge", "identity.grants"}),
        "own_worker": Role("Own worker", WORKER, for_unit=True),
    }
    settings.ANLAN_HOLDER_MODEL = "sample.Holding"


@pytest.fixture
def city(db: Any) -> City:
    """The tree of regions."""
    return make_city()


def make_city() -> City:
    """Grow the tree; for tests with transactions of their own as well."""

    def grow(parent: Region | None, name: str, kind: str, code: str = "") -> Region:
        region: Region = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        return region

    root = grow(None, "安州市", "city", "998800")
    a = grow(root, "甲县", "county", "998801")
    b = grow(root, "乙县", "county", "998802")
    a1, a2, b1 = grow(a, "城南镇", "town"), grow(a, "城北镇", "town"), grow(b, "河东镇", "town")
    v1, v2, w1 = (
        grow(a1, "和平村", "village"),
        grow(a1, "新建村", "village"),
        grow(b1, "东风村", "village"),
    )
    return City(root, a, b, a1, a2, b1, v1, v2, w1)


@pytest.fixture
def person(db: Any) -> Callable[..., User]:
    """Make a user with one grant: ``person("worker", city.a1)``."""
    return make_person


def make_person(
    role: str = "",
    region: Region | None = None,
    *,
    sector: str = "",
    holder: str = "",
    **fields: Any,
) -> User:
    """A user, with a grant when a role is named."""
    number = User.objects.count() + 1
    user: User = User.objects.create_user(
        fields.pop("username", f"user{number}"),
        fields.pop("password", None),
        name=fields.pop("name", f"User {number}"),
        **fields,
    )
    if role:
        GrantRow.objects.create(user=user, role=role, region=region, sector=sector, holder=holder, valid_from=today())
    return user


@pytest.fixture
def acting(db: Any) -> Callable[..., Actor]:
    """Make an actor with one grant: ``acting("worker", city.a1)``."""

    def make(role: str, region: Region | None = None, **more: Any) -> Actor:
        return actor_for(make_person(role, region, **more))

    return make


def plain_actor(path: str, permissions: frozenset[str] = WORKER, *, sector: str = "", holder: str = "") -> Actor:
    """An actor who is nobody in the database."""
    return Actor(
        key="user:0",
        name="Test",
        grants=(Grant("worker", permissions, path=path, sector=sector, holder=holder),),
    )
