"""Parts of the connector by themselves: a server's nodes, the pauses of the sender, a disk that is slow."""

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asyncua import Node, ua

from anlan.runtime.connector import sending
from anlan.runtime.connector.batching import Batcher
from anlan.runtime.connector.opcua import Following
from anlan.runtime.connector.process import Connector, now_ms
from anlan.runtime.connector.settings import Modbus, OpcUa, Platform, Point, Register, Settings, Spooling
from anlan.runtime.connector.spool import Spool


class Asked:
    """A client of OPC UA whose server follows every node but one."""

    def __init__(self, away: str = "") -> None:
        self.away, self.followed = away, list[str]()

    def get_node(self, said: str) -> Node:
        return Node(None, ua.NodeId.from_string(said))  # type: ignore[arg-type]

    async def create_subscription(self, *_given: Any) -> Any:
        async def follow(node: Node, **_more: Any) -> None:
            if node.nodeid.to_string() == self.away:
                raise ua.UaStatusCodeError(ua.StatusCodes.BadNodeIdUnknown)
            self.followed.append(node.nodeid.to_string())

        return SimpleNamespace(subscribe_data_change=follow)


def following(*tags: tuple[str, str, float]) -> tuple[Following, Batcher]:
    points = tuple(Point(name, scale, 0.0, node) for name, node, scale in tags)
    batcher = Batcher(now_ms)
    return Following(OpcUa("DCS", "opc.tcp://x", "", "", "", 100, 60, points), batcher), batcher


def changed(source: Following, node: str, value: float) -> None:
    told = ua.DataValue(ua.Variant(value))
    item = SimpleNamespace(monitored_item=SimpleNamespace(Value=told))
    source.datachange_notification(Node(None, ua.NodeId.from_string(node)), value, item)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["ns=x;i=7", "i=seven", "ns=2;g=none"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_node_that_is_written_wrongly_costs_no_other(
    wrong: str, place: int, caplog: pytest.LogCaptureFixture
) -> None:
    tags = [("LT-1", "ns=2;s=A", 1.0), ("LT-2", "ns=2;s=B", 1.0)]
    tags.insert(place, ("WRONG", wrong, 1.0))
    source, batcher = following(*tags)
    client = Asked()
    asyncio.run(source._subscribe(client))  # type: ignore[arg-type]
    assert client.followed == ["ns=2;s=A", "ns=2;s=B"]
    changed(source, "ns=2;s=A", 3.0)
    changed(source, "ns=2;s=B", 4.0)
    assert [(one.tag, one.value) for one in batcher.held()] == [("LT-1", 3.0), ("LT-2", 4.0)]
    assert "WRONG" in caplog.text and wrong in caplog.text


def test_one_node_may_be_two_values() -> None:
    source, batcher = following(("BAR", "ns=2;s=P", 1.0), ("KPA", "ns=2;s=P", 100.0), ("AWAY", "ns=2;s=Q", 1.0))
    client = Asked(away="ns=2;s=Q")
    asyncio.run(source._subscribe(client))  # type: ignore[arg-type]
    changed(source, "ns=2;s=P", 1.5)
    assert client.followed == ["ns=2;s=P"]
    assert [(one.tag, one.value) for one in batcher.held()] == [("BAR", 1.5), ("KPA", 150.0)]


class Pauses(threading.Event):
    """Notes how long it was to wait, and ends after so many times."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.noted, self._most = list[float](), most

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout or 0.0)
        if len(self.noted) >= self._most:
            self.set()
        return self.is_set()


def test_a_platform_that_takes_the_connection_and_nothing_else_is_asked_ever_more_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path / "spool", 1 << 20)
    spool.append(b"[]", 1)
    sender = sending.Sender(spool, Platform("127.0.0.1", 9, False, None, "farm-1", "x", True))
    sender._ending = Pauses(6)
    status = [401]

    def answered(self: Any) -> Any:
        if status[0] == 202:
            sender._ending.set()  # nothing more is to be sent
        return SimpleNamespace(status=status[0], read=lambda _most: b"")

    for name, stand_in in (("connect", lambda self: None), ("request", lambda *_given: None), ("getresponse", answered)):
        monkeypatch.setattr(sending.http.client.HTTPConnection, name, stand_in)
    with caplog.at_level(logging.WARNING):
        sender.run()
    assert sender._ending.noted == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0]
    assert len(caplog.records) == 1 and "is refused" in caplog.text, "said once, and never that it is reached again"
    status[0] = 202
    sender._ending = Pauses(1)
    with caplog.at_level(logging.WARNING):
        sender.run()
    assert spool.waiting == 0 and "is reached again" in caplog.text and sender._ending.noted == [0.5]
    spool.close()


def test_a_slow_disk_does_not_hold_up_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = Register("LT-1", 1.0, 0.0, "holding", 1, "int16", "ABCD")
    connector = Connector(Settings(
        Platform("127.0.0.1", 9, False, None, "farm-1", "x"), Spooling(tmp_path / "spool", 1 << 20, "always", 1.0, 10),
        (), (Modbus("PLC", "127.0.0.1", 9, 1, 5.0, 1.0, (tag,)),),
    ))  # fmt: skip
    went_on, kept = threading.Event(), list[bool]()
    monkeypatch.setattr(connector.spool, "append", lambda payload, readings: kept.append(went_on.wait(10)))

    async def work() -> None:
        connector.batcher.add("LT-1", 1.0)
        writing = asyncio.create_task(connector.flush())
        await asyncio.sleep(0)
        went_on.set()  # the loop goes on while the disk takes its time
        await writing

    asyncio.run(work())
    assert kept == [True]
    connector.spool.close()
