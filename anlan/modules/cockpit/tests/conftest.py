"""A city whose every figure was counted by hand: two counties, three towns, one village; today is 2026-05-20."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region

TODAY = dt.date(2026, 5, 20)
SYSTEM = Actor.system("tests")
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[115.7, 24.1], [115.8, 24.1], [115.8, 24.2], [115.7, 24.2], [115.7, 24.1]]],
}


def day(text: str) -> dt.date:
    """``05-02`` of this year, or ``2025-12-30``."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


class City:
    """Regions by name, and hands that plant sites and hazards as they stand."""

    def __init__(self) -> None:
        self.root = self._grow(None, "安州市", "city", "998800")
        self.east = self._grow(self.root, "东江县", "county", "998801", SQUARE)
        self.west = self._grow(self.root, "西江县", "county", "998802", SQUARE)
        self.south = self._grow(self.east, "城南镇", "town", "998801001")
        self.north = self._grow(self.east, "城北镇", "town", "998801002")
        self.river = self._grow(self.west, "河口镇", "town", "998802001")
        self.village = self._grow(self.south, "和平村", "village", "998801001001")
        self.units = 0
        self.hazards = 0

    def _grow(self, parent: Region | None, name: str, kind: str, code: str, outline: Any = None) -> Region:
        return add_region(
            actor=SYSTEM, parent=Region.objects.get(pk=parent.pk) if parent else None, name=name, kind=kind, code=code,
            outline=outline, lon=115.75, lat=24.15,
        )  # fmt: skip

    def site(self, region: Region, sector: str = "chem", status: str = "operating", unit: Any = None) -> Any:
        """A site, of a new unit unless one is given."""
        unit_model, site_model = apps.get_model("registry.Unit"), apps.get_model("registry.Site")
        serial = 1
        if unit is None:
            self.units += 1
            unit = unit_model(
                kind="enterprise", name=f"第{self.units}化工有限公司", name_key=f"第{self.units}化工有限公司",
                provisional_number=f"TMP{self.units:014}0", region_path=region.path, sector=sector,
            )  # fmt: skip
            unit.save(force_insert=True)
        else:
            serial = site_model.plain.filter(unit=unit).count() + 1
        site = site_model(
            unit=unit, serial=serial, is_main=serial == 1, name=f"{unit.name}{serial}号场所", region=region,
            region_path=region.path, sector=sector, holder=unit.holder, status=status,
        )  # fmt: skip
        site.save(force_insert=True)
        return site

    def hazard(
        self, site: Any, found: str, *, state: str = "rectifying", grade: str = "general", due: str = "",
        rectified: str = "", closed: str = "", needed: int | None = None, spent: int | None = None, leader: str = "",
        phone: str = "", category: str = "other",
    ) -> Any:  # fmt: skip
        """A hazard as it stands, with its deadline: ``due`` is the time limit, ``closed`` the day it was closed."""
        model = apps.get_model("hazards.Hazard")
        self.hazards += 1
        open_ = state not in ("closed", "withdrawn", "merged")
        at = clock.end_of(day(found))
        ended = clock.end_of(day(closed)) if closed else at
        fields: dict[str, Any] = {
            "number": f"YH{self.hazards:04}", "site_id": site.pk, "region_path": site.region_path,
            "sector": site.sector, "holder": site.holder, "owner_path": site.region_path[:12],
            "source": "inspection", "found_on": day(found),
            "title": f"第{self.hazards}号隐患", "description": "配电箱门缺失", "category": category, "state": state,
            "grade": grade, "rectify_due": day(due) if due else None,
            "rectified_on": day(rectified) if rectified else None,
            "money_needed_yuan": needed, "money_spent_yuan": spent, "created_at": at,
            "due_at": clock.end_of(day(due)) if due and open_ else None, "listing_level": "county" if leader else "",
        }  # fmt: skip
        if state == "closed":
            fields |= {"accepted_at": ended, "accepted_by": "user:2", "rectified_by": "user:1", "closed_at": ended,
                       "plan_approved_at": at, "reported_regulator_on": day(found), "reported_workers_on": day(found),
                       "evaluated_on": day(found)}  # fmt: skip
        with bulk_load(SYSTEM, "a scene of tests"):
            hazard = model(**fields)
            hazard.save(force_insert=True)
            if leader:
                apps.get_model("hazards.Listing")(
                    hazard=hazard, region_path=site.region_path, sector=site.sector, holder=site.holder,
                    owner_path=hazard.owner_path, state="listed", level="county", office_path=site.region_path[:8],
                    number=f"G{self.hazards}", leader_name=leader, leader_title="副县长", leader_phone=phone,
                    due_on=day(due), reason="x", at=at, by_key="user:1", by_name="x", listed_at=at,
                ).save(force_insert=True)  # fmt: skip
        if due:
            Deadline(
                region_path=site.region_path, sector=site.sector, holder=site.holder, kind="rectify",
                label="Rectify the hazard", subject_type="hazards.hazard", subject_id=str(hazard.pk),
                subject_title=hazard.title, starts_on=day(found), due_at=clock.end_of(day(due)), duty="hazards.order",
                desk_path=site.region_path[:12], state="open" if open_ else "met", ended_at=None if open_ else ended,
            ).save(force_insert=True)  # fmt: skip
        return hazard

    def user(self, role: str, *where: Region, sector: str = "") -> User:
        """A user with one grant for each region."""
        user = User.objects.create_user(f"{role}{User.objects.count()}", name="王主任")
        for region in where:
            Grant.objects.create(user=user, role=role, region=region, sector=sector, valid_from=dt.date(2020, 1, 1))
        return user

    def actor(self, role: str, *where: Region, sector: str = "") -> Actor:
        """The same as an actor."""
        return actor_for(self.user(role, *where, sector=sector))


@pytest.fixture
def today(db: Any) -> Iterator[dt.date]:
    """The day on which everything was counted."""
    with clock.moved_to(TODAY):
        yield TODAY


@pytest.fixture
def empty(today: dt.date) -> City:
    """The regions, and nothing in them."""
    return City()


@pytest.fixture
def city(empty: City) -> City:
    """The counted city (see ``test_numbers.COUNTED``).

    城南镇: unit 1 with two sites (one in the village), unit 2; 城北镇: unit 1's third site, unit 3 closed;
    河口镇: nothing but unit 4, of another line; at the county 东江县 itself: unit 5.
    """
    one = empty.site(empty.village)
    empty.site(empty.south, unit=one.unit)
    two = empty.site(empty.south, "gas", "suspended")
    three = empty.site(empty.north, unit=one.unit)
    empty.site(empty.north, status="closed")
    four = empty.site(empty.river, "gas")
    five = empty.site(empty.east)
    empty.hazard(one, "05-02", due="05-10", grade="major", state="planning", needed=100_000, spent=30_000,
                 leader="陈志远", phone="0753-5522119")  # fmt: skip  # open, major, overdue since 10 May
    empty.hazard(one, "05-15", due="06-15", category="fire")  # open, in time
    empty.hazard(one, "04-01", due="04-20", state="closed", rectified="04-18", closed="04-25")  # in time
    empty.hazard(two, "03-01", due="03-20", state="closed", rectified="03-25", closed="05-04")  # late
    empty.hazard(two, "04-19", due="", grade="", state="registered")  # open, no time limit; found in last month
    empty.hazard(three, "2025-11-03", due="05-19")  # open, overdue by a day, found last year
    empty.hazard(four, "04-25", due="04-30", state="withdrawn")  # no hazard
    empty.hazard(four, "2025-12-20", due="01-05", state="closed", rectified="01-05", closed="01-08")  # found last year
    empty.hazard(five, "05-20", due="05-20", grade="major", state="planning")  # major, due today: not overdue
    return empty


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A signed-in browser."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
