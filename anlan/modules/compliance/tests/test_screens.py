"""The pages: the unit's own, the officer's list, evidence, self-checks; and the API."""

from __future__ import annotations

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.modules.compliance.models import CheckAnswer, Evidence
from anlan.modules.compliance.tests.conftest import Scene, signed_in
from tests.cast import picture

pytestmark = pytest.mark.django_db
API = "/api/v1/compliance"


def test_the_unit_comes_to_its_own_page_and_hands_in(scene: Scene) -> None:
    client = signed_in(scene.users["unit_safety"])
    home = client.get("/compliance/mine/")
    body = home.content.decode()
    assert home.status_code == 200 and f"/compliance/{scene.workspace.pk}/hand-in/" in body
    assert "安全生产法" in body and "建筑消防设施" in body and "待核实" in body
    sent = {
        "kind": "drill",
        "told_on": clock.today().isoformat(),
        "comprehensive": "on",
        "on_site": "on",
        "papers": picture("green", "a.png"),
    }
    done = client.post(f"/compliance/{scene.workspace.pk}/hand-in/", sent, follow=True)
    assert done.status_code == 200, done.content.decode()[:500]
    assert len(Evidence.plain.get().answers) == 3
    page = client.get(f"/compliance/evidence/{Evidence.plain.get().pk}/").content.decode()
    assert "应急演练记录" in page and "第三十三条" in page


def test_an_officer_finds_the_unit_by_its_missed_duties(scene: Scene) -> None:
    client = signed_in(scene.users["county_officer"])
    assert "安州铝粉制品厂" in client.get("/compliance/mine/").content.decode()
    assert "安州铝粉制品厂" in client.get("/compliance/?missed=on").content.decode()
    assert "安州铝粉制品厂" not in signed_in(scene.users["elsewhere"]).get("/compliance/?all=1").content.decode()
    assert client.get(f"/compliance/{scene.workspace.pk}/").status_code == 200
    assert signed_in(scene.users["elsewhere"]).get(f"/compliance/{scene.workspace.pk}/").status_code == 404
    unit = client.get(f"/registry/units/{scene.unit.pk}/").content.decode()
    assert "法定履责事项" in unit


def test_items_are_filled_in_one_after_the_other(scene: Scene) -> None:
    check = scene.plan()
    client = signed_in(scene.users["unit_worker"])
    rows = list(CheckAnswer.plain.filter(self_check=check).order_by("position"))
    done = client.post(f"/compliance/answers/{rows[0].pk}/", {"outcome": "fine"})
    assert done.headers["Location"] == f"/compliance/answers/{rows[1].pk}/"
    for row in rows[1:]:
        done = client.post(f"/compliance/answers/{row.pk}/", {"outcome": "none_here"})
    assert done.headers["Location"] == check.get_absolute_url()


def test_the_api_says_what_the_page_says(scene: Scene) -> None:
    client = signed_in(scene.users["county_officer"])
    found = client.get(f"{API}/{scene.workspace.pk}/duties").json()
    duty = next(item for item in found["items"] if item["code"] == "drill_year")
    assert (duty["standing"], duty["citation"]["law"], duty["kinds"]) == (
        "missed",
        "生产安全事故应急预案管理办法",
        ["drill"],
    )
    assert client.get(f"{API}/").json()["items"][0]["missed"] == scene.fresh().missed
    assert signed_in(scene.users["elsewhere"]).get(f"{API}/{scene.workspace.pk}/duties").status_code == 404
    assert Client().get(f"{API}/{scene.workspace.pk}/duties").status_code == 401


def test_a_sector_department_sees_its_line_in_every_town(scene: Scene) -> None:
    office = signed_in(scene.users["trade_line"])
    lines = office.get("/compliance/lines/").content.decode()
    assert "/compliance/lines/towns/?line=industry_trade" in lines
    page = office.get("/compliance/lines/towns/?line=industry_trade").content.decode()
    assert scene.town.name in page and f"sector=industry_trade&amp;region={scene.town.path}" in page
    missed = f"/compliance/?missed=on&sector=industry_trade&region={scene.town.path}"
    assert "安州铝粉制品厂" in office.get(missed).content.decode()
    assert office.get("/compliance/lines/towns/?line=chem").status_code == 404, "another line"
    assert office.get("/compliance/lines/towns/?region=9999").status_code == 404
    far = signed_in(scene.users["elsewhere"]).get("/compliance/lines/towns/?line=industry_trade").content.decode()
    assert scene.town.name not in far
    own = signed_in(scene.users["unit_safety"]).get("/compliance/lines/towns/")
    assert own.status_code == 200 and scene.town.name not in own.content.decode()
