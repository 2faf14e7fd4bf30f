"""Which region is looked at, what lies above and below it, and in which lines: always within the reader's grants."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anlan.kernel.actor import Actor, Grant
from anlan.kernel.errors import NotAllowed, NotFound
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import PATH_END

STEP = Region.steplen
PATH = re.compile(r"(?:[0-9A-Z]{4}){1,16}")


@dataclass(frozen=True)
class Place:
    """The region looked at. Without ``region`` it is everything the reader may see: several regions side by side.

    ``above`` are the regions over it within reach, from the top down; ``parts`` the regions one level down, in tree
    order; ``lines`` the reader's sector lines here, empty when every line.
    """

    region: Region | None
    above: tuple[Region, ...]
    parts: tuple[Region, ...]
    lines: tuple[str, ...]
    tops: tuple[str, ...]

    @property
    def path(self) -> str:
        """The region's tree path; "" for several regions side by side."""
        return self.region.path if self.region else ""

    @property
    def ranges(self) -> list[tuple[str, str]]:
        """The ranges of tree paths that make up the place."""
        return [(path, path + PATH_END) for path in ([self.path] if self.region else self.tops)]


def tops_of(actor: Actor, permission: str) -> tuple[str, ...]:
    """The highest regions in which the actor holds the permission, none inside another. ``NotAllowed`` when none."""
    if actor.is_system:
        return tuple(Region.objects.filter(depth=1).order_by("path").values_list("path", flat=True))
    paths = sorted({g.path for g in actor.grants_for(permission) if g.path and not g.holder})
    if not paths:
        actor.need(permission)
        raise NotAllowed(permission=permission)
    return tuple(p for p in paths if not any(p != other and p.startswith(other) for other in paths))


def place(actor: Actor, path: str = "", *, permission: str) -> Place:
    """The region with that path, within the actor's reach; "" is his own region, or all of them side by side.

    Raises ``NotFound`` for a region outside his reach, one that does not exist, and text that is no tree path;
    ``NotAllowed`` when he holds the permission nowhere.
    """
    tops = tops_of(actor, permission)
    if not path and len(tops) == 1:
        path = tops[0]
    lines = _lines(actor, path, permission)
    if not path:
        found = Region.objects.filter(path__in=tops).defer("outline").order_by("path")
        return Place(None, (), tuple(found), lines, tops)
    top = next((t for t in tops if path.startswith(t)), "")
    if not top or not PATH.fullmatch(path):
        raise NotFound
    chain = [path[:end] for end in range(len(top), len(path) + 1, STEP)]
    rows = Region.objects.filter(path__in=chain) | Region.objects.filter(
        path__gt=path, path__lt=path + PATH_END, depth=len(path) // STEP + 1, valid_to=None
    )
    known = {row.path: row for row in rows.defer("outline").order_by("path")}
    region = known.get(path)
    if region is None:
        raise NotFound
    above = tuple(known[p] for p in chain[:-1] if p in known)
    return Place(region, above, tuple(r for p, r in known.items() if len(p) > len(path)), lines, tops)


def _lines(actor: Actor, path: str, permission: str) -> tuple[str, ...]:
    """The lines by which the reader is limited here; empty when some grant over the whole place has every line."""
    if actor.is_system:
        return ()

    def touches(grant: Grant) -> bool:
        return bool(grant.path) and not grant.holder and (path.startswith(grant.path) or grant.path.startswith(path))

    grants = [g for g in actor.grants_for(permission) if touches(g)]
    if any(not g.sector and path.startswith(g.path) for g in grants) or all(not g.sector for g in grants):
        return ()
    return tuple(sorted({g.sector for g in grants if g.sector}))
