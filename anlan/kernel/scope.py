"""Scope fails closed: rows of a scoped table are refused until it was said for whom they are fetched.

``Model.objects`` is guarded: iteration, get, values, iterator, count, aggregate, update, delete and use as a
subquery raise ``Unguarded`` until ``.visible_to(actor)`` or ``.everything(why=…)`` was called. ``exists()``
passes, since uniqueness checks need it. Django's own plumbing (save, refresh, foreign keys) uses the plain base
manager.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Unguarded

PATH_END = "\x7f"  # sorts after every character of a tree path


class PathField(models.CharField):
    """A region's tree path, compared byte by byte so that a subtree is one range of an index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def within(field: str, path: str) -> models.Q:
    """The rows whose ``field`` lies in the subtree of ``path``: one range, which any plain index serves."""
    if not path:
        return models.Q()
    return models.Q(**{f"{field}__gte": path, f"{field}__lt": path + PATH_END})


class GuardedQuerySet(models.QuerySet):
    """Refuses to fetch until admitted."""

    _admitted = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # Django's own hook, untyped in the stubs
        clone._admitted = self._admitted
        return clone

    def visible_to(self, actor: Actor, permission: str | None = None) -> Self:
        """The rows the actor may see, or on which he holds ``permission`` when one is named."""
        admitted = self._clone()
        admitted._admitted = True
        if actor.is_system:
            return admitted
        model: Any = self.model
        allowed = models.Q(pk__in=[])
        for grant in actor.grants_for(permission or model.view_permission):
            if grant.holder:
                allowed |= models.Q(**{model.scope_holder: grant.holder})
                continue
            for path_field, sector_field in model.scope_by:
                part = within(path_field, grant.path)
                if grant.sector:
                    part &= models.Q(**{sector_field: grant.sector})
                allowed |= part
        return admitted.filter(allowed)

    def everything(self, *, why: str) -> Self:
        """Every row, for a reason that a reader of the code can check."""
        if not why.strip():
            raise Unguarded("everything() needs a reason")
        admitted = self._clone()
        admitted._admitted = True
        return admitted

    def _guard(self) -> None:
        if not self._admitted:
            raise Unguarded(
                f"{self.model.__name__}: say for whom: .visible_to(actor), or .everything(why=…) with the reason"
            )

    def _fetch_all(self) -> None:
        self._guard()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._guard()
        return super().count()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard()
        return super().delete()

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._guard()
        return super().explain(*args, **kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().resolve_expression(*args, **kwargs)  # type: ignore[misc]

    # Django marks these two as altering data so that templates cannot call them.
    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]


GuardedManager = models.Manager.from_queryset(GuardedQuerySet)


class Scoped(models.Model):
    """A row that belongs to a region, a sector line and perhaps a holder (the unit whose people may see it).

    ``scope_by`` lists the (path, sector) pairs by which a regulator may see a row: where it lies, and for some
    tables also whose desk it is on. The responsible jurisdiction decides access, not only the place.
    """

    region_path = PathField(db_index=False)
    sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    holder = models.CharField(max_length=40, blank=True, default="", editable=False)

    view_permission: ClassVar[str]
    scope_by: ClassVar[tuple[tuple[str, str], ...]] = (("region_path", "sector"),)
    scope_holder: ClassVar[str] = "holder"

    objects = GuardedManager()
    plain = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "plain"
