"""A decision run again by the edition of its own day, and what today's edition would say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock, law
from anlan.kernel.errors import BadInput, BadInputs, RuleBroken
from anlan.kernel.scope import system_read
from anlan.rules.answer import plain
from anlan.rules.book import RULES
from anlan.rules.citation import Citation, Finding
from anlan.rules.inputs import slots
from anlan.rules.wording import in_language

PURE = "asks a rule of law, no rows"


class Today(StrEnum):
    """What today's edition says of a decision of another day."""

    SAME = "same"
    OTHER_CLAUSE = "other_clause"
    OTHERWISE = "otherwise"
    NO_ANSWER = "no_answer"


SAYS = {
    Today.SAME: (_("The same today"), "green"), Today.OTHER_CLAUSE: (_("Another clause today, same answer"), "blue"),
    Today.OTHERWISE: (_("Otherwise today"), "orange"), Today.NO_ANSWER: (_("No answer today"), "grey"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rerun:
    """A rule asked again: what it found by the edition of the day ``on`` (``value`` as JSON), where it is worked out
    in full (``url``), and what today's edition says; ``why`` is the reason where it gives no answer."""

    rule: str
    title: str
    on: dt.date
    value: Any
    citations: tuple[Citation, ...]
    steps: tuple[str, ...]
    url: str
    today: Today
    now: Any = None
    now_citations: tuple[Citation, ...] = ()
    why: RuleBroken | BadInput | BadInputs | None = None

    @property
    def says(self) -> tuple[Any, str]:
        """What today's edition says, as a badge: label and tone."""
        return SAYS[self.today]


@system_read(PURE)
def rerun(rule: str, given: Mapping[str, Any], on: dt.date, *, path: str = "") -> Rerun | None:
    """The rule asked as of a day, in a region; None where the edition of that day gives no answer (its page says)."""
    with law.by_figures_of(path):
        return _rerun(rule, given, on)


def _rerun(rule: str, given: Mapping[str, Any], on: dt.date) -> Rerun | None:
    language = get_language() or "zh-hans"
    asked = {slot.name for slot in slots(RULES[rule].input)}  # a kept finding holds the day beside what was asked
    given = {name: value for name, value in given.items() if name in asked and value is not None}
    try:
        found = law.finding(rule, given, on)
    except (BadInput, BadInputs, RuleBroken):
        return None
    said, now, why = by_today(rule, given, found)
    return Rerun(
        rule, in_language(RULES[rule].title, language), on, plain(found.value, language), found.citations,
        tuple(in_language(step, language) for step in found.steps), address_of(rule, given, on), said,
        plain(now.value, language) if now else None, now.citations if now else (), why,
    )  # fmt: skip


@system_read(PURE)
def by_today(
    rule: str, given: Mapping[str, Any], then: Finding[Any]
) -> tuple[Today, Finding[Any] | None, RuleBroken | BadInput | BadInputs | None]:
    """What the edition in force today answers to the same question, beside what was found then."""
    try:
        now = law.finding(rule, given, clock.today())
    except (BadInput, BadInputs, RuleBroken) as why:
        return Today.NO_ANSWER, None, why
    if plain(now.value, "zh-hans") != plain(then.value, "zh-hans"):
        return Today.OTHERWISE, now, None
    same = {(c.law, c.article, c.valid_from) for c in now.citations} == {
        (c.law, c.article, c.valid_from) for c in then.citations
    }
    return (Today.SAME if same else Today.OTHER_CLAUSE), now, None


@system_read(PURE)
def address_of(rule: str, given: Mapping[str, Any], on: dt.date) -> str:
    """Where a rule is worked out in full, as of a day."""
    typed = {**typed_from(given), "on": on.isoformat()}
    return f"{reverse('statutes:rule', kwargs={'rule': rule})}?{urlencode(typed)}#finding"


@system_read(PURE)
def typed_from(given: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A worked example as it would be typed: the other way round of ``sent_to``.

    >>> typed_from({"holdings": [{"cas": "7664-41-7", "tonnes": 40}], "exposed": 120})
    {'holdings[0].cas': '7664-41-7', 'holdings[0].tonnes': '40', 'exposed': '120'}
    """
    out: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            out |= typed_from(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            for n, each in enumerate(value):
                out |= typed_from(each, f"{prefix}{name}[{n}].")
        elif isinstance(value, list | tuple):
            out[f"{prefix}{name}"] = ", ".join(str(each) for each in value)
        elif isinstance(value, bool):
            out[f"{prefix}{name}"] = "true" if value else "false"
        elif value is not None:
            out[f"{prefix}{name}"] = str(value)
    return out
