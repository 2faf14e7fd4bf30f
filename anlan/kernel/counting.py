"""How many: every number of rows that a page, a badge or the API shows stops at a ceiling; and the rows of a page.

Counting a million rows costs as much as reading them, and nobody leafs through 10,000: whoever needs the exact
number narrows the filters, or reads the cockpit, whose figures are kept. ``formats.count`` writes what is over.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Count, Window

from anlan.kernel.scope import GuardedQuery
from anlan.kernel.searching import latest, reads_all

CEILING = 10_000
WORTH = 5000  # that there are too many to count is taken as known for so many times as long as it took to find out
LONGEST = 300.0  # seconds it is taken as known at most
REMEMBERED = 5000
Question = tuple[str, list[Any]]
_remembered: dict[tuple[str, str], float] = {}


def counted(rows: models.QuerySet[Any], most: int = CEILING) -> int:
    """How many rows there are; ``most + 1`` stands for any number beyond ``most``."""
    return counted_each({"rows": rows}, most)["rows"]


def swept(rows: models.QuerySet[Any], first: int, last: int) -> tuple[list[Any], int] | None:
    """The keys of a page and the number of all rows (``CEILING + 1`` for any beyond), in one reading.

    None where the page does not lead through all rows in any case, where their number is known to be beyond the
    ceiling, and for a page without rows.
    """
    if not _plain(rows) or not reads_all(rows.query, last):
        return None
    question = _question(rows, CEILING)
    if question is None or _beyond(question):
        return None
    began = time.monotonic()
    found = list(rows.values_list("pk", Window(Count("pk")))[first:last])
    if found and found[0][1] > CEILING:
        _remember([question], time.monotonic() - began)
    return ([key for key, _ in found], min(found[0][1], CEILING + 1)) if found else None


def cut(rows: models.QuerySet[Any], first: int, last: int) -> models.QuerySet[Any]:
    """The rows of a page, in the order of the whole: their keys first, then what is drawn of these few.

    A page far from the beginning leads past a thousand rows; their keys stand in the index that has the order, what
    is joined to them for drawing does not.
    """
    if not _plain(rows):
        return rows[first:last]
    if not reads_all(rows.query, last):
        return rows.filter(pk__in=rows.values("pk")[first:last])
    if (few := latest(rows, last)) is not None:
        found = list(_sorted(few.values_list("pk", flat=True))[first:last])
        if len(found) == last - first:
            return rows.filter(pk__in=found)
    return rows.filter(pk__in=_sorted(rows.values("pk"))[first:last])


def _sorted(keys: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """All that were found, then in their order: their number comes first in it, the same for each.

    So PostgreSQL cannot walk along the rows in the hope of meeting a few soon, which it is too fond of when a word is
    neither common nor rare.
    """
    return keys.order_by(Window(Count("pk")), *keys.query.order_by)


def _plain(rows: models.QuerySet[Any]) -> bool:
    query = rows.query
    return not (
        query.distinct or query.combinator or query.group_by is not None or query.is_sliced or query.values_select
    )


def counted_each(rows: Mapping[str, models.QuerySet[Any]], most: int = CEILING) -> dict[str, int]:
    """The same for several sets of rows in one statement: name to number.

    What several ways lead to is counted way by way (``GuardedQuery.in_parts``), and no further than to the ceiling.
    That there are more than a page can lead through (``CEILING``) is said again for a while without counting.
    """
    told, asked = dict.fromkeys(rows, 0), {}
    for name, some in rows.items():
        if (question := _question(some, most)) is None:
            continue
        if most == CEILING and _beyond(question):
            told[name] = most + 1
        else:
            asked[name] = question
    if asked:
        with connection.cursor() as cursor:
            began = time.monotonic()
            named = ", ".join(f'({sql}) AS "{name}"' for name, (sql, _) in asked.items())
            cursor.execute(f"SELECT {named}", [given for _, params in asked.values() for given in params])
            told |= dict(zip(asked, cursor.fetchone() or (), strict=True))
        if most == CEILING:
            _remember([asked[name] for name in asked if told[name] > most], time.monotonic() - began)
    return told


def _question(rows: models.QuerySet[Any], most: int) -> Question | None:
    """SQL for the number of rows, and what is filled into it; None where there can be none."""
    query = rows.order_by().values("pk").query
    if _plain(rows):
        query = rows.order_by().values_list(models.Value(1)).query  # whatever index the database likes is enough
    parts: list[str] = []
    given: list[Any] = []
    for part in query.in_parts() if isinstance(query, GuardedQuery) else [query]:
        part.set_limits(high=most + 1)
        try:
            sql, params = part.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(sql)
        given += params
    if not parts:
        return None
    found = parts[0] if len(parts) == 1 else f"({') UNION ALL ('.join(parts)}) LIMIT {most + 1}"
    return f"SELECT count(*) FROM ({found}) AS found", given  # noqa: S608 - querysets' SQL


def _beyond(question: Question) -> bool:
    """Whether this was found to be beyond the ceiling a short while ago."""
    until = _remembered.get(_key(question))
    return until is not None and time.monotonic() < until


def _remember(questions: Iterable[Question], took: float) -> None:
    """That these are beyond the ceiling, for as long as finding it out again would cost more than a trifle."""
    if len(_remembered) > REMEMBERED:
        _remembered.clear()
    until = time.monotonic() + min(took * WORTH, LONGEST)
    _remembered.update((_key(question), until) for question in questions)


def _key(question: Question) -> tuple[str, str]:
    """The question as it is asked again: what has to do with the present moment moves on with it."""
    sql, given = question
    return sql, repr([int(one.timestamp() // LONGEST) if isinstance(one, dt.datetime) else one for one in given])


def forget_counts() -> None:
    """Count anew: in tests, and after a change of very many rows."""
    _remembered.clear()
