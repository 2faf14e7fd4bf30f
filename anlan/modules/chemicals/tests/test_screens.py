"""The screens of chemicals and the API."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock, law
from anlan.kernel.codes.services import set_figure
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Substance
from anlan.modules.chemicals.tests.conftest import SYSTEM, Scene, day, signed_in
from anlan.modules.chemicals.tests.test_ledger import STORE, TANK, false_sale
from anlan.rules.figures import FIGURES
from anlan.rules.gbz21 import agents
from anlan.rules.substances import known


def key_in(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


def send(client: Client, url: str, **data: Any) -> Any:
    """Open a form and send it."""
    return client.post(url, {"key": key_in(client.get(url).content.decode()), **data})


def main(client: Client, url: str) -> str:
    """The inside of a page."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().split("<main")[1]


def test_a_movement_is_entered_and_one_that_cannot_be_is_refused_at_its_field(
    scene: Scene, methanol: Substance
) -> None:
    client = signed_in(scene.maker.people["safety"])
    url = reverse("chemicals:record", args=[scene.maker.places[TANK].pk])
    given = {"substance": methanol.pk, "on": "2026-11-03", "lot": "", "counterpart": "", "document": "", "note": ""}
    done = send(client, url, kind="produced", kg="1200", **given)
    assert done.status_code == 302
    assert "1,200" in main(client, done["Location"])
    wrong = send(client, url, kind="used", kg="5000", **given)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "仅存甲醇1200千克" in page and "请先补录入库" in page
    assert "1,200" in main(client, reverse("chemicals:stocks"))


def test_the_finding_shows_the_movement_that_causes_it(scene: Scene, methanol: Substance) -> None:
    false_sale(scene, methanol)
    client = signed_in(scene.officers["town_officer"])
    stock = scene.maker.stock(TANK, methanol)
    done = send(client, reverse("chemicals:count", args=[stock.pk]), counted_kg="21500", on="2026-11-10", note="")
    assert done.status_code == 302
    finding = Finding.plain.get()
    page = main(client, reverse("chemicals:finding", args=[finding.pk]))
    assert "短少4,050千克" in page and "按4,500千克计即平衡" in page
    balance = main(client, reverse("chemicals:balance") + "?first=2026-11-01&last=2026-11-30")
    assert "4,050" in balance and "有1项物料不平衡" in balance
    assert "起始日期晚于截止日期" in main(client, reverse("chemicals:balance") + "?first=2026-11-30&last=2026-11-01")


def test_the_catalogue_says_what_it_holds_and_what_not(scene: Scene, methanol: Substance) -> None:
    client = signed_in(scene.officers["city_officer"])
    page = main(client, reverse("chemicals:substance", args=[methanol.pk]))
    for told in ("67-56-1", "名录未收录", "国家名录序号13", "500", "PC-TWA", "9"):
        assert told in page
    done = send(
        client,
        reverse("chemicals:mark", args=[methanol.pk]),
        mark="highly_toxic",
        listed="",
        basis="危险化学品目录（2015版）1022",
    )
    assert done.status_code == 302
    assert "否（危险化学品目录（2015版）1022）" in main(client, done["Location"]).replace("否 (", "否（").replace(
        "1022)", "1022）"
    )


def test_a_limit_set_in_place_of_one_to_verify_is_shown_with_its_source(scene: Scene) -> None:
    agent = next(one for one in agents() if f"exposure_limit.{one.name}.pc_twa" in FIGURES and one.cas in known())
    figure, basis = FIGURES[f"exposure_limit.{agent.name}.pc_twa"], "GBZ 2.1—2019 正文表1"
    substance = Substance.objects.everything(why="a test").get(cas=agent.cas, holder="")
    client, address = signed_in(scene.officers["town_officer"]), reverse("chemicals:substance", args=[substance.pk])
    assert basis not in main(client, address)
    own = figure.default * Decimal("1.37")
    set_figure(actor=SYSTEM, code=figure.code, region=scene.city, value=own, valid_from=clock.today(), basis=basis)
    law.read_figures()
    page = main(client, address)
    law._kept = ()
    assert f"{own.normalize():f}" in page and basis in page


def test_a_lot_is_followed_on_a_page(scene: Scene, methanol: Substance) -> None:
    scene.maker.put(TANK, methanol, "produced", 100, day(3), lot="L-1")
    client = signed_in(scene.officers["town_officer"])
    assert "每一千克均有去向" in main(client, reverse("chemicals:trace") + "?lot=L-1")
    assert "权限范围内无该批次流水" in main(client, reverse("chemicals:trace") + "?lot=nothing")


@pytest.mark.parametrize("bad", ["first=x&last=32", "holder=1&substance=abc", "region='%22", "lot=%20"])
def test_a_query_that_is_none_breaks_nothing(scene: Scene, bad: str) -> None:
    client = signed_in(scene.officers["town_officer"])
    for name in ("chemicals:balance", "chemicals:trace"):
        assert client.get(f"{reverse(name)}?{bad}").status_code == 200


def test_the_same_by_the_api(scene: Scene, methanol: Substance) -> None:
    maker, user = signed_in(scene.maker.people["safety"]), signed_in(scene.user.people["safety"])

    def post(client: Client, path: str, **body: Any) -> Any:
        answer = client.post(f"/api/v1/chemicals/{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    code, made = post(
        maker, f"places/{scene.maker.places[TANK].pk}/movements", substance=methanol.pk, kind="produced", kg="5000",
        on="2026-11-02", lot="A1",
    )  # fmt: skip
    assert code == 200 and made["kg"] == "5000.000"
    stock = maker.get("/api/v1/chemicals/stocks").json()["items"][0]
    assert (stock["substance"], stock["kg"]) == ("甲醇", "5000.000")
    code, paper = post(
        maker,
        f"stocks/{stock['id']}/send",
        kg="1000",
        on="2026-11-03",
        purpose="sold",
        to_code=scene.user.unit.uscc,
        lot="A1",
    )
    assert code == 200 and paper["state"] == "under_way"
    code, refused = post(
        maker, f"stocks/{stock['id']}/send", kg="9000", on="2026-11-03", purpose="sold", to_name="域外公司"
    )
    assert code == 422 and refused["column"] == "kg" and "9000" in refused["message"]
    code, _came = post(
        user, f"consignments/{paper['id']}/receive", place=scene.user.places[STORE].pk, kg="990", on="2026-11-04"
    )
    assert code == 200 and Consignment.plain.get().state == "arrived"
    finding = user.get("/api/v1/chemicals/findings").json()["items"][0]
    told = user.get(f"/api/v1/chemicals/findings/{finding['id']}/suspects").json()
    assert {t["true_kg"] for t in told} == {"990.000", "1000.000"}
    code, _line = post(maker, f"movements/{Movement.plain.get(kind='sold').pk}/correct", kg="990", reason="磅单复核")
    assert code == 200
    balances = (
        signed_in(scene.officers["town_officer"])
        .get("/api/v1/chemicals/balances?first=2026-11-01&last=2026-11-20")
        .json()
    )
    assert {b["unit"]: (b["closing"], b["open_kg"]) for b in balances} == {
        "甲醇化工厂": ("4010.000", "0"),
        "油漆厂": ("990.000", "0"),
    }
    trace = signed_in(scene.officers["town_officer"]).get("/api/v1/chemicals/trace?lot=A1").json()
    assert Decimal(trace["made"]) == 5000 and Decimal(trace["there"]) == 5000 and Decimal(trace["lacking"]) == 0
    assert maker.get("/api/v1/chemicals/balances?first=2026-02-01&last=2026-01-01").status_code == 422
