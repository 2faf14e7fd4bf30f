"""How many: every number of rows that a page, a badge or the API shows stops at a ceiling; and the rows of a page.

Counting a million rows costs as much as reading them, and nobody leafs through 10,000: whoever needs the exact
number narrows the filters, or reads the cockpit, whose figures are kept. ``formats.count`` writes what is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Count, Window

from anlan.kernel.searching import reads_all

CEILING = 10_000


def counted(rows: models.QuerySet[Any], most: int = CEILING) -> int:
    """How many rows there are; ``most + 1`` stands for any number beyond ``most``."""
    return rows.order_by().values("pk")[: most + 1].count()


def swept(rows: models.QuerySet[Any], first: int, last: int) -> tuple[list[Any], int] | None:
    """The keys of a page and the number of all rows (``CEILING + 1`` for any beyond), in one reading.

    None where the page does not lead through all rows in any case, and for a page without rows.
    """
    if not _plain(rows) or not reads_all(rows.query, last):
        return None
    found = list(rows.values_list("pk", Window(Count("pk")))[first:last])
    return ([key for key, _ in found], min(found[0][1], CEILING + 1)) if found else None


def cut(rows: models.QuerySet[Any], first: int, last: int) -> models.QuerySet[Any]:
    """The rows of a page, in the order of the whole: their keys first, then what is drawn of these few.

    A page far from the beginning leads past a thousand rows; their keys stand in the index that has the order, what
    is joined to them for drawing does not.
    """
    if not _plain(rows):
        return rows[first:last]
    keys = rows.values("pk")
    if reads_all(rows.query, last):
        # Their number comes first in the order, the same for each: so PostgreSQL cannot walk along the rows in the hope
        # of meeting a few soon, which it is too fond of when a word is neither common nor rare.
        keys = keys.order_by(Window(Count("pk")), *rows.query.order_by)
    return rows.filter(pk__in=keys[first:last])


def _plain(rows: models.QuerySet[Any]) -> bool:
    query = rows.query
    return not (
        query.distinct or query.combinator or query.group_by is not None or query.is_sliced or query.values_select
    )


def counted_each(
    rows: Mapping[str, models.QuerySet[Any] | Sequence[models.QuerySet[Any]]], most: int = CEILING
) -> dict[str, int]:
    """The same for several sets of rows in one statement: name to number.

    A set may come in parts that share no row (``visible_parts``): they are counted one after the other, and no further
    than to the ceiling.
    """
    named: list[str] = []
    given: list[Any] = []
    told = dict.fromkeys(rows, 0)
    for name, some in rows.items():
        parts = []
        for part in [some] if isinstance(some, models.QuerySet) else some:
            try:
                sql, params = part.order_by().values_list(models.Value(1))[: most + 1].query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(sql)
            given += params
        if parts:
            found = parts[0] if len(parts) == 1 else f"({') UNION ALL ('.join(parts)}) LIMIT {most + 1}"
            named.append(f'(SELECT count(*) FROM ({found}) AS found) AS "{name}"')  # noqa: S608 - querysets' SQL
    if named:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(named)}", given)
            names = [column.name for column in cursor.description or ()]
            told |= dict(zip(names, cursor.fetchone() or (), strict=True))
    return told
