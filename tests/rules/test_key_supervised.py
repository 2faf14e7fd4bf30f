"""The national lists of key supervised chemicals and processes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from anlan.rules.book import apply
from anlan.rules.chemical_names import checked_cas
from anlan.rules.key_supervised import Supervised, chemicals, processes
from anlan.rules.refusal import BadInput, NotHeld

ON = dt.date(2026, 3, 1)


def look(**sent: Any) -> Supervised:
    return apply("key_supervised", sent, ON).value


def test_the_lists_are_whole() -> None:
    assert [one.entry for one in chemicals()] == list(range(1, 75))
    assert [one.entry for one in processes()] == list(range(1, 19))
    assert [one.name for one in chemicals() if one.cas is None] == ["原油"]
    for one in chemicals():
        for cas in (one.cas, one.cas_elsewhere):
            assert cas is None or checked_cas(cas) == cas
        assert re.search("2011|2013", one.notice)


def test_every_entry_is_found_by_its_name_and_number() -> None:
    for one in chemicals():
        assert look(substance=one.name).entry == one
        assert one.cas is None or look(cas=one.cas).entry == one
    for one in processes():
        assert look(process=one.name).entry == one


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"substance": "液氨"}, "氨"),
        ({"substance": "天然气"}, "甲烷、天然气"),
        ({"substance": "石脑油"}, "汽油(含甲醇汽油、乙醇汽油)、石脑油"),
        ({"substance": "氢氟酸"}, "氟化氢、氢氟酸"),
        ({"substance": "过氧化苯甲酰"}, "过氧化(二)苯甲酰"),
        ({"substance": "ＴＤＩ"}, "甲苯二异氰酸酯"),
        ({"cas": "26471-62-5"}, "甲苯二异氰酸酯"),
        ({"cas": "86290-81-5"}, "汽油(含甲醇汽油、乙醇汽油)、石脑油"),
        ({"process": "氨基化工艺"}, "胺基化工艺"),
        ({"process": "电解工艺（氯碱）"}, "电解工艺(氯碱)"),
        ({"process": "裂化"}, "裂解(裂化)工艺"),
        ({"process": "煤制烯烃"}, "新型煤化工工艺"),
    ],
)
def test_other_names_lead_to_the_entry(sent: dict[str, Any], name: str) -> None:
    entry = look(**sent).entry
    assert entry is not None
    assert entry.name == name


@pytest.mark.parametrize(
    "sent", [{"substance": "乙醇"}, {"cas": "64-17-5"}, {"process": "蒸馏"}, {"substance": "氯酸"}]
)
def test_what_is_not_listed_is_said_with_a_warning(sent: dict[str, Any]) -> None:
    finding = apply("key_supervised", sent, ON)
    assert finding.value == Supervised(False, None)
    assert "按字面比对" in finding.steps[0].zh


def test_a_cas_number_printed_elsewhere_is_said_to_be_so() -> None:
    steps = apply("key_supervised", {"cas": "86290-81-5"}, ON).steps
    assert "the list prints CAS 8006-61-9" in steps[1]


def test_names_of_confidence_c_are_to_be_verified() -> None:
    assert not apply("key_supervised", {"substance": "乙醚"}, ON).settled
    assert apply("key_supervised", {"substance": "氯酸钠"}, ON).settled


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "substance", "is missing"),
        ({"substance": "氯", "process": "氯化工艺"}, "substance", "beside a process"),
        ({"cas": "7782-50-6"}, "cas", "check digit"),
        ({"substance": "氯", "cas": "7664-41-7"}, "cas", "is 7664-41-7, which is 氨; accepted: 7782-50-5"),
    ],
)
def test_what_is_refused(sent: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        look(**sent)
    assert caught.value.field == field
    assert said in caught.value.reason


@pytest.mark.parametrize("sent", [{"substance": "氯"}, {"process": "氯化工艺"}])
def test_while_the_lists_grew_nothing_is_answered(sent: dict[str, Any]) -> None:
    with pytest.raises(NotHeld, match="重点监管"):
        apply("key_supervised", sent, "2013-12-31")
