"""The same record twice within one file: refused, or flagged where two may really be two. Nothing is merged.

Two rows with one code are one legal person. Two rows whose names differ only in spelling are taken for one unless both
carry a code and the codes differ: then they are different legal persons, accepted with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anlan.kernel.intake.names import address_key, name_key
from anlan.kernel.intake.problems import Msg, Problem, row_problem
from anlan.kernel.intake.schema import RowSchema
from anlan.kernel.intake.text import shown

_BETWEEN = "\x1f"  # no cleaned text holds it
Answer = Literal["refuse", "warn", "off"]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What counts as the same record, and what to do then.

    ``code``, ``name``, ``address``: field names ("" or a field the schema lacks: not compared). ``same_code``: one code
    may stand for several sites; a ledger of sites says "off". ``alike``: names that differ only in spelling.
    ``same_address``: names alike count only when the addresses are alike too (or one is blank). ``same``: fields that
    together may not repeat, such as unit, day and description of a hazard. ``places``: see ``names.name_key``.
    """

    code: str = "uscc"
    name: str = "name"
    address: str = "address"
    same_code: Answer = "refuse"
    alike: Answer = "refuse"
    same_address: bool = False
    same: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def checker(self, schema: RowSchema) -> DuplicateChecker:
        """A checker for one reading of one file."""
        return DuplicateChecker(self, schema)


class DuplicateChecker:
    """Remembers the rows of one file; refused rows count too, since their correction will come back."""

    def __init__(self, rules: Duplicates, schema: RowSchema) -> None:
        self._rules, self._schema = rules, schema
        self._code = rules.code if rules.code in schema.fields else ""
        self._name = rules.name if rules.name in schema.fields and rules.alike != "off" else ""
        self._address = rules.address if rules.address in schema.fields else ""
        self._same = tuple(name for name in rules.same if name in schema.fields)
        self._codes: dict[str, int] = {}
        # By the hash of the name's key; each row as one text, for a ledger of a city holds a million of them.
        self._names: dict[int, bytes | list[bytes]] = {}
        self._rows: dict[tuple[Any, ...], int] = {}

    def see(self, row: int, values: Mapping[str, Any]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """Problems and warnings of a row, given the values that were right; then remember it."""
        problems: list[Problem] = []
        warnings: list[Problem] = []
        code = values.get(self._code) or "" if self._code else ""
        same_code = False
        if code and self._rules.same_code != "off":
            first = self._codes.setdefault(code, row)
            if first != row:
                same_code = True
                problem = row_problem("same_code", self._code, field=self._label(self._code), value=code, number=first)
                (problems if self._rules.same_code == "refuse" else warnings).append(problem)
        name = values.get(self._name) if self._name else None
        if name:
            self._see_name(row, name, code, values, same_code, problems, warnings)
        if self._same and all(values.get(field) is not None for field in self._same):
            first = self._rows.setdefault(tuple(values[field] for field in self._same), row)
            if first != row:
                labels = tuple(self._label(field) for field in self._same)
                problems.append(row_problem("same_row", number=first, fields=labels))
        return tuple(problems), tuple(warnings)

    def _see_name(
        self,
        row: int,
        name: str,
        code: str,
        values: Mapping[str, Any],
        same_code: bool,
        problems: list[Problem],
        warnings: list[Problem],
    ) -> None:
        key = name_key(name, self._rules.places)
        # Only whether two addresses are the same is ever asked, so a number stands for each (0: none).
        compared = self._rules.same_address and self._address and values.get(self._address)
        address = str(hash(address_key(values[self._address])) if compared else 0)
        place = hash(key.core)
        earlier = self._names.get(place)
        if earlier is not None and not same_code:  # told once
            for packed in earlier if isinstance(earlier, list) else (earlier,):
                other_row, other_name, other_code, other_address = packed.decode().split(_BETWEEN)
                other = name_key(other_name, self._rules.places)
                if key.core != other.core or not key.same_place(other):
                    continue
                if code and other_code and code == other_code:
                    continue
                if self._rules.same_address and "0" not in (address, other_address) and address != other_address:
                    continue
                told = {"value": shown(name), "number": int(other_row), "other": shown(other_name)}
                if code and other_code:
                    warnings.append(row_problem("alike", self._name, **told))
                else:
                    label = self._label(self._code) if self._code else "…"
                    problem = row_problem("looks_like", self._name, **told, code=label)
                    (problems if self._rules.alike == "refuse" else warnings).append(problem)
                break
        own = _BETWEEN.join((str(row), name, code, address)).encode()
        if earlier is None:
            self._names[place] = own
        elif isinstance(earlier, list):
            earlier.append(own)
        else:
            self._names[place] = [earlier, own]

    def _label(self, field: str) -> Msg:
        return Msg(self._schema.fields[field].label)
