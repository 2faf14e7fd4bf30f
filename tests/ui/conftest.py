"""The cast of the screen tests: two counties, their people, and things due on both sides of the line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from tests.ui.sample import Paper, begin_paper, known_to

CANARY = "金丝雀"


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """A city with two counties and two towns each, one officer of each level, and an outsider."""
    system = Actor.system("tests")

    def region(parent: Region | None, name: str, kind: str) -> Region:
        made = add_region(actor=system, parent=parent, name=name, kind=kind)
        return Region.objects.get(pk=made.pk)

    square = {
        "type": "Polygon",
        "coordinates": [[[115.0, 24.0], [115.4, 24.0], [115.4, 24.4], [115.0, 24.4], [115.0, 24.0]]],
    }
    city = region(None, "安澜市", "city")
    here, there = region(city, "临江县", "county"), region(city, f"{CANARY}县", "county")
    Region.objects.filter(pk=here.pk).update(outline=square, lon=115.2, lat=24.2)
    town, other_town = region(here, "青溪镇", "town"), region(here, "和平镇", "town")
    far_town = region(there, f"{CANARY}镇", "town")
    found = SimpleNamespace(city=city, here=here, there=there, town=town, other_town=other_town, far_town=far_town)

    def user(username: str, name: str, role: str, at: Region) -> User:
        made = User.objects.create_user(username, "Passw0rd-long!", name=name, title="")
        Grant.objects.create(user=made, role=role, region=at, valid_from=dt.date(2020, 1, 1))
        return made

    found.city_officer = user("city", "市局王", "city_officer", city)
    found.county_officer = user("county", "县局李", "county_officer", here)
    found.town_officer = user("town", "镇办陈", "town_officer", town)
    found.far_officer = user("far", f"{CANARY}员", "county_officer", there)
    found.grid_worker = user("grid", "网格员赵", "grid_worker", town)
    found.nobody = User.objects.create_user("nobody", "Passw0rd-long!", name="无岗")
    return found


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def made(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return made


@pytest.fixture
def due() -> Callable[..., Deadline]:
    """Something due: ``due(region, days, title=…)``."""

    def made(
        at: Region, days: int, *, title: str, label: str = "Review the report", kind: str = "review", **more: Any
    ) -> Deadline:
        day = clock.today() + dt.timedelta(days=days)
        return Deadline.plain.create(
            **{
                "region_path": at.path,
                "sector": "",
                "kind": kind,
                "label": label,
                "subject_type": "regions.region",
                "subject_id": str(at.pk),
                "subject_title": title,
                "starts_on": clock.today(),
                "due_at": clock.end_of(day),
                "duty": "hazards.review",
                "desk_path": at.path,
                "basis": "《安全生产法》第四十一条",
                **more,
            }
        )

    return made


@pytest.fixture
def actor() -> Callable[[User], Actor]:
    """The actor somebody is."""
    return actor_for


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the table of the sample module."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        if Paper._meta.db_table not in connection.introspection.table_names():
            editor.create_model(Paper)


@pytest.fixture(autouse=True)
def with_papers(settings: Any) -> Iterator[None]:
    """The sample module is there for the length of a test: its pages are mounted, its model is known."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    known_to(apps)
    yield
    del apps.app_configs["ui_sample"]


@pytest.fixture
def paper(cast: SimpleNamespace) -> Callable[..., Paper]:
    """A paper: ``paper(town, title=…)``, begun by the town's officer."""

    def made(at: Region, title: str = "青溪厂", **more: Any) -> Paper:
        begun = begin_paper(
            actor=Actor.system("tests"),
            title=title,
            town=at,
            **{k: v for k, v in more.items() if k in ("text", "level", "headcount", "found_on")},
        )
        rest = {k: v for k, v in more.items() if k in ("phone", "due_at", "lon", "lat")}
        if rest:
            Paper.plain.filter(pk=begun.pk).update(**rest)
        return Paper.plain.get(pk=begun.pk)

    return made
