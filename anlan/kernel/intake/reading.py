"""Reading a ledger for a noun: the reader's verdict on each row, then the noun's own."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from anlan.kernel.actor import Actor
from anlan.kernel.intake.header import Column, heading_of
from anlan.kernel.intake.ledger import Accepted, Ledger, Located, Rejected, Skipped, read_ledger, stated
from anlan.kernel.intake.problems import FileRefused, Problem
from anlan.kernel.intake.report import write_error_report
from anlan.kernel.intake.services import MOST_ROWS, Declined, Noun
from anlan.kernel.regions.models import Region

CHUNK = 2_000
SHOWN_ROWS = 200
SHOWN_PROBLEMS = 2_000
Report = Callable[[str, int, int | None], None]
"""Called with the phase, the rows done and their total (None: not known)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused row with its problems, each with the column of the sheet it is in."""

    row: int
    problems: tuple[Located, ...]
    on_file: tuple[str, int] | None = None
    cells: tuple[Any, ...] = field(default=(), repr=False)


class Fit(NamedTuple):
    """A row that may be taken in, as the noun's admission has it, and what the reader had to say of it."""

    admitted: Any
    said: tuple[Problem, ...] = ()

    @property
    def row(self) -> int:
        """Its row in the sheet."""
        row: int = self.admitted.row
        return row

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is to be said of it: cells left empty, likely twins, points outside their town."""
        return (*self.admitted.warnings, *self.said)


Verdict = Fit | Refused | Skipped
_row = attrgetter("row")


class Verdicts:
    """A ledger's rows with the verdict on each, in the order of the sheet, a few thousand in memory at a time.

    Raises ``FileRefused`` here or while it is iterated. For the arguments see ``read``.
    """

    def __init__(
        self, actor: Actor, noun: Noun, source: Any, *, base: Region | None, mode: str = "add",
        report: Report | None = None, admission: Any = None, sheet: str | None = None, apart: bool = False,
    ) -> None:  # fmt: skip
        told: Report = report or _quiet
        self.noun = noun
        self.personal = tuple(name for name, field in noun.schema.fields.items() if field.personal)
        self.unstated = dict.fromkeys(name for name in noun.schema.fields if name not in self.personal)
        self.ledger = read_ledger(
            source,
            noun.schema,
            translate=gettext,
            duplicates=noun.duplicates,
            progress=lambda done, share: told("read", done, round(done / share) if share else None),
            sheet=sheet,
            apart=apart,
        )
        self._admission = lambda: admission or noun.admission(actor, base=base, mode=mode)

    def __iter__(self) -> Iterator[Verdict]:
        asked = self._admission()
        waiting: list[tuple[int, dict[str, Any]]] = []
        said: dict[int, tuple[Problem, ...]] = {}
        others: list[Verdict] = []
        for outcome in self.ledger:
            if isinstance(outcome, Accepted):
                row, values, warnings = outcome
                waiting.append((row, stated(values) if None in values.values() else values))
                if warnings:
                    said[row] = warnings
            elif isinstance(outcome, Rejected):
                others.append(Refused(outcome.row, outcome.problems, cells=outcome.cells))
            else:
                others.append(outcome)
            if len(waiting) + len(others) >= CHUNK:
                yield from self._asked(asked, waiting, said, others)
                waiting, said, others = [], {}, []
        yield from self._asked(asked, waiting, said, others)

    def place_of(self, located: Located) -> str:
        """The column as the sheet shows it, or the heading it should have had; "" when the row is meant."""
        if located.column is not None:
            return located.place
        wanted = self.ledger.schema.fields.get(located.problem.column)
        return heading_of(wanted, gettext) if wanted else ""

    def _asked(self, admission: Any, rows: list[Any], said: dict[int, Any], others: list[Verdict]) -> list[Verdict]:
        found: list[Verdict] = []
        for verdict in admission.admit(rows):
            if isinstance(verdict, Declined):
                located = tuple(_located(self.ledger.columns, problem) for problem in verdict.problems)
                others.append(Refused(verdict.row, located, verdict.on_file))
            else:
                found.append(Fit(verdict, said.get(verdict.row, ()) if said else ()))
        return list(merge(found, sorted(others, key=_row), key=_row)) if others else found


@dataclass
class Reading:
    """What a ledger holds: rows that can be taken in, rows refused, rows passed over."""

    noun: Noun
    verdicts: Verdicts
    admitted: list[Any] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """The ledger read."""
        return self.verdicts.ledger

    def keep(self, verdict: Verdict) -> None:
        """Add the verdict on one row; ``FileRefused`` beyond as many as can be taken in at once."""
        match verdict:
            case Fit():
                self.admitted.append(verdict.admitted)
                if verdict.said:
                    self.notes[verdict.row] = verdict.said
            case Refused():
                self.refused.append(verdict)
            case Skipped():
                self.skipped.append(verdict)
        if len(self.admitted) + len(self.refused) > MOST_ROWS:
            raise FileRefused("file_rows", limit=MOST_ROWS)

    @property
    def plan(self) -> str:
        """A digest of what would be done with each row."""
        digest = hashlib.sha256()
        for row in self.admitted:
            digest.update(f"{row.row}:{row.signature}\n".encode())
        return digest.hexdigest()

    def place_of(self, located: Located) -> str:
        """The column as the sheet shows it, or the heading it should have had; "" when the row is meant."""
        return self.verdicts.place_of(located)

    def notes_of(self, row: Any) -> tuple[Problem, ...]:
        """What is to be said of an admitted row: cells left empty, likely twins, points outside their town."""
        return (*row.warnings, *self.notes.get(row.row, ()))

    def as_result(self) -> dict[str, Any]:
        """What is kept for the preview; sentences in every language of the platform, no personal values."""
        lines: list[dict[str, Any]] = []
        for refused in self.refused:
            for located in refused.problems:
                if len(lines) >= SHOWN_PROBLEMS:
                    break
                lines.append({
                    "row": refused.row, "place": self.place_of(located), "column": located.problem.column,
                    "code": located.problem.code, "told": in_languages(located.problem), "on_file": refused.on_file,
                })  # fmt: skip
        preview = []
        for row in self.admitted[:SHOWN_ROWS]:
            notes = [in_languages(note) for note in self.notes_of(row)]
            preview.append({"row": row.row, **self.noun.describe(row), "notes": notes})
        return {
            "sheet": self.ledger.sheet.name,
            "columns": [
                {"place": str(column), "field": name}
                for name, column in sorted(self.ledger.columns.items(), key=lambda pair: pair[1].index)
            ],
            "warnings": [in_languages(problem) for problem in self.ledger.warnings],
            "noted": sum(1 for r in self.admitted if r.warnings or r.row in self.notes),
            "preview": preview,
            "problems": lines,
            "skipped": [
                {"row": s.row, "last_row": s.last_row, "told": in_languages(s.problem)}
                for s in self.skipped[:SHOWN_ROWS]
            ],
        }

    def report(self) -> bytes:
        """The refused rows as a workbook to correct and upload again; b"" when there are none."""
        if not self.refused:
            return b""
        wanted = {refused.row for refused in self.refused if not refused.cells}
        cells = {number: tuple(row) for number, row in self.ledger.sheet.rows() if number in wanted} if wanted else {}
        rows = [Rejected(r.row, r.problems, r.cells or cells.get(r.row, ())) for r in self.refused]
        target = io.BytesIO()
        write_error_report(self.ledger, rows, target, gettext)
        return target.getvalue()


def read(
    actor: Actor,
    noun: Noun,
    source: Any,
    *,
    base: Region | None,
    mode: str = "add",
    report: Report | None = None,
    admission: Any = None,
    sheet: str | None = None,
    apart: bool = False,
) -> Reading:
    """Read a ledger and ask of each row whether it may be taken in.

    ``source``: a path, bytes or an open file. Raises ``FileRefused``. ``admission`` takes the place of the noun's own;
    ``sheet`` names the sheet where several hold such a table; ``apart`` reads it in a process of its own.
    """
    verdicts = Verdicts(
        actor, noun, source, base=base, mode=mode, report=report, admission=admission, sheet=sheet, apart=apart
    )
    reading = Reading(noun, verdicts)
    for verdict in verdicts:
        reading.keep(verdict)
    return reading


def in_languages(problem: Problem) -> dict[str, str]:
    """A sentence in each language of the platform."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = problem.render(gettext)
    return told


def told_in(told: dict[str, str]) -> str:
    """The sentence in the reader's language."""
    return told.get(translation.get_language() or "", "") or next(iter(told.values()), "")


def _located(columns: Any, problem: Problem) -> Located:
    column: Column | None = columns.get(problem.column)
    return Located(column, problem)


def _quiet(_phase: str, _done: int, _total: int | None) -> None:
    """Nobody watches."""
