"""Ledgers as XLSX: a table's columns, row by row in constant memory, text that never becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext

from anlan.kernel import clock
from anlan.kernel.intake.report import FORMULA_SIGNS
from anlan.ui import formats, places
from anlan.ui.tables import RegionColumn, Table

CHUNK = 2_000
MOST_OF_A_SHEET = 1_000_000  # rows, head left out, that a sheet of a workbook holds
CELL = 32_767  # characters Excel allows in a cell
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


def neutral(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, also not after it was saved as CSV.

    >>> neutral("=1+1"), neutral("＝1+1"), neutral("-5℃"), neutral("安全")
    ("'=1+1", "'＝1+1", "'-5℃", '安全')
    """
    text = _CONTROL.sub("", text)[: CELL - 1]
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def ledger(table: Table, rows: Any, *, title: str, by: str, note: str = "") -> tuple[BinaryIO, int]:
    """The rows of a queryset as a workbook: the open file (at its beginning) and how many rows it holds.

    The first row names the list, who took it and when; the second the columns.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - handed on to the response, which closes it
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    formats_of: dict[type, Any] = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    }
    columns = table.ledger_columns()
    for at, bound in enumerate(columns):
        sheet.set_column(at, at, bound.column.width)
    said = gettext("%(title)s · exported by %(by)s on %(at)s") % {
        "title": title,
        "by": by,
        "at": formats.moment(clock.now()),
    }
    sheet.write_string(0, 0, neutral(f"{said} {note}".strip()), book.add_format({"bold": True}))
    for at, bound in enumerate(columns):
        sheet.write_string(1, at, neutral(force_str(bound.header)), head)
    sheet.freeze_panes(2, 0)
    count = 0
    for values in _values(columns, rows):
        for at, value in enumerate(values):
            _write(sheet, count + 2, at, value, formats_of)
        count += 1
    if count and columns:
        sheet.autofilter(1, 0, count + 1, len(columns) - 1)
    book.close()
    file.seek(0)
    return file, count


def delimited(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Rows that no list page shows as ``name.csv`` for a spreadsheet program, in the reader's language.

    Its first sign says that it is UTF-8, or such a program takes Chinese for another code. Whoever hands it out notes
    in the journal that it was taken (``ui.services.note_export``).
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(force_str(head)) for head in heads])
    for row in rows:
        writer.writerow([v if isinstance(v, int | float | Decimal) else neutral(force_str(v)) for v in row])
    answer = HttpResponse(f"\ufeff{text.getvalue()}", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _values(columns: list[Any], rows: Any) -> Iterator[list[Any]]:
    """The rows as lists of values; regions are named once per chunk, repeated codes are said once."""
    said: list[dict[Any, Any] | None] = [{} if bound.column.repeats else None for bound in columns]
    for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
        named = {
            at: places.names(
                {force_str(bound.accessor.resolve(r, quiet=True) or "") for r in chunk}, bound.column.levels
            )
            for at, bound in enumerate(columns)
            if isinstance(bound.column, RegionColumn)
        }
        for record in chunk:
            values = []
            for at, bound in enumerate(columns):
                value = bound.accessor.resolve(record, quiet=True)
                known = said[at]
                if known is None:
                    value = bound.column.ledger(record, value)
                elif value in known:
                    value = known[value]
                else:
                    value = known[value] = bound.column.ledger(record, value)
                values.append(named[at].get(value) if at in named else value)
            yield values


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    found = iter(rows)
    while chunk := list(itertools.islice(found, CHUNK)):
        yield chunk


def _write(sheet: Any, row: int, column: int, value: Any, formats_of: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value, formats_of[dt.datetime])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, formats_of[dt.date])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, neutral(force_str(value)))


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Sheet1"
