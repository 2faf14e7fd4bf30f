"""What the parts of the demo city share while it is built."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel import clock

DEFAULT_SEED = 20260701


@dataclass
class World:
    """The city under construction: its dice, its day, its size, and what was built so far."""

    seed: int
    as_of: dt.date
    scale: float = 1.0
    report: Callable[[str], None] = lambda line: None
    regions: dict[str, Any] = field(default_factory=dict)
    towns: list[Any] = field(default_factory=list)
    villages: dict[str, list[Any]] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    told: dict[Any, Any] = field(default_factory=dict)

    def dice(self, purpose: str) -> random.Random:
        """A generator of its own for each purpose, so that one part's draws never shift another's."""
        return random.Random(f"{self.seed}:{purpose}")

    @property
    def units(self) -> int:
        """How many units the city has."""
        return round(5_000 * self.scale)

    @property
    def ends(self) -> dt.datetime:
        """The moment up to which things have happened: the end of the city's day, for today now."""
        return clock.end_of(self.as_of) if self.as_of < clock.today() else clock.now()

    def at(self, hour: int, minute: int = 0) -> dt.datetime:
        """A moment of the city's day; before that hour, now: nothing in the city has happened in the future."""
        return min(dt.datetime.combine(self.as_of, dt.time(hour, minute), clock.CHINA), self.ends)

    @property
    def hazards(self) -> int:
        """How many hazards were found over the two years before ``as_of``."""
        return round(20_000 * self.scale)

    @property
    def begins(self) -> dt.date:
        """The first day of the two years."""
        return self.as_of - dt.timedelta(days=730)
