"""A ledger's column looked at as a whole says of every cell what a look at each cell says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from anlan.kernel.errors import gettext_noop as _
from anlan.kernel.intake import Choice, Field, Kind, Parsed, RowSchema, Unfit
from anlan.kernel.intake.cells import ErrorCell, MonthCell, PercentCell
from anlan.kernel.intake.columns import Columns
from anlan.kernel.intake.kinds import converter
from anlan.kernel.intake.problems import Problem
from anlan.modules.hazards.rows import HAZARD, LEDGER
from anlan.modules.registry.rows import ENTERPRISE
from anlan.rules import uscc

TODAY = dt.date(2026, 7, 1)

SCHEMA = RowSchema(
    "all",
    "All kinds",
    (
        Field("name", _("Unit name"), Kind.NAME, required=True, min_length=2, max_length=40),
        Field("note", _("Note"), Kind.TEXT, max_length=30, default="—"),
        Field("story", _("Story"), Kind.LINES, min_length=3, max_length=60),
        Field("county", _("County"), Kind.TEXT, repeats=True, max_length=20),
        Field(
            "uscc", _("Code"), Kind.CODE, min_length=18, max_length=18, blanks=("办理中", "无证"),
            normalise=uscc.normalise, check=uscc.problems,
        ),
        Field("number", _("Number"), Kind.CODE, pattern=r"A-?\d{3}", required=True, max_length=5),
        Field("serial", _("Serial"), Kind.CODE),
        Field("seal", _("Seal"), Kind.CODE, min_length=3, check=lambda code: not code.endswith("9")),
        Field("heads", _("Heads"), Kind.WHOLE, unit="人", min=0, max=1000),
        Field("tons", _("Tons"), Kind.DECIMAL, unit="吨", places=2),
        Field("on", _("On"), Kind.DAY, max=lambda: TODAY, min=dt.date(1990, 1, 1)),
        Field("until", _("Until"), Kind.DAY, required=True),
        Field("born", _("Born"), Kind.DAY, personal=True),
        Field("size", _("Size"), Kind.CHOICE, choices=(Choice("s", "Small", ("小型",)), Choice("l", "Large", ("大型",)))),
        Field("risks", _("Risks"), Kind.CHOICES, choices=(Choice("a", "A1", ("粉尘",)), Choice("b", "B1", ("液氨",)))),
        Field("flag", _("Flag"), Kind.FLAG, required=True),
        Field("lon", _("Longitude"), Kind.LON),
        Field("lat", _("Latitude"), Kind.LAT, min=20, max=30),
        Field("phone", _("Telephone"), Kind.PHONE, personal=True),
        Field("desk", _("Desk"), Kind.PHONE, max_length=11),
        Field("mail", _("Mail"), Kind.EMAIL),
        Field("card", _("Card"), Kind.ID_NUMBER, personal=True),
        Field("absent", _("Absent"), Kind.TEXT, default="nothing"),
    ),
)  # fmt: skip


@SCHEMA.check
def _point(values: Mapping[str, Any]) -> Problem | None:
    if (values.get("lon") is None) == (values.get("lat") is None):
        return None
    return SCHEMA.problem("lon", "half", "%(field)s is half a point")


def _days(values: Mapping[str, Any]) -> list[Problem]:
    return [SCHEMA.problem("until", "order", "%(field)s is early")] if values["until"] < values["on"] else []


def _large(values: Mapping[str, Any]) -> Problem | None:
    return SCHEMA.problem("flag", "large", "%(field)s") if values["size"] == "l" and not values["flag"] else None


SCHEMA.check(_days, needs=("on", "until"))
SCHEMA.check(_large, when=("size",))

RIGHT = (
    "兴宁市某某机械厂", "某某厂", "澜州市水泥制品有限公司（一分厂）", "兴业路3号", "张三", "李四丰", "县区", "91441481MA00000073",
    "91441481MA0000015X", "91110000600037341L", "A-001", "A123", "B77", "50", "3", "12.5", "2024年3月5日", "2024/3/5",
    "20240305", "2024.03.05", "2031-01-01", "小型", "大型", "粉尘、液氨", "是", "否", "有", "115.731648", "24.136708",
    "24", "13800138000", "15912345678", "0753-2123456", "12350", "someone@example.com", "11010519491231002X", "",
)  # fmt: skip
HOSTILE = (
    " ", "  ", "/", "-", "—", "——", "－", "\\", "无", "暂无", "没有", "None", "NULL", "N/A", "nil", "ｎｉｌ", "办理中", "无证", " 无证 ", "无证件",
    "\t", "\n", "一\n二", "一\r\n\r\n\r\n二", "\x1f", "a\x1fb", "名\x1f", "13800138000\x1f13900139000",
    "115.7\x1f115.8", "24.1\x1f24.2", "\x00", "\ufeff名", "名\u200b称", "名　称", "名 称", "a b", "（某) 厂",
    "(某)厂", "某厂 ", " 某厂", "ＡＢＣ１２３", "９１４４１４８１MA00000073", "91441481ma00000073", "9144 1481 MA00 0000 73",
    "91441481MAO0000073", "91441481MA00000074", "91110000600037341l", "9144148", "91441481MA000000731", "=1+1", "＝A1",
    '="0123"', '="91441481MA00000073"', "'=SUM(A1)", "' =x", "'+1", "@x", "e\u0301te\u0301", "\u2f00\u2f06", "\uf900", "㎡", "①检查",
    "\ud800", "\ufffd", "长" * 41, "长" * 61, "x" * 5000, "1e5", "1E+17", "4.4E17", "٣", "²", "½", "１３８００１３８０００", "+86 13800138000",
    "138-0013-8000", "1380013800", "23800138000", "13800138000/13900139000", "2123456", "400-123-4567", "约50人", "50人",
    "５０人", "1,234", "1,23", "-5", "1001", "50.0", "50.5", "0.125吨", "3万吨", "12%", "2024年3月", "2024", "3月5日", "24.3.5", "2024-02-30",
    "2024-13-01", "1890-01-01", "1989-12-31", "2026-07-02", "2199-12-31", "2200-01-01", "45356", "45356.5", "2024-03-05 10:20",
    "2024-03-05T10:20:30Z", "二〇二四年三月五日", "03/04/2024", "中型", "小 型", "SMALL", "粉尘；粉尘", "粉尘、煤", "√", "×", "y", "also",
    "115.7°E", "东经115°07′24.5″", "24.1N", "999", "-1", ".5", "115.", "116,5", "a@b", "110105194912310021", "A001x", "a-001",
    "Ａ-００１", "A-0012", "B79", "b7", "İ", "ß", "ǆ", "一二三", "C26144", "C2614", "有机化学原料制造", "五金加工",
)  # fmt: skip
NO_TEXT = (
    None, 0, 1, -0.0, 1.0, 50, 50.0, 50.5, 45356, 45356.0, 1e15, 1e300, float("nan"), float("inf"), 13800138000, 13800138000.0,
    7532123456.0, True, False, dt.date(2024, 3, 5), dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC), dt.time(3), dt.timedelta(hours=30),
    ErrorCell("#REF!"), ErrorCell(""), MonthCell(dt.date(2024, 3, 1)), PercentCell(0.85), 115.5, 24.5, 10**20,
)  # fmt: skip


def one_by_one(
    schema: RowSchema, columns: Mapping[str, int], row: Sequence[Any], epoch1904: bool | None, units: Mapping[str, str]
) -> Parsed:
    """Each cell to its converter, then the checks: what reading a ledger means."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    missing: list[Problem] = []
    remarks: list[Problem] = []
    for name, field in schema.fields.items():
        raw = row[columns[name]] if name in columns else None
        try:
            values[name] = converter(field, epoch1904=epoch1904, unit=units.get(name))(raw)
        except Unfit as why:
            if name in columns and (remark := field.remark(raw)):
                values[name] = field.default
                remarks.append(remark)
            else:
                (problems if name in columns else missing).append(field.problem(why, raw))
    return schema.finished(values, problems + missing, remarks)


def looked_at(read: Columns, rows: Sequence[Sequence[Any]]) -> list[Parsed]:
    values, told = read.read(rows)
    return [told.get(at) or Parsed(row, (), row) for at, row in enumerate(read.mappings(values))]


def kinds(parsed: Parsed) -> Any:
    """With the types: True is not 1, and 50 is not 50.0."""
    values = {name: (type(value), value) for name, value in parsed.partial.items()}
    return parsed.values is None, values, parsed.problems, parsed.remarks


@pytest.mark.parametrize("schema", [SCHEMA, ENTERPRISE, HAZARD, LEDGER], ids=lambda schema: schema.code)
@pytest.mark.parametrize("typed", [False, True], ids=["text table", "workbook"])
def test_a_glance_at_a_column_is_a_look_at_each_cell(schema: RowSchema, typed: bool) -> None:
    chance = random.Random(f"{schema.code}{typed}")
    judged = {True: 0, False: 0}
    for _round in range(60):
        names = [name for name in schema.fields if name != "absent" and chance.random() < 0.9]
        columns = {name: place for place, name in enumerate(chance.sample(names, len(names)))}
        epoch = chance.choice([False, True, None])
        units = {"heads": "万人"} if chance.random() < 0.2 and "heads" in columns else {}
        # One cell of the right kind for each column, for most columns are filled in rightly, in most rows.
        usual = {name: [right for right in RIGHT if _fits(schema.fields[name], right)] or [""] for name in names}
        odd = chance.choice([0.0, 0.002, 0.05, 0.5])
        rows = []
        for _row in range(chance.randrange(1, 40)):
            row: list[Any] = [""] * len(names)
            for name, place in columns.items():
                pool: Sequence[Any] = HOSTILE + NO_TEXT if typed else HOSTILE
                row[place] = chance.choice(pool if chance.random() < odd else usual[name])
            rows.append(row)
        got = looked_at(Columns(schema, columns, epoch1904=epoch, units=units), rows)
        for row, parsed in zip(rows, got, strict=True):
            wanted = one_by_one(schema, columns, row, epoch, units)
            assert kinds(parsed) == kinds(wanted), row
            judged[wanted.values is None] += 1
    assert min(judged.values()) > 50  # neither all right nor all wrong


@pytest.mark.parametrize("name", list(SCHEMA.fields))
def test_every_hostile_cell_in_every_column(name: str) -> None:
    """Alone, and among right ones: what a cell means does not hang on its neighbours."""
    field = SCHEMA.fields[name]
    schema = RowSchema("one", "One", (field,))
    right = next(text for text in (*RIGHT, "") if _fits(field, text))
    for cell in (*RIGHT, *HOSTILE, *NO_TEXT):
        for rows in ([[cell]], [[right], [cell], [right]], [[cell], [cell], ["某"]]):
            got = looked_at(Columns(schema, {name: 0}), rows)
            wanted = [one_by_one(schema, {name: 0}, row, False, {}) for row in rows]
            assert [kinds(one) for one in got] == [kinds(one) for one in wanted], rows


def _fits(field: Field, text: str) -> bool:
    try:
        converter(field, epoch1904=False, unit=None)(text)
    except Unfit:
        return False
    return True
