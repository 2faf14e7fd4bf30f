"""Reading the tables under ``data``: the only input the rules have."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``data/<name>.csv`` (UTF-8, first line the column names), each a read-only mapping.

    Raises ``ValueError`` naming the file and line when a row is longer or shorter than the header.

    >>> rows("gb4754_2017_sections")[1]["name"]
    '采矿业'
    """
    text = (files("anlan.rules") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    header = next(reader)
    out = []
    for values in reader:
        if len(values) != len(header):
            raise ValueError(f"{name}.csv line {reader.line_num}: {len(values)} values for {len(header)} columns")
        out.append(MappingProxyType(dict(zip(header, values, strict=True))))
    return tuple(out)


def day(text: str) -> dt.date | None:
    """An ISO date, or ``None`` for an empty cell."""
    return dt.date.fromisoformat(text) if text else None


def parts(text: str) -> tuple[str, ...]:
    """The values of a cell that holds several, separated by semicolons.

    >>> parts("YJ;NH"), parts("")
    (('YJ', 'NH'), ())
    """
    return tuple(part.strip() for part in text.split(";") if part.strip())
