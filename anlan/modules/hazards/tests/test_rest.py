"""The loop by the HTTP API: the same refusals as the acts, keys that act once, versions that are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.identity.services import issue_token
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.tests.conftest import Cast, picture

BASE = "/api/v1/hazards"


class Caller:
    """A client with somebody's token."""

    def __init__(self, cast: Cast, name: str, scopes: tuple[str, ...] = ("hazards.*", "registry.view")) -> None:
        user = cast.user(name)
        _, secret = issue_token(actor=getattr(cast, name), user=user, name="test", scopes=list(scopes))
        self.client, self.headers = Client(), {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def get(self, path: str) -> Any:
        return self.client.get(BASE + path, **self.headers)

    def post(self, path: str, key: str = "", **body: Any) -> Any:
        headers = self.headers | ({"HTTP_IDEMPOTENCY_KEY": key} if key else {})
        return self.client.post(BASE + path, json.dumps(body, default=str), content_type="application/json", **headers)

    def send(self, path: str, key: str = "", **form: Any) -> Any:
        headers = self.headers | ({"HTTP_IDEMPOTENCY_KEY": key} if key else {})
        return self.client.post(BASE + path, form, **headers)


def report(cast: Cast, key: str = "one") -> Any:
    answer = Caller(cast, "safety").send(
        "/report",
        key,
        site=cast.sites["works"].pk,
        description="冲床双手按钮被短接，光电保护关闭",
        before=picture(),
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.django_db
def test_a_hazard_goes_from_report_to_closure(cast: Cast) -> None:
    told = report(cast)
    assert told["state"] == "registered"
    assert [f["purpose"] for f in told["files"]] == ["before"]
    town, safety, inspector = Caller(cast, "town"), Caller(cast, "safety"), Caller(cast, "inspector")
    at = f"/{told['id']}"

    assessed = town.post(f"{at}/assess-general", due="2026-03-12", requirements="恢复双手按钮")
    assert assessed.status_code == 200, assessed.content
    assert assessed.json()["rectify_due"] == "2026-03-12"
    assert {d["kind"] for d in assessed.json()["deadlines"]} == {"rectify"}

    done = safety.send(
        f"{at}/submit-rectification", measures="已恢复并加铅封", money_spent_yuan="800.00", after=picture("green")
    )
    assert done.status_code == 200, done.content
    again = safety.post(f"{at}/accept-rectification", opinion="合格")
    assert again.status_code == 403
    accepted = inspector.post(f"{at}/accept-rectification", opinion="复查合格")
    assert accepted.status_code == 200, accepted.content
    closed = town.post(f"{at}/close-hazard", opinion="同意销账")
    assert closed.json()["state"] == "closed"
    assert closed.json()["journal"][0]["sentence"].startswith("已销账") or closed.json()["journal"][0]["sentence"]


@pytest.mark.django_db
def test_the_same_key_acts_once(cast: Cast) -> None:
    assert report(cast)["id"] == report(cast)["id"]
    assert Hazard.plain.count() == 1


@pytest.mark.django_db
def test_an_old_version_is_told(cast: Cast) -> None:
    told = report(cast)
    town = Caller(cast, "town")
    assert town.post(f"/{told['id']}/assess-general", version=told["version"]).status_code == 200
    stale = town.post(f"/{told['id']}/order-rectification", due="2026-03-20", version=told["version"])
    assert (stale.status_code, stale.json()["code"]) == (409, "Stale")


@pytest.mark.django_db
def test_bad_input_names_the_field(cast: Cast) -> None:
    answer = Caller(cast, "safety").send("/report", site=cast.sites["works"].pk, description="", found_on="31/02/2026")
    assert answer.status_code == 422
    assert {p["column"] for p in answer.json()["problems"]} >= {"description", "found_on"}
    assert all(p["message"] for p in answer.json()["problems"])
    assert Hazard.plain.count() == 0


@pytest.mark.django_db
def test_strangers_learn_nothing(cast: Cast) -> None:
    told = report(cast)
    assert Client().get(f"{BASE}/{told['id']}").status_code == 401
    other = Caller(cast, "other_county")
    assert other.get(f"/{told['id']}").status_code == 404
    assert other.post(f"/{told['id']}/assess-general").status_code == 404
    assert other.get("/").json() == {"items": [], "page": 1, "total": 0, "more_than": False}


@pytest.mark.django_db
def test_a_token_does_no_more_than_its_scopes(cast: Cast) -> None:
    told = report(cast)
    reader = Caller(cast, "town", ("hazards.view",))
    assert reader.get(f"/{told['id']}").status_code == 200
    assert reader.post(f"/{told['id']}/assess-general").status_code == 403


@pytest.mark.django_db
def test_what_runs_beside_the_loop(cast: Cast) -> None:
    told = report(cast)
    town, county, leader = Caller(cast, "town"), Caller(cast, "county"), Caller(cast, "county_leader")
    town.post(f"/{told['id']}/assess-general")
    listed = county.post(
        f"/{told['id']}/list-hazard",
        level="county",
        leader_name="王某",
        leader_title="副县长",
        due_on="2026-03-30",
        reason="整改难度大",
    )
    assert listed.status_code == 200, listed.content
    assert county.get("/listings").json()["items"][0]["state"] == "listed"
    given = leader.post(f"/{told['id']}/instruct", text="务必按期整改", due_on="2026-03-10")
    assert given.status_code == 200, given.content
    answered = town.post(f"/instructions/{given.json()['id']}/answer-instruction", answer="已督促企业停用设备")
    assert answered.json()["state"] == "answered"
