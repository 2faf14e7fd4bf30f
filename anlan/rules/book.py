"""The book of rules: every rule by its name, from all files of this package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

import anlan.rules
from anlan.rules.citation import Finding
from anlan.rules.figures import Local
from anlan.rules.refusal import BadInput
from anlan.rules.rule import _RULES, Rule
from anlan.rules.wording import Wording

for _file in iter_modules(anlan.rules.__path__):
    import_module(f"anlan.rules.{_file.name}")

RULES: Mapping[str, Rule] = MappingProxyType(dict(sorted(_RULES.items())))


def rule_named(name: str) -> Rule:
    """The rule of that name; ``BadInput`` naming those there are."""
    if name not in RULES:
        names = ", ".join(RULES)
        raise BadInput("rule", Wording(f"is {name!r}", f"为{name!r}"), Wording(names, names))
    return RULES[name]


def apply(
    name: str,
    sent: Mapping[str, Any],
    on: dt.date | str | None = None,
    *,
    today: dt.date | None = None,
    local: Local | None = None,
) -> Finding[Any]:
    """The finding of a rule for JSON or a form, by the edition of ``on``, else of the day of the act, else of today.

    ``local`` are the figures a jurisdiction set in place of ones to verify.
    """
    return rule_named(name).apply(sent, on, today=today, local=local)
