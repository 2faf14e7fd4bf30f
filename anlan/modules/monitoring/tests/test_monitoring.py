"""Gateways, credentials and tags; who may do what, and what of it is kept."""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Refused, WrongStep
from anlan.kernel.journal.models import Entry
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


class Told:
    """A historian that holds some readings of one tag."""

    def __init__(self, tag: Tag, rows: list[list[Any]]) -> None:
        self.rows = [[tag.pk, *row] for row in rows]
        self.asked: list[str] = []

    def __call__(self, subject: str, data: bytes, **more: Any) -> bytes:
        what, asked = subject.rpartition(".")[2], json.loads(data)
        self.asked.append(what)
        rows = [row for row in self.rows if asked["since"] <= row[1] < asked["until"]]
        if what == "quality":
            return json.dumps({"sums": [[self.rows[0][0], len(rows), 0, 0, 0, 0]] if rows else []}).encode()
        if what == "series":
            names = ("t", "low", "high", "mean", "last")
            told = {name: [row[1 if name == "t" else 2] for row in rows] for name in names}
            return json.dumps({**told, "n": [1] * len(rows), "bad": [0] * len(rows)}).encode()
        return json.dumps({"rows": rows[: asked["most"]]}).encode()


def signed_in(scene: Scene, name: str) -> Client:
    client = Client()
    client.force_login(scene.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_series_and_its_readings_by_http(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = level(scene, register(scene)[0])
    first = selectors.millis(clock.now()) - 3_600_000
    told = Told(tag, [[first + k * 1000, k - 1.5, 0, int(k == 2)] for k in range(5)])
    monkeypatch.setattr("anlan.kernel.messaging.request", told)
    monkeypatch.setattr("anlan.modules.monitoring.selectors.live.AT_ONCE", 2)
    stretch, address = {"since": first, "until": first + 4000}, f"/api/v1/monitoring/tags/{tag.pk}"
    client = signed_in(scene, "county_officer")
    said = client.get(f"{address}/series", {**stretch, "points": 10}).json()
    assert said["tag_id"] == tag.pk and said["t"] == [first + k * 1000 for k in range(4)]
    assert said["mean"] == [-1.5, -0.5, 0.5, 1.5] and said["n"] == [1, 1, 1, 1]
    answer = client.get(f"{address}/readings.csv", stretch)
    lines = b"".join(answer.streaming_content).decode().split("\r\n")
    assert lines[0] == "time,epoch_ms,value,quality,late" and len(lines) == 6
    at = selectors.moment(first + 2000).astimezone(clock.CHINA)
    assert lines[3] == f"{at.isoformat(timespec='milliseconds')},{first + 2000},0.5,0,1"
    assert "attachment" in answer["Content-Disposition"] and told.asked.count("export") == 3
    page = client.get(f"/monitoring/tags/{tag.pk}/readings.csv", {"since": first, "until": first + 4000})
    assert b"".join(page.streaming_content).count(b"\r\n") == 5
    taken = Entry.plain.filter(fact_type="monitoring.ReadingsTaken", subject_id=str(tag.pk)).order_by("pk")
    assert [entry.data["rows"] for entry in taken] == [4, 4]
    assert {entry.actor_name for entry in taken} == {"county_officer"}


def test_a_server_of_ones_own_is_said_not_to_count_foreign_publishes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(scene)
    address, officer = f"/monitoring/gateways/{Gateway.plain.get().pk}/", signed_in(scene, "county_officer")
    monkeypatch.setenv("ANLAN_NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("ANLAN_NATS_OURS", "1")
    page = officer.get(address).content.decode()
    assert "没有拒收" in page and "Publish Violation" not in page
    monkeypatch.delenv("ANLAN_NATS_OURS")
    page = officer.get(address).content.decode()
    assert "Publish Violation" in page and "未计数：发布到其他主题" in page
    assert "计数范围内没有拒收" in page
    monkeypatch.delenv("ANLAN_NATS_URL")
    assert "Publish Violation" not in officer.get(address).content.decode(), "no server, nothing to say"


def test_a_trend_goes_from_a_year_to_a_second(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    now = selectors.millis(clock.now())
    tag = level(scene, register(scene)[0])
    told = Told(tag, [[now - 3_600_000 + k * 250, k / 4, 0, 0] for k in range(9)])
    monkeypatch.setattr("anlan.kernel.messaging.request", told)
    client, address = signed_in(scene, "county_officer"), f"/monitoring/tags/{tag.pk}/trend/"
    widths, asked = [], {"span": "year"}
    whole = client.get(f"{address}data/", asked).json()["xAxis"]["data"]
    assert 280 < len(whole) < 320 and whole[0] < whole[1] < whole[-1], "the axis is the year, not the hour with readings"
    while True:
        option = client.get(f"{address}data/", asked).json()
        urls = option.get("anlan", {}).get("urls")
        if not urls:
            break
        said = next(k for k, value in enumerate(option["series"][0]["data"]) if value is not None)
        asked = dict(parse_qsl(urls[said].partition("?")[2]))
        widths.append(int(asked["until"]) - int(asked["since"]))
    assert widths[0] > 18 * 86_400_000 > widths[1] > widths[-2] > widths[-1] == 1000
    assert option["xAxis"]["data"][0].count(".") == 1 and len(option["xAxis"]["data"]) <= 4, "to the millisecond"
    page = client.get(address, {"since": now - 90_000, "until": now + 90_000}).context
    first, last = (int(dict(parse_qsl(page["csv_url"].partition("?")[2]))[name]) for name in ("since", "until"))
    assert last - first == 180_000 and last <= selectors.millis(clock.now()) + 60_000, "as wide, not of the future"
    assert page["later"] == "" and page["closer"]
    assert client.get(address, {"since": now - 1000, "until": now}).context["closer"] == ""


def test_coverage_and_quality_as_files(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    level(scene, register(scene)[0])
    client = signed_in(scene, "county_officer")
    answer = client.get("/monitoring/coverage.csv")
    assert answer["Content-Type"].startswith("text/csv") and len(answer.content.decode("utf-8-sig").splitlines()) == 1
    monkeypatch.delenv("ANLAN_NATS_URL", raising=False)
    answer = client.get("/monitoring/quality.csv")
    assert answer["Content-Type"].startswith("text/html") and not answer.context["reached"], "the page says so instead"

    def answering(subject: str, data: bytes, **more: Any) -> bytes:
        tags = json.loads(data)["tags"]
        now = selectors.millis(clock.now())
        sums, latest = [[key, 8640, 1, 1, 3, 0] for key in tags], [[key, now, 1.0, 0] for key in tags]
        return json.dumps({"sums": sums, "latest": latest}).encode()

    monkeypatch.setattr("anlan.kernel.messaging.request", answering)
    told = client.get("/monitoring/quality.csv").content.decode("utf-8-sig").splitlines()
    assert len(told) == 2 and "8640,100.0%,2,3" in told[1]
    assert signed_in(scene, "unit_worker").get("/monitoring/quality.csv").status_code == 403
    taken = Entry.plain.filter(fact_type="services.LedgerExported").order_by("pk")
    assert [one.data["rows"] for one in taken] == [0, 1]


def test_a_series_is_asked_for_in_reach_and_in_bounds(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = level(scene, register(scene)[0])
    told = Told(tag, [[1, 1.0, 0, 0]])
    monkeypatch.setattr("anlan.kernel.messaging.request", told)
    good = {"since": "2026-11-22T00:00:00", "until": "2026-11-22T08:00:00+08:00"}
    for what in ("series", "readings.csv"):
        address = f"/api/v1/monitoring/tags/{tag.pk}/{what}"
        assert Client().get(address, good).status_code == 401
        assert signed_in(scene, "stranger").get(address, good).status_code == 404
        client = signed_in(scene, "county_officer")
        assert client.get(address, {"since": good["until"], "until": good["since"]}).json()["column"] == "until"
        assert client.get(address, {**good, "since": "yesterday"}).status_code == 422
        assert client.get(address, {**good, "since": "9" * 30}).status_code == 422
        assert client.get(address, {}).status_code == 422
    assert client.get(f"/api/v1/monitoring/tags/{tag.pk}/series", {**good, "points": 0}).status_code == 422
    assert not told.asked, "nothing was asked of the historian for any of them"
    monkeypatch.setattr("anlan.modules.monitoring.selectors.live.MOST_TAKEN", 0)
    refused = client.get(f"/api/v1/monitoring/tags/{tag.pk}/readings.csv", {"since": 0, "until": 10})
    assert refused.status_code == 422 and refused.json()["column"] == "since"
    monkeypatch.undo()
    monkeypatch.delenv("ANLAN_NATS_URL", raising=False)
    assert client.get(f"/api/v1/monitoring/tags/{tag.pk}/series", good).status_code == 503
