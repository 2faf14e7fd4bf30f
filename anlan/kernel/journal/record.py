"""Writing the journal, and declaring a bulk load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.journal.facts import BulkLoadDeclared, Fact
from anlan.kernel.journal.models import BulkLoad, Entry

if TYPE_CHECKING:
    from anlan.kernel.acts import Work


def entry(
    fact: Fact, on: models.Model, actor: Actor, act: str, at: dt.datetime | None = None
) -> Entry:
    """An unsaved journal entry about a record; it takes the record's scope."""
    return Entry(
        at=at or clock.now(),
        act=act,
        fact_type=fact.type_name(),
        data=fact.as_data(),
        subject_type=on._meta.label_lower,
        subject_id=str(on.pk),
        actor_key=actor.key,
        actor_name=actor.name,
        cause=actor.cause,
        region_path=getattr(on, "region_path", "") or "",
        sector=getattr(on, "sector", "") or "",
        holder=getattr(on, "holder", "") or "",
    )


def write(work: Work) -> list[Entry]:
    """Write the facts of an act, in order."""
    return Entry.plain.bulk_create([entry(fact, on, work.actor, work.act) for fact, on in work.facts])


def about(subject: models.Model, limit: int | None = None) -> list[Entry]:
    """The entries about a record, newest first. Who may see the record may see its journal."""
    rows = (
        Entry.objects.everything(why="who may see the record may see its journal")
        .filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .order_by("-id")
    )
    return list(rows[:limit] if limit else rows)


@contextmanager
def bulk_load(actor: Actor, why: str) -> Iterator[None]:
    """Inside an open transaction: let rows be inserted past their first step, and say so in the journal.

    The declaration counts for this transaction only; the triggers compare its number.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        xid: Any = cursor.fetchone()[0]
    load, fresh = BulkLoad.objects.get_or_create(xid=xid, defaults={"why": why, "at": clock.now(), "actor_key": actor.key})
    if fresh:
        entry(BulkLoadDeclared(why=why), load, actor, "journal.bulk_load").save()
    yield
