"""The alarm engine as the historian drives it; without the module of alarms nothing is judged."""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import Error as DatabaseError
from django.db import close_old_connections
from numpy.typing import NDArray
from psycopg_pool import PoolTimeout

log = logging.getLogger(__name__)
MODULE = "anlan.modules.alarms"
_LOOK_S = 2.0  # seconds between two looks whether settings changed
_PAUSE_S = 0.5


class Judge:
    """Feeds the engine and has its transitions recorded; ``state`` is what an earlier run dumped. ``mine`` says which
    tags are judged here, all of them without it: of others nothing comes, and they would seem silent."""

    def __init__(self, state: bytes = b"", mine: Callable[[int], bool] | None = None) -> None:
        self._mine = mine
        self.there = apps.is_installed(MODULE) or apps.is_installed(f"{MODULE}.apps.AlarmsConfig")
        self._looked = 0.0
        self._version: int | None = None
        self._engine: Any = None
        if self.there:
            self._public = importlib.import_module(f"{MODULE}.public")
            engine = importlib.import_module(f"{MODULE}.engine")
            self._version = patient(self._public.settings_version)
            self._engine = engine.Engine(patient(self._settings))
            if state:
                try:
                    self._engine.restore(state)
                except (ValueError, KeyError, TypeError) as why:
                    log.warning("the alarms begin anew: what was kept of them does not fit (%s)", why)

    def feed(
        self, tags: NDArray[Any], ts: NDArray[Any], values: NDArray[Any], quality: NDArray[Any], late: NDArray[Any],
        now_ms: int,
    ) -> int:  # fmt: skip
        """Judge readings; answers how many transitions were recorded. It waits for the database however long it takes:
        an alarm is recorded before its readings count as taken in."""
        if self._engine is None:
            return 0
        return self._record(self._engine.feed(tags, ts, values, quality, late, now_ms))

    def tick(self, now_ms: int) -> int:
        """What time itself brings: delays that have run out, tags that say nothing."""
        return 0 if self._engine is None else self._record(self._engine.tick(now_ms))

    def refresh(self, now: float) -> None:
        """Take over settings that changed; where the database does not answer, those in hand go on."""
        if self._engine is None or now - self._looked < _LOOK_S:
            return
        self._looked = now
        try:
            version = self._public.settings_version()
            if version != self._version:
                self._engine.replace(self._settings())
                self._version = version
        except (DatabaseError, PoolTimeout) as why:
            log.warning("alarm settings could not be read (%s)", str(why).strip())
        finally:
            close_old_connections()

    def renew(self) -> None:
        """Gateways or tags changed: a tag taken out of use is judged no more, one taken in is."""
        if self._engine is not None:
            self._engine.replace(patient(self._settings))

    def dump(self) -> bytes:
        """The engine's state for the checkpoint."""
        return b"" if self._engine is None else bytes(self._engine.dump())

    def _settings(self) -> list[Any]:
        found: list[Any] = self._public.settings()
        return found if self._mine is None else [one for one in found if self._mine(one.tag)]

    def _record(self, transitions: list[Any]) -> int:
        if not transitions:
            return 0
        recorded: int = patient(lambda: self._public.record_transitions(transitions))
        return recorded


def patient(ask: Any) -> Any:
    """The answer of the database, however long it is away: what was asked must not be lost."""
    while True:
        try:
            return ask()
        except (DatabaseError, PoolTimeout) as why:
            log.warning("the database does not answer (%s); trying again", str(why).strip().partition("\n")[0])
            time.sleep(_PAUSE_S)
        finally:
            close_old_connections()
