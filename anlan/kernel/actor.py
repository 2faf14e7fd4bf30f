"""Who acts: a person with grants, a part of the system with a cause, or nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from anlan.kernel.errors import NotAllowed, SignInNeeded

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do where: a role's permissions over a region subtree and a sector line, or for one holder.

    ``path`` is the region's tree path ("" only with a holder); ``sector`` "" means every line; ``holder`` names
    the unit for which an enterprise's people act, and then the region does not matter.
    """

    role: str
    permissions: frozenset[str]
    path: str = ""
    sector: str = ""
    holder: str = ""
    depth: int = 0

    def allows(self, permission: str) -> bool:
        """True when the role carries the permission (``hazards.*`` carries every permission of hazards)."""
        return (
            permission in self.permissions
            or EVERYTHING in self.permissions
            or f"{permission.partition('.')[0]}.*" in self.permissions
        )

    def covers(self, row: Any) -> bool:
        """True when the row lies within this grant's region and line, or belongs to its holder.

        A grant limited to a line reaches rows of that line alone: a row of no line is for those with every line.
        A grant with neither region nor holder reaches nothing.
        """
        if self.holder:
            return bool(getattr(row, type(row).scope_holder) == self.holder)
        for path_field, sector_field in type(row).scope_by:
            if self.reaches(getattr(row, path_field), getattr(row, sector_field)):
                return True
        return False

    def reaches(self, path: str, sector: str | None = None) -> bool:
        """True when this grant is over that region or one above it (and, when a line is given, over that line)."""
        if self.holder or not self.path or not path.startswith(self.path):
            return False
        return sector is None or not self.sector or self.sector == sector


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever performs an act or reads; ``scopes`` narrows an API token to some permissions (None: no narrowing)."""

    key: str
    name: str
    user_id: int | None = None
    grants: tuple[Grant, ...] = ()
    cause: str = ""
    is_system: bool = False
    scopes: frozenset[str] | None = None
    language: str = "zh-hans"

    @classmethod
    def system(cls, cause: str) -> Actor:
        """A part of the platform itself, acting because of ``cause``; it is journalled under that cause."""
        return cls(key="system", name="system", cause=cause, is_system=True)

    @classmethod
    def nobody(cls) -> Actor:
        """A visitor who has not signed in."""
        return cls(key="", name="")

    @property
    def signed_in(self) -> bool:
        """True for a person or the system."""
        return bool(self.key)

    def in_scopes(self, permission: str) -> bool:
        """False when the actor came with an API token whose scopes leave the permission out."""
        return self.scopes is None or permission in self.scopes or f"{permission.partition('.')[0]}.*" in self.scopes

    def grants_for(self, permission: str) -> tuple[Grant, ...]:
        """The grants that carry a permission; empty when an API token's scopes leave it out."""
        if not self.in_scopes(permission):
            return ()
        return tuple(g for g in self.grants if g.allows(permission))

    def may(self, permission: str, row: Any = None) -> bool:
        """Whether the actor holds the permission, on this row when one is given."""
        if self.is_system:
            return True
        grants = self.grants_for(permission)
        return any(g.covers(row) for g in grants) if row is not None else bool(grants)

    def may_at(self, permission: str, path: str, sector: str | None = None) -> bool:
        """Whether the permission is held over the region with that path (and over that line, when one is given)."""
        return self.is_system or any(g.reaches(path, sector) for g in self.grants_for(permission))

    def need_at(self, permission: str, path: str, sector: str | None = None) -> None:
        """Raise ``SignInNeeded`` or ``NotAllowed`` unless ``may_at``."""
        if not self.signed_in:
            raise SignInNeeded
        if not self.may_at(permission, path, sector):
            raise NotAllowed(permission=permission)

    def may_any(self, permissions: Iterable[str], row: Any = None) -> bool:
        """Whether any of the permissions is held."""
        return any(self.may(p, row) for p in permissions)

    def need(self, permission: str, row: Any = None) -> None:
        """Raise ``SignInNeeded`` or ``NotAllowed`` unless ``may``."""
        if not self.signed_in:
            raise SignInNeeded
        if not self.may(permission, row):
            raise NotAllowed(permission=permission)

    @property
    def holders(self) -> frozenset[str]:
        """The units for which the actor acts."""
        return frozenset(g.holder for g in self.grants if g.holder)

    @property
    def roles(self) -> frozenset[str]:
        """The codes of the roles held now."""
        return frozenset(g.role for g in self.grants)
