"""Counting against a limit."""

from __future__ import annotations

import datetime as dt
import hashlib
import math

from django.db import connection

from anlan.kernel import clock
from anlan.kernel.errors import TooMany
from anlan.kernel.limits.declared import limit
from anlan.kernel.limits.models import Tally
from anlan.kernel.scope import system_read

WHY = "counts requests by digests, before anybody is an actor"


@system_read(WHY)
def count(code: str, subject: str) -> int:
    """Count one more; the seconds to wait when that was more than the limit allows, else 0.

    One statement, so that requests at once are all counted.
    """
    declared, now = limit(code), clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO limits_tally AS t (key, count, until) VALUES (%s, 1, %s) ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN t.until <= %s THEN 1 ELSE least(t.count, 1000000) + 1 END, "
            "until = CASE WHEN t.until <= %s THEN excluded.until ELSE t.until END RETURNING count, until",
            [_key(code, subject), now + dt.timedelta(seconds=declared.seconds), now, now],
        )
        counted, until = cursor.fetchone()
    return _wait(until, now) if counted > declared.most else 0


@system_read(WHY)
def wait(*asked: tuple[str, str]) -> int:
    """Without counting: the seconds to wait where a limit (code, subject) among these is used up; 0 where none is."""
    keys = {_key(code, subject): limit(code).most for code, subject in asked}
    now = clock.now()
    rows = Tally.objects.filter(pk__in=keys, until__gt=now)
    return max((_wait(row.until, now) for row in rows if row.count >= keys[row.pk]), default=0)


@system_read(WHY)
def spend(code: str, subject: str) -> None:
    """Count one more; ``TooMany`` when that was more than the limit allows."""
    seconds = count(code, subject)
    if seconds:
        raise TooMany(seconds)


def _key(code: str, subject: str) -> str:
    return hashlib.sha256(f"{code}\0{subject}".encode("utf-8", "replace")).hexdigest()


def _wait(until: dt.datetime, now: dt.datetime) -> int:
    return max(1, math.ceil((until - now).total_seconds()))
