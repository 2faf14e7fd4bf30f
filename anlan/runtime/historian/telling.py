"""What the historian tells the database now and then: refused counts, when gateways were heard of."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import Error as DatabaseError
from django.db import close_old_connections
from psycopg_pool import PoolTimeout

from anlan.kernel.actor import Actor
from anlan.modules.monitoring.public import count_refused, note_seen

log = logging.getLogger(__name__)
EVERY_S = 3.0
MOST = 100_000
"""Pairs of gateway and reason held while the database is away; beyond, only known ones go on counting."""
_CODE = re.compile(r"[a-z0-9-]{1,48}")
ACTOR = Actor.system("historian")


class Teller:
    """Collects from the loop and from the gate, and tells in one go; nothing here may stop the readings."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self._refused: dict[tuple[str, str], list[Any]] = {}
        self._lock = threading.Lock()
        self._told = time.monotonic()

    def add(self, refused: Mapping[tuple[str, str], Sequence[Any]]) -> None:
        """Add counts: (code, reason) to (times, last example)."""
        if not refused:
            return
        with self._lock:
            for key, (times, sample) in refused.items():
                if not _CODE.fullmatch(key[0]):
                    continue  # nobody's: whatever somebody typed as a user name
                sample = "".join(c if c.isprintable() else "�" for c in sample[:80])
                if key in self._refused or len(self._refused) < MOST:
                    found = self._refused.setdefault(key, [0, ""])
                    found[0] += times
                    found[1] = sample or found[1]

    def tell(self, now: float, *, at_once: bool = False) -> None:
        """Write down what was collected, every few seconds; where the database is away it is kept for the next time."""
        if now - self._told < EVERY_S and not at_once:
            return
        self._told = now
        with self._lock:
            refused, self._refused = self._refused, {}
        seen, self.seen = self.seen, {}
        try:
            if refused:
                count_refused(actor=ACTOR, refused={key: (n, sample) for key, (n, sample) in refused.items()})
                refused = {}
            if seen:
                note_seen(actor=ACTOR, seen={c: dt.datetime.fromtimestamp(t / 1000, dt.UTC) for c, t in seen.items()})
        except (DatabaseError, PoolTimeout) as why:
            log.warning("counts wait for the database (%s)", str(why).strip().partition("\n")[0])
            self.add(refused)
            self.seen = {**seen, **self.seen}
        finally:
            close_old_connections()
