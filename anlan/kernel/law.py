"""Asking the law from the platform: a rule's refusal becomes the platform's own, in the language in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from anlan.kernel import clock
from anlan.kernel.errors import BadInput, BadInputs, Refused, RuleBroken
from anlan.rules import refusal
from anlan.rules.book import apply
from anlan.rules.citation import Finding
from anlan.rules.wording import in_language


def finding(name: str, given: Mapping[str, Any], on: dt.date | str | None = None) -> Finding[Any]:
    """What a rule finds for JSON or a form; ``BadInput``, ``BadInputs`` or ``RuleBroken`` of ``kernel.errors``."""
    from anlan.kernel.deadlines.notices import look  # needs the tables, which whoever imports this may not have yet

    look()
    try:
        return apply(name, given, on, today=clock.today())
    except (refusal.BadInput, refusal.RuleBroken) as why:
        raise refused(why) from why


def refused(why: refusal.BadInput | refusal.RuleBroken) -> Refused:
    """A rule's refusal as the platform says it."""
    language = get_language() or "zh-hans"
    if isinstance(why, refusal.RuleBroken):
        clause = why.citations[0] if why.citations else None
        return RuleBroken("%(why)s", clause, why=in_language(why.said, language))
    problems = [BadInput(one.field, "%(why)s", why=in_language(one.reason, language)) for one in why.all]
    return problems[0] if len(problems) == 1 else BadInputs(problems)
