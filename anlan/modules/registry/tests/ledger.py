"""A ledger as an office really keeps it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import numbers

from anlan.modules.registry.tests.conftest import code

PHONE = "13922087641"
ACCEPTED, REJECTED, SKIPPED = {6, 7, 8, 9, 10}, {11, 12, 13, 14, 15, 16, 17}, {1, 2, 18, 19, 20, 21}


def messy() -> Workbook:
    """Title rows, a merged header of two rows, five spellings of a day, full-width digits, totals and a signature."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "企业台账"
    sheet.append(["东江县城南镇生产经营单位安全生产基础台账"])
    sheet.append(["填报单位：城南镇应急管理办公室", None, None, None, "填报日期：2026年3月"])
    sheet.append([])
    sheet.append(
        [
            "序号",
            "企业名称",
            "信用代码",
            "基本情况",
            None,
            None,
            "成立时间",
            "所属镇街",
            "国民经济行业",
            "是否涉氨",
            "备注",
        ]
    )
    sheet.append([None, None, None, "主要负责人", "联系电话", "职工人数", None, None, None, None, None])
    sheet.merge_cells("A1:K1")
    sheet.merge_cells("D4:F4")
    for column in "ABCGHIJK":
        sheet.merge_cells(f"{column}4:{column}5")
    rows: list[list[Any]] = [
        [1, "东江县龙田机械有限公司", code(1), "陈大文", PHONE, "８６", "2016年3月5日", "城南镇", "3411", "否", ""],
        [
            2,
            "东江县新丰(五金)厂",
            "　" + code(2).lower() + " ",
            "林小满",
            "0998-7654321",
            12,
            "2018/7/1",
            "城南镇",
            "C3489",
            "",
            "",
        ],
        [
            3,
            "东江县海产冷冻厂",
            code(3),
            "黄阿勇",
            13800138001,
            "45人",
            "20190312",
            "城北镇",
            "1361",
            "是",
            "有制冷机房",
        ],
        [4, "东江县虎山木器厂", "无", "何文", "", 7, "2020.05.06", "城南镇", "2110", "×", "证照办理中"],
        [5, "东江县大成印刷有限公司", code(5), "罗一", "", 20, 43894, "城南镇", "", "", ""],
        [
            6,
            "东江县假码机械厂",
            code(6)[:-1] + ("0" if code(6)[-1] != "0" else "1"),
            "",
            "",
            "约50人",
            "2024年3月",
            "城南镇",
            "",
            "",
            "",
        ],
        [7, "东江县龙田机械有限公司", code(1), "陈大文", "", 86, "2016-03-05", "城南镇", "", "", "重复"],
        [8, "虎山木器 厂", "", "", "", 7, "", "城南镇", "", "", ""],
        [9, "东江县外镇加工厂", code(9), "", "", 5, "", "河口镇", "", "", ""],
        [10, "东江县无此行业厂", code(10), "", "", 5, "", "城南镇", "C34119", "", ""],
        [11, "", code(11), "", "", 5, "", "城南镇", "", "", ""],
        [12, "东江县双号厂", code(12), "", "1392208764113922087642", -3, "", "城南镇", "", "也许", ""],
        ["合计", "12家", "", "", "", 288, "", "", "", "", ""],
        [],
        ["填表人：李四", None, None, "审核人：王五"],
        ["注：成立时间按营业执照填写。"],
    ]
    for row in rows:
        sheet.append(row)
    sheet["G10"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    sheet["G10"] = dt.date(2020, 3, 4)
    sheet["C6"].number_format = "@"
    return book


def as_bytes(book: Workbook) -> bytes:
    """The workbook as it is uploaded."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write(folder: Path, book: Workbook | None = None, name: str = "台账.xlsx") -> Path:
    """The workbook as a file."""
    path = folder / name
    path.write_bytes(as_bytes(book or messy()))
    return path


def plain(rows: list[list[Any]]) -> Workbook:
    """A clean table: the first row is the header."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    return book
