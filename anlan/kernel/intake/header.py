"""Find the header of a ledger: below titles, in one to four rows, merged or not, columns in any order.

A heading is recognised when it is one of the field's names (``Field.aliases_zh``, its label in English or translated,
or its code name), brackets with a note or a unit behind it allowed. Under a group heading the joined name counts
(负责人 over 姓名 is 负责人姓名); a word that says nothing alone (姓名, 电话) is never taken without its group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from anlan.kernel.intake.kinds import Kind
from anlan.kernel.intake.problems import FileRefused, Msg, Problem, Translate, row_problem
from anlan.kernel.intake.schema import Field, RowSchema
from anlan.kernel.intake.sheet import Merge, Sheet
from anlan.kernel.intake.text import shown, tight
from anlan.kernel.intake.units import factor_between, is_unit, unit_of

SEARCHED_ROWS = 60
DEEPEST = 4

IGNORED = frozenset(
    ["序号", "序", "序列", "顺序号", "行号", "no", "#", "原行号", "退回原因", "originalrow", "reasonforreturn"]
)
"""Headings of columns that carry no field: running numbers, and what our own error report adds."""
_ALONE_MEANINGLESS = frozenset(
    [
        "姓名",
        "名称",
        "电话",
        "联系电话",
        "电话号码",
        "手机",
        "手机号",
        "手机号码",
        "联系方式",
        "职务",
        "日期",
        "时间",
        "地址",
        "数量",
        "编号",
        "备注",
        "类型",
        "类别",
        "内容",
        "情况",
        "状态",
        "证书编号",
        "身份证号",
    ]
)
_NEUTRAL_GROUP = re.compile(
    r"(?:生产经营)?(?:企业|单位|公司|场所|隐患)?(?:的)?(?:基本)?(?:情况|信息|资料|概况|数据)?\Z"
)
_PERSON_NAME = ("姓名", "名称")
_PHONES = ("电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "联系方式")
_BRACKET = re.compile(r"(.+?)[(\[【]([^()\[\]【】]*)[)\]】]\Z")
_TAIL = re.compile(r"(.+?)[/:,|_-]([^/:,|_-]+)\Z")
_TITLE_UNIT = re.compile(r"(?<!填报)(?<!上报)(?<!报送)(?:计量)?单位[:：]\s*([^\s;；)）。]+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet. ``field`` "" means not known here; ``unit`` "" means none stated."""

    index: int
    heading: str
    field: str = ""
    unit: str = ""

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it."""
        return column_letter(self.index)

    def __str__(self) -> str:
        return f"{self.letter} {self.heading}".strip()


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what its columns are. Rows are numbered from 1."""

    first_row: int
    last_row: int
    columns: Mapping[str, Column]
    unknown: tuple[Column, ...]
    ignored: frozenset[int]
    width: int
    texts: tuple[Mapping[int, str], ...]
    titles: tuple[tuple[int, str], ...]
    raw: frozenset[str] = frozenset()
    warnings: tuple[Problem, ...] = ()


def column_letter(index: int) -> str:
    """``0`` is A, ``26`` is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def heading_key(text: object) -> str:
    """How headings are compared: folded, without spaces, stars and colons around, lower case."""
    return tight(str(text)).casefold().strip("*:：、.。")


def heading_names(schema: RowSchema, translate: Translate) -> dict[str, str]:
    """Every accepted heading, as compared, to the field's name. ``ValueError`` when one heading means two fields."""
    names: dict[str, str] = {}
    for field in schema.fields.values():
        for text in (*field.aliases_zh, field.name):
            if names.setdefault(heading_key(text), field.name) != field.name:
                raise ValueError(f"{schema.code}: “{text}” names both {names[heading_key(text)]} and {field.name}")
    for field in schema.fields.values():
        for text in (field.label, translate(field.label)):
            names.setdefault(heading_key(text), field.name)
    return names


def heading_of(field: Field, translate: Translate, unit: str = "") -> str:
    """The heading under which we write the field ourselves, its unit in brackets."""
    label, unit = translate(field.label), unit or field.unit
    return f"{label}（{unit}）" if unit else label


class HeaderFinder:
    """Finds the header of one schema in any sheet."""

    def __init__(self, schema: RowSchema, translate: Translate = str) -> None:
        self.schema = schema
        self._translate = translate
        self._names = heading_names(schema, translate)
        self._least = min(2, len(schema.fields))

    def find(self, sheet: Sheet) -> tuple[Header | None, FileRefused | None, int]:
        """The header, or why there is none, and how many fields the best rows name."""
        top = [(number, row) for number, row in islice(sheet.rows(), SEARCHED_ROWS) if any(map(_filled, row))]
        if not top:
            return None, FileRefused("header_absent", sheet=sheet.name, names=self._examples()), 0
        rows = dict(top)
        merges = [merge for merge in sheet.merges if merge[0] <= max(rows) + DEEPEST]
        best: tuple[int, int, int] | None = None
        found: list[Column] = []
        for number in rows:
            for depth in range(self._needed_depth(number, merges), DEEPEST + 1):
                if depth > 1 and number + depth - 1 not in rows:
                    break
                columns = self._columns(number, depth, rows, merges)
                score = len({column.field for column in columns if column.field})
                if score and (best is None or (score, -depth) > (best[0], -best[2])):
                    best, found = (score, number, depth), columns
        if best is None:
            return None, FileRefused("header_absent", sheet=sheet.name, names=self._examples()), 0
        score, number, depth = best
        if score < self._least:
            named = tuple(str(column) for column in found if column.field)
            return (
                None,
                FileRefused("header_partial", sheet=sheet.name, number=number, found=named, names=self._examples()),
                score,
            )
        try:
            return self._header(number, depth, found, rows, merges), None, score
        except FileRefused as refusal:
            return None, refusal, score

    def _examples(self) -> tuple[str, ...]:
        return tuple(
            heading_of(field, self._translate) for field in self.schema.fields.values() if field.required
        ) or tuple(heading_of(field, self._translate) for field in islice(self.schema.fields.values(), 5))

    @staticmethod
    def _needed_depth(number: int, merges: Iterable[Merge]) -> int:
        """Rows the block must have because cells of its first row are merged downwards."""
        ends = [bottom for top, _left, bottom, _right in merges if top == number and bottom > number]
        return min(max([*ends, number]) - number + 1, DEEPEST)

    def _columns(
        self, number: int, depth: int, rows: Mapping[int, Sequence[Any]], merges: Iterable[Merge]
    ) -> list[Column]:
        grid = _grid(number, depth, rows, merges)
        columns = []
        for index in range(max(map(len, grid))):
            chain: list[str] = []
            for row in grid:
                text = row[index] if index < len(row) else ""
                if text and (not chain or chain[-1] != text):
                    chain.append(text)
            if chain:
                field, unit = self._match(chain)
                columns.append(Column(index, shown("".join(chain) if len(chain) > 1 else chain[0], 60), field, unit))
        return columns

    def _match(self, chain: Sequence[str]) -> tuple[str, str]:
        """The field a heading names, and the unit it states; ("", "") when it names none."""
        for start in range(len(chain) - 1):
            if (matched := self._match_text("".join(chain[start:])))[0]:
                return matched
            group, last = heading_key("".join(chain[start:-1])), heading_key(chain[-1])
            if last in _PERSON_NAME and group in self._names:
                return self._names[group], ""
            if last in _PHONES:
                for spelling in self._spellings(group):
                    for synonym in _PHONES:
                        if name := self._names.get(spelling + synonym):
                            return name, ""
        vague = len(chain) > 1 and heading_key(chain[-1]) in _ALONE_MEANINGLESS
        if vague and not all(_NEUTRAL_GROUP.match(heading_key(group)) for group in chain[:-1]):
            return "", ""
        return self._match_text(chain[-1])

    def _spellings(self, group: str) -> list[str]:
        """A group heading, and the other names of the person it names (主要负责人, 负责人)."""
        person = self._names.get(group) or self._names.get(group + "姓名")
        others = [key.removesuffix("姓名") for key, name in self._names.items() if person and name == person]
        return [group, *others]

    def _match_text(self, text: str) -> tuple[str, str]:
        key = heading_key(text)
        if name := self._names.get(key):
            return name, ""
        for pattern in (_BRACKET, _TAIL):
            match = pattern.match(key)
            if not match:
                continue
            base, note = heading_key(match[1]), match[2].removeprefix("单位:")
            if name := self._names.get(base + note):
                return name, ""
            if not (name := self._names.get(base)):
                if pattern is _BRACKET and _BRACKET.match(base):
                    return self._match_text(base)
                continue
            field = self.schema.fields[name]
            if is_unit(note) or (field.unit and unit_of(note) == unit_of(field.unit)):
                return name, unit_of(note)
            if pattern is _BRACKET and note not in _ALONE_MEANINGLESS:
                return name, ""
        return "", ""

    def _header(
        self,
        number: int,
        depth: int,
        found: Sequence[Column],
        rows: Mapping[int, Sequence[Any]],
        merges: Iterable[Merge],
    ) -> Header:
        columns: dict[str, Column] = {}
        unknown, ignored = [], set()
        for column in found:
            if not column.field:
                if heading_key(column.heading) in IGNORED:
                    ignored.add(column.index)
                else:
                    unknown.append(column)
            elif column.field in columns:
                label = Msg(self.schema.fields[column.field].label)
                raise FileRefused("column_twice", first=str(columns[column.field]), second=str(column), field=label)
            else:
                columns[column.field] = column
        absent = [field for field in self.schema.fields.values() if field.required and field.name not in columns]
        if absent:
            raise FileRefused(
                "column_absent",
                field=tuple(Msg(field.label) for field in absent),
                number=number,
                found=tuple(shown(column.heading, 20) for column in found),
                names=tuple(name for field in absent for name in (field.aliases_zh or (field.label,))),
            )
        titles = tuple(
            (row, shown(next(cell for cell in rows[row] if _filled(cell)), 60)) for row in sorted(rows) if row < number
        )
        columns, warnings = self._with_units(columns, [_text(c) for row in rows if row < number for c in rows[row]])
        warnings += [row_problem("column_unknown", heading=str(column)) for column in unknown]
        block = [rows.get(row, ()) for row in range(number, number + depth)]
        raw = frozenset(
            c for row, cells in rows.items() if row < number + depth for c in cells if isinstance(c, str) and c
        )
        texts = tuple({i: heading_key(_text(cell)) for i, cell in enumerate(row) if _filled(cell)} for row in block)
        return Header(
            number, number + depth - 1, columns, tuple(unknown), frozenset(ignored),
            max(column.index for column in found) + 1, texts, titles, raw, tuple(warnings),
        )  # fmt: skip

    def _with_units(
        self, columns: Mapping[str, Column], above: Iterable[str]
    ) -> tuple[dict[str, Column], list[Problem]]:
        """Each column with the unit its values are in; a unit that cannot be converted is refused."""
        stated = [
            unit_of(tight(unit))
            for text in above
            for match in _TITLE_UNIT.finditer(text)
            for unit in re.split(r"[、/,，]", match[1])
            if is_unit(tight(unit))
        ]
        resolved: dict[str, Column] = {}
        warnings: list[Problem] = []
        for name, column in columns.items():
            field = self.schema.fields[name]
            unit = column.unit
            if field.kind in (Kind.WHOLE, Kind.DECIMAL) and (field.unit or unit):
                own = unit_of(field.unit)
                if not unit and own not in ("人", "%"):
                    unit = next((each for each in stated if factor_between(each, own) is not None), "")
                    if not unit and is_unit(own):
                        warnings.append(row_problem("column_no_unit", heading=str(column), unit=field.unit))
                if unit and factor_between(unit, own) is None:
                    raise FileRefused("column_unit", heading=str(column), unit=unit, expected=field.unit or "—")
                if unit and unit != own:
                    warnings.append(
                        row_problem("column_converted", heading=str(column), unit=unit, expected=field.unit)
                    )
            resolved[name] = Column(column.index, column.heading, name, unit)
        return resolved, warnings


def _filled(cell: Any) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _grid(number: int, depth: int, rows: Mapping[int, Sequence[Any]], merges: Iterable[Merge]) -> list[list[str]]:
    """The texts of the block, merged cells repeated over their range, unmerged groups continued to the right."""
    grid = [[_text(cell) for cell in rows.get(row, ())] for row in range(number, number + depth)]
    width = max(map(len, grid))
    for row in grid:
        row.extend([""] * (width - len(row)))
    merged: set[tuple[int, int]] = set()
    for top, left, bottom, right in sorted(merges, reverse=True):  # lower rows first: a group looks at what is below
        if bottom < number or top >= number + depth:
            continue
        text = grid[top - number][left] if top >= number and left < width else ""
        below = grid[bottom + 1 - number] if bottom + 1 < number + depth else None
        for line in range(max(top, number), min(bottom, number + depth - 1) + 1):
            for index in range(left, min(right, width - 1) + 1):
                merged.add((line - number, index))
                # A heading merely drawn wide stays one column; a group covers the columns with headings of their own.
                if text and (index == left or (below is not None and below[index])):
                    grid[line - number][index] = text
    for level, upper in enumerate(grid[:-1]):
        lower = grid[level + 1]
        for index in range(1, width):
            if upper[index] or not lower[index] or not upper[index - 1] or not lower[index - 1]:
                continue
            if lower[index - 1] != upper[index - 1] and not {(level, index), (level, index - 1)} & merged:
                upper[index] = upper[index - 1]
    return grid


def _text(cell: Any) -> str:
    return shown(cell, 200) if _filled(cell) else ""
