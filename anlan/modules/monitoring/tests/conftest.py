"""A tank farm in a town; its safety manager and the county."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps

from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")


@dataclass
class Scene:
    """Everybody and the site."""

    town: Region
    unit: Any
    site: Any
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody by role."""
        return actor_for(self.users[name])


def made() -> Scene:
    """The scene, in the database at hand."""
    rows = (("安州市", "city", "998800"), ("本县", "county", "998801"), ("城南镇", "town", "998801001"))
    regions: list[Region] = []
    for name, kind, code in rows:
        parent = regions[-1] if regions else None
        one = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code)
        regions.append(Region.objects.get(pk=one.pk))
    elsewhere = add_region(actor=SYSTEM, parent=regions[0], name="邻县", kind="county", code="998802")
    data = {"name": "安州油品储运公司", "uscc": make_valid("91998801", 47), "sector": "chem"}
    unit = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=regions[2])
    scene = Scene(regions[2], unit, apps.get_model("registry.Site").plain.get(unit_id=unit.pk))
    grants: dict[str, dict[str, Any]] = {
        "unit_safety": {"holder": unit.holder}, "unit_worker": {"holder": unit.holder},
        "county_officer": {"region": regions[1]}, "leader": {"region": regions[1]},
        "stranger": {"region": Region.objects.get(pk=elsewhere.pk)},
    }  # fmt: skip
    for name, grant in grants.items():
        role = "county_officer" if name == "stranger" else name
        user: Any = User.objects.create_user(name, None, name=name)
        Grant.objects.create(user=user, role=role, valid_from=dt.date(2026, 1, 1), **grant)
        scene.users[name] = user
    return scene


@pytest.fixture
def scene(db: Any) -> Scene:
    """The scene."""
    return made()
