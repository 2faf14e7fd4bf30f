"""A database server for tests and benchmarks: made in a temporary folder, gone with the process that asked for it."""

from __future__ import annotations

import ctypes
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anlan.runtime.embedded.postgres import STOP, Engine
from anlan.runtime.screen import Trouble

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class ThrowAway:
    """One server. ``durable=True`` flushes to the disk as a real one does (for honest benchmarks)."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="anlan-db-"))
        self._engine = Engine(self.folder, durable=durable)
        self._log = (self.folder / "server.log").open("wb")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Starts the server and gives back its address."""
        engine = self._engine
        engine.prepare()
        self._process = subprocess.Popen(
            engine.command(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            **engine.spawn_options(),
        )
        while not engine.answers():
            try:
                self._process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise Trouble(f"The test database did not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")
        engine.complete()
        return engine.address

    def stop(self) -> None:
        """Ends the server and removes everything it left."""
        if self._process is not None:
            self._process.send_signal(STOP)
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._engine.socket, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def throw_away_database(*, durable: bool = False) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    server = ThrowAway(durable=durable)
    try:
        yield server.start()
    finally:
        server.stop()


def _end_with_parent() -> None:
    """In the child: be told to quit when the test runner is killed, so that no server is left behind."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)
