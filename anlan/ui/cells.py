"""The rows of a table as HTML, without asking the table library anew for every cell.

What holds for a whole column (its head, its classes, how its value is reached, what its ``render`` wants to know) is
worked out once a table; a cell is then one look at the record and one call. Everything that is not marked as safe is
escaped here, exactly as a template would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2.utils import signature


@dataclass(frozen=True, slots=True)
class Way:
    """From a record of a model to a field, through its relations; ``said`` names the method that says a choice."""

    reach: Callable[[Any], Any]
    owner: Callable[[Any], Any] | None
    said: str


@lru_cache(maxsize=4096)
def way_to(model: type[models.Model], accessor: str) -> Way | None:
    """The way an accessor goes when it names nothing but fields; None otherwise."""
    current: Any = model
    *relations, last = accessor.split("__")
    for relation in relations:
        field = _fields(current).get(relation)
        if field is None or not field.remote_field:
            return None
        current = field.remote_field.model
    field = _fields(current).get(last)
    if field is None:
        return None
    owner = attrgetter(".".join(relations)) if relations else None
    return Way(attrgetter(".".join([*relations, last])), owner, f"get_{last}_display" if field.choices else "")


def _fields(model: Any) -> dict[str, Any]:
    return {"pk": model._meta.pk, **{field.name: field for field in model._meta.concrete_fields}}


@lru_cache(maxsize=4096)
def _wants(function: Callable[..., Any]) -> tuple[tuple[str, ...], bool]:
    """The names of a method's arguments, and whether it takes whatever there is."""
    names, rest = signature(function)
    return tuple(names[1:]), bool(rest)


class Cells:
    """One column of one table: its cells, one after the other."""

    def __init__(self, table: Any, bound: Any) -> None:
        self.table, self.bound, self.column = table, bound, bound.column
        self.names, self.takes_all = _wants(bound.render.__func__)
        self.default = bound.default
        self.known: dict[str | None, str] | None = {} if self.column.repeats else None
        self.before, self.after = self._frame()

    def _frame(self) -> tuple[str, str]:
        column, label = self.column, escaped(self.bound.header)
        if column.picks:
            return '<td class="pick">', "</td>"
        if column.lead:
            return f'<th class="lead" scope="row" data-label="{label}">', "</th>"
        named = "num" if column.number else "reads" if column.reads else "" if column.wrap else "text-nowrap"
        kind = f' class="{named}"' if named else ""
        return f'<td data-label="{label}"{kind}>', "</td>"

    def html(self, record: Any) -> str:
        """The cell of a record, in its frame."""
        way = way_to(type(record), self.bound.accessor) if isinstance(record, models.Model) else None
        if way is None:
            return self._drawn(record, self._sought(record))
        code = _reached(way.reach, record)
        if self.known is None or not (code is None or isinstance(code, str)):
            return self._drawn(record, self._labelled(way, record, code))
        found = self.known.get(code)
        if found is None:
            found = self.known[code] = self._drawn(record, self._labelled(way, record, code))
        return found

    @staticmethod
    def _labelled(way: Way, record: Any, code: Any) -> Any:
        """The label of a choice, as the table library gives it to ``render``; any other value as it is."""
        if not way.said:
            return code
        owner = _reached(way.owner, record) if way.owner else record
        return getattr(owner, way.said)() if owner is not None else None

    def _sought(self, record: Any) -> Any:
        """The value of what is no field: a property, a method, a key of a dictionary."""
        return self.bound.accessor.resolve(record, quiet=True)

    def _drawn(self, record: Any, value: Any) -> str:
        said = self.default if value in self.column.empty_values else self._said(record, value)
        return f"{self.before}{escaped(said)}{self.after}"

    def _said(self, record: Any, value: Any) -> Any:
        given = {
            "value": value, "record": record, "column": self.column, "bound_column": self.bound, "table": self.table,
        }  # fmt: skip
        return self.bound.render(**(given if self.takes_all else {name: given[name] for name in self.names}))


def _reached(reach: Callable[[Any], Any], record: Any) -> Any:
    try:
        return reach(record)
    except (AttributeError, ObjectDoesNotExist):  # nothing at the other end of a relation
        return None


def escaped(value: Any) -> str:
    """A value as a template would show it: safe text as it is, other text escaped, numbers and days localized."""
    if isinstance(value, SafeString):
        return value
    if type(value) is str:
        return escape(value)
    return str(render_value_in_context(value, Context()))


def rows(table: Any, records: Iterable[Any]) -> SafeString:
    """The rows of a table's body."""
    columns = [Cells(table, bound) for bound in table.columns]
    drawn = [f"<tr>{''.join([cells.html(record) for cells in columns])}</tr>" for record in records]
    return mark_safe("\n".join(drawn))  # every cell was escaped above
