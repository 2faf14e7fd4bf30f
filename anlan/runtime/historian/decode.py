"""From payloads to columns. Pure: no database, no clock of its own.

A payload is one JSON object or a list of them: ``{"t": epoch_ms, "v": {"tag": number | [number, quality]}}``. Quality
is 0 good, 1 uncertain, 2 bad, or a status code of OPC UA, whose two highest bits say the same. What is wrong is
counted by reason and left out; the rest of the payload counts.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

NOT_JSON, TOO_LARGE, UNKNOWN_TAG, BAD_NUMBER = "not_json", "too_large", "unknown_tag", "bad_number"
BAD_TIME, AHEAD, TOO_OLD, DUPLICATE = "bad_time", "ahead", "too_old", "duplicate"
MOST_LAYOUTS = 64
"""Orders of tags remembered of one gateway: a device has a few, a hostile one as many as it likes."""
MOST_STRANGE = 64
"""Unknown names in an order that is still remembered: names that somebody makes up are not kept in memory."""

Refused = dict[tuple[str, str], list[Any]]
"""(gateway's code, reason) to [times, last example]."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken in: how far ahead and how old a reading may be (ms), and how late it counts as buffered."""

    ahead_ms: int = 60_000
    oldest_ms: int = 400 * 86_400_000
    late_ms: int = 60_000
    payload: int = 4 * 1024 * 1024


@dataclass(slots=True)
class Columns:
    """Readings in the order in which they came. ``index`` is the place of the tag in the catalogue."""

    index: NDArray[np.int32]
    ts: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int8]
    arrived: NDArray[np.int64]
    origin: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.index)

    def taken(self, mask: NDArray[np.bool_]) -> Columns:
        """Those rows."""
        return Columns(
            self.index[mask], self.ts[mask], self.value[mask], self.quality[mask], self.arrived[mask],
            self.origin[mask],
        )  # fmt: skip


@dataclass(slots=True)
class _Gateway:
    code: str
    number: int
    tags: Mapping[str, int]
    layouts: dict[tuple[str, ...], tuple[NDArray[np.int32], int, str]] = field(default_factory=dict)


class Decoder:
    """Collects payloads; ``columns()`` gives what they held and begins anew.

    ``tags`` maps a gateway's code to its tags' names and their place in the catalogue.
    """

    def __init__(self, tags: Mapping[str, Mapping[str, int]], limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.codes: list[str] = list(tags)
        self._gateways = {code: _Gateway(code, number, names) for number, (code, names) in enumerate(tags.items())}
        self.refused: Refused = {}
        self._begin()

    def _begin(self) -> None:
        self._values = array("d")
        self._layouts: list[NDArray[np.int32]] = []
        self._heads: list[tuple[int, int, int, int]] = []  # time, arrival, how many, gateway
        self._qualities: list[tuple[int, NDArray[np.int8]]] = []

    def __len__(self) -> int:
        return len(self._values)

    def take(self, code: str, payload: bytes, arrived: int) -> None:
        """One payload of a gateway, as it arrived (epoch ms)."""
        gateway = self._gateways.get(code)
        if gateway is None:
            return  # nobody can publish there but by a server of one's own that admits it
        if len(payload) > self.limits.payload:
            self._refuse(code, TOO_LARGE, 1, f"{len(payload)}")
            return
        try:
            said = orjson.loads(payload)
        except (orjson.JSONDecodeError, RecursionError):
            self._refuse(code, NOT_JSON, 1, payload[:80].decode("utf-8", "replace"))
            return
        for one in said if type(said) is list else (said,):
            self._one(gateway, one, arrived)

    def _one(self, gateway: _Gateway, one: Any, arrived: int) -> None:
        v = one.get("v") if type(one) is dict else None
        if type(v) is not dict:
            self._refuse(gateway.code, NOT_JSON, 1, _said(one))
            return
        t, limits = one.get("t"), self.limits
        if type(t) is float and abs(t) < 1e15:
            t = int(t)
        if type(t) is not int:
            self._refuse(gateway.code, BAD_TIME, len(v) or 1, _said(t))
            return
        if t > arrived + limits.ahead_ms:
            self._refuse(gateway.code, AHEAD, len(v) or 1, str(t))
            return
        if t < arrived - limits.oldest_ms:
            self._refuse(gateway.code, TOO_OLD, len(v) or 1, str(t))
            return
        names = tuple(v)
        layout = gateway.layouts.get(names) or self._layout(gateway, names)
        if layout[1]:
            self._refuse(gateway.code, UNKNOWN_TAG, layout[1], layout[2])
        held = len(self._values)
        try:
            self._values.extend(list(v.values()))
            places, count = layout[0], len(names)
        except (TypeError, OverflowError):
            del self._values[held:]
            places, count = self._slowly(gateway, layout[0], v)
        if count:
            self._layouts.append(places)
            self._heads.append((t, arrived, count, gateway.number))

    def _layout(self, gateway: _Gateway, names: tuple[str, ...]) -> tuple[NDArray[np.int32], int, str]:
        places = np.array([gateway.tags.get(name, -1) for name in names], dtype=np.int32)
        strange = [name for name in names if name not in gateway.tags]
        layout = (places, len(strange), strange[-1] if strange else "")
        if len(gateway.layouts) < MOST_LAYOUTS and len(strange) <= MOST_STRANGE:
            gateway.layouts[names] = layout
        return layout

    def _slowly(self, gateway: _Gateway, places: NDArray[np.int32], v: dict[str, Any]) -> tuple[NDArray[np.int32], int]:
        """A payload that holds qualities, or something that is no number."""
        kept: list[int] = []
        qualities: list[int] = []
        for number, (name, said) in enumerate(v.items()):
            value, quality = said, 0
            if type(said) is list and len(said) == 2:
                value, quality = said
            fit = quality_of(quality)
            if type(value) not in (int, float, bool) or fit is None:
                self._refuse(gateway.code, BAD_NUMBER, 1, f"{name[:40]}: {_said(said)}")
                continue
            kept.append(number)
            qualities.append(fit)
            self._values.append(float(value))
        self._qualities.append((len(self._values) - len(kept), np.array(qualities, dtype=np.int8)))
        return places[kept], len(kept)

    def columns(self) -> Columns:
        """What was taken since the last call: known tags with finite values."""
        if not self._heads:
            self._begin()
            none = np.empty(0, np.int64)
            return Columns(none.astype(np.int32), none, none.astype(np.float64), none.astype(np.int8), none,
                           none.astype(np.int32))  # fmt: skip
        heads = np.array(self._heads, dtype=np.int64)
        index, value = np.concatenate(self._layouts), np.frombuffer(self._values, dtype=np.float64)
        quality = np.zeros(len(value), np.int8)
        for start, part in self._qualities:
            quality[start : start + len(part)] = part
        counts = heads[:, 2]
        ts, arrived = np.repeat(heads[:, 0], counts), np.repeat(heads[:, 1], counts)
        origin = np.repeat(heads[:, 3].astype(np.int32), counts)
        found = Columns(index, ts, value, quality, arrived, origin)
        finite = np.isfinite(value)
        if not finite.all():
            self.refuse_rows(origin[~finite & (index >= 0)], BAD_NUMBER)
        keep = finite & (index >= 0)
        found = found.taken(keep) if not keep.all() else found
        found.value = found.value.copy()  # the buffer it lies in is let go
        self._begin()
        return found

    def refuse_rows(self, origin: NDArray[np.int32], reason: str, sample: str = "") -> None:
        """Count rows that were refused, by the gateways they came from."""
        if len(origin):
            gateways, times = np.unique(origin, return_counts=True)
            for number, n in zip(gateways.tolist(), times.tolist(), strict=True):
                self._refuse(self.codes[number], reason, n, sample)

    def _refuse(self, code: str, reason: str, times: int, sample: str) -> None:
        found = self.refused.setdefault((code, reason), [0, ""])
        found[0] += times
        if sample:
            found[1] = sample[:80]

    def take_refused(self) -> Refused:
        """The counts since the last call."""
        counted, self.refused = self.refused, {}
        return counted


def _said(what: Any) -> str:
    """An example of what was refused. What lies deep or is long is named, not written out.

    >>> _said([1, [2]]), _said("x" * 99) == "x" * 80, _said(None)
    ('list', True, 'None')
    """
    return type(what).__name__ if isinstance(what, (list, dict)) else str(what)[:80]


def quality_of(said: Any) -> int | None:
    """The class of a quality; None when it is none.

    >>> [quality_of(q) for q in (0, 1, 2, 0x40000000, 0x80340000, "bad", True)]
    [0, 1, 2, 1, 2, None, None]
    """
    if type(said) is not int or not 0 <= said < 1 << 32:
        return None
    return said if said <= 2 else min(said >> 30, 2)
