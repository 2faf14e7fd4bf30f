"""Home: what is due for the reader, what was said to him, what he does most."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted_each
from anlan.kernel.deadlines.facts import Urged
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.selectors import due_by_desk
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.services import inbox
from anlan.ui import links, menu, places, quick_actions, shell, standing
from anlan.ui.onward import steps_due
from anlan.ui.pages import CustomPage, actor_of
from anlan.ui.selectors import due_items
from anlan.ui.views.inbox import letters

SHOWN = 8  # items of each group on the home page
MANY = 1000  # more than these are not sorted to find the first of them
LETTERS = 5


def windows() -> dict[str, tuple[Any, str, str, Q]]:
    """The groups of what is due: code to label, tone, icon and condition; every open item is in exactly one."""
    now = clock.now()
    tonight = clock.end_of(clock.today())
    week = clock.end_of(clock.today() + dt.timedelta(days=7))
    return {
        "overdue": (_("Overdue"), "red", "alarm", Q(due_at__lt=now)),
        "today": (_("Due today"), "orange", "clock-exclamation", Q(due_at__gte=now, due_at__lte=tonight)),
        "week": (_("Due within 7 days"), "yellow", "calendar-due", Q(due_at__gt=tonight, due_at__lte=week)),
        "later": (_("Due later"), "grey", "calendar", Q(due_at__gt=week)),
    }


def urged(rows: list[Deadline]) -> dict[tuple[str, str, str], Entry]:
    """The last 催办 about each of these items, by (subject type, subject key, label); one query."""
    if not rows:
        return {}
    entries: QuerySet[Entry] = Entry.objects.everything(why="only about items on the reader's own desk")
    found = entries.filter(
        fact_type=Urged.type_name(),
        subject_type__in={r.subject_type for r in rows},
        subject_id__in={r.subject_id for r in rows},
        at__gte=clock.now() - dt.timedelta(days=30),
    ).order_by("id")
    return {(e.subject_type, e.subject_id, e.data.get("label", "")): e for e in found}


def listed(rows: list[Deadline], actor: Actor) -> list[dict[str, Any]]:
    """Deadlines ready for a list: what, of which record, where, until when, pressed for by whom, the step to take."""
    pressed = urged(rows)
    onward = steps_due(actor, rows)
    named = places.names({row.region_path for row in rows})
    return [
        {
            "deadline": row,
            "label": gettext(row.label),
            "title": row.subject_title,
            "url": links.url_of(row.subject_type, row.subject_id),
            "place": named.get(row.region_path, ""),
            "urged": pressed.get((row.subject_type, row.subject_id, row.label)),
            "escalated": bool(row.escalated_path),
            "onward": onward.get(row.pk),
        }
        for row in rows
    ]


def due_groups(actor: Actor) -> list[dict[str, Any]]:
    """What is due, in groups with their counts; the first rows of each."""
    groups = windows()
    counts = counted_each({code: due_items(actor).filter(group[3]) for code, group in groups.items()})
    parts = [
        part.filter(group[3])[:SHOWN]
        for code, group in groups.items() if counts[code]
        for part in (due_by_desk(actor) if counts[code] > MANY else [due_items(actor)])
    ]  # fmt: skip
    first = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else ()
    soonest = sorted({row.pk: row for row in first}.values(), key=lambda row: (row.due_at, row.pk))
    now = clock.now()
    tonight, week = clock.end_of(clock.today()), clock.end_of(clock.today() + dt.timedelta(days=7))

    def code_of(row: Deadline) -> str:
        return (
            "overdue"
            if row.due_at < now
            else "today"
            if row.due_at <= tonight
            else "week"
            if row.due_at <= week
            else "later"
        )

    shown = {code: [row for row in soonest if code_of(row) == code][:SHOWN] for code in groups}
    ready = {item["deadline"].pk: item for item in listed([row for rows in shown.values() for row in rows], actor)}
    return [
        {
            "code": code,
            "label": label,
            "tone": tone,
            "icon": icon,
            "count": counts[code],
            "items": [ready[row.pk] for row in shown[code]],
            "more": counts[code] > len(shown[code]),
        }
        for code, (label, tone, icon, _condition) in groups.items()
    ]


def show(request: HttpRequest) -> HttpResponse:
    """The home page."""
    actor = actor_of(request)
    groups = due_groups(actor)
    unread = inbox(actor).filter(read_at=None)[: LETTERS + 1]
    found = list(unread)
    if len(found) <= LETTERS:
        shell.unread_already(request, len(found))
    stands = standing.numbers(actor)
    for number in stands:
        if number.badge:
            menu.counted_already(request, number.badge, number.count)
    context = {
        "title": _("What is due for me"),
        "groups": groups,
        "total": sum(g["count"] for g in groups),
        "letters": letters(found[:LETTERS]),
        "more_letters": len(found) > LETTERS,
        "quick": quick_actions.offered(actor),
        "has_post": bool(actor.grants),
        "standing": stands,
        "cards": standing.cards(actor),
        "officer": any(grant.path for grant in actor.grants),
    }
    return render(request, "ui/home.html", context)


HOME = CustomPage(name="ui:home", path="", title=_("Home"), icon="home", view=show)
