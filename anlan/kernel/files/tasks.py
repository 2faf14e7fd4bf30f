"""Upkeep of the file store."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from anlan.kernel.files.models import StoredFile

SPARE = dt.timedelta(days=1)  # an act that has just written bytes may not have committed its row yet


def clear_orphans() -> int:
    """Delete bytes that no row names, and halves of files, once they are a day old; returns how many."""
    root, cleared = Path(settings.FILES_ROOT), 0
    for folder in sorted(root.glob("??/??")):
        old = [f for f in folder.iterdir() if f.is_file() and _old(f)]
        named = set(
            StoredFile.objects.everything(why="upkeep of the whole store")
            .filter(sha256__in=[f.name for f in old])
            .values_list("sha256", flat=True)
        )
        for file in old:
            if file.name not in named and _old(file):
                file.unlink(missing_ok=True)
                cleared += 1
    return cleared


def _old(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime > SPARE.total_seconds()
    except FileNotFoundError:
        return False


@app.periodic(cron="10 3 * * *")
@app.task(name="files.clear_orphans", queue="upkeep", queueing_lock="files.clear_orphans")
def clear_orphans_daily(timestamp: int) -> None:
    """Every night."""
    clear_orphans()
