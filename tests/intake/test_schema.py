"""Values as people type them, through the schema that form, API and intake share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.errors import BadInputs
from anlan.kernel.intake import Choice, Field, Kind, Parsed, Problem, RowSchema
from anlan.kernel.intake.cells import ErrorCell, PercentCell
from anlan.kernel.intake.columns import Columns
from anlan.kernel.intake.problems import SENTENCES
from anlan.rules.wording import Wording
from tests.intake.ledgers import SCHEMA, code


def one(field: Field, raw: Any) -> Any:
    """The value of a single field, or the code of its problem."""
    parsed = RowSchema("one", "One", (field,)).parse({field.name: raw})
    return parsed.problems[0].code if parsed.problems else parsed.partial[field.name]


def whole(raw: Any, **options: Any) -> Any:
    return one(Field("n", "Number", Kind.WHOLE, **options), raw)


def decimal(raw: Any, **options: Any) -> Any:
    return one(Field("n", "Number", Kind.DECIMAL, **options), raw)


def of_kind(kind: Kind, raw: Any, **options: Any) -> Any:
    return one(Field("f", "Field", kind, **options), raw)


def test_a_row_becomes_values() -> None:
    parsed = SCHEMA.parse(
        {
            "uscc": code(1).lower().replace("9", "９", 1),
            "name": " 兴宁市 ( 某 ) 厂\n分部 ",
            "headcount": "１，２００人",
            "founded": "2024年3月5日",
            "capital": "500",
            "kind": "个体工商户",
            "dust": "√",
            "phone": "+86 138-0013-8000",
        }
    )
    assert parsed.problems == ()
    assert parsed.values == {
        "uscc": code(1), "name": "兴宁市（某）厂分部", "headcount": 1200, "founded": dt.date(2024, 3, 5),
        "capital": Decimal(500), "address": None, "kind": "single", "dust": True, "principal": None,
        "phone": "13800138000",
    }  # fmt: skip
    assert isinstance(parsed.values["capital"], Decimal)


def test_every_problem_names_the_field_and_the_remedy() -> None:
    parsed = SCHEMA.parse({"headcount": "约50人", "founded": "2024年3月", "uscc": "9.144E+17", "phone": "138"})
    assert parsed.values is None
    assert [(p.column, p.code) for p in parsed.problems] == [
        ("uscc", "digits_lost"), ("name", "missing"), ("headcount", "approximate"), ("founded", "month_only"),
        ("phone", "not_a_phone"),
    ]  # fmt: skip
    told = {problem.column: problem.text for problem in parsed.problems}
    assert "Unified social credit code" in told["uscc"] and "format the column as text" in told["uscc"]
    assert told["name"] == "Enterprise name is empty: fill it in."
    assert "约50人" in told["headcount"] and "write the number only" in told["headcount"]
    with pytest.raises(BadInputs) as refusal:
        parsed.required()
    assert {problem.column for problem in refusal.value.problems} == set(told)


def test_rules_of_a_code_speak_both_languages() -> None:
    problem = SCHEMA.parse({"name": "甲厂", "uscc": "91441481MA00000O27"}).problems[0]
    assert problem.code == "rule" and isinstance(problem.params["reason"], Wording)
    assert "cannot be “O”" in problem.text
    chinese = problem.render(lambda text: "zh-hans" if text.startswith("language") else text)
    assert "第16位不能是“O”" in chinese


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("120", 120), ("120.0", 120), (120.0, 120), ("1,200", 1200), ("１２０", 120), (" 120 ", 120), ("+5", 5),
        ("-5", -5),
        (Decimal("7.0"), 7), ("", None), (None, None), ("/", None), ("—", None), ("无", None), ("\u3000", None),
        ("120.5", "fraction"), (120.5, "fraction"), ("约50", "approximate"), ("50余", "approximate"),
        ("50-60", "approximate"),
        ("五十", "not_whole"), ("1,20", "not_whole"), ("1.2E+3", "digits_lost"), (1e15, "digits_lost"),
        (True, "not_whole"),
        (float("inf"), "not_whole"), (float("nan"), "not_whole"), ("50人", "unit_unknown"), ("abc", "not_whole"),
        ("٥٠", "not_whole"), (dt.date(2024, 3, 5), "not_whole"), (ErrorCell("#N/A"), "error_cell"),
        (ErrorCell(""), "formula_empty"), (PercentCell(0.5), "not_percent"), ([1], "not_whole"), ("9" * 19, "above"),
        ("\ufffd", "unreadable"),
    ],
)  # fmt: skip
def test_whole_numbers(raw: Any, expected: Any) -> None:
    assert whole(raw) == expected


def test_a_unit_is_accepted_only_where_it_is_declared() -> None:
    assert whole("50人", unit="人") == 50
    assert whole("50 名", unit="人") == 50
    assert whole("50家", unit="人") == "unit_unknown"
    assert whole("约50人", unit="人") == "approximate"
    assert whole("50余人", unit="人") == "approximate"
    assert decimal("500万元", unit="元") == 5_000_000
    assert decimal("1.5吨", unit="千克") == 1500
    assert decimal("1.5吨", unit="元") == "unit_unknown"
    assert decimal("85%", unit="%") == 85
    assert decimal(PercentCell(0.85), unit="%") == 85


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12.50", Decimal("12.5")), (0.1 + 0.2, Decimal("0.3")), ("1,234.5", Decimal("1234.5")), (12, Decimal(12)),
        ("-0.5", Decimal("-0.5")), (".5", Decimal("0.5")), ("1e5", "not_number"), ("12.345", "places"),
        (1e18, "digits_lost"),
        ("十", "not_number"), ("NaN", "not_number"), ("1" * 30, "above"),
    ],
)  # fmt: skip
def test_decimals(raw: Any, expected: Any) -> None:
    assert decimal(raw, places=2) == expected


def test_bounds_may_be_functions_and_are_asked_each_time() -> None:
    latest = [dt.date(2024, 3, 5)]
    schema = RowSchema("s", "S", (Field("d", "Day", Kind.DAY, min=dt.date(2000, 1, 1), max=lambda: latest[0]),))
    assert schema.parse({"d": "2024-03-06"}).problems[0].code == "day_late"
    latest[0] = dt.date(2024, 3, 6)
    assert schema.parse({"d": "2024-03-06"}).values == {"d": dt.date(2024, 3, 6)}
    assert schema.parse({"d": "1999-12-31"}).problems[0].code == "day_early"
    assert of_kind(Kind.DAY, "1899-01-01") == "day_early"
    assert of_kind(Kind.DAY, "2999-01-01") == "day_late"
    assert whole("-1", min=0) == "below"
    assert whole("11", max=10) == "above"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a-001", "A-001"), (" Ａ 001 ", "A001"), (441481.0, "441481"), (441481, "441481"), ('="0012"', "0012"),
        (9.1110108512345e17, "digits_lost"), ("9.11E+17", "digits_lost"), (12.5, "12.5"), (True, "not_a_code"),
        (dt.date(2024, 3, 5), "not_a_code"), ("无", None), ("-", None), (ErrorCell("#REF!"), "error_cell"),
        ({}, "not_plain"),
    ],
)  # fmt: skip
def test_codes(raw: Any, expected: Any) -> None:
    assert of_kind(Kind.CODE, raw) == expected


def test_code_length_and_form() -> None:
    assert of_kind(Kind.CODE, "12345", min_length=6, max_length=6) == "code_length"
    assert of_kind(Kind.CODE, "12345", min_length=6) == "too_short"
    assert of_kind(Kind.CODE, "12345", max_length=4) == "too_long"
    assert of_kind(Kind.CODE, "12345", pattern=r"\d{6}") == "code_form"
    assert of_kind(Kind.CODE, "X1", check=lambda value: False) == "code_wrong"
    assert of_kind(Kind.CODE, "X1", check=lambda value: ("is not in force",)) == "rule"
    assert of_kind(Kind.CODE, "X1", check=lambda value: ()) == "X1"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("甲\u200b 公 司", "甲 公 司"), ("ＡＢＣ１２３", "ABC123"), ("①检查㎡、℃", "①检查㎡、℃"),
        ("，。；：！？（）", "，。；：！？（）"),
        ("a\r\nb", "a b"), ("\u3000甲\u3000", "甲"), ("⼴东", "广东"), ("'=1+1", "=1+1"), ("'甲", "'甲"), ("", None),
        ("/", None),
        ("无", "无"), (12.0, "12"), (12.5, "12.5"), (True, "是"), ("甲\ud800", "unreadable"), ("甲\x00乙", "甲乙"),
        ({}, "not_plain"),
        (9e15, "digits_lost"), ("x" * 11, "too_long"),
    ],
)  # fmt: skip
def test_text(raw: Any, expected: Any) -> None:
    assert of_kind(Kind.TEXT, raw, max_length=10) == expected


def test_lines_keep_their_breaks_and_names_the_register_s_spelling() -> None:
    assert of_kind(Kind.LINES, " 一 \r\n\n\n\n 二  三 ") == "一\n\n二 三"
    assert of_kind(Kind.NAME, "ABB (中国) 有限公司") == "ABB（中国）有限公司"
    assert of_kind(Kind.NAME, "ABB (Beijing) Ltd") == "ABB (Beijing) Ltd"
    assert of_kind(Kind.NAME, "甲\n公司") == "甲公司"


def test_choices_flags() -> None:
    choices = (Choice("large", "Large", ("大型", "大 型企业")), Choice("small", "Small", ("小型",)))
    assert of_kind(Kind.CHOICE, "大型", choices=choices) == "large"
    assert of_kind(Kind.CHOICE, "ＳＭＡＬＬ ", choices=choices) == "small"
    assert of_kind(Kind.CHOICE, "中型", choices=choices) == "not_a_choice"
    assert of_kind(Kind.CHOICES, "大型、小型；大型", choices=choices) == ("large", "small")
    assert of_kind(Kind.CHOICES, ["large", "小型"], choices=choices) == ("large", "small")
    assert of_kind(Kind.CHOICES, "大型、中型", choices=choices) == "not_a_choice"
    assert [of_kind(Kind.FLAG, raw) for raw in ("是", "√", True, 1, "否", "无", "×", False, 0)] == [True] * 4 + [
        False
    ] * 5
    assert of_kind(Kind.FLAG, "") is None and of_kind(Kind.FLAG, "/") is None
    assert of_kind(Kind.FLAG, "可能") == "not_a_flag"
    with pytest.raises(ValueError, match="means both"):
        Field("x", "X", Kind.CHOICE, choices=(Choice("a", "A", ("甲",)), Choice("b", "B", ("甲 ",))))


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (Kind.LON, "115.731", 115.731), (Kind.LON, 115.5, 115.5), (Kind.LON, "东经115.5°", 115.5),
        (Kind.LON, "115.5°E", 115.5),
        (Kind.LON, "115°30′00″", 115.5), (Kind.LON, "24.1", "swapped"), (Kind.LON, "北纬24.1", "swapped"),
        (Kind.LON, "0", "below"),
        (Kind.LON, "200", "above"), (Kind.LON, "东经", "not_longitude"), (Kind.LON, "115°61′", "not_longitude"),
        (Kind.LAT, "24°08′16.8″N", 24 + 8 / 60 + 16.8 / 3600), (Kind.LAT, "115.7", "swapped"),
        (Kind.LAT, "-24", "below"),
        (Kind.LAT, "x", "not_latitude"), (Kind.LAT, True, "not_latitude"),
        (Kind.PHONE, "13800138000", "13800138000"), (Kind.PHONE, 13800138000.0, "13800138000"),
        (Kind.PHONE, "(0753)3331234", "0753-3331234"), (Kind.PHONE, "010-12345678", "not_a_phone"),
        (Kind.PHONE, "０２０－８１２３４５６７转12", "020-81234567-12"), (Kind.PHONE, "400-123-4567", "400-123-4567"),
        (Kind.PHONE, "12350", "12350"), (Kind.PHONE, "13800138000/13900139000", "phones"),
        (Kind.PHONE, "3331234", "phone_area"),
        (Kind.PHONE, 7533331234.0, "phone_zero"), (Kind.PHONE, "1380013800", "not_a_phone"),
        (Kind.ID_NUMBER, "11010519491231002x", "11010519491231002X"),
        (Kind.ID_NUMBER, "110105194912310021", "id_check"),
        (Kind.ID_NUMBER, "110105194913310021", "id_birthday"), (Kind.ID_NUMBER, "1101051949123100", "id_length"),
        (Kind.ID_NUMBER, 1.1010519491231e17, "digits_lost"), (Kind.ID_NUMBER, "A1010519491231002X", "id_form"),
        (Kind.EMAIL, "a.b@Example.COM", "a.b@example.com"), (Kind.EMAIL, "a@b", "not_an_email"),
    ],
)  # fmt: skip
def test_coordinates_telephones_identities(kind: Kind, raw: Any, expected: Any) -> None:
    found = of_kind(kind, raw)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_personal_values_are_never_repeated() -> None:
    secret = "110105194912310021"
    for kind in Kind:
        if kind in (Kind.CHOICE, Kind.CHOICES):
            continue
        schema = RowSchema("p", "P", (Field("x", "Secret", kind, personal=True, max_length=3),))
        for problem in schema.parse({"x": secret + "\ufffd"}).problems + schema.parse({"x": secret}).problems:
            assert secret not in problem.text and secret not in repr(problem)


def test_checks_between_fields() -> None:
    schema = RowSchema(
        "s", "S", (Field("start", "Start", Kind.DAY), Field("end", "End", Kind.DAY), Field("n", "N", Kind.WHOLE))
    )

    def in_order(values: Any) -> Problem | None:
        if values["start"] <= values["end"]:
            return None
        return schema.problem("end", "before_start", "%(field)s lies before %(start)s.", start=values["start"])

    schema.check(in_order, needs=("start", "end"))
    assert schema.parse({"start": "2024-01-02", "end": "2024-01-01"}).problems[0].text == "End lies before 2024-01-02."
    assert [p.code for p in schema.parse({"start": "2024-01-02", "end": "2024-01-01", "n": "x"}).problems] == [
        "not_whole",
        "before_start",
    ]
    assert schema.parse({"start": "2024-01-02"}).problems == ()


def test_strict_and_partial() -> None:
    assert SCHEMA.parse({"name": "甲厂", "nmae": "x"}).problems == ()
    assert [(p.column, p.code) for p in SCHEMA.parse({"name": "甲厂", "nmae": "x"}, strict=True).problems] == [
        ("nmae", "unknown_field")
    ]
    assert SCHEMA.parse({"headcount": "5"}, partial=True) == Parsed({"headcount": 5}, (), {"headcount": 5})
    assert SCHEMA.parse({"name": ""}, partial=True).problems[0].code == "missing"


def test_defaults_and_blank_words() -> None:
    assert of_kind(Kind.WHOLE, "", default=1) == 1
    assert of_kind(Kind.DAY, "长期", blanks=("长期",)) is None
    assert of_kind(Kind.TEXT, "-", required=True) == "missing"


def test_a_schema_refuses_what_is_declared_twice() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        RowSchema("s", "S", (Field("a", "A"), Field("a", "A")))
    with pytest.raises(ValueError, match="choices belong"):
        Field("a", "A", Kind.CHOICE)


def test_a_repeated_value_gives_the_same_answer() -> None:
    schema = RowSchema("s", "S", (Field("n", "N", Kind.WHOLE, max=5), Field("f", "F", Kind.FLAG)))
    for _round in range(3):
        assert schema.parse({"n": "1", "f": "1"}).values == {"n": 1, "f": True}
        assert schema.parse({"n": 1.0, "f": 1}).values == {"n": 1, "f": True}
        assert schema.parse({"n": "9"}).problems[0].code == "above"


def test_binding_columns_equals_parsing_a_mapping() -> None:
    row = {"name": "甲厂", "headcount": "5人", "founded": "45356", "phone": "x"}
    read = Columns(SCHEMA, {name: index for index, name in enumerate(row)})
    _values, told = read.read([list(row.values())])
    assert told == {0: SCHEMA.parse(row)}


@given(
    st.dictionaries(
        st.sampled_from(list(SCHEMA.fields)),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(allow_nan=True), st.text(max_size=30),
            st.dates(),
            st.datetimes(), st.times(), st.lists(st.text(max_size=3), max_size=2),
            st.dictionaries(st.text(), st.text()),
            st.builds(ErrorCell, st.sampled_from(["", "#REF!"])), st.builds(PercentCell, st.floats()),
            st.from_regex(r"[0-9０-９.,年月日/人万元%EeO+ -]{1,12}", fullmatch=True),
        ),
    )
)  # fmt: skip
def test_anything_becomes_typed_values_or_sentences(row: dict[str, Any]) -> None:
    parsed = SCHEMA.parse(row)
    assert (parsed.values is None) == bool(parsed.problems)
    for problem in parsed.problems:
        assert (
            problem.column in SCHEMA.fields
            and problem.code in SENTENCES
            and SCHEMA.fields[problem.column].label in problem.text
        )
    types = {
        "headcount": int, "founded": dt.date, "capital": Decimal, "dust": bool, "name": str, "uscc": str, "phone": str,
    }  # fmt: skip
    for name, value in parsed.partial.items():
        assert value is None or type(value) is types.get(name, str)
    if parsed.values is not None:  # what came out goes in again unchanged
        assert SCHEMA.parse(parsed.values).values == parsed.values
