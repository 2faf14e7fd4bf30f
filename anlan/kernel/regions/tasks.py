"""Jobs of the regions."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anlan.kernel.regions.models import RegionChange
from anlan.kernel.regions.services import repath_rows


@app.task(name="regions.repath", queue="upkeep")
def repath(change_id: int) -> None:
    """Carry the rows of a merged or moved region to its new path."""
    repath_rows(RegionChange.objects.get(pk=change_id))
