"""A process is known by more than its number."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest

from anlan.runtime.processes import Identity, end, identify, identify_started, listener, members

MARKER = "ANLAN_MARK=test"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True, env={"ANLAN_MARK": "test"})
    identify_started(process.pid)
    yield process
    process.kill()
    process.wait()


def test_a_process_is_ended_by_its_identity(sleeper: subprocess.Popen[bytes]) -> None:
    identity = identify(sleeper.pid)
    assert identity is not None
    assert identity.alive()
    end(identity, MARKER)
    assert sleeper.wait() == -15
    assert not identity.alive()


@pytest.mark.parametrize("change", [{"started": 1}, {"command": "postgres -D /elsewhere"}, {"boot": "another"}])
def test_whoever_got_the_number_since_is_left_alone(
    sleeper: subprocess.Popen[bytes], change: dict[str, object]
) -> None:
    recorded = identify(sleeper.pid)
    assert recorded is not None
    end(replace(recorded, **change), "ANLAN_MARK=other")
    assert sleeper.poll() is None


def test_members_of_a_session_are_found_by_their_marker(sleeper: subprocess.Popen[bytes]) -> None:
    assert [found.pid for found in members(sleeper.pid, MARKER)] == [sleeper.pid]
    assert members(sleeper.pid, "ANLAN_MARK=other") == []


def test_an_identity_survives_the_state_file(sleeper: subprocess.Popen[bytes]) -> None:
    recorded = identify(sleeper.pid)
    assert recorded is not None
    assert Identity.from_dict(recorded.as_dict()) == recorded
    assert Identity.from_dict({"pid": "x"}) is None
    assert Identity.from_dict(None) is None


def test_nobody_listens_on_a_closed_port() -> None:
    assert listener(1) == "a program of another user"
