"""``anlan up`` on a real machine: parts are killed, the supervisor is killed, everything comes back or ends."""

from __future__ import annotations

import os
import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from anlan.runtime import ready
from anlan.runtime.database import VARIABLE, running_database
from anlan.runtime.embedded import nats
from anlan.runtime.processes import wait_gone
from tests.runtime.conftest import Up, free_port, left_behind

PARTS = ["database", "nats", "web", "worker", "historian"]


def test_healthz_tells_the_state_of_each_part(up: Up) -> None:
    status, told = up.health()
    assert status == 200
    assert {name: part["state"] for name, part in told["parts"].items()} == {
        "supervisor": "ready",
        "database": "ready",
        "web": "ready",
        "worker": "ready",
        "nats": "ready",
        "historian": "ready",
        "demo": "off",
    }


def test_it_is_ready_when_every_web_process_is(up: Up) -> None:
    assert ready.count(up.data / "run" / "web") == 2


@pytest.mark.parametrize("name", ["worker", "web", "database", "nats", "historian"])
def test_a_killed_part_is_restarted_and_reported(up: Up, name: str) -> None:
    killed = up.part(name)
    os.kill(killed.pid, signal.SIGKILL)
    up.until(rf"{name} ended with signal SIGKILL; restarting it")
    up.until(rf"{name} is back after \d+ restart")
    if name == "database":  # without it the worker comes to its end, and is begun anew
        up.until(r"worker is back after \d+ restart")
    assert up.part(name).pid != killed.pid
    status, told = up.health()
    assert (status, told["parts"][name]["state"]) == (200, "ready")
    assert told["parts"][name]["restarts"] >= 1
    assert told["parts"][name]["last_exit"] == "signal SIGKILL"


def test_a_second_start_on_the_same_data_says_so_and_leaves_the_first_alone(up: Up) -> None:
    second = Up(up.data, port=free_port())
    assert second.end() == 1
    assert "already runs" in second.screen
    assert f"http://127.0.0.1:{up.port} (pid {up.process.pid})" in second.screen
    assert up.health()[0] == 200


def test_the_answer_to_strangers_holds_no_process_numbers_and_no_paths(up: Up) -> None:
    text = str(up.health()[1])
    assert str(up.part("web").pid) not in text
    assert str(up.data) not in text


def test_no_folder_that_was_there_is_opened_and_secrets_stay_closed(up: Up) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(up.data.parent) == 0o700  # pytest made it so
    assert mode(up.data / "postgres") == 0o700
    assert mode(up.data / "secrets") == 0o700
    assert {mode(path) for path in (up.data / "secrets").iterdir()} == {0o600}


def test_the_database_is_nobodys_superuser_process(up: Up) -> None:
    owner = Path(f"/proc/{up.part('database').pid}").stat().st_uid
    assert owner != 0
    assert owner == (up.data / "postgres").stat().st_uid


def test_after_the_supervisors_death_the_next_start_ends_the_orphans_and_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = Up(data).ready()
    address = running_database(data)
    assert address is not None
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
    orphans = [first.part(name) for name in PARTS]
    first.process.kill()
    first.end()
    assert all(orphan.alive() for orphan in orphans)

    second = Up(data, port=first.port).ready()
    try:
        assert "Ended what an earlier start had left behind: historian, worker, web, nats, database" in second.screen
        assert all(wait_gone(orphan, 0) for orphan in orphans)
        assert "as the start before this one put it in order" in second.screen
        assert "Checking the database's form" not in second.screen
        with psycopg.connect(running_database(data) or "") as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (1,)
        assert second.health()[0] == 200
    finally:
        code = second.finish(signal.SIGINT)
    assert code == 0
    assert left_behind(data) == []
    third = Up(data, "--only", "database", "--only", "worker")
    third.until("Running")
    third.finish()
    assert "Checking the database's form" in third.screen, "who ended in good order left nothing to rely on"


def test_a_taken_port_names_its_holder(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused = Up(tmp_path / "data", port=port)
        assert refused.end() == 1
    assert f"held by pid {os.getpid()}" in refused.screen
    assert f"ANLAN_PORT={port + 1} ./run up" in refused.screen


def test_with_a_database_of_ones_own_none_is_started(tmp_path: Path) -> None:
    name = f"own_{os.getpid()}"
    with psycopg.connect(os.environ[VARIABLE], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    own = psycopg.conninfo.make_conninfo(os.environ[VARIABLE], dbname=name)
    started = Up(tmp_path / "data", **{VARIABLE: own})
    try:
        started.ready()
        status, told = started.health()
        assert (status, told["parts"]["database"]["state"]) == (200, "external")
        assert not (tmp_path / "data" / "postgres").exists()
    finally:
        started.finish()
        with psycopg.connect(os.environ[VARIABLE], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_unfit_database_of_ones_own_is_refused(tmp_path: Path) -> None:
    name = f"unfit_{os.getpid()}"
    with psycopg.connect(os.environ[VARIABLE], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        try:
            refused = Up(
                tmp_path / "data", **{VARIABLE: psycopg.conninfo.make_conninfo(os.environ[VARIABLE], dbname=name)}
            )
            assert refused.end() == 1
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert "cannot search Chinese text" in refused.screen


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_named(tmp_path: Path, port: str) -> None:
    refused = Up(tmp_path / "data", ANLAN_PORT=port)
    assert refused.end() == 1
    assert f"ANLAN_PORT={port} is not a port: a number from 1 to 65535." in refused.screen


def test_a_part_alone_needs_a_database(tmp_path: Path) -> None:
    refused = Up(tmp_path / "data", "--only", "worker")
    assert refused.end() == 1
    assert "needs one named in ANLAN_DATABASE_URL" in refused.screen


def test_only_the_message_server_that_is_started_here_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anlan.kernel import messaging

    monkeypatch.delenv(messaging.OURS, raising=False)
    monkeypatch.setenv(messaging.VARIABLE, "nats://127.0.0.1:1")
    assert messaging.elsewhere()
    for name, value in nats.Server(tmp_path, nats.Ports()).environment().items():
        monkeypatch.setenv(name, value)
    assert not messaging.elsewhere() and nats.OURS == messaging.OURS
