"""Brings the database to the program's own form, one process at a time."""

from __future__ import annotations

import time

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from anlan.runtime.screen import Step, say

_KEY = 0x414E4C414E  # "ANLAN": the advisory lock that two starts on one database share


def migrate() -> int:
    """Applies what is missing and gives back how many migrations that were.

    Two programs that start together on one database take turns; the lock goes with the connection.
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


def _locked(cursor: object) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])  # type: ignore[attr-defined]
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]


def _apply() -> int:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return 0
    say(f"  Bringing the database up to date ({len(plan)} migrations)")
    call_command("migrate", interactive=False, verbosity=0)
    return len(plan)
