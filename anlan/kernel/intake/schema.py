"""Row schemas: what a noun's fields are, compiled once, used by form, API and bulk intake alike. No Django here.

ENTERPRISE = RowSchema("enterprises", _("Enterprises"), (
    Field("uscc", _("Unified social credit code"), Kind.CODE, aliases_zh=("统一社会信用代码", "信用代码"),
          min_length=18, max_length=18, normalise=uscc.normalise, check=uscc.problems, example="91441481MA00000027"),
    Field("name", _("Enterprise name"), Kind.NAME, aliases_zh=("企业名称", "单位名称"), required=True, max_length=200),
    Field("headcount", _("Headcount"), Kind.WHOLE, aliases_zh=("从业人数",), unit="人", min=0, max=1_000_000),
))
parsed = ENTERPRISE.parse({"name": " 兴宁市（某）厂", "headcount": "５０人"})
parsed.values      # {"uscc": None, "name": …, "headcount": 50}, or None when anything is wrong
parsed.problems    # tuple[Problem, …], in the order of the fields
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from anlan.kernel.errors import BadInputs
from anlan.kernel.intake.kinds import Kind, choice_key, converter
from anlan.kernel.intake.problems import SENTENCES, Msg, Problem, Unfit, row_problem
from anlan.kernel.intake.text import shown

Bound = int | float | Decimal | dt.date | Callable[[], Any] | None
Check = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the code stored, its English label (a msgid), and the other ways people write it."""

    code: str
    label: str
    aliases_zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field of a row.

    ``label`` is an English msgid; ``aliases_zh`` are the headings under which ledgers carry it, the usual one first.
    ``min``/``max`` bound numbers and days and may be functions (``max=clock.today``). ``unit`` is what numbers are
    stored in: ``50人`` is accepted only where the unit is declared, and ledgers in another unit of the same family
    (万元 for 元) are converted exactly. ``pattern``, ``normalise`` and ``check`` are for codes; ``check(value)``
    answers nothing when the value is right, else a sentence (or several, the first is shown), or False.
    ``blanks`` are further words that mean "no value". ``set_aside(text)`` says of a text without meaning here that
    it is an office's own words: in a ledger such a cell is left empty with a remark, where a form refuses it.
    ``personal`` values are never repeated in a sentence. ``repeats``: the same few texts fill the column of a long
    ledger, so that each is read once.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    aliases_zh: tuple[str, ...] = ()
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    choices: tuple[Choice, ...] = ()
    min: Bound = None
    max: Bound = None
    places: int | None = None
    unit: str = ""
    pattern: str = ""
    normalise: Callable[[str], str] | None = None
    check: Callable[[Any], Any] | None = None
    blanks: tuple[str, ...] = ()
    set_aside: Callable[[str], bool] | None = None
    default: Any = None
    personal: bool = False
    repeats: bool = False
    example: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        if (self.kind in (Kind.CHOICE, Kind.CHOICES)) != bool(self.choices):
            raise ValueError(f"{self.name}: choices belong to CHOICE and CHOICES, and these need them")
        if self.choices:
            _ = self.choice_table

    @cached_property
    def choice_table(self) -> dict[str, str]:
        """Every spelling of a choice, compared loosely, to its code; ``ValueError`` when one means two choices."""
        table: dict[str, str] = {}
        for choice in self.choices:
            for spelling in (choice.code, choice.label, *choice.aliases_zh):
                if table.setdefault(choice_key(spelling), choice.code) != choice.code:
                    raise ValueError(
                        f"{self.name}: “{spelling}” means both {table[choice_key(spelling)]} and {choice.code}"
                    )
        return table

    def remark(self, raw: Any) -> Problem | None:
        """The remark under which a ledger's misfit cell is left empty; None when the row must be refused."""
        if self.required or self.set_aside is None or not isinstance(raw, str) or not self.set_aside(raw.strip()):
            return None
        return self.problem(Unfit("set_aside"), raw)

    def problem(self, why: Unfit, raw: Any) -> Problem:
        """The problem of one refused value; a personal value is left out of the sentence."""
        params: dict[str, Any] = {"field": Msg(self.label), **why.params}
        msgid = why.msgid or SENTENCES[why.code]
        if "%(value)s" in msgid:
            params["value"] = "…" if self.personal else shown(raw)
        if "%(example)s" in msgid:
            params["example"] = self.example or _EXAMPLES.get(self.kind, "…")
        return Problem(self.name, why.code, msgid, params)


_EXAMPLES = {Kind.WHOLE: "50", Kind.DECIMAL: "12.5", Kind.CODE: "A001"}


class Parsed(NamedTuple):
    """The outcome for one row: all values or None, the problems, the values of those fields that were right, and
    remarks on cells of a ledger that were left empty."""

    values: dict[str, Any] | None
    problems: tuple[Problem, ...]
    partial: dict[str, Any]
    remarks: tuple[Problem, ...] = ()

    def required(self) -> dict[str, Any]:
        """The values; raises ``BadInputs`` naming each field and the remedy when there are problems."""
        if self.values is None:
            raise BadInputs([problem.as_error() for problem in self.problems])
        return self.values


class Asked(NamedTuple):
    """A check between fields (:meth:`RowSchema.check`)."""

    function: Check
    needs: frozenset[str] | None
    when: frozenset[str] | None


class RowSchema:
    """The compiled fields of one noun, and the checks between them.

    ``code`` and ``label`` name it. Fields keep their order. Immutable but for :meth:`check`, which is called while
    the module is loaded.
    """

    def __init__(self, code: str, label: str, fields: Iterable[Field]) -> None:
        self.code, self.label = code, label
        self.fields: dict[str, Field] = {}
        for field in fields:
            if field.name in self.fields:
                raise ValueError(f"{code}: {field.name} is declared twice")
            self.fields[field.name] = field
        self.checks: list[Asked] = []
        self._plan = tuple((field.name, converter(field, epoch1904=False, unit=None)) for field in self.fields.values())

    def check(self, function: Check, *, needs: Iterable[str] | None = None, when: Iterable[str] | None = None) -> Check:
        """Add a check between fields; also a decorator.

        ``function(values)`` answers None or one :class:`Problem` or several (:meth:`problem` makes them). It runs when
        every field was right, or, with ``needs``, when those fields were and each has a value. ``when``: it finds
        nothing unless one of these has a value; a ledger without their columns is not asked row by row.
        """
        self.checks.append(
            Asked(
                function,
                frozenset(needs) if needs is not None else None,
                frozenset(when) if when is not None else None,
            )
        )
        return function

    def problem(self, column: str, code: str, msgid: str, **params: Any) -> Problem:
        """A problem found by a check; ``%(field)s`` in the sentence is the label of ``column``."""
        label = {"field": Msg(self.fields[column].label)} if column else {}
        return Problem(column, code, msgid, {**label, **params})

    def parse(self, mapping: Mapping[str, Any], *, strict: bool = False, partial: bool = False) -> Parsed:
        """One row from a mapping of field names to raw values.

        ``strict`` refuses names that are not fields (API); ``partial`` reads only the fields present (a change of some
        fields): an absent field is then neither missing nor defaulted.
        """
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        get = mapping.get
        for name, convert in self._plan:
            if partial and name not in mapping:
                continue
            try:
                values[name] = convert(get(name))
            except Unfit as why:
                problems.append(self.fields[name].problem(why, get(name)))
        if strict:
            strange = (name for name in mapping if name not in self.fields)
            problems.extend(row_problem("unknown_field", str(name), field=shown(name)) for name in strange)
        return self.finished(values, problems)

    def finished(self, values: dict[str, Any], problems: list[Problem], remarks: Iterable[Problem] = ()) -> Parsed:
        """The outcome for a row whose fields were read: the checks between fields are asked."""
        for asked in self.checks:
            if problems if asked.needs is None else not all(values.get(name) is not None for name in asked.needs):
                continue
            found = asked.function(values)
            if found is not None:
                problems.extend((found,) if isinstance(found, Problem) else found)
        if problems:
            return Parsed(None, tuple(problems), values, tuple(remarks))
        return Parsed(values, (), values, tuple(remarks))
