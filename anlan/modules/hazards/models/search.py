"""Search by the character pairs that a hazard keeps of its text."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func

from anlan.kernel.searching import DEEPEST, LEVEL, Pairs
from anlan.rules.overlap import bigrams

FUNCTION, INDEX = "hazards_placed", "hazard_placed_words"
PLACED = '%(function)s(%(expressions)s COLLATE "C")'  # the path's collation, since the two columns' are not the same
# Pairs, a word for each region the row lies in (``place_words``), one for its month (``month_word``).
PLACED_SQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(words varchar[], on_day date, path varchar) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN words::text[] || ARRAY[{", ".join(f"'@' || left(path, {end})" for end in range(LEVEL, DEEPEST + 1, LEVEL))},
        '#' || (extract(year FROM on_day) * 12 + extract(month FROM on_day))::int];
END
$$
"""


class PairsField(ArrayField):  # type: ignore[type-arg]  # generic in the stubs only
    """The character pairs of ``search_text``; ``__find`` finds the rows whose text contains a word."""


@PairsField.register_lookup
class Find(Pairs):
    """By the pairs of this column, then in ``search_text`` of the same row."""

    lookup_name = "find"
    placed, dated = True, "found_on"

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
        of = column.rpartition(".")[0]
        return f'{FUNCTION}({column}, {of}."found_on", {of}."region_path" COLLATE "C") @> %s::text[]'

    def kept(self) -> tuple[str, str]:
        """The index, which knows of places and months too."""
        field: Any = self.lhs.target
        return field.model._meta.db_table, INDEX


def placed_index() -> GinIndex:
    """The index behind ``words__find``."""
    kept = ArrayField(models.TextField())
    columns = ("words", "found_on", "region_path")
    return GinIndex(Func(*columns, function=FUNCTION, template=PLACED, output_field=kept), name=INDEX)
