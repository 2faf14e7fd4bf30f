"""Acts on the tree: add, rename, merge, move. Rows are re-pathed in batches by a job, so no lock lasts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from pypinyin import Style, lazy_pinyin

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.journal.facts import Fact
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.scope import PathField

BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class RegionAdded(Fact):
    """A region was added to the tree."""

    sentence: ClassVar[str] = gettext_noop("Region %(name)s added")
    name: str


@dataclass(frozen=True, kw_only=True)
class RegionRenamed(Fact):
    """A region got a new name on a day, by a decision."""

    sentence: ClassVar[str] = gettext_noop("Region %(before)s renamed to %(after)s from %(on)s (%(basis)s)")
    before: str
    after: str
    on: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class RegionMerged(Fact):
    """A region was merged into, or moved under, another on a day, by a decision."""

    sentence: ClassVar[str] = gettext_noop("Region %(name)s moved to %(target)s from %(on)s (%(basis)s)")
    name: str
    target: str
    on: str
    basis: str


def pinyin_key(text: str) -> str:
    """A sorting and searching key: full pinyin, then the initials. The database has no Chinese collation."""
    full = "".join(lazy_pinyin(text))
    return f"{full} {''.join(lazy_pinyin(text, style=Style.FIRST_LETTER))}"[:200]


@act(may="regions.change")
def add_region(
    work: Work, *, parent: Region | None, name: str, kind: str, code: str = "", lon: float | None = None,
    lat: float | None = None, outline: dict | None = None, short_name: str = "",
) -> Region:
    """Add a region under ``parent`` (None: a root). The code is stored with 12 digits."""
    name = name.strip()
    if not name:
        raise BadInput("name", gettext_noop("Give the region its official name."))
    fields = {
        "name": name, "short_name": short_name, "pinyin": pinyin_key(name), "kind": kind,
        "code": code.ljust(12, "0") if code else "", "lon": lon, "lat": lat, "outline": outline,
    }
    region = parent.add_child(**fields) if parent else Region.add_root(**fields)
    work.record(RegionAdded(name=name), on=region)
    return region


@act(may="regions.change", on=Region)
def rename_region(work: Work, region: Region, *, name: str, on: dt.date, basis: str) -> RegionChange | None:
    """Rename from a day on; the old name stays in the change list. Renaming to the same name does nothing."""
    name = name.strip()
    if not basis.strip():
        raise BadInput("basis", gettext_noop("Name the decision or notice that renamed the region."))
    if name == region.name:
        return None
    change = RegionChange.objects.create(
        region=region, kind="rename", on=on, old_name=region.name, new_name=name,
        old_path=region.path, new_path=region.path, basis=basis, finished_at=work.now,
    )
    work.record(RegionRenamed(before=region.name, after=name, on=on.isoformat(), basis=basis), on=region)
    region.name, region.pinyin = name, pinyin_key(name)
    region.save(update_fields=["name", "pinyin"])
    return change


@act(may="regions.change", on=Region)
def merge_region(work: Work, region: Region, *, into: Region, on: dt.date, basis: str) -> RegionChange:
    """Merge ``region`` into ``into``: it ends the day before, its rows and children move there in batches."""
    if not basis.strip():
        raise BadInput("basis", gettext_noop("Name the decision or notice that merged the region."))
    if into.path.startswith(region.path):
        raise BadInput("into", gettext_noop("A region cannot be merged into itself or a part of itself."))
    if region.valid_to is not None:
        raise BadInput("region", gettext_noop("This region was already merged."))
    old_path = region.path
    for child in region.get_children():
        was = child.path
        child.move(into, "last-child")
        moved = Region.objects.get(pk=child.pk)
        _start(work, moved, "move", on, was, moved.path, basis)
    region = Region.objects.get(pk=region.pk)
    region.valid_to, region.merged_into = on - dt.timedelta(days=1), into
    region.save(update_fields=["valid_to", "merged_into"])
    change = _start(work, region, "merge", on, old_path, into.path, basis)
    work.record(RegionMerged(name=region.name, target=into.name, on=on.isoformat(), basis=basis), on=region)
    return change


def _start(work: Work, region: Region, kind: str, on: dt.date, old: str, new: str, basis: str) -> RegionChange:
    from anlan.kernel.regions.tasks import repath

    change = RegionChange.objects.create(
        region=region, kind=kind, on=on, old_path=old, new_path=new, basis=basis, old_name=region.name, new_name=region.name
    )
    repath.defer(change_id=change.pk)
    return change


def path_columns() -> list[tuple[str, str, str]]:
    """Every (table, key column, path column) in which a region's path is copied."""
    return [
        (model._meta.db_table, str(model._meta.pk.column), str(field.column))
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, PathField)
    ]


def repath_rows(change: RegionChange) -> int:
    """Carry the rows of a moved region to its new path, ``BATCH`` rows a transaction. Safe to repeat.

    Append-only tables (the journal, row history) follow too: the path is an address, not a fact, so their
    protection is lifted for exactly this statement.
    """
    total = 0
    for table, key, column in path_columns():
        while True:
            with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"""
                    UPDATE "{table}" SET "{column}" = %s || substr("{column}", %s)
                    WHERE "{key}" IN (SELECT "{key}" FROM "{table}" WHERE "{column}" >= %s AND "{column}" < %s LIMIT %s)
                    """,  # noqa: S608 - names come from Django's own model registry
                    [change.new_path, len(change.old_path) + 1, change.old_path, change.old_path + "\x7f", BATCH],
                )
                moved = cursor.rowcount
            total += moved
            if moved < BATCH:
                break
    change.rows_done = total
    change.finished_at = clock.now()
    change.save(update_fields=["rows_done", "finished_at"])
    return total

