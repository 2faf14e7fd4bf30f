"""Search by the character pairs that a hazard keeps of its text."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField

from anlan.kernel.searching import Pairs
from anlan.rules.overlap import bigrams


class PairsField(ArrayField):  # type: ignore[type-arg]  # generic in the stubs only
    """The character pairs of ``search_text``; ``__find`` finds the rows whose text contains a word."""


@PairsField.register_lookup
class Find(Pairs):
    """By the pairs of this column, then in ``search_text`` of the same row."""

    lookup_name = "find"

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
        """The column itself."""
        return f"{column} @> %s::varchar[]"

    def kept(self) -> tuple[str, str]:
        """The column itself."""
        field: Any = self.lhs.target
        return field.model._meta.db_table, field.column
