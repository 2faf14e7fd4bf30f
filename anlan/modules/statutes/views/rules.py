"""Screens of the rules: what there are, one to try, the steps of the processes, and what is not held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import law
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotFound, RuleBroken
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import VIEW
from anlan.modules.statutes.forms import Box, boxes_of, rows_in, sent_to, typed_from
from anlan.modules.statutes.selectors.uses import citations_of_rule, cite_url, processes
from anlan.rules import hazard_list
from anlan.rules.answer import plain
from anlan.rules.book import RULES
from anlan.rules.citation import Finding
from anlan.rules.editions import State
from anlan.rules.inputs import Slot, slots
from anlan.rules.rule import Rule
from anlan.rules.wording import Wording, in_language
from anlan.ui.pages import CustomPage, ViewPage, actor_of
from anlan.ui.refusals import sentence_of

THEMES = {
    "accidents": _("Accidents"), "hazards": _("Hazards"), "risk": _("Risk"),
    "major_hazards": _("Major hazard installations"),
    "occupational_health": _("Occupational health"), "indicators": _("Indicators"), "codes": _("Codes"),
    "calendar": _("Working days"), "credit": _("Credit, rewards, insurance"),
    "emergency": _("Emergency plans and drills"),
    "enforcement": _("Enforcement clocks"), "health": _("Occupational health clocks"),
    "licensing": _("Permits, certificates, training"),
}  # fmt: skip
NAMED = ("on", "rows", "more", "example")
MOST_TYPED = 400  # boxes of one form


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def all_rules(actor: Actor, query: Any) -> dict[str, Any]:
    """The rules by theme."""
    themes: dict[str, list[dict[str, Any]]] = {}
    for rule in RULES.values():
        shown = {
            "name": rule.name, "title": in_language(rule.title, language()),
            "about": in_language(rule.about, language()),
            "method": rule.method, "url": reverse("statutes:rule", kwargs={"rule": rule.name}),
        }  # fmt: skip
        themes.setdefault(rule.theme, []).append(shown)
    return {"themes": [(THEMES.get(theme, theme), found) for theme, found in themes.items()]}


RULE_LIST = ViewPage(
    name="statutes:rules", path="rules/", title=_("Rules of law"), icon="scale", permission=VIEW,
    template="statutes/rules.html", context=all_rules,
)  # fmt: skip


def try_rule(request: HttpRequest, rule: str) -> HttpResponseBase:
    """A rule with its form; what was typed is answered on the same page and stored nowhere."""
    if rule not in RULES:
        raise NotFound
    asked, actor = RULES[rule], actor_of(request)
    sent = {name: str(value) for name, value in list(request.GET.items())[:MOST_TYPED]}
    example = sent.get("example", "")
    if example.isascii() and example.isdigit() and len(example) < 4 and int(example) < len(asked.examples):
        chosen = asked.examples[int(example)]
        sent = {**typed_from(chosen.given), "on": chosen.on.isoformat()}
    tried = "more" not in sent and any(name not in NAMED for name in sent)
    errors: dict[str, str] = {}
    found: Finding[Any] | None = None
    refused = ""
    fields, rows = slots(asked.input), rows_in(sent)
    if tried:
        try:
            found = law.finding(rule, sent_to(fields, sent, rows), sent.get("on") or None)
        except (BadInput, BadInputs) as why:
            problems = why.problems if isinstance(why, BadInputs) else [why]
            errors = {one.column: sentence_of(one) for one in problems}
        except RuleBroken as why:
            refused = sentence_of(why)
    boxes = boxes_of(fields, sent, errors, rows)
    labels = {**labels_in(boxes), "on": gettext("By the edition of")}
    context = {
        "title": in_language(asked.title, language()), "rule": asked, "about": in_language(asked.about, language()),
        "bounds": in_language(asked.bounds, language()) if asked.bounds else "", "boxes": boxes,
        "on": sent.get("on", ""),
        "on_error": errors.get("on", ""), "errors": [problem(name, said, labels) for name, said in errors.items()],
        "refused": refused, "rows": rows, "more_rows": min(rows + 3, 30),
        "lists": any(box.kind == "group" for box in boxes),
        "examples": [(n, one.source) for n, one in enumerate(asked.examples)],
        "editions": editions_of(actor, asked), "address": request.path, "rules_url": reverse("statutes:rules"),
        **(answered(actor, asked, found) if found else {}),
    }  # fmt: skip
    return render(request, "statutes/rule.html", context, status=422 if errors or refused else 200)


def labels_in(boxes: list[Box]) -> dict[str, str]:
    """The labels of the boxes by their names, those of groups included."""
    return {name: label for box in boxes for name, label in {box.name: box.label, **labels_in(box.boxes)}.items()}


def problem(name: str, said: str, labels: Mapping[str, str]) -> tuple[str, str]:
    """A problem for the summary: the id of its box ("" where it is about none), and label with sentence."""
    if name not in labels:
        return "", f"{name} {said}".strip()
    between = pgettext("between a field and its problem", ": ")
    return Box(name, "", "", required=False).id, f"{labels[name]}{between}{said}"


def answered(actor: Actor, rule: Rule, found: Finding[Any]) -> dict[str, Any]:
    """A finding for the page: value, steps, clauses with where they stand."""
    return {
        "found": True,
        "value": tree_of(plain(found.value, language()), names_of(rule)),
        "steps": [in_language(step, language()) for step in found.steps],
        "cited": selectors.places_of(actor, found.citations),
        "settled": found.settled,
        "as_of": found.inputs.get("on"),
    }


def tree_of(value: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A value of a rule as the template walks it: a word with its name, a list, or names with values."""
    if isinstance(value, dict):
        return {"kind": "record", "parts": [(name, tree_of(each, names)) for name, each in value.items()]}
    if isinstance(value, list):
        return {"kind": "list", "parts": [tree_of(each, names) for each in value]}
    if isinstance(value, bool):
        return {"kind": "word", "word": gettext("Yes") if value else gettext("No")}
    word = "—" if value is None else str(value)
    return {"kind": "word", "word": word, "said": names.get(word, "")}


def names_of(rule: Rule) -> dict[str, str]:
    """The codes of choices by their names: those of the rule itself, then those that every rule names alike."""
    alike = {code: next(iter(said)) for code, said in _all_names().items() if len(said) == 1}
    own = {code: next(iter(said)) for code, said in _named_in(slots(rule.input)).items() if len(said) == 1}
    return {code: in_language(said, language()) for code, said in {**alike, **own}.items()}


@cache
def _all_names() -> dict[str, set[Wording]]:
    found: dict[str, set[Wording]] = {}
    for rule in RULES.values():
        for code, said in _named_in(slots(rule.input)).items():
            found.setdefault(code, set()).update(said)
    return found


def _named_in(fields: tuple[Slot, ...]) -> dict[str, set[Wording]]:
    found: dict[str, set[Wording]] = {}
    for slot in fields:
        for code, said in (slot.about.choices or {}).items():
            found.setdefault(str(code), set()).add(said)
        for code, inner in _named_in(slot.slots).items():
            found.setdefault(code, set()).update(inner)
    return found


def editions_of(actor: Actor, rule: Rule) -> list[dict[str, Any]]:
    """The editions of a rule by date, each with what it rests on."""
    rows = [edition for editions in rule.editions for edition in editions]
    places = selectors.places_of(actor, [edition.citation for edition in rows])
    states = {
        State.HELD: (gettext("Answers"), "green"), State.NOT_HELD: (gettext("Not held"), "grey"),
        State.NOT_IN_FORCE: (gettext("Not in force"), "orange"),
    }  # fmt: skip
    return [
        {"start": edition.start, "end": edition.end, "cited": cited, "state": states[edition.state]}
        for edition, cited in zip(rows, places, strict=True)
    ]


RULE = CustomPage(
    name="statutes:rule", path="rules/<slug:rule>/", title=_("Rule"), permission=VIEW, view=try_rule,
)  # fmt: skip


def all_steps(actor: Actor, query: Any) -> dict[str, Any]:
    """Every step of every process with its clause."""
    tables = []
    clauses = [step.clause for _name, model in processes() for step in model.process.steps]
    places = iter(selectors.places_of(actor, clauses))
    for name, model in processes():
        rows = [
            {"code": f"{name}.{step.code}", "label": gettext(step.label), "cited": next(places)}
            for step in model.process.steps
        ]
        tables.append({"title": model._meta.verbose_name, "rows": rows})
    return {"processes": tables}


STEPS = ViewPage(
    name="statutes:steps", path="steps/", title=_("Steps and their clauses"), icon="gavel", permission=VIEW,
    template="statutes/steps.html", context=all_steps,
)  # fmt: skip


def all_gaps(actor: Actor, query: Any) -> dict[str, Any]:
    """What is not held, and what is to be verified."""
    spans, doubtful = [], []
    for name, rule in RULES.items():
        shown = {"title": in_language(rule.title, language()), "url": reverse("statutes:rule", kwargs={"rule": name})}
        for editions in rule.editions:
            spans += [
                {**shown, "start": e.start, "end": e.end, "clause": str(e.citation), "cite": cite_url(e.citation)}
                for e in editions
                if e.state is State.NOT_HELD
            ]
        said = {str(c): c for c in citations_of_rule(name) if c.to_verify}
        doubtful += [{**shown, "clause": text, "cite": cite_url(c)} for text, c in said.items()]
    lists = [
        {"title": s.title.zh, "number": s.number, "start": s.valid_from, "end": s.valid_to}
        for s in hazard_list.not_held()
    ]
    texts = selectors.editions(actor).filter(sha256="").order_by("statute__title", "pk")
    return {
        "spans": spans, "doubtful": doubtful, "lists": lists, "texts": texts[:200],
        "strays": selectors.cited_missing(actor).exclude(edition__sha256="")[:50],
    }  # fmt: skip


GAPS = ViewPage(
    name="statutes:gaps", path="gaps/", title=_("What is not held"), icon="file-off", permission=VIEW,
    template="statutes/gaps.html", context=all_gaps,
)  # fmt: skip
