"""Jobs of the outbox, and the upkeep of the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from anlan.kernel.events.bus import deliver

STALLED_AFTER = 120  # seconds without a sign of life of the worker
MOST_LIVES = 12  # a job that took this many workers down with it is given up
KEEP_DONE = 24 * 7  # hours
KEEP_FAILED = 24 * 90


@app.task(name="events.run_flow", queue="flows", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def run_flow(event_id: str, flow_name: str) -> None:
    """Run one flow for one event; a second run does nothing."""
    deliver(event_id, flow_name)


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.revive_stalled", queue="upkeep", queueing_lock="events.revive_stalled", pass_context=True)
async def revive_stalled(context: Any, timestamp: int) -> None:
    """Put jobs whose worker died back in the queue.

    A periodic one is dropped instead, since it comes again by itself and may be waiting already; one that has
    been through ``MOST_LIVES`` workers is marked as failed, for somebody to look at.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        if job.queueing_lock:
            await manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)
        elif job.attempts >= MOST_LIVES:
            await manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job_by_id_async(job_id=job.id, retry_at=dt.datetime.now(dt.UTC))


@app.periodic(cron="40 2 * * *")
@app.task(name="events.forget_old_jobs", queue="upkeep", queueing_lock="events.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: Any, timestamp: int) -> None:
    """Delete jobs that were done a week ago, and failed ones after three months."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEEP_DONE)
    await manager.delete_old_jobs(
        nb_hours=KEEP_FAILED, include_failed=True, include_cancelled=True, include_aborted=True
    )
