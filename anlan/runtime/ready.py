"""Which web processes are ready: each says so in a folder when it has warmed up (``anlan.runtime.warm``)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from anlan.runtime import state
from anlan.runtime.processes import Identity, identify

ANNOUNCE = "ANLAN_READY_FOLDER"  # where a web process says that it is ready; unset: it tells nobody


def empty_folder(data: Path) -> Path:
    """The folder for one start of the web, with nobody in it."""
    folder = state.run_folder(data) / "web"
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.iterdir():
        left.unlink(missing_ok=True)
    return folder


def awaited() -> bool:
    """Whether somebody wants to be told that this process is ready."""
    return bool(os.environ.get(ANNOUNCE))


def others() -> bool:
    """Whether another process has said that it is ready, and lives."""
    return awaited() and count(Path(os.environ[ANNOUNCE])) > 0


def announce() -> None:
    """Leaves this process's identity where whoever started it looks for it."""
    if folder := os.environ.get(ANNOUNCE, ""):
        say(Path(folder) / str(os.getpid()))


def say(path: Path) -> None:
    """Leaves this process's identity in a file that appears whole."""
    if own := identify(os.getpid()):
        whole = path.with_name(f".{own.pid}")
        whole.write_text(state.dumps(own.as_dict()))
        whole.replace(path)


def said(path: Path) -> bool:
    """Whether whoever left that file still lives."""
    try:
        identity = Identity.from_dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return False
    return identity is not None and identity.alive()


def count(folder: Path) -> int:
    """How many of those that said they are ready still live."""
    return sum(said(path) for path in folder.glob("[0-9]*"))
