"""A county with a town and a village, a unit with a site and its people, the town's officers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.risks import services
from anlan.modules.risks.models import Factor, Measure, RiskPoint
from anlan.rules.uscc import make_valid

SYSTEM = Actor.system("tests")
LEC = {"inherent": {"L": "6", "E": "6", "C": "15"}, "residual": {"L": "1", "E": "6", "C": "15"}}  # 540 red, 90 yellow
WORDS = {
    "part": "开机巡检", "factor": "压缩机轴封泄漏", "accident_class": "中毒",
    "engineering": "轴封在线监测\n事故排风联锁", "management": "每班巡检两次", "emergency": "切断进出口阀，佩戴空气呼吸器撤离",
}  # fmt: skip


def act(name: str) -> Callable[..., Any]:
    """An act of another module, as the skeleton knows it: a story needs them, and this module meets only their doors."""
    return ACTS[name].function


def image(width: int = 400, height: int = 300, name: str = "plan.png", kind: str = "PNG") -> SimpleUploadedFile:
    """A picture of a size."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


@dataclass
class Plant:
    """Regions, the unit and its site, people by name."""

    city: Region
    county: Region
    town: Region
    village: Region
    unit: Any
    site: Any
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody by name."""
        return actor_for(self.users[name])

    def client(self, name: str) -> Client:
        """A browser in which somebody is signed in."""
        client = Client()
        client.force_login(self.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def point(self, name: str = "氨压缩机房", **more: Any) -> RiskPoint:
        """A registered point."""
        given = {"site": self.site.pk, "name": name, "kind": "place", **more}
        made: RiskPoint = services.register_point(actor=self.actor("safety"), **given)
        return made

    def factor(self, point: RiskPoint, **more: Any) -> Factor:
        """A factor scored by LEC."""
        given = {"method": "lec", **WORDS, **LEC, **more}
        made: Factor = services.add_factor(actor=self.actor("safety"), point=point.pk, **given)
        return made

    def in_force(self, name: str = "氨压缩机房", **more: Any) -> RiskPoint:
        """A point with an assessment in force."""
        point = self.point(name)
        self.factor(point, **more)
        services.assess_point(
            actor=self.actor("safety"), point=point.pk, control_level="company", responsible="何安全，设备科长"
        )
        services.put_in_force(actor=self.actor("principal"), point=point.pk)
        return fresh(point)

    def measure(self, point: RiskPoint, at: int = 0) -> Measure:
        """A measure in force."""
        rows: Any = Measure.plain.filter(assessment_id=fresh(point).assessment_id).order_by("pk")
        return rows[at]  # type: ignore[no-any-return]


def fresh(row: Any) -> Any:
    """The row as it stands in the database."""
    return type(row).plain.get(pk=row.pk)


def _user(name: str, role: str, region: Region | None = None, **grant: Any) -> User:
    user: User = User.objects.create_user(f"user{User.objects.count() + 1}", None, name=name)
    Grant.objects.create(user=user, role=role, region=region, valid_from=dt.date(2020, 1, 1), **grant)
    return user


@pytest.fixture
def plant(db: None) -> Plant:
    """Everybody."""

    def grow(parent: Region | None, name: str, kind: str, code: str, x: float = 0) -> Region:
        ring = [[x, 24.0], [x + 0.4, 24.0], [x + 0.4, 24.4], [x, 24.4], [x, 24.0]]
        outline = {"type": "Polygon", "coordinates": [ring]} if x else None
        made = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind, code=code, outline=outline)
        return Region.objects.get(pk=made.pk)

    city = grow(None, "安澜市", "city", "998800")
    county = grow(city, "临江县", "county", "998801", 115.0)
    town = grow(county, "青溪镇", "town", "998801001")
    village = grow(town, "东风村", "village", "998801001001")
    grow(city, "西山县", "county", "998802", 115.4)
    data = {
        "name": "临江冷冻有限公司", "uscc": make_valid("91998801", 7), "sector": "industry_trade:light", "headcount": 86,
        "industry": "1361", "flags": ["ammonia", "high_risk"], "address": "工业路7号", "scale": "medium",
        "lon": 115.2, "lat": 24.2,
    }  # fmt: skip
    unit = act("registry.register_unit")(actor=SYSTEM, data=data, region=village)
    site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
    plant = Plant(city, county, town, village, unit, site)
    plant.users = {
        "principal": _user("林厂长", "unit_principal", holder=site.holder),
        "safety": _user("何安全", "unit_safety", holder=site.holder),
        "worker": _user("小王", "unit_worker", holder=site.holder),
        "town": _user("镇安监员", "town_officer", town),
        "inspector": _user("巡查员", "inspector", town),
        "city": _user("市局科员", "city_officer", city),
        "far": _user("西山科员", "county_officer", Region.objects.get(name="西山县")),
    }
    return plant


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    """Files of a test go to a folder of its own."""
    settings.FILES_ROOT = tmp_path


def in_days(days: int) -> dt.datetime:
    """Some days from now."""
    return clock.now() + dt.timedelta(days=days)
