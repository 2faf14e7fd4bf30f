"""Jobs of the regions."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from anlan.kernel.regions.models import RegionChange
from anlan.kernel.regions.repathing import late_changes, repath_rows


@app.task(
    name="regions.repath", queue="upkeep", lock="regions", retry=RetryStrategy(max_attempts=5, exponential_wait=4)
)
def repath(change_id: int) -> None:
    """Carry the rows of a merged or moved region to its new path, and look again in a quarter of an hour."""
    repath_rows(RegionChange.objects.get(pk=change_id))
    repath_again.configure(schedule_in={"minutes": 15}).defer(timestamp=0)


@app.periodic(cron="20 2 * * *")
@app.task(name="regions.repath_again", queue="upkeep")
def repath_again(timestamp: int) -> None:
    """Carry what was written under an old path by acts that were under way while the rows moved.

    In the order the changes were made, since a later change may begin where an earlier one ended.
    """
    for change in late_changes():
        repath_rows(change)
