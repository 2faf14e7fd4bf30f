"""Three message servers on loopback as one cluster: one is killed while readings come, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.db import connection

from anlan.config.database import socket_address
from anlan.kernel import messaging
from anlan.modules.monitoring import services
from anlan.modules.monitoring.models import Tag
from anlan.modules.monitoring.tests.conftest import made
from anlan.runtime.embedded.nats import Ports, Server, free_port
from anlan.runtime.historian import stream
from tests.historian.test_together import Device, farm, held, until

pytestmark = pytest.mark.django_db(transaction=True)


class Node(Server):
    """One server of three; secrets and the key of the gate are shared."""

    def joined(self, name: str, routes: list[int], own: int, secrets: Path) -> None:
        """Write the configuration of a server of a cluster."""
        (self.data / "secrets").symlink_to(secrets)
        self.prepare()
        settings = json.loads(self.configuration.read_text())
        settings["server_name"] = name
        settings["cluster"] = {
            "name": "anlan", "listen": f"127.0.0.1:{own}",
            "routes": [f"nats://127.0.0.1:{port}" for port in routes if port != own],
        }  # fmt: skip
        self.configuration.write_text(json.dumps(settings))


class Cluster:
    """The three, and a historian on them."""

    def __init__(self, data: Path) -> None:
        self.data, self.running, self.historian = data, {}, None  # type: dict[int, subprocess.Popen[bytes]]
        (data / "secrets").mkdir(mode=0o700)
        routes = [free_port() for _ in range(3)]
        self.nodes = [Node(data / f"n{n}", Ports(client=free_port(), mqtt=free_port()), 1 << 30) for n in range(3)]
        for number, node in enumerate(self.nodes):
            node.data.mkdir()
            node.joined(f"n{number}", routes, routes[number], data / "secrets")
        given = connection.settings_dict
        address = socket_address(
            user=given["USER"], password=given["PASSWORD"], folder=given["HOST"], name=given["NAME"]
        )
        self.names = {
            messaging.VARIABLE: ",".join(node.address for node in self.nodes),
            "ANLAN_NATS_SYSTEM_URL": ",".join(node.system_address for node in self.nodes),
            stream.REPLICAS: "3",
        }
        self.environment = {
            **os.environ, **self.names, "ANLAN_DATABASE_URL": address, "ANLAN_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings.dev", "ANLAN_POOL_MAX": "2",
        }  # fmt: skip

    def start(self, number: int) -> None:
        node = self.nodes[number]
        self.running[number] = subprocess.Popen(node.command(), **node.spawn_options())
        until(node.answers)

    def start_historian(self) -> None:
        flag = self.data / "ready"
        command = [sys.executable, "-m", "anlan.runtime.cli", "historian", "--ready", str(flag)]
        with (self.data / "historian.log").open("ab") as words:
            self.historian = subprocess.Popen(command, env=self.environment, stdout=words, stderr=words)
        until(flag.exists, 60)

    def kill(self, number: int) -> None:
        process = self.running.pop(number)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def leader(self) -> tuple[int, int]:
        """Who leads the stream (its number), and on how many servers it is kept."""
        info = asyncio.run(_info())
        return int(info.cluster.leader[1:]), 1 + len(info.cluster.replicas or [])

    def stop(self) -> None:
        for process in (self.historian, *self.running.values()):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)


async def _info() -> Any:
    client = await messaging.connected("anlan-test")
    try:
        return await client.jetstream().stream_info(stream.STREAM)
    finally:
        await client.close()


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    made_ = Cluster(tmp_path)
    for name, value in made_.names.items():
        monkeypatch.setenv(name, value)
    yield made_
    made_.stop()


class Speaking:
    """Publishes one reading after another, as the platform does for HTTP; what is not acknowledged is sent again."""

    def __init__(self) -> None:
        self.begun = time.time_ns() // 1_000_000 - 50_000
        self.kept: list[int] = []
        self.refused = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        number = 0
        while not self._over.wait(0.002):
            body = orjson.dumps({"t": self.begun + number, "v": {"LT-1": number}})
            try:
                messaging.publish_kept("anlan.telemetry.farm-1", body, timeout=2)
            except messaging.Unreachable:
                self.refused += 1
                continue
            self.kept.append(number)
            number += 1

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def stored(tag: Tag, speaking: Speaking) -> list[list[Any]]:
    return until(lambda: len(held(tag)) >= len(speaking.kept) and held(tag), 60)


def test_one_of_three_is_killed_and_nothing_acknowledged_is_lost(cluster: Cluster) -> None:
    _, _, tag = farm(made())
    for number in range(3):
        cluster.start(number)
    cluster.start_historian()
    leader, kept_on = cluster.leader()
    assert kept_on == 3
    speaking = Speaking()
    until(lambda: len(speaking.kept) > 300)
    for victim in (leader, None):
        number = cluster.leader()[0] if victim is None else victim
        cluster.kill(number)
        already = len(speaking.kept)
        until(lambda already=already: len(speaking.kept) > already + 300, 60)
        cluster.start(number)
        until(lambda: _whole(), 60)
    speaking.stop()
    wanted = [[tag.pk, speaking.begun + number, float(number)] for number in speaking.kept]
    rows = stored(tag, speaking)
    assert [row[:3] for row in rows] == wanted, "each once, in order"


def test_a_gateway_is_put_out_on_whichever_server_it_is(cluster: Cluster) -> None:
    scene = made()
    gateway, secret, _ = farm(scene)
    for number in range(3):
        cluster.start(number)
    cluster.start_historian()
    devices = [Device(SimpleNamespace(server=node), "farm-1", secret, f"farm-1-{n}") for n, node in enumerate(cluster.nodes)]
    for number, device in enumerate(devices):
        assert until(lambda device=device: device.answers) == ["Success"], number
    began = time.monotonic()
    services.revoke_gateway(actor=scene.actor("county_officer"), gateway=gateway.pk, reason="设备失窃")
    for device in devices:
        assert device.lost.wait(5)
    assert time.monotonic() - began < 2
    for device in devices:
        device.end()


def _whole() -> bool:
    """Whether all three have all of the stream."""
    try:
        info = asyncio.run(_info())
    except Exception:  # noqa: BLE001 - while a leader is chosen the library says so in many words
        return False
    others = info.cluster.replicas or []
    return len(others) == 2 and all(one.current and not one.offline for one in others)
