"""The set-based act behind ledgers: rows as in the single act, one journal fact and one event for the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.errors import gettext_noop
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import finish
from anlan.modules.registry.events import UnitsTakenIn
from anlan.modules.registry.models import FormerName, Site, Unit
from anlan.modules.registry.services._admission import Admission, Admitted
from anlan.modules.registry.services._applying import write_site, write_unit
from anlan.modules.registry.services._building import build
from anlan.modules.registry.services._changes import LABELS, shown_value

PLANS = {
    "unit": gettext_noop("New unit"), "site": gettext_noop("Further site of a unit on file"),
    "update": gettext_noop("Update"), "same": gettext_noop("On file, nothing differs"),
}  # fmt: skip


@act(may="registry.intake", on=Batch)
def intake_units(
    work: Work,
    batch: Batch,
    *,
    admitted: Sequence[Admitted],
    refused: int = 0,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Batch:
    """Write the admitted rows of a ledger, all or none. A batch that is done already is left as it is.

    The rows were admitted by the same ``Admission`` as a single row of a form; updates are written row by row, since
    each has its own history, new units and sites in statements of a thousand.
    """
    fresh = [row for row in admitted if row.plan != "update"]
    updates = [row for row in admitted if row.plan == "update" and (row.unit_changes or row.site_changes)]
    outcome = {"units": 0, "sites": 0, "updated": len(updates), "refused": refused}
    if not finish(work, batch, outcome):
        return batch
    total = len(fresh) + len(updates)
    built = build(work, fresh, batch=batch.pk, progress=lambda done: _tell(progress, done, total))
    for done, row in enumerate(updates, 1):
        _update(row)
        if done % 200 == 0:
            _tell(progress, len(fresh) + done, total)
    outcome |= {"units": built.units, "sites": built.further}
    batch.save(update_fields=["outcome"])
    work.record(UnitsTakenIn(batch=str(batch.pk), file=batch.file_name, **outcome), on=batch)
    return batch


def _update(row: Admitted) -> None:
    """One row's changes, without facts of its own: the batch's fact stands for all; the history keeps each field."""
    if row.unit is not None and row.unit_changes:
        unit = Unit.plain.get(pk=row.unit.pk)
        if "name" in row.unit_changes:
            FormerName.objects.create(unit=unit, name=row.unit_changes["name"][0], until=clock.today())
        write_unit(unit, row.unit_changes)
        unit.version += 1
        unit.save(update_fields=["version"])
    if row.site is not None and row.site_changes:
        site = Site.plain.select_related("unit").get(pk=row.site.pk)
        write_site(site, row.site_changes)
        site.version += 1
        site.save(update_fields=["version"])


def _tell(progress: Callable[[str, int, int | None], None] | None, done: int, total: int) -> None:
    if progress:
        progress("write", done, total)


def describe(row: Admitted) -> dict[str, Any]:
    """A row of the preview."""
    values: Mapping[str, Any] = row.values
    changes = {**row.unit_changes, **row.site_changes}
    plan = row.plan if row.plan != "update" or changes else "same"
    return {
        "title": values.get("name", ""),
        "number": values.get("uscc") or (row.unit.number if row.unit else ""),
        "place": row.region.path,
        "plan": PLANS[plan],
        "changes": [
            [LABELS.get(column, column), shown_value(column, before), shown_value(column, after)]
            for column, (before, after) in changes.items()
        ],
    }


def admission(actor: Any, *, base: Any, mode: str) -> Admission:
    """The admission of ledger rows."""
    return Admission(actor, base=base, mode=mode, permission="registry.intake")
