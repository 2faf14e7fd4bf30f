"""The rules of law over HTTP: what there are, what each takes, and what it finds. Public figures, no records."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router, Schema

from anlan.kernel import law
from anlan.kernel.regions.selectors import by_code_or_name
from anlan.rules import refusal
from anlan.rules.answer import as_json
from anlan.rules.book import RULES
from anlan.rules.inputs import schema
from anlan.rules.rule import Rule
from anlan.rules.sent import as_sent, too_long
from anlan.rules.wording import in_language
from anlan.ui.api import REFUSALS

router = Router()
ON = Query(None, description="By the edition of this day (YYYY-MM-DD); else the day of the act, else today.")


PLACE = Query(
    None, description="Code or name of a region: figures set there stand in place of those that are to be verified."
)


class RuleOut(Schema):
    """One rule. ``input`` is the JSON Schema of what it takes; ``method``: an industry method, no statute."""

    name: str
    title: str
    theme: str
    about: str
    method: bool
    bounds: str
    input: dict[str, Any]


class CitationOut(Schema):
    """One clause; ``to_verify`` where the figure was not read in its text."""

    text: str
    law: str
    number: str
    article: str
    level: str
    confidence: str
    to_verify: bool
    in_force_from: str | None
    in_force_to: str | None
    note: str


class FindingOut(Schema):
    """What a rule finds: the value, the clauses it rests on, what went in, and the working in order.

    ``provisional``: a day of it leans on a year whose holiday notice is not held (暂定); ``settled``: every clause may
    be cited as settled, none is to be verified.
    """

    value: Any
    citations: list[CitationOut]
    inputs: dict[str, Any]
    steps: list[str]
    provisional: bool
    settled: bool


def _language() -> str:
    return get_language() or "zh-hans"


def _shown(rule: Rule) -> dict[str, Any]:
    language = _language()
    return {
        "name": rule.name, "title": in_language(rule.title, language), "theme": rule.theme,
        "about": in_language(rule.about, language), "method": rule.method,
        "bounds": in_language(rule.bounds, language) if rule.bounds else "", "input": schema(rule.input, language),
    }  # fmt: skip


@router.get("", response={200: list[RuleOut], **REFUSALS}, operation_id="rules_list")
def rules_list(request: HttpRequest) -> list[dict[str, Any]]:
    """Every rule with what it takes."""
    return [_shown(rule) for rule in RULES.values()]


def _exact(request: HttpRequest) -> dict[str, Any]:
    """The body with its decimals as written."""
    try:
        try:
            body = request.body
        except RequestDataTooBig:
            raise too_long() from None
        return as_sent(body or b"{}")
    except refusal.BadInput as why:
        raise law.refused(why) from why


def _expose(rule: Rule) -> None:
    def find(request: HttpRequest, on: str | None = ON, place: str | None = PLACE) -> dict[str, Any]:
        path = by_code_or_name(place).path if place else ""
        return as_json(law.finding(rule.name, _exact(request), on, path=path), _language())

    find.__doc__ = f"{rule.about[0].upper()}{rule.about[1:]}. Nothing is stored."
    body = {"required": True, "content": {"application/json": {"schema": schema(rule.input)}}}
    router.post(
        f"/{rule.name}",
        response={200: FindingOut, **REFUSALS},
        operation_id=f"rules_{rule.name}",
        summary=str(rule.title),
        openapi_extra={"requestBody": body},
    )(find)


for _rule in RULES.values():
    _expose(_rule)
