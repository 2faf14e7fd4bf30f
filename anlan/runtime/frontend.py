"""Builds the styles and scripts when their sources changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from anlan.runtime.embedded import node
from anlan.runtime.places import ROOT
from anlan.runtime.screen import Trouble, say

SOURCES = ROOT / "frontend"
BUILT = ROOT / "anlan" / "ui" / "static" / "dist"
_ALSO = [ROOT / "anlan" / "ui" / "icons.json"]
_OUTSIDE = {"node_modules", "dist", ".vite"}
_STAMP = ".sources"

Run = Callable[[str, Sequence[str], Mapping[str, object]], None]


def build(run: Run) -> bool:
    """Builds when needed and says whether it did. ``run(title, command, spawn options)`` runs a command to its end."""
    if not (SOURCES / "package.json").exists() or up_to_date():
        return False
    spawn = {"cwd": SOURCES, "env": node.environment()}
    lock = _digest([SOURCES / "package-lock.json"])
    installed = SOURCES / "node_modules" / ".anlan-lock"
    if not installed.exists() or installed.read_text() != lock:
        say("  Installing the front end's packages (npm ci)")
        run("Installing packages", node.npm("ci", "--no-audit", "--no-fund", "--loglevel=error"), spawn)
        installed.write_text(lock)
    say("  Building the front end")
    run("Building", node.npm("run", "--silent", "build", "--", "--logLevel=warn"), spawn)
    # Taken after the build, which may write generated sources of its own.
    (BUILT / _STAMP).write_text(_digest(_sources()))
    return True


def up_to_date() -> bool:
    """Whether what is built was built from the sources as they are."""
    stamp = BUILT / _STAMP
    return (BUILT / "manifest.json").exists() and stamp.exists() and stamp.read_text() == _digest(_sources())


def _sources() -> Iterator[Path]:
    found = []
    for folder, inner, names in os.walk(SOURCES):
        inner[:] = [name for name in inner if name not in _OUTSIDE]  # of installed packages there are tens of thousands
        found += [Path(folder, name) for name in names if name not in _OUTSIDE]
    yield from (path for path in sorted(found) if path.is_file())
    yield from (path for path in _ALSO if path.exists())


def _digest(paths: Sequence[Path] | Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def plain_run(title: str, command: Sequence[str], spawn: Mapping[str, object]) -> None:
    """Runs a build step where no supervisor looks after it."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, **spawn)  # type: ignore[call-overload]
    if done.returncode:
        raise Trouble(f"{title}: ended with exit code {done.returncode}.")
