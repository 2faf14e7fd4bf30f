"""The hub of live streams: however many pages are open, one connection to the database and no thread.

A page opens ``GET /live``; the application answers once, with the state and who is reading, and the front hands the
open answer to the hub. The hub hears what acts say (``anlan.kernel.notify.live``) and passes it on to whom it
concerns. It looks at intervals whether each reader's session still stands, so a stream ends within a minute of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from anlan.runtime.connections import STREAMS
from anlan.runtime.front import Headers, Receive, Send, encoded

log = logging.getLogger(__name__)
K = TypeVar("K")

MOST_EACH = 12  # streams of one person in one process
BEAT = 20.0  # seconds between two signs of life: proxies close what is silent for a minute
LOOK = 20.0  # seconds between two looks at the readers' sessions
STILL_HERE = b": still here\nevent: beat\ndata: {}\n\n"
"""A sign of life: bytes for whatever stands between, an event for pages that must notice when their stream is dead."""
_SLOWEST = 15.0  # seconds between two tries to reach the database again
MOST_COUNTED = 100  # unread messages; the page says "99+"

_COUNT = """
SELECT u, (SELECT count(*) FROM (
    SELECT 1 FROM notify_message WHERE user_id = u AND read_at IS NULL LIMIT %s) AS few)
FROM unnest(%s::bigint[]) AS u
"""
_STANDING = """
SELECT s.session_key, u.id, encode(sha256(convert_to(u.password, 'UTF8')), 'hex')
FROM unnest(%s::text[], %s::bigint[]) AS asked (session_key, user_id)
JOIN django_session s ON s.session_key = asked.session_key AND s.expire_date > now()
JOIN identity_user u ON u.id = asked.user_id AND u.is_active
"""


@dataclass(eq=False)
class Stream:
    """One open page: its reader, session and password's stamp, the records it shows, and what it is to be told."""

    user: int
    session: str
    stamp: str
    records: frozenset[str] = frozenset()
    told: dict[str, Any] = field(default_factory=dict)
    ended: bool = False
    gone: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, **facts: Any) -> None:
        """Tell the page; what it has not yet been told is told at once with it."""
        self.told |= facts
        self.woken.set()

    def end(self, *, gone: bool = False) -> None:
        """The session is over, or (``gone``) the page."""
        self.ended, self.gone = True, self.gone or gone
        self.woken.set()


class Hub:
    """The streams of one process."""

    def __init__(
        self,
        connect: dict[str, Any],
        channel: str,
        busy: Callable[[dict[str, Any]], tuple[int, Headers, bytes]],
        *,
        most: int = STREAMS,
        most_each: int = MOST_EACH,
        beat: float = BEAT,
        look: float = LOOK,
    ) -> None:
        self._connect, self._channel, self._busy = connect, channel, busy
        self._most, self._most_each, self._beat, self._look = most, most_each, beat, look
        self._of: dict[int, set[Stream]] = {}
        self._on: dict[str, set[Stream]] = {}
        self._fresh: set[int] = set()  # what came between their first words and their place here was not heard
        self._count = 0
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begins to listen, in the background: the database may still be starting."""
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Lets go of all streams; the pages open them anew."""
        if self._listening:
            self._listening.cancel()
        for stream in list(self._all()):
            stream.end(gone=True)

    async def hold(self, facts: dict[str, Any], headers: Headers, first: bytes, receive: Receive, send: Send) -> None:
        """One stream, from the application's first words to its end."""
        stream = Stream(facts["user"], facts["session"], facts["stamp"], frozenset(facts["records"]))
        if self._count >= self._most or len(self._of.get(stream.user, ())) >= self._most_each:
            status, headers, body = self._busy(facts["environ"])
            await send({"type": "http.response.start", "status": status, "headers": encoded(headers)})
            await send({"type": "http.response.body", "body": body, "more_body": False})
            return
        self._add(stream)
        watching = asyncio.create_task(_until_gone(receive, stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": encoded(headers)})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            while not stream.ended:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stream.woken.wait(), self._beat)
                stream.woken.clear()
                told, stream.told = stream.told, {}
                words = event("changed", told) if told else STILL_HERE
                if not stream.ended:
                    await send({"type": "http.response.body", "body": words, "more_body": True})
            if not stream.gone:
                await send({"type": "http.response.body", "body": event("end", {}), "more_body": False})
        finally:
            watching.cancel()
            self._remove(stream)

    # -- what is heard ------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        pause, before = 0.5, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**self._connect, autocommit=True) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
                    if before:  # what was said meanwhile was not heard
                        await self._recount(connection, self._of)
                    pause, before = 0.5, True
                    await self._hear(connection)
            except (psycopg.Error, OSError) as why:
                log.warning("live streams hear nothing (%s); trying again in %.1f s", str(why).strip(), pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _SLOWEST)

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        looked = time.monotonic()
        while True:
            left = max(0.0, looked + self._look - time.monotonic())
            inboxes: set[int] = set()
            async for word in connection.notifies(timeout=left, stop_after=1):
                inboxes |= self._pass_on(json.loads(word.payload))
            if inboxes:
                await self._recount(connection, inboxes)
            if time.monotonic() >= looked + self._look:
                await self._end_what_is_over(connection)
                fresh, self._fresh = self._fresh, set()
                await self._recount(connection, fresh)
                looked = time.monotonic()

    def _pass_on(self, word: dict[str, Any]) -> set[int]:
        """Tells pages that show a changed record; gives back the readers whose inboxes have to be counted."""
        for record in word.get("records", ()):
            for stream in self._on.get(record, ()):
                if stream.user != word.get("by"):
                    stream.tell(record=record)
        concerned = {user for user in word.get("users", ()) if user in self._of}
        if word.get("urgent"):
            for user in concerned:
                for stream in self._of[user]:
                    stream.tell(urgent=True)
        return concerned

    async def _recount(self, connection: psycopg.AsyncConnection[Any], users: Iterable[int]) -> None:
        wanted = [user for user in users if user in self._of]
        asked = await connection.execute(_COUNT, [MOST_COUNTED, wanted])
        for user, unread in await asked.fetchall():
            for stream in self._of.get(user, ()):
                stream.tell(unread=unread)

    async def _end_what_is_over(self, connection: psycopg.AsyncConnection[Any]) -> None:
        streams = list(self._all())
        if not streams:
            return
        pairs = {(stream.session, stream.user) for stream in streams}
        sessions, users = [session for session, _ in pairs], [user for _, user in pairs]
        standing = set(await (await connection.execute(_STANDING, [sessions, users])).fetchall())
        for stream in streams:
            if (stream.session, stream.user, stream.stamp) not in standing:
                stream.end()

    # -- who is there -------------------------------------------------------------------------------------------

    def _all(self) -> Iterable[Stream]:
        return (stream for streams in self._of.values() for stream in streams)

    def _add(self, stream: Stream) -> None:
        self._count += 1
        self._fresh.add(stream.user)
        self._of.setdefault(stream.user, set()).add(stream)
        for record in stream.records:
            self._on.setdefault(record, set()).add(stream)

    def _remove(self, stream: Stream) -> None:
        self._count -= 1
        _drop(self._of, stream.user, stream)
        for record in stream.records:
            _drop(self._on, record, stream)


def _drop(index: dict[K, set[Stream]], key: K, stream: Stream) -> None:
    index[key].discard(stream)
    if not index[key]:
        del index[key]


def event(name: str, facts: dict[str, Any]) -> bytes:
    """An event as a stream writes it.

    >>> event("changed", {"unread": 2})
    b'event: changed\\ndata: {"unread":2}\\n\\n'
    """
    return f"event: {name}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n".encode()


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end(gone=True)
