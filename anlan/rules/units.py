"""What the units of figures are called: those of the inputs, by the code that JSON and the API carry (``x-unit``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from anlan.rules.tables import rows
from anlan.rules.wording import Wording


@cache
def units() -> Mapping[str, Wording]:
    """Every unit by its code; a field that names another is refused when it is declared.

    >>> units()["persons"].zh
    '人'
    """
    return {row["code"]: Wording(row["en"], row["zh"]) for row in rows("answer_words") if row["kind"] == "unit"}
