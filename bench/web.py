"""How fast pages answer with 1,000,000 units and 4,000,000 hazards on two cores, and how much slower than with 5,000.

The platform is started as ``./run up`` starts it, on the data folder of a demo city of scale 200 (``--city``) and on
one of scale 1 (``--small``), which are made where they are missing and kept. The tables have been vacuumed, as the
server itself does in the hour after such a load. Its readers have signed in; then it is stopped, the machine's page
cache emptied (by root) and everything started cold; the database reads again what lay in its memory at the last stop,
as it does at every start. From the moment it says that it is ready, ``bench/web.yaml``'s mix of requests is sent at
fixed moments, whether the one before was answered or not, and each is timed from the moment it should have been sent.
Every answer must be 200 and show what it should. Database, web, worker and the sender of the requests share the same
two cores.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import gzip
import http.client
import http.cookiejar
import os
import random
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import yaml

from anlan.runtime.bench import FOLDER, Figure
from anlan.runtime.database import running_database

FULL, SMALL = 200, 1
CORES = 2
SENDERS = 100
DRAWN = 400  # records of a reader
SOON, TWICE = 50, 2  # a page may take so many ms, or so many times what it takes in the small city
PATIENCE = 900.0
CACHES = Path("/proc/sys/vm/drop_caches")


def add(parser: argparse.ArgumentParser) -> None:
    """Where the cities lie, and a shorter run for a trial."""
    temporary = Path(tempfile.gettempdir())
    parser.add_argument("--city", type=Path, default=temporary / "anlan-city-200", help="data folder of scale 200")
    parser.add_argument("--small", type=Path, default=temporary / "anlan-city-1", help="data folder of scale 1")
    parser.add_argument("--seconds", type=int, default=0, help="another length than the mix's own")
    parser.add_argument("--rate", type=float, default=0, help="another rate than the mix's own")
    parser.add_argument("--only", choices=["city", "small"], help="load one of the two")
    parser.add_argument("--warm", action="store_true", help="leave the machine's page cache alone")


@dataclass
class Reader:
    """Somebody signed in: his cookies, and records in his reach."""

    account: str
    cookie: str
    hazards: list[int]
    sites: list[int]
    rare: str


@dataclass
class Timed:
    """What was measured of one city: milliseconds by kind and by (kind, who), and what went wrong."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_reader: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    late: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Platform:
    """``anlan up`` on one data folder."""

    def __init__(self, data: Path, cores: set[int]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DJANGO_"))}
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anlan.runtime.cli", "up", "--no-demo"],
            env={**clean, "ANLAN_DATA": str(data), "ANLAN_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        self._await()

    def _await(self) -> None:
        screen, until = self.process.stdout, time.monotonic() + PATIENCE
        assert screen is not None
        said = b""
        with selectors.DefaultSelector() as selector:
            selector.register(screen, selectors.EVENT_READ)
            while b"Anlan is ready" not in said:
                if not selector.select(until - time.monotonic()) or not (read := os.read(screen.fileno(), 65536)):
                    raise SystemExit(f"the platform did not start:\n{said.decode()}")
                said += read

    def stop(self) -> None:
        """The orderly end."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()


@contextlib.contextmanager
def platform(data: Path, cores: set[int]) -> Iterator[Platform]:
    """The platform for as long as the block."""
    running = Platform(data, cores)
    try:
        yield running
    finally:
        running.stop()


def make(data: Path, scale: int) -> None:
    """The demo city of a scale in a data folder, unless one is there."""
    if (data / "postgres").exists():
        return
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DJANGO_"))}
    command = [sys.executable, "-m", "anlan.runtime.cli", "demo", "--scale", str(scale)]
    subprocess.run(command, env={**clean, "ANLAN_DATA": str(data)}, stdout=sys.stderr, check=True)


def sign_in(port: int, account: str, password: str) -> str:
    """Through the door; the cookies as a header."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    door = f"http://127.0.0.1:{port}/account/login/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', opener.open(door).read().decode())
    assert token is not None
    told = {"csrfmiddlewaretoken": token[1], "login": account, "password": password}
    answer = opener.open(urllib.request.Request(door, urllib.parse.urlencode(told).encode(), {"Referer": door}))
    if "/login" in answer.url:
        raise SystemExit(f"{account} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def readers(data: Path, port: int, accounts: list[str], password: str) -> dict[str, Reader]:
    """Everybody signed in, with records drawn at random from his reach."""
    address = running_database(data)
    assert address is not None
    found = {}
    with psycopg.connect(address) as connection:
        for account in accounts:
            row = connection.execute(
                "SELECT r.path FROM identity_user u JOIN identity_grant g ON g.user_id = u.id "
                "JOIN regions_region r ON r.id = g.region_id WHERE u.username = %s ORDER BY r.path LIMIT 1",
                [account],
            ).fetchone()
            if row is None:
                raise SystemExit(f"{account} has no office in the city of {data}")
            hazards, sites = (_drawn(connection, table, row[0]) for table in ("hazards_hazard", "registry_site"))
            found[account] = Reader(
                account, sign_in(port, account, password), hazards, sites, _rare(connection, row[0])
            )
    return found


def tidied(data: Path) -> None:
    """Every table vacuumed: the server's own round after a load reads tens of GB and is no part of any page."""
    address = running_database(data)
    assert address is not None
    with psycopg.connect(address, autocommit=True) as connection:
        own = "SELECT format('%I', relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        for (table,) in connection.execute(own).fetchall():
            connection.execute(f"VACUUM {table}")


def _drawn(connection: psycopg.Connection[Any], table: str, path: str) -> list[int]:
    """Keys of rows below a region, from all over the table."""
    low, high = connection.execute(f"SELECT min(id), max(id) FROM {table}").fetchall()[0]  # noqa: S608  # type: ignore[arg-type]
    chance, found = random.Random(path), set()
    for _try in range(40):
        keys = [chance.randint(low, high) for _ in range(DRAWN * 4)]
        rows = connection.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) AND region_path >= %s AND region_path < %s",  # noqa: S608  # type: ignore[arg-type]
            [keys, path, path + "\x7f"],
        ).fetchall()
        found |= {key for (key,) in rows}
        if len(found) >= DRAWN:
            break
    return sorted(found)[:DRAWN]


def _rare(connection: psycopg.Connection[Any], path: str) -> str:
    """Two characters that stand next to each other in the name of one unit of the region and of few others."""
    row = connection.execute(
        "SELECT name FROM registry_unit WHERE region_path >= %s AND region_path < %s ORDER BY id DESC LIMIT 1",
        [path, path + "\x7f"],
    ).fetchone()
    assert row is not None
    return str(row[0])[3:5]


@dataclass(frozen=True)
class Asked:
    """One request of the plan."""

    at: float
    kind: dict[str, Any]
    who: str
    reader: Reader
    address: str
    shows: str


def plan(mix: dict[str, Any], known: dict[str, Reader], rate: float, seconds: float) -> list[Asked]:
    """Every request with its moment: who and what by the shares, the same on every run over the same city."""
    chance = random.Random(mix["seed"])
    tiers, kinds = list(mix["users"].items()), mix["kinds"]
    asked = []
    for number in range(int(rate * seconds)):
        who, tier = chance.choices(tiers, [t["share"] for _, t in tiers])[0]
        kind = chance.choices(kinds, [k["share"] for k in kinds])[0]
        reader = known[chance.choice(tier[kind.get("who", "accounts")])]
        filled = {
            "hazard": str(chance.choice(reader.hazards)), "site": str(chance.choice(reader.sites)), "rare": reader.rare,
        }  # fmt: skip
        address, shows = kind["address"], kind["shows"]
        for name, value in filled.items():
            address, shows = address.replace(f"{{{name}}}", value), shows.replace(f"{{{name}}}", value)
        asked.append(Asked(number / rate, kind, who, reader, urllib.parse.quote(address, safe="/?&=%"), shows))
    return asked


def load(port: int, asked: list[Asked], patience: float) -> Timed:
    """Send every request at its moment."""
    timed, own = Timed(), threading.local()

    def send(one: Asked, due: float) -> None:
        wrong = ""
        try:
            connection = getattr(own, "connection", None)
            if connection is None:
                connection = own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
            headers = {"Cookie": one.reader.cookie, "Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}
            connection.request("GET", one.address, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                wrong = f"answered {answer.status}"
            if answer.getheader("Connection", "").lower() == "close":
                connection.close()
        except (OSError, http.client.HTTPException) as fault:
            wrong, body = f"{type(fault).__name__}: {fault}", b""
            with contextlib.suppress(AttributeError):
                own.connection.close()
        took = (time.perf_counter() - due) * 1000
        if not wrong:
            text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            if not re.search(one.shows, text.decode()):
                wrong = "does not show what it should"
        with timed.lock:
            timed.by_kind[one.kind["name"]].append(took)
            timed.by_reader[one.kind["name"], one.who].append(took)
            if wrong:
                timed.errors.append(f"{one.reader.account} {urllib.parse.unquote(one.address)}: {wrong}")

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
        for one in asked:
            due = began + one.at
            if (ahead := due - time.perf_counter()) > 0:
                time.sleep(ahead)
            timed.late = max(timed.late, (time.perf_counter() - due) * 1000)
            pool.submit(send, one, due)
    return timed


def one_city(data: Path, mix: dict[str, Any], chosen: argparse.Namespace, cores: set[int]) -> Timed:
    """Tidy up, sign in, stop, empty the caches, start cold, load."""
    accounts = sorted({a for tier in mix["users"].values() for a in (*tier["accounts"], *tier["leaders"])})
    with platform(data, cores) as running:
        tidied(data)
        known = readers(data, running.port, accounts, mix["password"])
    if not chosen.warm:
        os.sync()
        CACHES.write_text("3")
    seconds, rate = chosen.seconds or mix["seconds"], chosen.rate or mix["rate"]
    with platform(data, cores) as running:
        return load(running.port, plan(mix, known, rate, seconds), mix["patience"])


def share(values: list[float], part: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Both cities, the small one first."""
    mix = yaml.safe_load((FOLDER / "web.yaml").read_text("utf-8"))
    if not chosen.warm and not os.access(CACHES, os.W_OK):
        raise SystemExit("Only root can start cold (empty the machine's page cache); --warm leaves it alone.")
    cores = set(sorted(os.sched_getaffinity(0))[:CORES])
    os.sched_setaffinity(0, cores)
    timed: dict[int, Timed] = {}
    for scale, data, name in ((SMALL, chosen.small, "small"), (FULL, chosen.city, "city")):
        if chosen.only in (None, name):
            make(data, scale)
            timed[scale] = one_city(data, mix, chosen, cores)
            for error in timed[scale].errors[:20]:
                print(f"scale {scale}: {error}", file=sys.stderr)
    return list(_figures(mix, chosen, timed))


def _figures(mix: dict[str, Any], chosen: argparse.Namespace, timed: dict[int, Timed]) -> Iterator[Figure]:
    seconds, rate = chosen.seconds or mix["seconds"], chosen.rate or mix["rate"]
    start = "warm" if chosen.warm else "cold"
    method = (
        f"{rate:g} requests a second for {seconds:g} s at fixed moments, each timed from its own moment; {start} "
        "start, at which the database reads again what earlier runs over this city left in its memory; "
        f"everything on {CORES} cores"
    )
    for scale, found in sorted(timed.items(), reverse=True):
        full, data = scale == FULL, f"demo city of scale {scale}"
        before = "" if full or FULL not in timed else f"scale {scale}: "
        total = sum(len(values) for values in found.by_kind.values())
        yield Figure(f"{before}requests", total, "requests", None, method, data)
        yield Figure(f"{before}errors", len(found.errors), "requests", 0, method, data)
        yield Figure(f"{before}latest sent", round(found.late, 1), "ms after its moment", None, method, data)
        for kind in mix["kinds"]:
            name, values = f"{before}{kind['name']}", found.by_kind.get(kind["name"])
            if not values:
                continue
            p95 = round(share(values, 0.95), 1)
            yield Figure(f"{name}: p50", round(share(values, 0.5), 1), "ms", None, method, data)
            yield Figure(f"{name}: p95", p95, "ms", kind["goal"] if full else None, method, data)
            yield Figure(f"{name}: max", round(max(values), 1), "ms", None, method, data)
            if full and SMALL in timed and (small := timed[SMALL].by_kind.get(kind["name"])):
                most = round(max(SOON, TWICE * share(small, 0.95)), 1)
                yield Figure(
                    f"{name}: p95 against twice that of 5,000 units, or {SOON} ms", p95, "ms", most, method, data
                )
