"""The only source of the present, so that tests and the demo city can move it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_moved: ContextVar[dt.datetime | None] = ContextVar("moved_clock", default=None)


def now() -> dt.datetime:
    """The present moment, time-aware, in UTC."""
    return _moved.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day in China."""
    return now().astimezone(CHINA).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The Chinese calendar day of a moment."""
    return moment.astimezone(CHINA).date()


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a Chinese calendar day."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), CHINA)


@contextmanager
def moved_to(moment: dt.datetime | dt.date) -> Iterator[None]:
    """Inside the block the present is ``moment`` (a day means its noon in China)."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(12), CHINA)
    token = _moved.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _moved.reset(token)
