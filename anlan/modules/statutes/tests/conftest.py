"""The people who read the library: an office of the city, a town, a town elsewhere, a worker of a unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.statutes import services
from anlan.modules.statutes.tests.texts import CHECKS, SOURCE

SYSTEM = Actor.system("tests")


@dataclass
class House:
    """Regions, and a browser for each reader by his name."""

    city: Region
    town: Region
    far: Region
    users: dict[str, User] = field(default_factory=dict)

    def browser(self, name: str) -> Client:
        """The browser in which somebody is signed in."""
        client = Client()
        client.force_login(self.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


@pytest.fixture
def house(db: Any) -> House:
    """The citations of the release are entered, and one local document is held."""

    def grow(parent: Region | None, name: str, kind: str, code: str) -> Region:
        made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        return Region.objects.get(pk=made.pk)

    city = grow(None, "安澜市", "city", "998800")
    county = grow(city, "临江县", "county", "998801")
    town, far = grow(county, "青溪镇", "town", "998801001"), grow(county, "和平镇", "town", "998801002")
    found = House(city, town, far)
    people = {
        "city": ("city_officer", city),
        "town": ("town_officer", town),
        "far": ("town_officer", far),
        "grid": ("grid_worker", town),
        "keeper": ("administrator", city),
    }
    for name, (role, region) in people.items():
        user: User = User.objects.create_user(f"reader_{name}", None, name=name)
        Grant.objects.create(user=user, role=role, region=region, valid_from=dt.date(2020, 1, 1))
        found.users[name] = user
    services.enter_citations(actor=SYSTEM)
    services.load_text(actor=SYSTEM, text=CHECKS, source=SOURCE, kind="local")
    return found
