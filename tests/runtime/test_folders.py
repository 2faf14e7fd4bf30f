"""Folders, secrets and logs: made closed, never opened, never half written."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from anlan.runtime import places, state
from anlan.runtime.log import PartLog
from anlan.runtime.places import UnsafeFolder, private_folder, reachable
from anlan.runtime.secret import secret


def test_a_private_folder_is_made_closed_and_taken_again(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "socket")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(folder) == folder


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_what_somebody_else_put_there_is_refused_and_left(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "socket"
    if kind == "open":
        folder.mkdir(mode=0o755)
    elif kind == "link":
        folder.symlink_to(tmp_path)
    else:
        folder.touch()
    before = os.lstat(folder).st_mode
    with pytest.raises(UnsafeFolder, match=r"mode 0700 owned by user \d+: remove it"):
        private_folder(folder)
    assert os.lstat(folder).st_mode == before


def test_a_closed_parent_is_seen(tmp_path: Path) -> None:
    inside = tmp_path / "closed" / "data"
    inside.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    stranger = tmp_path.stat().st_uid + 12345
    assert reachable(Path("/usr/bin"), stranger, set()) is True
    assert reachable(inside, stranger, set()) is False


def test_a_user_without_a_home_keeps_things_beside_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANLAN_DATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.setattr(places.os, "geteuid", lambda: 1234)
    monkeypatch.setattr(places.os, "access", lambda path, mode: not str(path).startswith("/proc"))
    assert places.data_folder() == places.ROOT / ".data"


def test_the_named_folder_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANLAN_DATA", str(tmp_path / "here"))
    assert places.data_folder() == tmp_path / "here"


def test_a_socket_folder_stays_short_however_long_the_data_folder_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp/" + "x" * 90)
    assert len(str(places.socket_folder(Path("/" + "a/" * 200)))) < 100


def test_a_secret_is_made_once_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first = secret("django", folder)
    assert len(first) >= 48
    assert secret("django", folder) == first
    assert secret("other", folder) != first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "django").stat().st_mode) == 0o600


def test_a_torn_state_file_does_not_stop_a_start(tmp_path: Path) -> None:
    state.write(tmp_path, {"parts": {}})
    assert state.read(tmp_path) == {"parts": {}}
    (tmp_path / "run" / "state.json").write_text('{"parts": {"web"')
    assert state.read(tmp_path) == {}
    assert state.supervisor({}) is None


def test_one_holder_per_data_folder(tmp_path: Path) -> None:
    with state.Lock(tmp_path), pytest.raises(state.Taken), state.Lock(tmp_path):
        raise AssertionError("the lock was given twice")
    with state.Lock(tmp_path):
        assert (tmp_path / "run" / "lock").exists()


def test_a_parts_output_is_filed_line_by_line(tmp_path: Path) -> None:
    read, write = os.pipe()
    log = PartLog(tmp_path / "log", "web")
    reader = log.follow(os.fdopen(read, "rb"))
    os.write(write, '{"event": "100 % 安全"}\nlast words'.encode())
    os.close(write)
    reader.join(10)
    log.close()
    lines = (tmp_path / "log" / "web.log").read_text().splitlines()
    assert json.loads(lines[0]) == {"event": "100 % 安全"}
    assert list(log.last) == lines
