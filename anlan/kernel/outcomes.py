"""What an idempotency key remembers: a digest of what was asked, and the outcome, to be answered again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import hashlib
import json
import uuid
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from anlan.kernel import errors

CHUNK = 1024 * 1024
_TEXTS: dict[str, type[Any]] = {"decimal": decimal.Decimal, "uuid": uuid.UUID}
_MOMENTS: dict[str, type[Any]] = {"datetime": dt.datetime, "date": dt.date, "time": dt.time}
_LISTS: dict[str, type[Any]] = {"tuple": tuple, "set": set, "frozenset": frozenset}


def digest_of(name: str, version: int | None, given: dict[str, Any], target: str | None = None) -> str:
    """SHA-256 of an act's name and arguments: equal for equal requests, in every process.

    Rows count by their key, uploads by their name and bytes, sets and dicts whatever their order. The target may be
    the record, its key or its key as text: the same request in all three forms.
    """
    asked = {k: _plain(v) for k, v in given.items()}
    if target is not None:
        wanted = given[target]
        asked[target] = str(wanted.pk if isinstance(wanted, models.Model) else wanted)
    return hashlib.sha256(json.dumps([name, version, asked], sort_keys=True).encode()).hexdigest()


def unstorable(value: Any) -> bool:
    """True when a text, or one within a list or mapping, has a NUL or half a character: the database takes neither."""
    if isinstance(value, str):
        return "\x00" in value or (not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value))
    if isinstance(value, list | tuple | set | frozenset):
        return any(unstorable(v) for v in value)
    if isinstance(value, dict):
        return any(unstorable(k) or unstorable(v) for k, v in value.items())
    return False


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | decimal.Decimal | uuid.UUID | dt.date | dt.time | dt.timedelta | Promise):
        return str(value)
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if isinstance(value, models.Model):
        return [value._meta.label_lower, str(value.pk)]
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(value).hexdigest()
    if hasattr(value, "read") and hasattr(value, "seek"):
        return [str(getattr(value, "name", "")), _content(value)]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(v) for v in value), key=json.dumps)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__qualname__, {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}]
    if isinstance(value, list | tuple | range | models.QuerySet):
        return [_plain(v) for v in value]
    raise TypeError(f"an act called with a key cannot take a {type(value).__name__}")


def _content(upload: Any) -> str:
    """The digest of an upload's bytes; it is left where it stood."""
    found = hashlib.sha256()
    stood = upload.tell()
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        found.update(chunk.encode() if isinstance(chunk, str) else chunk)
    upload.seek(stood)
    return found.hexdigest()


def pack(value: Any) -> Any:
    """An outcome as JSON: rows by their key, frozen values by their fields. ``TypeError`` for anything else."""
    if isinstance(value, enum.Enum):
        return {"$": "enum", "type": f"{type(value).__module__}:{type(value).__qualname__}", "v": value.value}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [pack(v) for v in value]
    if isinstance(value, models.Model):
        return {"$": "row", "type": value._meta.label_lower, "v": str(value.pk)}
    if isinstance(value, dict):
        return {"$": "dict", "v": [[pack(k), pack(v)] for k, v in value.items()]}
    if isinstance(value, range):
        return {"$": "range", "v": [value.start, value.stop, value.step]}
    if isinstance(value, errors.Refused):
        told = {**vars(value), "params": {k: str(v) for k, v in value.params.items()}}
        return {"$": "refused", "type": type(value).__name__, "v": pack(told)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            "$": "value",
            "type": f"{type(value).__module__}:{type(value).__qualname__}",
            "v": {f.name: pack(getattr(value, f.name)) for f in dataclasses.fields(value)},
        }
    for name, kind in _MOMENTS.items():
        if isinstance(value, kind):
            return {"$": name, "v": value.isoformat()}
    for name, kind in _TEXTS.items():
        if isinstance(value, kind):
            return {"$": name, "v": str(value)}
    for name, kind in _LISTS.items():
        if isinstance(value, kind):
            return {"$": name, "v": [pack(v) for v in value]}
    raise TypeError(f"an act called with a key cannot answer with a {type(value).__name__}")


def unpack(packed: Any) -> Any:
    """The outcome again; rows are read afresh. ``NotFound`` when a row has gone since."""
    if isinstance(packed, list):
        return [unpack(v) for v in packed]
    if not isinstance(packed, dict):
        return packed
    kind, value = packed["$"], packed["v"]
    if kind == "row":
        row = apps.get_model(packed["type"])._base_manager.filter(pk=value).first()
        if row is None:
            raise errors.NotFound
        return row
    if kind == "dict":
        return {unpack(k): unpack(v) for k, v in value}
    if kind == "range":
        return range(*value)
    if kind == "refused":
        refused = Exception.__new__(getattr(errors, packed["type"]))
        vars(refused).update(unpack(value))
        return refused
    if kind == "enum":
        return _attribute(*packed["type"].split(":"))(value)
    if kind == "value":
        again = object.__new__(_attribute(*packed["type"].split(":")))
        for field, part in value.items():
            object.__setattr__(again, field, unpack(part))
        return again
    if kind in _MOMENTS:
        return _MOMENTS[kind].fromisoformat(value)
    if kind in _TEXTS:
        return _TEXTS[kind](value)
    return _LISTS[kind](unpack(v) for v in value)


def _attribute(module: str, name: str) -> Any:
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found
