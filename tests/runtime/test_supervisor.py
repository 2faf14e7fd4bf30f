"""The supervisor by itself: a part that never starts, a person who stops it, a screen nobody reads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.runtime import state
from anlan.runtime.processes import Identity, wait_gone
from anlan.runtime.screen import Trouble
from anlan.runtime.supervisor import Part, Stopped, Supervisor
from tests.runtime.conftest import Up, left_behind


def test_a_part_that_never_starts_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    command = [sys.executable, "-c", "print('no such thing', flush=True); raise SystemExit(3)"]
    supervisor.start(Part("broken", command, lambda age: age > 1000))
    with pytest.raises(Trouble, match=r"“broken” does not start \(exit code 3\)(?s:.*)no such thing"):
        supervisor.await_ready("broken")
    supervisor.stop()


def test_a_part_that_crashes_is_restarted_at_once_and_then_after_pauses_that_double(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(Part("broken", [sys.executable, "-c", "raise SystemExit(3)"], lambda age: age > 1000))
    with pytest.raises(Trouble):
        supervisor.await_ready("broken")
    supervisor.stop()
    told = [json.loads(line) for line in (tmp_path / "log" / "supervisor.log").read_text().splitlines()]
    assert [one["delay"] for one in told if one["event"] == "crashed"] == [0.0, 0.5, 1.0, 2.0, 4.0]


def test_a_part_that_worked_is_not_kept_waiting_however_often_it_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anlan.runtime.supervisor._WORKED", 0.0)
    monkeypatch.setattr("anlan.runtime.supervisor._SLOWEST_THAT_WORKED", 0.1)
    supervisor = Supervisor(tmp_path)
    supervisor.start(Part("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], lambda _: True))
    for _ in range(5):
        supervisor.await_ready("sleeper")
        identity = Identity.from_dict(state.read(tmp_path)["parts"]["sleeper"])
        assert identity is not None
        os.kill(identity.pid, signal.SIGKILL)
        wait_gone(identity, 30)
        while state.read(tmp_path)["parts"]["sleeper"].get("pid") in (identity.pid, None):
            supervisor.tick()
    supervisor.stop()
    told = [json.loads(line) for line in (tmp_path / "log" / "supervisor.log").read_text().splitlines()]
    assert [one["delay"] for one in told if one["event"] == "crashed"] == [0.0, 0.1, 0.1, 0.1, 0.1]
    assert left_behind(tmp_path) == []


def test_what_ends_with_another_is_begun_anew_once_that_is_back(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    supervisor.start(Part("ground", sleep, lambda _: True))
    supervisor.start(Part("house", sleep, lambda _: True, ends_with="ground"))
    supervisor.start(Part("tree", sleep, lambda _: True))

    def pids() -> dict[str, int]:
        return {name: facts.get("pid") for name, facts in state.read(tmp_path)["parts"].items()}

    for name in ("ground", "house", "tree"):
        supervisor.await_ready(name)
    before = pids()
    os.kill(before["ground"], signal.SIGKILL)
    while pids()["house"] in (before["house"], None):
        supervisor.tick()
    supervisor.await_ready("house")
    after = pids()
    for _ in range(5):
        supervisor.tick()
    assert pids() == after and after["ground"] != before["ground"] and after["tree"] == before["tree"]
    supervisor.stop()
    assert left_behind(tmp_path) == []


def test_a_failed_step_is_trouble(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    with pytest.raises(Trouble, match="Building: ended with exit code 4"):
        supervisor.run("Building", [sys.executable, "-c", "raise SystemExit(4)"], name="build")
    supervisor.stop()


def test_a_part_that_ignores_the_wish_to_stop_is_ended_with_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    stubborn = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('on', flush=True)\n"
        "child.wait()\n"
    )
    log = tmp_path / "log" / "stubborn.log"
    part = Part("stubborn", [sys.executable, "-c", stubborn], lambda _: "on" in log.read_text(), patience=0.2)
    supervisor.start(part)
    supervisor.await_ready("stubborn")
    supervisor.stop()
    assert left_behind(tmp_path) == []


def test_the_wish_to_stop_interrupts_waiting(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            supervisor.pause(30)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    supervisor.stop()


def test_a_screen_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    up = Up(tmp_path / "data", "--only", "database")
    up.until("Running: database")
    assert up.process.stdout is not None
    up.process.stdout.close()
    os.kill(up.part("database").pid, signal.SIGKILL)  # it would say so
    up.process.send_signal(signal.SIGHUP)
    assert up.process.wait(60) == 0
    assert left_behind(tmp_path / "data") == []


def test_help_into_a_closed_pipe_is_quiet() -> None:
    shell = f"{sys.executable} -m anlan.runtime.cli help | true"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True)
    assert done.stderr == ""
