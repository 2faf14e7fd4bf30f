"""How a process loads its modules quickly: what is loaded stays, so there is nothing to look for among it."""

from __future__ import annotations

import gc

RARELY = (50_000, 20, 100)
"""New objects before the collector of cyclic garbage looks among them, and how often among older ones."""


def quickly() -> None:
    """Python's own 700 are reached thousands of times while modules are loaded, a third of the time that takes."""
    gc.set_threshold(*RARELY)
