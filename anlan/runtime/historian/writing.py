"""The thread that stores: what the store refuses is tried again, and whoever hands over is told."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Writer:
    """Does what is to be stored, one job at a time, in order. A disk that is full is waited for."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Callable[[], object] | None] = queue.Queue(maxsize=1)
        self._ending = threading.Event()
        self._refused = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    @property
    def refused(self) -> bool:
        """Whether the store refuses just now what it was given."""
        return self._refused.is_set()

    def put(self, job: Callable[[], object]) -> bool:
        """Hand over; waits while the one before the last is still being written. False when the store refuses that."""
        while True:
            try:
                self._queue.put(job, timeout=0.1)
                return True
            except queue.Full:
                if self.refused:
                    return False

    def wait(self) -> bool:
        """Until everything handed over is stored; False when the store refuses it."""
        with self._queue.all_tasks_done:
            while self._queue.unfinished_tasks and not self.refused:
                self._queue.all_tasks_done.wait(0.1)
            return not self._queue.unfinished_tasks

    def close(self) -> None:
        """End after what was handed over; what the store refuses then is left: it was never acknowledged."""
        self._ending.set()
        self._queue.put(None)
        self._thread.join(30)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            while not _stored(job) and not self._ending.is_set():
                self._refused.set()
                self._ending.wait(1)
            self._refused.clear()
            self._queue.task_done()
        self._queue.task_done()


def _stored(job: Callable[[], object]) -> bool:
    try:
        job()
    except RuntimeError as why:  # the engine's only error: a full disk, say
        log.error("readings could not be stored (%s); trying again", str(why)[:300])
        return False
    return True
