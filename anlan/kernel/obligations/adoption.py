"""A region adopts the duties of a planning document that does not bind it: a draft, or one of another place or time.

It is a local rule like any other (1 adopted, 0 not), set with the decision it rests on; the nearest region upward wins.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.kernel.codes.services import declare, rows_of_parameters
from anlan.kernel.errors import gettext_noop
from anlan.kernel.scope import system_read

PREFIX = "obligations.adopt_"
LABELS = {
    "YJ": gettext_noop("Adopt the duties of Yangjiang's plan of 2016 to 2020"),
    "DG": gettext_noop("Adopt the duties of Dongguan's plan of 2016 to 2020"),
    "XN": gettext_noop("Adopt the duties of Xingning's reform draft of 2018"),
    "YX": gettext_noop("Adopt the duties of Yuxi's plan of 2011 to 2015"),
    "NH": gettext_noop("Adopt the duties of Nanhai's draft plan of 2021 to 2025"),
}
for _code, _label in LABELS.items():
    declare(PREFIX + _code.lower(), _label, 0, least=0, most=1, unit=gettext_noop("(0 no, 1 yes)"))


@dataclass(frozen=True, slots=True)
class Adoption:
    """A document adopted: by which region (its path), from which day, by which decision."""

    document: str
    path: str
    since: dt.date
    basis: str


@system_read("local rules are public")
def adopted_at(path: str, on: dt.date) -> dict[str, Adoption]:
    """The documents in force at a region by adoption, by their code."""
    rows = rows_of_parameters([PREFIX + code.lower() for code in LABELS], path, on)
    found: dict[str, Adoption] = {}
    for code in LABELS:
        deciding = rows[PREFIX + code.lower()][:1]
        if deciding and deciding[0].value:
            found[code] = Adoption(code, deciding[0].region_path, deciding[0].valid_from, deciding[0].basis)
    return found
