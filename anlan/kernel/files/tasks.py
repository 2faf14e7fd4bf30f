"""Upkeep of the file store."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.files.models import PartialUpload, StoredFile
from anlan.kernel.files.services import KEPT_AFTER

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


def clear_uploads() -> int:
    """Forget uploads that nobody finished in time, and those an act took a day ago, with their bytes; how many."""
    now = clock.now()
    rows = PartialUpload.objects.filter(Q(expires_at__lte=now) | Q(used_at__lte=now - KEPT_AFTER))
    cleared, _by_table = rows.delete()
    folder = Path(settings.FILES_ROOT) / "parts"
    old = [f for f in folder.iterdir() if _old(f)] if folder.exists() else []
    known = {str(pk) for pk in PartialUpload.objects.values_list("pk", flat=True)}
    for file in old:
        if file.name not in known:
            file.unlink(missing_ok=True)
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


@app.periodic(cron="40 3 * * *")
@app.task(name="files.clear_uploads", queue="upkeep", queueing_lock="files.clear_uploads")
def clear_uploads_daily(timestamp: int) -> None:
    """Every night."""
    clear_uploads()
