"""Ledgers as offices keep them: each trait alone, then all together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel.intake import Accepted, FileRefused, Rejected, as_json, read_ledger
from tests.intake.ledgers import (
    BOTH,
    HEADINGS,
    SCHEMA,
    accepted,
    code,
    read,
    rejected,
    skipped,
    text_table,
    with_cell_xml,
    workbook,
)

NAME_ONLY = ["企业名称", "从业人数"]


def refusal(content: Any, **options: Any) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(content, **options)
    return caught.value


def test_columns_in_any_order_under_their_usual_names() -> None:
    ledger, rows = read(
        workbook([["地址", " 单位名称* ", "信用代码：", "员工人数（人）"], ["福兴街道1号", "甲厂", code(1), 5]])
    )
    assert {name: column.letter for name, column in ledger.columns.items()} == {
        "address": "A", "name": "B", "uscc": "C", "headcount": "D",
    }  # fmt: skip
    values = accepted(rows)[2]
    assert (values["name"], values["uscc"], values["headcount"], values["address"]) == (
        "甲厂",
        code(1),
        5,
        "福兴街道1号",
    )
    assert values["founded"] is None


def test_english_labels_field_names_and_translated_labels_are_headings_too() -> None:
    for headings in (["Enterprise name", "Headcount"], ["name", "headcount"]):
        assert accepted(read(workbook([headings, ["甲厂", 5]]))[1])[2]["headcount"] == 5
    translated = {"Headcount": "总人数"}
    ledger, _rows = read(
        workbook([["企业名称", "总人数"], ["甲厂", 5]]), translate=lambda text: translated.get(text, text)
    )
    assert set(ledger.columns) == {"name", "headcount"}


def test_title_rows_above_are_named_and_an_unknown_column_is_reported() -> None:
    ledger, rows = read(
        workbook([["附件2"], ["某市企业台账"], [], ["填报日期：2024年3月"], [*NAME_ONLY, "备注"], ["甲厂", 5, "x"]])
    )
    assert ledger.header.first_row == ledger.header.last_row == 5
    assert skipped(rows) == {1: "above_header", 2: "above_header", 4: "above_header"}
    assert [warning.code for warning in ledger.warnings] == ["column_unknown"]
    assert "C 备注" in ledger.warnings[0].text
    assert set(accepted(rows)) == {6}


def test_two_row_header_merged() -> None:
    rows = [
        ["序号", "企业名称", "负责人", None, "员工人数"],
        [None, None, "姓名", "联系电话", None],
        [1, "甲厂", "张三", "13800138000", 5],
    ]
    ledger, outcomes = read(workbook(rows, ["A1:A2", "B1:B2", "C1:D1", "E1:E2"]))
    assert (ledger.header.first_row, ledger.header.last_row) == (1, 2)
    assert {name: column.letter for name, column in ledger.columns.items()} == {
        "name": "B", "principal": "C", "phone": "D", "headcount": "E",
    }  # fmt: skip
    assert accepted(outcomes)[3]["phone"] == "13800138000"


def test_two_row_header_in_a_text_table_continues_its_groups() -> None:
    rows = [
        ["序号", "企业名称", "负责人", "", "员工人数"],
        ["", "", "姓名", "电话", ""],
        ["1", "甲厂", "张三", "13800138000", "5"],
    ]
    ledger, outcomes = read(text_table(rows))
    assert ledger.header.last_row == 2
    assert accepted(outcomes)[3]["phone"] == "13800138000"


def test_a_telephone_of_somebody_else_is_not_taken_for_the_principal_s() -> None:
    rows = [["企业名称", "安全员", None, "地址"], [None, "姓名", "电话", None], ["甲厂", "李四", "13800138000", "1号"]]
    ledger, outcomes = read(workbook(rows, ["A1:A2", "B1:C1", "D1:D2"]))
    assert "phone" not in ledger.columns and accepted(outcomes)[3]["phone"] is None
    assert [column.heading for column in ledger.header.unknown] == ["安全员姓名", "安全员电话"]


def test_three_row_header_and_a_neutral_group() -> None:
    rows = [
        ["企业基本情况", None, None, None],
        ["企业名称", "经营地址", "主要负责人", None],
        [None, None, "姓名", "电话"],
        ["甲厂", "1号", "张三", "13800138000"],
    ]
    ledger, outcomes = read(workbook(rows, ["A1:D1", "A2:A3", "B2:B3", "C2:D2"]))
    assert set(ledger.columns) == {"name", "address", "principal", "phone"}
    assert accepted(outcomes)[4]["address"] == "1号"


def test_a_heading_drawn_over_two_columns_is_one_column() -> None:
    ledger, outcomes = read(workbook([["企业名称", None, "员工人数"], ["甲厂", None, 5]], ["A1:B1"]))
    assert ledger.columns["name"].letter == "A"
    assert accepted(outcomes)[2]["headcount"] == 5


def test_merged_cells_fill_down_and_only_they() -> None:
    rows = [["企业名称", "员工人数", "地址"], ["甲厂", 5, "1号"], [None, 6, "2号"], [None, 7, "3号"]]
    outcomes = read(workbook(rows, ["A2:A3"]))[1]
    assert [(row, values["name"]) for row, values in accepted(outcomes).items()] == [(2, "甲厂"), (3, "甲厂")]
    assert rejected(outcomes) == {4: [("A 企业名称", "missing")]}


def test_two_columns_claiming_one_field_are_refused_naming_both() -> None:
    told = refusal(workbook([["企业名称", "地址", "经营地址"], ["甲厂", "1", "2"]]))
    assert told.code == "column_twice"
    assert "B 地址" in str(told) and "C 经营地址" in str(told) and "Address" in str(told)


def test_a_required_column_absent_is_refused_with_what_was_found() -> None:
    told = refusal(workbook([["企业", "地址", "员工人数"], ["甲厂", "1", 2]]))
    assert told.code == "column_absent"
    assert "Enterprise name" in str(told) and "员工人数" in str(told) and "单位名称" in str(told)


def test_no_header_at_all() -> None:
    assert refusal(workbook([["甲", "乙"], ["丙", "丁"]])).code == "header_absent"
    told = refusal(workbook([["企业名称", "x"], ["丙", "丁"]]))
    assert told.code == "header_partial" and "A 企业名称" in str(told)
    assert refusal(workbook([[]])).code == "header_absent"
    assert refusal(workbook([NAME_ONLY])).code == "rows_none"
    assert refusal(workbook([NAME_ONLY, ["合计", 5]])).code == "rows_none"


def test_totals_remarks_signatures_and_repeated_headers_are_passed_over() -> None:
    rows = [
        ["某镇企业台账"],
        ["序号", *NAME_ONLY, "地址"],
        [1, 2, 3, 4],
        [1, "甲厂", 5, ""],
        ["", "小计", 5, ""],
        ["某镇企业台账"],
        ["序号", *NAME_ONLY, "地址"],
        [2, "合计机械厂", 6, ""],
        [3, "注塑厂", 7, ""],
        ["二", "规模以下", "", ""],
        ["（三）个体工商户"],
        [4, "乙厂", "７", ""],
        [5], [6],
        ["合 计", "", 25, ""],
        [7, "丙厂", 8, ""],
        ["总计：4家"],
        [],
        ["注：1.本表一式三份。"],
        ["2.于每月5日前报送。"],
        ["填表人：张三", "", "审核人：李四", "2024年3月5日"],
        ["单位负责人（签字）：", "", "", ""],
        ["", "", "", "2024年3月5日"],
    ]  # fmt: skip
    outcomes = read(workbook(rows))[1]
    assert [values["name"] for values in accepted(outcomes).values()] == [
        "甲厂",
        "合计机械厂",
        "注塑厂",
        "乙厂",
        "丙厂",
    ]
    assert rejected(outcomes) == {}
    assert skipped(outcomes) == {
        1: "above_header", 3: "column_numbers", 5: "totals", 6: "title_again", 7: "header_again", 10: "section",
        11: "section", 13: "number_only", 15: "totals", 17: "totals", 18: "blank", 19: "remark", 20: "remark",
        21: "remark", 22: "remark", 23: "remark",
    }  # fmt: skip
    run = next(outcome for outcome in outcomes if outcome.row == 13)
    assert run.last_row == 14


def test_a_row_with_a_code_is_a_record_whatever_it_is_called() -> None:
    outcomes = read(workbook([["信用代码", "企业名称"], [code(1), "小计"], [None, "小计"]]))[1]
    assert set(accepted(outcomes)) == {2} and skipped(outcomes) == {3: "totals"}


def test_dates_in_five_spellings_and_as_cells() -> None:
    days = [
        "2024年3月5日",
        "2024/3/5",
        "20240305",
        "2024.03.05",
        45356,
        20240305,
        dt.date(2024, 3, 5),
        "２０２４－３－５",
    ]
    outcomes = read(workbook([["企业名称", "成立日期"], *([f"第{number}厂", day] for number, day in enumerate(days))]))[
        1
    ]
    assert [values["founded"] for values in accepted(outcomes).values()] == [dt.date(2024, 3, 5)] * len(days)


def test_a_month_is_refused_even_when_the_program_made_a_day_of_it() -> None:
    import openpyxl

    from tests.intake.ledgers import saved

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["企业名称", "成立日期"],
        ["甲厂", dt.date(2024, 3, 1)],
        ["乙厂", dt.date(2024, 3, 9)],
        ["丙厂", "2024年3月"],
    ):
        sheet.append(row)
    sheet["B2"].number_format = sheet["B3"].number_format = 'yyyy"年"m"月";@'
    outcomes = read(saved(book))[1]
    assert rejected(outcomes) == {2: [("B 成立日期", "month_only")], 4: [("B 成立日期", "month_only")]}
    assert accepted(outcomes)[3]["founded"] == dt.date(2024, 3, 9)


def test_the_1904_system_is_honoured() -> None:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    from tests.intake.ledgers import saved

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["企业名称", "成立日期"], ["甲厂", 43894], ["乙厂", dt.date(2024, 3, 5)]):
        book.active.append(row)
    assert {values["founded"] for values in accepted(read(saved(book))[1]).values()} == {dt.date(2024, 3, 5)}


def test_codes_that_lost_digits_are_refused_with_the_remedy() -> None:
    rows = [
        ["企业名称", "信用代码"],
        ["甲厂", 914414810000000273],
        ["乙厂", "9.144E+17"],
        ["丙厂", f" {code(1).lower()} "],
    ]
    outcomes = read(workbook(rows))[1]
    assert rejected(outcomes) == {2: [("B 信用代码", "digits_lost")], 3: [("B 信用代码", "digits_lost")]}
    assert accepted(outcomes)[4]["uscc"] == code(1)
    reasons = [each.reason() for outcome in outcomes if isinstance(outcome, Rejected) for each in outcome.problems]
    assert all("format the column as text" in reason for reason in reasons)


def test_formula_errors_are_not_blanks() -> None:
    content = workbook([NAME_ONLY, ["甲厂", 1], ["乙厂", 2], ["丙厂", 3], ["丁厂", 4]])
    content = with_cell_xml(content, "B2", '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    content = with_cell_xml(content, "B3", "<c r='B3' t='e'><v>#N/A</v></c>")
    content = with_cell_xml(content, "B4", '<c r="B4"><f>SUM(A1:A2)</f><v/></c>')
    content = with_cell_xml(content, "B5", '<c r="B5"><f>2*3</f><v>6</v></c>')
    outcomes = read(content)[1]
    assert rejected(outcomes) == {
        2: [("B 从业人数", "error_cell")], 3: [("B 从业人数", "error_cell")], 4: [("B 从业人数", "formula_empty")],
    }  # fmt: skip
    assert accepted(outcomes)[5]["headcount"] == 6
    assert "#DIV/0!" in next(o for o in outcomes if isinstance(o, Rejected)).problems[0].reason()


def test_units_in_headings_and_titles() -> None:
    rows = [["单位：元"], ["企业名称", "注册资本"], ["甲厂", 5_000_000], ["乙厂", "300万元"]]
    ledger, outcomes = read(workbook(rows))
    assert [values["capital"] for values in accepted(outcomes).values()] == [Decimal(500), Decimal(300)]
    assert [warning.code for warning in ledger.warnings] == ["column_converted"]
    for heading in ("注册资本（元）", "注册资本(单位:元)", "注册资本/元"):
        assert accepted(read(workbook([["企业名称", heading], ["甲厂", 10_000]]))[1])[2]["capital"] == 1
    ledger, _rows = read(workbook([["企业名称", "注册资本"], ["甲厂", 1]]))
    assert [warning.code for warning in ledger.warnings] == ["column_no_unit"]
    ledger, _rows = read(workbook([["填报单位：应急局"], ["企业名称", "注册资本（万元）"], ["甲厂", 1]]))
    assert ledger.warnings == ()
    assert refusal(workbook([["企业名称", "注册资本（吨）"], ["甲厂", 1]])).code == "column_unit"


def test_several_sheets() -> None:
    good, other = [NAME_ONLY, ["甲厂", 5]], [["说明"], ["请按要求填写"]]
    assert set(accepted(read(workbook(other, 台账=good))[1])) == {2}
    two = workbook(good, 二月=good)
    told = refusal(two)
    assert told.code == "sheet_several" and "二月" in str(told)
    assert set(accepted(read(two, sheet="二月")[1])) == {2}
    assert refusal(two, sheet="三月").code == "sheet_unknown"


def test_a_hidden_sheet_is_not_read_but_told() -> None:
    import openpyxl

    from tests.intake.ledgers import saved

    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("旧")):
        sheet.append(NAME_ONLY)
        sheet.append(["甲厂", 5])
    book["旧"].sheet_state = "hidden"
    ledger, _rows = read(saved(book))
    assert [warning.code for warning in ledger.warnings] == ["sheet_hidden"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_tables(encoding: str, separator: str) -> None:
    rows = [["企业台账"], NAME_ONLY, ["甲厂，一分厂", "５"], ["", ""], ["乙\n厂", "1,200"], ["合计", "6"]]
    outcomes = read(text_table(rows, encoding, separator))[1]
    assert {row: (v["name"], v["headcount"]) for row, v in accepted(outcomes).items()} == {
        3: ("甲厂，一分厂", 5),
        5: ("乙厂", 1200),
    }
    assert skipped(outcomes) == {1: "above_header", 4: "blank", 6: "totals"}


def test_text_tables_with_separators_out_of_place() -> None:
    rows = '企业名称,从业人数\n甲厂,1,200\n乙厂,5,,\n丙厂\n"丁"厂,6\n戊厂,7\n'.encode()
    outcomes = read(rows)[1]
    assert rejected(outcomes) == {2: [("", "extra_cells")], 5: [("", "quote")]}
    assert {row: v["headcount"] for row, v in accepted(outcomes).items()} == {3: 5, 4: None, 6: 7}
    with pytest.raises(FileRefused) as unclosed:
        read(('企业名称,从业人数\n甲厂,1\n"乙厂,2\n' + "丙厂,3\n" * 10).encode())
    assert unclosed.value.code == "file_quote" and "Row 3" in str(unclosed.value)
    with pytest.raises(FileRefused, match="quotation"):
        read(('企业名称,从业人数\n"乙厂,2\n' + "丙厂,3\n" * 400 + '"丁厂",4\n').encode())


def test_sep_line_and_formula_quoted_codes() -> None:
    outcomes = read(f'sep=;\n企业名称;信用代码\n甲厂;="{code(1)}"\n'.encode())[1]
    assert accepted(outcomes)[3]["uscc"] == code(1)


def test_full_width_and_invisible_characters() -> None:
    rows = [["企业\u3000名称", "从业\n人数"], ["\ufeff甲（Ａ）厂\u200b", "１２０．０"], ["乙厂", "\u3000"]]
    outcomes = read(workbook(rows))[1]
    assert [(v["name"], v["headcount"]) for v in accepted(outcomes).values()] == [("甲（A）厂", 120), ("乙厂", None)]


def test_progress_is_told_and_the_ledger_can_be_read_again() -> None:
    told: list[tuple[int, float | None]] = []
    for content in (
        text_table([NAME_ONLY, *([f"第{n}厂", n] for n in range(5000))]),
        workbook([NAME_ONLY, *([f"第{n}厂", n] for n in range(5000))]),
    ):
        told.clear()
        ledger = read_ledger(content, SCHEMA, progress=lambda rows, share: told.append((rows, share)))
        assert sum(isinstance(outcome, Accepted) for outcome in ledger) == 5000
        shares = [share for _rows, share in told]
        assert told[-1] == (5001, 1.0) and len(told) == 3 and shares == sorted(shares) and 0 < shares[0] < 1
        assert sum(1 for _outcome in ledger) == 5000


def test_json_names_rows_columns_and_reasons_and_holds_no_personal_data() -> None:
    rows = [["台账"], [*HEADINGS],
            [code(1), "甲厂", "50人", "2024年3月5日", "1.50", "1号", "企业", "是", "张三", "13800138000"],
            [code(2), "", "约5人", "", "", "", "", "", "李四", "8888"], ["合计"]]  # fmt: skip
    ledger = read_ledger(workbook(rows), SCHEMA, duplicates=BOTH)
    result = as_json(ledger, SCHEMA)
    assert result["accepted"] == [
        {"row": 3, "uscc": code(1), "name": "甲厂", "headcount": 50, "founded": "2024-03-05", "capital": "1.5",
         "address": "1号", "kind": "company", "dust": True}
    ]  # fmt: skip
    assert [(each["row"], each["column"]) for each in result["rejected"]] == [
        (4, "B 企业名称"), (4, "C 从业人数"), (4, "J 负责人电话"),
    ]  # fmt: skip
    assert [each["row"] for each in result["skipped"]] == [1, 5]
    assert "8888" not in str(result["rejected"]) and "张三" not in str(result)


def test_a_telephone_in_a_signature_line_is_not_repeated() -> None:
    rows = [["联系电话：13800138000"], NAME_ONLY, ["甲厂", 5], ["填表人：张三 13900139000"]]
    told = [outcome.reason() for outcome in read(workbook(rows))[1] if not isinstance(outcome, Accepted)]
    assert len(told) == 2 and all("138…" in text or "139…" in text for text in told)
    assert not any("0013" in text for text in told)


def test_everything_at_once() -> None:
    rows = [
        ["附件3"],
        ["某市工矿商贸企业台账", None, None, None, None, None, None, None, None],
        ["填报单位：某镇应急办", None, None, None, None, None, None, "单位：元、人", None],
        ["序号", "单位名称", "统一社会信用代码", "成立日期", "员工人数", "注册资本", "负责人", None, "备注"],
        [None, None, None, None, None, None, "姓名", "手机", None],
        [1, "某市甲水泥有限公司", code(1), "2024年3月5日", "５０人", "5,000,000", "张三", 13800138000, None],
        [2, "乙（陶瓷）厂", None, 45356, 12.0, 300000, "李四", "0753－3331234", None],
        [3, "乙 (陶瓷) 厂", None, "20240305", 12, 300000, "李四", None, "重复"],
        [4, "丙厂", 9.14414810000015e17, "2024.03.05", "约30人", 1, "王五", None, None],
        [None, "小计", None, None, 104, None, None, None, None],
        ["序号", "单位名称", "统一社会信用代码", "成立日期", "员工人数", "注册资本", "负责人", None, "备注"],
        [None, None, None, None, None, None, "姓名", "手机", None],
        [5, "丁厂", code(1), "2024/3/5", 3, 1, "赵六", None, None],
        ["合计", None, None, None, 107, None, None, None, None],
        ["备注：数据截至2024年3月底。"],
        ["填表人：张三", None, None, "审核人：李四", None, None, "2024年4月1日", None, None],
    ]
    merges = ["A2:I2", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:E5", "F4:F5", "G4:H4", "I4:I5"]
    ledger, outcomes = read(workbook(rows, merges), duplicates=BOTH)
    assert (ledger.header.first_row, ledger.header.last_row) == (4, 5)
    assert [(row, v["name"], v["headcount"], v["capital"], v["founded"]) for row, v in accepted(outcomes).items()] == [
        (6, "某市甲水泥有限公司", 50, Decimal(500), dt.date(2024, 3, 5)),
        (7, "乙（陶瓷）厂", 12, Decimal(30), dt.date(2024, 3, 5)),
    ]
    assert rejected(outcomes) == {
        8: [("B 单位名称", "looks_like")],
        9: [("C 统一社会信用代码", "digits_lost"), ("E 员工人数", "approximate")],
        13: [("C 统一社会信用代码", "same_code")],
    }
    assert skipped(outcomes) == {
        1: "above_header", 2: "above_header", 3: "above_header", 10: "totals", 11: "header_again", 12: "header_again",
        14: "totals", 15: "remark", 16: "remark",
    }  # fmt: skip
    every_row = set(accepted(outcomes)) | set(rejected(outcomes)) | set(skipped(outcomes)) | {4, 5}
    assert every_row == set(range(1, 17))  # nothing is passed over in silence
