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
        """True when the row lies within this grant's region and line, or belongs to its holder."""
        if self.holder:
            return bool(row.holder) and row.holder == self.holder
        for path_field, sector_field in type(row).scope_by:
            path = getattr(row, path_field)
            if path and path.startswith(self.path) and (not self.sector or getattr(row, sector_field) == self.sector):
                return True
        return False


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

    def _in_scopes(self, permission: str) -> bool:
        return self.scopes is None or permission in self.scopes or f"{permission.partition('.')[0]}.*" in self.scopes

    def grants_for(self, permission: str) -> tuple[Grant, ...]:
        """The grants that carry a permission; empty when an API token's scopes leave it out."""
        if not self._in_scopes(permission):
            return ()
        return tuple(g for g in self.grants if g.allows(permission))

    def may(self, permission: str, row: Any = None) -> bool:
        """Whether the actor holds the permission, on this row when one is given."""
        if self.is_system:
            return True
        grants = self.grants_for(permission)
        return any(g.covers(row) for g in grants) if row is not None else bool(grants)

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
