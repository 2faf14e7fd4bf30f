"""The store on a real ClickHouse server: ``./run test tests/servers`` (the superuser gets Debian's package installed;
``ANLAN_CLICKHOUSE`` names another program)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from anlan.runtime.embedded.nats import free_port
from anlan.runtime.historian.engines import VARIABLE, Inside, Server
from anlan.runtime.historian.rollups import HOUR_MS, MINUTE_MS
from anlan.runtime.historian.store import DAY_MS, LEVELS, READINGS, Rows, Store, opened
from tests.historian.test_rollups import SENSORS, T, Taker, counted, held, said

CONFIG = """<yandex>
 <logger><level>warning</level><log>{folder}/server.log</log><errorlog>{folder}/errors.log</errorlog></logger>
 <http_port>{port}</http_port><tcp_port>{native}</tcp_port><listen_host>127.0.0.1</listen_host>
 <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><mark_cache_size>67108864</mark_cache_size>
 <users_config>{folder}/users.xml</users_config><default_profile>default</default_profile>
 <default_database>default</default_database>
</yandex>
"""
USERS = """<yandex>
 <profiles><default/></profiles><quotas><default/></quotas>
 <users><keeper><password>kept &amp; closed</password><networks><ip>127.0.0.1</ip></networks>
  <profile>default</profile><quota>default</quota></keeper></users>
</yandex>
"""


def program() -> str:
    """The server's program, installed where that is possible."""
    found = os.environ.get("ANLAN_CLICKHOUSE") or shutil.which("clickhouse-server")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "clickhouse-server"]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, **quiet)
        found = shutil.which("clickhouse-server")
    assert found, "install the package clickhouse-server, or name the program in ANLAN_CLICKHOUSE"
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a user and a password."""
    folder, port = tmp_path_factory.mktemp("clickhouse"), free_port()
    (folder / "config.xml").write_text(CONFIG.format(folder=folder, port=port, native=free_port()))
    (folder / "users.xml").write_text(USERS)
    environment = {**os.environ, "CLICKHOUSE_WATCHDOG_ENABLE": "0"}
    process = subprocess.Popen([program(), f"--config-file={folder / 'config.xml'}"], cwd=folder, env=environment)
    try:
        known = f"http://keeper:kept%20%26%20closed@127.0.0.1:{port}/readings_of_us"
        over, pause = time.monotonic() + 30, threading.Event()
        while True:
            try:
                Server(known)
                break
            except RuntimeError:
                assert time.monotonic() < over and process.poll() is None, (folder / "errors.log").read_text()
                pause.wait(0.2)
        yield known
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def store(address: str) -> Store:
    made = Store(Server(address))
    for level in LEVELS:
        made.engine.tell(f"DROP TABLE {made.engine.database}.{level.table}")
    return Store(Server(address))


def test_what_is_rolled_up_is_what_was_read(store: Store) -> None:
    dice = random.Random(4)
    readings, taker = said(dice), Taker(store)
    for first in range(0, len(readings), 150):
        taker.take(readings[first : first + 150])
        taker.kept()
    taker.kept(2**52)
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width
    store.rebuild()
    for width in (MINUTE_MS, HOUR_MS):
        assert held(store, width) == counted(store, width), width


def test_it_answers_as_the_engine_in_the_process_does(store: Store, tmp_path: Path) -> None:
    inside = Store(Inside(tmp_path / "store"))
    readings = said(random.Random(5))
    for one in (store, inside):
        taker = Taker(one)
        for first in range(0, len(readings), 90):
            taker.take(readings[first : first + 90])
        taker.kept()
    sensors, last = SENSORS.tolist(), T + 2 * DAY_MS
    for points in (10, 500, 20_000):
        for sensor in sensors:
            mine, its = (one.series(sensor, T, last, points) for one in (store, inside))
            assert mine.pop("mean") == pytest.approx(its.pop("mean")) and mine == its
    assert store.readings(sensors, T, last, 300) == inside.readings(sensors, T, last, 300)
    assert store.sums(sensors, T, last) == inside.sums(sensors, T, last)
    assert sorted(store.newest([11, 12])) == sorted(inside.newest([11, 12])) != []
    inside.close()


def test_old_days_go_and_the_size_is_told(store: Store) -> None:
    one = np.ones(2)
    store.append(Rows(one, np.array([T - 30 * DAY_MS, T]), one, one, one))
    assert store.size()[0] == 2 and store.let_go(READINGS, T) == 1 and store.size()[0] == 1
    store.settle()


def test_a_server_that_refuses_or_is_away_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="refuses"):
        Server(address.replace("kept", "wrong"))
    with pytest.raises(RuntimeError, match="does not answer"):
        Server(f"http://127.0.0.1:{free_port()}/x")
    monkeypatch.setenv(VARIABLE, address)
    assert opened(Path("/nowhere")).engine.database == "readings_of_us"
    with pytest.raises(RuntimeError, match="refuses"):
        Server(address).rows("SELECT no_such_column FROM system.one")
