"""Take in a ledger: `anlan intake enterprises FILE [--region 441481] [--dry-run] [--json]`.

Rows that are right are taken in, all of them or none; rows that are not are named with column and reason. The exit
code is 0 when the ledger was read, 2 when the file could not be read as one.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anlan.runtime.connections import let_go
from anlan.runtime.screen import Trouble, say, warn


def add(parser: argparse.ArgumentParser) -> None:
    """What is to be taken in, and how."""
    parser.add_argument("noun", help="enterprises, hazards, …: what the rows are")
    parser.add_argument("file", type=Path, help="the ledger: .xlsx, .xls, .ods or .csv")
    parser.add_argument("--region", default="", help="where rows lie that name no other place: code or name")
    parser.add_argument("--sheet", default=None, help="the sheet to read when several hold such a table")
    parser.add_argument("--mode", default="add", help="add (default), or update: what is on file is updated")
    parser.add_argument("--dry-run", action="store_true", help="read and check only; nothing is stored")
    parser.add_argument("--json", action="store_true", help="print accepted, rejected and skipped rows as JSON")
    parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"], help="the language of the reasons")
    parser.add_argument("--report", type=Path, default=None, help="write the refused rows with their reasons as .xlsx")


def handle(arguments: argparse.Namespace) -> int:
    """Read, check, and unless it is a dry run take in."""
    from django.utils import translation

    from anlan.kernel.intake.problems import FileRefused
    from anlan.kernel.intake.services import NOUNS

    if arguments.noun not in NOUNS:
        raise Trouble(f"“{arguments.noun}” cannot be taken in; what can: {', '.join(sorted(NOUNS))}")
    kind = NOUNS[arguments.noun]
    if arguments.mode not in dict(kind.modes):
        raise Trouble(f"--mode is one of {', '.join(dict(kind.modes))}")
    if not arguments.file.is_file():
        raise Trouble(f"There is no file {arguments.file}")
    with translation.override(arguments.language), contextlib.ExitStack() as stack:
        answer = stack.enter_context(Json() if arguments.json else Text())
        try:
            _read(arguments, kind, answer)
        except FileRefused as why:
            return _file_refused(arguments, why)
        answer.end(stored=not arguments.dry_run)
    return 0


class Answer(contextlib.AbstractContextManager["Answer"]):
    """What the command says of each row, and at the end."""

    def __init__(self) -> None:
        self.counts = {"accepted": 0, "rejected": 0, "skipped": 0}

    def __exit__(self, *_: object) -> None:
        """Nothing is left behind."""

    def tell(self, verdict: Any, verdicts: Any) -> None:
        """Count it and say it."""
        part = part_of(verdict)
        self.counts[part] += verdict.last_row - verdict.row + 1 if part == "skipped" else 1
        self.say(part, lines_of(verdict, verdicts))

    def say(self, part: str, lines: list[dict[str, Any]]) -> None:
        """The lines of one row."""

    def end(self, *, stored: bool) -> None:
        """Everything was read."""


class Json(Answer):
    """One object; its parts are gathered in files, since a ledger may hold a million rows."""

    def __init__(self) -> None:
        super().__init__()
        self._files = contextlib.ExitStack()
        self._parts = {
            part: self._files.enter_context(tempfile.SpooledTemporaryFile(max_size=1 << 22))  # noqa: SIM115 - entered
            for part in self.counts
        }

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def say(self, part: str, lines: list[dict[str, Any]]) -> None:
        """As JSON, a line each."""
        import orjson

        for line in lines:
            self._parts[part].write(b"  %b,\n" % orjson.dumps(line, default=str))

    def end(self, *, stored: bool) -> None:
        """Print it."""
        target = sys.stdout.buffer
        sys.stdout.flush()
        between = b"{"
        for part, file in self._parts.items():
            target.write(between + b'\n "%b": [\n' % part.encode())
            if file.tell():
                file.seek(-2, os.SEEK_END)
                file.truncate()  # the last comma
                file.seek(0)
                shutil.copyfileobj(file, target)
            target.write(b"\n ]")
            between = b","
        target.write(b"\n}\n")
        target.flush()


class Text(Answer):
    """Sentences for a reader; nothing is said of a row that is accepted without a note."""

    def say(self, part: str, lines: list[dict[str, Any]]) -> None:
        """The refusals and the notes."""
        from django.utils.translation import gettext

        for line in lines:
            if part == "rejected":
                say(f"  {line['row']:>6}  {line['column'] + ': ' if line['column'] else ''}{line['reason']}")
            elif part == "accepted":
                for note in line.get("notes", ()):
                    say(f"  {line['row']:>6}  {gettext('accepted, with a note')}: {note}")

    def end(self, *, stored: bool) -> None:
        """How many."""
        from django.utils.translation import gettext

        told = gettext("stored") if stored else gettext("nothing stored (dry run)")
        say(
            gettext("%(accepted)s rows accepted (%(stored)s), %(rejected)s refused, %(skipped)s passed over")
            % {**self.counts, "stored": told}
        )


def part_of(verdict: Any) -> str:
    """Under which heading a verdict is told."""
    from anlan.kernel.intake.reading import Fit, Refused

    return "accepted" if isinstance(verdict, Fit) else "rejected" if isinstance(verdict, Refused) else "skipped"


def lines_of(verdict: Any, verdicts: Any) -> list[dict[str, Any]]:
    """What is told of a verdict, with the sheet's own row numbers; no personal values.

    An accepted row with something to be said about it has ``notes``; a refused row has a line for each problem.
    """
    from django.utils.translation import gettext

    part = part_of(verdict)
    if part == "accepted":
        line = {"row": verdict.row} | verdicts.unstated | verdict.admitted.values
        for name in verdicts.personal:
            line.pop(name, None)
        if notes := verdict.notes:
            line["notes"] = [note.render(gettext) for note in notes]
        return [line]
    if part == "rejected":
        return [
            {"row": verdict.row, "column": verdicts.place_of(located), "reason": located.reason(gettext)}
            for located in verdict.problems
        ]
    reason = verdict.reason(gettext)
    return [{"row": number, "reason": reason} for number in range(verdict.row, verdict.last_row + 1)]


def _read(arguments: argparse.Namespace, kind: Any, answer: Answer) -> None:
    """Tell the verdict on each row; take in and report where that was asked for.

    Places are not checked when a dry run names a region that is not set up here.
    """
    from django.db import connection

    from anlan.kernel.actor import Actor
    from anlan.kernel.errors import BadInput
    from anlan.kernel.intake.reading import Fit, Reading, Verdicts
    from anlan.kernel.regions.selectors import by_code_or_name

    actor, base, admission = Actor.system("command line"), None, None
    if arguments.region:
        try:
            base = by_code_or_name(arguments.region)
        except BadInput as why:
            if not arguments.dry_run:
                raise Trouble(f"{why} Set it up first (`anlan load seeds`, or in the list of regions).") from why
            admission = _Unchecked()
            warn(f"  Region {arguments.region} is not set up here: places, and what is on file, were not checked.")
    if not connection.in_atomic_block:
        let_go()  # the threads of a pool would keep the ledger from being read by a process of its own
    verdicts = Verdicts(
        actor, kind, arguments.file, base=base, mode=arguments.mode, admission=admission, sheet=arguments.sheet,
        apart=True,
    )  # fmt: skip
    reading = Reading(kind, verdicts)
    with _few_collections():
        for verdict in verdicts:
            answer.tell(verdict, verdicts)
            # Only what is needed afterwards: a dry run reads a ledger of any length.
            if not arguments.dry_run or (arguments.report is not None and not isinstance(verdict, Fit)):
                reading.keep(verdict)
    if not arguments.dry_run and reading.admitted:
        _take_in(arguments, kind, reading)
    if arguments.report is not None:
        arguments.report.write_bytes(reading.report())


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Rows are no circles: looking for circles among millions of them takes longer than checking them."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


class _Unchecked:
    """Admits every row that is right in itself; nothing is stored after it."""

    def admit(self, rows: Any) -> list[Any]:
        """Each row as it is."""
        return [_Row(row, values) for row, values in rows]


class _Row:
    warnings: tuple[Any, ...] = ()
    signature = ""

    def __init__(self, row: int, values: Any) -> None:
        self.row, self.values = row, values


def _take_in(arguments: argparse.Namespace, kind: Any, reading: Any) -> None:
    from django.db import transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.intake.services import keep_batch
    from anlan.kernel.regions.selectors import by_code_or_name

    actor = Actor.system("command line")
    content = arguments.file.read_bytes()
    with transaction.atomic():
        batch = keep_batch(
            actor=actor,
            noun=kind.code,
            file_name=arguments.file.name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            region=by_code_or_name(arguments.region) if arguments.region else None,
            mode=arguments.mode,
        )
        kind.take_in(actor=actor, batch=batch, admitted=reading.admitted, refused=len(reading.refused))


def _file_refused(arguments: argparse.Namespace, why: Any) -> int:
    from django.utils.translation import gettext

    reason = why.render(gettext)
    if arguments.json:
        with Json() as answer:
            answer.say("rejected", [{"row": 0, "column": "", "reason": reason}])
            answer.end(stored=False)
    else:
        warn(f"  {reason}")
    return 2
