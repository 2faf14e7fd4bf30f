"""Batches: a ledger is uploaded, read, shown, confirmed and taken in as one; or put away.

A module registers its noun in ``AppConfig.ready``::

    register(Noun(schema=ENTERPRISE, permission="registry.intake", admission=Admission, take_in=intake_units, …))

Reading happens twice, for the preview and again when the rows are written, by the same code: what was confirmed is
what is done, or the batch asks to be confirmed anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work, act, created, inside_act
from anlan.kernel.errors import BadInput, NotAllowed, WrongStep, gettext_noop
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.identity.sealing import new_key
from anlan.kernel.intake import store
from anlan.kernel.intake.duplicates import Duplicates
from anlan.kernel.intake.facts import (
    LedgerConfirmed,
    LedgerDiscarded,
    LedgerFailed,
    LedgerRead,
    LedgerRefused,
    LedgerUploaded,
    PlanChanged,
)
from anlan.kernel.intake.models import Batch, BatchState
from anlan.kernel.intake.problems import FileRefused, Problem
from anlan.kernel.intake.schema import RowSchema
from anlan.kernel.regions.models import Region

MAY = "intake.batches"
MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 200_000


class Admitted(Protocol):
    """A row that may be taken in: its row, what to look at, and ``signature``, what would be done with it."""

    row: int
    warnings: tuple[Problem, ...]

    @property
    def signature(self) -> str:
        """What would be done, as text: equal as long as nothing it depends on has changed."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A row that may not be taken in. ``on_file``: the record it is already (model label, key), where that may be
    seen."""

    row: int
    problems: tuple[Problem, ...]
    on_file: tuple[str, int] | None = None


class Admitting(Protocol):
    """Says of rows that are right in themselves whether they may be taken in, and as what."""

    def admit(self, rows: Any) -> list[Any]:
        """An ``Admitted`` or a ``Declined`` for each (row, values)."""


@dataclass(frozen=True)
class Noun:
    """What ledgers can be taken in as.

    ``admission(actor, base=…, mode=…)`` makes an ``Admitting``; ``take_in(actor=…, batch=…, admitted=…, refused=…,
    progress=…)`` is the act that writes; ``describe(admitted)`` a row of the preview: ``title``, ``number``,
    ``place``, ``plan`` (a msgid) and ``changes`` (label, before, after).
    """

    schema: RowSchema
    permission: str
    admission: Callable[..., Admitting]
    take_in: Callable[..., Any]
    describe: Callable[[Any], dict[str, Any]]
    duplicates: Duplicates | None = None
    modes: tuple[tuple[str, str], ...] = (("add", gettext_noop("New records only")),)
    icon: str = "table-import"
    done_url: str = ""

    @property
    def code(self) -> str:
        """The name in addresses and on the command line."""
        return self.schema.code


NOUNS: dict[str, Noun] = {}


@inside_act
def register(noun: Noun) -> Noun:
    """Make a noun known; modules do so when they are loaded."""
    NOUNS[noun.code] = noun
    return noun


@inside_act
def noun_of(code: str) -> Noun:
    """The noun, or ``BadInput``."""
    if code not in NOUNS:
        raise BadInput(
            "noun", gettext_noop("There is no ledger of this kind. Known are: %(known)s."), known=", ".join(NOUNS)
        )
    return NOUNS[code]


@act(may=MAY)
def open_batch(
    work: Work, *, noun: str, file_name: str, content: bytes, region: Region | None = None, mode: str = "add"
) -> Batch:
    """Keep an uploaded ledger, sealed, and have it read. ``region``: where rows lie that name no other place.

    Without a region the actor's own is taken; who answers for several names one.
    """
    kind = noun_of(noun)
    place = base_of(work.actor, kind, region)
    if mode not in dict(kind.modes):
        raise BadInput("mode", gettext_noop("Choose how rows are treated that are on file already."))
    if not content:
        raise BadInput("file", gettext_noop("The file is empty: choose the ledger and upload it again."))
    if len(content) > MOST_BYTES:
        raise BadInput("file", gettext_noop("The file is larger than %(most)s MB: split it."), most=MOST_BYTES >> 20)
    key = PersonKey.objects.create(wrapped=new_key())
    batch = _new(work, kind, file_name, hashlib.sha256(content).hexdigest(), len(content), place, mode)
    batch.key = key
    created(batch)
    store.put(batch, store.SOURCE, content)
    work.record(LedgerUploaded(file=batch.file_name, sha256=batch.sha256), on=batch)
    from anlan.kernel.intake.tasks import read_batch

    read_batch.defer(batch_id=str(batch.pk))
    return batch


@act(may=MAY, on=Batch)
def show_reading(work: Work, batch: Batch, *, reading: Any) -> None:
    """Keep what reading found: counts, the first rows, the problems. ``reading`` is a ``reading.Reading``."""
    if batch.state not in (BatchState.READING, BatchState.QUEUED):
        return
    again = batch.state == BatchState.QUEUED
    batch.state, batch.plan, batch.result = BatchState.READ, reading.plan, reading.as_result()
    batch.accepted, batch.rejected, batch.skipped = len(reading.admitted), len(reading.refused), len(reading.skipped)
    batch.save()
    work.record(PlanChanged() if again else LedgerRead(accepted=batch.accepted, rejected=batch.rejected), on=batch)


@act(may=MAY, on=Batch)
def refuse_file(work: Work, batch: Batch, *, why: FileRefused, told: dict[str, str]) -> None:
    """The file cannot be read as such a ledger; ``told`` is the sentence by language."""
    if batch.ended:
        return
    batch.state, batch.finished_at = BatchState.REFUSED, work.now
    batch.refusal = {"code": why.code, "told": told}
    batch.save()
    _put_away(batch)
    work.record(LedgerRefused(code=why.code), on=batch)


@act(may=MAY, on=Batch)
def confirm_batch(work: Work, batch: Batch) -> None:
    """Take in what the preview showed: the rows accepted, none of the others. Twice does it once."""
    kind = _needed(work.actor, batch)
    if batch.state in (BatchState.QUEUED, BatchState.RUNNING, BatchState.DONE):
        return
    if batch.state != BatchState.READ:
        raise WrongStep(step=gettext_noop("Confirm"), state=str(batch.get_state_display()))
    if not batch.accepted:
        raise BadInput("file", gettext_noop("No row can be taken in: correct the returned rows and upload them again."))
    batch.state, batch.by_id = BatchState.QUEUED, work.actor.user_id
    batch.save(update_fields=["state", "by"])
    work.record(LedgerConfirmed(accepted=batch.accepted), on=batch)
    from anlan.kernel.intake.tasks import run_batch

    run_batch.defer(batch_id=str(batch.pk), noun=kind.code)


@act(may=MAY, on=Batch)
def discard_batch(work: Work, batch: Batch) -> None:
    """Put a ledger away; nothing is taken in and the file is destroyed. Again changes nothing."""
    if batch.state == BatchState.DISCARDED:
        return
    if batch.state not in (BatchState.READING, BatchState.READ):
        raise WrongStep(step=gettext_noop("Discard"), state=str(batch.get_state_display()))
    batch.state, batch.finished_at = BatchState.DISCARDED, work.now
    batch.save(update_fields=["state", "finished_at"])
    _put_away(batch)
    work.record(LedgerDiscarded(), on=batch)


@act(may=MAY, on=Batch)
def fail_batch(work: Work, batch: Batch, *, why: str, told: dict[str, str]) -> None:
    """Taking in was refused as a whole; nothing was stored."""
    if batch.ended:
        return
    batch.state, batch.finished_at, batch.refusal = BatchState.FAILED, work.now, {"code": why, "told": told}
    batch.save()
    _put_away(batch)
    work.record(LedgerFailed(why=why), on=batch)


@act(may=MAY)
def keep_batch(
    work: Work, *, noun: str, file_name: str, sha256: str, size: int, region: Region | None, mode: str
) -> Batch:
    """The row of a batch that is taken in at once, from the command line: no copy of the file is kept."""
    kind = noun_of(noun)
    if region is not None:
        work.actor.need_at(kind.permission, region.path)
    batch = _new(work, kind, file_name, sha256, size, region, mode)
    batch.state = BatchState.QUEUED
    created(batch)
    work.record(LedgerUploaded(file=batch.file_name, sha256=sha256), on=batch)
    return batch


@inside_act
def finish(work: Work, batch: Batch, outcome: dict[str, int]) -> bool:
    """Inside the act that wrote the rows: the batch is done. False when it was done already (nothing to write)."""
    if batch.state not in (BatchState.QUEUED, BatchState.RUNNING):
        return False
    batch.state, batch.finished_at, batch.outcome = BatchState.DONE, work.now, outcome
    batch.save()
    _put_away(batch, keep_report=True)
    return True


@inside_act
def base_of(actor: Actor, kind: Noun, region: Region | None) -> Region | None:
    """The region a ledger is read for: the one given, else the actor's own when there is exactly one."""
    if region is not None:
        if not actor.may_at(kind.permission, region.path):
            raise BadInput("region", gettext_noop("Choose a region of your own jurisdiction."))
        return region
    if actor.is_system:
        return None
    paths = {g.path for g in actor.grants_for(kind.permission) if g.path}
    if not paths:
        raise NotAllowed(permission=kind.permission)
    if len(paths) > 1:
        raise BadInput("region", gettext_noop("You answer for several regions. Choose the one this ledger is for."))
    return Region.objects.get(path=paths.pop())


def _new(work: Work, kind: Noun, name: str, sha256: str, size: int, region: Region | None, mode: str) -> Batch:
    return Batch(
        noun=kind.code,
        mode=mode,
        region=region,
        region_path=region.path if region else "",
        at=work.now,
        file_name=name.replace("\\", "/").rpartition("/")[2][-200:] or "ledger",
        sha256=sha256,
        size=size,
        by_id=work.actor.user_id,
        by_name=work.actor.name[:80],
    )


def _needed(actor: Actor, batch: Batch) -> Noun:
    kind = noun_of(batch.noun)
    if not actor.may_at(kind.permission, batch.region_path):
        raise NotAllowed(permission=kind.permission)
    return kind


def _put_away(batch: Batch, *, keep_report: bool = False) -> None:
    """Destroy the file once the act stands; the report of refused rows may stay until the batch is forgotten."""
    key_id = None if keep_report else batch.key_id
    if not keep_report:
        batch.key = None
        Batch.plain.filter(pk=batch.pk).update(key=None)

    def destroy() -> None:
        store.remove(batch, store.SOURCE)
        if not keep_report:
            store.remove(batch, store.REPORT)

    if key_id is not None:
        PersonKey.objects.filter(pk=key_id).delete()
    transaction.on_commit(destroy)


@act(may="intake.sweep", on=Batch)
def forget_batch(work: Work, batch: Batch) -> None:
    """The platform's own: a batch nobody confirmed is discarded, a finished one loses its report and key."""
    if batch.state in (BatchState.READING, BatchState.READ):
        batch.state, batch.finished_at = BatchState.DISCARDED, clock.now()
        batch.save(update_fields=["state", "finished_at"])
        work.record(LedgerDiscarded(), on=batch)
    if batch.ended and batch.key_id is not None:
        _put_away(batch)
