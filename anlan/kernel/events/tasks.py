"""Jobs of the outbox."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from anlan.kernel.events.bus import deliver


@app.task(name="events.run_flow", queue="flows", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def run_flow(event_id: str, flow_name: str) -> None:
    """Run one flow for one event; a second run does nothing."""
    deliver(event_id, flow_name)


@app.periodic(cron="*/5 * * * *")
@app.task(name="events.revive_stalled", queue="upkeep", queueing_lock="events.revive_stalled", pass_context=True)
async def revive_stalled(context: object, timestamp: int) -> None:
    """Put jobs whose worker died back in the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=120):
        await app.job_manager.retry_job(job)
