"""A rule: one pure function with its name, its input, its editions and worked examples.

``@rule(…)`` puts a function ``(input, on) -> Finding`` into the book (``anlan.rules.book``), from which the command
line, the HTTP API, the pages and the tests take it. How to write one: docs/rules/WRITING.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import Editions
from anlan.rules.figures import Local, by_local, citing, local_in_force, noting
from anlan.rules.inputs import Input, day_of, read, slots
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.wording import Wording

I = TypeVar("I", bound=Input)  # noqa: E741 - the usual letter for an input
Answer = Callable[[Any, dt.date], Finding[Any]]
Cites = Callable[[], Iterable[Citation]]


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given (as JSON), the day, the value it must give (as JSON), and who printed it.

    ``value`` may be a part of an object: the keys it names must agree. ``digits`` is to how many decimals numbers do.
    """

    given: Mapping[str, Any]
    on: dt.date
    value: Any
    source: str
    digits: int = 9


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the book. ``dated_by`` names the input field whose day chooses the edition where none is given.

    ``method`` marks an industry method, which is no statute; ``bounds`` says where the rule ends. ``cites`` gives the
    clauses an answer may cite beside those of the editions: of the rows of its tables, of each case it tells apart.
    """

    name: str
    title: Wording
    theme: str
    about: Wording
    input: type[Input]
    answer: Answer
    editions: tuple[Editions[Any], ...]
    examples: tuple[Example, ...]
    dated_by: str = ""
    method: bool = False
    bounds: Wording | None = None
    cites: Cites | None = None

    @property
    def rests_on(self) -> tuple[Citation, ...]:
        """Every clause the rule rests on, each once: of its editions, of its tables, of its worked examples."""
        found = dict.fromkeys(edition.citation for editions in self.editions for edition in editions)
        found |= dict.fromkeys(self.cites() if self.cites else ())
        for example in self.examples:
            try:
                found |= dict.fromkeys(self.apply(example.given, example.on).citations)
            except (BadInput, RuleBroken):  # an example may be one that is refused
                continue
        return tuple(found)

    def apply(
        self,
        sent: Mapping[str, Any],
        on: dt.date | str | None = None,
        *,
        today: dt.date | None = None,
        local: Local | None = None,
    ) -> Finding[Any]:
        """Answers JSON or a form; ``BadInput`` or ``RuleBroken`` where it cannot.

        The edition is that of ``on``, else of the day of the act (``dated_by``), else of ``today``. ``local`` are the
        figures a jurisdiction set in place of ones to verify; the finding says which of them it used.
        """
        if local is not None:
            with by_local(local):
                return self.apply(sent, on, today=today)
        asked = read(self.input, sent)
        if on is None:
            on = self.day_of_act(asked) or today
        if on is None:
            raise BadInput("on", Wording("is missing", "缺失"), Wording("a date", "日期"))
        return self.answer(asked, day_of(on))

    def day_of_act(self, asked: Input) -> dt.date | None:
        """The day of the act the input speaks of; ``None`` where it names none."""
        day = getattr(asked, self.dated_by) if self.dated_by else None
        return day.date() if isinstance(day, dt.datetime) else day


_RULES: dict[str, Rule] = {}


def rule(
    name: str,
    title: Wording,
    *,
    theme: str,
    about: Wording,
    takes: type[I],
    editions: Editions[Any] | tuple[Editions[Any], ...],
    examples: tuple[Example, ...],
    dated_by: str = "",
    method: bool = False,
    bounds: Wording | None = None,
    cites: Cites | None = None,
) -> Callable[[Callable[[I, dt.date], Finding[Any]]], Callable[[I, dt.date], Finding[Any]]]:
    """Puts a function into the book. What it answers carries its inputs and the day, whoever calls it."""

    def entered(function: Callable[[I, dt.date], Finding[Any]]) -> Callable[[I, dt.date], Finding[Any]]:
        @wraps(function)
        def answer(asked: I, on: dt.date) -> Finding[Any]:
            if local_in_force():
                with noting() as used:
                    found = function(asked, on)
                found = citing(found, used)
            else:
                found = function(asked, on)
            said = {slot.name: getattr(asked, slot.name) for slot in slots(type(asked))}
            return replace(found, inputs={**said, "on": on, **found.inputs})

        if name in _RULES and _RULES[name].answer.__module__ != function.__module__:
            raise ValueError(f"two rules are named {name}")
        of = editions if isinstance(editions, tuple) else (editions,)
        _RULES[name] = Rule(name, title, theme, about, takes, answer, of, examples, dated_by, method, bounds, cites)
        return answer

    return entered
