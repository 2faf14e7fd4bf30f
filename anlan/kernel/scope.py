"""Scope fails closed: rows of a scoped table are refused until it was said for whom they are fetched.

``Model.objects`` is guarded: iteration, get, values, iterator, count, aggregate, update, delete and use as a
subquery or in a union raise ``Unguarded`` until ``.visible_to(actor)`` or ``.everything(why=…)`` was called. The
refusal sits where Django turns a query into SQL, so a way round the queryset's own methods ends there as well.
``exists()`` passes, since uniqueness checks need it, and so does an empty queryset (``.none()``). Django's own
plumbing (save, refresh, foreign keys) uses the plain base manager.

Not refused, and therefore kept to selectors by the house rules: following a foreign key or a one-to-one from a
row in hand, ``select_related`` and joins written into ``values()``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models.sql import AND, OR, Query
from django.db.models.sql.where import WhereNode

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Unguarded

_SAY = "{}: say for whom: .visible_to(actor), or .everything(why=…) with the reason"
PATH_END = "\x7f"  # sorts after every character of a tree path
F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound=models.Model)
SYSTEM_READS: dict[str, str] = {}


def system_read(why: str) -> Callable[[F], F]:
    """Mark a selector that takes no actor, with the reason why none is needed; the house tests list these."""
    if not why.strip():
        raise Unguarded("system_read() needs a reason")

    def mark(function: F) -> F:
        SYSTEM_READS[f"{function.__module__}.{function.__qualname__}"] = why
        return function

    return mark


class PathField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """A region's tree path, compared byte by byte so that a subtree is one range of an index.

    Four characters a level, 64 in all: sixteen levels, from the province down.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def within(field: str, path: str) -> models.Q:
    """The rows whose ``field`` lies in the subtree of ``path``: one range, which any plain index serves.

    "" means no limit: it is for filters chosen by a reader, never for a grant.
    """
    if not path:
        return models.Q()
    return models.Q(**{f"{field}__gte": path, f"{field}__lt": path + PATH_END})


class Below(models.Func):
    """Whether a place lies in the subtree of another, or is the same: ``Below("region_path", "owner_path")``."""

    function = "starts_with"
    arity = 2
    output_field = models.BooleanField()


class Elsewhere(Below):
    """Whether the second place does not lie around the first: of two places that are known, ``Below`` is false.

    Asked this way and not by NOT, because then statistics kept of ``Below`` tell the planner how few such rows there
    are; of NOT and a function it takes nearly all rows to be such.
    """

    template = "%(function)s(%(expressions)s) IS FALSE"


class Ways(WhereNode):
    """The condition of a query that lets an actor see its rows: its children are the ways, of which one is enough."""


class GuardedQuery(Query):
    """A query that is not turned into SQL until it was admitted."""

    admitted = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Django's compiler for this query; ``Unguarded`` when nobody said for whom."""
        if not self.admitted and not self.is_empty():
            raise Unguarded(_SAY.format(self.model.__name__ if self.model else "?"))
        return super().get_compiler(*args, **kwargs)

    def exists(self, *args: Any, **kwargs: Any) -> Self:
        """The query behind ``QuerySet.exists()``, which passes; as a subquery inside another it does not."""
        question: Any = super().exists(*args, **kwargs)
        if not self.subquery:
            question.admitted = True
        return question  # type: ignore[no-any-return]

    def in_parts(self) -> list[Self]:
        """Queries of the same rows of which no two share a row: one for each way in which they may be seen.

        Asked together, the ways are either read row by row or met by chance on the way through everybody's rows; each
        by itself is one range, read off one index.
        """
        if self.where.connector != AND or self.where.negated:
            return [self]
        places = [place for place, child in enumerate(self.where.children) if isinstance(child, Ways)]
        if not places or self.group_by is not None or self.combinator or self.is_sliced:
            return [self]
        ways: Any = self.where.children[places[0]]
        parts: list[Self] = []
        for number in range(len(ways.children)):
            part: Any = self.chain()
            own = part.where.children[places[0]].children
            before = [WhereNode([way], AND, negated=True) for way in own[:number]]
            part.where.children[places[0] : places[0] + 1] = [*before, own[number]]
            parts.append(part)
        return parts

    def combine(self, rhs: Query, connector: str) -> None:
        """``one | other`` is admitted only when both are; ``one & other`` narrows the first."""
        super().combine(rhs, connector)
        if connector != AND and not getattr(rhs, "admitted", True):
            self.admitted = False


class GuardedQuerySet(models.QuerySet[M]):
    """Refuses to fetch until admitted."""

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, query or GuardedQuery(model), using, hints)

    @property
    def admitted(self) -> bool:
        """Whether it was said for whom the rows are."""
        return bool(getattr(self.query, "admitted", False))

    def visible_to(self, actor: Actor, permission: str | None = None) -> Self:
        """The rows the actor may see, or on which he holds ``permission`` when one is named."""
        admitted = self._admit()
        if actor.is_system:
            return admitted
        ways = self._ways(actor, permission)
        if len(ways) < 2:
            return admitted.filter(*ways) if ways else admitted.filter(pk__in=[])
        seen = admitted.filter(models.Q(*ways, _connector=OR))
        added = seen.query.where.children[-1]
        if isinstance(added, WhereNode) and added.connector == OR:
            added.__class__ = Ways
        return seen

    def _ways(self, actor: Actor, permission: str | None) -> list[models.Q]:
        """What lets the actor see a row, each by itself."""
        model: Any = self.model
        place, ways = model.scope_by[0][0], []
        for grant in actor.grants_for(permission or model.view_permission):
            if grant.holder:
                ways.append(models.Q(**{model.scope_holder: grant.holder}))
                continue
            if not grant.path:
                continue
            for path_field, sector_field in model.scope_by:
                part = within(path_field, grant.path)
                if grant.sector:
                    part &= models.Q(**{sector_field: grant.sector})
                elif path_field != place:
                    # What lies there is let in already; what is only dealt with there is little, and has small indexes.
                    part &= models.Q(Elsewhere(place, path_field))
                ways.append(part)
        return ways

    def everything(self, *, why: str) -> Self:
        """Every row, for a reason that a reader of the code can check."""
        if not why.strip():
            raise Unguarded("everything() needs a reason")
        return self._admit()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Raw SQL says nothing of scope: refused until admitted with a reason."""
        self._guard()
        return super().raw(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's, once admitted."""
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, once admitted."""
        self._guard()
        return super().delete()

    # Django marks these two as altering data so that templates cannot call them.
    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's, once admitted; refused here and not at the first row."""
        self._guard()
        return super().iterator(*args, **kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Use as a subquery: refused where it is written and not only where it is run."""
        self._guard()
        return super().resolve_expression(*args, **kwargs)

    def __repr__(self) -> str:
        """Rows are shown once admitted; error pages and logs print querysets."""
        return super().__repr__() if self.admitted else f"<{self.model.__name__} rows, nobody named>"

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._guard()
        super()._fetch_all()

    def _admit(self) -> Self:
        admitted: Self = self._chain()  # type: ignore[attr-defined]
        admitted.query.admitted = True  # type: ignore[attr-defined]  # always a GuardedQuery
        return admitted

    def _guard(self) -> None:
        if not self.admitted and not self.query.is_empty():
            raise Unguarded(_SAY.format(self.model.__name__))


GuardedManager = models.Manager.from_queryset(GuardedQuerySet)


class Scoped(models.Model):
    """A row that belongs to a region, a sector line and perhaps a holder (the unit whose people may see it).

    ``scope_by`` lists the (path, sector) pairs by which a regulator may see a row: where it lies, and for some
    tables also whose desk it is on. The responsible jurisdiction decides access, not only the place. A regulator
    whose grant is limited to a line sees the rows of that line; a row of no line ("") is for those with every line.

    ``follows_subject`` marks tables whose rows hang on a record by ``subject_type`` and ``subject_id`` and move with
    it when its scope changes (deadlines, files); the journal does not, it keeps the address of its day.
    """

    region_path = PathField(db_index=False)
    sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    holder = models.CharField(max_length=40, blank=True, default="", editable=False)

    view_permission: ClassVar[str]
    scope_by: ClassVar[tuple[tuple[str, str], ...]] = (("region_path", "sector"),)
    scope_holder: ClassVar[str] = "holder"
    follows_subject: ClassVar[bool] = False

    objects = GuardedManager()
    plain = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "plain"


def scope_of(row: Any) -> tuple[str, str, str]:
    """Where a row lies: (region path, line, holder)."""
    return row.region_path, row.sector, row.holder


def follow_subject(subject: Any) -> None:
    """Give the deadlines and files of a record the scope the record has now.

    Acts do so by themselves for the record they were called on; set-based acts call it for each record they moved.
    """
    path, sector, holder = scope_of(subject)
    for model in apps.get_models():
        if issubclass(model, Scoped) and model.follows_subject:
            rows: models.QuerySet[Any] = model._base_manager.all()
            rows.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).update(
                region_path=path, sector=sector, holder=holder
            )
