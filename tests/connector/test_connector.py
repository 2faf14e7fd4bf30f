"""The connector as it really runs: real servers of both protocols, the real message server, the real historian; killed
while at work."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from anlan.modules.monitoring import services
from anlan.modules.monitoring.models import GatewayCount, Tag
from anlan.modules.monitoring.tests.conftest import Scene, made
from anlan.runtime.connector.spool import read_all
from tests.connector.plant import Plant
from tests.historian.test_together import Running, held, running, until

__all__ = ["running"]  # the fixture
pytestmark = pytest.mark.django_db(transaction=True)
GOOD, BAD_SENSOR, UNCERTAIN = 0, 0x806D0000, 0x40920000

FILE = """
[platform]
{way}
gateway = "plant-1"
[spool]
folder = "spool"
batch_s = 0.1
[[opcua]]
name = "DCS"
url = "{url}"
period_ms = 50
repeat_s = {repeat}
tags = [{{ name = "LT-1", node = "ns=2;s=LT-1", scale = 0.5 }}, {{ name = "NAME", node = "ns=2;s=NAME" }},
        {{ name = "GONE", node = "ns=2;s=GONE" }}]
[[modbus]]
name = "PLC"
host = "127.0.0.1"
port = {port}
period_s = 0.1
timeout_s = 5
tags = [
  {{ name = "PT-1", address = 10, type = "float32", order = "CDAB" }},
  {{ name = "CT-1", address = 12, type = "uint16" }},
  {{ name = "TT-1", register = "input", address = 0, scale = 0.1, offset = -40 }},
  {{ name = "XV-1", register = "coil", address = 3 }},
  {{ name = "FAR", address = 900 }},
]
"""
NAMES = ("LT-1", "NAME", "GONE", "PT-1", "CT-1", "TT-1", "XV-1", "FAR")


class Site:
    """A plant, its connector, and the platform's tags for it."""

    def __init__(self, scene: Scene, running: Running, folder: Path) -> None:
        self.running, self.plant, self.folder = running, Plant(), folder
        keeper = scene.actor("unit_safety")
        self.gateway, self.secret = services.register_gateway(
            actor=keeper, site=scene.site.pk, code="plant-1", name="采集程序"
        )
        self.tags: dict[str, Tag] = {
            name: services.put_tag(
                actor=keeper, gateway=self.gateway.pk, name=name, label=name, quantity="level", period_s=5
            )
            for name in NAMES
        }
        self.file, self.words = folder / "plant.toml", folder / "connector.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.write()

    def write(self, way: str = "", repeat: int = 60) -> None:
        way = way or f'mqtt = "mqtt://127.0.0.1:{self.running.server.ports.mqtt}"'
        self.file.write_text(
            FILE.format(way=way, url=self.plant.url, port=self.plant.modbus_port, repeat=repeat), "utf-8"
        )

    def command(self, *more: str) -> tuple[list[str], dict[str, str]]:
        # No database and no message server is named to it: it needs neither.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DJANGO_"))}
        line = [sys.executable, "-m", "anlan.runtime.cli", "connector", str(self.file), *more]
        return line, {**environment, "ANLAN_GATEWAY_SECRET": self.secret}

    def start(self) -> None:
        flag = self.folder / "begun"
        flag.unlink(missing_ok=True)
        line, environment = self.command("--ready", str(flag))
        with self.words.open("ab") as words:
            self.process = subprocess.Popen(line, env=environment, stdout=words, stderr=words)
        until(flag.exists, 30)

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(30) == 0, self.words.read_text()

    def stored(self, name: str) -> list[tuple[int, float, int]]:
        """Moment, value and quality of a tag's readings, as the store has them."""
        return [(row[1], row[2], row[3]) for row in held(self.tags[name])]

    def said(self, name: str) -> list[tuple[float, int]]:
        return [row[1:] for row in self.stored(name)]

    def spooled(self) -> dict[str, list[tuple[int, float, int]]]:
        """Every reading that ever lay on disk, as long as no segment was full; by their moments.

        After a restart a server of OPC UA tells what holds with the moment it had before: the same reading again.
        """
        found: dict[str, dict[int, tuple[int, float, int]]] = {}
        for record in read_all(self.folder / "spool"):
            for one in orjson.loads(record.payload):
                for name, value in one["v"].items():
                    pair = value if isinstance(value, list) else [value, 0]
                    reading = (one["t"], float(pair[0]), int(pair[1]))
                    known = found.setdefault(name, {}).setdefault(one["t"], reading)
                    assert known == reading, "one moment, one reading"
        return {name: [rows[at] for at in sorted(rows)] for name, rows in found.items()}

    def moments(self, name: str) -> list[int]:
        """The moments of a tag in the order in which they lie on disk."""
        payloads = (orjson.loads(record.payload) for record in read_all(self.folder / "spool"))
        return [one["t"] for payload in payloads for one in payload if name in one["v"]]


@pytest.fixture
def site(running: Running, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    made_ = Site(made(), running, folder)
    yield made_
    if made_.process is not None and made_.process.poll() is None:
        made_.process.kill()
        made_.process.wait()
    made_.plant.end()


def registers(site: Site) -> None:
    """What the device holds: 23.5 as two swapped registers, a count, 25.0 degrees, an open valve."""
    site.plant.modbus_on(holding={10: 0x0000, 11: 0x41BC, 12: 7}, inputs={0: 650}, coils={3: True})


def test_values_of_both_protocols_reach_the_store_as_they_are_meant(running: Running, site: Site) -> None:
    site.plant.opc_on(**{"LT-1": 8.0, "NAME": "T-101"})
    registers(site)
    running.start_nats()
    running.start_historian()
    line, environment = site.command("--try", "--seconds", "3")
    shown = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert shown.returncode == 1, "two of its values cannot be read"
    words = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines() if line.startswith("    "))
    assert words == {
        "LT-1": "4", "NAME": "nothing was said", "GONE": "nothing was said", "PT-1": "23.5", "CT-1": "7", "TT-1": "25",
        "XV-1": "1", "FAR": "nothing was said",
    }  # fmt: skip
    site.start()
    assert until(lambda: site.said("LT-1")) == [(4.0, 0)]
    for name, value in (("PT-1", 23.5), ("CT-1", 7), ("TT-1", 25), ("XV-1", 1)):
        assert until(lambda name=name: site.said(name))[0] == (value, 0)
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(milliseconds=300)
    site.plant.say("LT-1", 9.0, at=moment)
    until(lambda: len(site.said("LT-1")) == 2)
    assert site.stored("LT-1")[1] == (int(moment.timestamp() * 1000), 4.5, 0), "at the source's moment"
    site.plant.say("LT-1", 9.5, UNCERTAIN)
    site.plant.say("LT-1", 0.0, BAD_SENSOR)
    until(lambda: len(site.said("LT-1")) == 4)
    site.plant.say("LT-1", 0.0, BAD_SENSOR)
    site.plant.say("LT-1", 10.0)
    until(lambda: len(site.said("LT-1")) == 5)
    assert site.said("LT-1")[1:] == [(4.5, 0), (4.75, 1), (4.75, 2), (5.0, 0)]
    assert not site.said("NAME") and not site.said("GONE") and not site.said("FAR")
    site.stop()
    words = site.words.read_text()
    for name in ("NAME", "GONE", "FAR"):
        assert f"{name}" in words and words.count(f": {name} ") == 1, "said once which value cannot be read"
    assert not GatewayCount.plain.exists(), "the platform refused nothing"


def test_a_machine_that_falls_silent_is_bad_once_and_comes_back(running: Running, site: Site) -> None:
    site.plant.opc_on(**{"LT-1": 8.0})
    registers(site)
    running.start_nats()
    running.start_historian()
    site.write(repeat=1)
    site.start()
    until(lambda: len(site.said("CT-1")) > 3 and len(site.said("LT-1")) >= 3, 30)
    assert set(site.said("LT-1")) == {(4.0, 0)}, "what does not change is said again"
    site.plant.modbus_off()
    site.plant.opc_off()
    until(lambda: site.said("CT-1")[-1:] == [(7.0, 2)] and site.said("LT-1")[-1:] == [(4.0, 2)], 30)
    before = {name: len(site.said(name)) for name in ("CT-1", "LT-1")}
    registers(site)
    until(lambda: site.said("CT-1")[-1:] == [(7.0, 0)], 30)
    site.plant.opc_on(**{"LT-1": 8.0})
    until(lambda: site.said("LT-1")[-1:] == [(4.0, 0)], 60)
    for name, count in before.items():
        after = [quality for _, quality in site.said(name)]
        assert after.count(2) == 1 and after.index(2) == count - 1, "bad is said once"
    silent, back = (row[0] for row in site.stored("LT-1")[before["LT-1"] - 1 :][:2])
    assert back - silent > 300, "what it says again is of the moment it came back"
    site.stop()


class Counting:
    """A counter in a register and in a node that rises all the while."""

    def __init__(self, site: Site) -> None:
        self.site, self.count = site, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(0.02):
            self.count += 1
            self.site.plant.set_holding(12, self.count)
            self.site.plant.say("LT-1", float(self.count))

    def on(self, by: int) -> None:
        goal = self.count + by
        until(lambda: self.count >= goal, 60)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def everything(site: Site) -> bool:
    """Whether the store has every reading that lay on disk."""
    return all(len(site.stored(name)) >= len(rows) for name, rows in site.spooled().items())


def once_in_order(site: Site) -> None:
    """Every reading that lay on disk is stored once, and nothing else."""
    spooled = site.spooled()
    assert {"LT-1", "CT-1", "PT-1"} <= set(spooled)
    for name, rows in spooled.items():
        assert site.stored(name) == rows, name
    for name in ("CT-1", "PT-1"):
        assert site.moments(name) == sorted(set(site.moments(name))), "on disk in order"
    counted = [value for value, quality in site.said("CT-1") if quality == 0]
    assert counted == sorted(counted) and len(set(counted)) > 50


def test_killed_at_work_every_reading_on_disk_is_stored_once_in_order(running: Running, site: Site) -> None:
    site.plant.opc_on(**{"LT-1": 0.0})
    registers(site)
    running.start_nats()
    running.start_historian()
    counting = Counting(site)
    site.start()
    until(lambda: len(site.stored("CT-1")) > 10)
    for _ in range(2):
        counting.on(30)
        site.kill()
        counting.on(10)
        site.start()
    assert running.nats is not None and running.historian is not None
    counting.on(30)
    os.kill(running.nats.pid, signal.SIGKILL)
    running.nats.wait()
    counting.on(60)
    site.kill()  # while the platform is away: what waits lies on disk
    site.start()
    counting.on(60)
    assert len(site.spooled()["CT-1"]) > len(site.stored("CT-1"))
    running.start_nats()
    counting.on(30)
    os.kill(running.historian.pid, signal.SIGKILL)
    running.historian.wait()
    running.start_historian()
    counting.on(30)
    goal = len(site.spooled()["CT-1"])  # all that waited while the platform was away
    until(lambda: len(site.stored("CT-1")) >= goal, 60)
    counting.stop()
    site.stop()
    until(lambda: everything(site), 60)
    once_in_order(site)


def test_a_refused_credential_waits_on_disk_until_another_is_given(running: Running, site: Site) -> None:
    registers(site)
    site.plant.opc_on(**{"LT-1": 0.0})
    running.start_nats()
    running.start_historian()
    right, site.secret = site.secret, "wrong"
    site.start()
    until(lambda: "is refused" in site.words.read_text())
    time_ = time.monotonic()
    until(lambda: len(site.spooled().get("CT-1", ())) > 10)
    assert time.monotonic() - time_ < 15 and not site.stored("CT-1")
    site.stop()
    site.secret = right
    site.start()
    until(lambda: len(site.stored("CT-1")) > 10)
    site.stop()
    until(lambda: everything(site), 30)
    for name, rows in site.spooled().items():
        assert site.stored(name) == rows


def test_by_http_the_answer_comes_from_the_stream(running: Running, site: Site, live_server: Any) -> None:
    registers(site)
    site.plant.opc_on(**{"LT-1": 0.0})
    running.start_nats()
    running.start_historian()
    site.write(f'http = "{live_server.url}"')
    site.start()
    until(lambda: len(site.stored("CT-1")) > 10)
    assert running.nats is not None
    os.kill(running.nats.pid, signal.SIGKILL)
    running.nats.wait()
    until(lambda: "takes nothing" in site.words.read_text())
    before = len(site.spooled()["CT-1"])
    until(lambda: len(site.spooled()["CT-1"]) > before + 10)
    running.start_nats()
    until(lambda: len(site.stored("CT-1")) > before + 10, 60)
    site.stop()
    until(lambda: everything(site), 30)
    for name, rows in site.spooled().items():
        assert site.stored(name) == rows


def test_the_command_says_what_is_wrong_with_its_file(site: Site) -> None:
    line, environment = site.command("--check")
    shown = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert (shown.returncode, "8 values of 2 sources" in shown.stdout) == (0, True)
    site.file.write_text(site.file.read_text().replace("float32", "float33"))
    shown = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert shown.returncode == 1 and "modbus[1].tags[1].type: 'float33' is none of bool" in shown.stderr
