"""The parts of every answer have names for readers, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from anlan.rules.answer import names, plain, words
from anlan.rules.book import RULES
from anlan.rules.inputs import Slot, slots
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.units import units

HAN = re.compile(r"[\u4e00-\u9fff]")


def parts(value: Any) -> set[str]:
    """The names of the parts of a value, those inside included."""
    if isinstance(value, dict):
        return set(value).union(*(parts(each) for each in value.values()))
    return set().union(*(parts(each) for each in value)) if isinstance(value, list) else set()


def test_every_part_of_every_worked_example_has_a_name() -> None:
    nameless: dict[str, set[str]] = {}
    for name, rule in RULES.items():
        for example in rule.examples:
            try:
                found = rule.apply(example.given, example.on, today=dt.date(2026, 6, 30))
            except (BadInput, RuleBroken):
                continue
            for part in parts(plain(found.value, "zh-hans")) - set(names()):
                if not HAN.search(part):  # a substance or a place stands for itself
                    nameless.setdefault(part, set()).add(name)
    assert not nameless, f"name them in anlan/rules/data/answer_words.csv: {nameless}"


def every(of: tuple[Slot, ...]) -> list[Slot]:
    """The fields of an input, those inside records included."""
    return [found for slot in of for found in (slot, *every(slot.slots))]


def test_every_unit_of_every_rule_has_both_names_and_none_is_idle() -> None:
    used = {slot.about.unit for rule in RULES.values() for slot in every(slots(rule.input))} - {""}
    assert used == set(units())
    same = {code for code, name in units().items() if not HAN.search(name.zh)}
    assert same == {"%", "dB", "dB(A)"}, "signs, alike in both languages"


def test_what_is_accepted_is_said_in_the_readers_language() -> None:
    asked = {slot.name: slot for slot in every(slots(RULES["accident_fine"].input))}
    assert asked["deaths"].accepted == "a whole number (persons) from 0"
    assert asked["deaths"].accepted.zh == "整数（人），不小于0"
    for rule in RULES.values():
        for slot in every(slots(rule.input)):
            if slot.unit and HAN.search(slot.unit.zh):
                assert slot.about.unit not in re.split(r"\W+", slot.accepted.zh), (rule.name, slot.name)


def test_names_and_words_are_said_in_both_languages() -> None:
    for code, said in {**names(), **words()}.items():
        assert said.strip() and HAN.search(said.zh), code
