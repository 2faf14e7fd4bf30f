"""The historian's loop: take, decode, check, judge, store, checkpoint, acknowledge."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from anlan.runtime.historian import checkpoint
from anlan.runtime.historian.answers import Answers
from anlan.runtime.historian.catalogue import Catalogue, load
from anlan.runtime.historian.checks import Latest
from anlan.runtime.historian.decode import DUPLICATE, Columns, Decoder, Limits
from anlan.runtime.historian.judging import Judge, patient
from anlan.runtime.historian.rolling import SILENT_MS, Rolling
from anlan.runtime.historian.sharding import Shard
from anlan.runtime.historian.store import DAY_MS, HOURS, MINUTES, READINGS, Rows, opened
from anlan.runtime.historian.stream import Inbox, Message
from anlan.runtime.historian.telling import Teller
from anlan.runtime.historian.writing import Writer

log = logging.getLogger(__name__)
FLUSH_S = 0.5  # seconds readings wait in memory at the most before they are stored
FLUSH_ROWS = 400_000
CHECK_S = 2.0  # seconds between two checkpoints
TICK_S = 0.25
ROUND = 500  # payloads judged at a time: what comes first is not held up by what comes after
ROUND_BYTES = 16 * 1024 * 1024  # and no more than that: a reading decoded takes many times its place on the wire
MOST_HELD = 4_000_000  # readings held in memory (33 bytes each) while the store refuses; then the stream waits
LET_GO_S = 3600.0
SILENT_S = 120.0  # seconds between two looks for minutes nothing newer came after
REST = 20  # a checkpoint may take one in so many parts of the time


@dataclass(frozen=True, slots=True)
class Retention:
    """How long readings, their minutes and their hours are kept, in days."""

    days: int = 400
    minutes: int = 1096
    hours: int = 3653


class Historian:
    """One historian on one data folder, of all gateways or of those that fall to ``shard``. ``run`` comes back after
    ``stop``."""

    def __init__(self, data: Path, *, retention: Retention | None = None, shard: Shard | None = None) -> None:
        self.shard = shard or Shard()
        self.folder = data / self.shard.name
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.retention = retention or Retention()
        self.store = opened(self.folder / "store")
        self._point = self.folder / "checkpoint"
        known = checkpoint.read(self._point)
        self.teller = Teller()
        self.catalogue = self._load()
        self.judge = Judge(known.engine, None if self.shard.whole else self.mine)
        self._limits = replace(Limits(), oldest_ms=self.retention.days * 86_400_000)
        self.latest = Latest(len(self.catalogue.sensors))
        self._decoder = Decoder(self.catalogue.tags, self._limits)
        self.rolling = Rolling(self.catalogue)
        if known.latest is None:
            self._remember()
            self._keep(known.sequence, known.stream)
        else:
            self.latest.restore(known.latest, self.catalogue.place_of)
            self.rolling.restore(known.rolling)
        self.answers = Answers(self)
        self.inbox = Inbox(known.sequence, known.stream, self.answers.subjects(), shard=self.shard)
        self._rows: list[Rows] = []
        self._held = 0
        self._writer = Writer()
        self._due: Callable[[], None] | None = None  # roll-ups that are to be stored before the next checkpoint
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._sequence, self._reply, self._arrived = known.sequence, "", 0
        self._flushed = self._checked = self._ticked = self._let_go = self._silent = time.monotonic()
        self._pause = CHECK_S
        self.readings = 0

    def stop(self) -> None:
        """Ask it to end after the round it is in."""
        self._stop.set()

    def mine(self, tag: int) -> bool:
        """Whether the readings of a tag are taken in here."""
        return tag in self.catalogue.place_of

    def catalogue_changed(self) -> None:
        """Somebody changed gateways or tags: they are read anew before the next round."""
        self._changed.set()

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Follow the stream until ``stop``."""
        self.inbox.start()
        told = ready is None
        try:
            while not self._stop.is_set():
                if not told and ready is not None and self.inbox.ready.is_set():
                    ready()
                    told = True
                messages = self.inbox.take(TICK_S)
                for some in rounds(messages):
                    self.round(some)
                self.between(idle=not messages)
            self._flush()
            self._check()
        finally:
            self.inbox.stop()
            self._writer.close()
            self.store.close()

    def round(self, messages: list[Message]) -> None:
        """Take in a few payloads."""
        decoder, seen = self._decoder, self.teller.seen
        for message in messages:
            if message.code:
                decoder.take(message.code, message.data, message.arrived)
                seen[message.code] = message.arrived
        last = messages[-1]
        self._sequence, self._reply, self._arrived = last.sequence, last.reply, last.arrived
        self._take_in(decoder.columns())
        self.teller.add(decoder.take_refused())

    def between(self, *, idle: bool) -> None:
        """What is due between rounds."""
        now = time.monotonic()
        if self._held >= FLUSH_ROWS or (self._held and now - self._flushed > FLUSH_S):
            self._flush()
        if now - self._checked > self._pause:
            self._check()
        if now - self._ticked > TICK_S:
            self._ticked = now
            # While messages wait, time is theirs: silence is judged by when they came, not by when they are read.
            behind = not idle or self.inbox.pending or not self.inbox.ready.is_set()
            self.judge.tick(self._arrived if behind and self._arrived else _now_ms())
            self.judge.refresh(now)
            self.teller.tell(now)
        if self._changed.is_set():
            self._changed.clear()
            self._renew(self._load())
        if now - self._let_go > LET_GO_S:
            self._let_go = now
            self._writer.put(self._forget)

    def _take_in(self, rows: Columns) -> None:
        if not len(rows):
            return
        checked = self.latest.check(rows, self._limits.late_ms)
        self.rolling.add(rows, checked)
        if checked.twice.any():
            self._decoder.refuse_rows(rows.origin[checked.twice], DUPLICATE)
            once = ~checked.twice
            rows, late = rows.taken(once), checked.late[once]
        else:
            late = checked.late
        if not len(rows):
            return
        tags = self.catalogue.sensors[rows.index]
        self.judge.feed(tags, rows.ts, rows.value, rows.quality, late, self._arrived)
        self._rows.append(Rows(tags, rows.ts, rows.value, rows.quality, late))
        self._held += len(rows)
        self.readings += len(rows)

    def _flush(self) -> None:
        """Hand what is held to the writer; where that still writes, wait for it. While the store refuses (a full disk)
        it is held on to, so that alarms go on being judged; only when there is too much of it does the stream wait."""
        self._flushed = time.monotonic()
        if not self._rows or (self._writer.refused and self._held < MOST_HELD):
            return
        rows = _joined(self._rows)
        self._rows = [rows]
        while not self._writer.put(lambda: self.store.append(rows)):
            if self._held < MOST_HELD or self._stop.is_set():
                return
        self._rows, self._held = [], 0

    def _check(self) -> None:
        """Everything taken so far is stored, then said so: first in the checkpoint, then to the server."""
        self._flush()
        began = self._checked = time.monotonic()
        if self._rows or not self._put_due():  # the store refuses: nothing is said to be kept, and roll-ups wait
            return
        silent_before = None
        if began - self._silent > SILENT_S:
            # While messages wait, time is theirs.
            self._silent = began
            silent_before = (self._arrived if self.inbox.pending and self._arrived else _now_ms()) - SILENT_MS
        # Also after what was refused before: the checkpoint holds what is under way, not what is over since.
        self._due = self.rolling.due(self.store, silent_before)
        if not self._reply and self._due is None:
            return
        if not self._put_due() or not self._writer.wait():
            return
        try:
            self._keep(self._sequence, self.inbox.born)
        except OSError as why:  # a full disk: the next time; until then the stream keeps what was taken
            log.error("the checkpoint could not be written (%s); trying again", why)
            return
        if self._reply:
            self.inbox.acknowledge(self._reply)
            self._reply = ""
        self._checked = time.monotonic()
        self._pause = max(CHECK_S, REST * (self._checked - began))

    def _put_due(self) -> bool:
        """Hand roll-ups that are due to the writer; False while the store refuses."""
        if self._due is not None:
            if not self._writer.put(self._due):
                return False
            self._due = None
        return True

    def _keep(self, sequence: int, stream: int) -> None:
        """Write the checkpoint."""
        latest = self.latest.dump(self.catalogue.sensors)
        point = checkpoint.Checkpoint(sequence, stream, self.judge.dump(), latest, self.rolling.dump())
        checkpoint.write(self._point, point)

    def oldest(self) -> int:
        """From when on readings are kept (epoch ms); of what was before, roll-ups stand."""
        return _now_ms() - self.retention.days * DAY_MS

    def _forget(self) -> None:
        """Drop what is older than it is to be kept."""
        kept = self.retention
        for level, days in (
            (READINGS, kept.days), (MINUTES, max(kept.minutes, kept.days)), (HOURS, max(kept.hours, kept.days)),
        ):  # fmt: skip
            self.store.let_go(level, _now_ms() - days * DAY_MS)

    def _load(self) -> Catalogue:
        return patient(lambda: load(self.shard))

    def _renew(self, fresh: Catalogue) -> None:
        """Go on with other tags; what each said last goes along."""
        before, latest = self.catalogue, Latest(len(fresh.sensors))
        shared = [(place, fresh.place_of[key]) for key, place in before.place_of.items() if key in fresh.place_of]
        if shared:
            old, new = (np.array(side) for side in zip(*shared, strict=True))
            for name in ("ts", "value", "quality", "arrived"):
                getattr(latest, name)[new] = getattr(self.latest, name)[old]
        self.teller.add(self._decoder.take_refused())
        self.catalogue, self.latest = fresh, latest
        self.rolling.renew(fresh)
        self._decoder = Decoder(fresh.tags, self._limits)
        self.judge.renew()

    def _remember(self) -> None:
        """What each tag said last, from the store where no checkpoint tells: lateness is judged against it."""
        for sensor, ts, value, quality in self.store.newest():
            place = self.catalogue.place_of.get(sensor)
            if place is not None:
                self.latest.ts[place], self.latest.value[place] = ts, value
                self.latest.quality[place] = quality
        self.store.rebuild()
        self.rolling.begin_anew(self.latest)


def rounds(messages: list[Message]) -> Iterator[list[Message]]:
    """Messages in order, so many at a time that a round neither takes long nor much memory."""
    some: list[Message] = []
    held = 0
    for message in messages:
        if some and (len(some) >= ROUND or held + len(message.data) > ROUND_BYTES):
            yield some
            some, held = [], 0
        some.append(message)
        held += len(message.data)
    if some:
        yield some


def _joined(parts: list[Rows]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    names: tuple[str, ...] = ("sensor", "ts", "value", "quality", "late")
    columns: list[Any] = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return Rows(*columns)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
