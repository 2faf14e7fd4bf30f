"""A schema, and ledgers written by other programs than the one that reads them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import openpyxl

from anlan.kernel.intake import (
    Accepted,
    Choice,
    Duplicates,
    Field,
    Kind,
    Ledger,
    Outcome,
    Rejected,
    RowSchema,
    Skipped,
    read_ledger,
)
from anlan.rules import uscc

SCHEMA = RowSchema(
    "enterprises",
    "Enterprises",
    (
        Field("uscc", "Unified social credit code", Kind.CODE, ("统一社会信用代码", "信用代码"), min_length=18,
              max_length=18, normalise=uscc.normalise, check=uscc.problems, example=uscc.make_valid("91441481", 0)),
        Field("name", "Enterprise name", Kind.NAME, ("企业名称", "单位名称"), required=True, max_length=100,
              example="某市示例有限公司"),
        Field("headcount", "Headcount", Kind.WHOLE, ("从业人数", "员工人数"), unit="人", min=0, max=100_000),
        Field("founded", "Founded", Kind.DAY, ("成立日期",)),
        Field("capital", "Registered capital", Kind.DECIMAL, ("注册资本",), unit="万元", places=6, min=Decimal(0)),
        Field("address", "Address", Kind.TEXT, ("经营地址", "地址"), max_length=200, example="福兴街道1号"),
        Field("kind", "Kind of unit", Kind.CHOICE, ("企业类型",),
              choices=(Choice("company", "Company", ("公司", "企业")), Choice("single", "Trader", ("个体工商户",)))),
        Field("dust", "Dust", Kind.FLAG, ("涉爆粉尘",)),
        Field("principal", "Principal", Kind.TEXT, ("主要负责人", "负责人", "负责人姓名"), max_length=40, personal=True,
              example="张三"),
        Field("phone", "Telephone", Kind.PHONE, ("负责人电话",), personal=True, example="13800138000"),
    ),
)  # fmt: skip
HEADINGS = [field.aliases_zh[0] for field in SCHEMA.fields.values()]


def code(number: int) -> str:
    """A valid code, another one for every number."""
    return uscc.make_valid("91441481", number)


def workbook(rows: Iterable[Sequence[Any]], merges: Iterable[str] = (), **more: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx with the rows, and further sheets by name."""
    book = openpyxl.Workbook()
    _fill(book.active, rows)
    for merge in merges:
        book.active.merge_cells(merge)
    for name, others in more.items():
        _fill(book.create_sheet(name), others)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append(list(row))


def text_table(rows: Iterable[Sequence[Any]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator).writerows(rows)
    return buffer.getvalue().encode(encoding)


def with_cell_xml(content: bytes, cell: str, xml: str, prefix: str = "") -> bytes:
    """The workbook with the XML of one cell of its first sheet replaced."""
    import re

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        changed, count = re.subn(rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)'.encode(), xml.encode(), data, flags=re.DOTALL)
        assert count == 1, cell
        return changed

    return rezipped(content, change)


def rezipped(content: bytes, change: Any) -> bytes:
    """The archive with ``change(name, data)`` applied to every member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def read(content: Any, schema: RowSchema = SCHEMA, **options: Any) -> tuple[Ledger, list[Outcome]]:
    """The ledger and all its outcomes, without the search for duplicates unless asked."""
    ledger = read_ledger(content, schema, **options)
    return ledger, list(ledger)


def accepted(outcomes: Iterable[Outcome]) -> dict[int, dict[str, Any]]:
    """Row to values."""
    return {outcome.row: outcome.values for outcome in outcomes if isinstance(outcome, Accepted)}


def rejected(outcomes: Iterable[Outcome]) -> dict[int, list[tuple[str, str]]]:
    """Row to (place, code)."""
    return {
        outcome.row: [(each.place, each.problem.code) for each in outcome.problems]
        for outcome in outcomes
        if isinstance(outcome, Rejected)
    }


def skipped(outcomes: Iterable[Outcome]) -> dict[int, str]:
    """Row to the code of the reason."""
    return {outcome.row: outcome.problem.code for outcome in outcomes if isinstance(outcome, Skipped)}


BOTH = Duplicates()
