"""Work goes on while every process, the supervisor included, is killed again and again; nothing is lost or doubled.

Two clients of the API and a person in a browser act for as long as it takes; one killer sends SIGKILL, in random order,
to the supervisor and to the database, the web server and the worker: to the process that leads a part, or to one it
made (the web process behind granian, a database connection's own). In half of the blows against the supervisor
everything dies at once, as in a power cut. A client that gets no answer asks again under the same idempotency key, as
every client is told to. At the end what the clients were told equals the database.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from anlan.runtime import chromium, state
from anlan.runtime.database import VARIABLE, running_database
from tests.cast import picture
from tests.runtime.conftest import Up, free_port
from tests.runtime.flows import each_ran_once

KILLS = 20  # of each process
ACTS = 500
PARTS = ("database", "web", "worker")
EVERYTHING = (*PARTS, "supervisor")  # the supervisor last: it would start the others again
PATIENCE = 1500.0
# One account reports what a hundred people would: the limit of requests that bring files is theirs together.
LIMITS = '{"upload": 100000}'
FULL = {"DJANGO_SETTINGS_MODULE": "anlan.config.settings.dev", "ANLAN_WEB_WORKERS": "1", "ANLAN_LIMITS": LIMITS}


class Told:
    """What the clients were told: every answer 2xx, by what it was about."""

    def __init__(self) -> None:
        self.reported: dict[str, int] = {}  # idempotency key to hazard
        self.assessed: set[int] = set()
        self.renamed: Counter[int] = Counter()
        # Reported, to be assessed by the API's client and by the person in the browser, turn about.
        self.waiting: dict[bool, list[int]] = {False: [], True: []}
        self.by_browser: set[int] = set()
        self.refusals: list[str] = []
        self.broken: list[str] = []  # answered with 500: an outage is 503
        self.lock = threading.Lock()
        self.failed = threading.Event()  # the test is over before its end: nobody goes on asking

    @property
    def acts(self) -> int:
        return len(self.reported) + len(self.assessed) + self.renamed.total()

    def take(self, *, on_screen: bool) -> int | None:
        """A hazard to assess."""
        with self.lock:
            waiting = self.waiting[on_screen]
            return waiting.pop() if waiting else None


class Platform:
    """The platform on one data folder; it is started again whenever its supervisor is gone."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data, self.port, self.environment = data, free_port(), {**FULL, **environment}
        self.up = Up(data, port=self.port, **self.environment)
        self.base = f"http://127.0.0.1:{self.port}"
        self.killed: Counter[str] = Counter()
        self.inner: Counter[str] = Counter()  # of these, processes that a part had made
        self._struck: dict[str, int] = {}  # by the last blow

    def again(self, *, wait: bool = True) -> None:
        """Starts anew after the supervisor's death: what it left behind is ended first."""
        self.up.end()
        self.up = Up(self.data, port=self.port, **self.environment)
        if wait:
            self.up.ready()

    def kill(self, *names: str, dice: random.Random, wait: bool = True) -> None:
        """SIGKILL to parts, and to the supervisor, in the same moment."""
        self._struck = {}
        for name in names:
            number = self.up.process.pid if name == "supervisor" else self._one_of(name, dice)
            if number is None:
                continue  # just being restarted: it has died already
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
                self.killed[name] += 1
                self._struck[name] = number
        if "supervisor" in names:
            self.again(wait=wait)

    def replaced(self) -> bool:
        """Whether others stand in the place of the leaders that the last blow hit: what these had made may answer for
        a moment longer."""
        known = state.read(self.data)
        now = {name: facts.get("pid") for name, facts in known.get("parts", {}).items()}
        struck = {name: number for name, number in self._struck.items() if name != "supervisor"}
        return state.supervisor(known) is not None and all(now.get(n) not in (None, pid) for n, pid in struck.items())

    def _one_of(self, name: str, dice: random.Random) -> int | None:
        """The leader of a part as often as one of the processes it made; None while the part is not there."""
        try:
            leader = self.up.part(name)
        except (AssertionError, KeyError):
            return None
        made = children(leader.pid)
        number = dice.choice(made) if made and dice.random() < 0.5 else leader.pid
        self.inner[name] += number != leader.pid
        return int(number)


def children(number: int) -> list[int]:
    """The processes another made, but for Python's own that keeps count of semaphores: nothing hangs on it."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


class Client(threading.Thread):
    """A client of the API that repeats what was not answered, under the same key."""

    def __init__(self, base: str, told: Told, over: threading.Event, work: Callable[[Client], None]) -> None:
        super().__init__(daemon=True)
        self.base, self.told, self.over, self.work = base, told, over, work
        self.done: Future[None] = Future()

    def run(self) -> None:
        # The pool's one thread keeps what went wrong for the test to read, in its own thread.
        with ThreadPoolExecutor(1) as keeping:
            self.done = keeping.submit(self.on)

    def on(self) -> None:
        """Works until it is over."""
        while not self.over.is_set():
            self.work(self)

    @property
    def failure(self) -> BaseException | None:
        """What ended the work before it was over."""
        return self.done.exception() if self.done.done() else None

    def ask(self, method: str, path: str, token: str, key: str, body: bytes, kind: str = "application/json") -> Any:
        """The answer's JSON, however often it takes; None after a refusal, which is noted."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": kind}
        asked = urllib.request.Request(self.base + path, data=body, headers=headers, method=method)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and not self.told.failed.is_set():
            try:
                with urllib.request.urlopen(asked, timeout=15) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    self.told.refusals.append(f"{method} {path}: {answer.code} {answer.read()[:300].decode()}")
                    return None
                if answer.code == 500:
                    self.told.broken.append(f"{method} {path}: {answer.read()[:300].decode()}")
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                pass  # no answer, or half of one: nobody knows whether it was done
            threading.Event().wait(0.1)
        raise AssertionError(f"{method} {path} was never answered")


def reporter(city: dict[str, Any]) -> Callable[[Client], None]:
    """Reports hazards, each in words of its own, with a photo."""
    numbers = itertools.count(1)
    photo = picture().read()

    def work(client: Client) -> None:
        number = next(numbers)
        key = f"report-{number}"
        form = {
            "site": str(city["site"]),
            "title": f"第{number}号设备防护罩缺失",
            "description": f"巡查发现第{number}号设备传动部位裸露，编号{random.Random(number).getrandbits(64):016x}。",
            "distinct": "true",
            "before": SimpleUploadedFile("photo.png", photo, content_type="image/png"),
        }
        body = encode_multipart(BOUNDARY, form)
        answer = client.ask(
            "POST", "/api/v1/hazards/report", city["tokens"]["unit_safety"], key, body, MULTIPART_CONTENT
        )
        if answer:
            with client.told.lock:
                client.told.reported[key] = answer["id"]
                client.told.waiting[number % 2 == 0].append(answer["id"])

    return work


def officer(city: dict[str, Any]) -> Callable[[Client], None]:
    """Assesses what was reported, and renames enterprises, whose hazards must be found under the new name."""
    turns = itertools.count(1)

    def work(client: Client) -> None:
        turn = next(turns)
        if turn % 3 == 0:
            unit = city["units"][turn % len(city["units"])]
            body = {"name": f"青溪第{turn}机械制造厂"}
            path, token = f"/api/v1/registry/units/{unit}", city["tokens"]["county_officer"]
            if client.ask("PATCH", path, token, f"name-{turn}", json.dumps(body).encode()):
                client.told.renamed[unit] += 1
        elif (hazard := client.told.take(on_screen=False)) is not None:
            body = {"due": "2099-01-01", "requirements": "加装防护罩"}
            path = f"/api/v1/hazards/{hazard}/assess-general"
            token = city["tokens"]["town_officer"]
            if client.ask("POST", path, token, f"assess-{hazard}", json.dumps(body).encode()):
                client.told.assessed.add(hazard)
        else:
            client.over.wait(0.05)

    return work


def person(platform: Platform, city: dict[str, Any], told: Told, over: threading.Event) -> None:
    """The town's officer in a browser: opens a reported hazard, fills in the form, and looks whether it was taken."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium.launch_options()) as browser:
        page = browser.new_context(base_url=platform.base, locale="zh-CN").new_page()
        hazard = None
        while not over.is_set():
            hazard = told.take(on_screen=True) if hazard is None else hazard
            if hazard is None:
                over.wait(0.05)
                continue
            try:
                if assess_on_screen(page, city, hazard):
                    told.assessed.add(hazard)
                    told.by_browser.add(hazard)
                    hazard = None
            except BrowserError:
                over.wait(0.2)
        # The last one may have been sent without its answer being seen: the person looks once more.
        for _ in range(20):
            if hazard is None:
                return
            try:
                answer = page.goto(f"/hazards/{hazard}/", timeout=15_000)
                if answer is None or answer.status != 200:
                    continue
                if no_longer_to_assess(page, hazard):
                    told.assessed.add(hazard)
                    told.by_browser.add(hazard)
                return
            except BrowserError:
                threading.Event().wait(0.5)


def assess_on_screen(page: Page, city: dict[str, Any], hazard: int) -> bool:
    """One try; whether the hazard stands as assessed in front of the person's eyes."""
    answer = page.goto(f"/hazards/{hazard}/", timeout=15_000)
    if "/account/login" in page.url:
        page.fill("input[name=login]", city["officer"])
        page.fill("input[name=password]", city["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
        return False
    if answer is None or answer.status != 200:
        return False
    if no_longer_to_assess(page, hazard):
        return True
    answer = page.goto(f"/hazards/{hazard}/assess-general/", timeout=15_000)
    if answer is None or answer.status != 200:
        return False
    page.fill("[name=due]", "2099-01-01")
    page.fill("[name=requirements]", "加装防护罩")
    page.locator("main form button[type=submit], main form button:not([type])").last.click(timeout=15_000)
    page.wait_for_load_state(timeout=15_000)
    return no_longer_to_assess(page, hazard)


def no_longer_to_assess(page: Page, hazard: int) -> bool:
    """Whether the record is before the person's eyes, and no longer asks to be assessed."""
    if not page.url.endswith(f"/hazards/{hazard}/") or not page.locator("main h1").count():
        return False
    return (
        bool(page.locator(".page-head").count()) and not page.locator(f'a[href*="/hazards/{hazard}/assess-"]').count()
    )


@pytest.fixture
def platform(tmp_path: Path) -> Any:
    started = Platform(tmp_path / "data")
    try:
        started.up.ready()
        yield started
    finally:
        started.up.finish()


def built(platform: Platform) -> dict[str, Any]:
    """The city, made by a process of its own on the running database."""
    address = running_database(platform.data)
    assert address is not None
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANLAN_")}
    environment |= {VARIABLE: address, "ANLAN_DATA": str(platform.data), **FULL}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.city"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    city: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return city


def test_nothing_is_lost_or_doubled_while_everything_dies(platform: Platform) -> None:
    city, told, over = built(platform), Told(), threading.Event()
    clients = [Client(platform.base, told, over, work) for work in (reporter(city), officer(city))]
    browser = threading.Thread(target=person, args=(platform, city, told, over), daemon=True)
    for thread in (*clients, browser):
        thread.start()
    dice, began = random.Random(20260630), time.monotonic()
    try:
        for blow in blows(dice):
            platform.kill(*blow, dice=dice)
            # The next blow falls when work goes on again: after a few acts, wherever they are just now.
            wanted = told.acts + dice.randrange(2, 9)
            while told.acts < wanted:
                assert time.monotonic() - began < PATIENCE, (
                    f"{told.acts} acts, {dict(platform.killed)}\n{platform.up.screen}"
                )
                assert not [c.failure for c in clients if c.failure]
                if platform.up.process.poll() is not None:
                    platform.again()
                over.wait(0.05)
        while told.acts < ACTS or any(platform.killed[n] < KILLS for n in EVERYTHING):
            for name in EVERYTHING:
                if platform.killed[name] < KILLS:
                    platform.kill(name, dice=dice)
            assert time.monotonic() - began < PATIENCE
            if platform.up.process.poll() is not None:
                platform.again()
            over.wait(0.2)
        worked = time.monotonic() - began
    except BaseException:
        told.failed.set()
        raise
    finally:
        over.set()
    for thread in (*clients, browser):
        thread.join(120)
        assert not thread.is_alive()
    assert not [c.failure for c in clients if c.failure]
    assert (told.refusals, told.broken) == ([], [])
    settle(platform)
    compare(platform, told)
    print(f"{worked:.0f} s of work and blows, {time.monotonic() - began - worked:.0f} s until everything was settled")


def blows(dice: random.Random) -> list[tuple[str, ...]]:
    """Every blow with what it hits: each part and the supervisor ``KILLS`` times, half of that all at once."""
    together = KILLS // 2
    order = [EVERYTHING] * together
    order += [(name,) for name in EVERYTHING for _ in range(KILLS - together)]
    dice.shuffle(order)
    return order


def settle(platform: Platform) -> None:
    """Waits until the queue is empty; jobs of dead workers are revived by the periodic task, whose hour is moved
    forward: the dead are made to look long dead."""
    address = running_database(platform.data)
    assert address is not None
    give_up = time.monotonic() + 180
    with psycopg.connect(address, autocommit=True) as connection:
        while True:
            connection.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' "
                "WHERE last_heartbeat < now() - interval '15 seconds'"
            )
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now() + "
                "interval '1 hour')), count(*) FILTER (WHERE status = 'doing') FROM procrastinate_jobs"
            ).fetchone()
            if row == (0, 0):
                return
            assert time.monotonic() < give_up, connection.execute(
                "SELECT task_name, status, attempts, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            ).fetchall()
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock) "
                "SELECT 'upkeep', 'events.revive_stalled', '{\"timestamp\": 0}', 'todo', 'events.revive_stalled' "
                "WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE task_name = 'events.revive_stalled' "
                "AND status IN ('todo', 'doing'))"
            )
            threading.Event().wait(0.5)


def compare(platform: Platform, told: Told) -> None:
    """What the clients were told, and the database."""
    address = running_database(platform.data)
    assert address is not None
    with psycopg.connect(address) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        hazards = dict(rows("SELECT id, state FROM hazards_hazard"))
        assert set(hazards) == set(told.reported.values()) and len(hazards) == len(told.reported)
        assert {pk for pk, state in hazards.items() if state == "rectifying"} == told.assessed
        assert set(hazards.values()) <= {"registered", "rectifying"}
        said = Counter(
            rows("SELECT act, fact_type, subject_id FROM journal_entry WHERE subject_type = 'hazards.hazard'")
        )
        assert len({subject for _, _, subject in said}) == len(hazards)
        assert {key for key, count in said.items() if count > 1} == set(), "an act was done twice"
        renamed = Counter({int(pk): n for pk, n in rows(
            "SELECT subject_id, count(*) FROM events_event WHERE event_type LIKE '%UnitRenamed' GROUP BY 1"
        )})  # fmt: skip
        assert renamed == told.renamed
        by_flow = each_ran_once(connection)
        assert by_flow["renamed_unit_finds_hazards"] == renamed.total() and len(by_flow) > 1
        assert (
            rows("SELECT status, count(*) FROM procrastinate_jobs WHERE status NOT IN ('succeeded') GROUP BY 1") == []
        )
        photos = rows("SELECT count(*) FROM files_storedfile")[0][0]
        assert photos == len(told.reported)
    assert told.acts >= ACTS and told.by_browser
    assert all(platform.killed[name] >= KILLS for name in EVERYTHING), platform.killed
    assert platform.inner["web"] and platform.inner["database"], "the web process itself, and connections' own"
    print(
        f"{told.acts} acts, {len(told.by_browser)} of them in the browser; killed: {dict(platform.killed)}, "
        f"of these made by a part: {dict(platform.inner)}; flows: {dict(by_flow)}"
    )
