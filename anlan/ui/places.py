"""Names of regions for screens, many at once: one query a page, never one a row."""

from __future__ import annotations

from collections.abc import Iterable

from anlan.kernel.regions.models import Region
from anlan.kernel.regions.selectors import names_at

JOIN = " · "


def names(paths: Iterable[str], levels: int = 2) -> dict[str, str]:
    """For each path the names of its lowest ``levels`` regions (0: all of them), joined: 城南镇 · 和平村."""
    wanted = {path for path in paths if path}
    step = Region.steplen
    chains = {path: [path[:end] for end in range(step, len(path) + 1, step)] for path in wanted}
    if levels:
        chains = {path: chain[-levels:] for path, chain in chains.items()}
    found = names_at(part for chain in chains.values() for part in chain)
    return {path: JOIN.join(found[part] for part in chain if part in found) for path, chain in chains.items()}


def name(path: str, levels: int = 0) -> str:
    """The name of one region with those above it; "" for an unknown path."""
    return names([path], levels).get(path, "")
