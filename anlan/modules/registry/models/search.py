"""Chinese search: the character pairs of a text under a GIN index, so that two characters already narrow it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func
from django.db.models.functions import Lower

from anlan.kernel.searching import FUNCTION, INDEXES, Pairs

# A loop, not an aggregate: four times as fast, and every row written and every index made waits for it. A pair that
# comes twice stands twice; the index keeps it once.
GRAMS_SQL = """
CREATE OR REPLACE FUNCTION registry_grams(content text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    character text;
    before text;
    pairs text[] := '{}';
BEGIN
    FOREACH character IN ARRAY string_to_array(content, NULL) LOOP
        IF before IS NOT NULL THEN
            pairs := pairs || (before || character);
        END IF;
        before := character;
    END LOOP;
    RETURN pairs;
END
$$
"""


class SearchField(models.TextField):
    """The words by which a record is found, folded (half-width, lower case); ``__has`` finds a part of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class NameField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """A short name that is searched as it is written; ``__has`` finds a part of it in any case."""


@SearchField.register_lookup
class Has(Pairs):
    """The text contains these characters."""


@NameField.register_lookup
class NameHas(Pairs):
    """The name contains these characters."""

    def compared(self, column: str) -> str:
        """SQL for the name in lower case."""
        return f"LOWER({column})"


def grams_index(name: str, table: str) -> GinIndex:
    """The index behind ``search_text__has``."""
    INDEXES[table, "search_text"] = name
    return GinIndex(Func("search_text", function=FUNCTION, output_field=ArrayField(models.TextField())), name=name)


def name_index(name: str, table: str) -> GinIndex:
    """The index behind ``name__has``."""
    INDEXES[table, "name"] = name
    return GinIndex(Func(Lower("name"), function=FUNCTION, output_field=ArrayField(models.TextField())), name=name)
