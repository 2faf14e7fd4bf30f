"""Screens of the rules: what there are, one to try, the steps of the processes, and what is not held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock, law
from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotFound, RuleBroken
from anlan.modules.statutes import selectors
from anlan.modules.statutes.choices import SETS, VIEW, Gap, days_said, said
from anlan.modules.statutes.forms import Box, boxes_of, sent_to
from anlan.modules.statutes.selectors.rerun import typed_from
from anlan.modules.statutes.selectors.uses import citations_of_rule, documents, mark_of, processes
from anlan.rules import hazard_list
from anlan.rules.answer import names as part_names
from anlan.rules.answer import plain
from anlan.rules.answer import words as part_words
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
    "licensing": _("Permits, certificates, training"), "enterprises": _("Duties of enterprises"),
}  # fmt: skip
GAP_ICONS = {
    Gap.FIGURES: "hourglass", Gap.LISTS: "list", Gap.TEXTS: "file-off", Gap.ARTICLES: "alert-octagon",
    Gap.VERIFY: "alert-triangle",
}  # fmt: skip
GAP_HEADS = {
    Gap.FIGURES: (pgettext_lazy("statute", "Rule"), _("Days without figures"), pgettext_lazy("statute", "Clause")),
    Gap.LISTS: (_("Statutory list"), pgettext_lazy("days of a text", "In force"), pgettext_lazy("statute", "Number")),
    Gap.TEXTS: (_("Text"), pgettext_lazy("days of a text", "In force"), pgettext_lazy("statute", "Number")),
    Gap.ARTICLES: (_("Article"), pgettext_lazy("days of a text", "In force"), ""),
    Gap.VERIFY: (pgettext_lazy("statute", "Rule"), "", pgettext_lazy("statute", "Clause")),
}
NAMED = ("on", "more", "example")
MOST_TYPED = 400  # boxes of one form
MOST_FIGURES = 40  # figures to verify on the page of a rule; the rest stands on a page of its own


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def all_rules(actor: Actor, query: Any) -> dict[str, Any]:
    """The rules by theme."""
    themes: dict[str, list[dict[str, Any]]] = {}
    for rule in RULES.values():
        shown = {
            "name": rule.name, "title": in_language(rule.title, language()),
            "about": said(rule.about),
            "method": rule.method, "url": reverse("statutes:rule", kwargs={"rule": rule.name}),
        }  # fmt: skip
        themes.setdefault(rule.theme, []).append(shown)
    return {"themes": [(THEMES.get(theme, theme), found) for theme, found in themes.items()]}


RULE_LIST = ViewPage(
    name="statutes:rules", path="rules/", title=_("Rules of law"), icon="scale", permission=VIEW, public=True,
    template="statutes/rules.html", context=all_rules,
)  # fmt: skip


def try_rule(request: HttpRequest, rule: str) -> HttpResponseBase:
    """A rule with its form; what was typed is answered on the same page and stored nowhere."""
    if rule not in RULES:
        raise NotFound
    asked, actor = RULES[rule], actor_of(request)
    sent = {name: ", ".join(filter(None, values)) for name, values in list(request.GET.lists())[:MOST_TYPED]}
    example = sent.get("example", "")
    if example.isascii() and example.isdigit() and len(example) < 4 and int(example) < len(asked.examples):
        chosen = asked.examples[int(example)]
        sent = {**typed_from(chosen.given), "on": chosen.on.isoformat()}
    tried = "more" not in sent and any(name not in NAMED for name in sent)
    errors: dict[str, str] = {}
    found: Finding[Any] | None = None
    refused = ""
    fields = slots(asked.input)
    given = sent_to(fields, sent) if tried else {}
    path = law.place_of(actor)
    if tried:
        try:
            found = law.finding(rule, given, sent.get("on") or None, path=path)
        except (BadInput, BadInputs) as why:
            problems = why.problems if isinstance(why, BadInputs) else [why]
            errors = {one.column: sentence_of(one) for one in problems}
        except RuleBroken as why:
            refused = sentence_of(why)
    boxes = boxes_of(fields, sent, errors)
    with law.by_figures_of(path):
        answer = answered(actor, asked, given, found) if found else {}
    labels = {**labels_in(boxes), "on": gettext("By the edition of")}
    context = {
        "title": in_language(asked.title, language()), "rule": asked, "about": said(asked.about),
        "bounds": said(asked.bounds) if asked.bounds else "", "boxes": boxes,
        "on": sent.get("on", ""),
        "on_error": errors.get("on", ""), "errors": [problem(name, why, labels) for name, why in errors.items()],
        "refused": refused,
        "examples": [(n, one.source) for n, one in enumerate(asked.examples)],
        **standing_of(actor, asked), "address": request.path, "rules_url": reverse("statutes:rules"),
        **answer,
        "figures": selectors.of_rule(actor, rule)[:MOST_FIGURES], "figures_url": figures_of(rule),
        "may_set": actor.signed_in and actor.may(SETS),
    }  # fmt: skip
    return render(request, "statutes/rule.html", context, status=422 if errors or refused else 200)


def figures_of(rule: str) -> str:
    """Where all figures to verify of a rule stand."""
    return f"{reverse('statutes:figures')}?{urlencode({'rule': rule})}"


def labels_in(boxes: list[Box]) -> dict[str, str]:
    """The labels of the boxes by their names, those of groups included."""
    found: dict[str, str] = {}
    for box in boxes:
        found[box.name] = box.label
        between = pgettext("between a row of a form and its field", ", ")
        row = f"{box.label}{between}" if box.kind == "row" else ""
        found |= {name: row + label for name, label in labels_in(box.boxes).items()}
    return found


def problem(name: str, why: str, labels: Mapping[str, str]) -> tuple[str, str]:
    """A problem for the summary: the id of its box ("" where it is about none), and label with sentence."""
    if name not in labels:
        name, _bracket, _rest = name.rpartition("[")  # one of several in a box: parts[2]
    if name not in labels:
        return "", why
    between = pgettext("between a field and its problem", ": ")
    return Box(name, "", "", required=False).id, f"{labels[name]}{between}{why}"


def answered(actor: Actor, rule: Rule, given: Mapping[str, Any], found: Finding[Any]) -> dict[str, Any]:
    """A finding for the page: value, steps, clauses with where they stand."""
    return {
        "found": True,
        "today_says": today_says(actor, rule, given, found),
        "value": tree_of(plain(found.value, language()), names_of(rule)),
        "steps": [said(step) for step in found.steps],
        "cited": selectors.places_of(actor, found.citations),
        "settled": found.settled,
        "provisional": found.provisional,
        "as_of": found.inputs.get("on"),
    }


def today_says(actor: Actor, rule: Rule, given: Mapping[str, Any], found: Finding[Any]) -> dict[str, Any] | None:
    """What today's edition answers to a question of another day; None for one of today."""
    if found.inputs.get("on") in (None, clock.today()):
        return None
    outcome, now, why = selectors.by_today(rule.name, given, found)
    why = why.problems[0] if isinstance(why, BadInputs) else why
    return {
        "said": outcome.value, "day": clock.today(), "why": sentence_of(why) if why is not None else "",
        "value": tree_of(plain(now.value, language()), names_of(rule)) if now else None,
        "cited": selectors.places_of(actor, now.citations) if now else [],
    }  # fmt: skip


def tree_of(value: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A value of a rule as the template walks it: a word with its name, a list, or names with values."""
    if isinstance(value, dict):
        called = part_names()
        parts = [
            (said(called[name]) if name in called else name, tree_of(each, names))
            for name, each in value.items()
            if each not in (None, "", [])
        ]
        return {"kind": "record", "parts": parts}
    if isinstance(value, list):
        return {"kind": "list", "parts": [tree_of(each, names) for each in value]}
    if isinstance(value, bool):
        return {"kind": "word", "word": gettext("Yes") if value else gettext("No")}
    word = "—" if value is None else str(value)
    return {"kind": "word", "word": word, "said": names.get(word, "")}


def names_of(rule: Rule) -> dict[str, str]:
    """The codes of choices by their names: those of the rule itself, then those that every rule names alike, then the
    labels of its fields: which of them reached a bound is a part of some answers."""
    fields = {slot.name: slot.about.label for slot in slots(rule.input)}
    alike = {code: next(iter(found)) for code, found in _all_names().items() if len(found) == 1}
    own = {code: next(iter(found)) for code, found in _named_in(slots(rule.input)).items() if len(found) == 1}
    return {code: said(name) for code, name in {**fields, **part_words(), **alike, **own}.items()}


@cache
def _all_names() -> dict[str, set[Wording]]:
    found: dict[str, set[Wording]] = {}
    for rule in RULES.values():
        for code, names in _named_in(slots(rule.input)).items():
            found.setdefault(code, set()).update(names)
    return found


def _named_in(fields: tuple[Slot, ...]) -> dict[str, set[Wording]]:
    found: dict[str, set[Wording]] = {}
    for slot in fields:
        for code, name in (slot.about.choices or {}).items():
            found.setdefault(str(code), set()).add(name)
        for code, inner in _named_in(slot.slots).items():
            found.setdefault(code, set()).update(inner)
    return found


def standing_of(actor: Actor, rule: Rule) -> dict[str, Any]:
    """The editions of a rule by date, each with what it rests on, and every clause it rests on."""
    rows = [edition for editions in rule.editions for edition in editions]
    clauses = citations_of_rule(rule.name)
    places = selectors.places_of(actor, [*(edition.citation for edition in rows), *clauses])
    states = {
        State.HELD: (gettext("Answers"), "green"), State.NOT_HELD: (gettext("Not held"), "grey"),
        State.NOT_IN_FORCE: (gettext("Not in force"), "orange"),
    }  # fmt: skip
    editions = [
        {"start": edition.start, "end": edition.end, "cited": cited, "state": states[edition.state]}
        for edition, cited in zip(rows, places, strict=False)
    ]
    return {"editions": editions, "rests_on": places[len(rows) :]}


RULE = CustomPage(
    name="statutes:rule", path="rules/<slug:rule>/", title=pgettext_lazy("statute", "Rule"), permission=VIEW,
    public=True, view=try_rule,
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
    public=True, template="statutes/steps.html", context=all_steps,
)  # fmt: skip


def all_gaps(actor: Actor, query: Any) -> dict[str, Any]:
    """What is not held, and what is to be verified; searched and by kind."""
    text, kind = query.get("q", "").strip()[:100], query.get("kind", "")
    kind = kind if kind in Gap.values else ""
    matching = selectors.missing(actor, text)
    counts = selectors.by_kind(matching)
    address = reverse("statutes:gaps")
    chosen = [Gap(kind)] if kind else list(Gap)
    tabs = [("", gettext("All"), len(matching)), *[(g.value, g.label, counts[g.value]) for g in Gap]]
    return {
        "q": text, "kind": kind, "total": counts[kind] if kind else len(matching), "address": address,
        "tabs": [
            {
                "label": label, "count": count, "active": code == kind,
                "url": f"{address}?{urlencode({k: v for k, v in (('q', text), ('kind', code)) if v})}",
            }
            for code, label, count in tabs
        ],
        "groups": [
            {"title": gap.label, "icon": GAP_ICONS[gap], "rows": _told_once(rows), "heads": GAP_HEADS[gap]}
            for gap in chosen
            if (rows := [one for one in matching if one.kind == gap])
        ],
    }  # fmt: skip


def _told_once(rows: list[selectors.Missing]) -> list[tuple[selectors.Missing, bool]]:
    """The rows in order, each with whether the one before it is about the same thing."""
    return [(row, n > 0 and rows[n - 1].title == row.title) for n, row in enumerate(rows)]


def all_criteria(actor: Actor, query: Any) -> dict[str, Any]:
    """The editions of the statutory lists that are held."""
    rows = [
        {
            "title": in_language(s.title, language()), "number": s.number, "items": s.items,
            "days": days_said(s.valid_from, s.valid_to),
            "url": reverse("statutes:criteria", kwargs={"edition": f"{s.code}-{s.version}"}),
        }
        for s in hazard_list.sets()
        if s.status is not hazard_list.Status.NOT_HELD
    ]  # fmt: skip
    return {"lists": rows}


def criteria_of(actor: Actor, query: Any, edition: str) -> dict[str, Any]:
    """The clauses of one edition of a statutory list, each with where it is read."""
    found = next((s for s in hazard_list.sets() if f"{s.code}-{s.version}" == edition), None)
    if found is None or found.status is hazard_list.Status.NOT_HELD:
        raise NotFound
    clauses = hazard_list.clauses_of(found)
    places = selectors.places_of(actor, [clause.citation for clause in clauses])
    groups: dict[str, list[dict[str, Any]]] = {}
    for clause, cited in zip(clauses, places, strict=True):
        row = {"mark": mark_of(clause.code), "title": in_language(clause.title, language()), "cited": cited}
        groups.setdefault(clause.sector, []).append(row)
    named = hazard_list.SECTORS
    return {
        "title": in_language(found.title, language()), "number": found.number,
        "days": days_said(found.valid_from, found.valid_to), "lists_url": reverse("statutes:criteria-lists"),
        "groups": [(in_language(named[s], language()) if s in named else s, rows) for s, rows in groups.items()],
    }  # fmt: skip


CRITERIA_LISTS = ViewPage(
    name="statutes:criteria-lists", path="criteria/", title=_("Statutory lists of major hazards"), icon="list-check",
    permission=VIEW, public=True, template="statutes/criteria_lists.html", context=all_criteria,
)  # fmt: skip
CRITERIA = ViewPage(
    name="statutes:criteria", path="criteria/<slug:edition>/", title=_("Statutory list of major hazards"),
    icon="list-check", permission=VIEW, public=True, template="statutes/criteria.html", context=criteria_of,
)  # fmt: skip


def all_papers(actor: Actor, query: Any) -> dict[str, Any]:
    """The papers the platform prints, each with the clauses it names."""
    known = documents()
    places = iter(selectors.places_of(actor, [c for _label, citations in known.values() for c in citations]))
    return {
        "papers": [
            {"code": code, "title": gettext(label), "cited": [next(places) for _citation in citations]}
            for code, (label, citations) in known.items()
        ]
    }


PAPERS = ViewPage(
    name="statutes:papers", path="papers/", title=_("Documents and their clauses"), icon="file-certificate",
    permission=VIEW, public=True, template="statutes/papers.html", context=all_papers,
)  # fmt: skip
GAPS = ViewPage(
    name="statutes:gaps", path="gaps/", title=_("What is not held"), icon="file-off", permission=VIEW, public=True,
    template="statutes/gaps.html", context=all_gaps,
)  # fmt: skip
