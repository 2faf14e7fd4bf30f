"""What pages are declared with: small values, no behaviour but asking whether an actor may see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch

from anlan.kernel.actor import Actor
from anlan.ui.addresses import address

Permission = str | tuple[str, ...]


def permissions_of(permission: Permission) -> tuple[str, ...]:
    """The permissions as a tuple; empty when none is asked."""
    return (permission,) if isinstance(permission, str) and permission else tuple(permission or ())


def held(actor: Actor, permission: Permission, row: Any = None) -> bool:
    """Whether the actor holds any of the permissions, on the row when it is scoped; True when none is asked."""
    wanted = permissions_of(permission)
    if not wanted:
        return True
    return actor.may_any(wanted, row if hasattr(type(row), "scope_by") else None)


def parameters_in(route: str) -> tuple[str, ...]:
    """The parameters of a URL route: ``("pk",)`` for ``<int:pk>/close/``."""
    return tuple(re.findall(r"<(?:[^>:]+:)?([^>]+)>", route))


@dataclass(frozen=True)
class Action:
    """A link or button that leads to another page.

    ``url`` is a URL name (``hazards:close``; a record's fields fill its parameters) or an address beginning with
    ``/`` or ``?``. ``dialog`` opens the target, a form page, over the present one. ``when(record, actor)`` hides it.
    ``aside`` puts it into the menu of further acts on a record page.
    """

    label: Any
    url: str
    icon: str = ""
    permission: Permission = ()
    tone: str = "plain"
    dialog: bool = False
    when: Callable[[Any, Actor], bool] | None = None
    aside: bool = False

    def shown_to(self, actor: Actor, record: Any = None) -> bool:
        """Whether this actor is offered the action, on this record."""
        if not held(actor, self.permission, record):
            return False
        return self.when is None or bool(self.when(record, actor))

    def address(self, record: Any = None) -> str:
        """Where it leads; "" when the URL does not exist (its module is not installed)."""
        if self.url.startswith(("/", "?", "#")):
            return self.url
        return address_of(self.url, record)


def address_of(name: str, record: Any = None) -> str:
    """The address of a named URL, filled from a record's fields where it takes parameters; "" when there is none."""
    from anlan.ui.pages.base import ENDPOINTS

    known = ENDPOINTS.get(name)
    if known is not None:
        return known.address(record)
    tries: tuple[dict[str, Any] | None, ...] = ({}, {"pk": record.pk} if record is not None else None)
    for given in tries:
        if given is None:
            continue
        try:
            return address(name, given)
        except NoReverseMatch:
            continue
    return ""


@dataclass(frozen=True)
class Empty:
    """What a list says when it has nothing: a title, what it means, and the next thing to do."""

    title: Any
    text: Any = ""
    action: Action | None = None
    icon: str = "inbox"


@dataclass(frozen=True)
class Tab:
    """A ready-made view of a list: a label and a query string; ``count(actor)`` shows a number."""

    label: Any
    query: str
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Export:
    """That a list may be taken away as XLSX, by whom, under which file name, at most how many rows."""

    permission: Permission = ()
    filename: str = ""
    most: int = 100_000


@dataclass(frozen=True)
class BulkAct:
    """An act for many rows at once: it runs once per row, each under the actor's own right.

    ``act`` is an ``@act`` function with a target; ``form`` asks for what it needs besides (no files);
    ``permission`` defaults to the act's own; ``title(row)`` names a row in the result (default: ``str``).
    A set-based act is called once for all: ``whole(request, form, keys)`` calls it and answers with a page.
    ``barred()`` says why nobody can do it here for the time being ("" when it can be done): shown in the form's place.
    """

    code: str
    label: Any
    act: Callable[..., Any]
    form: type | None = None
    permission: Permission = ()
    icon: str = "checks"
    tone: str = "plain"
    confirm: Any = ""
    title: Callable[[Any], str] = str
    whole: Callable[..., Any] | None = None
    barred: Callable[[], Any] | None = None

    @property
    def permissions(self) -> tuple[str, ...]:
        """Who is offered it."""
        return permissions_of(self.permission or self.act.act.may)  # type: ignore[attr-defined]

    @property
    def target(self) -> str:
        """The act's name for the record."""
        return str(self.act.act.target)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Item:
    """One fact of a record: label and value.

    ``kind`` is found from the value when empty: text, lines, day, moment, number, money, percent, flag; by name only:
    region (a tree path), phone, id, name (masked), badge (``tone``), html (already safe).
    """

    label: Any
    value: Any
    kind: str = ""
    url: str = ""
    tone: str = "grey"
    unit: Any = ""
    wide: bool = False
    icon: str = ""
    help: Any = ""


@dataclass(frozen=True)
class Section:
    """A part of a record page: items, a template, or a table of related rows.

    Functions get ``(record, actor)``. ``columns``
    names those of the table to show. A section whose items, context or rows are None is left out.
    """

    title: Any
    items: Callable[[Any, Actor], Sequence[Item] | None] | None = None
    template: str = ""
    context: Callable[[Any, Actor], dict[str, Any] | None] | None = None
    table: type | None = None
    rows: Callable[[Any, Actor], Any] | None = None
    columns: tuple[str, ...] = ()
    permission: Permission = ()
    icon: str = ""
    actions: tuple[Action, ...] = ()
    empty: Any = ""
    open: bool = True
    most: int = 20
    side: bool = False

    @property
    def folds(self) -> bool:
        """A section that starts closed can be opened."""
        return not self.open
