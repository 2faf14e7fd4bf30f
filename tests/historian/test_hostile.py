"""Whatever is sent is refused or absorbed, and counted; whatever fails beneath, alarms go on being judged."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import orjson
import pytest

from anlan.kernel import clock, messaging
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.models import Alarm, AlarmTransition
from anlan.modules.alarms.tasks import watch
from anlan.modules.monitoring.models import GatewayCount
from anlan.modules.monitoring.tests.conftest import Scene, made
from anlan.runtime.historian import process
from anlan.runtime.historian.checks import Latest
from anlan.runtime.historian.decode import MOST_LAYOUTS, Decoder
from anlan.runtime.historian.process import Historian
from anlan.runtime.historian.sharding import Shard
from anlan.runtime.historian.stream import Inbox, Message
from tests.historian.hostile import payloads
from tests.historian.test_together import Running, farm, held, running, until

__all__ = ["running"]
pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10_000
FULL = 10**18  # bytes that no disk has
MIB = 1 << 20


def test_ten_thousand_hostile_payloads_become_readings_or_counts() -> None:
    """Each of them leaves something behind, and nothing that was not registered or is no number gets through."""
    now = 1_795_300_000_000
    tags = [f"T{n}" for n in range(8)]
    decoder, latest = Decoder({"g": {tag: n for n, tag in enumerate(tags)}}), Latest(len(tags))
    kept = refused = silent = 0
    tracemalloc.start()
    try:
        for payload in payloads(MANY, "g", tags, now):
            decoder.take("g", payload, now)
            columns = decoder.columns()
            latest.check(columns, 60_000)
            counted = sum(times for times, _ in decoder.take_refused().values())
            assert np.isfinite(columns.value).all() and not (set(columns.index.tolist()) - set(range(len(tags))))
            assert ((columns.ts <= now + 60_000) & (columns.ts >= now - 400 * 86_400_000)).all()
            kept, refused = kept + len(columns), refused + counted
            silent += not len(columns) and not counted
        left = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept > 10_000 and refused > 10_000, (kept, refused)
    assert silent < MANY / 100, "only an empty list and a reading of no tag say nothing"
    assert left < 16 * MIB, "what somebody makes up is not kept"


def test_names_that_are_made_up_are_not_remembered() -> None:
    decoder = Decoder({"g": {"a": 0}})
    before = -1
    tracemalloc.start()
    try:
        for turn in range(2 * MOST_LAYOUTS):
            body = {"t": 1000, "v": {f"{turn}-{n}": 1 for n in range(5000)} | {"a": turn}}
            decoder.take("g", orjson.dumps(body), 1000)
            assert decoder.columns().value.tolist() == [turn]
            if turn == 2:
                before = tracemalloc.get_traced_memory()[0]
        assert tracemalloc.get_traced_memory()[0] - before < MIB
    finally:
        tracemalloc.stop()


def test_a_round_is_bounded_in_bytes_too() -> None:
    few, many = [_message(n, b"x" * 4 * MIB) for n in range(9)], [_message(n, b"{}") for n in range(1200)]
    assert [len(some) for some in process.rounds(few)] == [4, 4, 1]
    assert [len(some) for some in process.rounds(many)] == [500, 500, 200]
    assert [m.sequence for some in process.rounds(few) for m in some] == list(range(9))
    assert [len(some) for some in process.rounds([_message(0, b"x" * 40 * MIB)])] == [1] and not list(
        process.rounds([])
    )


def test_hostile_payloads_stop_no_historian(running: Running) -> None:
    """Through the server into the running process: it stays the same process, its memory stays bounded, each reason is
    counted, and a good reading that comes after them all is stored."""
    gateway, _secret, tag = farm(made())
    running.start_nats()
    running.start_historian()
    assert running.historian is not None
    number = running.historian.pid
    now = time.time_ns() // 1_000_000
    for n, payload in enumerate(payloads(MANY, "farm-1", ["LT-1", "LT-2"], now)):
        if n % 500 == 499:
            messaging.publish_kept("anlan.telemetry.farm-1", payload, timeout=20)  # so that the line is not overrun
        else:
            messaging.publish("anlan.telemetry.farm-1", payload)
    last = time.time_ns() // 1_000_000
    messaging.publish_kept("anlan.telemetry.farm-1", orjson.dumps({"t": last, "v": {"LT-1": 4.25}}), timeout=20)
    # Late or not: a mutated payload whose time still counts as near may have been ahead of it.
    until(lambda: [tag.pk, last, 4.25, 0] in [row[:4] for row in held(tag)], 180)
    assert running.historian.poll() is None and running.historian.pid == number
    assert _memory(number) < 1024 * MIB
    reasons = {"not_json", "unknown_tag", "bad_number", "bad_time", "too_old"}

    def counted() -> bool:
        found = dict(GatewayCount.plain.filter(gateway=gateway).values_list("reason", "count"))
        return reasons <= set(found) and all(found[reason] > 10 for reason in reasons)

    until(counted, 60)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the historian does every few seconds it does at every turn."""
    for name in ("FLUSH_S", "CHECK_S", "TICK_S"):
        monkeypatch.setattr(process, name, 0.0)


class Desk:
    """A historian in this process, given what the stream would give; what it acknowledges is kept."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scene: Scene = made()
        _, _, self.tag = farm(self.scene)
        self.limit("high", 8, dead_band=0.5)
        self.historian = Historian(data)
        self.acknowledged: list[str] = []
        monkeypatch.setattr(self.historian.inbox, "acknowledge", self.acknowledged.append)
        self.historian.inbox.ready.set()
        self._monkeypatch, self._sequence = monkeypatch, 0

    def limit(self, kind: str, threshold: float, **more: Any) -> None:
        alarms.make_setting(
            actor=self.scene.actor("county_officer"), tag=self.tag.pk, kind=kind, threshold=threshold, **more
        )

    def says(self, value: float, at: int, clock_says: int) -> None:
        """One reading of that moment, taken by a server whose clock shows the other."""
        self._sequence += 1
        body = orjson.dumps({"t": at, "v": {"LT-1": value}})
        self.time_is(clock_says)
        self.historian.round([Message("farm-1", body, clock_says, self._sequence, str(self._sequence))])
        self.historian.between(idle=False)

    def time_is(self, clock_says: int) -> None:
        self._monkeypatch.setattr(process, "_now_ms", lambda: clock_says)

    def idle(self) -> bool:
        """A turn without messages; never true, so that a wait may begin with it."""
        self.historian.between(idle=True)
        return False

    def stored(self) -> list[list[Any]]:
        return self.historian.store.readings([self.tag.pk], 0, 2**52, 10_000)

    def told(self) -> list[tuple[str, bool, int]]:
        rows = AlarmTransition.plain.order_by("at", "pk").values_list("setting__kind", "raised", "at")
        return [(kind, raised, int(at.timestamp() * 1000)) for kind, raised, at in rows]

    def end(self) -> None:
        self.historian._writer.close()
        self.historian.store.close()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: None) -> Iterator[Desk]:
    made_ = Desk(tmp_path, monkeypatch)
    yield made_
    made_.end()


def _disk(desk: Desk, statement: str) -> None:
    """The engine's own guard against a full disk, set so that any disk is too full, or as it was."""
    store: Any = desk.historian.store
    getattr(store, "engine", store)._session.query(f"ALTER TABLE telemetry.readings {statement}")


def test_with_a_full_disk_alarms_are_judged_and_afterwards_everything_is_stored_once(desk: Desk) -> None:
    now = 1_795_300_000_000
    desk.says(7.0, now, now)
    until(lambda: desk.idle() or desk.acknowledged)
    _disk(desk, f"MODIFY SETTING min_free_disk_bytes_to_perform_insert = {FULL}")
    before = list(desk.acknowledged)
    for n in range(1, 40):
        desk.says(8.4 if n > 20 else 7.5, now + n * 1000, now + n * 1000)
    assert desk.told() == [("high", True, now + 21_000)], "the alarm is raised while nothing can be stored"
    assert until(lambda: desk.idle() or desk.historian._writer.refused)
    assert desk.acknowledged == before and len(desk.stored()) == 1, "what is not stored is not acknowledged"
    assert desk.historian.latest.value[desk.historian.catalogue.place_of[desk.tag.pk]] == 8.4
    _disk(desk, "RESET SETTING min_free_disk_bytes_to_perform_insert")
    until(lambda: desk.idle() or desk.acknowledged[-1:] == ["40"])
    assert [(row[1], row[2]) for row in desk.stored()] == [
        (now + n * 1000, 7.0 if not n else 8.4 if n > 20 else 7.5) for n in range(40)
    ]


def test_a_store_that_refuses_for_long_takes_no_more_memory_than_was_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_795_300_000_000
    monkeypatch.setattr(process, "MOST_HELD", 3)
    _disk(desk, f"MODIFY SETTING min_free_disk_bytes_to_perform_insert = {FULL}")
    for n in range(4):
        desk.says(7.0, now + n, now)
    desk.historian.stop()  # whoever ends it while it waits for the disk is not kept waiting
    for n in range(4, 8):
        desk.says(7.0, now + n, now)
    assert desk.historian._held >= 3 and not desk.acknowledged
    _disk(desk, "RESET SETTING min_free_disk_bytes_to_perform_insert")
    until(lambda: desk.idle() or desk.acknowledged[-1:] == ["8"])
    assert len(desk.stored()) == 8


def test_no_checkpoint_is_written_while_a_minute_that_is_over_is_in_memory_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    historian, now = desk.historian, 1_795_300_020_000
    put, keep = historian._writer.put, historian._keep
    refused: list[Any] = []
    in_memory: list[bool] = []

    def refuses_once(job: Any) -> bool:
        if job.__name__ == "work" and not refused:
            refused.append(job)
            return False
        return put(job)

    def keeps(*given: Any) -> None:
        in_memory.append(any(historian.rolling._over.values()))
        keep(*given)

    monkeypatch.setattr(historian._writer, "put", refuses_once)
    monkeypatch.setattr(historian, "_keep", keeps)
    for minute in range(4):
        desk.says(7.0, now + minute * 60_000, now + minute * 60_000)
    assert until(lambda: desk.idle() or desk.acknowledged[-1:] == ["4"])
    assert refused and in_memory and not any(in_memory)


def test_what_falls_to_other_historians_is_acknowledged_as_well(desk: Desk) -> None:
    shard, now = Shard(1, 2), 1_795_300_000_000
    theirs = next(f"farm-{n}" for n in range(9) if not shard.takes(f"farm-{n}"))
    mine = next(f"farm-{n}" for n in range(9) if shard.takes(f"farm-{n}"))
    inbox = Inbox(0, 0, shard=shard)

    async def come() -> None:
        for number, code in enumerate((theirs, theirs, mine, theirs), 1):
            reply = f"$JS.ACK.TELEMETRY.historian.1.{number}.{number}.{now}000000.0"
            await inbox._came(SimpleNamespace(reply=reply, subject=f"anlan.telemetry.{code}", data=b"{}"))  # type: ignore[arg-type]

    asyncio.run(come())
    taken = inbox.take(0)
    assert [(one.code, one.data, one.sequence) for one in taken] == [("", b"", 1), (mine, b"{}", 3)], "one in a while"
    desk.time_is(now)
    desk.historian.round(taken[:1])
    assert until(lambda: desk.idle() or desk.acknowledged == [taken[0].reply])
    assert "" not in desk.historian.teller.seen and not desk.stored()


def test_a_checkpoint_that_finds_no_room_is_written_later(desk: Desk) -> None:
    now = 1_795_300_000_000
    fresh = desk.historian.folder / "checkpoint.new"
    fresh.symlink_to("/dev/full")
    desk.says(8.2, now, now)
    until(lambda: desk.idle() or desk.stored())
    assert desk.told() == [("high", True, now)] and not desk.acknowledged
    fresh.unlink()
    until(lambda: desk.idle() or desk.acknowledged == ["1"])


def test_the_server_clock_jumps_an_hour_ahead_and_back(desk: Desk) -> None:
    """Gateways keep the right time. Ahead: what comes counts as late, is stored and judged by nobody. Back: as ever."""
    now, hour = 1_795_300_000_000, 3_600_000
    desk.limit("no_data", 600)
    desk.historian.judge.renew()
    for n in range(5):
        desk.says(7.0, now + n * 5000, now + n * 5000)
    for n in range(5, 10):
        desk.says(7.0, now + n * 5000, now + n * 5000 + hour)
    desk.idle()
    silent = [kind for kind, raised, _ in desk.told() if raised]
    assert silent == ["no_data"], "by that clock nothing was heard for an hour"
    for n in range(10, 20):
        desk.says(8.4 if n > 14 else 7.0, now + n * 5000, now + n * 5000)
    desk.idle()
    told = desk.told()
    assert ("high", True, now + 15 * 5000) in told and len(told) == len(set(told))
    assert [row[0] for row in told if row[0] == "no_data"] == ["no_data", "no_data"], "and it is over again"
    until(lambda: desk.idle() or len(desk.stored()) == 20)
    assert [late for *_, late in desk.stored()] == [0] * 5 + [1] * 5 + [0] * 10


def test_the_server_clock_jumps_an_hour_back(desk: Desk) -> None:
    """Gateways keep the right time: what they send lies ahead of the server's clock, is refused and counted."""
    now, hour = 1_795_300_000_000, 3_600_000
    desk.says(7.0, now, now)
    for n in range(1, 6):
        desk.says(8.5, now + n * 5000, now + n * 5000 - hour)
    desk.historian.teller.tell(time.monotonic(), at_once=True)
    assert GatewayCount.plain.get(gateway=desk.tag.gateway_id, reason="ahead").count == 5
    assert desk.told() == []
    desk.says(8.5, now + 30_000, now + 30_000)
    assert desk.told() == [("high", True, now + 30_000)]
    until(lambda: desk.idle() or len(desk.stored()) == 2)


def test_a_day_between_two_turns_escalates_once(desk: Desk) -> None:
    """The clock of the desk jumps a day: what was due meanwhile is done once, and nothing is raised by the jump."""
    now = int(clock.now().timestamp() * 1000)
    desk.says(8.5, now, now)
    with clock.moved_to(clock.now() + dt.timedelta(days=1)):
        watch()
        watch()
        risen = Alarm.plain.get()
        assert risen.escalations == 1
    watch()
    assert Alarm.plain.get().escalations == 1 and len(desk.told()) == 1


def _message(number: int, data: bytes) -> Message:
    return Message("g", data, 0, number, str(number))


def _memory(number: int) -> int:
    status = Path(f"/proc/{number}/status").read_text()
    assert os.getpid() != number
    return int(status.split("VmRSS:")[1].split()[0]) * 1024
