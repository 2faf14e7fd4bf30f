"""A gateway that is the real ``mosquitto_pub``: a client nobody here wrote."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from anlan.modules.monitoring import services
from anlan.modules.monitoring.models import Gateway, GatewayCount
from anlan.modules.monitoring.tests.conftest import made
from anlan.runtime import debian
from tests.historian.test_together import Running, farm, held, running, until

__all__ = ["running"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "anlan/telemetry/farm-1"


def command(running: Running, secret: str, topic: str, *more: str) -> tuple[list[str], dict[str, str]]:
    program = debian.ensure(*debian.MOSQUITTO)
    line = [str(program.path), "-h", "127.0.0.1", "-p", str(running.server.ports.mqtt), "-V", "mqttv311"]
    return [*line, "-u", "farm-1", "-P", secret, "-t", topic, "-q", "1", "-d", *more], {
        **os.environ, **program.environment,
    }  # fmt: skip


def published(running: Running, secret: str, topic: str, body: Any) -> subprocess.CompletedProcess[str]:
    """One message, one process."""
    line, environment = command(running, secret, topic, "-m", json.dumps(body))
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=20)


class Line:
    """``mosquitto_pub -l``: one connection that stays, a message for each line."""

    def __init__(self, running: Running, secret: str, words: Path) -> None:
        line, environment = command(running, secret, TOPIC, "-l")
        self.words = words
        with words.open("wb") as file:
            # Its words into a file come at the end only, unless line by line is asked for.
            self.process = subprocess.Popen(["stdbuf", "-oL", *line], env=environment, stdin=subprocess.PIPE, stdout=file, stderr=file)

    def say(self, body: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(body).encode() + b"\n")
        self.process.stdin.flush()

    def heard(self, what: str) -> int:
        return len(re.findall(what, self.words.read_text()))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def ours(running: Running) -> bool:
    """Whether a connection of the gateway stands at the server."""
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f":{running.server.ports.mqtt:04X}"
    return any(line.split()[1].endswith(port) and line.split()[3] == "01" for line in table)


def test_mosquitto_pub_is_heard_oversteps_is_counted_and_put_out(running: Running, tmp_path: Path) -> None:
    scene = made()
    gateway, secret, tag = farm(scene)
    running.start_nats()
    running.start_historian()
    now = time.time_ns() // 1_000_000
    done = published(running, secret, TOPIC, {"t": now, "v": {"LT-1": 3.5}})
    assert done.returncode == 0 and "received PUBACK" in done.stdout
    assert until(lambda: held(tag)) == [[tag.pk, now, 3.5, 0, 0]]
    # MQTT acknowledges what it throws away: only the counts tell.
    assert published(running, secret, "anlan/telemetry/farm-2", {"t": now, "v": {"LT-1": 9}}).returncode == 0
    assert published(running, "wrong", TOPIC, {"t": now + 1, "v": {"LT-1": 9}}).returncode != 0

    def counted() -> dict[str, int]:
        return dict(GatewayCount.plain.filter(gateway=gateway).values_list("reason", "count"))

    until(lambda: counted().get("other_topic") == 1 and counted().get("sign_in", 0) >= 1)
    page = GatewayCount.plain.get(gateway=gateway, reason="other_topic")
    assert page.sample == "anlan.telemetry.farm-2"

    line = Line(running, secret, tmp_path / "words")
    line.say({"t": now + 2, "v": {"LT-1": 4}})
    until(lambda: line.heard("received PUBACK") == 1)
    assert ours(running)
    began = time.monotonic()
    services.revoke_gateway(actor=scene.actor("county_officer"), gateway=gateway.pk, reason="设备失窃")
    until(lambda: not ours(running), 5)
    took = time.monotonic() - began
    assert took < 1, f"the connection ends within a second, not {took:.2f} s"
    refused = published(running, secret, TOPIC, {"t": now + 3, "v": {"LT-1": 9}})
    assert refused.returncode != 0 and "received PUBACK" not in refused.stdout
    line.end()
    assert [row[1:3] for row in held(tag)] == [[now, 3.5], [now + 2, 4.0]]
    assert Gateway.plain.get(pk=gateway.pk).state == "revoked"


def test_mosquitto_pub_goes_on_while_nobody_answers_sign_ins(running: Running, tmp_path: Path) -> None:
    _, secret, tag = farm(made())
    running.start_nats()
    running.start_historian()
    now = time.time_ns() // 1_000_000
    line = Line(running, secret, tmp_path / "words")
    line.say({"t": now, "v": {"LT-1": 0}})
    until(lambda: line.heard("received PUBACK") == 1)
    assert running.historian is not None
    running.historian.kill()
    running.historian.wait()
    for number in range(1, 20):
        line.say({"t": now + number, "v": {"LT-1": number}})
    until(lambda: line.heard("received PUBACK") == 20)
    assert line.heard("sending CONNECT") == 1, "the one connection went on"
    assert published(running, secret, TOPIC, {"t": now + 99, "v": {"LT-1": 99}}).returncode != 0, "nobody signs in"
    running.start_historian()
    rows = until(lambda: len(held(tag)) >= 20 and held(tag))
    assert [row[1:3] for row in rows] == [[now + number, float(number)] for number in range(20)]
    line.end()
