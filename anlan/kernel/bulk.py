"""Writing many rows at once: COPY, with the numbers reserved beforehand and the row history back-dated.

For ledgers and for the demo city. Process triggers still stand guard (``journal.record.bulk_load`` admits records past
their first step); the history triggers are set aside, since the caller writes the history with its own times.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql


def reserve_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """The next ``count`` primary keys of a table with a numbered key, reserved for the caller."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
        )
        return iter([row[0] for row in cursor.fetchall()])


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """COPY unsaved instances, primary keys and all, exactly as they are (no ``auto_now``); returns how many."""
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    read = operator.attrgetter(*[f.attname for f in fields])
    return _copy(model._meta.db_table, fields, (list(read(r)) for r in rows))


def copy_history(model: type[Any], moments: Iterable[tuple[models.Model, str, dt.datetime]]) -> int:
    """COPY the history of tracked rows: each (the row as it stood, "insert" or "update", when)."""
    event_model = model.pgh_event_model
    kept = [f for f in event_model._meta.concrete_fields if not f.name.startswith("pgh_")]
    own = [event_model._meta.get_field(n) for n in ("pgh_created_at", "pgh_label", "pgh_obj")]
    read = operator.attrgetter(*[f.attname for f in kept])
    values = ([at, label, row.pk, *read(row)] for row, label, at in moments)
    return _copy(event_model._meta.db_table, [*own, *kept], values)


@contextmanager
def history_set_aside(*tracked: type[models.Model]) -> Iterator[None]:
    """Inside an open transaction: the history triggers of these models do not fire."""
    names = [f"{m._meta.label}:{label}" for m in tracked for label in ("insert_insert", "update_update")]
    with pgtrigger.ignore(*names):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # carries the setting into the transaction, where COPY finds it
        yield


def _copy(table: str, fields: Sequence[Any], rows: Iterable[list[Any]]) -> int:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(f.column) for f in fields)
    )
    special = [(i, convert) for i, f in enumerate(fields) if (convert := _converter(f))]
    count = 0
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            for i, convert in special:
                if row[i] is not None:
                    row[i] = convert(row[i])
            copy.write_row(row)
            count += 1
    return count


def _converter(field: Any) -> Any:
    """What a column's value needs before COPY takes it; None for most columns."""
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(field, ArrayField):
        return lambda value: [str(v) for v in value]
    if isinstance(field, models.CharField):
        return str  # a choice is its text
    return None
