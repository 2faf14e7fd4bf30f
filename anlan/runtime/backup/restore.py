"""Putting a cluster together from a copy and the archived log, up to a moment."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from anlan.runtime.backup.places import backups_folder, chosen, quoted, seen_archive
from anlan.runtime.backup.readings import return_readings
from anlan.runtime.embedded.postgres import ASIDE, MAJOR, PATIENCE, RESTORED, STOP, Engine
from anlan.runtime.places import private_folder
from anlan.runtime.screen import Trouble

_RECOVERY = "anlan-recovery.conf"


@dataclass(frozen=True)
class Target:
    """How far the log is replayed: to a moment, to a named point, or (neither) to its end."""

    moment: datetime | None = None
    point: str = ""

    def options(self) -> dict[str, str]:
        """The server's settings for this target."""
        if self.point:
            return {"recovery_target_name": self.point}
        if self.moment is not None:
            return {"recovery_target_time": self.moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")}
        return {"recovery_target_timeline": "latest"}


@dataclass(frozen=True)
class Restored:
    """What was done: the copy used, the last moment replayed (UTC; None when nothing was), seconds it took, where the
    cluster that stood there before was put, how many readings were put back (None: a store stands there, it stays)."""

    copy: str
    until: datetime | None
    seconds: float
    aside: Path | None
    readings: int | None = None


def restore(data: Path, target: Target) -> Restored:
    """Replaces the cluster in ``data`` by its state at the target; what stood there is put aside, nothing is lost.

    The caller holds the data folder's lock: nothing else runs on it. Raises ``Trouble`` when no copy reaches so far
    back, when secrets are missing, or when the log ends before the target; then the old cluster still stands.
    """
    began = time.monotonic()
    if not (data / "secrets" / "database-owner").exists():
        raise Trouble(
            f"{data / 'secrets'} is not here: without it neither the database opens nor sealed personal data. Put your "
            "copy of it back first."
        )
    engine = Engine(data)
    copy = chosen(backups_folder(data), target.moment)
    if copy.server != MAJOR:
        raise Trouble(f"{copy.name} was written by PostgreSQL {copy.server}, this is {MAJOR}: docs/operate/upgrade.md.")
    fresh = data / RESTORED
    try:
        lay_out(engine, copy.folder(backups_folder(data)), seen_archive(data), target)
        until = replay(Engine(data, cluster_name=fresh.name), data / "log" / "restore.log")
    except (Trouble, OSError, tarfile.TarError):
        shutil.rmtree(fresh, ignore_errors=True)  # as large as the database, and of no use
        raise
    aside = None
    if engine.cluster.exists():
        aside = data / f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        engine.cluster.rename(aside)
    fresh.rename(engine.cluster)
    _return_files(backups_folder(data) / "files", data / "files")
    readings = return_readings(backups_folder(data), copy.folder(backups_folder(data)), data)
    return Restored(copy.name, until, time.monotonic() - began, aside, readings)


def lay_out(engine: Engine, copy: Path, archive: str, target: Target) -> Path:
    """Unpacks a copy beside the cluster, ready to replay; gives back its folder. ``archive`` is the folder of the
    archived log as the server is told it."""
    owner, group = (engine.account.user, engine.account.group) if engine.account else (None, None)
    fresh = engine.data / RESTORED
    shutil.rmtree(fresh, ignore_errors=True)
    private_folder(fresh, owner, group)
    for name, below in (("base.tar.gz", fresh), ("pg_wal.tar.gz", fresh / "pg_wal")):
        with tarfile.open(copy / name) as packed:
            packed.extractall(below, filter="data")
    options = {"restore_command": f"gunzip -c < {quoted(archive)}/%f.gz > %p", **target.options()}
    options["recovery_target_action"] = "promote"
    # In the server's own files a backslash escapes, and a quote is written twice.
    said = {name: value.replace("\\", "\\\\").replace("'", "''") for name, value in options.items()}
    lines = "".join(f"{name} = '{value}'\n" for name, value in said.items())
    (fresh / _RECOVERY).write_text(lines, "utf-8")
    (fresh / "recovery.signal").touch()
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"include_if_exists '{_RECOVERY}'\n")
    if engine.account:
        for path in (fresh, *fresh.rglob("*")):
            shutil.chown(path, engine.account.user, engine.account.group)
    return fresh


def replay(engine: Engine, log: Path) -> datetime | None:
    """Runs the server until it has reached its target and answers as a primary; the last moment replayed.

    Afterwards nothing in the cluster speaks of the recovery. Raises ``Trouble`` with the server's last words.
    """
    with served(engine, log) as process:
        until = await_primary(engine, process, log)
    (engine.cluster / _RECOVERY).unlink()
    settings = engine.cluster / "postgresql.conf"
    kept = [line for line in settings.read_text("utf-8").splitlines(keepends=True) if _RECOVERY not in line]
    settings.write_text("".join(kept), "utf-8")
    return until


def await_primary(engine: Engine, process: subprocess.Popen[bytes], log: Path) -> datetime | None:
    """Waits until a server that was started takes writes, however long it recovers; the last moment it replayed.

    Raises ``Trouble`` with the server's last words when it ends instead.
    """
    while True:
        try:
            with psycopg.connect(engine.owner_address, connect_timeout=2, autocommit=True) as connection:
                row = connection.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone()
        except psycopg.OperationalError:
            row = None
        if row and not row[0]:
            until: datetime | None = row[1]
            return until
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise Trouble(f"The database did not start:\n{log.read_text('utf-8')[-2000:]}")


@contextmanager
def served(engine: Engine, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server on this cluster for the length of the block."""
    engine.prepare()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as words:
        process = subprocess.Popen(
            engine.command(), stdin=subprocess.DEVNULL, stdout=words, stderr=words, **engine.spawn_options()
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(STOP)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            engine.tidy()


def _return_files(store: Path, live: Path) -> None:
    """Files the platform lost are there again; what it has stays."""
    for path in store.rglob("*") if store.is_dir() else ():
        target = live / path.relative_to(store)
        if path.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(path, target)
