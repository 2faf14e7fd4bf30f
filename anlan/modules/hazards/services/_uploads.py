"""Photos and papers of a hazard. For the body of an act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, BadInputs, gettext_noop
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import ALLOWED, PICTURES, attach, files_of
from anlan.kernel.workflow import steps_taken
from anlan.modules.hazards.choices import Purpose
from anlan.modules.hazards.models import Hazard

MOST_FILES = 12  # a purpose, a step
ROUNDS = ("return_rectification", "return_acceptance", "reopen")
KINDS = {Purpose.BEFORE: PICTURES | {"video/mp4"}, Purpose.AFTER: PICTURES | {"video/mp4"}}


def keep_files(work: Work, hazard: Hazard, uploads: Iterable[Any], purpose: str) -> list[StoredFile]:
    """Keep uploads on the hazard; every unfit one is named, and then none is kept."""
    given = [u for u in uploads if u]
    if len(given) > MOST_FILES:
        raise BadInput(purpose, gettext_noop("At most %(most)s files at a time. Leave some out."), most=MOST_FILES)
    kept, problems = [], []
    for upload in given:
        try:
            kept.append(attach(work, hazard, upload, purpose=purpose, allowed=KINDS.get(Purpose(purpose), ALLOWED)))
        except BadInput as why:
            problems.append(why)
    if problems:
        raise BadInputs(problems)
    return kept


def photos_after(work: Work, hazard: Hazard, uploads: Iterable[Any]) -> list[StoredFile]:
    """The photos of this round of rectification: those given now, and those added since the last return."""
    kept = keep_files(work, hazard, uploads, Purpose.AFTER)
    begun = steps_taken(hazard, ROUNDS).last()
    rows = files_of(hazard).filter(purpose=Purpose.AFTER)
    if begun is not None:
        rows = rows.filter(at__gt=begun.at)
    return list({f.pk: f for f in [*rows, *kept]}.values())
