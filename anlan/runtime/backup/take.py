"""Taking a copy of a running cluster, and letting go of old ones."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from anlan.runtime.backup.places import (
    VARIABLE,
    Copy,
    archive_folder,
    backups_folder,
    copies,
    fresh_name,
    open_folders,
    remove,
    write_facts,
)
from anlan.runtime.backup.readings import copy_readings, forget
from anlan.runtime.embedded.postgres import MAJOR, Engine
from anlan.runtime.screen import Trouble

KEPT = 7
_LISTED = "files.txt"
_SEGMENT = re.compile(r"[0-9A-F]{24}\.gz")
_SEGMENT_SIZE = 16 * 1024 * 1024  # bytes: what initdb chooses
_ARCHIVED = 120.0  # seconds the archiver may take for the last segment


def take(engine: Engine, *, keep: int = KEPT) -> Copy:
    """A copy of the running cluster, of the files and the readings beside it; then only the ``keep`` newest stay.

    Raises ``Trouble`` when the server's program refuses, with what it said.
    """
    begun = datetime.now(UTC)
    backups = open_folders(engine.data, engine.cluster, engine.account)
    folder = backups / fresh_name(begun)
    folder.mkdir(mode=0o700)
    # The log that the copy itself needs is streamed into it: it stands even where the archive has a gap.
    command = [engine.program("pg_basebackup"), "-D", str(folder), "-Ft", "--compress=gzip:1", "-X", "stream"]
    command += ["--checkpoint=fast", "--no-password", "-d", engine.owner_address]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=_bare())
    if done.returncode:
        remove(folder)
        raise Trouble(f"The database could not be copied: {done.stderr.strip()[-1500:]}")
    try:
        listed = _copy_files(engine.data / "files", backups / "files")
        (folder / _LISTED).write_text("".join(f"{name}\n" for name in listed), "utf-8")
        await_archived(engine)
        parts = copy_readings(engine.data, backups, folder)
    except (Trouble, OSError, psycopg.Error):
        remove(folder)  # half a copy is none, and as large as a whole one
        raise
    size = sum(part.stat().st_size for part in folder.iterdir())
    readings = sum(part.rows for part in parts if part.table == "readings")
    copy = Copy(folder.name, begun.isoformat(), datetime.now(UTC).isoformat(), size, len(listed), MAJOR, readings)
    write_facts(folder, copy)
    thin(engine.data, keep)
    return copy


def await_archived(engine: Engine) -> None:
    """Closes the current segment of the server's log and waits until it lies in the archive.

    Raises ``Trouble`` when the archiver fails at it, or does not come to it in two minutes.
    """
    with psycopg.connect(engine.owner_address, autocommit=True) as connection:
        # An empty segment would not be closed: put a word into it.
        connection.execute("SELECT pg_logical_emit_message(false, 'anlan', 'archived')")
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal()), now()").fetchone()
        assert row is not None
        segment, since = row
        target = archive_folder(engine.data) / f"{segment}.gz"
        until = time.monotonic() + _ARCHIVED
        while not target.exists():
            failed = connection.execute(
                "SELECT last_failed_wal FROM pg_stat_archiver WHERE last_failed_time > %s", [since]
            ).fetchone()
            if failed or time.monotonic() > until:
                raise Trouble(
                    f"The server's log does not reach {target.parent} ({segment}). Is the disk full, or was Anlan "
                    f"started with another {VARIABLE}? Its own words are in {engine.data / 'log'}."
                )
            time.sleep(0.05)


def thin(data: Path, keep: int) -> list[str]:
    """Removes all but the newest ``keep`` copies, the log before the oldest that stays, and files and readings that
    none of them has."""
    backups = backups_folder(data)
    whole = copies(backups)
    old, kept = whole[: max(len(whole) - keep, 0)], whole[max(len(whole) - keep, 0) :]
    for copy in old:
        remove(copy.folder(backups))
    if not old or not kept:
        return []
    first = _first_segment(kept[0].folder(backups))
    for segment in archive_folder(data).glob("*.gz"):
        # By its name, never by its date: a disk that was copied, or a clock put right, changes dates. The first eight
        # digits are the time line, whose small histories stay.
        if _SEGMENT.fullmatch(segment.name) and segment.name[8:24] < first[8:]:
            segment.unlink()
    forget(backups, [copy.folder(backups) for copy in kept])
    needed = {name for copy in kept for name in (copy.folder(backups) / _LISTED).read_text("utf-8").split("\n")}
    for path in (backups / "files").rglob("*"):
        if path.is_file() and path.relative_to(backups / "files").as_posix() not in needed:
            path.unlink()
    return [copy.name for copy in old]


def _first_segment(folder: Path) -> str:
    """The first segment of the log that a copy needs, as its manifest says."""
    ranges = json.loads((folder / "backup_manifest").read_text("utf-8"))["WAL-Ranges"]
    begun = ranges[0]
    high, low = (int(part, 16) for part in begun["Start-LSN"].split("/"))
    return f"{begun['Timeline']:08X}{high:08X}{low // _SEGMENT_SIZE:08X}"


def _copy_files(live: Path, store: Path) -> list[str]:
    """Adds what is new to the store and gives back the names of all: a file is named by its content and never
    changes."""
    listed: list[str] = []
    if not live.is_dir():
        return listed
    for path in sorted(live.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        name = path.relative_to(live).as_posix()
        target = store / name
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(path, part)
            part.replace(target)
        listed.append(name)
    return listed


def _bare() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ} | {"LC_ALL": "C.UTF-8"}
