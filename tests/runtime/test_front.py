"""The web process's front: requests wait in line, are read before they take a thread, and bring only so much."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from anlan.runtime.front import MOST_BODY, Front
from anlan.ui.outage import TOO_LARGE
from tests.runtime.conftest import PATIENCE


def test_whoever_waits_too_long_or_finds_the_line_full_is_told_so_and_a_thread_comes_free_again() -> None:
    let_go = threading.Event()

    def pages(environ: dict[str, Any], start: Callable[..., None]) -> list[bytes]:
        let_go.wait(PATIENCE)
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode("latin-1"), environ["wsgi.input"].read()]

    async def ask(front: Front, path: str = "/安", body: bytes = b"") -> tuple[int, bytes]:
        parts = iter([{"type": "http.request", "body": body[:2], "more_body": True},
                      {"type": "http.request", "body": body[2:]}])  # fmt: skip
        got: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return next(parts)

        async def send(message: dict[str, Any]) -> None:
            got.append(message)

        scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"x_forwarded_proto", b"https")]}
        await front(scope, receive, send)
        return got[0]["status"], b"".join(message.get("body", b"") for message in got)

    async def scenario() -> None:
        front = Front(pages, threads=1, busy=lambda environ: (503, [], b"busy"), wait=0.05)
        first = asyncio.create_task(ask(front, body=b"whole"))
        await asyncio.sleep(0)
        assert await ask(front) == (503, b"busy"), "waited too long"
        patient = Front(pages, threads=1, busy=lambda environ: (503, [], b"busy"), wait=PATIENCE)
        line = [asyncio.create_task(ask(patient)) for _ in range(5)]
        await asyncio.sleep(0)
        assert await ask(patient) == (503, b"busy"), "the line is full"
        let_go.set()
        assert await first == (200, "/安whole".encode())
        assert [status for status, _ in await asyncio.gather(*line)] == [200] * 5
        assert await ask(front) == (200, "/安".encode())

    asyncio.run(scenario())


def test_of_an_upload_cut_off_what_came_is_kept_and_of_a_form_nothing_is_done() -> None:
    read: list[bytes] = []

    def pages(environ: dict[str, Any], start: Callable[..., None]) -> list[bytes]:
        assert environ["CONTENT_LENGTH"] == "10"
        read.append(environ["wsgi.input"].read(4))
        with pytest.raises(OSError, match="went away"):
            environ["wsgi.input"].read(4)
        start("204 No Content", [])
        return []

    async def cut(method: str) -> None:
        parts = iter([{"type": "http.request", "body": b"part", "more_body": True}, {"type": "http.disconnect"}])

        async def receive() -> dict[str, Any]:
            return next(parts)

        async def send(message: dict[str, Any]) -> None:
            return None

        front = Front(pages, threads=1, busy=lambda environ: (503, [], b"busy"))
        headers = [(b"content-length", b"10")]
        await front({"type": "http", "method": method, "path": "/", "headers": headers}, receive, send)

    asyncio.run(cut("POST"))
    assert read == []
    asyncio.run(cut("PATCH"))
    assert read == [b"part"]


def bodies(
    front: Front, parts: list[bytes], length: int | None = None, silent: bool = False, method: str = "POST"
) -> Any:
    """What a front answers to a body in parts, and how many parts it took."""
    took: list[bytes] = []
    got: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if len(took) == len(parts):
            assert silent
            await asyncio.Event().wait()
        took.append(parts[len(took)])
        more = silent or len(took) < len(parts)
        return {"type": "http.request", "body": took[-1], "more_body": more}

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    async def ask() -> tuple[int, int]:
        headers = [(b"content-length", str(length).encode())] if length is not None else []
        await front({"type": "http", "method": method, "path": "/", "headers": headers}, receive, send)
        return (got[0]["status"] if got else 0), len(took)

    return ask()


def echo(environ: dict[str, Any], start: Callable[..., None]) -> list[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


def refusing(**limits: Any) -> Front:
    return Front(
        echo, threads=2, busy=lambda environ: (503, [], b"busy"), large=lambda environ: (413, [], b"large"), **limits
    )


def test_what_is_too_large_is_not_read_on() -> None:
    async def scenario() -> None:
        front = refusing(most_body=10)
        assert await bodies(front, [b"12345", b"67890"], 10) == (200, 2)
        assert await bodies(front, [b"12345", b"67890", b"1"], 11) == (413, 0), "announced: not a byte is read"
        assert await bodies(front, [b"12345", b"67890", b"1", b"2"]) == (413, 3), "not announced: as far as it may"
        assert await bodies(front, [b"12345", b"67890", b"1", b"2"], 5) == (413, 3), "announced falsely"
        assert await bodies(front, [b"whole"]) == (200, 1), "and then all is as it was"
        assert MOST_BODY >> 20 == 256 and "256" in TOO_LARGE

    asyncio.run(scenario())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH"])
def test_who_announces_a_body_and_says_nothing_is_let_go(method: str) -> None:
    async def scenario() -> None:
        front = refusing(silence=0.05)
        assert await asyncio.wait_for(bodies(front, [], 100, silent=True, method=method), PATIENCE) == (0, 0)

    asyncio.run(scenario())


def test_requests_under_way_share_one_room() -> None:
    async def scenario() -> None:
        front = refusing(most_body=100, most_held=12, silence=0.2)
        slow = asyncio.create_task(bodies(front, [b"12345", b"67890"], silent=True))
        for _ in range(20):  # until both parts are there
            await asyncio.sleep(0)
        assert await bodies(front, [b"123", b"456"]) == (503, 1)
        assert await bodies(front, [b"12"]) == (200, 1)
        assert await slow == (0, 2), "who says nothing for too long is let go, unanswered"
        assert await bodies(front, [b"123456", b"654321"]) == (200, 2), "its room is free again"

    asyncio.run(scenario())


def test_a_refused_request_is_told_so_in_its_own_manner() -> None:
    from anlan.config.asgi import _large

    said = {path: _large({"PATH_INFO": path, "REQUEST_METHOD": "POST", "HTTP_COOKIE": "anlan_language=en"})
            for path in ("/hazards/report/", "/api/v1/hazards/report")}  # fmt: skip
    assert {status for status, _headers, _body in said.values()} == {413}
    assert b"at most 256 MB" in said["/hazards/report/"][2] and b'"TooLarge"' in said["/api/v1/hazards/report"][2]
    for _status, headers, _body in said.values():
        assert ("X-Content-Type-Options", "nosniff") in headers and ("Cache-Control", "no-store") in headers


def test_a_process_that_cannot_begin_says_so_and_ends() -> None:
    def broken() -> None:
        raise ValueError("no template")

    async def scenario(before: Callable[[], None]) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> dict[str, Any]:
            return next(told)

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        front = Front(echo, threads=1, busy=lambda environ: (503, [], b""), before=before)
        try:
            await front({"type": "lifespan"}, receive, send)
        except ValueError:
            assert before is broken
        return said

    assert asyncio.run(scenario(broken)) == [{"type": "lifespan.startup.failed", "message": "ValueError: no template"}]
    right = asyncio.run(scenario(lambda: None))
    assert [message["type"] for message in right] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("right", [True, False])
def test_what_goes_on_beside_begins_after_the_start_and_ends_the_process_when_it_fails(right: bool) -> None:
    order: list[str] = []

    def beside() -> None:
        order.append("beside")
        if not right:
            raise ValueError("no template")

    async def scenario() -> None:
        over = asyncio.Event()
        told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> dict[str, Any]:
            message = next(told)
            if message["type"] == "lifespan.shutdown" and not right:
                await over.wait()
            return message

        async def send(message: dict[str, Any]) -> None:
            order.append(message["type"])

        def end() -> None:
            order.append("end")
            over.set()

        front = Front(echo, threads=1, busy=lambda environ: (503, [], b""), beside=beside, end=end)
        await front({"type": "lifespan"}, receive, send)

    asyncio.run(scenario())
    assert order.index("lifespan.startup.complete") < order.index("beside")
    assert ("end" in order) is not right
