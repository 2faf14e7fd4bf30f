"""What the journal says of the kept numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from anlan.kernel.journal.facts import Fact, gettext_noop


@dataclass(frozen=True, kw_only=True)
class NumbersCorrected(Fact):
    """The nightly comparison found kept numbers that differed from the records."""

    sentence: ClassVar[str] = gettext_noop(
        "Kept numbers differed from the records in %(differing)s places and were put right; first: %(first)s"
    )
    icon: ClassVar[str] = "scale"
    colour: ClassVar[str] = "red"
    differing: int
    first: str
