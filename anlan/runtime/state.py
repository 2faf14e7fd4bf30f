"""What the supervisor knows, written where the health page and the next start can read it."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from anlan.runtime.processes import Identity


def run_folder(data: Path) -> Path:
    """The folder of the state and lock files, made when missing (mode 0700)."""
    folder = data / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def read(data: Path) -> dict[str, Any]:
    """The last written state; empty when there is none or it is damaged (a torn disk must not stop a start)."""
    try:
        state = json.loads((data / "run" / "state.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return state if isinstance(state, dict) else {}


def dumps(values: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(values, ensure_ascii=False, indent=indent)


def write(data: Path, state: dict[str, Any]) -> None:
    """Replaces the state in one step, so a reader never sees half of it."""
    folder = run_folder(data)
    fresh = folder / f"state.json.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(dumps(state, indent=1))
    fresh.replace(folder / "state.json")


def supervisor(state: dict[str, Any]) -> Identity | None:
    """The living supervisor that wrote this state; ``None`` when it has gone."""
    identity = Identity.from_dict(state.get("supervisor"))
    return identity if identity and identity.alive() else None


class Taken(Exception):
    """Another ``anlan up`` holds this data folder."""


class Lock:
    """Held by one ``anlan up`` (or one command with a database of its own) per data folder.

    The kernel drops it with the process, however that ends.
    """

    def __init__(self, data: Path) -> None:
        self._path = run_folder(data) / "lock"
        self._handle: int | None = None

    def __enter__(self) -> Lock:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Taken from None
        self._handle = handle
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
