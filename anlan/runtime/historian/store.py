"""The telemetry store: the only place that knows it. ClickHouse's SQL, its engine in this very process (``chdb``).

Table ``readings``, ordered by (sensor, ts): the same reading stored twice collapses into one (ReplacingMergeTree), and
what has not collapsed yet is told apart at reading. One day is one partition, so letting go of old ones costs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from anlan.runtime.screen import Trouble

DAY_MS = 86_400_000
MOST_POINTS = 20_000
_TABLE = """
CREATE TABLE IF NOT EXISTS telemetry.readings (
    sensor UInt32 CODEC(Delta, ZSTD(1)),
    ts Int64 CODEC(DoubleDelta, ZSTD(1)),
    value Float64 CODEC(ZSTD(1)),
    quality UInt8 CODEC(ZSTD(1)),
    late UInt8 CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree ORDER BY (sensor, ts) PARTITION BY toInt32(intDiv(ts, 86400000))
SETTINGS index_granularity = 8192, min_bytes_for_wide_part = 0
"""
_COLUMNS = (("sensor", "UInt32", np.uint32), ("ts", "Int64", np.int64), ("value", "Float64", np.float64),
            ("quality", "UInt8", np.uint8), ("late", "UInt8", np.uint8))  # fmt: skip


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


class Store:
    """The store in one folder; one process at a time holds it."""

    def __init__(self, folder: Path) -> None:
        try:
            from chdb.session import Session
        except ImportError as why:
            raise Trouble("The telemetry store is not installed here (chdb): start with ./run.") from why
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._session = Session(str(folder))
        self._session.query("CREATE DATABASE IF NOT EXISTS telemetry ENGINE = Atomic")
        self._session.query(_TABLE)

    def append(self, rows: Rows) -> None:
        """Keep readings; when it comes back they are on their way to the disk as one part. Again: no change.

        Raises ``RuntimeError`` when the engine did not take them, a full disk for one.
        """
        if not len(rows):
            return
        before = self._failures()
        writer = self._session.send_insert("INSERT INTO telemetry.readings", "Native")
        writer.append(block(rows))
        writer.finish()
        # The writer says how many rows it was given, whether they were kept or not: only the engine's own book of
        # errors tells. Somebody else's error in the same moment costs a second try, which changes nothing.
        failed = self._failures()
        if failed != before:
            told = self._rows("SELECT last_error_message FROM system.errors ORDER BY last_error_time DESC LIMIT 1")
            raise RuntimeError(str(told[0][0]))

    def series(self, sensor: int, since: int, until: int, points: int) -> dict[str, list[Any]]:
        """A tag from ``since`` up to ``until`` (epoch ms, the end left out) as at most ``points`` buckets.

        Of each bucket that holds anything: ``t`` its first moment, ``low``, ``high``, ``mean``, ``last``, ``n`` how
        many readings and ``bad`` how many of them not good. Where there are no more readings than points, each is one.
        """
        points = min(max(points, 1), MOST_POINTS)
        width = max((until - since + points - 1) // points, 1)
        told = self._rows(
            f"SELECT {since} + b * {width} AS t, min(v), max(v), avg(v), argMax(v, s), count(), countIf(q > 0), max(s) "
            f"FROM (SELECT intDiv(ts - {since}, {width}) AS b, ts AS s, any(value) AS v, any(quality) AS q "
            f"FROM telemetry.readings WHERE sensor = {int(sensor)} AND ts >= {since} AND ts < {until} "
            "GROUP BY b, s) GROUP BY b ORDER BY b"
        )  # numbers alone
        names = ("t", "low", "high", "mean", "last", "n", "bad", "at")
        columns: list[Any] = list(zip(*told, strict=True)) if told else [[] for _ in names]
        found = {name: list(column) for name, column in zip(names, columns, strict=True)}
        at = found.pop("at")
        found["t"] = [moment if n == 1 else t for t, n, moment in zip(found["t"], found["n"], at, strict=True)]
        return found

    def readings(self, sensors: Sequence[int], since: int, until: int, most: int) -> list[list[Any]]:
        """The readings of tags between two moments, oldest first: sensor, ts, value, quality, late."""
        wanted = ",".join(str(int(sensor)) for sensor in sensors) or "0"
        return self._rows(
            "SELECT sensor, ts, any(value), any(quality), any(late) FROM telemetry.readings "
            f"WHERE sensor IN ({wanted}) AND ts >= {since} AND ts < {until} "
            f"GROUP BY sensor, ts ORDER BY ts, sensor LIMIT {int(most)}"
        )

    def sums(self, sensors: Sequence[int], since: int, until: int) -> list[list[Any]]:
        """Of each tag between two moments: sensor, readings, uncertain, bad, late, newest moment."""
        wanted = ",".join(str(int(sensor)) for sensor in sensors) or "0"
        return self._rows(
            "SELECT sensor, count(), countIf(q = 1), countIf(q = 2), countIf(l = 1), max(s) FROM ("
            "SELECT sensor, ts AS s, any(quality) AS q, any(late) AS l FROM telemetry.readings "
            f"WHERE sensor IN ({wanted}) AND ts >= {since} AND ts < {until} GROUP BY sensor, ts"
            ") GROUP BY sensor ORDER BY sensor"
        )

    def newest(self) -> list[list[Any]]:
        """Of each tag the newest reading of the last two days that hold any: sensor, ts, value, quality."""
        days = self._rows(
            "SELECT DISTINCT toInt32(partition) AS d FROM system.parts WHERE active AND database = 'telemetry' "
            "AND table = 'readings' ORDER BY d DESC LIMIT 2"
        )
        if not days:
            return []
        return self._rows(
            "SELECT sensor, max(ts), argMax(value, ts), argMax(quality, ts) FROM telemetry.readings "
            f"WHERE ts >= {days[-1][0] * DAY_MS} GROUP BY sensor"
        )

    def let_go(self, before: dt.date) -> int:
        """Drop whole days before that one; answers how many."""
        limit = (before - dt.date(1970, 1, 1)).days
        days = self._rows(
            "SELECT DISTINCT toInt32(partition) FROM system.parts WHERE active AND database = 'telemetry' "
            f"AND table = 'readings' AND toInt32(partition) < {limit}"
        )
        for (day,) in days:
            self._session.query(f"ALTER TABLE telemetry.readings DROP PARTITION {int(day)}")
        return len(days)

    def size(self) -> tuple[int, int]:
        """Readings kept, and bytes on the disk."""
        told = self._rows(
            "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'telemetry'"
        )
        return (int(told[0][0] or 0), int(told[0][1] or 0)) if told else (0, 0)

    def settle(self) -> None:
        """Merge what can be merged: for measurements."""
        self._session.query("OPTIMIZE TABLE telemetry.readings FINAL")

    def close(self) -> None:
        """Let go of the folder."""
        self._session.close()

    def _failures(self) -> int:
        return int(self._rows("SELECT sum(value) FROM system.errors")[0][0] or 0)

    def _rows(self, statement: str) -> list[list[Any]]:
        said = self._session.query(f"{statement} SETTINGS output_format_json_quote_64bit_integers = 0", "JSONCompact")
        return list(orjson.loads(said.bytes())["data"])


def block(rows: Rows) -> bytes:
    """The rows as one block of ClickHouse's Native format.

    >>> one = np.zeros(1)
    >>> len(block(Rows(one, one, one, one, one)))
    86
    """
    parts = [_varint(len(_COLUMNS)), _varint(len(rows))]
    for name, kind, dtype in _COLUMNS:
        column = np.ascontiguousarray(getattr(rows, name), dtype=dtype)
        parts += [_text(name), _text(kind), column.tobytes()]
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
