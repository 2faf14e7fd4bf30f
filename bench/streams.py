"""Do open live streams slow pages? The home page's 95th percentile with none and with 500 streams open.

One web process as ``./run up`` starts it, on a throw-away database with a small cast; ten readers ask for their home
page, two at a time, first alone and then beside the streams.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
STREAMS = 500
READERS = 50
PAGES = 400


def add(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument("--streams", type=int, default=STREAMS, help="streams open at once")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """The home page alone, then beside the streams, and what the server has open for them."""
    streams = chosen.streams
    sessions = signed_in()
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--backpressure", "2500"]
    command += ["--workers-kill-timeout", "3", "anlan.config.asgi:application"]
    web = subprocess.Popen(command, stdout=sys.stderr, stderr=sys.stderr, stdin=subprocess.DEVNULL)
    try:
        await_answer(port)
        pages_p95(port, sessions, PAGES // 4)  # warm
        alone = pages_p95(port, sessions, PAGES)
        before = connections()
        beside, missing, held = asyncio.run(with_streams(port, sessions, streams))
    finally:
        web.terminate()
        web.wait()
    method = f"{PAGES} pages, two at a time, one web process, warm; streams opened one after the other"
    figure = functools.partial(Figure, method=method, data=f"{READERS} readers of an empty city")
    return [
        figure("home with no stream open, p95", round(alone, 1), "ms"),
        figure(f"home with {streams} streams open, p95", round(beside, 1), "ms", round(max(2 * alone, 50), 1)),
        figure("streams that did not stay open", missing, "streams", 0),
        figure("connections more than without streams", max(0, held - before), "connections", 0),
    ]


def signed_in() -> list[str]:
    """The cookies of readers, each signed in."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from anlan.kernel.identity.models import User

    found = []
    for number in range(READERS):
        user = User.objects.create_user(f"reader-{number}", "Anlan-Bench-2026", name=f"读者{number}")
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        found.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    connection.close()
    return found


def pages_p95(port: int, sessions: list[str], pages: int) -> float:
    """The 95th percentile of the home page in milliseconds; any answer but 200 is an error."""

    def ask(number: int) -> float:
        began = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", "/", headers={"Cookie": sessions[number % 10]})
        answer = line.getresponse()
        answer.read()
        line.close()
        if answer.status != 200:
            raise SystemExit(f"the home page answered {answer.status}")
        return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(2) as people:
        return statistics.quantiles(people.map(ask, range(pages)), n=20)[-1]


async def with_streams(port: int, sessions: list[str], streams: int) -> tuple[float, int, int]:
    """The percentile while streams are open, how many did not last, and the server's connections meanwhile."""
    lines = [await open_stream(port, sessions[number % READERS]) for number in range(streams)]
    p95 = await asyncio.to_thread(pages_p95, port, sessions, PAGES)
    held = await asyncio.to_thread(connections)
    missing = sum(reader.at_eof() for reader, _ in lines)
    for _, writer in lines:
        writer.close()
    return p95, missing, held


async def open_stream(port: int, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One stream, after its first event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n\r\n".encode())
    await reader.readuntil(b"data: ")
    return reader, writer


def connections() -> int:
    """What the server has open for the web process: all but the one that asks."""
    import psycopg

    from anlan.runtime.database import VARIABLE

    with psycopg.connect(os.environ[VARIABLE]) as asking:
        row = asking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def await_answer(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the web process did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
