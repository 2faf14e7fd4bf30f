"""Processes known by more than their number, so that a recycled number is never signalled."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """One process: its number, the clock tick it started at, its command line and the boot it belongs to."""

    pid: int
    started: int
    command: str
    boot: str

    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        return identify(self.pid) == self

    def as_dict(self) -> dict[str, object]:
        return {"pid": self.pid, "started": self.started, "command": self.command, "boot": self.boot}

    @classmethod
    def from_dict(cls, values: object) -> Identity | None:
        """The identity written by ``as_dict``; ``None`` when the values are not one."""
        if not isinstance(values, dict):
            return None
        try:
            return cls(int(values["pid"]), int(values["started"]), str(values["command"]), str(values["boot"]))
        except (KeyError, TypeError, ValueError):
            return None


def boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def identify(pid: int) -> Identity | None:
    """Who runs under ``pid`` now; ``None`` when nobody does."""
    try:
        fields = _stat(pid)
        command = (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if fields[0] in "ZX":
        return None
    return Identity(pid, int(fields[19]), command, boot_id())


def identify_started(pid: int) -> Identity | None:
    """Who runs under the number of a child just started: waits the moment until its command line is in place.

    The kernel tells the parent of a successful exec a little before it has set up the new command line; an identity
    taken in between would never match again.
    """
    while (identity := identify(pid)) and not identity.command:
        time.sleep(0.001)
    return identity


def members(session: int, marker: str) -> list[Identity]:
    """The living processes of a session whose environment carries ``marker`` (``NAME=value``).

    Every part is started as the leader of its own session, with the marker of its data folder.
    """
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                fields = _stat(int(entry.name))
                if int(fields[3]) != session or fields[0] in "ZX":
                    continue
                if marker.encode() in (entry / "environ").read_bytes().split(b"\0"):
                    identity = identify(int(entry.name))
                    found += [identity] if identity else []
    return found


def end(process: Identity, marker: str, *, first: signal.Signals = signal.SIGTERM, patience: float = 15.0) -> None:
    """Ends one process and all of its session: asks with ``first``, insists with SIGKILL after ``patience`` seconds."""
    end_all([(process, first, patience)], marker)


def end_all(asked: Sequence[tuple[Identity, signal.Signals, float]], marker: str) -> None:
    """Ends several side by side, each with its own first signal and patience, and all of their sessions."""
    began = time.monotonic()
    living = [one for one in asked if one[0].alive() and _send(one[0].pid, one[1])]
    for process, _, patience in living:
        if not wait_gone(process, max(0.0, began + patience - time.monotonic())):
            _send(process.pid, signal.SIGKILL)
            wait_gone(process, 5)
    for process, _, _ in asked:
        end_members(process.pid, marker)


def end_members(session: int, marker: str, patience: float = 3.0) -> None:
    """Ends what is left of a session whose leader has gone; ``marker`` keeps a recycled number's new owner safe."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = members(session, marker)
        for identity in left:
            _send(identity.pid, number)
        until = time.monotonic() + patience
        for identity in left:
            wait_gone(identity, max(0.0, until - time.monotonic()))


def wait_gone(process: Identity, seconds: float) -> bool:
    """Waits until the process has ended, ``seconds`` at most; says whether it has."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        if process.alive():
            select.select([handle], [], [], seconds)
        return not process.alive()
    finally:
        os.close(handle)


def listener(port: int) -> str:
    """Who listens on a TCP port of this machine, in words: ``pid 812 (nginx: master)``, or a plain hint."""
    sockets = set()
    for table in ("net/tcp", "net/tcp6"):
        with contextlib.suppress(FileNotFoundError):
            for line in (_PROC / table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{columns[9]}]")
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(PermissionError, FileNotFoundError, ProcessLookupError):
            for handle in (entry / "fd").iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if os.readlink(handle) in sockets and (owner := identify(int(entry.name))):
                        return f"pid {owner.pid} ({owner.command[:60]})"
    return "a program of another user"


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` after the name: state, parent, group, session … (start time is the 20th)."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _send(pid: int, number: signal.Signals) -> bool:
    """Says whether there was anybody to send it to."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
