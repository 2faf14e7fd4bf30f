"""From the gateway's publish to the event in the browser's stream, while 100,000 readings a second are taken in.

One machine: the message server, the historian, the web process, thirty gateways that speak without pause and one more
whose tags go over their limits one after the other. The moment before its MQTT publish is compared with the moment at
which the open stream of the duty desk says that an alarm changed. A page then asks for its list, which is not part of
it. Some seven minutes, two of them until everything stands.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import socket
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parent))

from _platform import OF_A_GATEWAY, Running, platform
from _speaking import let_in, published
from _web import session_of, web_process

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
TAGS, OVER = 31_000, 1001.0  # the last gateway has the alarms; every tag of the platform has its limit at 1,000
RATE, GOAL_MS, SLOWER = 100_000, 1000.0, 1.05
"""The load must be what it is said to be: as many readings stored meanwhile, within a twentieth."""
WARM = 5  # alarms before those that count
SETTLING_S = 10.0  # until the load is up
PAUSES_S = (0.3, 0.8)  # between two alarms
PATIENCE_S = 30.0


def add(parser: argparse.ArgumentParser) -> None:
    """How many alarms, beside how many readings of how many tags."""
    parser.add_argument("--alarms", type=int, default=400, help="alarms measured, one after the other")
    parser.add_argument("--rate", type=int, default=RATE, help="readings a second meanwhile")
    parser.add_argument("--tags", type=int, default=TAGS, help="tags, those of the gateway with the alarms included")


def measure(chosen: argparse.Namespace) -> Sequence[Figure]:
    """The percentiles, and whether the load was what it is said to be."""
    if not 2 <= chosen.alarms <= OF_A_GATEWAY - WARM or chosen.tags < 2 * OF_A_GATEWAY:
        raise SystemExit(f"2 to {OF_A_GATEWAY - WARM} alarms, and at least {2 * OF_A_GATEWAY} tags")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-latency-")))
        running = stack.enter_context(platform(folder, chosen.tags))
        session = officer()
        port = stack.enter_context(web_process())
        *speaking, alarming = list(running.secrets)
        stack.enter_context(running.speaking(speaking, 100, rate=chosen.rate))
        line = stack.enter_context(let_in(running.server.ports.mqtt, alarming, running.secrets[alarming]))
        spent, beside = asyncio.run(probes(running, port, session, line, alarming, chosen.alarms))
    found = recorded()
    if found != chosen.alarms + WARM:
        raise SystemExit(f"of {chosen.alarms + WARM} alarms {found} were recorded")
    spent.sort()
    cut = statistics.quantiles(spent, n=100, method="inclusive")
    method = f"{chosen.alarms} alarms one after the other, MQTT QoS 1; event read by one open stream of the duty desk"
    data = (
        f"beside {chosen.rate:,} readings a second of {chosen.tags - OF_A_GATEWAY:,} tags, 100 a message, three alarm "
        "settings each"
    )
    goal = round(SLOWER * 1e6 / chosen.rate, 3)
    return [
        Figure("alarm: publish to the browser's stream, median", round(cut[49], 1), "ms", None, method, data),
        Figure("alarm: publish to the browser's stream, p99", round(cut[98], 1), "ms", GOAL_MS, method, data),
        Figure("alarm: publish to the browser's stream, longest", round(spent[-1], 1), "ms", None, method, data),
        Figure("a million readings meanwhile", round(beside, 3), "s", goal, "readings stored between the first alarm "
               "and the last; the goal is the rate it was to be", data),
    ]  # fmt: skip


def officer() -> str:
    """The cookie of an officer of the gateways' county."""
    import datetime as dt

    from django.db import connection

    from anlan.kernel.identity.models import Grant, User
    from anlan.kernel.regions.models import Region

    user = User.objects.create_user("latency", "Anlan-Bench-2026", name="值班员")
    county = Region.objects.get(kind="county")
    Grant.objects.create(user=user, role="county_officer", region=county, valid_from=dt.date(2026, 1, 1))
    session = session_of(user)
    connection.close()
    return session


def recorded() -> int:
    """How many alarms stand in the database."""
    from anlan.modules.alarms.models import Alarm

    return Alarm.plain.count()


async def probes(
    running: Running, port: int, session: str, line: socket.socket, code: str, alarms: int
) -> tuple[list[float], float]:
    """The milliseconds of each alarm (the first few, while everything starts, are left out), and the seconds in which
    a million readings were stored meanwhile."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET /live?on=alarms.desk HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n\r\n"
    writer.write(asked.encode())
    await reader.readuntil(b"data: ")
    await asyncio.sleep(SETTLING_S)
    topic, dice, spent = f"anlan/telemetry/{code}", random.Random(1), []
    stored, since = 0, 0.0
    for number in range(alarms + WARM):
        await asyncio.sleep(dice.uniform(*PAUSES_S))
        if number == WARM:
            stored, since = await asyncio.to_thread(held, running), time.monotonic()
        await drained(reader)  # what is still there speaks of the one before
        began = time.perf_counter()
        body = orjson.dumps({"t": time.time_ns() // 1_000_000, "v": {f"T{number}": OVER}})
        line.sendall(published(topic, number + 1, body))
        await asyncio.wait_for(said(reader), PATIENCE_S)
        spent.append((time.perf_counter() - began) * 1000)
        if line.recv(4) != struct.pack(">BBH", 0x40, 2, number + 1):
            raise SystemExit("the message server did not acknowledge the alarm's reading")
    stored, since = await asyncio.to_thread(held, running) - stored, time.monotonic() - since
    writer.close()
    return spent[WARM:], since / max(stored, 1) * 1e6


def held(running: Running) -> int:
    """How many readings are stored."""
    return int(running.ask("kept", {})["rows"])


async def drained(reader: asyncio.StreamReader) -> None:
    """Read what has come already."""
    with contextlib.suppress(TimeoutError):
        while await asyncio.wait_for(reader.read(1 << 16), 0.01):
            pass


async def said(reader: asyncio.StreamReader) -> None:
    """Until the stream says that an alarm, or a desk, changed."""
    while b'"record":"alarms.' not in await reader.readuntil(b"\n\n"):
        pass
