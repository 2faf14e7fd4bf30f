"""What the plans ask of a region and of a unit: the page, the panel, the API, and the facts behind them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.identity.models import Grant
from anlan.kernel.obligations.facts import NAMES, Answer, Place, Whose, answered
from anlan.kernel.obligations.selectors import Standing, standing
from anlan.kernel.regions.models import Region
from anlan.rules.obligation_outcome import Outcome
from tests.cast import CANARY, SYSTEM, Cast, County

pytestmark = pytest.mark.django_db
PAGE, API = "/planning/", "/api/v1/planning"


def adopt(region: Region, document: str, value: int = 1) -> None:
    set_parameter(
        actor=SYSTEM, code=f"obligations.adopt_{document}", region=region, value=value, valid_from=clock.today(),
        basis="市安委会决定",
    )  # fmt: skip


def stands(world: Cast, county: County, duty: str, *, holder: str = "", path: str = "") -> Standing:
    actor = world.actor(county.users["county_officer"])
    (row,) = standing(actor, Place(path or county.region.path, holder), only=[duty])
    return row


def told(row: Standing, fact: str) -> Answer:
    answer = row.answers[fact]
    assert answer is not None
    return answer


def test_every_duty_a_module_answers_is_one_of_the_table() -> None:
    assert answered(Whose.REGION) | answered(Whose.UNIT) <= NAMES
    assert {"duty_hours_without_officer", "major_hazard_reports", "grid_coverage_share"} <= answered(Whose.REGION)
    assert {"employees", "certified_share", "major_hazard_reports"} <= answered(Whose.UNIT)


def test_the_page_shows_duties_states_and_records_of_ones_own_region(world: Cast, db: None) -> None:
    here, there = world.here, world.there
    client = world.browser(here.users["county_officer"])
    page = client.get(PAGE)
    body = page.content.decode()
    assert page.status_code == 200
    assert "规划任务落实" in body and "SO-57" in body and "SO-42" in body
    assert "平台尚未掌握此项数据" in body
    assert "市安委会决定" in body
    assert CANARY not in body
    assert client.get(PAGE, {"region": here.town.path}).status_code == 200
    assert client.get(PAGE, {"region": there.region.path}).status_code == 404
    assert client.get(PAGE, {"region": "x'"}).status_code == 404
    assert world.browser(here.users["unit_worker"]).get(PAGE).status_code in (403, 404)
    own = world.browser(here.users["unit_safety"]).get(PAGE).content.decode()
    assert here.unit.name in own and "SO-57" in own and "SO-30" not in own, "a unit reads what is asked of it"


def test_a_state_narrows_the_page_and_one_there_is_not_is_named(world: Cast, db: None) -> None:
    client = world.browser(world.here.users["county_officer"])
    none = client.get(PAGE, {"state": "no_data"}).content.decode()
    assert "SO-30" in none
    assert "SO-30" not in client.get(PAGE, {"state": "met"}).content.decode()
    assert client.get(PAGE, {"state": "great"}).status_code in (400, 422)


def test_where_nothing_binds_the_page_says_how_a_document_is_adopted(world: Cast, db: None) -> None:
    adopt(world.here.region, "xn", 0)
    body = world.browser(world.here.users["county_officer"]).get(PAGE).content.decode()
    assert "当前没有适用的规划文件" in body
    assert "玉溪市安全生产“十二五”规划" in body


def test_a_unit_reads_what_is_asked_of_it_and_nobody_elses(world: Cast, db: None) -> None:
    here, there = world.here, world.there
    for user in (here.users["unit_principal"], here.users["county_officer"]):
        client = world.browser(user)
        found = client.get(f"{API}/units/{here.unit.pk}/duties")
        assert found.status_code == 200, found.content
        items = {item["id"]: item for item in found.json()["items"]}
        assert {"SO-54", "SO-57"} <= set(items)
        assert "SO-30" not in items, "a duty of the city's leaders"
        assert sum(found.json()["counts"].values()) == len(items)
        assert client.get(f"{API}/units/{there.unit.pk}/duties").status_code == 404
    page = world.browser(here.users["county_officer"]).get(f"/registry/units/{here.unit.pk}/").content.decode()
    assert "规划对本单位的要求" in page
    assert Client().get(f"{API}/units/{here.unit.pk}/duties").status_code == 401


def test_the_api_says_what_the_page_says(world: Cast, db: None) -> None:
    found = world.browser(world.here.users["county_officer"]).get(f"{API}/duties").json()
    assert found["region"] == world.here.region.path
    duty = next(item for item in found["items"] if item["id"] == "SO-42")
    assert duty["adopted_from"] == clock.today().isoformat()
    assert [test["held"] for test in duty["tests"]] == [True, True]
    assert duty["steps"] and duty["citations"]
    meeting = next(item for item in found["items"] if item["id"] == "SO-30")
    assert [test["held"] for test in meeting["tests"]] == [False]


def test_hours_without_an_officer_are_counted_from_the_rosters(world: Cast, db: None) -> None:
    answer = told(stands(world, world.here, "SO-42"), "duty_hours_without_officer")
    assert answer.value is not None and 0 <= answer.value <= 24 * 3
    tomorrow = dt.datetime.combine(clock.today() + dt.timedelta(400), dt.time(6, 30), clock.CHINA)
    with clock.moved_to(tomorrow):
        row = stands(world, world.here, "SO-42")
        later = told(row, "duty_hours_without_officer")
    assert str(later.value) == "6.5"
    assert (row.outcome, len(later.records)) == (Outcome.MISSED, 1)


def test_the_double_report_is_that_of_the_hazard_that_lacks_most(world: Cast, db: None) -> None:
    here = world.here
    row = stands(world, here, "SO-57")
    answer = told(row, "major_hazard_reports")
    lacking = [h for h in here.hazards.values() if h in answer.records]
    assert answer.value in (0, 1, 2)
    assert bool(lacking) == (answer.value != 2)
    own = stands(world, here, "SO-57", holder=here.unit.holder, path=here.unit.region_path)
    assert told(own, "major_hazard_reports").value == answer.value
    assert CANARY not in "".join(map(str, answer.records))


def test_certificates_of_a_unit_are_those_that_hold_today(world: Cast, db: None) -> None:
    adopt(world.city, "yj")
    here = world.here
    found = stands(world, here, "SO-82", holder=here.unit.holder, path=here.unit.region_path)
    answer = told(found, "certified_share")
    assert answer.value is not None and 0 <= answer.value <= 100
    assert (answer.value == 100) == (not answer.records)
    region = stands(world, here, "SO-82")
    assert "certified_share" not in region.answers, "held on the page of each unit only"
    assert region.outcome is Outcome.NO_DATA


def test_the_grid_covers_the_sites_of_regions_with_a_worker(world: Cast, db: None) -> None:
    answer = told(stands(world, world.here, "SO-123"), "grid_coverage_share")
    assert answer.value is not None and 0 < answer.value <= 100
    Grant.objects.filter(role="grid_worker").update(valid_to=clock.today() - dt.timedelta(1))
    bare = told(stands(world, world.here, "SO-123"), "grid_coverage_share")
    assert bare.value == 0
    assert bare.records
