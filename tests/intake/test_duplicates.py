"""The same enterprise twice in one file, under one code or in two spellings."""

from __future__ import annotations

from typing import Any

import pytest

from anlan.kernel.intake import Accepted, Duplicates
from anlan.kernel.intake.names import address_key, name_key
from tests.intake.ledgers import accepted, code, read, rejected, workbook

HEAD = ["信用代码", "企业名称", "地址", "从业人数"]


def both(rows: list[list[Any]], **rules: Any) -> list[Any]:
    return read(workbook([HEAD, *rows]), duplicates=Duplicates(**rules))[1]


def test_one_code_twice_is_refused_naming_the_first_row() -> None:
    outcomes = both([[code(1), "甲厂", "", 1], [code(2), "乙厂", "", 1], [code(1).lower(), "丙厂", "", 1]])
    assert rejected(outcomes) == {4: [("A 信用代码", "same_code")]}
    assert "row 2" in outcomes[2].problems[0].reason()
    assert set(accepted(both([[code(1), "甲厂", "", 1], [code(1), "乙厂", "", 1]], same_code="off"))) == {2, 3}
    warned = both([[code(1), "甲厂", "", 1], [code(1), "乙厂", "", 1]], same_code="warn")
    assert [problem.code for problem in warned[1].warnings] == ["same_code"]


@pytest.mark.parametrize(
    "other",
    [
        "兴宁市龙田(水泥)有限公司", "兴宁市 龙田（水泥） 有限公司", "兴宁市龍田（水泥）有限公司",
        "广东省兴宁市龙田水泥有限责任公司",
        "龙田（水泥）有限责任公司", "兴宁市龙田“水泥”有限公司", "广东兴宁市龙田・水泥有限公司",
    ],
)  # fmt: skip
def test_two_spellings_without_code_look_alike(other: str) -> None:
    outcomes = both([["", "兴宁市龙田（水泥）有限公司", "1号", 1], ["", other, "", 1]])
    assert rejected(outcomes) == {3: [("B 企业名称", "looks_like")]}
    reason = outcomes[1].problems[0].reason()
    assert "row 2" in reason and "Unified social credit code" in reason
    assert rejected(both([[code(1), "兴宁市龙田（水泥）有限公司", "", 1], ["", other, "", 1]])) == rejected(outcomes)


def test_two_codes_are_two_legal_persons() -> None:
    outcomes = both([[code(1), "龙田水泥厂", "1号", 1], [code(2), "龍田水泥厂", "1号", 1]])
    assert set(accepted(outcomes)) == {2, 3}
    assert isinstance(outcomes[1], Accepted) and [p.code for p in outcomes[1].warnings] == ["alike"]


def test_other_enterprises_are_not_taken_for_one() -> None:
    names = [
        "兴宁市龙田水泥厂",
        "大埔县龙田水泥厂",
        "龙田水泥股份有限公司",
        "龙田水泥有限公司",
        "龙田水泥有限公司第一分公司",
        "福建省龙田水泥厂二厂",
    ]
    assert rejected(both([["", name, "", 1] for name in names])) == {}


def test_rules_can_be_loosened() -> None:
    rows = [
        ["", "龙田水泥厂", "福兴街道1号", 1],
        ["", "龍田水泥厂", "石马镇2号", 1],
        ["", "龙田 水泥厂", "兴宁市福兴街道１號", 1],
    ]
    assert set(rejected(both(rows))) == {3, 4}
    assert set(rejected(both(rows, same_address=True))) == {4}
    assert rejected(both(rows, alike="off")) == {}
    warned = both(rows, alike="warn")
    assert rejected(warned) == {} and [p.code for p in warned[1].warnings] == ["looks_like"]


def test_a_row_refused_for_something_else_still_counts() -> None:
    outcomes = both([[code(1), "甲厂", "", "约5人"], [code(1), "甲厂", "", 5]])
    assert set(rejected(outcomes)) == {2, 3}


def test_fields_that_together_may_not_repeat() -> None:
    rows = [["", "甲厂", "1号", 1], ["", "甲厂", "2号", 1], ["", "甲厂", "1号", 2]]
    outcomes = both(rows, alike="off", same=("name", "address"))
    assert rejected(outcomes) == {4: [("", "same_row")]}
    assert "Enterprise name / Address" in outcomes[2].problems[0].reason()


def test_keys() -> None:
    assert name_key("梅州兴宁龙田厂", ("梅州", "兴宁")).core == name_key("龙田厂").core
    assert name_key("城市之家").core == "城市之家"  # too little would remain
    assert address_key("广东省梅州市兴宁市福兴街道 12號") == address_key("福兴街道１２号")
