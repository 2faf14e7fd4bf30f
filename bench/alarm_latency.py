"""From the gateway's publish to the event in the browser's stream, while 100,000 readings a second are taken in.

One machine: the message server, the historian, the web process, two gateways that speak without pause and a third whose
tags go over their limits one after the other. The moment before its MQTT publish is compared with the moment at which
the open stream of the duty desk says that an alarm changed. A page then asks for its list, which is not part of it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import runpy
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

from anlan.runtime.bench import FOLDER, Figure

NEEDS_DATABASE = True
GATEWAYS, TAGS, HIGH = 3, 3_000, 1000.0
RATE, GOAL_MS = 100_000, 1000.0
WARM = 5  # alarms before those that count


def add(parser: argparse.ArgumentParser) -> None:
    """How many alarms, beside how many readings."""
    parser.add_argument("--alarms", type=int, default=300, help="alarms measured, one after the other")
    parser.add_argument("--rate", type=int, default=RATE, help="readings a second meanwhile")


def measure(chosen: argparse.Namespace) -> Sequence[Figure]:
    """The percentiles."""
    parts = {name: runpy.run_path(str(FOLDER / f"{name}.py"), run_name=name) for name in ("monitoring", "streams")}
    with (
        tempfile.TemporaryDirectory(prefix="anlan-latency-") as folder,
        parts["monitoring"]["platform"](Path(folder), TAGS) as running,
    ):
        session = prepared(chosen.alarms + WARM)
        port = parts["streams"]["free_port"]()
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
        command += ["--workers-kill-timeout", "3", "anlan.config.asgi:application"]
        web = subprocess.Popen(command, stdout=sys.stderr, stderr=sys.stderr, stdin=subprocess.DEVNULL)
        speakers = []
        try:
            parts["streams"]["await_answer"](port)
            codes = list(running.secrets)
            seconds = 30 + chosen.alarms * 1.5
            speakers = [
                subprocess.Popen(
                    [sys.executable, str(FOLDER / "_speaking.py"), str(running.server.ports.mqtt), code,
                     running.secrets[code], "1000", "100", str(seconds), str(chosen.rate / 2)],
                    stdout=subprocess.DEVNULL,
                )
                for code in codes[:2]
            ]  # fmt: skip
            line = mqtt(running.server.ports.mqtt, codes[2], running.secrets[codes[2]])
            spent = asyncio.run(probes(port, session, line, codes[2], chosen.alarms))
            still = sum(speaker.poll() is None for speaker in speakers)
        finally:
            for process in (*speakers, web):
                process.terminate()
                process.wait()
    if still < len(speakers):
        raise SystemExit("the load ended before the alarms: give fewer of them")
    spent.sort()
    cut = statistics.quantiles(spent, n=100)
    method = f"{chosen.alarms} alarms one after the other, MQTT QoS 1; event read by one open stream of the duty desk"
    data = f"beside {chosen.rate:,} readings a second of {TAGS:,} tags, 100 a message"
    return [
        Figure("alarm: publish to the browser's stream, median", round(cut[49], 1), "ms", None, method, data),
        Figure("alarm: publish to the browser's stream, p99", round(cut[98], 1), "ms", GOAL_MS, method, data),
        Figure("alarm: publish to the browser's stream, longest", round(spent[-1], 1), "ms", None, method, data),
    ]


def prepared(alarms: int) -> str:
    """Limits on tags of the third gateway, one for each alarm, and the cookie of a county's officer."""
    import datetime as dt

    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from anlan.kernel.actor import Actor
    from anlan.kernel.identity.models import Grant, User
    from anlan.kernel.regions.models import Region
    from anlan.modules.alarms import services
    from anlan.modules.monitoring.models import Tag

    if alarms > 1000:
        raise SystemExit("one gateway has 1,000 tags: ask for fewer alarms")
    tags = dict(Tag.plain.filter(gateway__code="b2").values_list("name", "pk"))
    for number in range(alarms):
        services.make_setting(
            actor=Actor.system("benchmark"), tag=tags[f"T{number}"], kind="high", threshold=HIGH, priority=3
        )
    user = User.objects.create_user("latency", "Anlan-Bench-2026", name="值班员")
    county = Region.objects.get(code="998801")
    Grant.objects.create(user=user, role="county_officer", region=county, valid_from=dt.date(2026, 1, 1))
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    connection.close()
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def mqtt(port: int, code: str, secret: str) -> socket.socket:
    """A line of that gateway, let in."""
    speaking = runpy.run_path(str(FOLDER / "_speaking.py"), run_name="speaking")
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    text = speaking["_text"]
    hello = text(b"MQTT") + bytes([4, 0xC2, 0, 0]) + text(b"latency") + text(code.encode()) + text(secret.encode())
    line.sendall(speaking["_packet"](0x10, hello))
    if line.recv(4)[3:4] != b"\0":
        raise SystemExit(f"{code} was not let in")
    return line


async def probes(port: int, session: str, line: socket.socket, code: str, alarms: int) -> list[float]:
    """The milliseconds of each alarm; the first few, while everything starts, are left out."""
    speaking = runpy.run_path(str(FOLDER / "_speaking.py"), run_name="speaking")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET /live?on=alarms.desk HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n\r\n"
    writer.write(asked.encode())
    await reader.readuntil(b"data: ")
    await asyncio.sleep(10)  # until the load is up and the historian has read the limits
    dice, spent = random.Random(1), []
    for number in range(alarms + WARM):
        await asyncio.sleep(dice.uniform(0.3, 0.8))
        while reader._buffer:  # type: ignore[attr-defined]
            await reader.read(65_536)  # what is still there speaks of the one before
        began = time.perf_counter()
        body = orjson.dumps({"t": time.time_ns() // 1_000_000, "v": {f"T{number}": HIGH + 1}})
        topic = speaking["_text"](f"anlan/telemetry/{code}".encode())
        line.sendall(speaking["_packet"](0x32, topic + (number % 65_535 + 1).to_bytes(2, "big") + body))
        await asyncio.wait_for(said(reader), 30)
        spent.append((time.perf_counter() - began) * 1000)
        line.recv(4)
    writer.close()
    return spent[WARM:]


async def said(reader: asyncio.StreamReader) -> None:
    """Until the stream says that an alarm, or a desk, changed."""
    while True:
        event = await reader.readuntil(b"\n\n")
        if b'"record":"alarms.' in event:
            return
