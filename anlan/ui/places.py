"""Names of regions for screens, many at once: one query a page, never one a row.

Within a request that only reads, a region is asked for once (``once``); nothing is kept beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable

from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import names_at
from anlan.ui import once

JOIN = " · "


def names(paths: Iterable[str], levels: int = 2) -> dict[str, str]:
    """For each path the names of its lowest ``levels`` regions (0: all of them), joined: 城南镇 · 和平村."""
    step = Region.steplen
    chains = {path: [path[:end] for end in range(step, len(path) + 1, step)] for path in paths if path}
    found = _named({part for chain in chains.values() for part in chain})
    if levels:
        chains = {path: chain[-levels:] for path, chain in chains.items()}
    return {
        path: JOIN.join(name for part in chain if (name := found.get(part)) is not None)
        for path, chain in chains.items()
    }


def _named(parts: set[str]) -> dict[str, str | None]:
    """The names of these regions; those above are asked for as well, since whoever reads on asks for them next."""
    known = once.regions()
    if known is None:
        return {**names_at(parts)}
    if fresh := parts - known.keys():
        known.update(dict.fromkeys(fresh) | names_at(fresh))
    return known


def name(path: str, levels: int = 0) -> str:
    """The name of one region with those above it; "" for an unknown path."""
    return names([path], levels).get(path, "")
