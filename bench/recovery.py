"""How long each part is missed after ``kill -9``: the platform as ``./run up`` starts it, its simulated city speaking.

Each of historian, message server, database, web, worker and supervisor is killed some times over, and then all in the
same moment, as in a power cut. A kill is over when the platform is seen to work: a reading sent after it by MQTT with
QoS 1 was acknowledged and is read back from the store; a page that needs the database answers 200 to somebody signed
in; a job put in the queue after it was done; the health page is well. The supervisor is started again at once by
whoever killed it, as systemd would.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import runpy
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import psycopg

from anlan.runtime import state
from anlan.runtime.bench import FOLDER, Figure

GOAL_S = 10.0
PARTS = ("historian", "nats", "database", "web", "worker")
EVERYTHING = (*PARTS, "supervisor")
REST_S = 8.0  # seconds of ordinary work between two kills
PATIENCE = 180.0
CODE, TAG = "recovery", "T0"
_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
VALUES ('upkeep', 'events.revive_stalled', '{"timestamp": 0}', 'todo') RETURNING id
"""


def add(parser: argparse.ArgumentParser) -> None:
    """How often, and beside what."""
    parser.add_argument("--kills", type=int, default=3, help="how often each is killed (3)")
    parser.add_argument("--part", choices=(*EVERYTHING, "everything"), action="append", help="only this one")
    parser.add_argument("--empty", action="store_true", help="without the demo city and its 600 simulated tags")


def measure(chosen: argparse.Namespace) -> Sequence[Figure]:
    """The longest and the median of each."""
    spent: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="anlan-recovery-") as folder:
        platform = Platform(Path(folder) / "data", [] if not chosen.empty else ["--no-demo"])
        try:
            platform.start()
            watch = Watch(platform, *prepared(platform))
            watch.until_well(time.monotonic(), {})
            for name in chosen.part or (*EVERYTHING, "everything"):
                for _ in range(chosen.kills):
                    threading.Event().wait(REST_S)
                    began = time.monotonic()
                    killed = platform.kill(EVERYTHING if name == "everything" else (name,))
                    spent.setdefault(name, []).append(watch.until_well(began, killed))
                    print(f"{name}: {watch.told}", file=sys.stderr, flush=True)
        finally:
            platform.stop()
    city = "an empty city" if chosen.empty else "the demo city of 5,000 units, 600 simulated tags speaking"
    method = (
        f"{chosen.kills} times kill -9, {REST_S:.0f} s between; from the kill until a reading is stored, a page is "
        "answered, a job is done and the health page is well"
    )
    figures = []
    for name, seconds in spent.items():
        told = name if name in (*PARTS, "supervisor") else "everything at once"
        figures.append(Figure(f"{told} killed, longest", round(max(seconds), 2), "s", GOAL_S, method, city))
        figures.append(Figure(f"{told} killed, median", round(statistics.median(seconds), 2), "s", None, method, city))
    return figures


@dataclass
class Platform:
    """``anlan up`` on a folder of its own."""

    data: Path
    options: list[str]
    process: subprocess.Popen[bytes] | None = None
    ports: dict[str, int] = field(
        default_factory=lambda: {name: _free() for name in ("ANLAN_PORT", "ANLAN_NATS_PORT", "ANLAN_MQTT_PORT")}
    )

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it says that it is ready."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
        given = {name: str(port) for name, port in self.ports.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anlan.runtime.cli", "up", *self.options],
            env={**clean, **given, "ANLAN_DATA": str(self.data)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        ready, over = threading.Event(), threading.Event()
        threading.Thread(target=self._read, args=(self.process, ready, over), daemon=True).start()
        while wait and not ready.wait(0.02):
            if over.is_set():
                raise SystemExit("the platform did not start")

    def _read(self, process: subprocess.Popen[bytes], ready: threading.Event, over: threading.Event) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stderr.write(line.decode(errors="replace"))
            if b"Anlan is ready" in line:
                ready.set()
        over.set()

    def kill(self, names: Iterable[str]) -> dict[str, int]:
        """SIGKILL to the leaders of parts in the same moment, who they were; a supervisor is started again."""
        assert self.process is not None
        parts = state.read(self.data)["parts"]
        killed = {name: self.process.pid if name == "supervisor" else int(parts[name]["pid"]) for name in names}
        for number in killed.values():
            os.kill(number, signal.SIGKILL)
        if killed.pop("supervisor", None):
            self.process.wait()
            self.start(wait=False)
        return killed

    def replaced(self, killed: dict[str, int]) -> bool:
        """Whether a supervisor lives, and others stand where those were killed: what they had made answers for a
        moment longer."""
        known = state.read(self.data)
        now = {name: facts.get("pid") for name, facts in known.get("parts", {}).items()}
        return state.supervisor(known) is not None and all(now.get(n) not in (None, pid) for n, pid in killed.items())

    def stop(self) -> None:
        """In good order."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(120)


class Watch:
    """Whether the platform works, seen from outside."""

    def __init__(self, platform: Platform, secret: str, tag: int, cookie: str) -> None:
        self._platform, self._secret, self._tag, self._cookie = platform, secret, tag, cookie
        self._speaking = runpy.run_path(str(FOLDER / "_speaking.py"), run_name="speaking")
        self._line: socket.socket | None = None
        self._number = 0
        self.told = ""

    def until_well(self, began: float, killed: dict[str, int]) -> float:
        """The seconds until everything was seen to work again after ``began``."""
        moment, jobs = int(time.time() * 1000), list[int]()
        looks: dict[str, Callable[[], bool]] = {
            "reading": lambda: self._stored(moment), "page": self._answered, "job": lambda: self._done(jobs),
            "health": self._healthy,
        }  # fmt: skip

        def seen(look: Callable[[], bool]) -> float:
            pause = threading.Event()
            while not look():
                if time.monotonic() - began > PATIENCE:
                    raise SystemExit(f"not everything works again after {PATIENCE:.0f} s")
                pause.wait(0.05)
            return time.monotonic() - began

        seen(lambda: self._platform.replaced(killed))
        with ThreadPoolExecutor(len(looks)) as side_by_side:
            spent = dict(zip(looks, side_by_side.map(seen, looks.values()), strict=True))
        self.told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
        return max(spent.values())

    def _stored(self, since: int) -> bool:
        from anlan.kernel import messaging

        try:
            self._say()
        except OSError:
            if self._line is not None:
                self._line.close()
            self._line = None
            return False
        asked = {"tags": [self._tag], "since": since, "until": since + 3_600_000}
        try:
            rows = orjson.loads(messaging.request("anlan.history.export", orjson.dumps(asked), timeout=1)).get("rows")
        except messaging.Unreachable:
            return False
        return bool(rows)

    def _say(self) -> None:
        """One reading, acknowledged; ``OSError`` when it is not."""
        text, packet = self._speaking["_text"], self._speaking["_packet"]
        if self._line is None:
            port = self._platform.ports["ANLAN_MQTT_PORT"]
            self._line = socket.create_connection(("127.0.0.1", port), timeout=2)
            hello = text(b"MQTT") + bytes([4, 0xC2, 0, 60]) + text(b"recovery")
            self._line.sendall(packet(0x10, hello + text(CODE.encode()) + text(self._secret.encode())))
            if self._line.recv(4) != b"\x20\x02\0\0":
                raise ConnectionError("not let in")
        self._number = self._number % 65_535 + 1
        body = orjson.dumps({"t": time.time_ns() // 1_000_000, "v": {TAG: 1.0}})
        number = self._number.to_bytes(2, "big")
        self._line.sendall(packet(0x32, text(f"anlan/telemetry/{CODE}".encode()) + number + body))
        if self._line.recv(4) != b"\x40\x02" + number:
            raise ConnectionError("not acknowledged")

    def _answered(self) -> bool:
        return self._status("/hazards/", {"Cookie": self._cookie}) == 200

    def _healthy(self) -> bool:
        return self._status("/healthz", {}) == 200

    def _status(self, path: str, headers: dict[str, str]) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self._platform.ports["ANLAN_PORT"], timeout=5)
        try:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def _done(self, jobs: list[int]) -> bool:
        """A job put in the queue now or at an earlier look is done; one whose worker died stays where it was."""
        try:
            with psycopg.connect(address_of(self._platform.data), connect_timeout=2) as connection:
                query = "SELECT count(*) FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'succeeded'"
                (done,) = connection.execute(query, [jobs]).fetchone() or (0,)
                if not done and len(jobs) < 200:
                    jobs += [row[0] for row in connection.execute(_JOB)]
                return bool(done)
        except (psycopg.Error, KeyError):
            return False


def prepared(platform: Platform) -> tuple[str, int, str]:
    """A gateway's secret, the key of its tag, and the cookie of somebody signed in."""
    from anlan.runtime.database import VARIABLE
    from anlan.runtime.embedded.nats import Ports, Server

    ports = Ports(client=platform.ports["ANLAN_NATS_PORT"], mqtt=platform.ports["ANLAN_MQTT_PORT"])
    os.environ.update(Server(platform.data, ports).environment())
    os.environ[VARIABLE] = address_of(platform.data)
    os.environ["ANLAN_DATA"] = str(platform.data)
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from anlan.kernel.actor import Actor
    from anlan.kernel.identity.models import Grant, User
    from anlan.kernel.regions.models import Region
    from anlan.modules.monitoring import services
    from anlan.modules.registry.models import Site
    from anlan.runtime.connections import let_go

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    site = runpy.run_path(str(FOLDER / "_platform.py"), run_name="platform")["site_of"]()
    actor = Actor.system("benchmark")
    gateway, secret = services.register_gateway(actor=actor, site=site, code=CODE, name="测量用网关")
    tag = services.put_tag(actor=actor, gateway=gateway.pk, name=TAG, label="测点", quantity="temperature", period_s=5)
    user = User.objects.create_user("recovery", "Anlan-Bench-2026", name="测量员")
    path = Site.plain.values_list("region_path", flat=True).get(pk=site)
    county = next(one for one in Region.objects.filter(kind="county") if path.startswith(one.path))
    since = dt.date(2026, 1, 1)
    Grant.objects.create(user=user, role="county_officer", region=county, valid_from=since)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    let_go()
    return secret, tag.pk, cookie


def address_of(data: Path) -> str:
    """The program's own address of its database, running or not."""
    from anlan.config.database import socket_address
    from anlan.runtime.embedded.postgres import NAME, USER
    from anlan.runtime.places import socket_folder

    password = (data / "secrets" / "database").read_text().strip()
    return socket_address(user=USER, password=password, folder=str(socket_folder(data)), name=NAME)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
