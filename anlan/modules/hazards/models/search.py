"""Search by the character pairs that a hazard keeps of its text."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func

from anlan.kernel.searching import DEEPEST, LEVEL, Pairs
from anlan.rules.overlap import bigrams

FUNCTION = "hazards_placed"
PLACED = '%(function)s(%(expressions)s COLLATE "C")'  # the path's collation, since the two columns' are not the same
# Pairs, and a word for each region the row lies in (``place_words``).
PLACED_SQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(words varchar[], path varchar) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN words::text[] || ARRAY[{", ".join(f"'@' || left(path, {end})" for end in range(LEVEL, DEEPEST + 1, LEVEL))}];
END
$$
"""


class PairsField(ArrayField):  # type: ignore[type-arg]  # generic in the stubs only
    """The character pairs of ``search_text``; ``__find`` finds the rows whose text contains a word."""


@PairsField.register_lookup
class Find(Pairs):
    """By the pairs of this column, then in ``search_text`` of the same row."""

    lookup_name = "find"
    placed = True

    def get_prep_lookup(self) -> str:
        """A word and no array."""
        return str(self.rhs)

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The word as it is."""
        return "%s", [self.rhs]

    def wanted(self) -> set[str]:
        """Pairs of letters, digits and characters: what stands between them is in no pair."""
        return set(bigrams(self.rhs))

    def compared(self, column: str) -> str:
        """The text beside the pairs."""
        return f'{column.rpartition(".")[0]}."search_text"'

    def held(self, column: str) -> str:
        """The pairs and the places, as the index has them."""
        return f'{FUNCTION}({column}, {column.rpartition(".")[0]}."region_path" COLLATE "C") @> %s::text[]'

    def kept(self) -> tuple[str, str]:
        """The column itself."""
        field: Any = self.lhs.target
        return field.model._meta.db_table, field.column


def placed_index(name: str) -> GinIndex:
    """The index behind ``words__find``."""
    kept = ArrayField(models.TextField())
    return GinIndex(Func("words", "region_path", function=FUNCTION, template=PLACED, output_field=kept), name=name)
