"""Copies: any moment after one can be restored, every table is compared, and old ones go without harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from anlan.runtime.backup.drill import drill, fingerprints
from anlan.runtime.backup.places import archive_folder, backups_folder, copies, open_folders
from anlan.runtime.backup.restore import Target, await_primary, restore, served
from anlan.runtime.backup.take import await_archived, take, thin
from anlan.runtime.embedded.postgres import Engine
from anlan.runtime.screen import Trouble


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A platform's data folder with a little in it; its server does not run."""
    monkeypatch.delenv("ANLAN_BACKUPS", raising=False)
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)
    made = Engine(folder)
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "abc1").write_bytes(b"a photograph")
    yield made
    made.tidy()


@pytest.fixture
def running(engine: Engine) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts the server; it is stopped at the end or by ``stop``."""
    stack = []

    def start() -> subprocess.Popen[bytes]:
        context = served(engine, engine.data / "server.log")
        process = context.__enter__()
        stack.append(context)
        await_primary(engine, process, engine.data / "server.log")
        engine.complete()
        return process

    yield start
    for context in reversed(stack):
        context.__exit__(None, None, None)


def write(engine: Engine, *values: str) -> datetime:
    """Commits a row for each value; gives back a moment after them, by the server's clock."""
    with psycopg.connect(engine.address, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id serial PRIMARY KEY, what text)")
        for value in values:
            connection.execute("INSERT INTO kept (what) VALUES (%s)", [value])
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0] + timedelta(milliseconds=1)


def stands(engine: Engine) -> list[str]:
    with psycopg.connect(engine.address) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM kept ORDER BY id")]


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def test_what_lay_in_memory_is_read_again_at_the_next_start(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """A platform that was started anew is as quick as before it was stopped."""
    server = running()
    write(engine, *(f"row {number}" for number in range(500)))
    stop(server)
    running()
    held = (
        "SELECT count(*) > 0 FROM pg_buffercache "
        "WHERE relfilenode = pg_relation_filenode('kept') AND relblocknumber > 0"
    )
    with psycopg.connect(engine.database_address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_buffercache")
        until = time.monotonic() + 30
        while connection.execute(held).fetchone() != (True,):  # nobody has read the table since the start
            assert time.monotonic() < until


def test_any_moment_after_a_copy_can_be_restored(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server = running()
    write(engine, "before the copy")
    copy = take(engine)
    assert copies(backups_folder(engine.data)) == [copy] and copy.files == 1 and copy.size > 0
    moment = write(engine, "after the copy")
    write(engine, "a mistake")
    await_archived(engine)
    stop(server)
    shutil.rmtree(engine.data / "files")
    done = restore(engine.data, Target(moment=moment))
    assert done.copy == copy.name and done.until is not None and done.until < moment
    assert done.aside is not None and (done.aside / "PG_VERSION").exists()
    assert (engine.data / "files" / "ab" / "abc1").read_bytes() == b"a photograph"
    running()
    assert stands(engine) == ["before the copy", "after the copy"]
    assert not list(engine.cluster.glob("*recovery*")), "nothing in the cluster speaks of the recovery"
    # Life goes on: the new time line is archived and can itself be restored.
    write(engine, "a new day")
    take(engine)
    assert drill(engine).differing == []


def test_without_a_moment_the_log_is_replayed_to_its_end(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server = running()
    write(engine, "one")
    take(engine)
    write(engine, "two", "three")
    await_archived(engine)
    server.kill()
    server.wait()
    shutil.rmtree(engine.cluster)
    assert restore(engine.data, Target()).aside is None
    running()
    assert stands(engine) == ["one", "two", "three"]


def test_the_drill_compares_every_table_and_tells_a_difference(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    running()
    write(engine, *(f"row {n}" for n in range(50)))
    first = drill(engine)
    assert first.differing == [] and first.tables["kept"][0] is not None and first.tables["kept"][0].rows == 50
    with psycopg.connect(engine.address) as connection:
        before = fingerprints(connection)
        connection.execute("UPDATE kept SET what = 'row 99' WHERE what = 'row 7'")
        assert fingerprints(connection)["kept"] != before["kept"]
        assert fingerprints(connection)["kept"].rows == before["kept"].rows
    write(engine, "later")
    again = drill(engine)
    assert again.differing == [] and again.tables["kept"][1] is not None and again.tables["kept"][1].rows == 51


def test_only_the_newest_copies_stay_and_each_can_be_restored(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = running()
    write(engine, "one")
    now = datetime.now(UTC)
    names = iter(f"base-{n}" for n in range(9))
    monkeypatch.setattr("anlan.runtime.backup.take.fresh_name", lambda moment: next(names))
    take(engine)
    (engine.data / "files" / "ab" / "abc1").unlink()
    write(engine, "two")
    take(engine, keep=2)
    write(engine, "three")
    for segment in archive_folder(engine.data).iterdir():  # a disk that was copied: dates say nothing
        os.utime(segment, (0, 0))
    third = take(engine, keep=2)
    backups = backups_folder(engine.data)
    assert [c.name for c in copies(backups)] == ["base-1", "base-2"] and not (backups / "base-0").exists()
    assert not list((backups / "files").rglob("abc1")), "no copy that stays has this file"
    assert thin(engine.data, keep=2) == []
    stop(server)
    with pytest.raises(Trouble, match=r"no copy .* from before that moment"):
        restore(engine.data, Target(moment=now - timedelta(days=1)))
    middle = copies(backups)[0].finished_at
    assert restore(engine.data, Target(moment=middle)).copy == "base-1" != third.name
    running()
    assert stands(engine) == ["one", "two"]


def test_a_copy_cut_short_is_none(engine: Engine, running: Callable[[], subprocess.Popen[bytes]]) -> None:
    server = running()
    write(engine, "one")
    copy = take(engine)
    (copy.folder(backups_folder(engine.data)) / "copy.json").unlink()
    stop(server)
    with pytest.raises(Trouble, match="make one with"):
        restore(engine.data, Target())
    assert engine.cluster.exists()


def test_a_damaged_log_leaves_the_old_cluster_standing(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server = running()
    write(engine, "one")
    take(engine)
    moment = write(engine, "two")
    await_archived(engine)
    write(engine, "three")
    await_archived(engine)
    stop(server)
    for segment in archive_folder(engine.data).glob("*.gz"):
        segment.unlink()
    with pytest.raises(Trouble, match="did not start"):
        restore(engine.data, Target(moment=moment))
    assert not list(engine.data.glob("postgres.*")), "what was of no use does not fill the disk"
    running()
    assert stands(engine) == ["one", "two", "three"]


def test_without_secrets_nothing_is_touched(engine: Engine, running: Callable[[], subprocess.Popen[bytes]]) -> None:
    server = running()
    write(engine, "one")
    take(engine)
    stop(server)
    (engine.data / "secrets").rename(engine.data / "elsewhere")
    with pytest.raises(Trouble, match="secrets"):
        restore(engine.data, Target())
    assert engine.cluster.exists()


@pytest.mark.parametrize("name", ["it's 100% ours", 'a "b" $(touch c)'])
def test_a_folder_may_have_any_name(
    engine: Engine,
    running: Callable[[], subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    with pytest.raises(Trouble, match="cannot step into") if engine.account else nullcontext():
        monkeypatch.setenv("ANLAN_BACKUPS", str(engine.data / name))
        open_folders(engine.data, engine.data, engine.account)
    outside = tempfile.TemporaryDirectory(prefix="anlan-copies-")
    request.addfinalizer(outside.cleanup)
    Path(outside.name).chmod(0o755)
    monkeypatch.setenv("ANLAN_BACKUPS", str(Path(outside.name) / name))
    server = running()
    write(engine, "one")
    take(engine)
    write(engine, "two")
    await_archived(engine)
    stop(server)
    assert restore(engine.data, Target()).aside is not None
    running()
    assert stands(engine) == ["one", "two"]


def test_a_restore_cut_short_between_two_steps_is_not_taken_for_an_empty_start(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]]
) -> None:
    server = running()
    write(engine, "one")
    stop(server)
    engine.cluster.rename(engine.data / "postgres.before-20260630T000000Z")
    (engine.data / "postgres.restored").mkdir()
    with pytest.raises(Trouble, match=r"cut short.*mv .*postgres\.before-20260630T000000Z"):
        engine.prepare()
    assert not engine.cluster.exists()


def test_a_copy_that_fails_leaves_nothing_behind(
    engine: Engine, running: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    running()

    def refused(engine: Engine) -> None:
        raise Trouble("the disk is full")

    monkeypatch.setattr("anlan.runtime.backup.take.await_archived", refused)
    with pytest.raises(Trouble, match="the disk is full"):
        take(engine)
    assert not list(backups_folder(engine.data).glob("base-*"))
