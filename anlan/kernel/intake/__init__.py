"""Bulk intake, the reading half: from a ledger as offices keep it to rows of checked values. No Django in here.

Declare a noun once; form, API and intake read through the same schema::

    SCHEMA = RowSchema("enterprises", _("Enterprises"), (Field(...), ...))
    SCHEMA.parse(mapping)             -> Parsed(values | None, problems)      form and API
    SCHEMA.parse(mapping).required()  -> values, or raises errors.BadInputs

Read a file (.xlsx, .xls, .ods, .csv; path, bytes or open file)::

    ledger = read_ledger(upload, SCHEMA, translate=gettext, duplicates=Duplicates(), progress=report)
    ledger.columns, ledger.header, ledger.warnings                            what was recognised
    for outcome in ledger: Accepted(row, values, warnings) | Rejected(row, problems, cells) | Skipped(row, last_row, …)
    as_json(ledger, SCHEMA, gettext)  -> {"accepted": […], "rejected": […], "skipped": […]}

A file that cannot be read as such a ledger raises ``FileRefused`` (an ``errors.BadInput``) with reason and remedy.
Write files::

    write_template(SCHEMA, target, gettext)                                   empty form with guide, choices, notes
    write_error_report(ledger, rejected, target, gettext)                     the refused rows with reasons, to correct

Sentences are English msgids with parameters: ``problem.render(gettext)``; ``problem.text`` is English. Nothing is
guessed: what is not certain is refused by row and column, and what is passed over is named with its reason.
"""

from __future__ import annotations

from anlan.kernel.intake.container import Limits
from anlan.kernel.intake.duplicates import Duplicates
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.ledger import Accepted, Ledger, Located, Outcome, Rejected, Skipped, as_json, read_ledger
from anlan.kernel.intake.problems import FileRefused, Msg, Problem, Unfit
from anlan.kernel.intake.report import safe_cell, write_error_report
from anlan.kernel.intake.schema import Choice, Field, Parsed, RowSchema
from anlan.kernel.intake.template import write_template

__all__ = [
    "Accepted", "Choice", "Duplicates", "Field", "FileRefused", "Kind", "Ledger", "Limits", "Located", "Msg", "Outcome",
    "Parsed", "Problem", "Rejected", "RowSchema", "Skipped", "Unfit", "as_json", "read_ledger",
    "safe_cell", "write_error_report", "write_template",
]  # fmt: skip
