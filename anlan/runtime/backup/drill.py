"""The drill: a copy is restored beside the running platform and every table compared with what stands there."""

from __future__ import annotations

import secrets as dice
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from anlan.runtime.backup.places import archive_folder, backups_folder, chosen
from anlan.runtime.backup.readings import compared
from anlan.runtime.backup.restore import Target, await_primary, lay_out, replay, served
from anlan.runtime.backup.take import await_archived, take
from anlan.runtime.embedded.account import Account
from anlan.runtime.embedded.postgres import Engine
from anlan.runtime.places import reachable

# Rows that come and go with the server's own life and are no content: heartbeats of the worker.
FLEETING = frozenset({"procrastinate_workers"})


@dataclass(frozen=True)
class Fingerprint:
    """A table's rows and a sum over the hashes of all of them, whatever their order."""

    rows: int
    sum: str


@dataclass(frozen=True)
class Drill:
    """The copy used, seconds from its first byte to the last table, and each table as (there, restored)."""

    copy: str
    at: datetime
    seconds: float
    tables: dict[str, tuple[Fingerprint | None, Fingerprint | None]]

    @property
    def differing(self) -> list[str]:
        return [name for name, (there, restored) in self.tables.items() if there != restored]


def drill(engine: Engine) -> Drill:
    """Restores the newest copy (making one when there is none) to this very moment, in a temporary folder.

    Writers wait for some milliseconds while the moment is marked; the tables are then read in the snapshot of that
    moment. The readings of the copy are laid out as a store and counted. Raises ``Trouble`` as taking and restoring do.
    """
    backups = backups_folder(engine.data)
    if not any(backups.glob("base-*/copy.json")):
        take(engine)
    began, at = time.monotonic(), datetime.now(UTC)
    point = f"drill-{dice.token_hex(6)}"
    with psycopg.connect(engine.database_address, autocommit=False) as reading:
        _mark(engine, reading, point)
        await_archived(engine)
        copy = chosen(backups, None)
        there = fingerprints(reading)
    folder = Path(tempfile.mkdtemp(prefix="anlan-drill-"))
    folder.chmod(0o755)  # the server's account steps through it; what lies in it is closed
    try:
        beside = Engine(folder, durable=False, account=engine.account)
        shutil.copytree(engine.data / "secrets", folder / "secrets")
        archive = _within_reach(archive_folder(engine.data), folder, engine.account)
        fresh = lay_out(beside, copy.folder(backups), str(archive), Target(point=point))
        replay(Engine(folder, durable=False, account=engine.account, cluster_name=fresh.name), folder / "restore.log")
        fresh.rename(beside.cluster)
        with served(beside, folder / "server.log") as process:
            await_primary(beside, process, folder / "server.log")
            with psycopg.connect(beside.database_address) as other:
                restored = fingerprints(other)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    names = sorted(set(there) | set(restored))
    tables = {name: (there.get(name), restored.get(name)) for name in names}
    # The store goes on while it is compared: of the readings the copy's own list is what must come out of it.
    for name, pair in compared(backups, copy.folder(backups)).items():
        listed, found = (Fingerprint(content.rows, content.sum) for content in pair)
        tables[f"historian.{name}"] = listed, found
    return Drill(copy.name, at, time.monotonic() - began, tables)


def _within_reach(archive: Path, folder: Path, account: Account | None) -> Path:
    """The archive, or a copy of it where its own folder is closed to the server's account."""
    if account is None or reachable(archive, account.user, {account.group}):
        return archive
    near = folder / "wal"
    shutil.copytree(archive, near)
    for path in (near, *near.iterdir()):
        shutil.chown(path, account.user, account.group)
    return near


def fingerprints(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, Fingerprint]:
    """Every table of the database, by name."""
    found = {}
    for table in _tables(connection):
        row = connection.execute(
            sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t").format(
                sql.Identifier("public", table)
            )
        ).fetchone()
        assert row is not None
        found[table] = Fingerprint(int(str(row[0])), str(row[1]))
    return found


def _tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    rows = connection.execute(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return [str(name) for (name,) in rows if name not in FLEETING]


def _mark(engine: Engine, reading: psycopg.Connection[tuple[object, ...]], point: str) -> None:
    """Gives ``reading`` the snapshot of the moment that the log knows as ``point``.

    Between taking the locks and letting go of them nobody can commit a change of a table, so the snapshot and the
    point in the log see the same rows.
    """
    with psycopg.connect(engine.database_address, autocommit=False) as locking:
        locking.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = sql.SQL(", ").join(sql.Identifier("public", t) for t in _tables_unlocked(engine))
        locking.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables))
        row = locking.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        with psycopg.connect(engine.owner_address, autocommit=True) as owner:
            owner.execute("SELECT pg_create_restore_point(%s)", [point])
        reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reading.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(row[0])))
        reading.execute("SELECT 1")
        locking.rollback()


def _tables_unlocked(engine: Engine) -> list[str]:
    """The tables' names, read before any snapshot is taken."""
    with psycopg.connect(engine.database_address) as connection:
        return _tables(connection)
