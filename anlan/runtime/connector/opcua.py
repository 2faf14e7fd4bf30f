"""OPC UA: a subscription to changes of data, made anew whenever it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from typing import Any

from asyncua import Client, ua

from anlan.runtime.connector.batching import BAD, Batcher, class_of
from anlan.runtime.connector.settings import OpcUa, Point

log = logging.getLogger(__name__)
QUEUE = 10  # changes of a node the server keeps for us between two notifications
TIMEOUT_S = 5.0
_FIRST_S, _LAST_S = 1.0, 30.0  # between two attempts to connect


class Following:
    """Follows one server for ever; what it says goes to the batcher.

    A value that does not change is not notified: while the server answers, it is said again every ``repeat_s`` seconds.
    """

    def __init__(self, source: OpcUa, batcher: Batcher) -> None:
        self._source, self._batcher = source, batcher
        self._points: dict[str, list[Point]] = {}  # by node: one node may be two values, in two units, say
        self._ended = ""  # why the server ended the subscription
        self._unreadable: set[str] = set()
        self.trouble = "not asked yet"

    @property
    def name(self) -> str:
        """The source's."""
        return self._source.name

    async def run(self) -> None:
        """Until it is cancelled."""
        pause = _FIRST_S
        while True:
            began = time.monotonic()
            try:
                await self._session()
            except (OSError, TimeoutError, ua.UaError, ValueError) as why:
                self._say(str(why) or type(why).__name__)
            for tag in self._source.tags:
                self._batcher.bad(tag.name)
            pause = _FIRST_S if time.monotonic() - began > _LAST_S else min(pause * 2, _LAST_S)
            await asyncio.sleep(pause)

    async def _session(self) -> None:
        source = self._source
        client = Client(source.url, timeout=TIMEOUT_S)
        client.name = client.description = "Anlan connector"
        if source.user:
            client.set_user(source.user)
            client.set_password(source.password)
        if source.security:
            await client.set_security_string(source.security)
        await asyncio.wait_for(client.connect(), TIMEOUT_S * 3)
        try:
            await self._subscribe(client)
            self._say("")
            while True:
                await asyncio.sleep(min(1.0, source.repeat_s))
                # What still holds is said again only while the server answers and the subscription lives.
                await asyncio.wait_for(client.nodes.server_state.read_value(), TIMEOUT_S)
                if self._ended:
                    raise OSError(self._ended)
                for points in self._points.values():
                    for point in points:
                        self._batcher.again(point.name, int(source.repeat_s * 1000))
        finally:
            with contextlib.suppress(OSError, TimeoutError, ua.UaError):
                await asyncio.wait_for(client.disconnect(), TIMEOUT_S)

    async def _subscribe(self, client: Client) -> None:
        self._ended = ""
        subscription = await client.create_subscription(self._source.period_ms, self)
        self._points = {}
        for point in self._source.tags:
            try:
                node = client.get_node(point.node)
            except (ua.UaError, ValueError) as why:  # written wrongly: the others are followed
                self._refuse(point, str(why) or type(why).__name__)
                continue
            followed = self._points.setdefault(node.nodeid.to_string(), [])
            followed.append(point)
            if len(followed) > 1:
                continue
            try:
                await subscription.subscribe_data_change(
                    node, queuesize=QUEUE, sampling_interval=ua.Double(self._source.period_ms)
                )
            except ua.UaError as why:
                followed.clear()
                self._refuse(point, str(why) or type(why).__name__)
        self._points = {node: points for node, points in self._points.items() if points}
        if not self._points:
            raise OSError("none of its nodes can be followed")

    def datachange_notification(self, node: Any, _value: Any, data: Any) -> None:
        """A change, as the library tells it."""
        for point in self._points.get(node.nodeid.to_string(), ()):
            self._take(point, data)

    def _take(self, point: Point, data: Any) -> None:
        told = data.monitored_item.Value
        status = told.StatusCode.value if told.StatusCode is not None else 0
        value = told.Value.Value if told.Value is not None else None
        quality = class_of(status)
        if quality == BAD:
            self._batcher.bad(point.name)
        elif isinstance(value, bool | int | float):
            self._unreadable.discard(point.name)
            oldest = int(self._source.repeat_s * 1000) + 60_000
            self._batcher.add(point.name, point.said(float(value)), quality, _moment(told), oldest)
        else:
            self._refuse(point, f"{type(value).__name__} is no number")

    def status_change_notification(self, status: Any) -> None:
        """The server says that something became of the subscription itself."""
        code = getattr(status, "Status", status)
        if class_of(int(getattr(code, "value", code) or 0)) == BAD:
            self._ended = f"the server ended the subscription ({getattr(code, 'name', code)})"

    def _refuse(self, point: Point, why: str) -> None:
        self._batcher.bad(point.name)
        if point.name not in self._unreadable:
            self._unreadable.add(point.name)
            log.error("%s: %s (%s) cannot be read (%s)", self._source.name, point.name, point.node, why)

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            log.error("%s is out of reach (%s)", self._source.name, trouble)
        elif self.trouble and not trouble:
            many = sum(len(points) for points in self._points.values())
            log.warning("%s answers: %d values are followed", self._source.name, many)
        self.trouble = trouble


def _moment(told: Any) -> int | None:
    """When the source, or else the server, says the value was so (epoch ms); OPC UA counts in UTC without saying so."""
    at = told.SourceTimestamp or told.ServerTimestamp
    if at is None:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp() * 1000)
