"""Telling the open pages that something changed for their readers, at the moment the act is committed.

The word goes out by PostgreSQL's NOTIFY, so an act rolled back says nothing, and every web process hears it however
many there are. It carries numbers only, never a content: whoever hears it asks for what he may see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

CHANNEL = "anlan_live"
MOST_RECORDS = 20  # of one act; one that changes more is mass work, and its pages are looked at again anyway
_EACH = 500  # people in one word: the server takes 8,000 bytes


def name_of(row: models.Model) -> str:
    """A record as the word names it: ``hazards.hazard:7``."""
    return f"{row._meta.label_lower}:{row.pk}"


def inboxes_changed(users: Iterable[int], *, urgent: bool = False) -> None:
    """Something came into these people's inboxes, or was read there."""
    people = sorted(set(users))
    for start in range(0, len(people), _EACH):
        _say({"users": people[start : start + _EACH], "urgent": urgent})


def records_changed(rows: Sequence[models.Model], by: int | None) -> None:
    """An act of this person changed these records."""
    if 0 < len(rows) <= MOST_RECORDS:
        _say({"records": sorted({name_of(row) for row in rows}), "by": by})


def _say(word: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(word, separators=(",", ":"))])
