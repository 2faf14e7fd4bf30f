"""A county and its town, each with its people; the town stands duty."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.duty import services
from anlan.modules.duty.models import DutyRoom

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 6, 3, 12, 0, tzinfo=clock.CHINA)  # a Wednesday


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> dt.datetime:
    """A moment of 2026 in China."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.CHINA)


@dataclass
class Office:
    """Regions, users by name, the town's room."""

    city: Region
    county: Region
    town: Region
    far: Region
    users: dict[str, User] = field(default_factory=dict)
    room: Any = None

    def actor(self, name: str) -> Actor:
        """Somebody by name."""
        return actor_for(self.users[name])

    def key(self, name: str) -> int:
        """His key."""
        return int(self.users[name].pk)

    def put(self, begins: dt.datetime, ends: dt.datetime, officer: str = "周", leader: str = "镇长", deputy: str = "") -> Any:
        """A shift of the town."""
        return services.put_shift(
            actor=self.actor("周"), room=self.room, begins=begins, ends=ends, officer=self.key(officer),
            leader=self.key(leader), deputy=self.key(deputy) if deputy else None,
        )  # fmt: skip


def make_user(name: str, role: str, region: Region, **grant: Any) -> User:
    """A user with one authority."""
    user: User = User.objects.create_user(f"user{User.objects.count() + 1}", None, name=name)
    Grant.objects.create(user=user, role=role, region=region, valid_from=dt.date(2026, 1, 1), **grant)
    return user


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def bare(db: Any) -> Office:
    """The offices with their people; nobody stands duty yet."""

    def grow(parent: Region | None, name: str, kind: str, code: str) -> Region:
        made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        return Region.objects.get(pk=made.pk)

    city = grow(None, "安州市", "city", "998800")
    county = grow(city, "本县", "county", "998801")
    office = Office(city, county, grow(county, "城南镇", "town", "998801001"), grow(city, "他县", "county", "998802"))
    people = (
        ("周", "town_officer", office.town), ("吴", "town_officer", office.town), ("郑", "inspector", office.town),
        ("镇长", "leader", office.town), ("副镇长", "leader", office.town), ("县干部", "county_officer", county),
        ("县副手", "county_officer", county), ("县长", "leader", county), ("外人", "county_officer", office.far),
        ("外领导", "leader", office.far),
    )  # fmt: skip
    for name, role, region in people:
        office.users[name] = make_user(name, role, region)
    return office


@pytest.fixture
def office(bare: Office) -> Any:
    """The town stands duty; it is noon of 2026-06-03."""
    with clock.moved_to(NOON):
        bare.room = services.open_room(actor=bare.actor("周"), region=bare.town, phone="0998-6620110")
        assert isinstance(bare.room, DutyRoom)
        yield bare
