"""What cannot wait until morning and is no due item: whoever is on duty hears of it at once."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from anlan.kernel.acts import Work, act
from anlan.kernel.notify.services import tell
from anlan.kernel.regions.selectors import region_at
from anlan.modules.duty import selectors
from anlan.modules.duty.workflow import WATCH


@act(may=WATCH)
def call_duty(
    work: Work, *, path: str, text: str, subject_type: str, subject_id: str, params: dict[str, Any] | None = None
) -> int:
    """Outside working hours tell duty officer, deputy and leading cadre of a region, or of the nearest office above it
    that stands duty, of a record. ``text`` is a msgid filled in with ``params``. Returns how many were told.
    """
    region = region_at(path)
    people = selectors.told_at_night(None, region) if region is not None else []
    if not people:
        return 0
    subject = apps.get_model(subject_type)._base_manager.filter(pk=subject_id).first()
    return len(tell(people, text, subject=subject, urgent=True, **(params or {})))
