"""The store by HTTP: the same statements and blocks as within the process, to ClickHouse's engine of today in another
process. What a server of 2018 makes of them is tried where there is one (tests/servers), by the same tests."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from anlan.runtime.embedded.nats import free_port
from anlan.runtime.historian.engines import VARIABLE, Inside, Server
from anlan.runtime.historian.rollups import HOUR_MS, MINUTE_MS
from anlan.runtime.historian.store import DAY_MS, LEVELS, READINGS, Rows, Store, opened
from anlan.runtime.places import ROOT
from tests.historian import serving
from tests.historian.test_rollups import SENSORS, T, Taker, counted, held, said

DATABASE = "readings_of_us"
PATIENCE_S = 60


def await_server(port: int, process: subprocess.Popen[bytes]) -> str:
    """The address of a server once it answers."""
    known = f"http://{serving.NAME}:{quote(serving.WORD)}@127.0.0.1:{port}/{DATABASE}"
    over, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while True:
        try:
            Server(known)
        except RuntimeError:
            assert time.monotonic() < over and process.poll() is None, "the server did not start: its words stand above"
            pause.wait(0.2)
        else:
            return known


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a user and a password."""
    port = free_port()
    command = [sys.executable, serving.__file__, str(tmp_path_factory.mktemp("served") / "store"), str(port)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        yield await_server(port, process)
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
    with pytest.raises(RuntimeError, match="refuses"):
        Server(address).insert("no_such_table", ("sensor",), b"")
    with pytest.raises(RuntimeError, match="does not answer"):
        Server(f"http://127.0.0.1:{free_port()}/x")
    monkeypatch.setenv(VARIABLE, address)
    assert opened(Path("/nowhere")).engine.database == DATABASE
    with pytest.raises(RuntimeError, match="refuses"):
        Server(address).rows("SELECT no_such_column FROM system.one")
