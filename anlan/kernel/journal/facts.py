"""The types of facts. Pure: a module's ``events.py`` declares its own from these."""

from __future__ import annotations

import datetime as dt
import decimal
import functools
from dataclasses import MISSING, dataclass, fields
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
    ``changes_record`` is False for facts that leave the record itself as it was (somebody pressed for it, time ran
    out): they raise no version, so that whoever is filling in a form on it is not told to start again.
    """

    sentence: ClassVar[str] = gettext_noop("Changed.")
    icon: ClassVar[str] = "point"
    colour: ClassVar[str] = "secondary"
    translated: ClassVar[tuple[str, ...]] = ()
    changes_record: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = FACTS.get(cls.type_name())
        if known is not None and known.__module__ != cls.__module__:
            raise ValueError(f"{cls.type_name()} is declared in {known.__module__} and in {cls.__module__}")
        FACTS[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """``hazards.HazardClosed``: the module's name and the type's."""
        parts = cls.__module__.split(".")
        return f"{parts[2] if len(parts) > 2 else parts[-1]}.{cls.__name__}"

    def as_data(self) -> dict[str, Any]:
        """The fields as JSON-ready data; empty ones are left out, unless the type insists on them."""
        kind: Any = type(self)
        needed = _needed(kind)
        said = ((name, getattr(self, name)) for name in _names(kind))
        return {k: _plain(v) for k, v in said if k in needed or not _blank(v)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Fact:
        """The fact back from its data, whichever edition wrote it.

        Fields this edition no longer knows are ignored; those it has gained since are empty.
        """
        kind: Any = cls
        known = _names(kind)
        return cls(**{**dict.fromkeys(_needed(kind), ""), **{k: v for k, v in data.items() if k in known}})


@dataclass(frozen=True, kw_only=True)
class Event(Fact):
    """A fact that is also announced: flows may react to it."""


@functools.cache
def _names(kind: type[Any]) -> list[str]:
    return [f.name for f in fields(kind)]


@functools.cache
def _needed(kind: type[Any]) -> list[str]:
    """The fields without a default."""
    return [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value)


def _plain(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def word(msgid: str) -> dict[str, str]:
    """A value that is a msgid of the platform's own (the label of a choice), not somebody's text."""
    return {"msgid": msgid}


def both(english: str, chinese: str) -> dict[str, str]:
    """A value that is held in both languages (what a rule calls its figure): the reader's is shown."""
    return {"en": english, "zh": chinese}


@dataclass(frozen=True, kw_only=True)
class BulkLoadDeclared(Fact):
    """A transaction declared that it loads records past their first step."""

    sentence: ClassVar[str] = gettext_noop("Bulk load declared: %(why)s")
    translated: ClassVar[tuple[str, ...]] = ("why",)
    why: str


@dataclass(frozen=True, kw_only=True)
class FieldsChanged(Fact):
    """Fields of a record were changed; ``changes`` maps a field's msgid label to [before, after].

    ``what`` lists the labels; a value that is the word of a choice stands there as ``word(msgid)``. The reader's
    language is chosen when it is read.
    """

    sentence: ClassVar[str] = gettext_noop("Changed %(what)s")
    icon: ClassVar[str] = "pencil"
    translated: ClassVar[tuple[str, ...]] = ("what",)
    what: list[str]
    changes: dict[str, list[Any]]
