"""More people than connections: some are answered, the rest are told when to come again; streams hold no connection."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright
from psycopg.conninfo import make_conninfo

from anlan.kernel.identity.models import User
from anlan.kernel.notify.live import CHANNEL
from anlan.kernel.notify.services import tell
from anlan.runtime import chromium, connections
from anlan.runtime.database import VARIABLE
from anlan.runtime.live import Hub
from anlan.runtime.places import ROOT
from anlan.runtime.screen import Trouble
from tests.runtime.conftest import PATIENCE, free_port

POOL = 2
STREAMS = 500
EACH = 10  # streams of one person


class Web:
    """A web process as ``anlan up`` starts one, on the test's own database; it says its name to the server."""

    def __init__(self, folder: Path, interface: str = "asgi", **environment: str) -> None:
        self.port, self.name, self.log = free_port(), f"crowd-{os.getpid()}-{id(self)}", folder / "web.log"
        address = make_conninfo(
            os.environ[VARIABLE], dbname=connection.settings_dict["NAME"], application_name=self.name
        )
        own = {VARIABLE: address, "DJANGO_SETTINGS_MODULE": "tests.runtime.crowd", "ANLAN_POOL_MAX": str(POOL)}
        command = [sys.executable, "-m", "granian", "--interface", interface, "--port", str(self.port)]
        command += ["--backpressure", "2500"] if interface == "asgi" else ["--blocking-threads", "12"]
        command += ["--workers-kill-timeout", "3", f"anlan.config.{interface}:application"]
        with self.log.open("wb") as words:
            self.process = subprocess.Popen(
                command, env={**os.environ, "PYTHONPATH": str(ROOT), **own, **environment}, cwd=ROOT,
                stdout=words, stderr=words, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, dict(answer.headers), answer.read().decode()

    def connections(self) -> int:
        """How many connections it has, by the server's own list."""
        with psycopg.connect(os.environ[VARIABLE]) as asking:
            row = asking.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [self.name]
            ).fetchone()
        assert row is not None
        return int(row[0])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """Starts web processes; they are stopped at the end."""
    started: list[Web] = []

    def start(**environment: str) -> Web:
        one = Web(tmp_path, **environment)
        started.append(one)
        for _ in range(600):
            assert one.process.poll() is None, one.log.read_text()[-3000:]
            try:
                one.get("/account/login/")
            except OSError:
                threading.Event().wait(0.1)
            else:
                return one
        raise AssertionError(one.log.read_text()[-3000:])

    yield start
    for one in started:
        one.stop()


def test_past_the_limit_the_answer_is_503_and_afterwards_all_is_as_before(web: Callable[..., Web]) -> None:
    one = web()
    with ThreadPoolExecutor(40) as people:
        paths = ["/slow?seconds=0.4", "/api/slow?seconds=0.4"] * 20
        answers = list(people.map(one.get, paths))
    counted = Counter(status for status, _, _ in answers)
    assert set(counted) == {200, 503} and counted[200] >= POOL, counted
    turned_away = [(path, answer) for path, answer in zip(paths, answers, strict=True) if answer[0] == 503]
    for path, (_, headers, text) in turned_away:
        said = {name.lower(): value for name, value in headers.items()}
        assert int(said["retry-after"]) > 0 and said["cache-control"] == "no-store"
        assert "x-anlan-live" not in said
        if path.startswith("/api/"):
            assert set(json.loads(text)["messages"]) == {"zh-hans", "en"}
        else:
            assert "本次操作未保存" in text and "Nothing was stored" in text
    assert one.connections() <= POOL + connections.LISTENING
    assert {one.get("/slow?seconds=0")[0] for _ in range(3 * POOL)} == {200}
    assert one.connections() <= POOL + connections.LISTENING


def test_a_plain_wsgi_server_with_more_threads_than_connections_says_the_same(web: Callable[..., Web]) -> None:
    one = web(interface="wsgi", CROWD_PATIENCE="0.3")
    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(one.get, ["/slow?seconds=1"] * 12))
    counted = Counter(status for status, _, _ in answers)
    assert set(counted) == {200, 503} and counted[200] == POOL, counted
    turned_away = [(headers, text) for status, headers, text in answers if status == 503]
    assert {headers["retry-after"] for headers, _ in turned_away} == {"5"}
    assert all("同一时刻" in text for _, text in turned_away)
    assert one.get("/slow?seconds=0")[0] == 200
    status, _, text = one.get("/live")
    assert (status, text) == (401, "")


class Page:
    """One open page's stream."""

    def __init__(self, port: int, session: str, path: str = "/live") -> None:
        self.port, self.session, self.path = port, session, path
        self.status = 0
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.closed = False
        self.news = asyncio.Event()

    async def open(self) -> Page:
        """Opens it and reads on in the background; returns after the first event, or a refusal."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {settings.SESSION_COOKIE_NAME}={self.session}"
        self.writer.write(f"{head}\r\n\r\n".encode())
        self.head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        self.status = int(self.head.split()[1])
        if self.status == 200:
            self.reading = asyncio.create_task(self._read())
            await self.heard(1)
        return self

    async def heard(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """All events once there are so many."""
        while len(self.events) < count and not self.closed:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), PATIENCE)
        return self.events

    async def _read(self) -> None:
        name = ""
        while line := await self.reader.readline():
            text = line.decode().strip()
            if text.startswith("event: "):
                name = text[7:]
            elif text.startswith("data: "):
                self.events.append((name, json.loads(text[6:])))
                self.news.set()
        self.closed = True
        self.news.set()

    def close(self) -> None:
        self.writer.close()


def people(count: int) -> list[tuple[User, str]]:
    """Users, each signed in."""
    found = []
    for number in range(count):
        user = User.objects.create_user(f"reader-{number}", "Anlan-Test-2026", name=f"读者{number}")
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        found.append((user, browser.cookies[settings.SESSION_COOKIE_NAME].value))
    return found


def test_five_hundred_streams_hold_no_connection_and_hear_what_concerns_them(web: Callable[..., Web]) -> None:
    one, readers = web(), people(STREAMS // EACH)

    async def scenario() -> None:
        pages = [Page(one.port, session) for _, session in readers for _ in range(EACH)]
        for start in range(0, STREAMS, 5):  # as people come: not all in one moment
            await asyncio.gather(*(page.open() for page in pages[start : start + 5]))
        assert Counter(page.status for page in pages) == {200: STREAMS}
        assert all(page.events == [("changed", {"unread": 0})] for page in pages)
        assert "x-anlan-live" not in pages[0].head and "text/event-stream" in pages[0].head
        assert await asyncio.to_thread(one.connections) <= POOL + connections.LISTENING
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={readers[0][1]}"}
        asked = [asyncio.to_thread(one.get, "/inbox/", **cookie) for _ in range(12)]
        assert [status for status, _, _ in await asyncio.gather(*asked)].count(200) == 12
        assert await asyncio.to_thread(one.connections) <= POOL + connections.LISTENING
        with ThreadPoolExecutor(1) as act:
            await asyncio.get_running_loop().run_in_executor(act, told, readers[2][0])
        mine, other = pages[2 * EACH : 3 * EACH], [*pages[: 2 * EACH], *pages[3 * EACH :]]
        for page in mine:
            heard = (await page.heard(2))[1:]
            facts = {key: value for _, said in heard + (await page.heard(3) if "unread" not in str(heard) else [])
                     for key, value in said.items()}  # fmt: skip
            assert facts == {"unread": 1, "urgent": True}
        assert all(page.events == [("changed", {"unread": 0})] and not page.closed for page in other)
        full = await Page(one.port, readers[2][1]).open()
        extra = [await Page(one.port, readers[2][1]).open() for _ in range(2)]
        assert [page.status for page in (full, *extra)] == [200, 200, 503] and "retry-after" in extra[1].head
        for page in (*pages, full, *extra):
            page.close()

    asyncio.run(scenario())


def told(user: User) -> None:
    """Something urgent is put into the user's inbox, from another process's point of view."""
    try:
        tell([user], "You are needed.", urgent=True)
    finally:
        connection.close()


@pytest.mark.parametrize("interface", ["asgi", "wsgi"])
def test_an_open_page_shows_what_came(web: Callable[..., Web], interface: str) -> None:
    one, ((reader, session),) = web(interface=interface), people(1)
    if interface == "wsgi":
        told(reader)  # the answer ends at once, and holds the state whole
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium.launch_options()) as browser:
        context = browser.new_context(base_url=f"http://127.0.0.1:{one.port}")
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}]
        )
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        with page.expect_response(f"http://127.0.0.1:{one.port}/live"):  # what comes before is in its first words
            page.goto("/")
        if interface == "asgi":
            with ThreadPoolExecutor(1) as act:
                act.submit(told, reader).result()
            page.locator("#toasts .message").get_by_text("紧急消息").wait_for()
        page.locator("#unread-count").get_by_text("1", exact=True).wait_for()
        assert page.locator("a:has(#unread-count)").get_attribute("aria-label") == "消息，1 条未读"
        assert faults == []


class Line:
    """A client of the hub within the test: what was sent to it, and its going away."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.status = 0
        self.left = asyncio.Event()
        self.news = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        if message.get("body"):
            self.sent.append(message["body"])
        self.news.set()

    async def until(self, words: bytes) -> None:
        while words not in b"".join(self.sent):
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), PATIENCE)


def facts_of(user: User, session: str, *records: str) -> dict[str, Any]:
    stamp = hashlib.sha256(user.password.encode()).hexdigest()
    return {"user": user.pk, "session": session, "stamp": stamp, "records": list(records), "environ": {}}


def hub(**options: Any) -> Hub:
    parameters = connection.get_connection_params()
    own = {name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")}
    return Hub(own, CHANNEL, lambda environ: (503, [("Retry-After", "5")], b"busy"), **options)


ENDINGS = {
    "signed out": "DELETE FROM django_session WHERE session_key = %(session)s",
    "run out": "UPDATE django_session SET expire_date = now() - interval '1 s' WHERE session_key = %(session)s",
    "password changed": "UPDATE identity_user SET password = 'another' WHERE id = %(user)s",
    "account closed": "UPDATE identity_user SET is_active = false WHERE id = %(user)s",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_with_its_session(ending: str) -> None:
    (stays, session), (goes, over) = people(2)

    async def scenario() -> None:
        live = hub(look=0.2, beat=0.2)
        await live.open()
        lines = [Line(), Line()]
        held = [
            asyncio.create_task(live.hold(facts_of(user, key), [], b"first", line.receive, line.send))
            for line, (user, key) in zip(lines, [(stays, session), (goes, over)], strict=True)
        ]
        await asyncio.gather(*(line.until(b": still here") for line in lines))
        async with await psycopg.AsyncConnection.connect(**live._connect, autocommit=True) as another:
            await another.execute(ending, {"session": over, "user": goes.pk})
        await asyncio.wait_for(held[1], PATIENCE)
        assert lines[1].sent[-1].startswith(b"event: end")
        assert not held[0].done()
        lines[0].left.set()
        await asyncio.wait_for(held[0], PATIENCE)
        assert not any(b"event: end" in words for words in lines[0].sent), "whoever left is told nothing more"
        assert (live._of, live._on, live._count) == ({}, {}, 0)
        await live.close()

    asyncio.run(scenario())


@pytest.mark.django_db(transaction=True)
def test_one_person_holds_only_so_many_streams_and_all_together_too() -> None:
    (many, session), (other, own), (third, last) = people(3)

    async def scenario() -> None:
        live = hub(look=PATIENCE, beat=PATIENCE, most_each=2, most=3)

        def opened(user: User, key: str) -> tuple[Line, asyncio.Task[None]]:
            line = Line()
            facts = facts_of(user, key)
            headers = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
            return line, asyncio.create_task(live.hold(facts, headers, b"first", line.receive, line.send))

        (first, going), (second, _), (refused, over) = (opened(many, session) for _ in range(3))
        await asyncio.gather(first.until(b"first"), second.until(b"first"), over)
        assert (first.status, second.status, refused.status, refused.sent) == (200, 200, 503, [b"busy"])
        fellow, _ = opened(other, own)
        await fellow.until(b"first")
        late, turned_away = opened(third, last)
        await turned_away
        assert late.status == 503, "the process holds three in all"
        first.left.set()
        await asyncio.wait_for(going, PATIENCE)
        again, _ = opened(many, session)
        await again.until(b"first")
        assert again.status == 200
        await live.close()

    asyncio.run(scenario())


@pytest.mark.django_db(transaction=True)
def test_a_changed_record_is_told_to_others_and_what_was_missed_is_counted_again() -> None:
    (reader, session), (author, own) = people(2)

    async def scenario() -> None:
        live = hub(look=PATIENCE, beat=PATIENCE)
        await live.open()
        lines = [Line(), Line()]
        for line, facts in zip(
            lines, [facts_of(reader, session, "hazards.hazard:7"), facts_of(author, own, "hazards.hazard:7")],
            strict=True,
        ):  # fmt: skip
            line.task = asyncio.create_task(live.hold(facts, [], b"first", line.receive, line.send))  # type: ignore[attr-defined]
        await asyncio.gather(*(line.until(b"first") for line in lines))
        async with await psycopg.AsyncConnection.connect(**live._connect, autocommit=True) as another:

            async def listeners() -> list[int]:
                asked = await another.execute(
                    "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'listen%%' AND datname = current_database()"
                )
                return [pid for (pid,) in await asked.fetchall()]

            while not await listeners():
                await asyncio.sleep(0)
            word = json.dumps({"records": ["hazards.hazard:7", "hazards.hazard:8"], "by": author.pk})
            await another.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
            await lines[0].until(b'event: changed\ndata: {"record":"hazards.hazard:7"}')
            assert lines[1].sent == [b"first"], "one's own act is no news"
            # The connection breaks; what is written meanwhile is counted when it is back.
            await another.execute(
                "INSERT INTO notify_message (user_id, at, text, params, urgent, subject_type, subject_id)"
                " VALUES (%s, now(), 'x', '{}', false, '', '')",
                [author.pk],
            )
            (pid,) = await listeners()
            await another.execute("SELECT pg_terminate_backend(%s)", [pid])
            await lines[1].until(b'data: {"unread":1}')
        await live.close()
        await asyncio.gather(*(line.task for line in lines))  # type: ignore[attr-defined]

    asyncio.run(scenario())


def test_the_pools_are_shared_out_below_the_servers_limit() -> None:
    assert connections.share(100, web=2, jobs=4).pool == connections.MOST
    for limit in range(20, 200):
        for web_processes in (1, 2, 4):
            try:
                budget = connections.share(limit, web=web_processes, jobs=4, wanted=20)
            except Trouble as why:
                assert f"allows {limit} connections" in str(why) and "max_connections" in str(why)
            else:
                assert budget.most < limit and connections.LEAST <= budget.pool <= 20


def test_the_smallest_of_the_servers_limits_counts() -> None:
    address = os.environ[VARIABLE]
    full = connections.allowed(address)
    with psycopg.connect(address, autocommit=True) as owner:
        name = f"limited_{os.getpid()}"
        owner.execute(f"CREATE DATABASE {name} CONNECTION LIMIT 23")
        try:
            assert connections.allowed(make_conninfo(address, dbname=name)) == 23 < full
        finally:
            owner.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize("text", ["many", "1", "-3"])
def test_a_pool_that_is_no_number_of_connections_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ANLAN_POOL_MAX", text)
    with pytest.raises(Trouble, match=f"ANLAN_POOL_MAX={text} is not a number from 2 up"):
        connections.wanted()
