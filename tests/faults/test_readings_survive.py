"""Sixteen thousand readings a second go on while historian, message server, database, web and supervisor are killed, in
turn and at random; every reading that was acknowledged is stored once, every alarm transition is recorded once.

Four gateways speak MQTT 3.1.1 with QoS 1. Each keeps its readings in order until they are acknowledged and sends them
again after a loss, as a gateway with a buffer does. At the end the store equals what was acknowledged, and the
transitions equal those of an alarm engine that was given the same readings at leisure.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from anlan.kernel import messaging
from anlan.modules.alarms.engine import Engine, Setting
from anlan.runtime.database import VARIABLE, running_database
from anlan.runtime.embedded.nats import Ports, Server, free_port
from anlan.runtime.historian.store import Store
from tests.faults.farm import DEAD_BAND, HIGH, LIMITED, TAGS
from tests.faults.test_anything_may_die import FULL, Platform

SEED = 20260630
PARTS = ("historian", "nats", "database", "web", "supervisor")
STOPPED = "stopped and started"  # by whoever runs it, in good order
AT_RANDOM = 8  # blows after each part was hit in turn, some of them at several at once
EVERY_S = 0.05  # a message of each gateway
PATIENCE = 120.0


class GatewayDevice(threading.Thread):
    """A gateway with a buffer: one message under way, the next when that is acknowledged, in order."""

    def __init__(self, port: int, code: str, secret: str, names: list[str], over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.code, self.acknowledged = code, list[tuple[int, list[float]]]()
        self.losses = 0
        self._port, self._secret, self._names, self._over = port, secret, names, over
        self._waiting: deque[tuple[int, list[float]]] = deque()
        self._line: socket.socket | None = None
        self._number = 0
        self.done: Future[None] = Future()

    def run(self) -> None:
        with ThreadPoolExecutor(1) as keeping:
            self.done = keeping.submit(self._speak)

    def _speak(self) -> None:
        due = time.time()
        while not self._over.is_set() or self._waiting:
            while due <= time.time() and not self._over.is_set():
                at = int(due * 1000)
                self._waiting.append((at, [wave(n, at) for n in range(len(self._names))]))
                due += EVERY_S
            if self._waiting:
                self._deliver(*self._waiting[0])
                self.acknowledged.append(self._waiting.popleft())
            else:
                self._over.wait(max(due - time.time(), 0.001))
        if self._line is not None:
            self._line.close()

    def _deliver(self, at: int, values: list[float]) -> None:
        """Until it is acknowledged."""
        body = orjson.dumps({"t": at, "v": dict(zip(self._names, values, strict=True))})
        self._number = self._number % 65_535 + 1
        number = struct.pack(">H", self._number)
        packet = _packet(0x32, _text(f"anlan/telemetry/{self.code}".encode()) + number + body)
        while True:
            try:
                line = self._line = self._line or self._connected()
                line.sendall(packet)
                if _read(line, 4) == b"\x40\x02" + number:
                    return
                raise ConnectionError("another answer than expected")
            except OSError:
                self.losses += 1
                if self._line is not None:
                    self._line.close()
                self._line = None
                threading.Event().wait(0.1)

    def _connected(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self._port), timeout=3)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        hello = _text(b"MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 60) + _text(f"faults-{self.code}".encode())
        try:
            line.sendall(_packet(0x10, hello + _text(self.code.encode()) + _text(self._secret.encode())))
            if _read(line, 4) != b"\x20\x02\x00\x00":
                raise ConnectionError("not let in yet")
        except OSError:
            line.close()
            raise
        return line


def wave(number: int, at: int) -> float:
    """What a tag shows at a moment: up and down, each in a rhythm of its own, over its limit and back."""
    return round(50 + 45 * math.sin(2 * math.pi * at / 1000 / (9 + number % 7) + number), 1)


def _text(text: bytes) -> bytes:
    return struct.pack(">H", len(text)) + text


def _packet(kind: int, body: bytes) -> bytes:
    size, out = len(body), bytearray([kind])
    while True:
        size, low = divmod(size, 128)
        out.append(low | (128 if size else 0))
        if not size:
            return bytes(out) + body


def _read(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        some = line.recv(size - len(found))
        if not some:
            raise ConnectionError("closed")
        found += some
    return found


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    ports = Ports(client=free_port(), mqtt=free_port())
    started = Platform(tmp_path / "data", ANLAN_NATS_PORT=str(ports.client), ANLAN_MQTT_PORT=str(ports.mqtt))
    try:
        started.up.ready()
        for name, value in Server(started.data, ports).environment().items():
            monkeypatch.setenv(name, value)
        yield started
    finally:
        started.up.finish()


def built(platform: Platform) -> dict[str, Any]:
    """The farm, made by a process of its own on the running database."""
    address = running_database(platform.data)
    assert address is not None
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANLAN_")}
    environment |= {VARIABLE: address, "ANLAN_DATA": str(platform.data), **FULL}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.farm"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    farm: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return farm


def newest(farm: dict[str, Any], name: str) -> int:
    """The oldest of what each gateway's tag of that name said last, as the historian answers; 0 while it does not."""
    tags = [one["tags"][name] for one in farm.values()]
    try:
        told = orjson.loads(messaging.request("anlan.history.latest", orjson.dumps({"tags": tags}), timeout=2))
    except messaging.Unreachable:
        return 0
    rows = told.get("latest", [])
    return min(row[1] for row in rows) if len(rows) == len(tags) else 0


def healthy(platform: Platform) -> bool:
    """Whether the health page finds nothing wrong, under a supervisor that lives: parts of a dead one answer, too."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{platform.base}/healthz", timeout=5) as answer:
        return bool(answer.status == 200 and json.load(answer)["parts"]["supervisor"]["state"] == "ready")
    return False


def hit(platform: Platform, farm: dict[str, Any], blow: tuple[str, ...], dice: random.Random) -> float:
    """One blow; the seconds until readings sent after it are taken in and the health page is well."""
    began, moment = time.monotonic(), int(time.time() * 1000)
    if blow == (STOPPED,):
        platform.up.finish()
        platform.again()
    else:
        platform.kill(*blow, dice=dice, wait=False)
    pause = threading.Event()
    while not platform.replaced() or newest(farm, "T0") <= moment or not healthy(platform):
        assert time.monotonic() - began < PATIENCE, f"no recovery from {blow}\n{platform.up.screen[-3000:]}"
        if platform.up.process.poll() is not None:
            platform.again()
        pause.wait(0.1)
    return time.monotonic() - began


def test_every_acknowledged_reading_and_every_transition_once(platform: Platform) -> None:
    farm, over, dice = built(platform), threading.Event(), random.Random(SEED)
    names = [f"T{n}" for n in range(TAGS)]
    port = int(platform.environment["ANLAN_MQTT_PORT"])
    platform.kill("historian", dice=random.Random(1))  # it begins with the farm's tags and limits
    devices = [GatewayDevice(port, code, one["secret"], names, over) for code, one in farm.items()]
    took: list[tuple[tuple[str, ...], float]] = []
    began = time.monotonic()
    for device in devices:
        device.start()
    try:
        hit(platform, farm, (), dice)
        for blow in blows(dice):
            took.append((blow, hit(platform, farm, blow, dice)))
            assert not [d.done.exception() for d in devices if d.done.done()]
            over.wait(dice.uniform(0.2, 2.5))
    finally:
        over.set()
    spent = time.monotonic() - began
    for device in devices:
        device.join(PATIENCE)
        assert not device.is_alive() and device.done.exception() is None
    last = min(device.acknowledged[-1][0] for device in devices)
    give_up = time.monotonic() + PATIENCE
    while newest(farm, f"T{TAGS - 1}") < last:
        assert time.monotonic() < give_up, "what was acknowledged was never taken in"
        threading.Event().wait(0.2)
    expected = at_leisure(farm, devices)
    give_up = time.monotonic() + 30
    while len(found := recorded(platform)) < len(expected) and time.monotonic() < give_up:
        threading.Event().wait(0.2)
    assert len(found) == len(set(found)), "a transition was recorded twice"
    assert set(found) == set(expected)
    platform.up.finish()
    total = compare(platform, farm, devices)
    print(f"seed {SEED}; {total:,} readings in {spent:.0f} s ({total / spent:,.0f} a second), {len(found)} transitions")
    print(f"connections lost {sum(d.losses for d in devices)} times; killed {dict(platform.killed)}")
    print(recoveries(took))
    assert total > 100_000 and len(found) > 100
    assert set(platform.killed) >= set(PARTS)


def recoveries(took: list[tuple[tuple[str, ...], float]]) -> str:
    """How long each blow was felt, as a table; no timing decides anything here (``./run bench recovery`` has goals)."""
    rows = [f"{'well again after, s':>20}  blow"]
    return "\n".join(rows + [f"{seconds:20.1f}  {' + '.join(blow)}" for blow, seconds in took])


def blows(dice: random.Random) -> list[tuple[str, ...]]:
    """Each part in turn, an ordinary stop, then at random, one or several in the same moment; the supervisor last among them."""
    at_random = []
    for _ in range(AT_RANDOM):
        some = dice.sample(PARTS, dice.choice((1, 1, 1, 2, 3, 5)))
        at_random.append(tuple(name for name in PARTS if name in some))
    return [(name,) for name in (*PARTS, STOPPED)] + at_random


def at_leisure(farm: dict[str, Any], devices: list[GatewayDevice]) -> list[tuple[int, bool, int]]:
    """The transitions of an engine that is given every acknowledged reading in order, in a room of its own."""
    found: list[tuple[int, bool, int]] = []
    for device in devices:
        one = farm[device.code]
        engine = Engine([
            Setting(one["limits"][f"T{n}"], one["tags"][f"T{n}"], "high", HIGH, dead_band=DEAD_BAND)
            for n in range(LIMITED)
        ])  # fmt: skip
        tags = [one["tags"][f"T{n}"] for n in range(LIMITED)]
        for at, values in device.acknowledged:
            told = engine.feed(tags, [at] * LIMITED, values[:LIMITED], [0] * LIMITED, [False] * LIMITED, at)
            found += [(t.setting, t.kind == "raised", t.at_ms) for t in told]
    return found


def recorded(platform: Platform) -> list[tuple[int, bool, int]]:
    """The transitions in the database."""
    address = running_database(platform.data)
    assert address is not None
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT setting_id, raised, round(extract(epoch FROM at) * 1000)::bigint FROM alarms_alarmtransition"
        ).fetchall()
    return [(int(setting), bool(raised), int(at)) for setting, raised, at in rows]


def compare(platform: Platform, farm: dict[str, Any], devices: list[GatewayDevice]) -> int:
    """The store, opened after everything has ended, against what was acknowledged; answers how many readings."""
    store, total = Store(platform.data / "historian" / "store"), 0
    try:
        for device in devices:
            tags = farm[device.code]["tags"]
            for first in range(0, TAGS, 50):
                wanted = {
                    (tags[f"T{n}"], at): values[n]
                    for at, values in device.acknowledged for n in range(first, first + 50)
                }  # fmt: skip
                rows = store.readings([tags[f"T{n}"] for n in range(first, first + 50)], 0, 2**52, len(wanted) * 2)
                lost = set(wanted) - {(row[0], row[1]) for row in rows}
                assert not lost, f"{len(lost)} lost, the first at {min(lost, key=lambda key: key[1])}"
                assert len(rows) == len(wanted)
                assert {(sensor, ts): value for sensor, ts, value, _, _ in rows} == wanted
                total += len(wanted)
    finally:
        store.close()
    return total
