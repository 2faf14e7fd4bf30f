"""`anlan rule`: JSON and 0, or one line that names the field and 2."""

from __future__ import annotations

import json

import pytest

from anlan.rules.book import RULES
from anlan.runtime.cli import main


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs the command: its code, what it printed, what it complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["rule", *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_list_names_every_rule(ask) -> None:  # type: ignore[no-untyped-def]
    code, out, err = ask("list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(RULES)


def test_a_rule_answers_in_json(ask) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = ask("reduction", '{"base": 0.268, "now": 0.053}')
    found = json.loads(out)
    assert code == 0
    assert round(found["value"], 4) == 0.8022
    assert list(found)[:4] == ["value", "citations", "inputs", "steps"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((), "name"),
        (("accident_grade", "{}", "more"), "more"),
        (("accident_grade", "{}", "--off", "1"), "--off"),
        (("accident_grade", "{}", "--on"), "--on"),
        (("accident_grade", "{}", "--language", "fr"), "--language"),
        (("list", "{}"), "list"),
        (("list", "--on", "2024-01-01"), "list"),
        (("nothing", "{}"), "rule"),
        (("bad\nname", "{}"), "rule"),
        (("accident_grade", "{"), "input"),
        (("accident_grade", "[]"), "input"),
        (("accident_grade", "null"), "input"),
        (("accident_grade", '{"deaths": NaN}'), "deaths: is NaN; accepted: a whole number (persons) from 0"),
        (("accident_grade", '{"deaths": 1, "deaths": 2}'), "deaths: is given twice; accepted: one value"),
        (("accident_grade", '{"deaths": 1e400}'), "deaths"),
        (("accident_grade", '{"deaths": "3 人"}'), "deaths"),
        (("accident_grade", '{"deaths": -1}'), "deaths"),
        (("accident_grade", '{"deaths": 3}', "--on", ""), "on"),
        (("accident_grade", '{"deaths": 3}', "--on", "2026-02-30"), "on"),
        (("accident_grade", '{"deaths": 3}', "--on", "2000-01-01"), "no text held"),
        (("major_hazard", '{"holdings": [{"substance": "液氨", "quantity": 40}], "exposed": 0}'), "holdings[0].quantity"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_two(ask, arguments: tuple[str, ...], field: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = ask(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert field in err
    assert "accepted" in err or "no text held" in err
