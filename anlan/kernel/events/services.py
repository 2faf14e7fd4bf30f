"""Acts on the queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.events.models import EventRow
from anlan.kernel.events.selectors import failed_jobs
from anlan.kernel.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class JobRetried(Fact):
    """A job that had been given up was put back in the queue."""

    sentence: ClassVar[str] = gettext_noop("Job %(task)s (number %(job)s) put back in the queue")
    icon: ClassVar[str] = "refresh"
    task: str
    job: int


@act(may="office.operate", on=ProcrastinateJob)
def retry_job(work: Work, job: ProcrastinateJob) -> None:
    """Put a job that was given up back in the queue; one that is waiting or running already is left as it is."""
    if job.status in ("todo", "doing"):
        return
    if job.status != "failed":
        raise BadInput("job", gettext_noop("This job was not given up: there is nothing to repeat."))
    if not work.actor.is_system and not failed_jobs(work.actor).filter(pk=job.pk).exists():
        raise NotFound
    app.job_manager.retry_job_by_id(job_id=job.pk, retry_at=dt.datetime.now(dt.UTC))
    job.refresh_from_db(fields=["status", "attempts"])
    subject = EventRow.objects.filter(pk=job.args["event_id"]).first() if "event_id" in job.args else None
    work.record(JobRetried(task=job.task_name, job=job.pk), on=subject or job)
