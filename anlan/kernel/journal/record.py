"""Writing the journal, and declaring a bulk load."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Unguarded
from anlan.kernel.journal.facts import BulkLoadDeclared, Fact
from anlan.kernel.journal.models import BulkLoad, Entry
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import Scoped

if TYPE_CHECKING:
    from anlan.kernel.acts import Work


def entry(
    fact: Fact, on: models.Model, actor: Actor, act: str, at: dt.datetime | None = None, path: str | None = None
) -> Entry:
    """An unsaved journal entry about a record; it takes the record's scope.

    About a record without scope (an account, a parameter) it is filed under ``path``, or where the actor stands.
    """
    if path is None:
        path = getattr(on, "region_path", "") or (on.region_path if isinstance(on, Scoped) else None)
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
        region_path=place_of(actor) if path is None else path,
        sector=getattr(on, "sector", "") or "",
        holder=getattr(on, "holder", "") or "",
    )


def write(work: Work) -> list[Entry]:
    """Write the facts of an act, in order."""
    return Entry.plain.bulk_create([entry(fact, on, work.actor, work.act, path=path) for fact, on, path in work.facts])


def place_of(actor: Actor) -> str:
    """Where an actor stands: the widest region he holds a grant for; for the system the only root, if there is one.

    "" when that says nothing: such an entry is seen by the platform alone.
    """
    own = [g.path for g in actor.grants if g.path]
    if own:
        return min(own, key=lambda path: (len(path), path))
    if not actor.is_system:
        return ""
    roots = list(Region.objects.filter(depth=1).values_list("path", flat=True)[:2])
    return str(roots[0]) if len(roots) == 1 else ""


def about(subject: models.Model, limit: int | None = None) -> list[Entry]:
    """The entries about a record, newest first. Who may see the record may see its journal."""
    rows = (
        Entry.objects.everything(why="who may see the record may see its journal")
        .filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .order_by("-id")
    )
    return list(rows[:limit] if limit else rows)


@contextmanager
def bulk_load(actor: Actor, why: str, path: str | None = None) -> Iterator[None]:
    """Let rows be inserted past their first step inside the block, and say so in the journal (under ``path``).

    The declaration counts for this transaction and this block only; the triggers compare the transaction's number.
    What the block wrote is undone when it fails.
    """
    if not why.strip():
        raise Unguarded("bulk_load() needs a reason")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            xid: Any = cursor.fetchone()[0]
        load, outermost = BulkLoad.objects.get_or_create(
            xid=xid, defaults={"why": why, "at": clock.now(), "actor_key": actor.key}
        )
        if outermost:
            entry(BulkLoadDeclared(why=why), load, actor, "journal.bulk_load", path=path).save(force_insert=True)
        yield
        if outermost:
            load.delete()
