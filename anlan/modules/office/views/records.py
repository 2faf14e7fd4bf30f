"""The journal, and the outbox: what was announced, which flows ran, which jobs were given up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.events import selectors as outbox
from anlan.kernel.events.models import EventRow
from anlan.kernel.events.services import retry_job
from anlan.modules.office import choices, selectors
from anlan.modules.office.filters import EntryFilters, EventFilters
from anlan.modules.office.tables import EntryTable, EventTable, JobTable, event_words
from anlan.ui import links
from anlan.ui.pages import Action, BulkAct, Empty, Export, Item, ListPage, RecordPage, Section


def event_facts(event: EventRow, actor: Actor) -> list[Item]:
    """What was announced."""
    about = f"{choices.subject_label(event.subject_type)} {event.subject_id}"
    cause = event.caused_by
    known = cause is not None and selectors.events(actor).filter(pk=cause.pk).exists()
    return [
        Item(_("Says"), event_words(event)),
        Item(_("Happened at"), event.at),
        Item(_("About"), about, url=links.url_of(event.subject_type, event.subject_id)),
        Item(_("Region"), event.region_path, kind="region"),
        Item(_("Set off by"), gettext("System") if event.actor_key == "system" else event.actor_key),
        Item(_("Caused by"), cause.event_type if cause else "", url=links.url_of(cause) if cause and known else ""),
        Item(_("Causes behind it"), event.depth),
    ]


def carried(event: EventRow, actor: Actor) -> list[Item]:
    """What the event carries."""
    return [Item(name, str(value)) for name, value in sorted(event.data.items())]


def runs(event: EventRow, actor: Actor) -> dict[str, Any]:
    """The flows that ran, and what they announced in turn."""
    seen = selectors.events(actor)
    return {
        "deliveries": outbox.deliveries(event),
        "caused": [
            {"event": e, "url": links.url_of(e) if seen.filter(pk=e.pk).exists() else ""} for e in outbox.caused(event)
        ],
    }


def state_of_queue(actor: Actor, rows: Any) -> dict[str, Any]:
    """Workers and queues, above the list."""
    return {
        "workers": outbox.workers(),
        "queues": [{"name": choices.QUEUES.get(q.queue, q.queue), "state": q} for q in outbox.queues()],
    }


JOURNAL = ListPage(
    name="office:journal",
    path="journal/",
    title=_("Journal"),
    icon="notebook",
    permission="journal.view",
    selector=selectors.entries,
    table=EntryTable,
    filters=EntryFilters,
    lead=_("What happened, to what, by whom; nothing is ever changed or deleted here"),
    empty=Empty(_("Nothing found"), _("Nothing in your jurisdiction fits these filters.")),
    export=Export(permission=choices.SEE),
)
EVENTS = ListPage(
    name="office:events",
    path="events/",
    title=_("Events"),
    icon="topology-star-3",
    permission=choices.OPERATE,
    selector=selectors.events,
    table=EventTable,
    filters=EventFilters,
    lead=_("What modules announced, and which flows reacted"),
    actions=(Action(_("Jobs given up"), "office:jobs", icon="alert-triangle", permission=choices.OPERATE),),
    empty=Empty(_("No events"), _("None in your jurisdiction fits these filters.")),
)
EVENT = RecordPage(
    name="office:event",
    path="events/<uuid:pk>/",
    permission=choices.OPERATE,
    selector=selectors.events,
    title=lambda event: event.event_type,
    facts=event_facts,
    back="office:events",
    deadlines=False,
    sections=(
        Section(_("What it carries"), items=carried, icon="package"),
        Section(_("Flows"), template="office/runs.html", context=runs, icon="topology-star-3"),
    ),
)
JOBS = ListPage(
    name="office:jobs",
    path="jobs/",
    title=_("Jobs given up"),
    icon="alert-triangle",
    permission=choices.OPERATE,
    selector=selectors.failed_jobs,
    table=JobTable,
    lead=_("Work that failed in every attempt and waits for somebody"),
    above="office/queue.html",
    context=state_of_queue,
    bulk=(
        BulkAct(
            "retry", _("Try again"), retry_job, icon="refresh", title=lambda job: f"{job.task_name} {job.pk}",
            confirm=_("The chosen jobs are put back in the queue."),
        ),
    ),
    empty=Empty(_("Nothing given up"), _("Every job was done, or is still being tried."), icon="mood-check"),
)  # fmt: skip
