"""The figures to verify on their page, on the page of each rule, in the API; set and ended by whoever may."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.urls import reverse

from anlan.kernel import law
from anlan.kernel.clock import today
from anlan.kernel.codes.models import Parameter
from anlan.modules.statutes.tests.conftest import House
from anlan.modules.statutes.tests.test_public import opened

pytestmark = pytest.mark.django_db
CODE, BASIS = "review_cycle.installation_filing.number", "某省〔2026〕1号第三条"


@pytest.fixture(autouse=True)
def forgets() -> Iterator[None]:
    yield
    law._kept = ()


def test_every_figure_to_verify_is_public_and_searched(house: House) -> None:
    page = opened("/statutes/figures/")
    assert "待核实数据" in page and "重大危险源备案" in page and "待核实" in page
    found = opened("/statutes/figures/?q=重大危险源备案")
    assert CODE in found and "特种作业操作证" not in found.split("<main")[1].split("</form>")[1]
    assert "全部规则" in page and "exposure_limit.百菌清.mac" in opened("/statutes/figures/?rule=exposure_limit")
    assert "没有符合条件的" in opened("/statutes/figures/?local=on")
    assert "Figures to verify" in opened("/statutes/figures/", language="en")
    opened("/statutes/figures/?rule=none&q=%27%22%3C")
    assert "登录" in opened("/statutes/figures/") and "/statutes/figures/set/" not in page, "a visitor sets nothing"


def test_the_page_of_a_rule_shows_its_figures(house: House) -> None:
    page = opened("/statutes/rules/review_cycle/")
    assert CODE in page and "待核实数据" in page
    assert "待核实数据" not in opened("/statutes/rules/uscc/").split("<main")[1]


def test_a_figure_is_set_on_its_page_used_and_ended(
    house: House, django_capture_on_commit_callbacks: object
) -> None:
    client = house.browser("keeper")
    asked = f"{reverse('statutes:rule', args=['review_cycle'])}?step=installation_filing&start={today().isoformat()}"
    assert BASIS not in client.get(asked).content.decode()
    url = reverse("statutes:set-figure")
    form = client.get(f"{url}?code={CODE}")
    assert form.status_code == 200
    fields = {"code": CODE, "region": house.city.path, "value": "20", "valid_from": today().isoformat(), "basis": BASIS}
    for wrong in ({"value": "0"}, {"basis": ""}, {"valid_from": "2020-01-01"}, {"code": "penalty_clock.recheck.number"}):
        assert client.post(url, {**fields, **wrong}).status_code == 422, wrong
    assert not Parameter.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert client.post(url, fields).status_code == 302
    listed = client.get("/statutes/figures/?local=on").content.decode()
    assert BASIS in listed and "20日" in listed
    answer = client.get(asked).content.decode()
    assert BASIS in answer and "20日" in answer and "待核实" in answer
    assert BASIS in opened(asked), "what counts everywhere counts for visitors too"
    end = {"code": CODE, "region": house.city.path, "valid_to": today().isoformat()}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert client.post(reverse("statutes:end-figure"), end).status_code == 302
    assert Parameter.objects.get().valid_to == today()


def test_who_may_not_set_figures_is_refused(house: House) -> None:
    client = house.browser("grid")
    assert client.get(reverse("statutes:set-figure")).status_code == 403
    assert "/statutes/figures/set/" not in client.get("/statutes/figures/").content.decode()


def test_the_api_lists_sets_and_uses_them(house: House, django_capture_on_commit_callbacks: object) -> None:
    client = house.browser("keeper")
    rows = {row["code"]: row for row in client.get("/api/v1/statutes/figures?rule=review_cycle").json()}
    assert rows[CODE]["number"] == 15 and rows[CODE]["to_verify"] and rows[CODE]["local"] == []
    sent = {"code": CODE, "region": house.city.name, "value": 20, "valid_from": today().isoformat(), "basis": BASIS}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post("/api/v1/statutes/figures", json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["code"] == CODE
    rows = {row["code"]: row for row in client.get("/api/v1/statutes/figures?rule=review_cycle").json()}
    assert rows[CODE]["local"][0]["basis"] == BASIS and rows[CODE]["local"][0]["counts"]
    body = json.dumps({"step": "installation_filing", "start": today().isoformat()})
    plain = client.post("/api/v1/rules/review_cycle", body, content_type="application/json").json()
    here = client.post(
        f"/api/v1/rules/review_cycle?place={house.city.name}", body, content_type="application/json"
    ).json()
    assert (plain["value"]["number"], here["value"]["number"]) == (15, 20)
    assert any(BASIS in clause["text"] for clause in here["citations"]) and plain["citations"][0]["to_verify"]
    nowhere = client.post("/api/v1/rules/review_cycle?place=无此地", body, content_type="application/json")
    assert nowhere.status_code == 422
