"""The set-based act behind hazard ledgers: rows as in the single act, one journal fact and one event for the batch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import finish
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.workflow import begin
from anlan.modules.hazards.choices import Source
from anlan.modules.hazards.events import HazardsImported
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.rows import title_of
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services._admission import Admission, Admitted
from anlan.modules.hazards.services._entry import new_hazard, number_series
from anlan.modules.registry.public import SiteView

CHUNK = 1_000
Progress = Callable[[str, int, int | None], None]


@act(may="hazards.intake", on=Batch)
def intake_hazards(
    work: Work, batch: Batch, *, admitted: Sequence[Admitted], refused: int = 0, progress: Progress | None = None
) -> Batch:
    """Write the admitted rows of a ledger, all or none. A batch that is done already is left as it is.

    Each becomes what ``find_hazard`` would have made of it (number, owner, deadline, repeat), but for the journal:
    one fact and one event stand for the whole batch, and nobody is told row by row.
    """
    if not finish(work, batch, {"hazards": len(admitted), "refused": refused}):
        return batch
    numbers = _numbers(admitted)
    offices: dict[str, str] = {}
    for start in range(0, len(admitted), CHUNK):
        part = admitted[start : start + CHUNK]
        made = [_made(work, row, number, offices, batch) for row, number in zip(part, numbers[start:], strict=False)]
        _write(work, made)
        if progress:
            progress("write", start + len(part), len(admitted))
    if admitted:
        work.record(
            HazardsImported(count=len(admitted), name=batch.file_name, first=numbers[0], last=numbers[-1]), on=batch
        )
    return batch


@inside_act
def admission(actor: Actor, *, base: Any, mode: str) -> Admission:
    """The admission of ledger rows."""
    return Admission(actor, base=base, mode=mode)


@inside_act
def describe(row: Admitted) -> dict[str, Any]:
    """A row of the preview."""
    return {
        "title": title_of(row.values),
        "number": row.site.uscc or row.site.number,
        "place": row.site.region_path,
        "plan": gettext_noop("New hazard, a repeat") if row.repeat_of else gettext_noop("New hazard"),
        "changes": [],
    }


def _numbers(admitted: Sequence[Admitted]) -> list[str]:
    """The number of each row, in order; each series is reserved once."""
    series = [number_series(path, clock.today()) for path in (row.site.region_path for row in admitted)]
    counts: dict[str, int] = {}
    for name, _prefix in series:
        counts[name] = counts.get(name, 0) + 1
    reserved = {name: iter(next_numbers(name, count)) for name, count in sorted(counts.items())}
    return [f"{prefix}{next(reserved[name]):05d}" for name, prefix in series]


def _made(work: Work, row: Admitted, number: str, offices: dict[str, str], batch: Batch) -> Hazard:
    site: SiteView = row.site
    if site.region_path not in offices:
        offices[site.region_path] = desks.Desk.office(site.region_path)
    values = {**row.values, "source": row.values["source"] or Source.INSPECTION}
    hazard = new_hazard(work, site, values, by_unit=False, number=number, owner_path=offices[site.region_path])
    hazard.repeat_of_id, hazard.batch = row.repeat_of, batch.pk
    hazard.found_by = hazard.found_by or work.actor.name
    begin(work, hazard, "find")
    return hazard


def _write(work: Work, made: list[Hazard]) -> None:
    findings = {path: terms.due_of("assess", next(rows)) for path, rows in _by_owner(made)}
    for hazard in made:
        hazard.due_at, hazard.due_kind = clock.end_of(findings[hazard.owner_path].value), "assess"
    Hazard.plain.bulk_create(made)
    StepTaken.objects.bulk_create([
        StepTaken(
            subject_type="hazards.hazard", subject_id=str(hazard.pk), step="find", actor_key=work.actor.key,
            actor_name=work.actor.name, at=work.now,
        )
        for hazard in made
    ])  # fmt: skip
    quiet = Work(actor=work.actor, act=work.act)  # the batch's one fact stands for these too
    for hazard in made:
        desks.start_due(quiet, hazard, "assess", findings[hazard.owner_path])


def _by_owner(made: list[Hazard]) -> Any:
    ordered = sorted(made, key=lambda h: h.owner_path)
    return itertools.groupby(ordered, key=lambda h: h.owner_path)
