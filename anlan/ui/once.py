"""What a request that only reads asks for once: names of regions. Nothing is kept beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_known: ContextVar[dict[str, str | None] | None] = ContextVar("regions", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Inside the block each region is asked for once; with the block they are forgotten."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def regions() -> dict[str, str | None] | None:
    """Path to name (None: there is none) of the regions asked for so far; None outside of a block."""
    return _known.get()
