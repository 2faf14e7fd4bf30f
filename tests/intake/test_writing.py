"""The form that is downloaded and the report of refused rows, both read back; and the language they speak."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from babel.messages.pofile import read_po

from anlan.kernel import intake
from anlan.kernel.intake import (
    Choice,
    Field,
    Kind,
    Rejected,
    RowSchema,
    read_ledger,
    safe_cell,
    write_error_report,
    write_template,
)
from anlan.kernel.intake.problems import SENTENCES
from anlan.kernel.intake.template import example_of
from tests.intake.ledgers import SCHEMA, accepted, code, read, rejected, saved, text_table, workbook

with (Path(intake.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
    CATALOGUE = {message.id: message.string for message in read_po(file) if message.id}
LABELS = {
    field.label: field.aliases_zh[0] for field in SCHEMA.fields.values()
} | {choice.label: choice.aliases_zh[0] for choice in SCHEMA.fields["kind"].choices}  # fmt: skip


def chinese(text: str) -> str:
    """What gettext answers in Chinese."""
    return LABELS.get(text) or str(CATALOGUE.get(text, text))


def template(schema: RowSchema = SCHEMA, translate: Any = chinese) -> openpyxl.Workbook:
    buffer = io.BytesIO()
    write_template(schema, buffer, translate)
    return openpyxl.load_workbook(buffer)


def test_the_form_holds_what_a_clerk_needs() -> None:
    book = template()
    form, guide, lists = book.worksheets
    assert book.sheetnames == ["填报表", "填写说明", "选项"] and lists.sheet_state == "hidden"
    headings = [cell.value for cell in form[1]]
    assert headings[:5] == ["统一社会信用代码", "企业名称*", "从业人数（人）", "成立日期", "注册资本（万元）"]
    assert form.freeze_panes == "A2"
    assert all(cell.comment and cell.comment.text for cell in form[1])
    assert form.column_dimensions["A"].width >= 18
    assert (
        form.column_dimensions["J"].number_format == "@" and form.column_dimensions["D"].number_format == "yyyy-mm-dd"
    )
    lists_of = {str(check.sqref)[0]: check.formula1 for check in form.data_validations.dataValidation}
    assert lists_of == {"G": '"公司,个体工商户"', "H": '"是,否"'}
    assert [cell.value for cell in guide[1]] == ["列名", "是否必填", "填写要求", "示例"]
    assert guide.max_row == 1 + len(SCHEMA.fields)
    assert form.max_row == 1


@pytest.mark.parametrize("translate", [chinese, str])
def test_the_form_filled_in_is_read_back(translate: Any) -> None:
    book = template(translate=translate)
    for number in (1, 2):
        examples = {field.name: example_of(field, translate) for field in SCHEMA.fields.values()}
        book.worksheets[0].append([*(examples | {"uscc": code(number), "name": f"第{number}厂"}).values()])
    ledger, outcomes = read(saved(book), translate=translate, duplicates=intake.Duplicates())
    assert set(ledger.columns) == set(SCHEMA.fields) and not ledger.header.unknown
    assert set(accepted(outcomes)) == {2, 3} and rejected(outcomes) == {}
    assert accepted(outcomes)[2]["kind"] == "company" and accepted(outcomes)[2]["dust"] is True


def test_an_empty_form_is_refused_as_empty() -> None:
    with pytest.raises(intake.FileRefused) as caught:
        read(saved(template()))
    assert caught.value.code == "rows_none"


def test_long_lists_of_choices_stand_on_a_sheet_of_their_own() -> None:
    choices = tuple(Choice(f"c{number}", f"Choice number {number}", (f"第{number}项",)) for number in range(60))
    schema = RowSchema("s", "S", (Field("name", "Name", required=True), Field("x", "X", Kind.CHOICE, choices=choices)))
    book = template(schema, str)
    check = book.worksheets[0].data_validations.dataValidation[0]
    assert check.formula1 == "'Choices'!$B$1:$B$60"
    assert book.worksheets[2]["B60"].value == "Choice number 59"


def test_a_heading_or_choice_that_could_not_be_read_back_is_a_fault_of_the_program() -> None:
    schema = RowSchema("s", "S", (Field("name", "Name", Kind.CHOICE, choices=(Choice("a", "A"),)),))
    with pytest.raises(ValueError, match="add “名” to aliases_zh"):
        write_template(schema, io.BytesIO(), lambda text: {"Name": "名"}.get(text, text))
    with pytest.raises(ValueError, match="to the choice a"):
        write_template(schema, io.BytesIO(), lambda text: {"A": "甲"}.get(text, text))


def report(content: bytes, translate: Any = chinese) -> openpyxl.Workbook:
    ledger = read_ledger(content, SCHEMA)
    buffer = io.BytesIO()
    count = write_error_report(ledger, (row for row in ledger if isinstance(row, Rejected)), buffer, translate)
    book = openpyxl.load_workbook(buffer)
    assert book.active.max_row == count + 1
    return book


def test_refused_rows_come_back_with_their_reasons_and_can_be_corrected() -> None:
    rows = [
        ["某市台账", None, None, "单位：元"],
        ["序号", "单位名称", "员工人数", "注册资本", "成立日期", "处室", "负责人电话"],
        [1, "甲厂", "约5人", 10_000, "2024年3月", "一科", "0753-2123456"],
        [2, "乙厂", 5, 20_000, "20240305", "二科", ""],
        [3, None, 6, 30_000, 45356, "=1+1", ""],
    ]
    book = report(workbook(rows))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == [
        "原行号", "企业名称", "从业人数（人）", "注册资本（元）", "成立日期", "处室", "负责人电话", "退回原因",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]][:5] == [3, "甲厂", "约5人", 10_000, "2024年3月"]
    reasons = sheet["H2"].value.split("\n")
    assert reasons == [
        "C 员工人数: “从业人数”填写的“约5人”不是确切的数，请只填写一个数字，例如50。",
        "E 成立日期: “成立日期”填写的“2024年3月”缺少日，请填写完整日期，例如2024-03-05。",
    ]
    assert sheet["C2"].fill.bgColor.rgb != sheet["D2"].fill.bgColor.rgb or sheet["C2"].fill.fill_type == "solid"
    sheet["C2"], sheet["E2"], sheet["B3"] = "5人", "2024-03-01", "丙厂"
    ledger, outcomes = read(saved(book), translate=chinese)
    assert rejected(outcomes) == {}
    assert [(v["name"], v["headcount"], int(v["capital"])) for v in accepted(outcomes).values()] == [
        ("甲厂", 5, 1),
        ("丙厂", 6, 3),
    ]
    assert [column.heading for column in ledger.header.unknown] == ["处室"]


@pytest.mark.parametrize(
    "payload", ['=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1"]
)
def test_no_text_becomes_a_formula_in_a_spreadsheet_or_in_the_csv_saved_from_it(payload: str) -> None:
    book = report(text_table([["企业名称", "从业人数", "地址"], ["甲厂", "x", payload]]))
    cell = book.active["D2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[cell.value for cell in row] for row in book.active.iter_rows()])
    again = read(buffer.getvalue().replace(",x,", ",5,").encode())[1]
    assert accepted(again)[2]["address"] == payload.strip()


def test_safe_cells() -> None:
    assert [safe_cell(text) for text in ("", "甲", "-5", "+8613800138000", "-", "=1", "'=1")] == [
        "", "甲", "-5", "+8613800138000", "'-", "'=1", "'=1",
    ]  # fmt: skip


def test_every_sentence_is_chinese_and_holds_the_same_places() -> None:
    for msgid in SENTENCES.values():
        told = str(CATALOGUE.get(msgid, ""))
        assert re.search(r"[\u4e00-\u9fff]", told), msgid
        assert set(re.findall(r"%\(\w+\)s", msgid)) == set(re.findall(r"%\(\w+\)s", told)), msgid
    problem = SCHEMA.parse({"name": "甲厂", "uscc": "91441481MA00000O27"}).problems[0]
    assert problem.render(chinese).startswith("“统一社会信用代码”填写的“91441481MA00000O27”有误：第16位不能是“O”")
