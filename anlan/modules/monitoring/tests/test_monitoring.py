"""Gateways, credentials and tags; who may do what, and what of it is kept."""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Refused, WrongStep
from anlan.modules.monitoring import forms, public, selectors, services
from anlan.modules.monitoring.models import Gateway, GatewayCount, Tag
from anlan.modules.monitoring.tests.conftest import Scene

HISTORIAN = Actor.system("historian")


def register(scene: Scene, code: str = "farm-1") -> tuple[Gateway, str]:
    return services.register_gateway(
        actor=scene.actor("unit_safety"), site=scene.site.pk, code=code, name="储罐区采集网关"
    )


def level(scene: Scene, gateway: Gateway, **more: Any) -> Tag:
    given = {"name": "LT-101", "label": "1号罐液位", "quantity": "level", "unit_of_measure": "m", **more}
    return services.put_tag(actor=scene.actor("unit_safety"), gateway=gateway.pk, **given)


def test_the_secret_is_kept_nowhere_and_admits_alone(scene: Scene) -> None:
    gateway, secret = register(scene)
    stored = Gateway.plain.get(pk=gateway.pk)
    assert secret not in json.dumps([str(value) for value in stored.__dict__.values()])
    assert services.accepted(stored.secret, secret)
    assert not services.accepted(stored.secret, secret[:-1]) and not services.accepted(stored.secret, "")
    assert (stored.region_path, stored.holder) == (scene.site.region_path, scene.site.holder)


def test_a_new_credential_ends_the_earlier_one(scene: Scene) -> None:
    gateway, first = register(scene)
    _, second = services.rotate_credential(actor=scene.actor("county_officer"), gateway=gateway.pk)
    stored = Gateway.plain.get(pk=gateway.pk)
    assert services.accepted(stored.secret, second) and not services.accepted(stored.secret, first)
    assert stored.issued == 2 and stored.state == "active"


def test_revoked_and_admitted_again(scene: Scene) -> None:
    gateway, _ = register(scene)
    keeper = scene.actor("unit_safety")
    with pytest.raises(BadInput) as refused:
        services.revoke_gateway(actor=keeper, gateway=gateway.pk, reason=" ")
    assert refused.value.column == "reason"
    services.revoke_gateway(actor=keeper, gateway=gateway.pk, reason="设备失窃")
    version = Gateway.plain.get(pk=gateway.pk).version
    services.revoke_gateway(actor=keeper, gateway=gateway.pk, reason="再点一次")
    assert Gateway.plain.get(pk=gateway.pk).version == version, "a second click changes nothing"
    assert not public.credentials()["farm-1"].active
    with pytest.raises(WrongStep):
        services.rotate_credential(actor=keeper, gateway=gateway.pk)
    with pytest.raises(WrongStep):
        level(scene, gateway)
    services.readmit_gateway(actor=keeper, gateway=gateway.pk)
    found = public.credentials()["farm-1"]
    assert found.active and found.issued == 2


@pytest.mark.parametrize("code", ["", "a b", "-a", "a-", "a.b", "网关", "x" * 49, "a>", "*"])
def test_a_code_that_is_no_token_of_a_subject_is_refused(scene: Scene, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        register(scene, code)
    assert refused.value.column == "code"


def test_a_code_is_used_once_whoever_has_it(scene: Scene) -> None:
    register(scene)
    with pytest.raises(BadInput) as refused:
        register(scene, "FARM-1")
    assert refused.value.column == "code"


def test_who_may(scene: Scene) -> None:
    gateway, _ = register(scene)
    for name in ("leader", "unit_worker"):
        with pytest.raises(Refused):
            services.revoke_gateway(actor=scene.actor(name), gateway=gateway.pk, reason="x")
    with pytest.raises(NotFound):
        services.revoke_gateway(actor=scene.actor("stranger"), gateway=gateway.pk, reason="x")
    with pytest.raises(BadInput):
        services.register_gateway(actor=scene.actor("stranger"), site=scene.site.pk, code="x", name="x")
    with pytest.raises(NotAllowed):
        services.count_refused(actor=scene.actor("county_officer"), refused={})
    assert not selectors.gateways(scene.actor("stranger")).exists()


def test_a_tag_entered_again_is_put_right_and_the_same_is_nothing(scene: Scene) -> None:
    gateway, _ = register(scene)
    tag = level(scene, gateway)
    assert level(scene, gateway).version == tag.version
    again = level(scene, gateway, high_range=12.0, period_s=5)
    assert again.pk == tag.pk and Tag.plain.get(pk=tag.pk).high_range == 12.0
    assert public.tags_by_gateway() == {"farm-1": {"LT-101": tag.pk}}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quantity": "colour"}, "quantity"), ({"low_range": 5.0, "high_range": 5.0}, "high_range"),
        ({"period_s": 0}, "period_s"), ({"period_s": 90_000}, "period_s"), ({"name": ""}, "name"),
        ({"low_range": float("nan")}, "low_range"), ({"installation": 999_999}, "installation"),
    ],
)  # fmt: skip
def test_a_tag_with_a_fault_names_its_field(scene: Scene, more: dict[str, Any], field: str) -> None:
    gateway, _ = register(scene)
    with pytest.raises(BadInput) as refused:
        level(scene, gateway, **more)
    assert refused.value.column == field


def test_many_tags_are_all_or_nothing(scene: Scene) -> None:
    gateway, _ = register(scene)
    keeper = scene.actor("unit_safety")
    text = "LT-1\t1号罐液位\t液位\tm\t0\t12\t5\nTT-1,1号罐温度,temperature,°C\n\nGF-1\t可燃\tgas_flammable"
    from django.utils import translation

    with translation.override("zh-hans"):
        rows = forms.pasted(text)
    assert [row["quantity"] for row in rows] == ["level", "temperature", "gas_flammable"]
    assert services.enter_tags(actor=keeper, gateway=gateway.pk, rows=rows) == 3
    assert services.enter_tags(actor=keeper, gateway=gateway.pk, rows=rows) == 0
    with pytest.raises(BadInput) as refused:
        services.enter_tags(actor=keeper, gateway=gateway.pk, rows=[*rows, {"name": "X", "quantity": "wrong"}])
    assert refused.value.params.get("row") == 4 or "4" in str(refused.value.as_json())
    assert Tag.plain.filter(gateway=gateway).count() == 3


def test_a_tag_out_of_use_is_not_taken_in(scene: Scene) -> None:
    gateway, _ = register(scene)
    tag = level(scene, gateway)
    services.retire_tag(actor=scene.actor("unit_safety"), tag=tag.pk, reason="拆除")
    assert public.tags_by_gateway() == {"farm-1": {}}
    services.resume_tag(actor=scene.actor("unit_safety"), tag=tag.pk)
    assert public.tags_by_gateway() == {"farm-1": {"LT-101": tag.pk}}


def test_refused_counts_add_up_by_day_and_reason(scene: Scene) -> None:
    register(scene)
    refused = {("farm-1", "unknown_tag"): (3, "LT-9"), ("farm-1", "ahead"): (1, ""), ("nobody", "ahead"): (5, ""),
               ("farm-1", "made_up"): (1, "")}  # fmt: skip
    for _ in range(2):
        services.count_refused(actor=HISTORIAN, refused=refused)
    rows = selectors.counts(scene.actor("county_officer"))
    assert {(c.reason, c.count) for c in rows} == {("unknown_tag", 6), ("ahead", 2)}
    assert GatewayCount.plain.get(reason="unknown_tag").sample == "LT-9"
    assert not selectors.counts(scene.actor("stranger")).exists()


def test_when_a_gateway_was_heard_of_never_goes_back(scene: Scene) -> None:
    gateway, _ = register(scene)
    now = clock.now()
    for at in (now, now - dt.timedelta(hours=1)):
        services.note_seen(actor=HISTORIAN, seen={"farm-1": at})
    assert Gateway.plain.get(pk=gateway.pk).last_seen == now


def test_readings_by_http_need_the_gateways_own_credential(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = register(scene)
    register(scene, "farm-2")
    sent: list[tuple[str, bytes]] = []
    from anlan.modules.monitoring import rest

    monkeypatch.setattr(rest, "publish_kept", lambda subject, data: sent.append((subject, data)) or 7)

    def post(path: str, header: str) -> int:
        return (
            Client()
            .post(path, b'{"t":1,"v":{}}', content_type="application/json", headers={"Authorization": header})
            .status_code
        )

    basic = "Basic " + b64encode(f"farm-1:{secret}".encode()).decode()
    assert post("/api/v1/telemetry/farm-1", basic) == 202
    assert post("/api/v1/telemetry/farm-1", f"Bearer {secret}") == 202
    assert post("/api/v1/telemetry/farm-1", "Bearer wrong") == 401
    assert post("/api/v1/telemetry/farm-1", "") == 401
    assert post("/api/v1/telemetry/farm-1", "Basic ???") == 401
    assert post("/api/v1/telemetry/farm-2", f"Bearer {secret}") == 401
    assert post("/api/v1/telemetry/farm-2", basic) == 403
    assert [subject for subject, _ in sent] == ["anlan.telemetry.farm-1"] * 2
    assert GatewayCount.plain.get(reason="other_topic").count == 1


def test_without_a_message_server_the_readings_are_not_taken_for_kept(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = register(scene)
    monkeypatch.delenv("ANLAN_NATS_URL", raising=False)
    answer = Client().post(
        "/api/v1/telemetry/farm-1",
        b"{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 503 and answer["Retry-After"]


def test_pages_stand_while_the_historian_is_away(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANLAN_NATS_URL", raising=False)
    gateway, _ = register(scene)
    tag = level(scene, gateway)
    client = Client()
    client.force_login(scene.users["county_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (
        "/monitoring/", "/monitoring/gateways/", gateway.get_absolute_url(), tag.get_absolute_url(),
        f"/monitoring/tags/{tag.pk}/trend/", "/monitoring/coverage/", "/monitoring/quality/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    said = client.get(f"/monitoring/tags/{tag.pk}/trend/data/").json()
    assert said["title"]["text"] and not said["series"]
