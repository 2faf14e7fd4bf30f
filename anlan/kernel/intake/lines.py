"""Rows of a ledger that are no records: totals, remarks, signatures, headings between rows, the header printed again.

Each is passed over with its reason. In doubt a row is left to be read as a record, and refused by name when it is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from anlan.kernel.intake.header import Header, heading_key
from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.problems import Problem, row_problem
from anlan.kernel.intake.schema import RowSchema
from anlan.kernel.intake.text import shown, shown_line, tight

# A first glance at the first cell: only a row that may be special is looked at closely.
_GLANCE = re.compile(
    r"\s*[（(【*]*\s*(?:[合总小共累]\s*[计数]|本[页表]|备\s*注|说\s*明|填[表报]|注|附注|制\s*表|审[核批]|复核|统计|单位负责|负责人|分管|主要负责|"
    r"经办|联系|上报|报[送表]|第?\s*\d+\s*[页、.．)）年]|共\s*\d+\s*页|[一二三四五六七八九十]|以下空白|以上|盖章|公章|（?盖)|.{0,12}[合总小共]\s*计"
)
_TOTALS = re.compile(
    r"(?:本[页表])?(?:合计|总计|小计|共计|累计|总数)[:(]?[\d.]*[户家人个项条起处]*\)?\Z|.{1,10}(?:合计|总计|小计|共计)[:]?\Z"
)
_REMARK = re.compile(
    r"[(【*]*(?:备注|说明|填[表报]说明|附注|注)[】)]?\d*[:.、]"
    r"|(?:填[表报]人?|填[表报]单位|填[表报]日期|填[表报]时间|制表人?|制表单位|制表日期|审核人?|审核|审批人?|复核人?|统计人?|统计负责人|单位负责人|负责人|"
    r"单位主要负责人|主要负责人|分管领导|分管负责人|经办人|联系人|联系电话|上报人|上报单位|上报日期|上报时间|报送人|报送单位|报送日期|报表日期)"
    r"(?:\(?(?:签字|签名|签章|盖章)\)?)?(?::|\Z)"
    r"|第\d+页|共\d+页|[(]?以下空白[)]?\Z|[(]?(?:盖章|公章|单位盖章)[)]?:?\Z"
)
_CONTINUED = re.compile(r"(?:\d+[、.)]|[(]\d+[)])\D")
_NUMERAL_HEAD = re.compile(r"[(]?[一二三四五六七八九十]+[)]?[、.]\S|[(][一二三四五六七八九十]+[)]\S")
_NUMERAL = re.compile(r"[(]?[一二三四五六七八九十]+[)]?[、.]?\Z")
_DATE_LINE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?\Z")
_NUMBER_LINE = re.compile(r"[(]?(?:\d{1,3}|[甲乙丙丁戊己庚辛壬癸]|栏次|[A-Z])[)]?\Z")


class Lines:
    """Tells records from other lines, for one header."""

    def __init__(self, schema: RowSchema, header: Header) -> None:
        fields = schema.fields.values()
        self._ignored = header.ignored
        self._codes = [header.columns[f.name].index for f in fields if f.kind is Kind.CODE and f.name in header.columns]
        self._required = [header.columns[f.name].index for f in fields if f.required and f.name in header.columns]
        self._texts = header.texts
        self._raw = header.raw
        self._titles = {heading_key(text) for _row, text in header.titles}
        self._after_header, self._after_remark = 2, False

    def passed_over(self, row: Sequence[Any]) -> Problem | None:
        """Why this row is no record; None for a record. ``row`` has at least one cell that is not blank."""
        lead, first = self._lead(row)
        if lead < 0:
            return row_problem("number_only")
        if not isinstance(first, str):
            if self._after_header and self._is_number_line(row):
                return row_problem("column_numbers")
            self._after_header = 0
            self._after_remark = False
            return None
        special = self._after_header or first in self._raw or _GLANCE.match(first)
        found = self._special(row, lead, first) if special else None
        if found is None:
            self._after_header, self._after_remark = 0, False
        else:
            self._after_remark = found.code == "remark"
        return found

    def _lead(self, row: Sequence[Any]) -> tuple[int, Any]:
        """The first filled cell that is not a running number; -1 when there is none."""
        ignored = self._ignored
        for index, cell in enumerate(row):
            if cell is None or cell == "" or (type(cell) is str and not cell.strip()):
                continue
            if index in ignored and (not isinstance(cell, str) or cell.strip().isdigit()):
                continue
            return index, cell
        return -1, None

    def _special(self, row: Sequence[Any], lead: int, first: str) -> Problem | None:
        if self._is_header_again(row):
            self._after_header = 2
            return row_problem("header_again")
        if self._after_header:
            self._after_header -= 1
            if self._is_number_line(row):
                return row_problem("column_numbers")
        text = tight(shown(first, 200))
        filled = [index for index, cell in enumerate(row) if _filled(cell) and index not in self._ignored]
        alone = len(filled) <= 1
        value = shown_line(first)
        if alone and heading_key(shown(first, 60)) in self._titles:
            return row_problem("title_again", value=value)
        coded = any(_filled(row[index]) for index in self._codes if index != lead)
        if _TOTALS.match(text) and not coded:
            return row_problem("totals", value=value)
        whole = all(_filled(row[index]) and index != lead for index in self._required) and bool(self._required)
        if _REMARK.match(text) and not (whole and coded):
            return row_problem("remark", value=value)
        if alone and self._after_remark and _CONTINUED.match(text):
            return row_problem("remark", value=value)
        if alone and _NUMERAL_HEAD.match(text):
            return row_problem("section", value=value)
        if lead in self._ignored and _NUMERAL.match(text) and len(filled) == 1:
            return row_problem("section", value=shown_line(row[filled[0]]))
        if alone and _DATE_LINE.match(text) and not any(_filled(row[i]) for i in self._required if i != lead):
            return row_problem("remark", value=value)
        return None

    def _is_header_again(self, row: Sequence[Any]) -> bool:
        """Every filled cell of the row, two at least, is what one row of the header has there."""
        for texts in self._texts:
            same = 0
            for index, cell in enumerate(row):
                if not _filled(cell):
                    continue
                if not isinstance(cell, str) or texts.get(index) != heading_key(shown(cell, 200)):
                    break
                same += 1
            else:
                if same >= min(2, len(texts)):
                    return True
        return False

    def _is_number_line(self, row: Sequence[Any]) -> bool:
        """1, 2, 3 … (甲 乙 丙) under the headings."""
        cells = [tight(shown(cell)) for cell in row if _filled(cell)]
        if len(cells) < 3 or not all(_NUMBER_LINE.match(cell) for cell in cells):
            return False
        numbers = [int(cell.strip("()")) for cell in cells if cell.strip("()").isdigit()]
        return numbers == list(range(1, len(numbers) + 1))


def _filled(cell: Any) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())
