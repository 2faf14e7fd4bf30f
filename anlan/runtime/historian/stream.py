"""The historian's side of the message server: messages come in on a thread of their own, in order, from where the
checkpoint stands."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anlan.kernel import messaging
from anlan.runtime.historian.sharding import Shard

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = logging.getLogger(__name__)
STREAM, SUBJECTS = "TELEMETRY", "anlan.telemetry.*"
DURABLE = Shard().name
PREFIX = "anlan.telemetry."
KEPT_S = 3 * 86_400  # how long the stream keeps what nobody took: a historian may stand still over a weekend
REPLICAS = "ANLAN_NATS_REPLICAS"
_ASK = 4_000  # messages asked for at a time
_MOST_BYTES = 256 * 1024 * 1024  # waiting in this process at the most
_STALE_S = 30.0  # seconds a request for more stands on the server
_PASS_S = 1.0  # seconds between two messages of other historians' gateways that are passed on to be acknowledged
_SOONEST_S, _SLOWEST_S = 0.1, 1.0  # seconds between two tries to reach the server


@dataclass(frozen=True, slots=True)
class Message:
    """One payload: its gateway's code, when the server took it (epoch ms), its number in the stream. Without a code it
    only says how far the stream was followed."""

    code: str
    data: bytes
    arrived: int
    sequence: int
    reply: str


class Inbox:
    """Messages of the stream in order, of the gateways that fall to a shard. ``answers`` maps subjects to who answers
    them: bytes in, bytes out."""

    def __init__(
        self, start: int, born: int, answers: dict[str, Callable[[bytes], bytes]] | None = None, share: int = 0,
        shard: Shard | None = None,
    ) -> None:  # fmt: skip
        self._shard = shard or Shard()
        self._last, self._born = start, born
        self._answers = answers or {}
        self._share = share
        self._lock = threading.Condition()
        self._waiting: list[Message] = []
        self._bytes = 0
        self._open = 0  # messages asked for and not yet come
        self._asked_at = 0.0
        self._passed_at = float("-inf")
        self._client: Client | None = None
        self._again = False
        self._ending = False
        self.pending = 0
        self.ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)

    @property
    def born(self) -> int:
        """When the stream was made (ns): a checkpoint of another stream counts for nothing."""
        return self._born

    def start(self) -> None:
        """Begin to listen; messages come from after the start given."""
        self._thread.start()

    def take(self, timeout: float) -> list[Message]:
        """What has come since the last call; empty after ``timeout`` seconds without anything."""
        with self._lock:
            if not self._waiting:
                self._lock.wait(timeout)
            taken, self._waiting, self._bytes = self._waiting, [], 0
        return taken

    def acknowledge(self, reply: str) -> None:
        """Tell the server that everything up to the message with that ``reply`` is stored."""
        asyncio.run_coroutine_threadsafe(self._acknowledge(reply), self._loop)

    def stop(self) -> None:
        """Let go of the server."""
        self._ending = True
        self._loop.call_soon_threadsafe(lambda: None)
        self._thread.join(5)

    # -- on the loop ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._live())

    async def _live(self) -> None:
        pause = _SOONEST_S
        while not self._ending:
            try:
                await self._connected()
                pause = _SOONEST_S
                await self._follow()
            except Exception as why:  # noqa: BLE001 - whatever the library raises, the historian goes on
                log.warning("the message server is out of reach (%s: %s)", type(why).__name__, why)
            finally:
                await self._closed()
            if not self._ending:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _SLOWEST_S)

    async def _connected(self) -> None:
        async def lost() -> None:
            self._again = True

        self._client = await messaging.connected(
            "anlan-historian", disconnected_cb=lost, allow_reconnect=False, pending_size=64 * 1024 * 1024
        )
        self._again = False
        for subject, answer in self._answers.items():
            await self._client.subscribe(subject, queue="historian", cb=self._answering(answer))

    async def _follow(self) -> None:
        """Make the stream where it is missing, and a reader of it that begins after what is taken already."""
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
        from nats.js.errors import NotFoundError

        client = self._client
        assert client is not None
        jetstream = client.jetstream(timeout=10)
        info = await made(jetstream, self._share)
        born = int(info.created.timestamp() * 1000) if info.created else 0
        if self._born != born or info.state.last_seq < self._last:
            self._last = 0 if self._born != born else info.state.last_seq
            self._born = born
        with contextlib.suppress(NotFoundError):
            await jetstream.delete_consumer(STREAM, self._shard.name)
        config = ConsumerConfig(
            durable_name=self._shard.name, ack_policy=AckPolicy.ALL, ack_wait=3600, max_ack_pending=-1,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=self._last + 1, filter_subject=SUBJECTS,
        )  # fmt: skip
        await jetstream.add_consumer(STREAM, config)
        inbox = client.new_inbox()
        await client.subscribe(inbox, cb=self._came, pending_msgs_limit=-1, pending_bytes_limit=-1)
        self._open = 0
        self.ready.set()
        while not self._ending and not self._again and client.is_connected:
            await self._ask(client, inbox)
            await asyncio.sleep(0.02)

    async def _ask(self, client: Client, inbox: str) -> None:
        now = time.monotonic()
        if now - self._asked_at > _STALE_S:
            self._open = 0
        if self._open < _ASK // 2 and self._bytes < _MOST_BYTES:
            wanted = _ASK - self._open
            request = b'{"batch":%d,"expires":%d}' % (wanted, int(_STALE_S * 1e9))
            await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{self._shard.name}", request, reply=inbox)
            self._open += wanted
            self._asked_at = now

    async def _came(self, msg: Msg) -> None:
        parts = msg.reply.split(".")
        if len(parts) < 9 or parts[1] != "ACK":
            return  # a word of the server about an earlier request
        shift = 2 if len(parts) > 9 else 0
        sequence = int(parts[5 + shift])
        self._open -= 1
        if sequence <= self._last:
            return
        self._last, self.pending = sequence, int(parts[8 + shift])
        code, data = msg.subject[len(PREFIX) :], msg.data
        if not self._shard.takes(code):
            # Another historian's. Now and then one of them is passed on empty, so that it is acknowledged as well: the
            # server would keep in mind, and after an hour send again, whatever came since a gateway of ours spoke.
            if time.monotonic() - self._passed_at < _PASS_S:
                return
            self._passed_at = time.monotonic()
            code, data = "", b""
        message = Message(code, data, int(parts[7 + shift]) // 1_000_000, sequence, msg.reply)
        with self._lock:
            self._waiting.append(message)
            self._bytes += len(data)
            self._lock.notify()

    def _answering(self, answer: Callable[[bytes], bytes]) -> Callable[[Msg], Awaitable[None]]:
        async def handle(msg: Msg) -> None:
            data = await self._loop.run_in_executor(None, answer, msg.data)
            await msg.respond(data)

        return handle

    async def _acknowledge(self, reply: str) -> None:
        if self._client is not None and self._client.is_connected:
            await self._client.publish(reply, b"+ACK")

    async def _closed(self) -> None:
        client, self._client = self._client, None
        if client is not None and not client.is_closed:
            await client.close()


def replicas() -> int:
    """On how many servers of a cluster each message is kept: 1, 3 or 5 (``ANLAN_NATS_REPLICAS``).

    Raises ``ValueError``.
    """
    said = os.environ.get(REPLICAS) or "1"
    if said not in ("1", "3", "5"):
        raise ValueError(f"{REPLICAS}={said}: a message is kept on 1, 3 or 5 servers")
    return int(said)


async def made(jetstream: Any, share: int) -> Any:
    """The stream, made when missing; one that is kept on fewer or more servers than wanted is changed.

    Raises the server's own error where the cluster has not so many: a promise that cannot be kept is not made.
    """
    from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
    from nats.js.errors import NotFoundError

    wanted = replicas()
    try:
        info = await jetstream.stream_info(STREAM)
    except NotFoundError:
        config = StreamConfig(
            name=STREAM, subjects=[SUBJECTS], retention=RetentionPolicy.LIMITS, storage=StorageType.FILE,
            max_age=KEPT_S, max_bytes=share or -1, discard=DiscardPolicy.OLD, num_replicas=wanted,
        )  # fmt: skip
        return await jetstream.add_stream(config)
    if (info.config.num_replicas or 1) != wanted:
        info.config.num_replicas = wanted
        return await jetstream.update_stream(info.config)
    return info
