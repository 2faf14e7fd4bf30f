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
from anlan.kernel.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class JobRetried(Fact):
    """A job that had been given up was put back in the queue."""

    sentence: ClassVar[str] = gettext_noop("Job %(task)s (number %(job)s) put back in the queue")
    icon: ClassVar[str] = "refresh"
    task: str
    job: int


@act(may="office.operate")
def retry_job(work: Work, *, job: int) -> None:
    """Put a job that was given up back in the queue; one that is waiting or running already is left as it is."""
    row = ProcrastinateJob.objects.filter(pk=job).first()
    if row is None:
        raise NotFound
    if row.status in ("todo", "doing"):
        return
    if row.status != "failed":
        raise BadInput("job", gettext_noop("This job was not given up: there is nothing to repeat."))
    app.job_manager.retry_job_by_id(job_id=row.pk, retry_at=dt.datetime.now(dt.UTC))
    subject = EventRow.objects.filter(pk=row.args.get("event_id")).first() if "event_id" in row.args else None
    work.record(JobRetried(task=row.task_name, job=row.pk), on=subject or row)
