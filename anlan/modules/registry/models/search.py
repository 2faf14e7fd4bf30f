"""Chinese search: the character pairs of a text under a GIN index, so that two characters already narrow it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Lookup

FUNCTION = "registry_grams"

GRAMS_SQL = """
CREATE FUNCTION registry_grams(content text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(content, place, 2)), '{}')
    FROM generate_series(1, length(content) - 1) AS place
$$
"""


class SearchField(models.TextField):
    """The words by which a record is found, in lower case; ``__has`` finds a part of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


@SearchField.register_lookup
class Has(Lookup):  # type: ignore[type-arg]
    """The text contains these characters: pairs by the index, then the exact sequence."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        """Compared in lower case."""
        return str(self.rhs).lower()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """One pair is an index probe each; a single character is compared directly."""
        column, before = self.process_lhs(compiler, connection)
        pattern = "%" + self.rhs.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        if len(self.rhs) < 2:
            return f"{column} LIKE %s", [*before, pattern]
        return (
            f"({FUNCTION}({column}) @> {FUNCTION}(%s) AND {column} LIKE %s)",
            [*before, self.rhs, *before, pattern],
        )


def grams_index(name: str) -> GinIndex:
    """The index behind ``search_text__has``."""
    pairs = Func("search_text", function=FUNCTION, output_field=ArrayField(models.TextField()))
    return GinIndex(pairs, name=name)
