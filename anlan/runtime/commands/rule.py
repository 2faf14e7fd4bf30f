"""Ask a rule of law: `anlan rule list`, `anlan rule NAME '{"…": …}' [--on DAY]`; prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, NoReturn

from anlan.kernel import clock
from anlan.rules.answer import as_json
from anlan.rules.book import RULES, rule_named
from anlan.rules.inputs import day_of, schema
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.sent import LONGEST, as_sent
from anlan.rules.wording import in_language

needs_database = False


class Parser(argparse.ArgumentParser):
    """Refuses a wrong argument in one line, as a wrong field is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; accepted: {self.prog} NAME '{{…}}' [--on DAY]\n")


def add(parser: argparse.ArgumentParser) -> None:
    """Which rule, about what, as of which day."""
    parser.add_argument("name", help="a rule's name, or `list`")
    parser.add_argument("given", nargs="?", help="its input as a JSON object (- reads it from standard input)")
    parser.add_argument(
        "--on", help="by the edition of this day, such as 2024-05-01 (else the day of the act, else today)"
    )
    parser.add_argument("--schema", action="store_true", help="print what the rule takes, as JSON Schema")
    parser.add_argument("--language", choices=("en", "zh-hans"), default="en", help="of the steps and labels")


def handle(chosen: argparse.Namespace) -> int:
    """0 and JSON; 2 and one line when the input is wrong or the law gives no answer."""
    language = chosen.language
    if chosen.name == "list":
        if chosen.given is not None or chosen.on is not None or chosen.schema:
            print("list: takes nothing but --language; accepted: anlan rule list", file=sys.stderr)
            return 2
        for each in RULES.values():
            print(f"{each.name:<28}{in_language(each.title, language)}")
        return 0
    try:
        rule = rule_named(chosen.name)
        if chosen.schema:
            return _print(schema(rule.input, language))
        on = None if chosen.on is None else day_of(chosen.on)
        return _print(as_json(rule.apply(_sent(chosen.given), on, today=clock.today()), language))
    except (BadInput, RuleBroken) as why:
        print(" ".join(in_language(why.said, language).split()), file=sys.stderr)
        return 2


def _sent(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    return as_sent(sys.stdin.buffer.read(LONGEST + 1) if text == "-" else text)


def _print(answer: Any) -> int:
    print(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))
    return 0
