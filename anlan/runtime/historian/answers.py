"""The query service: what other processes ask the historian over the message server.

Subjects ``anlan.history.latest``, ``.series``, ``.quality``, ``.export`` and ``.kept``; questions and answers are JSON.
Who may see a tag is decided by who asks (``monitoring.selectors``): only our own processes reach these subjects.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from anlan.runtime.historian.checks import NEVER

if TYPE_CHECKING:
    from anlan.runtime.historian.process import Historian

log = logging.getLogger(__name__)
MOST_TAGS, MOST_ROWS = 5_000, 50_000  # one message of the server holds 4 MB


class Answers:
    """Answers from the memory and the store of a historian."""

    def __init__(self, historian: Historian) -> None:
        self._historian = historian

    def subjects(self) -> dict[str, Callable[[bytes], bytes]]:
        """Which subject is answered by what."""
        known = {
            "latest": self.latest, "series": self.series, "quality": self.quality, "export": self.export,
            "kept": self.kept,
        }  # fmt: skip
        return {f"anlan.history.{name}": _as_bytes(answer) for name, answer in known.items()}

    def latest(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``{"tags": [id, …]}``: of each tag that ever said something ``[id, ts, value, quality]``."""
        catalogue, latest = self._historian.catalogue, self._historian.latest
        told, others = [], []
        for tag in asked["tags"][:MOST_TAGS]:
            place = catalogue.place_of.get(tag)
            if place is None:
                others.append(tag)
            elif place < len(latest.ts) and latest.ts[place] != NEVER:
                told.append([tag, int(latest.ts[place]), float(latest.value[place]), int(latest.quality[place])])
        if others and not self._historian.shard.whole:  # another historian's memory; the store is everybody's
            told += self._historian.store.newest(others)
        return {"latest": told}

    def series(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``{"tag", "since", "until", "points"}``: columns of buckets (``store.series``)."""
        historian = self._historian
        since, until, points = int(asked["since"]), int(asked["until"]), int(asked["points"])
        return historian.store.series(int(asked["tag"]), since, until, points, historian.oldest())

    def quality(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``{"tags", "since", "until"}``: of each tag readings, uncertain, bad, late, newest moment."""
        tags = [int(tag) for tag in asked["tags"][:MOST_TAGS]]
        return {"sums": self._historian.store.sums(tags, int(asked["since"]), int(asked["until"]))}

    def export(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``{"tags", "since", "until", "most"}``: readings, oldest first."""
        tags, most = [int(tag) for tag in asked["tags"][:MOST_TAGS]], min(int(asked.get("most", MOST_ROWS)), MOST_ROWS)
        return {"rows": self._historian.store.readings(tags, int(asked["since"]), int(asked["until"]), most)}

    def kept(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the store holds: readings and their bytes on the disk."""
        rows, size = self._historian.store.size()
        return {"rows": rows, "bytes": size}


def _as_bytes(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[bytes], bytes]:
    def handle(data: bytes) -> bytes:
        try:
            return orjson.dumps(answer(orjson.loads(data)))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as why:
            return orjson.dumps({"error": f"{type(why).__name__}: {why}"})
        except RuntimeError as why:  # the store's only error
            log.error("the store did not answer (%s)", str(why)[:300])
            return orjson.dumps({"error": "store"})

    return handle
