"""Asking the rules how grave a factor is, and keeping what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from anlan.kernel import clock
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.kernel.law import finding
from anlan.modules.risks.choices import CIRCUMSTANCES, FACTORS, Method
from anlan.rules.answer import plain
from anlan.rules.citation import Finding

NONE_HOLDS = gettext_noop("None of these circumstances makes it major. Score it by LEC, LS or MES instead.")
NO_NUMBER = gettext_noop("Give a value of the scale.")


@dataclass(frozen=True)
class Scored:
    """What a factor came to without and with its measures, with the findings as they are kept."""

    inherent: str
    residual: str
    inherent_score: Decimal | None
    residual_score: Decimal | None
    inherent_given: dict[str, Any]
    residual_given: dict[str, Any]
    kept: dict[str, Any]


def keep(rule: str, found: Finding[Any]) -> dict[str, Any]:
    """A finding as it is stored: rule, day, inputs, value, steps as [English, Chinese], clauses."""
    return {
        "rule": rule, "on": clock.today().isoformat(), "inputs": plain(found.inputs), "value": plain(found.value),
        "steps": both(found), "clauses": [str(c) for c in found.citations],
    }  # fmt: skip


def both(found: Finding[Any]) -> list[list[str]]:
    """The steps in both languages."""
    return [[str.__str__(step), getattr(step, "zh", str(step))] for step in found.steps]


def judged(method: str, inherent: Mapping[str, Any], residual: Mapping[str, Any]) -> Scored:
    """Score a factor twice; ``BadInput`` names the side and the value (``inherent_L``), or a residual above inherent.

    By direct judgement ``inherent`` holds the circumstances; what is major so stays red whatever the measures.
    """
    if method == Method.DIRECT:
        given = {name: inherent[name] for name in CIRCUMSTANCES if inherent.get(name) not in (None, "", False)}
        wanted = {**given, **({"people_in_danger": _whole(given)} if "people_in_danger" in given else {})}
        wanted |= {n: _true(wanted[n]) for n in wanted if n != "people_in_danger"}
        if not wanted:
            raise BadInput("inherent", NONE_HOLDS)
        found = finding("risk_direct", wanted)
        if not found.value.major:
            raise BadInput("inherent", NONE_HOLDS)
        return Scored("red", "red", None, None, wanted, {}, {"inherent": keep("risk_direct", found)})
    before, given_before = _side(method, "inherent", inherent)
    after, given_after = _side(method, "residual", residual)
    compared = finding(
        "risk_residual",
        {
            "inherent": before.value.colour.value, "residual": after.value.colour.value,
            "inherent_score": before.value.score, "residual_score": after.value.score,
        },
    )  # fmt: skip
    rule = f"risk_{method}"
    return Scored(
        before.value.colour.value, after.value.colour.value, before.value.score, after.value.score, given_before,
        given_after,
        {"inherent": keep(rule, before), "residual": keep(rule, after), "compared": keep("risk_residual", compared)},
    )  # fmt: skip


def _side(method: str, side: str, given: Mapping[str, Any]) -> tuple[Finding[Any], dict[str, str]]:
    names = FACTORS[method]
    problems, values = [], {}
    for name in names:
        try:
            values[name] = Decimal(str(given.get(name, "")).strip())
            if not values[name].is_finite():
                raise InvalidOperation
        except InvalidOperation:
            problems.append(BadInput(f"{side}_{name}", NO_NUMBER))
    if problems:
        raise problems[0] if len(problems) == 1 else BadInputs(problems)
    wanted: dict[str, Any] = dict(values)
    if method == Method.LS:
        wanted = {name: int(v) if v == v.to_integral_value() and abs(v) < 100 else v for name, v in values.items()}
    try:
        return finding(f"risk_{method}", wanted), {name: f"{v.normalize():f}" for name, v in values.items()}
    except BadInputs as why:
        raise BadInputs([_at(side, one) for one in why.problems]) from why
    except BadInput as why:
        raise _at(side, why) from why


def _at(side: str, why: BadInput) -> BadInput:
    return BadInput(f"{side}_{why.column}", why.message, **why.params)


def _whole(given: Mapping[str, Any]) -> int:
    try:
        return int(str(given["people_in_danger"]))
    except ValueError as why:
        raise BadInput("inherent_people_in_danger", gettext_noop("Give a whole number of people.")) from why


def _true(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "1", "on", "yes")


def gravest(name_and_colour: list[tuple[str, str]]) -> Finding[Any]:
    """The gravest of some factors, and which they are (``anlan.rules.risk_place``)."""
    parts = [{"name": name, "colour": colour} for name, colour in name_and_colour]
    return finding("risk_place", {"parts": parts, "convention": "highest"})


def controlled(colour: str, level: str) -> Finding[Any]:
    """Whether a level may control a risk of that colour; ``BadInput`` at ``control_level`` with those that may."""
    return finding("risk_control", {"colour": colour, "control_level": level})


__all__ = ["Scored", "both", "controlled", "gravest", "judged", "keep"]
