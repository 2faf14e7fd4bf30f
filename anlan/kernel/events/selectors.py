"""The state of the outbox and its queue, for the administrator and for ``/healthz``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, models
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from anlan.kernel.actor import Actor
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.scope import system_read

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
    """The jobs given up after their last attempt, newest first. For whoever operates the platform."""
    actor.need(MAY_SEE)
    return ProcrastinateJob.objects.filter(status="failed").order_by("-id")


def announced(actor: Actor) -> models.QuerySet[EventRow]:
    """The events announced, newest first."""
    actor.need(MAY_SEE)
    return EventRow.objects.order_by("-at", "pk")


def deliveries(actor: Actor, event: EventRow) -> list[Delivery]:
    """The flows that ran for an event, in order."""
    actor.need(MAY_SEE)
    return list(Delivery.objects.filter(event=event).order_by("at", "pk"))


def _database_now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: dt.datetime = cursor.fetchone()[0]
    return now
