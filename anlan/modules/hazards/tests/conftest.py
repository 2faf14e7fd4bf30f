"""The cast: a city with two counties and three towns, a works with its people, the offices above it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.regions.models import Region
from anlan.modules.hazards import services
from anlan.modules.hazards.models import Hazard

TODAY = dt.date(2026, 3, 2)  # a Monday


class Cast:
    """Regions, sites and people by name; ``cast.town`` is the actor who is the town's officer."""

    def __init__(self) -> None:
        self.regions = self._regions()
        Unit, Site = apps.get_model("registry.Unit"), apps.get_model("registry.Site")
        self.sites: dict[str, Any] = {}
        for name, place, sector in (
            ("works", "villageA", "industry_trade"),
            ("depot", "townA", "chem"),
            ("foreign", "townB", "industry_trade"),
        ):
            region = self.regions[place]
            unit = Unit(
                name=f"兴安{name}有限公司",
                name_key=name,
                provisional_number=f"TMP4498010000000{len(self.sites)}1",
                kind="enterprise",
            )
            unit.region_path, unit.sector = region.path, sector
            unit.save()
            site = Site(
                unit=unit, name=f"{name}一厂", region=region, region_path=region.path, sector=sector, holder=unit.holder
            )
            site.lon, site.lat = 115.7, 24.1
            site.save()
            self.sites[name] = site
        works = self.sites["works"].holder
        for name, role, where, sector, holder in (
            ("principal", "unit_principal", None, "", works),
            ("safety", "unit_safety", None, "", works),
            ("worker", "unit_worker", None, "", works),
            ("stranger", "unit_principal", None, "", self.sites["foreign"].holder),
            ("town", "town_officer", "townA", "", ""),
            ("town2", "town_officer", "townA", "", ""),
            ("sibling", "town_officer", "townA2", "", ""),
            ("inspector", "inspector", "townA", "", ""),
            ("grid", "grid_worker", "villageA", "", ""),
            ("county", "county_officer", "countyA", "", ""),
            ("county2", "county_officer", "countyA", "", ""),
            ("other_county", "county_officer", "countyB", "", ""),
            ("city", "city_officer", "city", "", ""),
            ("fireline", "county_officer", "countyA", "fire", ""),
            ("leader", "leader", "city", "", ""),
            ("county_leader", "leader", "countyA", "", ""),
            ("auditor", "auditor", "city", "", ""),
            ("expert", "expert", "countyA", "", ""),
        ):
            user = User.objects.create_user(name, "Test-Password-1", name=name, email=f"{name}@example.org")
            Grant.objects.create(
                user=user,
                role=role,
                region=self.regions[where] if where else None,
                sector=sector,
                holder=holder,
                valid_from=dt.date(2020, 1, 1),
            )

    @staticmethod
    def _regions() -> dict[str, Region]:
        def child(parent: Region | None, name: str, kind: str, code: str) -> Region:
            fields = {"name": name, "kind": kind, "code": code.ljust(12, "0"), "pinyin": name}
            if parent is None:
                return Region.add_root(**fields)
            return Region.objects.get(pk=parent.pk).add_child(**fields)

        city = child(None, "安澜市", "city", "4498")
        county_a, county_b = child(city, "东江县", "county", "449801"), child(city, "西岭区", "county", "449802")
        town_a = child(county_a, "城南镇", "town", "449801101")
        return {
            "city": city,
            "countyA": county_a,
            "countyB": county_b,
            "townA": town_a,
            "townA2": child(county_a, "河东镇", "town", "449801102"),
            "townB": child(county_b, "北坡镇", "town", "449802101"),
            "villageA": child(town_a, "和平村", "village", "449801101201"),
        }

    def user(self, name: str) -> User:
        """The user behind a name."""
        return User.objects.get(username=name)

    def __getattr__(self, name: str) -> Actor:
        try:
            return actor_for(User.objects.get(username=name))
        except User.DoesNotExist as why:
            raise AttributeError(name) from why


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody."""
    return Cast()


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.moved_to(TODAY):
        yield


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def picture(colour: str = "red", name: str = "photo.png") -> SimpleUploadedFile:
    """A small picture; the colour tells it from others."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


SETTLED = {
    "responsibility": "张三",
    "funds": "3万元",
    "measures": "加装报警器",
    "time_limit": "3月31日前",
    "contingency": "停产撤人",
}
PLAN = {
    "goals": "消除",
    "methods": "加装",
    "resources": "3万元",
    "people": "李四",
    "time_limit": "3月31日前",
    "safety": "预案",
}


class Story:
    """Takes a hazard as far as a step, each by the right person."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def reported(self, **values: Any) -> Hazard:
        """Reported by the unit's worker with a photo."""
        said = {"description": "配电箱未接地，门缺失", "category": "electrical", "before": [picture()], **values}
        return services.report_hazard(actor=self.cast.worker, site=self.cast.sites["works"], **said)

    def found(self, **values: Any) -> Hazard:
        """Found by the town's inspector."""
        said = {"description": "污水池作业无监护人，未通风检测", "category": "confined_space", **values}
        return services.find_hazard(actor=self.cast.inspector, site=self.cast.sites["works"], **said)

    def general(self, hazard: Hazard | None = None, **given: Any) -> Hazard:
        """Assessed as general by the town."""
        return services.assess_general(actor=self.cast.town, hazard=hazard or self.found(), **given)

    def major(self, hazard: Hazard | None = None) -> Hazard:
        """Assessed as major by the town, by a clause."""
        return services.assess_major(
            actor=self.cast.town,
            hazard=hazard or self.found(),
            judgement="未先通风后检测",
            clause="industry_trade:13(2)",
        )

    def planned(self, hazard: Hazard | None = None) -> Hazard:
        """A plan was handed in."""
        return services.submit_plan(
            actor=self.cast.safety,
            hazard=hazard or self.major(),
            settled=SETTLED,
            plan=PLAN,
            plan_due=dt.date(2026, 3, 31),
            money_needed_yuan="30000",
        )

    def approved(self, hazard: Hazard | None = None) -> Hazard:
        """The county approved it."""
        return services.approve_plan(actor=self.cast.county, hazard=hazard or self.planned(), opinion="同意")

    def rectified(self, hazard: Hazard, colour: str = "green") -> Hazard:
        """The unit's safety manager says that it is done."""
        return services.submit_rectification(
            actor=self.cast.safety, hazard=hazard, measures="已整改", money_spent_yuan="1200", after=[picture(colour)]
        )

    def accepted(self, hazard: Hazard) -> Hazard:
        """The town accepts."""
        return services.accept_rectification(
            actor=self.cast.town, hazard=self.rectified(hazard), opinion="现场核查合格"
        )

    def complete_major(self, hazard: Hazard) -> Hazard:
        """Both reports and the evaluation of a major hazard."""
        services.report_major(actor=self.cast.safety, hazard=hazard, receiver="regulator", on=clock.today())
        services.report_major(actor=self.cast.safety, hazard=hazard, receiver="workers", on=clock.today())
        return services.record_evaluation(
            actor=self.cast.safety,
            hazard=hazard,
            evaluated_on=clock.today(),
            evaluated_by="本单位专家组",
            evaluation="治理达到要求",
            evaluation_files=[picture("blue", "report.png")],
        )

    def closed(self, hazard: Hazard | None = None) -> Hazard:
        """Closed by the town."""
        return services.close_hazard(actor=self.cast.town, hazard=self.accepted(hazard or self.general()))


@pytest.fixture
def story(cast: Cast) -> Story:
    """The teller."""
    return Story(cast)


@pytest.fixture
def fresh() -> Callable[[Hazard], Hazard]:
    """The record as the database holds it."""
    return lambda hazard: Hazard.plain.get(pk=hazard.pk)
