"""What every rule is made of: editions, inputs, refusals, answers."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as these
from hypothesis import strategies as st

from anlan.rules.answer import as_json, plain
from anlan.rules.citation import Citation, Confidence, Finding, Place
from anlan.rules.editions import EVER, Editions, State, held, not_held, not_in_force
from anlan.rules.inputs import LAST_DAY, Input, day_of, given, read, schema, slots
from anlan.rules.refusal import BadInput, NotHeld, RuleBroken
from anlan.rules.rule import Rule, rule
from anlan.rules.wording import Wording

LAW = Citation("某条例", "第三条")
A, B = dt.date(2007, 6, 1), dt.date(2021, 9, 1)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Part(Input):
    tonnes: Decimal = given("Quantity", "数量", unit="t", least=0)


@dataclass(frozen=True, kw_only=True)
class Whole(Input):
    persons: int = given("Persons", "人数", unit="persons", least=0, most=10)
    share: Decimal | None = given("Share", "比例", above=0, default=None)
    colour: Colour = given("Colour", "颜色", default=Colour.BLUE, choices={"red": Wording("red", "红")})
    day: dt.date | None = given("Day", "日期", default=None)
    moment: dt.datetime | None = given("Moment", "时刻", default=None)
    sure: bool = given("Sure", "确定", default=False)
    name: str | None = given("Name", "名称", default=None, longest=5)
    kind: str = given("Kind", "类别", choices={"a": Wording("a", "甲")}, default="a")
    parts: tuple[Part, ...] = given("Parts", "各部分", default=())

    def consistent(self) -> None:
        if self.sure and not self.parts:
            raise BadInput("parts", Wording("is empty", "为空"))


def fault(sent: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(Whole, sent)
    return caught.value


def test_every_day_falls_in_exactly_one_edition() -> None:
    of = Editions("x", not_held(EVER, LAW), held(A, LAW, 1), not_in_force(B, LAW))
    for before, after in zip(of.rows, of.rows[1:], strict=False):
        assert before.end is not None
        assert after.start == before.end + dt.timedelta(days=1)
    assert [of.at(d).state for d in (A - dt.timedelta(1), A, B - dt.timedelta(1), B)] == [
        State.NOT_HELD, State.HELD, State.HELD, State.NOT_IN_FORCE,
    ]  # fmt: skip
    with pytest.raises(NotHeld, match="no text held: 《某条例》第三条 on 2007-05-31"):
        of.on(A - dt.timedelta(1))
    with pytest.raises(RuleBroken, match="no such rule was in force on 2021-09-01"):
        of.on(B)
    for row in (of.rows[0], of.rows[2]):
        with pytest.raises(RuleBroken):
            _ = row.held


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (held(A, LAW, 1),),
        (held(EVER, LAW, 1), held(B, LAW, 2), held(A, LAW, 3)),
        (held(EVER, LAW, 1), held(A, LAW, 2), held(A, LAW, 3)),
        (held(EVER, LAW, 1), held(EVER, LAW, 2)),
        (held(EVER, Citation("某条例", "第三条", valid_from=A), 1),),
        (not_held(EVER, LAW), held(A, Citation("某条例", "第三条", valid_to=B), 1)),
    ],
)
def test_editions_that_leave_a_gap_or_stretch_a_text_are_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match="x:"):
        Editions("x", *rows)


def test_an_input_reads_json_and_forms_alike() -> None:
    sent = {
        "persons": "3", "share": 0.1, "colour": "red", "day": "2024-02-29", "moment": "2026-03-01T08:30", "sure": "true",
        "name": " 液氨 ", "parts": [{"tonnes": "40.5"}, {"tonnes": 0}],
    }  # fmt: skip
    found = read(Whole, sent)
    assert found == Whole(
        persons=3, share=Decimal("0.1"), colour=Colour.RED, day=dt.date(2024, 2, 29), sure=True, name="液氨",
        moment=dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC), parts=(Part(tonnes=Decimal("40.5")), Part(tonnes=Decimal(0))),
    )  # fmt: skip
    assert found.moment is not None
    assert found.moment.isoformat() == "2026-03-01T08:30:00+08:00"
    assert read(Whole, {"persons": 3.0, "day": None, "name": ""}) == Whole(persons=3)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "persons", "is missing; accepted: a whole number (persons) from 0 to 10"),
        ({"persons": -1}, "persons", "is -1"),
        ({"persons": 11}, "persons", "is 11"),
        ({"persons": 2.5}, "persons", "is 2.5"),
        ({"persons": True}, "persons", "is True"),
        ({"persons": "3 人"}, "persons", "is '3 人'"),
        ({"persons": [3]}, "persons", "is [3]"),
        ({"persons": 1, "share": float("nan")}, "share", "is nan"),
        ({"persons": 1, "share": float("inf")}, "share", "is inf"),
        ({"persons": 1, "share": "NaN"}, "share", "accepted: a number above 0"),
        ({"persons": 1, "share": 0}, "share", "is 0"),
        ({"persons": 1, "share": "1e400"}, "share", "is '1e400'"),
        ({"persons": 1, "share": "1e-300"}, "share", "is '1e-300'"),
        ({"persons": 1, "colour": "green"}, "colour", "is 'green'; accepted: red, blue"),
        ({"persons": 1, "kind": "b"}, "kind", "accepted: a"),
        ({"persons": 1, "day": "2023-02-29"}, "day", "is '2023-02-29'; accepted: a date such as"),
        ({"persons": 1, "day": "20240229"}, "day", "accepted: a date"),
        ({"persons": 1, "day": "1200-01-01"}, "day", "accepted: a date"),
        ({"persons": 1, "moment": "2026-03-01"}, "moment", "accepted: a time"),
        ({"persons": 1, "moment": "2026-03-01T25:00"}, "moment", "accepted: a time"),
        ({"persons": 1, "sure": 1}, "sure", "accepted: true or false"),
        ({"persons": 1, "sure": True}, "parts", "is empty"),
        ({"persons": 1, "name": "一二三四五六"}, "name", "has 6 characters; accepted: a text of 1 to 5"),
        ({"persons": 1, "name": "a\u202eb"}, "name", "accepted: a text"),
        ({"persons": 1, "name": 5}, "name", "is 5"),
        ({"persons": 1, "parts": {"tonnes": 1}}, "parts", "is no list"),
        ({"persons": 1, "parts": [{}]}, "parts[0].tonnes", "is missing; accepted: a number (t) from 0"),
        ({"persons": 1, "parts": [{"tonnes": 1}, {"tonnes": -2}]}, "parts[1].tonnes", "is -2"),
        ({"persons": 1, "parts": [7]}, "parts[0]", "is not an object"),
        ({"persons": 1, "people": 3}, "people", "is not a field of this rule; accepted: persons, share"),
        ([], "", "is not an object"),
    ],
)  # fmt: skip
def test_bad_input_names_the_field_and_what_is_accepted(sent: Any, field: str, said: str) -> None:
    why = fault(sent)
    assert why.field == field
    assert said in why.reason
    assert why.reason.zh
    assert "\n" not in str(why)


def test_every_wrong_field_is_named_at_once() -> None:
    why = fault({"persons": -1, "share": 0, "parts": [{"tonnes": -1}, {}], "x": 1})
    assert [one.field for one in why.all] == ["x", "persons", "share", "parts[0].tonnes", "parts[1].tonnes"]
    assert str(why).count("; accepted: ") == 5


def test_python_values_are_checked_as_strictly() -> None:
    with pytest.raises(BadInput, match="persons: is -1"):
        Whole(persons=-1)
    with pytest.raises(BadInput, match="share: is NaN"):
        Whole(persons=1, share=Decimal("NaN"))
    assert Whole(persons=1, share=2).share == Decimal(2)  # type: ignore[arg-type]


def test_a_list_too_long_is_refused() -> None:
    assert "more than 10000" in str(fault({"persons": 1, "parts": [{}] * 10_001}))


def test_the_schema_says_what_the_reader_checks() -> None:
    said = schema(Whole, "zh-hans")
    assert said["required"] == ["persons"]
    assert said["properties"]["persons"] == {
        "type": "integer", "minimum": 0, "maximum": 10, "x-unit": "persons", "title": "人数",
    }  # fmt: skip
    assert said["properties"]["colour"]["enum"] == ["red", "blue"]
    assert said["properties"]["colour"]["default"] == "blue"
    assert said["properties"]["parts"]["items"]["properties"]["tonnes"]["x-unit"] == "t"
    assert [slot.name for slot in slots(Whole)] == list(said["properties"])
    assert json.dumps(said, allow_nan=False)


def test_a_field_that_json_cannot_carry_is_refused_when_declared() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Odd(Input):
        ratio: float = given("Ratio", "比率")

    @dataclass(frozen=True, kw_only=True)
    class Bare(Input):
        ratio: int = 0

    Odd.__annotations__["ratio"], Bare.__annotations__["ratio"] = float, int
    for cls, why in ((Odd, "cannot be read"), (Bare, "declare it with given")):
        with pytest.raises(TypeError, match=why):
            slots(cls)


@these(
    st.text(max_size=30) | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.integers(), max_size=3)
)
def test_whatever_is_sent_is_read_or_refused_by_name(value: Any) -> None:
    for name in ("persons", "share", "colour", "day", "moment", "sure", "name", "parts"):
        try:
            found = read(Whole, {"persons": 1, name: value})
        except BadInput as why:
            assert why.field.startswith((name, "parts"))
        else:
            assert json.dumps(plain(found), allow_nan=False)


def test_days() -> None:
    assert day_of(A) == A
    for wrong in ("2024-13-01", "x", None, 5, LAST_DAY + dt.timedelta(1), dt.datetime(2024, 1, 1, tzinfo=dt.UTC)):
        with pytest.raises(BadInput, match="on: is"):
            day_of(wrong)


def test_citations_come_apart_and_say_their_standing() -> None:
    assert Citation("某法", "第十三条之一第二款第（三）项").place == Place("第十三条之一", "第二款", "第（三）项")
    assert Citation("某标准", "GB 18218-2018").place is None
    doubtful = LAW.at("第四条", Confidence.C)
    assert (doubtful.to_verify, str(doubtful)) == (True, "《某条例》第四条（待核实）")
    assert not LAW.at("第四条").to_verify


def test_an_answer_is_plain_json() -> None:
    finding = Finding(
        {"due": A, "share": Fraction(1, 3), "colour": Colour.RED, "of": (Part(tonnes=Decimal(2)),)},
        (Citation("某条例", "第三条", Confidence.C, valid_from=A, number="第1号"),),
        {"when": dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)},
        (Wording("due", "到期"), "plain"),
    )
    said = as_json(finding, "zh-hans")
    assert said["value"] == {"due": "2007-06-01", "share": 1 / 3, "colour": "red", "of": [{"tonnes": 2}]}
    assert said["steps"] == ["到期", "plain"]
    assert (said["citations"][0]["to_verify"], said["citations"][0]["in_force_from"]) == (True, "2007-06-01")
    assert json.dumps(said, allow_nan=False)
    with pytest.raises(TypeError, match="no value of a rule"):
        plain(object())


def test_two_rules_cannot_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anlan.rules.rule._RULES", {})
    of = Editions("x", held(EVER, LAW, 1))
    said = {"theme": "x", "about": Wording("a", "甲"), "takes": Part, "editions": of, "examples": ()}

    def enter(module: str) -> Any:
        def function(asked: Part, on: dt.date) -> Finding[Any]:
            return Finding(asked.tonnes, (LAW,))

        function.__module__ = module
        return rule("twice", Wording("Twice", "两次"), **said)(function)  # type: ignore[arg-type]

    answer = enter("one")
    assert answer(Part(tonnes=Decimal(2)), A).inputs == {"tonnes": Decimal(2), "on": A}
    with pytest.raises(ValueError, match="two rules are named twice"):
        enter("two")


def test_a_rule_takes_the_edition_of_the_day_of_the_act() -> None:
    def answer(asked: Any, on: dt.date) -> Finding[Any]:
        return Finding(on, (LAW,))

    made = Rule("x", Wording("X", "某"), "x", Wording("x", "某"), Whole, answer, (), (), dated_by="moment")
    late = {"persons": 1, "moment": "2026-02-28T23:30:00-05:00"}  # already 1 March in Beijing
    assert made.apply(late, today=A).value == dt.date(2026, 3, 1)
    assert made.apply(late, B).value == B
    assert made.apply({"persons": 1}, today=A).value == A
    with pytest.raises(BadInput, match="on: is missing"):
        made.apply({"persons": 1})
