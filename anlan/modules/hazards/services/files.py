"""Adding photos and papers to a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, WrongStep, gettext_noop
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import files_of
from anlan.modules.hazards.choices import PURPOSE_LABELS, Purpose
from anlan.modules.hazards.events import FilesAdded
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services._uploads import keep_files


@act(may=("hazards.report", "hazards.find", "hazards.rectify", "hazards.plan", "hazards.review"), on=Hazard)
def add_files(work: Work, hazard: Hazard, *, purpose: str, files: Iterable[Any]) -> list[StoredFile]:
    """Add files to an open record. The same file again does nothing. A settled record takes none."""
    if purpose not in Purpose.values:
        raise BadInput(
            "purpose", gettext_noop("Say what the files show: one of %(choices)s."), choices=", ".join(Purpose.values)
        )
    if not hazard.is_open:
        raise WrongStep(step=gettext_noop("Add files"), state=hazard.process.state(hazard.state).label)
    before = set(files_of(hazard).values_list("pk", flat=True))
    kept = keep_files(work, hazard, files, purpose)
    if not kept:
        raise BadInput("files", gettext_noop("Choose at least one file."))
    fresh = [f for f in kept if f.pk not in before]
    if fresh:
        desks.note(work, FilesAdded(count=len(fresh), purpose=PURPOSE_LABELS[purpose]), on=hazard)
    return kept
