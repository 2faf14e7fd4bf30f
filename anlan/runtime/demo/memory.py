"""A kernel in memory: the bodies of real acts run on it, thousands a second, and what they did is copied in at the end.

The demo city's history is made by the same functions that make real history. Here the tables they write to
(``save``, ``objects``) are lists, and the questions they ask of slow tables are answered from a cache; nothing of
what they decide is written a second time. A test replays a sample through the database and compares every column.
"""

from __future__ import annotations

import operator
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import models
from django.db.models.base import ModelState

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Versioned, Work
from anlan.kernel.bulk import Moment, Sheet
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import entry

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda value, wanted: value in wanted,
    "gt": lambda value, wanted: value is not None and value > wanted,
    "gte": lambda value, wanted: value is not None and value >= wanted,
    "lt": lambda value, wanted: value is not None and value < wanted,
}


class Rows(list[Any]):
    """As much of a queryset as the acts' bodies ask for."""

    def defer(self, *fields: str) -> Rows:
        """The rows as they are: nothing of them is on a disk."""
        return self

    def everything(self, *, why: str) -> Rows:
        """All rows."""
        return self

    def filter(self, **wanted: Any) -> Rows:
        """The rows that fit, by equality or one of a few comparisons."""
        rows: Any = self
        for name, value in wanted.items():
            field, _, test = name.partition("__")
            if test:
                fits = _TESTS[test]
                rows = [r for r in rows if fits(getattr(r, field), value)]
            else:
                rows = [r for r in rows if getattr(r, field) == value]
        return Rows(rows)

    def order_by(self, *names: str) -> Rows:
        """A new order."""
        ordered = Rows(self)
        for name in reversed(names):
            ordered.sort(key=lambda r: getattr(r, name.lstrip("-")), reverse=name.startswith("-"))
        return ordered

    def select_for_update(self, **_: Any) -> Rows:
        """Nobody else is here."""
        return self

    def get(self, **wanted: Any) -> Any:
        """The one row that fits."""
        (row,) = self.filter(**wanted)
        return row

    def first(self) -> Any:
        """The first row, if any."""
        return self[0] if self else None

    def last(self) -> Any:
        """The last row, if any."""
        return self[-1] if self else None

    def exists(self) -> bool:
        """Whether there is one."""
        return bool(self)

    def exclude(self, **unwanted: Any) -> Rows:
        """The rows that do not fit."""
        out = {id(r) for r in self.filter(**unwanted)}
        return Rows(r for r in self if id(r) not in out)

    def values_list(self, *names: str, flat: bool = False) -> Rows:
        """Some columns; the values of one column themselves when ``flat``."""
        return Rows(getattr(r, names[0]) if flat else tuple(getattr(r, n) for n in names) for r in self)

    def update(self, **fields: Any) -> int:
        """Set fields on every row."""
        for row in self:
            for name, value in fields.items():
                setattr(row, name, value)
        return len(self)


class Shelf(Rows):
    """The rows of one table in memory: it stands in for the table's manager."""

    def __init__(self, model: type[models.Model], ids: Callable[[], Any]) -> None:
        super().__init__()
        self.model, self.ids = model, ids

    def create(self, **fields: Any) -> Any:
        """A new row."""
        row = self.model(**fields)
        row.pk = self.ids()
        self.append(row)
        return row


class Memory:
    """The shelves, the journal and the history written so far.

    ``tables`` are the models kept in memory, with a source of primary keys for each; ``tracked`` those whose history
    is kept too. Whoever plays takes out now and then what was kept.
    """

    def __init__(
        self, tables: dict[type[models.Model], Callable[[], Any]], tracked: Iterable[type[models.Model]]
    ) -> None:
        self.shelves = {model: Shelf(model, ids) for model, ids in tables.items()}
        self.kept: dict[type[models.Model], list[Any]] = {model: [] for model in tables}
        self.history: dict[type[models.Model], list[Moment]] = {m: [] for m in tracked}
        self.entries: list[Entry] = []
        self._fresh: set[int] = set()
        self._stood: dict[tuple[type, Any], tuple[Any, ...]] = {}
        self._stands = {m: operator.attrgetter(*Sheet.of_history(m).kept) for m in tracked}

    def act(self, function: Any, actor: Actor, **given: Any) -> Any:
        """Run an act's body: permission as declared, then version and journal as the skeleton does."""
        declared = function.act
        work = Work(actor=actor, act=declared.name)
        row = given.get(declared.target) if declared.target else None
        permissions = (declared.may,) if isinstance(declared.may, str) else declared.may
        if not actor.may_any(permissions, row if hasattr(type(row), "scope_by") else None):
            actor.need(permissions[0], row)
        self._fresh.clear()
        outcome = function.__wrapped__(work, **given)
        self._settle(work)
        return outcome

    def save(self, row: Any) -> None:
        """What ``Model.save`` does here: shelve a new row, note the history of a tracked one."""
        model = type(row)
        shelf = self.shelves[model]
        fresh = row._state.adding
        if fresh:
            if row.pk is None or isinstance(row.pk, uuid.UUID):
                row.pk = shelf.ids()
            row._state.adding = False
            self._fresh.add(id(row))
            shelf.append(row)
        if model in self.history:
            stands = self._stands[model](row)
            if fresh or stands != self._stood.get((model, row.pk)):
                self._stood[model, row.pk] = stands
                self.history[model].append((clock.now(), "insert" if fresh else "update", row.pk, *stands))

    def turn_page(self) -> None:
        """The next record begins: what is on the shelves is put away."""
        self._stood.clear()
        for model, shelf in self.shelves.items():
            self.kept[model].extend(shelf)
            shelf.clear()

    @contextmanager
    def at_work(self, *swaps: tuple[Any, Any], read: Mapping[type[models.Model], Rows]) -> Iterator[None]:
        """Inside the block the tables are in memory, and each (function, replacement) is swapped where it is used.

        ``read`` are rows of further tables, which the acts only read.
        """
        with ExitStack() as stack:
            for model, rows in read.items():
                stack.enter_context(attribute(model, "objects", rows))
            for model, shelf in self.shelves.items():
                stack.enter_context(attribute(model, "objects", shelf))
                stack.enter_context(attribute(model, "save", self._saving()))
            written: list[Any] = [*self.shelves, Entry]
            for table in written:
                stack.enter_context(attribute(table, "__init__", _plain_init(table)))
            for original, replacement in swaps:
                stack.enter_context(swapped(original, replacement))
            yield

    def _saving(self) -> Callable[..., None]:
        def save(row: Any, *_: Any, **__: Any) -> None:
            self.save(row)

        return save

    def _settle(self, work: Work) -> None:
        raised = set(self._fresh)
        for recorded in work.facts:
            row = recorded.on
            if isinstance(row, Versioned) and recorded.fact.changes_record and id(row) not in raised:
                raised.add(id(row))
                row.version += 1
        self.entries += [entry(r.fact, r.on, work.actor, work.act, path=r.path) for r in work.facts]


def _plain_init(model: type[models.Model]) -> Callable[..., None]:
    """What ``Model.__init__`` does for a new row, without its signals: a city makes a million rows."""
    if model.__init__ is not models.Model.__init__:
        raise TypeError(f"{model.__name__} makes its rows in a way of its own")
    fields = {f.attname: f for f in model._meta.concrete_fields}
    made = {name: f.get_default for name, f in fields.items() if callable(f.default) and f.has_default()}
    same = {name: f.get_default() for name, f in fields.items() if name not in made}
    relations = {f.name for f in fields.values() if f.is_relation}

    def init(row: Any, **given: Any) -> None:
        row._state = ModelState()
        held = row.__dict__
        held.update(same)
        for name, make in made.items():
            if name not in given:
                held[name] = make()
        for name, value in given.items():
            if name in fields:
                held[name] = value
            elif name in relations:
                setattr(row, name, value)
            else:
                raise TypeError(f"{model.__name__} has no field {name}")

    return init


@contextmanager
def attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Inside the block an attribute has another value."""
    own = name in owner.__dict__
    before = owner.__dict__.get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)


@contextmanager
def swapped(original: Any, replacement: Any) -> Iterator[None]:
    """Swap a function in every module of ours that holds it under any name."""
    places = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.startswith("anlan.") and module is not None
        for name, value in list(vars(module).items())
        if value is original
    ]
    for module, name in places:
        setattr(module, name, replacement)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, original)
