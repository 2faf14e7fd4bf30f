"""A works with combustible dust in a town that adopted Xingning's draft; its people and those of town and county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.compliance import selectors, services
from anlan.modules.compliance.models import Evidence, SelfCheck, Workspace
from anlan.modules.statutes import public as statutes
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=clock.CHINA)


@dataclass
class Scene:
    """Everybody, the works and its workspace."""

    city: Region
    county: Region
    town: Region
    unit: Any
    site: Any
    users: dict[str, User] = field(default_factory=dict)
    workspace: Any = None

    def actor(self, name: str) -> Actor:
        """Somebody by role."""
        return actor_for(self.users[name])

    def fresh(self) -> Workspace:
        """The workspace as it stands now."""
        return Workspace.plain.get(pk=self.workspace.pk)

    def told(self) -> dict[str, str]:
        """The duties of the works and how each stands."""
        return {one.duty.code: one.standing.value for one in selectors.duties_of(self.fresh())}

    def hand_in(self, kind: str, told_on: dt.date | None = None, **more: Any) -> Evidence:
        """The safety manager hands a paper in."""
        from tests.cast import picture

        given = {"papers": [picture("green", f"{kind}.png")], **more}
        found: Evidence = services.hand_in_evidence(
            actor=self.actor("unit_safety"), workspace=self.workspace.pk, kind=kind, told_on=told_on or clock.today(),
            **given,
        )  # fmt: skip
        return found

    def plan(self, **more: Any) -> SelfCheck:
        """The safety manager plans self-checks by the statutory dust list."""
        listed = next(one for one in statutes.lists_for(self.actor("unit_safety"), sector="dust"))
        given = {"site": self.site.pk, "check_list": listed.pk, "every_days": 30, "due_on": clock.today(), **more}
        found: SelfCheck = services.plan_check(actor=self.actor("unit_safety"), workspace=self.workspace.pk, **given)
        return found


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def scene(db: Any) -> Iterator[Scene]:
    """The scene at noon of 20 November 2026; duties are asked since 2024."""
    with clock.moved_to(NOON):
        rows = (("安州市", "city", "998800"), ("本县", "county", "998801"), ("城南镇", "town", "998801001"))
        regions: list[Region] = []
        for name, kind, code in (*rows, ("城北镇", "town", "998801002")):
            parent = regions[min(len(regions), 2) - 1] if regions else None
            made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
            regions.append(Region.objects.get(pk=made.pk))
        city, county, town, other = regions
        for document in ("xn", "nh"):
            set_parameter(
                actor=SYSTEM, code=f"obligations.adopt_{document}", region=city, value=1, valid_from=dt.date(2024, 1, 1),
                basis="市安委会决定",
            )  # fmt: skip
        statutes.enter_citations(actor=SYSTEM)
        data = {
            "name": "安州铝粉制品厂", "uscc": make_valid("91998801", 41), "sector": "industry_trade:nonferrous",
            "address": "港前路9号", "headcount": 86, "flags": ["dust"],
        }  # fmt: skip
        unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=town)
        site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
        scene = Scene(city, county, town, unit, site)
        grants = {
            "unit_safety": {"holder": unit.holder}, "unit_principal": {"holder": unit.holder},
            "unit_worker": {"holder": unit.holder}, "town_officer": {"region": town},
            "county_officer": {"region": county}, "elsewhere": {"region": other},
            "fire_line": {"region": county, "sector": "fire"},
            "trade_line": {"region": county, "sector": "industry_trade"},
        }  # fmt: skip
        roles = {"elsewhere": "town_officer", "fire_line": "county_officer", "trade_line": "county_officer"}
        for name, grant in grants.items():
            user: Any = User.objects.create_user(name, None, name=name)
            Grant.objects.create(user=user, role=roles.get(name, name), valid_from=dt.date(2026, 1, 1), **grant)
            scene.users[name] = user
        scene.workspace = services.open_workspace(actor=SYSTEM, unit=unit.pk, since=dt.date(2024, 1, 1))
        yield scene
