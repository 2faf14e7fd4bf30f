"""The screen: what the plans ask of a region, each duty with its state, what is due, and the records behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.obligations.facts import Answer, Whose, answering
from anlan.kernel.obligations.selectors import Standing
from anlan.modules.planning import selectors
from anlan.modules.planning.choices import OUTCOMES, SECTIONS, VIEW
from anlan.rules.jurisdictions import documents
from anlan.rules.obligation_outcome import Outcome, Tested
from anlan.rules.obligations import ASKED
from anlan.rules.wording import Wording, in_language
from anlan.ui import links
from anlan.ui.pages import CustomPage, actor_of

NOT_YET = _("The platform does not hold this yet.")
BY_UNIT = _("Answered on the page of each unit.")
NOTHING = _("Nothing to tell of at present.")


def said(text: Wording | str) -> str:
    """A wording of the rules in the reader's language."""
    return in_language(text, get_language() or "zh-hans")


def show(request: HttpRequest) -> HttpResponse:
    """The page of a region, or of one's own unit, filtered by outcome when one is named."""
    actor = actor_of(request)
    only = request.GET.get("state", "")
    if only and only not in set(Outcome):
        raise BadInput("state", gettext_noop("Choose one of: %(states)s."), states=", ".join(Outcome))
    unit = selectors.own_unit(actor)
    where = None if unit else selectors.looked_at(actor, request.GET.get("region", ""))
    if where is not None:
        rows, name, path = selectors.duties(actor, where), where.region.name, where.region.path
    else:
        rows, name, path = selectors.duties_of_unit(actor, unit.id if unit else 0), unit.name if unit else "", ""
    told = Counter(row.outcome for row in rows)
    context = {
        "title": PAGE.title, "name": name,
        "above": [(row.name, address(row.path)) for row in where.above] if where else [],
        "parts": [(row.name, address(row.path)) for row in where.parts] if where else [],
        "tabs": [
            {"label": gettext("All"), "count": len(rows), "active": not only, "url": address(path)},
            *({"label": label, "count": told[outcome], "active": only == outcome, "url": address(path, outcome)}
              for outcome, (label, _tone, _icon) in OUTCOMES.items()),
        ],
        "sections": sections((row for row in rows if only in ("", row.outcome)), Whose.UNIT if unit else Whose.REGION),
        "any": bool(rows),
        "documents": [{"title": said(document.title), "place": document.jurisdiction, "from": document.period_from,
                       "to": document.period_to, "draft": document.status == "draft"} for document in documents()],
        "rules_url": links.url_of(where.region) if where else "",
    }  # fmt: skip
    return render(request, "planning/region.html", context)


def address(path: str, outcome: str = "") -> str:
    """The page of a region, with an outcome when one is named."""
    return f"{reverse('planning:duties')}?{urlencode({'region': path, **({'state': outcome} if outcome else {})})}"


def sections(rows: Iterable[Standing], whose: Whose = Whose.REGION) -> list[dict[str, Any]]:
    """The duties by chapter, ready to be shown."""
    by_chapter: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_chapter.setdefault(row.duty.section, []).append(_row(row, whose))
    return [{"title": title, "rows": by_chapter[code]} for code, title in SECTIONS.items() if code in by_chapter]


def _row(row: Standing, whose: Whose) -> dict[str, Any]:
    label, tone, icon = OUTCOMES[row.outcome]
    return {
        "id": row.duty.id, "what": said(row.duty.what), "who": said(row.duty.who), "asked": said(row.duty.threshold),
        "label": label, "tone": tone, "icon": icon, "due": row.due, "document": said(row.document.title),
        "adoption": row.adoption, "tests": [_test(test, row, whose) for test in row.finding.value.tests],
        "steps": [said(step) for step in row.finding.steps], "clauses": [str(one) for one in row.finding.citations],
    }  # fmt: skip


def _test(test: Tested, row: Standing, whose: Whose) -> dict[str, Any]:
    label, tone, _icon = OUTCOMES[test.outcome or Outcome.NO_DATA]
    answer = row.answers.get(test.fact)
    figure = f" {test.figure:f}{said(test.unit)}" if test.figure is not None else ""
    return {
        "name": said(test.name), "asks": f"{said(ASKED[test.test])}{figure}", "label": label, "tone": tone,
        "value": None if answer is None or answer.value is None else f"{answer.value:f}{said(test.unit)}",
        "why": _why(test, answer, whose), "note": answer.note if answer else "",
        "records": [(str(record), links.url_of(record)) for record in answer.records] if answer else [],
        "more": answer.more if answer else 0,
    }  # fmt: skip


def _why(test: Tested, answer: Answer | None, whose: Whose) -> Any:
    """Why there is no figure, where there is none."""
    if answer is not None:
        return ""
    if answering(test.fact, whose):
        return NOTHING
    return BY_UNIT if whose is Whose.REGION and answering(test.fact, Whose.UNIT) else NOT_YET


PAGE = CustomPage(
    name="planning:duties", path="", title=_("What the plans ask of us"), icon="list-check", permission=VIEW, view=show
)
