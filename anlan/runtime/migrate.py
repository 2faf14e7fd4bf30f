"""Brings the database to the program's own form, one process at a time."""

from __future__ import annotations

import time

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from anlan.runtime.backup.places import backups_folder, copies
from anlan.runtime.places import data_folder
from anlan.runtime.screen import Step, Trouble, say

_KEY = 0x414E4C414E  # "ANLAN": the advisory lock that two starts on one database share
_NAMED = 6  # migrations named on the screen


def migrate() -> int:
    """Applies what is missing and gives back how many migrations that were.

    Two programs that start together on one database take turns; the lock goes with the connection. Each migration
    stands or falls as a whole, so one that was cut short is simply begun again. Raises ``Trouble`` when the database
    was brought further by a newer program.
    """
    with connection.cursor() as cursor:
        step = Step("Waiting for another migration of this database")
        while not _locked(cursor):
            step.beat()
            time.sleep(0.2)
        try:
            return _apply()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])


def _locked(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
    return bool(cursor.fetchone()[0])


def _apply() -> int:
    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return 0
    say(f"  Bringing the database up to date ({len(plan)} migrations)")
    if executor.loader.applied_migrations:
        names = [f"{migration.app_label} {migration.name}" for migration, _ in plan]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        say(f"    {', '.join(names[:_NAMED])}{more}")
        say(f"    {_newest_copy()}")
    call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def _refuse_newer(executor: MigrationExecutor) -> None:
    """A newer program has been at this database: what this one would write there could be wrong."""
    loader = executor.loader
    known = set(loader.disk_migrations or {})
    unknown = sorted(
        f"{app} {name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in known
    )
    if unknown:
        raise Trouble(
            f"This database was brought up to date by a newer Anlan ({', '.join(unknown[:_NAMED])}); this one is older "
            "and leaves it alone. Start the newer one, or restore a copy from before: docs/operate/upgrade.md."
        )


def _newest_copy() -> str:
    """What there is to go back to."""
    found = copies(backups_folder(data_folder()))
    if not found:
        return "There is no copy by ./run backup to go back to. Each change stands or falls as a whole."
    return f"The newest copy to go back to: {found[-1].name}."
