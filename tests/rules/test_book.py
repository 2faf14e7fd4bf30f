"""Every rule of the book, over every day that matters: one edition a day, examples that come out, refusals that speak."""

from __future__ import annotations

import contextlib
import datetime as dt
import doctest
import importlib
import json
import math
import pkgutil
from collections.abc import Mapping
from typing import Any

import pytest

import anlan.rules
from anlan.rules.answer import as_json
from anlan.rules.book import RULES, apply, rule_named
from anlan.rules.citation import Finding
from anlan.rules.editions import State
from anlan.rules.inputs import schema
from anlan.rules.refusal import BadInput, NotHeld, RuleBroken
from anlan.rules.rule import Rule
from anlan.rules.wording import Wording
from anlan.runtime.rule_pages import faults

FIRST, LAST = dt.date(2015, 1, 1), dt.date(2027, 12, 31)
ONE = dt.timedelta(days=1)
FILES = [file.name for file in pkgutil.iter_modules(anlan.rules.__path__)]
rules = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def days_that_matter(rule: Rule) -> list[dt.date]:
    """The first and last day of every edition between 2015 and 2027, and of those years themselves."""
    days = {FIRST, LAST, *(dt.date(year, 1, 1) for year in range(FIRST.year, LAST.year + 1))}
    for of in rule.editions:
        days |= {day for edition in of for day in (edition.start, edition.end) if day}
    days |= {example.on for example in rule.examples}
    return sorted(day for day in days if FIRST <= day <= LAST)


@rules
def test_every_day_falls_in_exactly_one_edition(rule: Rule) -> None:
    assert rule.editions
    for of in rule.editions:
        assert (of.rows[0].start, of.rows[-1].end) == (None, None)
        for before, after in zip(of.rows, of.rows[1:], strict=False):
            assert before.end is not None
            assert after.start == before.end + ONE
        day = FIRST
        while day <= LAST:
            edition = of.at(day)
            assert (edition.start or FIRST) <= day <= (edition.end or LAST)
            day = (edition.end or LAST) + ONE


@rules
def test_a_rule_answers_or_refuses_on_every_day(rule: Rule) -> None:
    answered = 0
    for day in days_that_matter(rule):
        for example in rule.examples:
            try:
                said = as_json(rule.apply(example.given, day))
            except RuleBroken as why:
                assert why.said.zh
                if isinstance(why, NotHeld):
                    assert "no text held" in str(why)
            except BadInput as why:
                assert why.accepted
            else:
                answered += 1
                assert said["citations"]
                assert said["steps"]
                if day == example.on:
                    late = [c["text"] for c in said["citations"] if (c["in_force_from"] or "") > day.isoformat()]
                    assert not late, "cited before it was in force"
                json.dumps(said, allow_nan=False)
    assert answered


@rules
def test_what_is_not_held_refuses(rule: Rule) -> None:
    for of in rule.editions:
        for edition in of:
            if edition.state is State.HELD:
                continue
            day = edition.start or edition.end or FIRST
            with pytest.raises(NotHeld if edition.state is State.NOT_HELD else RuleBroken):
                of.on(day)


def agrees(found: Any, expected: Any, digits: int) -> bool:
    """Whether an answer has what an example printed: named keys of objects, numbers to so many digits."""
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(
            k in found and agrees(found[k], v, digits) for k, v in expected.items()
        )
    if isinstance(expected, list):
        return len(found) == len(expected) and all(agrees(f, e, digits) for f, e in zip(found, expected, strict=True))
    if isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=0, abs_tol=0.5 * 10**-digits + 1e-12)
    return bool(found == expected)


@rules
def test_the_worked_examples_come_out(rule: Rule) -> None:
    assert rule.examples, "print one"
    for example in rule.examples:
        found = as_json(rule.apply(example.given, example.on))["value"]
        assert agrees(found, example.value, example.digits), f"{example.source}: {found}"


@rules
def test_a_rule_says_itself_in_both_languages(rule: Rule) -> None:
    for said in (rule.title, rule.about, *([rule.bounds] if rule.bounds else [])):
        assert isinstance(said, Wording)
    assert rule.title[0].isupper()
    finding: Finding[Any] = rule.apply(rule.examples[0].given, rule.examples[0].on)
    for step in finding.steps:
        assert isinstance(step, Wording), step
    assert finding.inputs["on"] == rule.examples[0].on
    assert rule.answer.__doc__
    assert all(ord(character) < 128 for character in rule.name)


@rules
def test_nonsense_is_refused_by_name(rule: Rule) -> None:
    with pytest.raises(BadInput, match=r"nonsense: is not a field of this rule; accepted: \w+"):
        rule.apply({"nonsense": 1}, LAST)
    for name, said in schema(rule.input)["properties"].items():
        if "x-unit" in said or said.get("type") in ("integer", "number"):
            sent = {**rule.examples[0].given, name: float("nan")}
            with pytest.raises(BadInput) as caught:
                rule.apply(sent, LAST)
            assert name in {one.field for one in caught.value.all}
    with contextlib.suppress(RuleBroken), pytest.raises(BadInput, match="on: is '2024-02-30'"):
        rule.apply(rule.examples[0].given, "2024-02-30")


# Rules that answer an empty question, each with why its answer means something.
ANSWERS_NOTHING: Mapping[str, str] = {"unit_duties": "what binds every unit, whatever it is marked as"}


@rules
def test_an_empty_question_is_refused_by_the_name_of_a_field(rule: Rule) -> None:
    """Neither nothing nor the day alone is a question: a "no" to it would be an answer from no facts."""
    asked: list[dict[str, Any]] = [{}]
    if rule.dated_by:
        moment = schema(rule.input)["properties"][rule.dated_by].get("format") == "date-time"
        asked.append({rule.dated_by: "2026-07-02T08:30" if moment else "2026-07-02"})
    for sent in asked:
        if rule.name in ANSWERS_NOTHING:
            assert rule.apply(sent, LAST).steps
            continue
        with pytest.raises(BadInput) as caught:
            rule.apply(sent, LAST)
        for one in caught.value.all:
            assert one.field.split("[")[0] in schema(rule.input)["properties"]
            assert one.accepted
            assert one.accepted.zh


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="rule: is 'x'; accepted: accident_class, accident_fine"):
        rule_named("x")
    assert apply("accident_grade", {"deaths": 3}, "2026-03-01").value.grade.value == "larger"


@pytest.mark.parametrize("file", FILES)
def test_the_examples_in_the_docstrings_run(file: str) -> None:
    assert doctest.testmod(importlib.import_module(f"anlan.rules.{file}")).failed == 0


def test_the_pages_are_what_the_code_says() -> None:
    assert faults() == []
