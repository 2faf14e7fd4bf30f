"""The message server as the web and the processes use it: publish, publish and be sure, ask.

``ANLAN_NATS_URL`` names it, or the servers of a cluster with commas between (``anlan up`` sets it for its own). One
connection a process, made at the first use and kept, on a thread of its own; a fork makes its own. Where the server
does not answer, ``Unreachable`` is raised by the call that needed it and by no other: nothing else of the platform
rests on it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from anlan.kernel.errors import Refused, gettext_noop

if TYPE_CHECKING:  # loaded at the first use: most processes never send a message
    from nats.aio.client import Client

VARIABLE, OURS = "ANLAN_NATS_URL", "ANLAN_NATS_OURS"
CONNECT_S = 2
T = TypeVar("T")


def elsewhere() -> bool:
    """Whether the message server is one of somebody's own, named in ``ANLAN_NATS_URL``, and not the one that
    ``anlan up`` started: what it throws away stands in its own logs, which nobody reads for us."""
    return bool(os.environ.get(VARIABLE)) and os.environ.get(OURS) != "1"


class Unreachable(Refused):
    """The message server, or who answers behind it, cannot be reached."""

    status = 503
    message = gettext_noop(
        "Live readings cannot be reached just now. The rest of the platform is not affected; try again shortly. If it "
        "stays so, ask whoever runs the platform to look at the parts “nats” and “historian” on the health page."
    )


def publish(subject: str, data: bytes) -> None:
    """Send without waiting for anybody; raises ``Unreachable``."""
    _link().call(_publish(subject, data), CONNECT_S + 2)


def publish_kept(subject: str, data: bytes, *, timeout: float = 5.0) -> int:
    """Publish into the stream of that subject; gives back the number under which the server keeps it.

    Raises ``Unreachable`` when it was not acknowledged: then nobody knows whether it is kept, and it may be sent again.
    """
    return _link().call(_kept(subject, data, timeout), timeout + CONNECT_S)


def request(subject: str, data: bytes, *, timeout: float = 3.0) -> bytes:
    """Ask whoever answers to the subject; raises ``Unreachable`` when nobody does within ``timeout`` seconds."""
    return _link().call(_asked(subject, data, timeout), timeout + CONNECT_S)


async def connected(name: str, address: str | None = None, **more: Any) -> Client:
    """A connection of one's own, for processes that subscribe; it comes back by itself for ever."""
    import nats

    address = address or os.environ.get(VARIABLE)
    if not address:
        raise Unreachable
    options: dict[str, Any] = {"max_reconnect_attempts": -1, "reconnect_time_wait": 0.25, "connect_timeout": CONNECT_S}
    return await nats.connect(servers(address), name=name, error_cb=_heard, **{**options, **more})


def servers(address: str) -> list[str]:
    """The servers an address names: any of them will do.

    >>> servers("nats://a:4222, nats://b:4222,")
    ['nats://a:4222', 'nats://b:4222']
    """
    return [one.strip() for one in address.split(",") if one.strip()]


class _Link:
    """The thread with the loop, and the connection on it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.address = os.environ.get(VARIABLE, "")
        self.loop = asyncio.new_event_loop()
        self._client: Client | None = None
        self._lock: asyncio.Lock | None = None
        threading.Thread(target=self.loop.run_forever, name="messages", daemon=True).start()

    def call(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Run on the loop; the errors of the library become ours."""
        from nats.errors import Error as NatsError

        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(seconds)
        except (NatsError, OSError, TimeoutError, asyncio.CancelledError) as why:
            future.cancel()
            raise Unreachable from why

    async def client(self) -> Client:
        """The connection, made when there is none; one that is lost is waited for no longer than a call lasts."""
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if self._client is None or self._client.is_closed:
                self._client = await connected(f"anlan-{self.pid}", allow_reconnect=True, max_reconnect_attempts=2)
        if not self._client.is_connected:
            raise Unreachable
        return self._client


_link_lock = threading.Lock()
_links: list[_Link] = []


def _link() -> _Link:
    with _link_lock:
        wanted = (os.getpid(), os.environ.get(VARIABLE, ""))
        if not _links or (_links[0].pid, _links[0].address) != wanted:
            _links[:] = [_Link()]
        return _links[0]


async def _publish(subject: str, data: bytes) -> None:
    client = await _links[0].client()
    await client.publish(subject, data)


async def _kept(subject: str, data: bytes, timeout: float) -> int:
    client = await _links[0].client()
    return int((await client.jetstream().publish(subject, data, timeout=timeout)).seq)


async def _asked(subject: str, data: bytes, timeout: float) -> bytes:
    client = await _links[0].client()
    return bytes((await client.request(subject, data, timeout=timeout)).data)


async def _heard(why: Exception) -> None:
    """Errors of the connection itself: whoever calls meets them as his own."""
