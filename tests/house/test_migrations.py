"""Migrations after the first of each app are written for tables that are large already."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AddIndex, CreateModel

# Made before there was any large table, or on one that never is; each with the reason.
SMALL: dict[str, str] = {
    "events 0002": "before the first release",
    "identity 0002": "before the first release",
    "journal 0003": "before the first release",
    "registry 0004": "before the first release",
}


def blocking(migration: Migration) -> Iterator[str]:
    """What would keep everybody from writing for as long as a large table takes: an index built in one go, or a new
    column whose value the program has to work out row by row."""
    made = {op.name.lower() for op in migration.operations if isinstance(op, CreateModel)}
    for op in migration.operations:
        if isinstance(op, AddIndex) and not isinstance(op, AddIndexConcurrently) and op.model_name.lower() not in made:
            yield f"index {op.index.name}"
        if isinstance(op, AddField) and op.model_name.lower() not in made and op.field.unique:
            yield f"unique column {op.name}"


def ours() -> list[Migration]:
    loader = MigrationLoader(None)
    found = [
        migration
        for migration in (loader.disk_migrations or {}).values()
        if migration.__module__.startswith("anlan.") and not migration.initial
    ]
    assert len(found) >= 5
    return found


def test_indexes_of_tables_that_stand_are_built_beside_the_work() -> None:
    faults = {
        f"{migration.app_label} {migration.name}: {what}"
        for migration in ours()
        for what in blocking(migration)
        if f"{migration.app_label} {migration.name[:4]}" not in SMALL
    }
    assert faults == set(), "use AddIndexConcurrently in a migration with atomic = False"


def test_the_rule_is_seen_to_be_broken() -> None:
    named = {f"{m.app_label} {m.name[:4]}" for m in ours() if list(blocking(m))}
    assert "events 0002" in named and named <= set(SMALL)


def test_no_exemption_outlives_its_migration() -> None:
    assert set(SMALL) <= {f"{m.app_label} {m.name[:4]}" for m in ours() if list(blocking(m))}
