"""The rows themselves: words, aliases, people, risks."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import translation
from django.utils.translation import gettext

from anlan.kernel.intake.header import heading_key
from anlan.kernel.intake.kinds import choice_key
from anlan.modules.registry.choices import ALIASES_ZH, WORDS
from anlan.modules.registry.rows import ENTERPRISE, PERSON, flags_of, people_of
from anlan.modules.registry.tests.conftest import code


def test_no_code_stands_in_two_tables_of_words() -> None:
    counted = Counter(word.value for words in WORDS for word in words)
    assert [value for value, times in counted.items() if times > 1] == []
    assert set(ALIASES_ZH) <= set(counted)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_we_write_ourselves_we_read_again(language: str) -> None:
    with translation.override(language):
        for field in (*ENTERPRISE.fields.values(), *PERSON.fields.values()):
            headings = {heading_key(name) for name in (*field.aliases_zh, field.label)}
            assert heading_key(gettext(field.label)) in headings, field.name
            for choice in field.choices:
                assert field.choice_table[choice_key(gettext(choice.label))] == choice.code, choice.code


@pytest.mark.parametrize(
    ("given", "people"),
    [
        ({"legal_representative": "陈", "principal": "陈", "phone": "1"}, [(("legal_representative", "principal"), "陈", "1")]),
        ({"legal_representative": "陈", "principal": "林", "phone": "1"},
         [(("legal_representative",), "陈", ""), (("principal",), "林", "1")]),
        ({"principal": "林", "contact": "何", "phone": "1"}, [(("principal",), "林", ""), (("contact",), "何", "1")]),
        ({"principal": "林", "principal_phone": "1", "phone": "2"}, [(("principal",), "林", "1"), (("contact",), "", "2")]),
        ({"phone": "2"}, [(("contact",), "", "2")]),
        ({}, []),
    ],
)  # fmt: skip
def test_the_people_a_row_names(given: dict[str, str], people: list[object]) -> None:
    assert [(p.posts, p.name, p.phone) for p in people_of(given)] == people


def test_risks_are_joined_from_the_list_and_their_own_columns() -> None:
    assert flags_of({"flags": ("ammonia",), "flag_dust": True}) == ("dust", "ammonia")
    assert flags_of({"flag_dust": False}, ("dust", "ammonia")) == ("ammonia",)
    assert flags_of({}, ("dust",)) == ("dust",)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"kind": "无证照场所", "uscc": code(1)}, "kind"), ({"kind": "个体户", "uscc": code(1)}, "kind"),
        ({"lon": "115.7"}, "lat"), ({"flags": "粉尘涉爆", "flag_dust": "否"}, "flag_dust"), ({"founded": "2999-01-01"}, "founded"),
        ({"provisional": "TMP44148100000012X"}, "provisional"),
    ],
)  # fmt: skip
def test_values_that_contradict_each_other(row: dict[str, str], column: str) -> None:
    assert [p.column for p in ENTERPRISE.parse({"name": "东江县某厂", **row}).problems] == [column]
