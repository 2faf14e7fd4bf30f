"""The telemetry store: the only place that knows it. ClickHouse's SQL; where it runs is ``engines``' affair.

Table ``readings``, ordered by (sensor, ts): the same reading stored twice collapses into one (ReplacingMergeTree), and
what has not collapsed yet is told apart at reading (FINAL); of two with one key the later stored stands. ``minutes``
and ``hours`` hold the roll-ups, replaced in the same way. Partitions are stretches of days, so letting go of old ones
costs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.runtime.historian.engines import VARIABLE, Engine, Inside, Server
from anlan.runtime.historian.rollups import HOUR_MS, MINUTE_MS, Parts

DAY_MS = 86_400_000
MOST_POINTS = 20_000
_SOME = 5_000  # tags rolled up at a time
_COLUMNS = (("sensor", "UInt32", np.uint32), ("ts", "Int64", np.int64), ("value", "Float64", np.float64),
            ("quality", "UInt8", np.uint8), ("late", "UInt8", np.uint8))  # fmt: skip
_ROLLED = (("sensor", "UInt32", np.uint32), ("start", "Int64", np.int64), ("n", "UInt32", np.uint32),
           ("bad", "UInt32", np.uint32), ("total", "Float64", np.float64), ("low", "Float64", np.float64),
           ("high", "Float64", np.float64), ("first", "Float64", np.float64),
           ("last", "Float64", np.float64))  # fmt: skip
_CODECS = {"sensor": "Delta, ZSTD(1)", "ts": "DoubleDelta, ZSTD(1)", "start": "DoubleDelta, ZSTD(1)"}
_ADDED_UP = {
    "readings": ("count()", "countIf(quality > 0)", "sum(value)", "min(value)", "max(value)", "argMin(value, ts)",
                 "argMax(value, ts)"),
    "minutes": ("sum(n)", "sum(bad)", "sum(total)", "min(low)", "max(high)", "argMin(first, start)",
                "argMax(last, start)"),
}  # fmt: skip
_NAMES = ("t", "low", "high", "mean", "last", "n", "bad")


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings as they are stored: columns of one length."""

    sensor: NDArray[Any]
    ts: NDArray[Any]
    value: NDArray[Any]
    quality: NDArray[Any]
    late: NDArray[Any]

    def __len__(self) -> int:
        return len(self.sensor)


@dataclass(frozen=True, slots=True)
class Level:
    """A table of the store: how wide its stretches are (ms; 1 for readings), the days of a partition."""

    table: str
    at: str
    width: int
    days: int
    columns: tuple[tuple[str, str, Any], ...]


READINGS = Level("readings", "ts", 1, 1, _COLUMNS)
MINUTES = Level("minutes", "start", MINUTE_MS, 30, _ROLLED)
HOURS = Level("hours", "start", HOUR_MS, 360, _ROLLED)
LEVELS = (READINGS, MINUTES, HOURS)


def opened(folder: Path) -> Store:
    """The store this machine is to use: the server that ``ANLAN_CLICKHOUSE_URL`` names, else the engine on a folder."""
    address = os.environ.get(VARIABLE)
    return Store(Server(address) if address else Inside(folder))


class Store:
    """The store, on a folder or on the engine given."""

    def __init__(self, place: Path | Engine) -> None:
        self.engine: Engine = Inside(place) if isinstance(place, Path) else place
        self._in = self.engine.database
        for level in LEVELS:
            self.engine.tell(self._made(level))

    def append(self, rows: Rows) -> None:
        """Keep readings; when it comes back they are on their way to the disk as one part. Again: no change.

        Raises ``RuntimeError`` when the engine did not take them, a full disk for one.
        """
        if len(rows):
            columns = [getattr(rows, name) for name, _kind, _dtype in _COLUMNS]
            self._insert(READINGS, columns)

    def keep(self, level: Level, parts: Parts) -> None:
        """Keep roll-ups; the same stretch again replaces the one before."""
        if len(parts):
            self._insert(level, [parts[name] for name, _kind, _dtype in _ROLLED])

    def recount(self, level: Level, pairs: NDArray[np.int64]) -> None:
        """Roll up anew from the level below: pairs of sensor and start."""
        for first in range(0, len(pairs), 2000):
            some = pairs[first : first + 2000]
            wanted = ",".join(f"({sensor},{start})" for sensor, start in some.tolist())
            sensors = ",".join(str(one) for one in np.unique(some[:, 0]).tolist())
            since, until = int(some[:, 1].min()), int(some[:, 1].max()) + level.width
            self._roll(level, since, until, f" AND sensor IN ({sensors}) AND (sensor, {_start(level)}) IN ({wanted})")

    def rebuild(self) -> int:
        """Roll up everything anew, day by day and some tags at a time; answers how many days were."""
        days = self._days(READINGS)
        told = self.engine.rows(f"SELECT min(sensor), max(sensor) FROM {self._in}.readings") if days else []
        for day in days:
            for first in range(told[0][0], told[0][1] + 1, _SOME):
                some = f" AND sensor >= {first} AND sensor < {first + _SOME}"
                for level in (MINUTES, HOURS):
                    self._roll(level, day * DAY_MS, (day + 1) * DAY_MS, some)
        return len(days)

    def series(self, sensor: int, since: int, until: int, points: int, oldest: int = 0) -> dict[str, list[Any]]:
        """A tag from ``since`` up to ``until`` (epoch ms, the end left out) as at most ``points`` buckets.

        Of each bucket that holds anything: ``t`` its first moment, ``low``, ``high``, ``mean``, ``last``, ``n`` how
        many readings and ``bad`` how many of them not good. Where there are no more readings than points, each is one.
        Wide buckets are made of roll-ups and begin at whole minutes or hours; readings from before ``oldest`` were let
        go, and only their roll-ups stand.
        """
        points = min(max(points, 1), MOST_POINTS)
        width = max((until - since + points - 1) // points, 1)
        level = HOURS if width >= HOUR_MS else MINUTES if width >= MINUTE_MS or since < oldest else READINGS
        if level.width > 1:
            since = since // level.width * level.width
            width = -(-width // level.width) * level.width
            while -(-(until - since) // width) > points:
                width += level.width
        told = self._buckets(level, int(sensor), since, until, since, width)
        found: dict[str, list[Any]] = {name: [] for name in _NAMES}
        for bucket, (low, high, total, last, n, bad, at) in sorted(told.items()):
            row = (at if n == 1 and level.width == 1 else since + bucket * width, low, high, total / n, last, n, bad)
            for name, value in zip(_NAMES, row, strict=True):
                found[name].append(value)
        return found

    def readings(self, sensors: Sequence[int], since: int, until: int, most: int) -> list[list[Any]]:
        """The readings of tags between two moments, oldest first: sensor, ts, value, quality, late."""
        return self.engine.rows(
            f"SELECT sensor, ts, value, quality, late FROM {self._in}.readings FINAL WHERE {_of(sensors)} "
            f"AND ts >= {int(since)} AND ts < {int(until)} ORDER BY ts, sensor LIMIT {int(most)}"
        )

    def sums(self, sensors: Sequence[int], since: int, until: int) -> list[list[Any]]:
        """Of each tag between two moments: sensor, readings, uncertain, bad, late, newest moment."""
        return self.engine.rows(
            "SELECT sensor, count(), countIf(quality = 1), countIf(quality = 2), countIf(late = 1), max(ts) "
            f"FROM {self._in}.readings FINAL WHERE {_of(sensors)} AND ts >= {int(since)} AND ts < {int(until)} "
            "GROUP BY sensor ORDER BY sensor"
        )

    def newest(self, sensors: Sequence[int] | None = None) -> list[list[Any]]:
        """Of each tag the newest reading of the last two days that hold any: sensor, ts, value, quality."""
        days = self._days(READINGS)[-2:]
        if not days:
            return []
        own = "" if sensors is None else f" AND {_of(sensors)}"
        return self.engine.rows(
            f"SELECT sensor, max(ts), argMax(value, ts), argMax(quality, ts) FROM {self._in}.readings "
            f"WHERE ts >= {days[0] * DAY_MS}{own} GROUP BY sensor"
        )

    def let_go(self, level: Level, before: int) -> int:
        """Drop the partitions of a table that lie wholly before a moment (epoch ms); answers how many."""
        old = [day for day in self._days(level) if (day + 1) * level.days * DAY_MS <= before]
        for day in old:
            self.engine.tell(f"ALTER TABLE {self._in}.{level.table} DROP PARTITION {day}")
        return len(old)

    def size(self, level: Level = READINGS) -> tuple[int, int]:
        """Rows kept, those of one key that were not yet put together included, and bytes on the disk."""
        told = self.engine.rows(f"SELECT sum(rows), sum(bytes_on_disk) {self._parts(level)}")
        return (int(told[0][0] or 0), int(told[0][1] or 0)) if told else (0, 0)

    def waiting(self, level: Level) -> Path:
        """The folder in which parts of a table wait for ``attach``, where the engine lies on this machine."""
        told = self.engine.rows(
            f"SELECT data_paths[1] FROM system.tables WHERE database = '{self._in}' AND name = '{level.table}'"
        )
        return Path(told[0][0]) / "detached"

    def attach(self, level: Level, name: str) -> None:
        """Make a waiting part one of the table, the newest of it."""
        self.engine.tell(f"ALTER TABLE {self._in}.{level.table} ATTACH PART '{name}'")

    def rest(self, level: Level) -> None:
        """Merge nothing of a table until it is opened anew."""
        self.engine.tell(f"SYSTEM STOP MERGES {self._in}.{level.table}")

    def sound(self, level: Level) -> bool:
        """Whether every file of a table is as its checksums say."""
        told = self.engine.rows(f"CHECK TABLE {self._in}.{level.table}")
        return all(int(row[0] if len(row) == 1 else row[1]) == 1 for row in told)  # one line, or one for each part

    def settle(self) -> None:
        """Merge what can be merged: for measurements."""
        for level in LEVELS:
            self.engine.tell(f"OPTIMIZE TABLE {self._in}.{level.table} FINAL")

    def close(self) -> None:
        """Let go of the engine."""
        self.engine.close()

    # -- below ----------------------------------------------------------------------------------------------------

    def _buckets(
        self, level: Level, sensor: int, since: int, until: int, origin: int, width: int
    ) -> dict[int, tuple[Any, ...]]:
        """By bucket: low, high, total, last, readings, those not good, newest moment. What a level does not hold yet
        (its newest stretches) is of the one below."""
        if until <= since:
            return {}
        rows = self.engine.rows(
            f"SELECT intDiv({level.at} - {origin}, {width}) AS b, {_gathered(level)}, max({level.at}) "
            f"FROM {self._in}.{level.table} FINAL WHERE sensor = {sensor} AND {level.at} >= {since} "
            f"AND {level.at} < {until} GROUP BY b ORDER BY b"
        )
        told = {row[0]: tuple(row[1:]) for row in rows}
        if level is READINGS:
            return told
        below = LEVELS[LEVELS.index(level) - 1]
        held = max((row[-1] for row in rows), default=since - level.width) + level.width
        for bucket, fresh in self._buckets(below, sensor, max(held, since), until, origin, width).items():
            old = told.get(bucket)
            told[bucket] = fresh if old is None else (
                min(old[0], fresh[0]), max(old[1], fresh[1]), old[2] + fresh[2], fresh[3], old[4] + fresh[4],
                old[5] + fresh[5], fresh[6],
            )  # fmt: skip
        return told

    def _roll(self, level: Level, since: int, until: int, also: str = "") -> None:
        below = LEVELS[LEVELS.index(level) - 1]
        names = ", ".join(name for name, _kind, _dtype in _ROLLED)
        # The aggregates stand in a query of their own: there none of the names below is taken for one of them.
        counted = ", ".join(f"{one} AS c{number}" for number, one in enumerate(_ADDED_UP[below.table]))
        told = ", ".join(f"c{number}" for number in range(7))
        self.engine.tell(
            f"INSERT INTO {self._in}.{level.table} ({names}) SELECT sensor, stretch, {told} FROM ("
            f"SELECT sensor, {_start(level)} AS stretch, {counted} FROM {self._in}.{below.table} FINAL "
            f"WHERE {below.at} >= {since} AND {below.at} < {until}{also} GROUP BY sensor, stretch)"
        )

    def _insert(self, level: Level, columns: Sequence[NDArray[Any]]) -> None:
        names = tuple(name for name, _kind, _dtype in level.columns)
        self.engine.insert(f"{self._in}.{level.table}", names, block(level.columns, columns))

    def _parts(self, level: Level) -> str:
        return f"FROM system.parts WHERE active AND database = '{self._in}' AND table = '{level.table}'"

    def _days(self, level: Level) -> list[int]:
        """The partitions of a table, oldest first."""
        told = self.engine.rows(f"SELECT DISTINCT toInt32(partition) AS d {self._parts(level)} ORDER BY d")
        return [int(day) for (day,) in told]

    def _made(self, level: Level) -> str:
        lines = []
        for name, kind, _dtype in level.columns:
            codec = f" CODEC({_CODECS.get(name, 'ZSTD(1)')})" if self.engine.codecs else ""
            lines.append(f"{name} {kind}{codec}")
        wide = ", min_bytes_for_wide_part = 0" if self.engine.codecs and level is READINGS else ""
        return (
            f"CREATE TABLE IF NOT EXISTS {self._in}.{level.table} ({', '.join(lines)}) ENGINE = ReplacingMergeTree "
            f"PARTITION BY toInt32(intDiv({level.at}, {level.days * DAY_MS})) ORDER BY (sensor, {level.at}) "
            f"SETTINGS index_granularity = 8192{wide}"
        )


def _gathered(level: Level) -> str:
    if level is READINGS:
        return "min(value), max(value), sum(value), argMax(value, ts), count(), countIf(quality > 0)"
    return "min(low), max(high), sum(total), argMax(last, start), sum(n), sum(bad)"


def _start(level: Level) -> str:
    """The beginning of the stretch of ``level`` in which a row of the level below lies."""
    below = LEVELS[LEVELS.index(level) - 1]
    return f"intDiv({below.at}, {level.width}) * {level.width}"


def _of(sensors: Sequence[int]) -> str:
    return f"sensor IN ({','.join(str(int(sensor)) for sensor in sensors) or '0'})"


def block(columns: Sequence[tuple[str, str, Any]], values: Sequence[NDArray[Any]]) -> bytes:
    """Columns of one length as one block of ClickHouse's Native format.

    >>> one = np.zeros(1)
    >>> len(block(_COLUMNS, [one] * 5))
    86
    """
    parts = [_varint(len(columns)), _varint(len(values[0]))]
    for (name, kind, dtype), column in zip(columns, values, strict=True):
        parts += [_text(name), _text(kind), np.ascontiguousarray(column, dtype=dtype).tobytes()]
    return b"".join(parts)


def _text(text: str) -> bytes:
    return _varint(len(text)) + text.encode()


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)
