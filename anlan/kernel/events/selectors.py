"""The state of the outbox and its queue, for the administrator and for ``/healthz``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from anlan.kernel.actor import Actor
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import system_read, within

ALIVE = dt.timedelta(seconds=60)
MAY_SEE = "office.operate"


@dataclass(frozen=True)
class WorkerState:
    """One worker process and its last sign of life."""

    pk: int
    seen_at: dt.datetime
    alive: bool


@dataclass(frozen=True)
class QueueState:
    """How many jobs of one queue wait, run, and have failed for good."""

    queue: str
    waiting: int
    running: int
    failed: int


@system_read("the health page is open to everybody and tells no content")
def workers(now: dt.datetime | None = None) -> list[WorkerState]:
    """The workers known to the queue, by the database's clock: a moved clock does not make them dead."""
    now = now or _database_now()
    return [
        WorkerState(w.pk, w.last_heartbeat, now - w.last_heartbeat <= ALIVE)
        for w in ProcrastinateWorker.objects.order_by("pk")
    ]


@system_read("counts only")
def queues() -> list[QueueState]:
    """The queues with how much stands in each."""
    counted = (
        ProcrastinateJob.objects.values("queue_name")
        .annotate(
            waiting=models.Count("pk", filter=models.Q(status="todo")),
            running=models.Count("pk", filter=models.Q(status="doing")),
            failed=models.Count("pk", filter=models.Q(status="failed")),
        )
        .order_by("queue_name")
    )
    return [QueueState(c["queue_name"], c["waiting"], c["running"], c["failed"]) for c in counted]


def failed_jobs(actor: Actor) -> models.QuerySet[ProcrastinateJob]:
    """The jobs given up after their last attempt, newest first.

    Whoever operates a whole tree of regions sees all of them; whoever operates a part, those of its events.
    """
    rows = ProcrastinateJob.objects.filter(status="failed").order_by("-id")
    if actor.is_system or any(len(g.path) == Region.steplen for g in actor.grants_for(MAY_SEE)):
        return rows
    known = announced(actor).order_by().annotate(said=Cast("pk", models.TextField())).values("said")
    ours: models.QuerySet[ProcrastinateJob] = rows.annotate(event=KeyTextTransform("event_id", "args"))
    return ours.filter(models.Q(event__in=known))


def announced(actor: Actor) -> models.QuerySet[EventRow]:
    """The events announced in the regions the actor operates, newest first."""
    reach = models.Q() if actor.is_system else models.Q(pk__in=[])
    for grant in actor.grants_for(MAY_SEE):
        if grant.path and not grant.holder:
            reach |= within("region_path", grant.path)
    return EventRow.objects.filter(reach).order_by("-at", "pk")


@system_read("the deliveries of one event that is in hand")
def deliveries(event: EventRow) -> list[Delivery]:
    """The flows that ran for an event, in order."""
    return list(Delivery.objects.filter(event=event).order_by("at", "pk"))


@system_read("the consequences of one event that is in hand")
def caused(event: EventRow) -> list[EventRow]:
    """The events that the flows of this one announced, in order."""
    return list(EventRow.objects.filter(caused_by=event).order_by("at", "pk"))


def _database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
