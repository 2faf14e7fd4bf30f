"""Take in a ledger: `anlan intake enterprises FILE [--region 441481] [--dry-run] [--json]`.

Rows that are right are taken in, all of them or none; rows that are not are named with column and reason. The exit
code is 0 when the ledger was read, 2 when the file could not be read as one.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

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
    with translation.override(arguments.language):
        try:
            reading, checked = _read(arguments, kind)
        except FileRefused as why:
            return _file_refused(arguments, why)
        if not arguments.dry_run and reading.admitted:
            _take_in(arguments, kind, reading)
        if arguments.report is not None:
            arguments.report.write_bytes(reading.report())
        if arguments.json:
            _print(as_told(reading, kind))
        else:
            _tell(arguments, reading, checked)
    return 0


def as_told(reading: Any, kind: Any) -> dict[str, list[dict[str, Any]]]:
    """``accepted``, ``rejected`` and ``skipped`` with the sheet's own row numbers; no personal values.

    An accepted row with something to be said about it has ``notes``.
    """
    from django.utils.translation import gettext

    from anlan.kernel.intake.ledger import plain
    from anlan.kernel.intake.reading import each_line

    shown = [name for name, field in kind.schema.fields.items() if not field.personal]
    return {
        "accepted": [
            {"row": row.row, **{name: plain(row.values.get(name)) for name in shown}}
            | ({"notes": [note.render(gettext) for note in notes]} if (notes := reading.notes_of(row)) else {})
            for row in reading.admitted
        ],
        "rejected": [
            {"row": refused.row, "column": reading.place_of(located), "reason": located.reason(gettext)}
            for refused, located in each_line(reading)
        ],
        "skipped": [
            {"row": number, "reason": skipped.reason(gettext)}
            for skipped in reading.skipped
            for number in range(skipped.row, skipped.last_row + 1)
        ],
    }


def _read(arguments: argparse.Namespace, kind: Any) -> tuple[Any, bool]:
    """The reading, and whether places were checked: not when a dry run names a region that is not set up here."""
    from anlan.kernel.actor import Actor
    from anlan.kernel.errors import BadInput
    from anlan.kernel.intake.reading import read
    from anlan.kernel.regions.selectors import by_code_or_name

    actor, base, checked = Actor.system("command line"), None, True
    if arguments.region:
        try:
            base = by_code_or_name(arguments.region)
        except BadInput as why:
            if not arguments.dry_run:
                raise Trouble(f"{why} Set it up first (`anlan load seeds`, or in the list of regions).") from why
            checked = False
            warn(f"  Region {arguments.region} is not set up here: places, and what is on file, were not checked.")
    admission = None if checked else _Unchecked()
    reading = read(
        actor, kind, arguments.file, base=base, mode=arguments.mode, admission=admission, sheet=arguments.sheet
    )
    return reading, checked


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
        _print({"accepted": [], "rejected": [{"row": 0, "column": "", "reason": reason}], "skipped": []})
    else:
        warn(f"  {reason}")
    return 2


def _print(data: Any) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode() + "\n")


def _tell(arguments: argparse.Namespace, reading: Any, checked: bool) -> None:
    from django.utils.translation import gettext

    from anlan.kernel.intake.reading import each_line

    for refused, located in each_line(reading):
        place = reading.place_of(located)
        say(f"  {refused.row:>6}  {place + ': ' if place else ''}{located.reason(gettext)}")
    noted = gettext("accepted, with a note")
    for row in reading.admitted:
        for note in reading.notes_of(row):
            say(f"  {row.row:>6}  {noted}: {note.render(gettext)}")
    stored = gettext("nothing stored (dry run)") if arguments.dry_run else gettext("stored")
    say(
        gettext("%(accepted)s rows accepted (%(stored)s), %(rejected)s refused, %(skipped)s passed over")
        % {
            "accepted": len(reading.admitted),
            "stored": stored,
            "rejected": len(reading.refused),
            "skipped": sum(s.last_row - s.row + 1 for s in reading.skipped),
        }
    )
