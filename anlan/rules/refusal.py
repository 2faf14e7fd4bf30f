"""Why a rule does not answer: the input is wrong (``BadInput``), or the law gives no answer (``RuleBroken``).

Both say it in two languages. The edges turn them into the platform's own refusals (``kernel.law``) or into one line
at a terminal; a rule never answers with a silent zero instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from anlan.rules.wording import Wording

if TYPE_CHECKING:
    from anlan.rules.citation import Citation


class BadInput(ValueError):
    """One field is wrong: ``field`` names it, ``why`` says what is wrong, ``accepted`` what would be right.

    ``others`` are further fields of the same input that are wrong as well.

    >>> print(BadInput("deaths", Wording("is missing", "缺失"), Wording("a whole number from 0", "不小于0的整数")))
    deaths: is missing; accepted: a whole number from 0
    """

    def __init__(
        self, field: str, why: Wording, accepted: Wording | None = None, others: Iterable[BadInput] = ()
    ) -> None:
        self.field, self.why, self.accepted, self.others = field, why, accepted, tuple(others)
        super().__init__(field, why, accepted)

    @property
    def reason(self) -> Wording:
        """What is wrong and what is accepted, without the field's name."""
        if self.accepted is None:
            return self.why
        return Wording(f"{self.why}; accepted: {self.accepted}", f"{self.why.zh}；应为：{self.accepted.zh}")

    @property
    def all(self) -> tuple[BadInput, ...]:
        """Itself and the others."""
        return (self, *self.others)

    @property
    def said(self) -> Wording:
        """Every wrong field on one line."""
        return Wording(
            "; ".join(f"{one.field}: {one.reason}" for one in self.all),
            "；".join(f"{one.field}：{one.reason.zh}" for one in self.all),
        )

    def __str__(self) -> str:
        return str.__str__(self.said)

    def under(self, prefix: str) -> BadInput:
        """The same fault, seen from outside the list or record it lies in (``holdings[0]``)."""
        name = f"{prefix}.{self.field}" if self.field else prefix
        return BadInput(name, self.why, self.accepted, [one.under(prefix) for one in self.others])


class RuleBroken(Exception):
    """The law refuses the question or gives no answer to it; ``citations`` says by which clause."""

    def __init__(self, said: Wording, *citations: Citation) -> None:
        self.said, self.citations = said, citations
        super().__init__(said, *citations)

    def __str__(self) -> str:
        return str.__str__(self.said)


class NotHeld(RuleBroken):
    """The text or figure for that day is not held; nothing is invented in its place.

    >>> print(NotHeld("the list of 2017", dt.date(2018, 1, 1)))
    no text held: the list of 2017 on 2018-01-01
    """

    def __init__(self, what: str, on: dt.date | None = None, *citations: Citation) -> None:
        self.what, self.on = what, on
        zh = what.zh if isinstance(what, Wording) else what
        day = f"{on:%Y-%m-%d}" if on else ""
        super().__init__(
            Wording(f"no text held: {what}" + (f" on {day}" if on else ""), f"{day}文本未收录：{zh}"), *citations
        )
