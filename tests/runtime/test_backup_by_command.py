"""The commands of whoever runs the platform, on the real schema with records of every module: a copy is taken while
it runs, the drill compares every table, and what was spoilt afterwards is brought back to a moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from anlan.runtime.backup.drill import Fingerprint, fingerprints
from anlan.runtime.backup.restore import await_primary, served
from anlan.runtime.database import VARIABLE, running_database
from anlan.runtime.embedded.postgres import Engine
from tests.house.walk import business_modules
from tests.runtime.conftest import PATIENCE, Up
from tests.runtime.flows import each_ran_once

FULL = {"DJANGO_SETTINGS_MODULE": "anlan.config.settings.dev", "ANLAN_WEB_WORKERS": "1"}
WITHOUT_TABLES = {"cockpit", "office", "planning"}  # they read the others, and own no table
# What the running platform writes by itself, whatever people do.
OWN_LIFE = ("procrastinate_", "limits_", "django_session", "tally_", "tallies_")
NOTHING_YET = {"limits", "tallies"}  # requests that are counted, and nightly comparisons: neither has been


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Up]:
    """The whole platform on a folder of its own."""
    tmp_path.chmod(0o755)
    started = Up(tmp_path / "data", **FULL)
    try:
        yield started.ready()
    finally:
        started.finish()


def told_by(data: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as somebody types it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    return subprocess.run(
        [sys.executable, "-m", *command], env={**clean, **FULL, "ANLAN_DATA": str(data), **more},
        capture_output=True, text=True, timeout=PATIENCE * 2, check=False,
    )  # fmt: skip


def anlan(data: Path, *command: str) -> str:
    """An ``anlan`` command that has to succeed; what it said."""
    done = told_by(data, "anlan.runtime.cli", *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def until_quiet(address: str) -> None:
    """Until no job waits that is due: the flows of what was just entered have run."""
    with psycopg.connect(address, autocommit=True) as asking:
        give_up = time.monotonic() + PATIENCE
        while asking.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' OR status = 'todo' AND queue_name = 'flows' LIMIT 1"
        ).fetchone():
            assert time.monotonic() < give_up
            threading.Event().wait(0.2)


def stands(address: str) -> tuple[dict[str, Fingerprint], datetime]:
    """Every table that people fill, and a moment at which it stood so, by the server's clock."""
    with psycopg.connect(address) as asking:
        found = {n: f for n, f in fingerprints(asking).items() if not n.startswith(OWN_LIFE)}
        row = asking.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return found, row[0] + timedelta(milliseconds=1)


def test_a_copy_the_drill_and_a_moment_by_command(running: Up) -> None:
    data = running.data
    address = running_database(data)
    assert address is not None
    peopled = told_by(data, "tests.runtime.peopled", **{VARIABLE: address})
    assert peopled.returncode == 0, peopled.stderr[-3000:]
    tables = json.loads(peopled.stdout.splitlines()[-1])
    assert set(business_modules()) - WITHOUT_TABLES <= set(tables)
    bare = {app for app, counts in tables.items() if not any(counts.values())}
    assert bare <= NOTHING_YET, "records of every module"

    assert "MB" in anlan(data, "backup")
    assert "base-" in anlan(data, "backup", "--list")
    until_quiet(address)
    with psycopg.connect(address) as asking:
        assert each_ran_once(asking)["registered_unit_opens_workspace"] > 1
    before, moment = stands(address)
    assert {name for counts in tables.values() for name, count in counts.items() if count} <= set(before) | {
        name for counts in tables.values() for name in counts if name.startswith(OWN_LIFE)
    }
    said = anlan(data, "restore", "--drill")
    report = json.loads(max((data / "backups").glob("drill-*.json")).read_text("utf-8"))
    assert f"{len(report['tables'])} tables" in said and len(report["tables"]) > len(before)
    assert {n for n, t in report["tables"].items() if t["there"] != t["restored"]} == set()
    assert all(report["tables"][name]["there"]["rows"] == found.rows for name, found in before.items())

    with psycopg.connect(address, autocommit=True) as spoiling:
        spoiling.execute("UPDATE registry_unit SET name = 'spoilt' WHERE merged_into_id IS NULL")
        spoiling.execute("DELETE FROM notify_message")
    assert stands(address)[0] != before
    refused = told_by(data, "anlan.runtime.cli", "restore", "--to", moment.isoformat())
    assert refused.returncode != 0 and "stop it first" in refused.stdout + refused.stderr
    running.finish()
    assert "What stood there before lies in" in anlan(data, "restore", "--to", moment.isoformat())
    engine = Engine(data)
    with served(engine, data / "log" / "server.log") as process:
        await_primary(engine, process, data / "log" / "server.log")
        after, _ = stands(engine.database_address)
    assert {name for name in before if after.get(name) != before[name]} == set()
