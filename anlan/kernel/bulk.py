"""Writing many rows at once: COPY, with the keys given beforehand and the row history back-dated.

For the demo city, and for whatever else arrives by the hundred thousand. Process triggers still stand guard
(``journal.record.bulk_load`` admits records past their first step); the history triggers are set aside, since the
caller writes the history with its own times. And asking for many at once: ``any_of``.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

# Lone surrogates: no text that came in as UTF-8 holds one, so they part the values until these are escaped.
_BETWEEN, _NULL = "\udc00", "\udc01"
_BLOCK = 1 << 18

# What the history triggers ask of the transaction. Who acts: any statement but a SELECT carries it there. Which of them
# are set aside: none, said aloud, since an unset answer is caught as an error in a transaction within the transaction,
# and the end of each of those walks through every check the outer one still owes (quadratic in the rows written).
_TRIGGERS_ASK = (
    "VALUES (set_config('pgtrigger.ignore', "
    "coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}'), true))"
)


# One line of a history: when, "insert" or "update", the primary key, then the columns of the row as it stood.
Moment = tuple[Any, ...]


@models.Field.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]  # generic in the stubs only
    """One of these values, handed over as one array: ``__in`` writes, and the server reads, a parameter for each."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The column compared with the array; an index on it serves."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


def any_of(field: str, values: Iterable[Any]) -> models.Q:
    """The rows whose ``field`` holds one of the values."""
    return models.Q(**{f"{field}__any_of": list(values)})


@dataclass(frozen=True)
class Sheet:
    """Columns of a table, in the order in which the values of a line come."""

    model: type[models.Model]
    fields: tuple[models.Field[Any, Any], ...]

    @classmethod
    def of(cls, model: type[models.Model], *, first: Sequence[str] = (), without: Sequence[str] = ()) -> Sheet:
        """Every stored column of a table, those named ``first`` in front."""
        stored = [f for f in model._meta.concrete_fields if not f.generated and f.attname not in (*first, *without)]
        by_name = {f.name: f for f in model._meta.concrete_fields}
        return cls(model, (*(by_name[name] for name in first), *stored))

    @classmethod
    def of_history(cls, model: type[Any]) -> Sheet:
        """The columns of a tracked table's history: when, what was done and to which row; then the row as it stood."""
        event = model.pgh_event_model
        own = [event._meta.get_field(n) for n in ("pgh_created_at", "pgh_label", "pgh_obj")]
        return cls(event, (*own, *(f for f in event._meta.concrete_fields if not f.name.startswith("pgh_"))))

    def lines(self, rows: Iterable[models.Model]) -> Iterator[str]:
        """Unsaved instances as lines of COPY text, exactly as they are (no ``auto_now``)."""
        read = operator.attrgetter(*[f.attname for f in self.fields])
        return self.written(map(read, rows))

    @property
    def kept(self) -> list[str]:
        """Of a history: the columns of the tracked row itself."""
        return [f.attname for f in self.fields[3:]]

    def written(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
        """Values as lines of COPY text."""
        special = [(i, convert) for i, f in enumerate(self.fields) if (convert := _converter(f))]
        for row in map(list, rows):
            for i, convert in special:
                if row[i] is not None:
                    row[i] = convert(row[i])
            line = _BETWEEN.join([_NULL if value is None else str(value) for value in row])
            if "\\" in line or "\n" in line or "\t" in line or "\r" in line:
                line = line.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
            yield line.replace(_BETWEEN, "\t").replace(_NULL, "\\N") + "\n"

    def copy(self, blocks: Iterable[bytes]) -> None:
        """COPY text into the table; the blocks may be cut anywhere."""
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.model._meta.db_table),
            sql.SQL(", ").join([sql.Identifier(str(f.column)) for f in self.fields]),
        )
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(command) as copy:
            for block in blocks:
                copy.write(block)


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """COPY unsaved instances, primary keys and all; returns how many."""
    table = Sheet.of(model)
    count = 0

    def blocks() -> Iterator[bytes]:
        nonlocal count
        held, size = [], 0
        for line in table.lines(rows):
            held.append(line)
            count, size = count + 1, size + len(line)
            if size >= _BLOCK:
                yield "".join(held).encode()
                held, size = [], 0
        yield "".join(held).encode()

    table.copy(blocks())
    return count


def copy_new(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """COPY unsaved instances, each with the next primary key where keys are numbers; they are saved ones afterwards.

    As ``bulk_create``, in a fraction of the time: the triggers fire, moments of entry are set, the history names the
    act under way.
    """
    rows = list(rows)
    if not rows:
        return
    for field in model._meta.concrete_fields:
        if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
            for row in rows:
                field.pre_save(row, add=True)
    if isinstance(model._meta.pk, models.AutoField):
        for row, key in zip(rows, reserve_ids(model, len(rows)), strict=True):
            row.pk = key
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS_ASK)
    copy_in(model, rows)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def reserve_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """The next ``count`` primary keys of a table with a numbered key, reserved for the caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [*_serial(model), count]
        )
        return iter([row[0] for row in cursor.fetchall()])


def skip_ids(model: type[models.Model], last: int) -> None:
    """Primary keys up to ``last`` are taken: the next row gets a higher one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, %s) FROM (SELECT pg_get_serial_sequence(%s, %s) s) t "
            "WHERE %s > coalesce(pg_sequence_last_value(s::regclass), 0)",
            [last, *_serial(model), last],
        )


@contextmanager
def history_set_aside(*tracked: type[models.Model]) -> Iterator[None]:
    """Inside an open transaction: the history triggers of these models do not fire."""
    names = [f"{m._meta.label}:{label}" for m in tracked for label in ("insert_insert", "update_update")]
    with pgtrigger.ignore(*names):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # carries the setting into the transaction, where COPY finds it
        yield


def _serial(model: type[models.Model]) -> list[str]:
    return [model._meta.db_table, str(model._meta.pk.column)]


def _converter(field: Any) -> Any:
    """How a column's value is written where that is not simply its text; None for most columns."""
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(field, ArrayField):
        return _array
    if isinstance(field, models.BinaryField):
        return lambda value: "\\x" + bytes(value).hex()
    return None


def _array(values: Iterable[Any]) -> str:
    quoted = (str(v).replace("\\", "\\\\").replace('"', '\\"') for v in values)
    return "{" + ",".join(f'"{v}"' for v in quoted) + "}"
