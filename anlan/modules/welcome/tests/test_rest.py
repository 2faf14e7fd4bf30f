"""Invitations and the people of units by the API."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.identity.models import Grant, User
from anlan.modules.welcome import services
from anlan.modules.welcome.models import Invitation
from anlan.modules.welcome.tests.conftest import City, make_unit, make_user, signed_in

API = "/api/v1/welcome"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def test_inviting(city: City, officer: Actor, unit: Any) -> None:
    client, far = signed_in(User.objects.get(username="officer")), make_unit(city.far_town, 4)
    answer = post(client, "/invitations", numbers=[unit.uscc, far.uscc])
    assert answer.status_code == 200
    said = answer.json()
    assert [s["number"] for s in said["slips"]] == [unit.uscc] and len(said["slips"][0]["code"]) == 14
    assert [r["given"] for r in said["refused"]] == [far.uscc] and far.name not in answer.content.decode()
    listed = client.get(f"{API}/invitations").json()["items"]
    assert [i["unit_name"] for i in listed] == [unit.name] and "code" not in listed[0]
    key = said["slips"][0]["invitation"]
    assert post(client, "/invitations/renewals", invitations=[key]).json()["slips"][0]["code"] != said["slips"][0]["code"]
    assert post(client, f"/invitations/{key}/revoke", reason="发错单位").json()["state"] == "revoked"
    assert client.get(f"{API}/rounds").json()["items"][0]["invited"] == 1
    assert post(client, "/invitations").status_code == 422


def test_strangers_are_told_nothing(city: City, officer: Actor, unit: Any) -> None:
    (slip,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    stranger = signed_in(make_user("town_officer", city.far_town))
    assert stranger.get(f"{API}/invitations").json()["items"] == []
    assert post(stranger, f"/invitations/{slip.invitation}/revoke", reason="越权").status_code == 404
    assert post(stranger, "/invitations/renewals", round=slip.invitation).status_code == 404
    assert post(Client(), "/invitations", units=[unit.pk]).status_code == 401
    assert post(signed_in(make_user("grid_worker", city.town)), "/invitations", units=[unit.pk]).status_code == 403
    assert Invitation.plain.get().state == "open"


def test_the_people_of_a_unit(unit: Any, officer: Actor) -> None:
    client = signed_in(make_user("unit_principal", holder=unit.holder, username="lin"))
    opened = post(client, "/people", unit=unit.pk, name="孙主任", username="sun", role="unit_workshop", title="冲压车间")
    assert opened.status_code == 200 and len(opened.json()["code"]) == 14
    assert {p["username"] for p in client.get(f"{API}/people").json()["items"]} == {"lin", "sun"}
    sun = User.objects.get(username="sun")
    assert len(post(client, f"/accounts/{sun.pk}/recovery").json()["code"]) == 14
    assert post(client, f"/accounts/{officer.user_id}/recovery").status_code in (403, 404)
    named = post(client, "/people/safety", unit=unit.pk, account=Grant.objects.get(user=sun).pk)
    assert named.json() == {"user_id": sun.pk, "username": "sun", "code": ""}
    grant = Grant.objects.get(user=sun, role="unit_workshop")
    assert post(client, f"/people/{grant.pk}/end", reason="车间撤销").status_code == 200
    assert Grant.objects.get(pk=grant.pk).valid_to is not None
