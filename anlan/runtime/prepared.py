"""What a start need not look over again: a supervisor that died a moment ago had done so for this very program.

The state file of a supervisor that runs names a stamp of the program's files and of the migrations in its database. A
supervisor that ends in good order, a single command, a restore: each leaves another state behind, without a living
stamp, and so does a machine that was started anew; then everything is looked over as ever.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from anlan.runtime import state
from anlan.runtime.places import ROOT
from anlan.runtime.processes import Identity, boot_id

_MADE = {"__pycache__", "tests", "node_modules"}  # no part of the program, or made of its other files


@dataclass(frozen=True)
class Left:
    """What a supervisor that died had put in order: a stamp ("" for nothing), the demo city's sign-ins."""

    stamp: str = ""
    sign_ins: list[dict[str, str]] = field(default_factory=list)

    def fits(self, program: str, address: str, *, demo: bool) -> bool:
        """Whether the program and its database are still what they were (and the demo city is known, where wanted)."""
        return bool(self.stamp) and (bool(self.sign_ins) or not demo) and self.stamp == stamp(program, address)


def left_behind(data: Path) -> Left:
    """What is left by a supervisor that died on this boot of the machine; nothing by one that ended or that runs."""
    known = state.read(data)
    owner = Identity.from_dict(known.get("supervisor"))
    if owner is None or owner.alive() or owner.boot != boot_id() or known.get("temporary"):
        return Left()
    return Left(str(known.get("prepared") or ""), list(known.get("sign_ins") or []))


def program(root: Path = ROOT) -> str:
    """A digest of the names, sizes and times of the program's files, of its settings and of what it is installed on."""
    packages = sysconfig.get_path("purelib")
    around = (os.environ.get("DJANGO_SETTINGS_MODULE"), sys.version, packages, os.stat(packages).st_mtime_ns)
    digest = hashlib.sha256(repr(around).encode())
    for folder, inner, names in os.walk(root / "anlan"):
        inner[:] = sorted(name for name in inner if name not in _MADE)
        for name in sorted(names):
            if not name.endswith(".mo"):  # compiled at the start
                found = os.stat(os.path.join(folder, name))
                digest.update(f"{folder}\0{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def stamp(program: str, address: str) -> str:
    """The program together with the migrations its database has seen; "" where nothing can be said of the database."""
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            rows = connection.execute("SELECT app, name, applied::text FROM django_migrations ORDER BY id").fetchall()
    except psycopg.Error:
        return ""
    return hashlib.sha256(f"{program}\n{rows}".encode()).hexdigest()
