"""The pages of ``docs/rules``: one per rule, drawn from the book; ``./run check --fix`` writes them anew."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from anlan.rules.answer import as_json
from anlan.rules.book import RULES
from anlan.rules.editions import Edition, State
from anlan.rules.figures import FIGURES
from anlan.rules.inputs import Slot, slots
from anlan.rules.rule import Example, Rule
from anlan.runtime.places import ROOT

FOLDER = ROOT / "docs" / "rules"
BY_HAND = {"WRITING.md"}
_STATES = {State.HELD: "held 已收录", State.NOT_HELD: "**not held 未收录**", State.NOT_IN_FORCE: "not in force 未施行"}


def pages() -> dict[Path, str]:
    """Every page by its path."""
    return {FOLDER / f"{name}.md": page(rule) for name, rule in RULES.items()} | {FOLDER / "README.md": index()}


def index() -> str:
    """The book's index: every rule, what is not held, what is to be verified."""
    lines = [
        "# The law as code 法规即代码",
        "",
        "Every rule is a pure function: it answers with a value, the clauses it rests on, and its working. Ask it with",
        '`./run rule NAME \'{"…": …}\' --on 2024-05-01` or `POST /api/v1/rules/NAME`. These pages are drawn',
        "from the code by `./run check --fix`; [how to write a rule](WRITING.md).",
        "",
        "| Rule | Title | 名称 | What it answers |",
        "|---|---|---|---|",
    ]
    for name, rule in RULES.items():
        mark = " (method, no statute 行业方法)" if rule.method else ""
        lines.append(f"| [{name}]({name}.md) | {rule.title} | {rule.title.zh} | {_cell(rule.about)}{mark} |")
    lines += [
        "",
        "## What is not held 未收录",
        "",
        "Asked about such a day, a rule refuses; it borrows no figures.",
        "",
    ]
    lines += ["| Matter | From | To | Text | State |", "|---|---|---|---|---|"]
    lines += sorted({_row(m, e) for m, e in editions() if e.state is not State.HELD})
    lines += ["", "## To be verified 待核实", "", "Figures not read in their text (confidence C or D).", ""]
    lines += ["| Matter | From | To | Text | State |", "|---|---|---|---|---|"]
    lines += sorted({_row(m, e) for m, e in editions() if e.state is State.HELD and e.citation.to_verify})
    return "\n".join(lines) + "\n"


def editions() -> list[tuple[str, Edition[Any]]]:
    """Every edition in the book with its matter."""
    return [(of.matter, edition) for rule in RULES.values() for of in rule.editions for edition in of]


def page(rule: Rule) -> str:
    """One rule: what it takes, its editions, its worked examples."""
    lines = [f"# {rule.name}: {rule.title} {rule.title.zh}", "", f"{_sentence(rule.about)}  ", f"{rule.about.zh}。", ""]
    if rule.method:
        lines += ["**An industry method, no statute.** 行业通用方法，非法定标准。", ""]
    if rule.bounds:
        lines += [f"Bounds: {rule.bounds}.  ", f"适用边界：{rule.bounds.zh}。", ""]
    lines += [
        "## What it takes 输入",
        "",
        "| Field | Meaning | 含义 | Accepted | Required | Default |",
        "|---|---|---|---|---|---|",
    ]
    lines += _slot_rows(slots(rule.input))
    dated = f"the day of `{rule.dated_by}`, else of today" if rule.dated_by else "today"
    lines += ["", f"By the edition of `--on`; without it, of {dated}.", "", "## Editions 版本", ""]
    lines += ["| Matter | From | To | Text | State |", "|---|---|---|---|---|"]
    lines += [_row(of.matter, edition) for of in rule.editions for edition in of]
    lines += _figures(rule)
    lines += ["", "## Worked examples 算例"]
    for example in rule.examples:
        lines += _example(rule, example)
    return "\n".join(lines) + "\n"


def _figures(rule: Rule) -> list[str]:
    """The figures of a rule that are to be verified, each with what the table has and its code."""
    found = [figure for figure in FIGURES.values() if figure.rule == rule.name]
    if not found:
        return []
    lines = [
        "", "## Figures to verify 待核实数据", "",
        "Not read in their text; a jurisdiction sets its own (`POST /api/v1/statutes/figures`), and every answer by it",
        "says so. 未核对原文，各地可以设定本地数据并注明来源。", "",
        "| Code | Figure | 数据 | By the rule | Clause | Settable within |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for one in found:
        cells = (
            f"`{one.code}`", _cell(one.label), one.label.zh, str(one.said(one.default)), str(one.citation),
            f"{one.least:,f} – {one.most:,f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _slot_rows(of: tuple[Slot, ...], prefix: str = "") -> list[str]:
    rows = []
    for slot in of:
        name = f"{prefix}{slot.name}{'[]' if slot.many else ''}"
        default = "" if slot.required or slot.default is None else f"`{_shown(slot.default)}`"
        accepted = "a list of records" if slot.slots and slot.many else slot.accepted
        needed = "yes" if slot.required else ""
        hint = f" ({slot.about.hint})" if slot.about.hint else ""
        cells = (f"`{name}`", _cell(slot.about.label + hint), slot.about.label.zh, _cell(accepted), needed, default)
        rows.append(f"| {' | '.join(cells)} |")
        rows += _slot_rows(slot.slots, f"{name}.")
    return rows


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(matter: str, edition: Edition[Any]) -> str:
    text = str(edition.citation) + (f"（{edition.citation.number}）" if edition.citation.number else "")
    note = f"; {edition.citation.note}" if edition.citation.note else ""
    confidence = f", confidence {edition.citation.confidence.value}" if edition.state is State.HELD else ""
    return (
        f"| {matter} | {_day(edition.start)} | {_day(edition.end)} | {_cell(text + note)} | "
        f"{_STATES[edition.state]}{confidence} |"
    )


def _example(rule: Rule, example: Example) -> list[str]:
    given = json.dumps(example.given, ensure_ascii=False)
    answer = as_json(rule.apply(example.given, example.on), "zh-hans")
    answer["citations"] = [citation["text"] for citation in answer["citations"]]
    for name in ("inputs", "settled", "provisional"):
        del answer[name]
    return [
        "", f"### {example.source}", "", "```sh", f"./run rule {rule.name} '{given}' --on {example.on}", "```", "",
        "```json", json.dumps(answer, ensure_ascii=False, indent=1), "```",
    ]  # fmt: skip


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "–"


def faults() -> list[str]:
    """Pages that are not what the code says, and pages of rules there are no more."""
    wanted = pages()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    left = [path for path in FOLDER.glob("*.md") if path not in wanted and path.name not in BY_HAND]
    return [f"{path.relative_to(ROOT)} is not what the code says: ./run check --fix" for path in [*stale, *left]]


def write() -> None:
    """Write every page; remove those of rules there are no more."""
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path not in wanted and path.name not in BY_HAND:
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
