"""The figures to verify (待核实数据): what each is, the clause it would stand in, what jurisdictions set instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import LAW, figure_rows
from anlan.kernel.law import any_local
from anlan.kernel.regions.selectors import names_at
from anlan.kernel.scope import system_read
from anlan.kernel.searching import folded
from anlan.modules.statutes.choices import SETS, said
from anlan.modules.statutes.selectors.uses import cite_url
from anlan.rules.book import RULES
from anlan.rules.citation import Citation
from anlan.rules.figures import FIGURES, Figure
from anlan.rules.wording import in_language


@dataclass(frozen=True, slots=True)
class Local:
    """One local figure: the number in words, region, days, the text it is taken from, whether it counts today."""

    value: str
    place: str
    path: str
    start: dt.date
    end: dt.date | None
    basis: str
    set_by: str
    counts: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class ToVerify:
    """One figure to verify as it is shown; ``ended`` where its edition is over and nothing is set any more."""

    code: str
    rule: str
    rule_title: str
    rule_url: str
    label: str
    said: str
    number: Decimal
    clause: Citation
    clause_url: str
    start: dt.date | None
    end: dt.date | None
    ended: bool
    local: tuple[Local, ...]


def of_rule(actor: Actor, rule: str) -> list[ToVerify]:
    """The figures to verify of one rule; the database is asked only where somebody set one."""
    return _told(actor, [], rule, figure_rows() if any_local() else [])


def to_verify(actor: Actor, text: str = "", rule: str = "") -> list[ToVerify]:
    """Every figure to verify, of one rule if given, in whose words every word of the text occurs."""
    words = folded(text.replace("\x00", "")[:100]).split()
    return _told(actor, words, rule, figure_rows())


def _told(actor: Actor, words: list[str], rule: str, kept: list[Parameter]) -> list[ToVerify]:
    rows: dict[str, list[Parameter]] = {}
    for row in kept:
        rows.setdefault(row.code.removeprefix(LAW), []).append(row)
    names = names_at({row.region_path for found in rows.values() for row in found})
    shown = (
        _shown(figure, [_local(actor, figure, row, names) for row in rows.get(code, [])])
        for code, figure in sorted(FIGURES.items(), key=lambda pair: (list(RULES).index(pair[1].rule)))
        if not rule or figure.rule == rule
    )
    return [
        one for one in shown
        if all(w in folded(f"{one.rule_title} {one.label} {one.clause} {one.code}") for w in words)
    ]  # fmt: skip


@system_read("which rules have figures to verify is public")
def rules_to_verify() -> list[tuple[str, str]]:
    """The rules that have figures to verify, with their titles."""
    language = get_language() or "zh-hans"
    having = {figure.rule for figure in FIGURES.values()}
    return [(name, in_language(rule.title, language)) for name, rule in RULES.items() if name in having]


@system_read("figures of the law are public")
def settable() -> list[tuple[str, str]]:
    """The figures whose edition has not ended, with rule and name, for a form."""
    titles, today = dict(rules_to_verify()), clock.today()
    return [
        (code, f"{titles[figure.rule]}：{said(figure.label)}")
        for code, figure in FIGURES.items()
        if figure.end is None or figure.end >= today
    ]


def _local(actor: Actor, figure: Figure, row: Parameter, names: dict[str, str]) -> Local:
    today = clock.today()
    counts = row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)
    return Local(
        said(figure.said(Decimal(str(row.value)))), names.get(row.region_path, ""), row.region_path, row.valid_from,
        row.valid_to, row.basis, row.set_by, counts, counts and actor.may_at(SETS, row.region_path, ""),
    )  # fmt: skip


def _shown(figure: Figure, local: list[Local]) -> ToVerify:
    language, today = get_language() or "zh-hans", clock.today()
    return ToVerify(
        figure.code, figure.rule, in_language(RULES[figure.rule].title, language),
        reverse("statutes:rule", kwargs={"rule": figure.rule}), said(figure.label), said(figure.said(figure.default)),
        figure.default, figure.citation, cite_url(figure.citation), figure.start, figure.end,
        figure.end is not None and figure.end < today, tuple(local),
    )  # fmt: skip
