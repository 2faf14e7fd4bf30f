"""The types of facts. Pure: a module's ``events.py`` declares its own from these."""

from __future__ import annotations

import datetime as dt
import decimal
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

FACTS: dict[str, type[Fact]] = {}


def gettext_noop(message: str) -> str:
    """Mark a msgid for extraction without translating it here."""
    return message


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened. ``sentence`` is an English msgid over the fields, ``%(name)s`` style.

    Fields hold strings, numbers, booleans, dates, decimals, lists and dicts of these; no personal identifiers.
    ``translated`` names the fields whose values are msgids themselves (labels of states and the like).
    """

    sentence: ClassVar[str] = gettext_noop("Changed.")
    icon: ClassVar[str] = "point"
    colour: ClassVar[str] = "secondary"
    translated: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        FACTS[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """``hazards.HazardClosed``: the module's name and the type's."""
        parts = cls.__module__.split(".")
        return f"{parts[2] if len(parts) > 2 else parts[-1]}.{cls.__name__}"

    def as_data(self) -> dict[str, Any]:
        """The fields as JSON-ready data; empty ones are left out."""
        return {k: _plain(v) for k, v in asdict(self).items() if v not in (None, "", [], {})}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Fact:
        """The fact back from its data; fields that a newer edition no longer knows are ignored."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in data.items() if k in known})


@dataclass(frozen=True, kw_only=True)
class Event(Fact):
    """A fact that is also announced: flows may react to it."""


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


@dataclass(frozen=True, kw_only=True)
class BulkLoadDeclared(Fact):
    """A transaction declared that it loads records past their first step."""

    sentence: ClassVar[str] = gettext_noop("Bulk load declared: %(why)s")
    why: str


@dataclass(frozen=True, kw_only=True)
class FieldsChanged(Fact):
    """Fields of a record were changed; ``changes`` maps a field's msgid label to [before, after]."""

    sentence: ClassVar[str] = gettext_noop("Changed %(what)s")
    icon: ClassVar[str] = "pencil"
    what: str = ""
    changes: dict[str, list[Any]]
