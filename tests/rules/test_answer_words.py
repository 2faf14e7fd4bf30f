"""The parts of every answer have names for readers, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from anlan.rules.answer import names, plain, words
from anlan.rules.book import RULES
from anlan.rules.refusal import BadInput, RuleBroken

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


def test_names_and_words_are_said_in_both_languages() -> None:
    for code, said in {**names(), **words()}.items():
        assert said.strip() and HAN.search(said.zh), code
