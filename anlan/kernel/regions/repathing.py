"""Carrying rows after their region: every column that holds a region's path, and every key that points at a region.

Each statement moves ``BATCH`` rows in a transaction of its own. Append-only tables (the journal, row history)
follow too: the path is an address, not a fact, so their protection is lifted for exactly these statements.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from anlan.kernel import clock
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.scope import PATH_END, PathField

BATCH = 5_000
LATE = dt.timedelta(days=2)  # how long rows written by acts that were under way are looked for again


@dataclass(frozen=True)
class Column:
    """One column to carry: its table, the table's key, and whether rows of a merged region keep it."""

    table: str
    key: str
    name: str
    stays_on_merge: bool = False


def path_columns() -> list[tuple[str, str, str]]:
    """Every (table, key column, path column) in which a region's path is copied."""
    return [(c.table, c.key, c.name) for c in _path_columns()]


def repath_rows(change: RegionChange) -> int:
    """Carry the rows of a moved or merged region to where it is now; returns how many. Safe to repeat.

    A moved region takes its whole subtree along; of a merged one only the rows filed directly under it remain,
    since its children were moved before, each with a change of its own. Where it is *now*: a later change may have
    moved the target on.
    """
    target = settled(change.region) if change.kind == "merge" else change.region
    if change.kind == "rename" or target.path == change.old_path:
        return _finish(change)
    # A merged region keeps its own row, and may since have been moved along with the region above it.
    exactly = [change.old_path, change.region.path] if change.kind == "merge" else []
    columns = [c for c in _path_columns() if not (exactly and c.stays_on_merge)]
    elsewhere = [] if exactly else _moved_out_before(change)
    if change.rows_total is None:
        change.rows_total = sum(_count(c, change.old_path, exactly, elsewhere) for c in columns)
        change.save(update_fields=["rows_total"])
    for column in columns:
        while moved := _move_some(column, change.old_path, target.path, exactly, elsewhere):
            _progress(change, moved)
    if exactly:
        for column in _region_keys():
            while moved := _point_some(column, change.region.pk, target.pk):
                _progress(change, moved)
    return _finish(change)


def late_changes() -> list[RegionChange]:
    """The changes to look at again: unfinished ones, and those finished of late, in the order they were made."""
    since = clock.now() - LATE
    return list(
        RegionChange.objects.exclude(kind="rename")
        .filter(models.Q(finished_at=None) | models.Q(finished_at__gte=since))
        .select_related("region")
        .order_by("pk")
    )


def settled(region: Region) -> Region:
    """The region in force that a merged one has gone to, however many merges on."""
    seen = {region.pk}
    while region.merged_into is not None and region.merged_into.pk not in seen:
        region = region.merged_into
        seen.add(region.pk)
    return region


def _path_columns() -> list[Column]:
    return [
        Column(
            model._meta.db_table,
            str(_pk(model).column),
            str(field.column),
            stays_on_merge=bool(getattr(_tracked(model), "stays_on_merge", False)),
        )
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, PathField)
    ]


def _region_keys() -> list[Column]:
    """The foreign keys to a region that follow a merge; row history and the list of changes keep theirs."""
    return [
        Column(model._meta.db_table, str(_pk(model).column), str(field.column))
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and model not in (Region, RegionChange)
        and _tracked(model) is model
        and not getattr(model, "stays_on_merge", False)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is Region
    ]


def _pk(model: type[models.Model]) -> Any:
    return model._meta.pk


def _tracked(model: type[models.Model]) -> type[models.Model]:
    """The model whose history a history table keeps; the model itself otherwise."""
    return getattr(model, "pgh_tracked_model", model)


def _moved_out_before(change: RegionChange) -> list[str]:
    """The parts of a moved region that had left it earlier: their rows follow changes of their own."""
    return list(
        RegionChange.objects.exclude(kind="rename")
        .filter(pk__lt=change.pk, old_path__gt=change.old_path, old_path__lt=change.old_path + PATH_END)
        .values_list("old_path", flat=True)
    )


def _where(column: Column, path: str, exactly: list[str], elsewhere: list[str]) -> tuple[str, list[Any]]:
    if exactly:
        return f'"{column.name}" = ANY(%s)', [exactly]
    parts, given = [f'"{column.name}" >= %s AND "{column.name}" < %s'], [path, path + PATH_END]
    for gone in elsewhere:
        parts.append(f'NOT ("{column.name}" >= %s AND "{column.name}" < %s)')
        given += [gone, gone + PATH_END]
    return " AND ".join(parts), given


def _count(column: Column, path: str, exactly: list[str], elsewhere: list[str]) -> int:
    where, given = _where(column, path, exactly, elsewhere)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{column.table}" WHERE {where}', given)  # noqa: S608 - Django's own names
        return int(cursor.fetchone()[0])


def _move_some(column: Column, old: str, new: str, exactly: list[str], elsewhere: list[str]) -> int:
    """Move one batch. The condition stands outside as well: a row that another act moves elsewhere while this
    statement waits for its lock is left alone."""
    where, given = _where(column, old, exactly, elsewhere)
    rest = "''" if exactly else f'substr("{column.name}", {len(old) + 1})'
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{column.table}" SET "{column.name}" = %s || {rest} '  # noqa: S608
            f'WHERE "{column.key}" IN (SELECT "{column.key}" FROM "{column.table}" WHERE {where} LIMIT %s) AND {where}',
            [new, *given, BATCH, *given],
        )
        return int(cursor.rowcount)


def _point_some(column: Column, old: int, new: int) -> int:
    some = f'SELECT "{column.key}" FROM "{column.table}" WHERE "{column.name}" = %s LIMIT %s'  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{column.table}" SET "{column.name}" = %s '  # noqa: S608
            f'WHERE "{column.key}" IN ({some}) AND "{column.name}" = %s',
            [new, old, BATCH, old],
        )
        return int(cursor.rowcount)


def _progress(change: RegionChange, moved: int) -> None:
    change.rows_done += moved
    change.save(update_fields=["rows_done"])


def _finish(change: RegionChange) -> int:
    change.finished_at = change.finished_at or clock.now()
    change.save(update_fields=["finished_at"])
    return change.rows_done
