"""The refused rows as a workbook: each with its reasons beside it, ready to be corrected and uploaded again."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

import xlsxwriter

from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.header import heading_of
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.ledger import Ledger, Rejected
from anlan.kernel.intake.problems import Translate
from anlan.kernel.intake.template import AS_TEXT, OPTIONS, sheet_name
from anlan.kernel.intake.text import shown

_ = gettext_noop
ROW_HEADING, REASON_HEADING, SHEET = _("Original row"), _("Reason for return"), _("Returned rows")
_LONGEST = 32_767  # characters a cell holds
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.]*\Z", re.ASCII)


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also after it was saved as CSV.

    Texts that begin with ``= + - @`` (the wide ones of Chinese keyboards too, which Excel takes alike when it opens a
    CSV), a tab or a line break get an apostrophe in front, plain numbers excepted. Our own reader takes it off again.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("＝1+1"), safe_cell("-5"), safe_cell("甲公司")
    ("'=HYPERLINK(1)", "'＝1+1", '-5', '甲公司')
    """
    if text.startswith(FORMULA_SIGNS) and not _PLAIN_NUMBER.match(text):
        return "'" + text
    return text


def write_error_report(
    ledger: Ledger, rejected: Iterable[Rejected], target: str | os.PathLike[str] | BinaryIO, translate: Translate
) -> int:
    """Write the refused rows as .xlsx and return their number.

    Columns are those of the ledger under the headings of the template; the row in the original sheet stands first, the
    reasons last (both are ignored when the report is uploaded). Refused cells are coloured.
    """
    book = xlsxwriter.Workbook(target, OPTIONS)
    sheet = book.add_worksheet(sheet_name(translate(SHEET)))
    head = book.add_format({"bold": True, "bg_color": "#D9E7F5", "border": 1, "text_wrap": True})
    formats = {
        (kind, bad): book.add_format({**look, **({"bg_color": "#F8CBAD"} if bad else {})})
        for kind, look in {"text": {"num_format": "@"}, "day": {"num_format": "yyyy-mm-dd"}, "plain": {}}.items()
        for bad in (False, True)
    }
    reasons = book.add_format({"text_wrap": True, "font_color": "#9C0006", "valign": "top"})
    columns = sorted([*ledger.columns.values(), *ledger.header.unknown], key=lambda column: column.index)
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, translate(ROW_HEADING), head)
    for place, column in enumerate(columns, 1):
        field = ledger.schema.fields.get(column.field)
        title = heading_of(field, translate, column.unit) if field else column.heading
        as_text = field is None or field.kind in AS_TEXT
        sheet.write_string(0, place, safe_cell(title), head)
        sheet.set_column(place, place, 18, formats["text" if as_text else "plain", False])
    last = len(columns) + 1
    sheet.write_string(0, last, translate(REASON_HEADING), head)
    sheet.set_column(last, last, 80)
    count = 0
    for count, row in enumerate(rejected, 1):
        sheet.write_number(count, 0, row.row)
        wrong = {problem.column.index for problem in row.problems if problem.column}
        for place, column in enumerate(columns, 1):
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            field = ledger.schema.fields.get(column.field)
            _write(sheet, count, place, cell, field.kind if field else Kind.TEXT, formats, column.index in wrong)
        told = dict.fromkeys(_told(problem, translate) for problem in row.problems)
        sheet.write_string(count, last, safe_cell("\n".join(told))[:_LONGEST], reasons)
    book.close()
    return count


def _told(problem: Any, translate: Translate) -> str:
    reason = problem.reason(translate)
    return f"{problem.place}: {reason}" if problem.place else reason


def _write(
    sheet: Any, row: int, place: int, cell: Any, kind: Kind, formats: dict[tuple[str, bool], Any], bad: bool
) -> None:
    if cell is None or cell == "" or cell == ErrorCell(""):
        if bad:
            sheet.write_blank(row, place, None, formats["text" if kind in AS_TEXT else "plain", True])
    elif isinstance(cell, dt.datetime | dt.date) and kind is Kind.DAY:
        sheet.write_datetime(row, place, cell, formats["day", bad])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, formats["plain", bad])
    elif isinstance(cell, (int, float)) and kind not in AS_TEXT and abs(cell) < 1e15:
        sheet.write_number(row, place, cell, formats["plain", bad])
    else:
        text = re.sub(r"\r\n?", "\n", cell) if isinstance(cell, str) else _text(cell)
        sheet.write_string(row, place, safe_cell(text)[:_LONGEST], formats["text", bad])


def _text(cell: Any) -> str:
    if isinstance(cell, (ErrorCell, MonthCell, PercentCell)):
        return str(cell)
    return shown(cell, _LONGEST)
