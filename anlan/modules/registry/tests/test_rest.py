"""The HTTP API of the registry."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.errors import BadInput
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.services import issue_token
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.tasks import read_batch, run_batch
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.rest.shapes import seen_version
from anlan.modules.registry.tests import ledger
from anlan.modules.registry.tests.conftest import City, code, make_user

API = "/api/v1/registry"
SCOPES = ["registry.*", "intake.batches", "journal.view"]


class Caller:
    """Somebody with a token."""

    def __init__(self, role: str, region: Any = None, scopes: list[str] | None = None, **more: Any) -> None:
        user = make_user(role, region, **more)
        _token, secret = issue_token(actor=actor_for(user), user=user, name="t", scopes=scopes or SCOPES)
        self._auth = {"Authorization": f"Bearer {secret}"}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON."""
        kwargs: dict[str, Any] = {"headers": {**self._auth, **{k.replace("_", "-"): v for k, v in headers.items()}}}
        if body is not None:
            kwargs |= {"data": body, "content_type": "application/json"}
        answer = getattr(Client(), method)(API + path, **kwargs)
        return answer.status_code, answer.json()

    def upload(self, content: bytes, **fields: str) -> tuple[int, Any]:
        """A ledger."""
        file = io.BytesIO(content)
        file.name = "台账.xlsx"
        answer = Client().post(f"{API}/intake", {"file": file, **fields}, headers=self._auth)
        return answer.status_code, answer.json()


@pytest.fixture
def officer(city: City) -> Caller:
    """The county's regulator."""
    return Caller("county_officer", city.east)


READS = ["/units", "/sites", "/certificates", "/duplicates", "/intake"]


@pytest.mark.parametrize("path", READS)
def test_without_a_token_401(db: Any, path: str) -> None:
    assert Client().get(API + path).status_code == 401


def test_a_unit_is_registered_read_changed_and_found(officer: Caller, city: City) -> None:
    body = {"name": "东江县新丰(五金)厂", "uscc": code(7), "town": "998801001", "sector": "industry_trade:machinery",
            "headcount": 86, "flags": ["dust"], "principal": "林小满", "principal_phone": "13800138001"}  # fmt: skip
    status, made = officer.send("post", "/units", body, Idempotency_Key="k1")
    assert (status, made["name"], made["sites"][0]["flags"], made["other_sites"]) == (
        200,
        "东江县新丰（五金）厂",
        ["dust"],
        0,
    )
    assert officer.send("post", "/units", body, Idempotency_Key="k1")[1]["id"] == made["id"]
    assert Unit.plain.count() == 1
    status, found = officer.send("get", "/sites?q=新丰&sector=industry_trade&flag=dust")
    assert (status, found["total"], found["items"][0]["number"]) == (200, 1, f"{code(7)}-01")
    status, changed = officer.send("patch", f"/sites/{found['items'][0]['id']}", {"headcount": "90人"}, If_Match='"1"')
    assert (status, changed["headcount"], changed["version"]) == (200, 90, 2)
    status, stale = officer.send("patch", f"/sites/{changed['id']}", {"headcount": 91}, If_Match='"1"')
    assert (status, stale["code"]) == (409, "Stale")
    status, renamed = officer.send("patch", f"/units/{made['id']}", {"name": "东江县新丰重工厂", "version": 1})
    assert (status, renamed["former_names"]) == (200, ["东江县新丰（五金）厂"])
    status, people = officer.send("get", f"/units/{made['id']}/people")
    assert [(p["name"], p["has_phone"]) for p in people] == [("林小满", True)]
    assert "13800138001" not in str(people)


def test_bad_input_names_every_field(officer: Caller, city: City) -> None:
    status, answer = officer.send("post", "/units", {"name": "厂", "uscc": "91", "headcount": "约80", "town": "城南镇"})
    assert (status, {p["column"] for p in answer["problems"]}) == (422, {"name", "uscc", "headcount"})
    assert all(p["message"] for p in answer["problems"])
    status, answer = officer.send("post", "/units", {"name": "东江县某厂", "region_path": "0001"})
    assert status == 422
    status, answer = officer.send("post", "/units", {"name": "东江县某厂", "town": "河口镇"})
    assert (status, answer["problems"][0]["column"]) == (422, "town")
    assert not Unit.plain.exists()


def test_strangers_are_told_not_found_and_lists_are_empty(city: City, unit: Unit, site: Site) -> None:
    stranger, person = Caller("county_officer", city.west), Person.plain.first()
    assert person is not None
    for method, path, body in (
        ("get", f"/units/{unit.pk}", None), ("get", f"/sites/{site.pk}", None), ("get", f"/people/{person.pk}", None),
        ("patch", f"/sites/{site.pk}", {"headcount": 1}), ("patch", f"/units/{unit.pk}", {"kind": "enterprise"}),
        ("post", f"/sites/{site.pk}/close", {"since": "2025-01-01", "reason": "注销"}), ("get", f"/units/{unit.pk}/people", None),
        ("post", f"/people/{person.pk}/unmask", {"reason": "核对信息"}), ("post", f"/units/{unit.pk}/merge", {"other_id": 1, "reason": "x"}),
        ("post", f"/units/{unit.pk}/sites", {"site_name": "二厂", "town": "河口镇"}), ("post", f"/people/{person.pk}/erase", {"reason": "xxxx"}),
        ("post", f"/people/{person.pk}/certificates", {"kind": "other_certificate", "number": "A123"}),
        ("post", f"/sites/{site.pk}/move", {"region": "河口镇", "reason": "搬"}), ("post", f"/units/{unit.pk}/code", {"uscc": code(3)}),
    ):  # fmt: skip
        assert stranger.send(method, path, body)[0] == 404, path
    for path in ("/units", "/sites"):
        assert stranger.send("get", path)[1]["items"] == []


def test_a_token_without_the_scope_and_a_role_without_the_right(city: City, unit: Unit, site: Site) -> None:
    narrow = Caller("county_officer", city.east, scopes=["registry.view"])
    assert narrow.send("get", f"/sites/{site.pk}")[0] == 200
    assert narrow.send("patch", f"/sites/{site.pk}", {"headcount": 1})[0] == 403
    assert Caller("grid_worker", city.south, scopes=["registry.view"]).send("get", "/duplicates")[0] == 403


def test_acts_on_sites_and_people(officer: Caller, city: City, unit: Unit, site: Site) -> None:
    person = Person.plain.get(name="林小满")
    assert officer.send("post", f"/people/{person.pk}/unmask", {"reason": "通知整改"})[1]["phone"] == "13800138001"
    status, made = officer.send(
        "post", f"/units/{unit.pk}/people", {"name": "何文", "posts": ["safety_manager"], "site_id": site.pk}
    )
    assert (status, made["site_id"], made["posts"][0]["kind"]) == (200, site.pk, "safety_manager")
    status, paper = officer.send(
        "post", f"/people/{made['id']}/certificates", {"kind": "assessment", "number": "44A1", "valid_to": "2030-01-01"}
    )
    assert (status, "number" in paper) == (200, False)
    assert officer.send("get", "/certificates")[1]["total"] == 1
    assert (
        officer.send("post", f"/sites/{site.pk}/suspend", {"since": "2025-03-05", "reason": "整顿"})[1]["status"]
        == "suspended"
    )
    assert (
        officer.send("post", f"/sites/{site.pk}/reopen", {"since": "2025-04-05", "reason": "复产"})[1]["status"]
        == "operating"
    )
    assert officer.send("post", f"/sites/{site.pk}/reopen", {"since": "2025-04-06", "reason": "复产"})[0] == 409
    status, second = officer.send("post", f"/units/{unit.pk}/sites", {"site_name": "二厂", "town": "城北镇"})
    assert (status, second["number"]) == (200, f"{unit.uscc}-02")
    assert (
        officer.send("post", f"/sites/{second['id']}/landlord", {"landlord_id": site.pk})[1]["landlord_id"] == site.pk
    )
    assert (
        officer.send("post", f"/sites/{second['id']}/move", {"region": "城南镇", "reason": "搬迁"})[1]["region_path"]
        == city.south.path
    )
    assert officer.send("post", f"/sites/{site.pk}/merge", {"other_id": second["id"], "reason": "同一厂区"})[0] == 200
    assert officer.send("get", f"/sites/{second['id']}")[1]["id"] == site.pk


def test_a_ledger_by_the_api(officer: Caller, city: City, make_unit: Callable[..., Unit]) -> None:
    status, batch = officer.upload(ledger.as_bytes(ledger.messy()))
    assert (status, batch["state"]) == (202, "reading")
    read_batch(batch["id"])
    status, batch = officer.send("get", f"/intake/{batch['id']}")
    assert (batch["state"], batch["accepted"], batch["rejected"]) == ("read", 5, 7)
    assert {p["row"] for p in batch["problems"]} == ledger.REJECTED
    assert {(p["field"], p["column"]) for p in batch["problems"] if p["row"] == 16} == {("name", "B 企业名称")}
    assert officer.send("post", f"/intake/{batch['id']}/confirm")[0] == 200
    run_batch(batch["id"], "enterprises")
    assert officer.send("get", f"/intake/{batch['id']}")[1]["outcome"] == {
        "units": 5,
        "sites": 0,
        "updated": 0,
        "refused": 7,
    }
    assert officer.send("get", "/intake")[1]["total"] == 1
    assert officer.upload(b"", region="998801")[0] == 422
    assert officer.upload(b"x", region="河口镇")[0] == 422
    stranger = Caller("county_officer", city.west)
    for path in ("", "/confirm", "/discard"):
        method = "post" if path else "get"
        assert stranger.send(method, f"/intake/{batch['id']}{path}")[0] == 404
    assert Batch.plain.count() == 1


@pytest.mark.parametrize("match", ['"²"', '"x"', '""', f'"{"9" * 5000}"', "*"])
def test_a_version_that_is_no_number_is_named(match: str) -> None:
    assert seen_version('W/"3"', None) == 3 and seen_version(None, 4) == 4
    with pytest.raises(BadInput) as refused:
        seen_version(match, None)
    assert refused.value.column == "If-Match"
