"""The web process's front: answers pages in a bounded number of threads, and holds live streams without any.

Pages are WSGI, as Django's are, and each occupies a thread and a database connection while it is made. The front
reads the request's body before it takes a thread, so a slow sender occupies none; it lets as many requests in as there
are threads, lets further ones wait in line, and answers 503 with ``Retry-After`` when the line is full or the wait too
long. A page that answers with the header ``X-Anlan-Live`` has begun a stream, which the hub goes on with
(``anlan.runtime.live``).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any, Protocol
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

log = logging.getLogger(__name__)
HELD = "X-Anlan-Live"  # in an answer of the application: go on with this stream; no client ever sees it
IN_LINE = 4  # requests that may wait for each thread
WAIT = 5.0  # seconds a request may wait for a thread
AGAIN = 5  # seconds after which whoever was turned away may come again
MOST_BODY = 256 * 1024 * 1024  # bytes of one request: the largest ledger with its form
MOST_HELD = 2 * 1024 * 1024 * 1024  # bytes of all requests under way: they lie on the disk meanwhile
SILENCE = 60.0  # seconds a sender may say nothing in the middle of a request
_PIECE = 256 * 1024
_IN_MEMORY = 1024 * 1024  # bytes of a body; longer ones lie in a temporary file

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Headers = list[tuple[str, str]]


class Hub(Protocol):
    """What holds the streams (``anlan.runtime.live.Hub``)."""

    async def open(self) -> None:
        """Begins to listen."""

    async def close(self) -> None:
        """Ends all streams."""

    async def hold(self, facts: dict[str, Any], headers: Headers, first: bytes, receive: Receive, send: Send) -> None:
        """Answers with a stream and stays until it ends."""


class Front:
    """An ASGI application around a WSGI one; ``before`` runs in each process before it takes its first request, then
    ``beside`` on a thread of its own. When that fails ``end`` is called: the process is to be begun anew."""

    def __init__(
        self,
        pages: Callable[..., Iterable[bytes]],
        hub: Hub | None = None,
        *,
        threads: int,
        busy: Callable[[dict[str, Any]], tuple[int, Headers, bytes]],
        large: Callable[[dict[str, Any]], tuple[int, Headers, bytes]] | None = None,
        wait: float = WAIT,
        most_body: int = MOST_BODY,
        most_held: int = MOST_HELD,
        silence: float = SILENCE,
        before: Callable[[], None] | None = None,
        beside: Callable[[], None] | None = None,
        end: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGTERM),
    ) -> None:
        self._pages, self._hub, self._busy, self._large, self._wait = pages, hub, busy, large or busy, wait
        self._most_body, self._most_held, self._silence = most_body, most_held, silence
        self._before, self._beside, self._end = before, beside, end
        self._held = 0  # bytes of the requests under way
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._free = asyncio.Semaphore(threads)
        self._most = threads * (1 + IN_LINE)
        self._here = 0  # in a thread or in line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
        elif scope["type"] == "http":
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
                try:
                    await self._take(scope, body, receive, send)
                finally:
                    body.seek(0, 2)
                    self._held -= body.tell()

    async def _take(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        """Reads the request and answers it; one too large, or that finds no room beside the others, is not read on."""
        refuse = self._large if _announced(scope) > self._most_body else None
        whole, bodiless = refuse is not None, _brings_nothing(scope)
        while not whole:
            try:
                message = await (receive() if bodiless else asyncio.wait_for(receive(), self._silence))
            except TimeoutError:
                break
            if message["type"] == "http.disconnect":
                break
            part = message.get("body", b"")
            if body.tell() + len(part) > self._most_body:
                refuse = self._large
            elif self._held + len(part) > self._most_held:
                refuse = self._busy
            else:
                self._held += body.write(part)
            whole = refuse is not None or not message.get("more_body", False)
        if refuse is not None:
            await _whole(send, *refuse(_environ(scope, body, whole=True)))
        # Of an upload that goes on where it stood, what came before the signal was lost is kept.
        elif whole or (scope["method"] == "PATCH" and body.tell()):
            await self._answer(_environ(scope, body, whole=whole), receive, send)

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._begin()
                except Exception as fault:  # said, or the server would go on without the hub; it begins anew instead
                    await send({"type": "lifespan.startup.failed", "message": f"{type(fault).__name__}: {fault}"})
                    raise
                await send({"type": "lifespan.startup.complete"})
                if self._beside:
                    self._going_on = asyncio.get_running_loop().run_in_executor(None, self._beside)
                    self._going_on.add_done_callback(self._gone_on)
            else:
                if self._hub:
                    await self._hub.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _begin(self) -> None:
        if self._before:  # in the thread that will answer: what is loaded there is loaded for all
            await asyncio.get_running_loop().run_in_executor(self._threads, self._before)
        if self._hub:
            await self._hub.open()

    def _gone_on(self, beside: asyncio.Future[None]) -> None:
        if not beside.cancelled() and (fault := beside.exception()):
            log.error("what goes on beside the first requests failed", exc_info=fault)
            self._end()

    async def _answer(self, environ: dict[str, Any], receive: Receive, send: Send) -> None:
        if not await self._enter():
            await _whole(send, *self._busy(environ))
            return
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, partial(_run, self._pages, environ, send, loop))
        finally:
            self._here -= 1
            self._free.release()
        if answer is None:
            return  # sent piece by piece already
        status, headers, body = answer
        held = next((value for name, value in headers if name.title() == HELD.title()), None)
        if held is None:
            await _whole(send, status, headers, body)
            return
        headers = [(name, value) for name, value in headers if name.title() not in (HELD.title(), "Content-Length")]
        if self._hub is None:
            await _whole(send, status, headers, body)
        else:
            await self._hub.hold({**json.loads(held), "environ": environ}, headers, body, receive, send)

    async def _enter(self) -> bool:
        """Waits for a thread; False when too many wait already, or when it takes too long."""
        if self._here >= self._most:
            return False
        self._here += 1
        if not self._free.locked():  # a thread is free: nothing to wait for, and no clock to set
            return await self._free.acquire()
        try:
            await asyncio.wait_for(self._free.acquire(), self._wait)
        except TimeoutError:
            self._here -= 1
            return False
        except asyncio.CancelledError:
            self._here -= 1
            raise
        return True


def _announced(scope: Scope) -> int:
    """The bytes a request says it brings."""
    said = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"0")
    return int(said) if said.isdigit() else 0


def _brings_nothing(scope: Scope) -> bool:
    """Whether a request comes without a body, as nearly all do: then there is nothing to wait for."""
    told = {name.lower() for name, _value in scope["headers"]}
    return scope["method"] in ("GET", "HEAD") and not told & {b"content-length", b"transfer-encoding"}


class _CutOff:
    """A body whose sender went away: what came can be read, and then the loss is told."""

    def __init__(self, body: IO[bytes]) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        """What there is; ``OSError`` after it."""
        if not (part := self._body.read(size)):
            raise OSError("the client went away")
        return part

    readline = read


def _environ(scope: Scope, body: IO[bytes], *, whole: bool) -> dict[str, Any]:
    """The request as WSGI tells it (PEP 3333); the body's length is what was received, or announced if it was cut."""
    raw = scope.get("raw_path") or scope["path"].encode()
    length = body.tell()
    body.seek(0)
    server = scope.get("server") or ("localhost", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or (443 if scope.get("scheme") == "https" else 80)),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body if whole else _CutOff(body),
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": _in_large_pieces,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if not whole:
        length = int(dict(scope["headers"]).get(b"content-length", b"0") or 0) or length + 1
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if b"_" in name or key in ("CONTENT_LENGTH", "TRANSFER_ENCODING", "EXPECT"):
            continue  # an underscore would let a client pass for a header of the proxy
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
    if length:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _in_large_pieces(file: Any, _size: int = 0) -> FileWrapper:
    """Files go to the client by the quarter megabyte: each piece is a word between the thread and the loop."""
    return FileWrapper(file, _PIECE)


def _run(
    pages: Callable[..., Iterable[bytes]], environ: dict[str, Any], send: Send, loop: asyncio.AbstractEventLoop
) -> tuple[int, Headers, bytes] | None:
    """In a thread: makes the answer. One of several pieces is sent from here, piece by piece as the client takes
    them, and None comes back."""
    begun: list[tuple[int, Headers]] = []

    def start(status: str, headers: Headers, exc_info: object = None) -> None:
        begun[:] = [(int(status.split(" ", 1)[0]), headers)]

    made = pages(environ, start)
    try:
        pieces: Iterator[bytes] = iter(made)
        first, second = next(pieces, b""), next(pieces, None)
        status, headers = begun[0]
        if second is None:
            return status, headers, first

        async def deliver(message: dict[str, Any]) -> None:
            await send(message)  # called in the loop: what a server's send gives back need not be a coroutine

        def post(message: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(deliver(message), loop).result()

        post(_started(status, headers))
        for piece in itertools.chain([first, second], pieces):
            post({"type": "http.response.body", "body": piece, "more_body": True})
        post({"type": "http.response.body", "body": b"", "more_body": False})
        return None
    finally:
        if hasattr(made, "close"):
            made.close()  # Django's end of the request: the connection goes back to the pool


def _started(status: int, headers: Headers) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": encoded(headers)}


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI sends them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _whole(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send(_started(status, headers))
    await send({"type": "http.response.body", "body": body, "more_body": False})
