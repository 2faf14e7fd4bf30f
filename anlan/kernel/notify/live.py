"""Telling the open pages that something changed for their readers, at the moment the act is committed.

The word goes out by PostgreSQL's NOTIFY, so an act rolled back says nothing, and every web process hears it however
many there are. It carries numbers only, never a content: whoever hears it asks for what he may see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

from anlan.kernel.actor import Actor

CHANNEL = "anlan_live"
MOST_RECORDS = 20  # of one act; one that changes more is mass work, and its pages are looked at again anyway
_EACH = 500  # people in one word: the server takes 8,000 bytes
_NAMES = 60  # names in one word
TOPICS: dict[str, Callable[[Actor], set[str]]] = {}
"""What a page may follow besides one record: a topic, and the names under which a reader hears of it.

Modules enter theirs when they load. A name carries a place or a holder, never a content.
"""


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


def topics_changed(names: Iterable[str]) -> None:
    """Something changed under these names of topics; whoever is named by none of them is told nothing."""
    said = sorted(set(names))
    for start in range(0, len(said), _NAMES):
        _say({"records": said[start : start + _NAMES], "by": None})


def _say(word: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(word, separators=(",", ":"))])
