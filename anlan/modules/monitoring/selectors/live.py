"""What tags say: asked of the historian, after scope was settled here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from anlan.kernel import clock, messaging
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.messaging import Unreachable
from anlan.kernel.scope import system_read
from anlan.modules.monitoring.models import Tag

MOST_ASKED = 5_000
MOST_TAKEN, AT_ONCE = 1_000_000, 20_000
"""Readings of a tag that may be taken away in one file, and how many the historian is asked for at a time."""
LONGEST_MS = 10 * 366 * 86_400_000
SILENT_PERIODS = 3
"""A tag that has said nothing for so many of its periods counts as silent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest reading of a tag: moment, value, quality (0 good, 1 uncertain, 2 bad)."""

    at: dt.datetime
    value: float
    quality: int

    def silent(self, period_s: int) -> bool:
        """Whether a next one is overdue."""
        return (clock.now() - self.at).total_seconds() > max(SILENT_PERIODS * period_s, 30)


@dataclass(frozen=True, slots=True)
class Sums:
    """The readings of a tag over a stretch of time: how many, how many of them uncertain, bad, late."""

    readings: int
    uncertain: int
    bad: int
    late: int


@system_read("of tags the caller was shown already")
def latest_of(tags: Iterable[int]) -> dict[int, Reading]:
    """The newest readings of tags, by their key; ``Unreachable`` when the historian does not answer."""
    told = _asked("latest", {"tags": list(tags)[:MOST_ASKED]})["latest"]
    return {tag: Reading(moment(ts), value, quality) for tag, ts, value, quality in told}


def series_of(actor: Actor, tag: Tag, since: int, until: int, points: int) -> dict[str, list[Any]]:
    """A tag the actor was shown, from ``since`` to ``until`` (epoch ms), in at most ``points`` buckets.

    Columns ``t``, ``low``, ``high``, ``mean``, ``last``, ``n``, ``bad``. ``Unreachable`` without the historian.
    """
    if not actor.may(Tag.view_permission, tag):
        return {name: [] for name in ("t", "low", "high", "mean", "last", "n", "bad")}
    return _asked("series", {"tag": tag.pk, "since": since, "until": until, "points": points})


@system_read("a stretch of time, no rows")
def stretch_of(since: dt.datetime, until: dt.datetime) -> tuple[int, int]:
    """A stretch of time as epoch milliseconds; ``BadInput`` names what is wrong with it. Without a zone it is China's.

    Readings lie within ten years: what is asked for beyond is cut off.
    """
    first, last = (millis(at if at.tzinfo else at.replace(tzinfo=clock.CHINA)) for at in (since, until))
    if last <= first:
        raise BadInput("until", gettext_noop("The end lies before the beginning."))
    last = min(last, millis(clock.now()) + 60_000)
    return max(first, last - LONGEST_MS), last


def csv_of(actor: Actor, tag: Tag, since: int, until: int) -> tuple[int, Iterator[str]]:
    """The readings of a tag as lines of a CSV file, oldest first, asked for as they are read: how many, the lines.

    Columns: time (China), epoch milliseconds, value, quality (0 good, 1 uncertain, 2 bad), whether it came late.
    ``BadInput`` for more than ``MOST_TAKEN`` of them; ``NotFound`` where the actor may not see the tag.
    """
    if not actor.may(Tag.view_permission, tag):
        raise NotFound
    sums = sums_of([tag.pk], since, until).get(tag.pk)
    count = sums.readings if sums else 0
    if count > MOST_TAKEN:
        raise BadInput(
            "since", gettext_noop("These are %(count)s readings, and one file holds %(most)s. Choose a shorter time."),
            count=count, most=MOST_TAKEN,
        )  # fmt: skip
    return count, _lines(tag, since, until)


def _lines(tag: Tag, since: int, until: int) -> Iterator[str]:
    yield "time,epoch_ms,value,quality,late\r\n"
    while rows := readings_of([tag.pk], since, until, AT_ONCE):
        yield "".join(
            f"{moment(ts).astimezone(clock.CHINA).isoformat(timespec='milliseconds')},{ts},{value!r},{quality},{late}\r\n"
            for _tag, ts, value, quality, late in rows
        )
        if len(rows) < AT_ONCE:
            return
        since = rows[-1][1] + 1


@system_read("of tags the caller was shown already")
def sums_of(tags: Iterable[int], since: int, until: int) -> dict[int, Sums]:
    """How good the readings of tags were between two moments (epoch ms), by their key."""
    told = _asked("quality", {"tags": list(tags)[:MOST_ASKED], "since": since, "until": until})["sums"]
    return {tag: Sums(n, uncertain, bad, late) for tag, n, uncertain, bad, late, _newest in told}


@system_read("of tags the caller was shown already")
def readings_of(tags: Iterable[int], since: int, until: int, most: int) -> list[list[Any]]:
    """Single readings, oldest first: tag, ts (epoch ms), value, quality, late."""
    asked = {"tags": list(tags)[:MOST_ASKED], "since": since, "until": until, "most": most}
    rows: list[list[Any]] = _asked("export", asked)["rows"]
    return rows


@system_read("a moment, no rows")
def moment(ms: int) -> dt.datetime:
    """Epoch milliseconds as a moment."""
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


@system_read("a moment, no rows")
def millis(at: dt.datetime) -> int:
    """A moment as epoch milliseconds."""
    return int(at.timestamp() * 1000)


def _asked(what: str, question: dict[str, Any]) -> dict[str, Any]:
    said = orjson.loads(messaging.request(f"anlan.history.{what}", orjson.dumps(question)))
    if "error" in said:
        raise Unreachable
    found: dict[str, Any] = said
    return found
