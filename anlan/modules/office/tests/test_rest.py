"""The office by API: with a token, within reach, with keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.clock import today
from anlan.kernel.codes.services import DECLARED, declare
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.identity.services import issue_token
from anlan.kernel.regions.models import Region
from anlan.modules.office.tests.conftest import City

Person = Callable[..., User]
SCOPES = ["identity.*", "office.*", "regions.*", "codes.*", "journal.view"]


class Caller:
    """A program with a token."""

    def __init__(self, user: User, scopes: list[str]) -> None:
        held = {p.partition(".")[0] for g in actor_for(user).grants for p in g.permissions}
        wanted = [s for s in scopes if s.partition(".")[0] in held]
        _, secret = issue_token(actor=actor_for(user), user=user, name="test", scopes=wanted)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1/office{path}", headers=self.headers)

    def post(self, path: str, key: str = "", **body: Any) -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return Client().post(
            f"/api/v1/office{path}", json.dumps(body), content_type="application/json", headers=headers
        )


@pytest.fixture
def caller(admin: User) -> Caller:
    return Caller(admin, SCOPES)


def test_nobody_without_a_token(db: Any) -> None:
    for path in (
        "/users",
        "/authorities",
        "/posts",
        "/regions",
        "/regions/changes",
        "/rules",
        "/journal",
        "/jobs",
    ):
        assert Client().get(f"/api/v1/office{path}").status_code == 401, path


def test_collections_hold_ones_own_alone(city: City, caller: Caller, person: Person) -> None:
    person("town_officer", city.town, name="近处")
    person("town_officer", city.far_town, name="远处")
    for path in (
        "/users",
        "/authorities",
        "/posts",
        "/regions",
        "/regions/changes",
        "/rules",
        "/journal",
        "/jobs",
    ):
        answer = caller.get(path)
        assert answer.status_code == 200, (path, answer.content)
        assert "远处" not in answer.content.decode()
        assert city.far_town.path not in answer.content.decode()
    assert {u["name"] for u in caller.get("/users").json()["items"]} == {"近处", "管理员"}
    assert caller.get("/regions?region=" + city.town.path).json()["total"] == 2
    assert caller.get("/authorities?when=past").json()["total"] == 0
    assert caller.get("/authorities?when=nonsense").json()["total"] == 0
    assert caller.get("/journal?area=regions").json()["items"][0]["sentence"].startswith("新增行政区域")


def test_an_account_from_opening_to_closing(city: City, caller: Caller) -> None:
    body = {"username": "xin", "name": "新人", "region": "998801", "language": "zh-hans"}
    made = caller.post("/users", key="u1", **body)
    assert made.status_code == 200, made.content
    pk = made.json()["id"]
    assert caller.post("/users", key="u1", **body).json()["id"] == pk
    assert caller.post("/users", **{**body, "username": "XIN"}).status_code == 422
    secret = caller.post(f"/users/{pk}/reset-password", key="p1")
    assert User.objects.get(pk=pk).check_password(secret.json()["secret"])
    assert caller.post(f"/users/{pk}/reset-password", key="p1").status_code == 409
    given = caller.post("/authorities", user=pk, role="inspector", region="城南镇", kind="post", reason="任命")
    assert given.status_code == 200, given.content
    assert given.json()["region_path"] == city.town.path
    ended = caller.post(f"/authorities/{given.json()['id']}/end-grant", reason="免职")
    assert ended.json()["valid_to"] < today().isoformat()
    assert caller.post(f"/users/{pk}/close-user", reason="调离").json()["is_active"] is False


def test_refusals_name_the_field(city: City, caller: Caller, person: Person) -> None:
    user = person(region_path=city.town.path)
    wrong = caller.post("/authorities", user=user.pk, role="king", region="城南镇", reason="x")
    assert (wrong.status_code, wrong.json()["column"]) == (422, "role")
    assert "king" in wrong.json()["message"]
    far = caller.post("/authorities", user=user.pk, role="inspector", region="河东镇", reason="x")
    assert far.status_code == 403
    assert caller.post("/authorities", user=0, role="inspector", region="城南镇", reason="x").status_code == 404
    assert not Grant.objects.filter(user=user).exists()


def test_regions(city: City, caller: Caller) -> None:
    made = caller.post("/regions", parent="城南镇", name="新建村", kind="village")
    assert made.status_code == 200, made.content
    pk = made.json()["id"]
    renamed = caller.post(
        f"/regions/{pk}/rename-region", name="新建社区", on=today().isoformat(), basis="县政〔2026〕1号"
    )
    assert renamed.json()["old_name"] == "新建村"
    moved = caller.post(f"/regions/{pk}/move-region", under="城北镇", on=today().isoformat(), basis="县政〔2026〕2号")
    assert moved.json()["kind"] == "move"
    assert Region.objects.get(pk=pk).parent_path == city.next_town.path
    merged = caller.post(f"/regions/{pk}/merge-region", into="和平村", on=today().isoformat(), basis="县政〔2026〕3号")
    assert merged.json()["kind"] == "merge"
    assert (
        caller.post(f"/regions/{city.far_town.pk}/rename-region", name="x", on="2026-01-01", basis="x").status_code
        == 404
    )
    assert caller.post("/regions", parent="没有镇", name="x", kind="village").status_code == 422


def test_a_local_rule(city: City, caller: Caller) -> None:
    declare("tests.limit", "Recheck within", 30, least=1, most=90)
    try:
        body = {
            "code": "tests.limit",
            "region": "998801",
            "value": 12,
            "valid_from": today().isoformat(),
            "basis": "本县规定",
        }
        assert caller.post("/rules", **{**body, "value": 91}).json()["column"] == "value"
        assert caller.post("/rules", **body).json()["value"] == 12
        assert caller.get("/rules").json()["items"][0]["basis"] == "本县规定"
    finally:
        DECLARED.pop("tests.limit")


def test_a_token_does_no_more_than_its_scopes(city: City, admin: User) -> None:
    reader = Caller(admin, ["office.view"])
    assert reader.get("/users").status_code == 200
    assert reader.get("/journal").json()["total"] == 0
    assert reader.post("/users", username="x", name="x").status_code == 403


def test_a_refusal_names_the_right_and_keeps_the_code_apart(city: City, person: Person) -> None:
    refused = Caller(person("administrator", city.here), ["office.view"]).post(
        "/users", username="neu", name="新人", region=city.town.code or city.town.name
    )
    assert refused.status_code == 403
    assert "“管理账号”" in refused.json()["message"]
    assert refused.json()["params"] == {"permission": "identity.users"}
