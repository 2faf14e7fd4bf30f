"""Do open live streams slow pages? The 95th percentile of pages with none and with 500 streams open.

One web process as ``./run up`` starts it, on a small demo city; fifty officers of its towns ask for their home, their
open hazards and the cockpit, two at a time: first alone, then beside the streams, then alone again, so that a machine
that grows slower or faster meanwhile is not taken for the streams. All the while words of changes go out five times a
second, each to ten of the officers, as acts send them. Some four minutes with the city; the rounds are given up after
four more.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import http.client
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _web import session_of, web_process

from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
STREAMS = 500
READERS = 50
PATHS = ("/", "/hazards/?state=open", "/cockpit/")
PAGES = 450
SCALE = 0.1
MOST_SECONDS = 240
TIMES, MORE_MS = 1.25, 50.0
"""With streams a page may take so many times what it takes without, or so many milliseconds more."""
WORDS_EACH_SECOND, HEARERS = 5, 10


def add(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument("--streams", type=int, default=STREAMS, help="streams open at once")
    parser.add_argument("--pages", type=int, default=PAGES, help="pages asked for in each of the three rounds")
    parser.add_argument("--scale", type=float, default=SCALE, help="of the demo city: 1 is 5,000 units")


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Pages alone, beside the streams, alone again, and what the server has open for the streams."""
    make_city(chosen.scale)
    people, sessions = signed_in()
    until = time.monotonic() + MOST_SECONDS
    with web_process() as port:
        ask = functools.partial(pages_taken, port, sessions, chosen.pages, until)
        pages_taken(port, sessions, max(chosen.pages // 3, READERS), until)  # warm
        with words_going_out(people):
            alone = ask()
            before = connections()
            beside, missing, deaf, held = asyncio.run(with_streams(port, sessions, chosen.streams, ask))
            alone += ask()
    slow, slowed = p95(alone), p95(beside)
    method = (
        f"{chosen.pages} pages a round, two at a time, one web process, warm; without streams before and after; "
        f"{WORDS_EACH_SECOND} words of changes a second in each round; goal: at most {TIMES} times the time without "
        f"streams, or {MORE_MS:.0f} ms more"
    )
    data = f"{READERS} officers of the towns of a demo city of scale {chosen.scale:g}: home, open hazards, cockpit"
    figure = functools.partial(Figure, method=method, data=data)
    return [
        figure("pages with no stream open, p95", round(slow, 1), "ms"),
        figure(
            f"pages with {chosen.streams} streams open, p95", round(slowed, 1), "ms",
            round(max(TIMES * slow, slow + MORE_MS), 1),
        ),
        figure("pages with no stream open, median", round(statistics.median(alone), 1), "ms"),
        figure(f"pages with {chosen.streams} streams open, median", round(statistics.median(beside), 1), "ms"),
        figure("streams that did not stay open", missing, "streams", 0),
        figure("streams that heard less than half of the words said to them", deaf, "streams", 0),
        figure("connections more than without streams", max(0, held - before), "connections", 0),
    ]  # fmt: skip


def make_city(scale: float) -> None:
    """A small demo city in the database."""
    command = [sys.executable, "-m", "anlan.runtime.cli", "demo", "--scale", str(scale)]
    subprocess.run(command, stdout=sys.stderr, check=True)


def signed_in() -> tuple[list[int], list[str]]:
    """Officers of the city's towns in turn, and the cookies with which each is signed in."""
    from django.db import connection

    from anlan.kernel import clock
    from anlan.kernel.actor import Actor
    from anlan.kernel.identity.models import User
    from anlan.kernel.identity.services import give_grant
    from anlan.kernel.regions.models import Region

    people, found = [], []
    towns = itertools.cycle(Region.objects.filter(kind="town").order_by("path"))
    for number, town in zip(range(READERS), towns, strict=False):
        user = User.objects.create_user(f"reader-{number}", "Anlan-Bench-2026", name=f"读者{number}")
        give_grant(actor=Actor.system("bench"), user=user, role="town_officer", region=town, valid_from=clock.today())
        people.append(user.pk)
        found.append(session_of(user))
    connection.close()
    return people, found


@contextlib.contextmanager
def words_going_out(people: Sequence[int]) -> Iterator[None]:
    """Words that something changed go out at a steady rate, to some of the people in turn."""
    over = threading.Event()

    def speak() -> None:
        from django.db import connection

        from anlan.kernel.notify.live import inboxes_changed

        for start in itertools.count(0, HEARERS):
            if over.wait(1 / WORDS_EACH_SECOND):
                break
            inboxes_changed(people[(start + at) % len(people)] for at in range(HEARERS))
        connection.close()

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20)[-1]


def pages_taken(port: int, sessions: list[str], pages: int, until: float) -> list[float]:
    """How long each page took in milliseconds; any answer but 200 is an error, and so is the end of the time."""

    def ask(number: int) -> float:
        if time.monotonic() > until:
            raise SystemExit(f"the rounds take longer than {MOST_SECONDS} s: the machine is busy with something else")
        began = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        path = PATHS[number % len(PATHS)]
        line.request("GET", path, headers={"Cookie": sessions[number % len(sessions)]})
        answer = line.getresponse()
        answer.read()
        line.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(2) as people:
        return list(people.map(ask, range(pages)))


async def with_streams(
    port: int, sessions: list[str], streams: int, ask: functools.partial[list[float]]
) -> tuple[list[float], int, int, int]:
    """What pages take while streams are open, how many did not last, how many heard less than half of the words said to
    them, and the server's connections meanwhile."""
    lines = [await open_stream(port, sessions[number % READERS]) for number in range(streams)]
    began = time.monotonic()
    taken = await asyncio.to_thread(ask)
    said = (time.monotonic() - began) * WORDS_EACH_SECOND * HEARERS / READERS
    held = await asyncio.to_thread(connections)
    missing = sum(reader.at_eof() for reader, _ in lines)
    deaf = sum([await heard(reader) < said / 2 for reader, _ in lines])
    for _, writer in lines:
        writer.close()
    return taken, missing, deaf, held


async def open_stream(port: int, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """One stream, after its first event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n\r\n".encode())
    await reader.readuntil(b"data: ")
    return reader, writer


async def heard(reader: asyncio.StreamReader) -> int:
    """How many words of a change came since the stream was opened; signs of life are none."""
    with contextlib.suppress(TimeoutError):
        return (await asyncio.wait_for(reader.read(1 << 16), 5)).count(b"event: changed")
    return 0


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
