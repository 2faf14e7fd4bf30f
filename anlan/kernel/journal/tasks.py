"""Upkeep of the journal's helper tables; the journal itself is never shortened."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.journal.models import ActKey, BulkLoad

KEEP_KEYS = dt.timedelta(days=30)


@app.periodic(cron="50 2 * * *")
@app.task(name="journal.forget_keys", queue="upkeep", queueing_lock="journal.forget_keys")
def forget_keys(timestamp: int) -> None:
    """Forget idempotency keys after 30 days, and declarations that a crash left behind."""
    ActKey.objects.filter(at__lt=clock.now() - KEEP_KEYS).delete()
    BulkLoad.objects.filter(at__lt=clock.now() - dt.timedelta(days=1)).delete()
