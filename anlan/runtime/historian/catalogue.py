"""The tags as the historian knows them: by their gateway and the name in the payload."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anlan.modules.monitoring.public import tags_by_gateway
from anlan.runtime.historian.sharding import Shard


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``sensors[place]`` is the key of the tag at a place; ``tags`` maps gateway and name to the place."""

    sensors: NDArray[np.int32]
    tags: dict[str, dict[str, int]]
    place_of: dict[int, int]


def load(shard: Shard | None = None) -> Catalogue:
    """The tags in use of admitted gateways (of those that fall to a shard), in order of their keys."""
    found = {code: names for code, names in tags_by_gateway().items() if shard is None or shard.takes(code)}
    keys = sorted(key for names in found.values() for key in names.values())
    place_of = {key: place for place, key in enumerate(keys)}
    tags = {code: {name: place_of[key] for name, key in names.items()} for code, names in found.items()}
    return Catalogue(np.array(keys, dtype=np.int32), tags, place_of)
