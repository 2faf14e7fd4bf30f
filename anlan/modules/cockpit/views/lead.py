"""The leader's page: what is dangerous, who answers for it, how long it has been, what is lacking, and a button."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.facts import Urged
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import urge_deadline
from anlan.kernel.errors import BadInput, Refused
from anlan.kernel.journal.models import Entry
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.choices import FIGURES, sector_label
from anlan.modules.cockpit.models import HazardFact
from anlan.modules.cockpit.selectors import Place, Town
from anlan.modules.cockpit.selectors.records import LEAD
from anlan.modules.cockpit.selectors.trend import SUBJECT
from anlan.modules.cockpit.views import shapes
from anlan.modules.registry.public import contact_of, phone_of
from anlan.ui import formats, links, places
from anlan.ui.middleware import is_htmx
from anlan.ui.pages import actor_of
from anlan.ui.pages.base import found
from anlan.ui.pages.values import address_of

MAJORS = 50
TOWNS = 20
NOTE = 200  # characters of a note sent with it


def show(request: HttpRequest) -> HttpResponse:
    """The page: the major hazards, or the towns."""
    actor = actor_of(request)
    where = selectors.place(actor, request.GET.get("region", ""), LEAD)
    view = "towns" if request.GET.get("show") == "towns" else "majors"
    total = selectors.majors_total(actor, where, LEAD)
    labels = (("majors", _("Major hazards"), total["count"]), ("towns", _("Towns"), ""))
    context = {
        "title": _("What needs a leader"), "show": view, "as_of": clock.now(), "total": total,
        "name": where.region.name if where.region else _("All my regions"),
        "lines": [sector_label(code) for code in where.lines],
        "missing": formats.number(total["yuan"] / 10_000, 1),
        "all_majors": shapes.records(where, where.lines, state="open", grade="major"),
        "tabs": [
            {"label": label, "count": count, "active": code == view,
             "url": shapes.address("cockpit:lead", request.GET.get("region", ""), show=code.removeprefix("majors"))}
            for code, label, count in labels
        ],
        **(_towns(actor, where) if view == "towns" else _majors(actor, where)),
    }  # fmt: skip
    return render(request, "cockpit/lead.html", context)


def _majors(actor: Actor, where: Place) -> dict[str, Any]:
    rows = list(selectors.major_hazards(actor, where, LEAD)[: MAJORS + 1])
    return {"majors": _told(actor, rows[:MAJORS]), "cut": len(rows) > MAJORS}


def _towns(actor: Actor, where: Place) -> dict[str, Any]:
    ranked = selectors.towns(actor, where, LEAD)
    may_urge = actor.may("deadlines.urge")
    return {
        "towns": [_town(town, where.lines, may_urge) for town in ranked[:TOWNS]],
        "more_towns": max(len(ranked) - TOWNS, 0), "rate": FIGURES["overdue_per_100"],
    }  # fmt: skip


def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """Press for an open item (催办): its people are told, the record says so. At most once an hour each."""
    actor = actor_of(request)
    deadline = found(Deadline.objects.visible_to(actor, "deadlines.view"), pk=pk)
    note = request.POST.get("reason", "").strip()
    if len(note) > NOTE:
        raise BadInput("reason", gettext_noop("The note may have at most %(most)s characters."), most=NOTE)
    before = _urged(actor, [deadline]).get(deadline.pk)
    try:
        urge_deadline(actor=actor, deadline=deadline.pk, note=note, key=request.POST.get("idempotency_key") or None)
    except BadInput as why:
        if why.column != "deadline":
            raise
        raise Refused(why.message, **why.params) from why  # nothing was filled in wrongly: say the sentence alone
    after = _urged(actor, [deadline]).get(deadline.pk)
    told = after is not None and (before is None or after.pk != before.pk)
    sentence = (
        _("Those responsible were told.") if told else _("Nobody was told again: they were urged within the last hour.")
    )
    if is_htmx(request):
        return render(request, "cockpit/urged.html", {"told": told, "sentence": sentence, "at": clock.now()})
    (messages.success if told else messages.warning)(request, sentence)
    return HttpResponseRedirect(address_of("cockpit:lead"))


def call(request: HttpRequest, pk: int) -> HttpResponse:
    """The telephone of whoever answers for the site of a hazard, for a reason that the registry journals."""
    actor = actor_of(request)
    hazard = found(HazardFact.objects.visible_to(actor, LEAD), pk=pk)
    contact = contact_of(actor, hazard.site_id)
    phone = phone_of(actor, contact.person_id, request.POST.get("reason", "")) if contact and contact.has_phone else ""
    context = {"contact": contact, "phone": phone, "hazard": hazard, "back": address_of("cockpit:lead")}
    return render(request, "cockpit/phone.html" if is_htmx(request) else "cockpit/call.html", context)


def _told(actor: Actor, rows: list[HazardFact]) -> list[dict[str, Any]]:
    """The major hazards with all that the page says of each."""
    dues = _dues(actor, rows)
    urged = _urged(actor, list(dues.values()))
    named = places.names({h.region_path for h in rows})
    told = []
    for hazard in rows:
        due = dues.get(hazard.pk)
        said = gettext(due.label) if due else hazard.title
        told.append({
            "hazard": hazard, "url": links.url_of(SUBJECT, hazard.pk), "place": named.get(hazard.region_path, ""),
            "missing": hazard.money_missing, "missing_text": formats.money(hazard.money_missing, "wan"),
            "label": gettext(due.label) if due else "", "key": uuid.uuid4().hex,
            "question": _("Those responsible for “%(what)s” get a message, and the record says so.") % {"what": said},
            "urge": address_of("cockpit:urge", due) if due and actor.may("deadlines.urge", due) else "",
            "urged": urged.get(due.pk) if due else None,
            "call": address_of("cockpit:call", hazard) if actor.may("registry.unmask", hazard) else "",
            "instruct": address_of("hazards:instruct", hazard) if actor.may("hazards.instruct", hazard) else "",
        })  # fmt: skip
    return told


def _dues(actor: Actor, rows: list[HazardFact]) -> dict[int, Deadline]:
    """For each hazard its earliest open item that the reader may see."""
    open_ = Deadline.objects.visible_to(actor).filter(
        subject_type=SUBJECT, subject_id__in=[str(h.pk) for h in rows], state=DeadlineState.OPEN
    )
    return {int(d.subject_id): d for d in open_.order_by("-due_at", "-pk")}


def _urged(actor: Actor, dues: list[Deadline]) -> dict[int, Entry]:
    """For each item the last time somebody pressed for it."""
    if not dues:
        return {}
    entries = Entry.objects.everything(why="only about items the reader may see").filter(
        fact_type=Urged.type_name(), subject_type=SUBJECT, subject_id__in=[d.subject_id for d in dues]
    )
    by_item = {(e.subject_id, e.data.get("label", "")): e for e in entries.order_by("id")}
    return {d.pk: by_item[d.subject_id, d.label] for d in dues if (d.subject_id, d.label) in by_item}


def _town(town: Town, lines: tuple[str, ...], may_urge: bool) -> dict[str, Any]:
    """A town's row; where something is overdue, its list and the list from which all of it can be urged at once."""
    due = address_of("ui:deadlines") if may_urge and town.overdue else ""
    return {
        "town": town, "rate": shapes.written(FIGURES["overdue_per_100"], town.overdue_per_100),
        "url": shapes.records(town.path, lines, overdue="on") or shapes.address("cockpit:home", town.path),
        "urge": f"{due}?{urlencode({'region': town.path, 'when': 'overdue'})}" if due else "",
    }  # fmt: skip
