"""The message server, the gate and the historian as they really run, with a real MQTT client; killed while at work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import paho.mqtt.client as mqtt
import pytest
from django.db import connection

from anlan.config.database import socket_address
from anlan.kernel import messaging
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.models import Alarm, AlarmTransition
from anlan.modules.monitoring import selectors, services
from anlan.modules.monitoring.models import Gateway, GatewayCount, Tag
from anlan.modules.monitoring.tests.conftest import Scene, made
from anlan.runtime.embedded.nats import Ports, Server, free_port

pytestmark = pytest.mark.django_db(transaction=True)


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What ``true`` says once it says something; fails after ``seconds``."""
    over = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := true()):
        assert time.monotonic() < over, f"{true} stayed without an answer"
        pause.wait(0.05)
    return found


class Running:
    """A server and a historian on one folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.server = Server(data, Ports(client=free_port(), mqtt=free_port()), most_waiting=1 << 30)
        self.server.prepare()
        given = connection.settings_dict
        address = socket_address(
            user=given["USER"], password=given["PASSWORD"], folder=given["HOST"], name=given["NAME"]
        )
        self.environment = {
            **os.environ, **self.server.environment(), "ANLAN_DATABASE_URL": address, "ANLAN_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings.dev", "ANLAN_POOL_MAX": "2",
        }  # fmt: skip
        self.nats: subprocess.Popen[bytes] | None = None
        self.historian: subprocess.Popen[bytes] | None = None

    def start_nats(self) -> None:
        self.nats = subprocess.Popen(self.server.command(), **self.server.spawn_options())
        until(self.server.answers)

    def start_historian(self) -> None:
        flag = self.data / "ready"
        flag.unlink(missing_ok=True)
        command = [sys.executable, "-m", "anlan.runtime.cli", "historian", "--ready", str(flag)]
        with (self.data / "historian.log").open("ab") as words:
            self.historian = subprocess.Popen(command, env=self.environment, stdout=words, stderr=words)
        until(flag.exists, 60)

    def stop(self) -> None:
        for process in (self.historian, self.nats):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)


class Device:
    """A gateway as it speaks MQTT 3.1.1 with QoS 1."""

    def __init__(self, running: Running, code: str, secret: str, name: str = "") -> None:
        self.answers: list[str] = []
        self.lost = threading.Event()
        self.kept: set[int] = set()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name or f"{code}-{secret[:6]}")
        self.client.username_pw_set(code, secret)
        self.client.on_connect = lambda *given: self.answers.append(str(given[3]))
        self.client.on_disconnect = lambda *given: self.lost.set()
        self.client.on_publish = lambda *given: self.kept.add(given[2])
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", running.server.ports.mqtt)
        self.client.loop_start()

    def say(self, topic: str, payload: Any) -> int:
        body = payload if isinstance(payload, bytes) else json.dumps(payload)
        return self.client.publish(topic, body, qos=1).mid

    def end(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    made_ = Running(tmp_path)
    for name, value in made_.server.environment().items():
        monkeypatch.setenv(name, value)
    yield made_
    made_.stop()


def farm(scene: Scene, code: str = "farm-1") -> tuple[Gateway, str, Tag]:
    keeper = scene.actor("unit_safety")
    gateway, secret = services.register_gateway(actor=keeper, site=scene.site.pk, code=code, name="网关")
    tag = services.put_tag(actor=keeper, gateway=gateway.pk, name="LT-1", label="液位", quantity="level", period_s=5)
    return gateway, secret, tag


def held(tag: Tag) -> list[list[Any]]:
    """The readings of a tag that are stored."""
    try:
        return selectors.readings_of([tag.pk], 0, 2**52, 100_000)
    except messaging.Unreachable:
        return []


def test_a_gateway_signs_in_speaks_oversteps_and_is_put_out(running: Running) -> None:
    scene = made()
    gateway, secret, tag = farm(scene)
    farm(scene, "farm-2")
    running.start_nats()
    running.start_historian()
    thief = Device(running, "farm-1", "wrong")
    assert until(lambda: thief.answers)[0] == "Not authorized"
    thief.end()
    device = Device(running, "farm-1", secret)
    assert until(lambda: device.answers) == ["Success"]
    now = time.time_ns() // 1_000_000
    device.say("anlan/telemetry/farm-1", {"t": now, "v": {"LT-1": 3.5, "LT-9": 1}})
    device.say("anlan/telemetry/farm-1", {"t": now, "v": {"LT-1": 3.5}})
    device.say("anlan/telemetry/farm-1", b"\xff{")
    device.say("anlan/telemetry/farm-2", {"t": now, "v": {"LT-1": 9}})
    assert until(lambda: held(tag)) == [[tag.pk, now, 3.5, 0, 0]]
    assert until(lambda: selectors.latest_of([tag.pk]))[tag.pk].value == 3.5
    wanted = {"unknown_tag": 1, "duplicate": 1, "not_json": 1, "other_topic": 1}

    def counted() -> bool:
        found = dict(GatewayCount.plain.filter(gateway=gateway).values_list("reason", "count"))
        return all(found.get(reason, 0) == times for reason, times in wanted.items()) and "sign_in" in found

    until(counted)
    assert Gateway.plain.get(pk=gateway.pk).last_seen is not None
    began = time.monotonic()
    services.revoke_gateway(actor=scene.actor("county_officer"), gateway=gateway.pk, reason="设备失窃")
    assert device.lost.wait(5)
    assert time.monotonic() - began < 1, "the connection ends within a second"
    assert until(lambda: "Not authorized" in device.answers)
    device.end()


def test_with_the_gate_away_whoever_is_connected_goes_on(running: Running) -> None:
    _, secret, tag = farm(made())
    running.start_nats()
    running.start_historian()
    device = Device(running, "farm-1", secret)
    assert until(lambda: device.answers) == ["Success"]
    assert running.historian is not None
    running.historian.kill()
    running.historian.wait()
    now = time.time_ns() // 1_000_000
    mids = {device.say("anlan/telemetry/farm-1", {"t": now + n, "v": {"LT-1": n}}) for n in range(50)}
    until(lambda: mids <= device.kept)
    assert not device.lost.is_set()
    running.start_historian()
    assert until(lambda: len(held(tag)) == 50 and held(tag))[-1] == [tag.pk, now + 49, 49, 0, 0]
    device.end()


def test_whoever_knocked_while_nobody_was_here_is_told_to_knock_again(running: Running) -> None:
    _, secret, tag = farm(made())
    running.start_nats()
    device = Device(running, "farm-1", secret)
    running.environment["ANLAN_LOG_LEVEL"] = "INFO"
    running.start_historian()
    assert until(lambda: device.answers) == ["Success"]
    assert "knocked while nobody was here" in (running.data / "historian.log").read_text()
    now = time.time_ns() // 1_000_000
    device.say("anlan/telemetry/farm-1", {"t": now, "v": {"LT-1": 1}})
    assert until(lambda: held(tag)) == [[tag.pk, now, 1, 0, 0]]
    device.end()


def test_killed_at_work_every_acknowledged_reading_is_stored_once(running: Running) -> None:
    _, secret, tag = farm(made())
    running.start_nats()
    running.start_historian()
    device = Device(running, "farm-1", secret)
    assert until(lambda: device.answers) == ["Success"]
    begun = time.time_ns() // 1_000_000
    sent: dict[int, int] = {}
    over = threading.Event()

    def speak() -> None:
        n = 0
        while not over.wait(0.002):
            n += 1
            sent[device.say("anlan/telemetry/farm-1", {"t": begun - 50_000 + n, "v": {"LT-1": n}})] = n

    speaking = threading.Thread(target=speak)
    speaking.start()
    for _ in range(3):
        assert running.historian is not None and running.nats is not None
        until(lambda: len(device.kept) > 200)
        os.kill(running.historian.pid, signal.SIGKILL)
        running.historian.wait()
        running.start_historian()
    os.kill(running.nats.pid, signal.SIGKILL)
    running.nats.wait()
    running.start_nats()
    already = len(device.kept)
    until(lambda: len(device.kept) > already + 100, 40)
    over.set()
    speaking.join()
    until(lambda: set(sent) <= device.kept, 40)
    wanted = {begun - 50_000 + n: float(n) for n in sent.values()}
    rows = until(lambda: len(held(tag)) >= len(wanted) and held(tag), 40)
    assert {ts: value for _, ts, value, _, _ in rows} == wanted
    assert len(rows) == len(wanted)
    device.end()


def test_a_million_readings_after_an_outage_are_absorbed(running: Running) -> None:
    _, _secret, tag = farm(made())
    running.start_nats()
    running.start_historian()
    from anlan.kernel.messaging import publish_kept

    now = time.time_ns() // 1_000_000
    for start in range(0, 1_000_000, 50_000):
        body = [{"t": now - 5_000_000 + n, "v": {"LT-1": n % 100}} for n in range(start, start + 50_000)]
        publish_kept("anlan.telemetry.farm-1", orjson.dumps(body), timeout=20)

    def sums() -> Any:
        try:
            found = selectors.sums_of([tag.pk], now - 6_000_000, now).get(tag.pk)
        except messaging.Unreachable:
            return None
        return found if found and found.readings == 1_000_000 else None

    assert until(sums, 60).late == 1_000_000


def test_a_level_that_rises_is_one_alarm_whatever_dies(running: Running) -> None:
    scene = made()
    _, secret, tag = farm(scene)
    setting = alarms.make_setting(
        actor=scene.actor("county_officer"), tag=tag.pk, kind="high", threshold=8, dead_band=0.5
    )
    running.start_nats()
    running.start_historian()
    device = Device(running, "farm-1", secret)
    assert until(lambda: device.answers) == ["Success"]

    def level(*values: float) -> None:
        for value in values:
            mid = device.say("anlan/telemetry/farm-1", {"t": time.time_ns() // 1_000_000, "v": {"LT-1": value}})
            until(lambda kept=mid: kept in device.kept)

    def kill() -> None:
        assert running.historian is not None
        os.kill(running.historian.pid, signal.SIGKILL)
        running.historian.wait()

    level(6, 7, 8.1, 8.4)
    alarm = until(Alarm.plain.first)
    assert (alarm.setting_id, alarm.value, alarm.returned_at) == (setting.pk, 8.1, None)
    kill()
    level(8.6, 7.8, 8.2)
    running.start_historian()
    level(7.4)
    kill()
    running.start_historian()
    assert until(lambda: Alarm.plain.get().returned_at)
    told = AlarmTransition.plain.order_by("at").values_list("raised", "value")
    assert list(told) == [(True, 8.1), (False, 7.4)]
    device.end()
