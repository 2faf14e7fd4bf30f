"""A finding, a citation or any value of a rule as plain JSON, in one of the two languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from anlan.rules.citation import Citation, Finding
from anlan.rules.tables import rows
from anlan.rules.wording import Wording, in_language


def plain(value: Any, language: str = "en") -> Any:
    """The value in types that JSON has; dates and times in ISO 8601, numbers finite, records as objects.

    >>> plain({"due": dt.date(2026, 3, 1), "S": Decimal("0.5"), "why": Wording("due", "到期")}, "zh-hans")
    {'due': '2026-03-01', 'S': 0.5, 'why': '到期'}
    """
    if isinstance(value, Wording):
        return in_language(value, language)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal | Fraction):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Citation):
        return cited(value)
    if isinstance(value, Mapping):
        return {str(plain(key, language)): plain(each, language) for key, each in value.items()}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name), language) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(each, language) for each in value]
    raise TypeError(f"{type(value).__name__} is no value of a rule")


@cache
def names() -> Mapping[str, Wording]:
    """What the parts of an answer are called, by their codes.

    >>> names()["due"].zh
    '期限'
    """
    return {row["code"]: Wording(row["en"], row["zh"]) for row in rows("answer_words") if row["kind"] == "name"}


@cache
def words() -> Mapping[str, Wording]:
    """What codes mean that stand in answers and in no input.

    >>> words()["working_days"].zh
    '工作日'
    """
    return {row["code"]: Wording(row["en"], row["zh"]) for row in rows("answer_words") if row["kind"] == "word"}


def cited(citation: Citation) -> dict[str, Any]:
    """A citation: the clause in full, its parts, its period of force, and whether it is to be verified."""
    return {
        "text": str(citation),
        "law": citation.law,
        "number": citation.number,
        "article": citation.article,
        "level": citation.level.value,
        "confidence": citation.confidence.value,
        "to_verify": citation.to_verify,
        "in_force_from": plain(citation.valid_from),
        "in_force_to": plain(citation.valid_to),
        "note": citation.note,
    }


def as_json(finding: Finding[Any], language: str = "en") -> dict[str, Any]:
    """A finding: ``{"value": …, "citations": […], "inputs": {…}, "steps": […], "settled": …, "provisional": …}``.

    ``settled``: no clause is to be verified; ``provisional``: a day leans on a holiday notice that is not held (暂定).
    """
    return {
        "value": plain(finding.value, language),
        "citations": [cited(citation) for citation in finding.citations],
        "inputs": plain(finding.inputs, language),
        "steps": [in_language(step, language) for step in finding.steps],
        "settled": finding.settled,
        "provisional": finding.provisional,
    }
