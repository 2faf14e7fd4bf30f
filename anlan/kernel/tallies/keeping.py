"""Folding, comparing and putting right; each is one statement over one snapshot, safe beside acts under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from anlan.kernel import clock

MEASURES: dict[str, str] = {}  # the kinds' first word to the view that counts the records anew
_KEY = "what, region_path, sector, a, b, day, at"
_LOCK = 7_151_004  # one fold at a time
SAMPLE = 20


def register(code: str, view: str) -> None:
    """Say which view counts the records of the kinds ``<code>.…`` anew; one code counts once."""
    MEASURES[code] = view


def fold() -> int:
    """Add the differences written since to the cells; returns how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            f"""
            WITH gone AS (DELETE FROM tally_delta RETURNING *),
            summed AS (
              SELECT {_KEY}, sum(n) AS n, sum(also) AS also, sum(yuan) AS yuan, count(*) AS rows
              FROM gone GROUP BY {_KEY}
            ),
            added AS (
              INSERT INTO tally_cell ({_KEY}, n, also, yuan) SELECT {_KEY}, n, also, yuan FROM summed
              ON CONFLICT ON CONSTRAINT tally_cell_once DO UPDATE
              SET n = tally_cell.n + excluded.n, also = tally_cell.also + excluded.also,
                yuan = tally_cell.yuan + excluded.yuan
            )
            SELECT coalesce(sum(rows), 0)::bigint FROM summed
            """  # noqa: S608 - names of our own
        )
        (folded,) = cursor.fetchone()
        if folded:
            cursor.execute("DELETE FROM tally_cell WHERE n = 0 AND also = 0 AND yuan = 0")
    return int(folded)


def compare(codes: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Count the records anew and put right what differs; returns the differences: what was missing (or too much: −).

    One statement a measure: an act that commits meanwhile is either in the records and in the numbers, or in neither.
    """
    found: list[dict[str, Any]] = []
    for code in codes or MEASURES:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO tally_delta ({_KEY}, n, also, yuan)
                SELECT {_KEY}, sum(n), sum(also), sum(yuan) FROM (
                  SELECT {_KEY}, n, also, yuan FROM {MEASURES[code]}
                  UNION ALL
                  SELECT {_KEY}, -n, -also, -yuan FROM tally_now WHERE starts_with(what, %s)
                ) AS found
                GROUP BY {_KEY} HAVING sum(n) <> 0 OR sum(also) <> 0 OR sum(yuan) <> 0
                RETURNING {_KEY}, n, also, yuan
                """,  # noqa: S608 - names of our own
                [f"{code}."],
            )
            names = [column.name for column in cursor.description or ()]
            found += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def rebuild() -> int:
    """Count everything anew, after records were written with the triggers set aside; returns the cells changed."""
    changed = len(compare())
    fold()
    return changed


def replace(what: str, sql: str, params: list[Any], *, day: dt.date) -> None:
    """Set a kind that no trigger keeps to the rows of a query (region_path, sector, day, n), reckoned up to ``day``."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DELETE FROM tally_cell WHERE what = %s", [what])
        cursor.execute(
            f"INSERT INTO tally_cell ({_KEY}, n, also, yuan) "  # noqa: S608 - names of our own
            f"SELECT %s, region_path, sector, '', '', day, NULL, n, 0, 0 FROM ({sql}) AS reckoned",
            [what, *params],
        )
        cursor.execute(
            "INSERT INTO tally_state (what, at, day) VALUES (%s, %s, %s) "
            "ON CONFLICT (what) DO UPDATE SET at = excluded.at, day = excluded.day",
            [what, clock.now(), day],
        )


def reckoned(what: str) -> tuple[dt.datetime, dt.date] | None:
    """When a replaced kind was reckoned last, and up to which day; None when never."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, day FROM tally_state WHERE what = %s", [what])
        row: tuple[dt.datetime, dt.date] | None = cursor.fetchone()
    return row
