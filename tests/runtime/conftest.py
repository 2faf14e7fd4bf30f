"""Real starts of the real command, on a folder and a port of their own."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.runtime import state
from anlan.runtime.places import mark
from anlan.runtime.processes import Identity

PATIENCE = 120  # seconds until a test gives up; everything is there in a few


class Up:
    """One ``anlan up``: its screen, its health page, its recorded parts."""

    def __init__(self, data: Path, *options: str, port: int | None = None, **environment: str) -> None:
        self.data, self.port, self.screen = data, port or free_port(), ""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
        own = {"ANLAN_DATA": str(data), "ANLAN_PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "tests.runtime.slim"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anlan.runtime.cli", "up", "--no-demo", *options],
            env={**clean, **own, "ANLAN_WEB_WORKERS": "2", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )

    def until(self, pattern: str) -> str:
        """Reads the screen until a line matches; the part of the screen read meanwhile."""
        assert self.process.stdout is not None
        began, start = time.monotonic(), len(self.screen)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not re.search(pattern, self.screen[start:]):
                left = PATIENCE - (time.monotonic() - began)
                if left <= 0 or not selector.select(left):
                    raise AssertionError(f"“{pattern}” did not appear on the screen:\n{self.screen}")
                read = os.read(self.process.stdout.fileno(), 65536)
                if not read:
                    raise AssertionError(f"ended before “{pattern}” appeared:\n{self.screen}")
                self.screen += read.decode()
        return self.screen[start:]

    def ready(self) -> Up:
        self.until("Anlan is ready")
        return self

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    def part(self, name: str) -> Identity:
        """Who runs a part, from the state file."""
        identity = Identity.from_dict(state.read(self.data)["parts"][name])
        assert identity is not None
        return identity

    def finish(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to stop and waits; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Waits for its end; the exit code. The rest of the screen is read."""
        out, _ = self.process.communicate(timeout=PATIENCE)
        self.screen += out.decode()
        return self.process.returncode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def left_behind(data: Path) -> list[str]:
    """Every living process that was started for this data folder, by its command line."""
    wanted, found = f"ANLAN_MARK={mark(data)}".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if (wanted in environment and command) or mark(data) in command:
                found.append(f"{entry.name} {command}")
    return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One start shared by the tests of a module; none of them may leave it broken."""
    started = Up(tmp_path_factory.mktemp("up") / "data")
    try:
        yield started.ready()
    finally:
        started.finish()
