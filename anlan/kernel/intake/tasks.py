"""Jobs of bulk intake: read a ledger, take it in, forget what nobody wants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound, Refused, gettext_noop
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.intake import store
from anlan.kernel.intake.models import Batch, BatchState
from anlan.kernel.intake.problems import FileRefused, Problem
from anlan.kernel.intake.reading import Report, in_languages, read
from anlan.kernel.intake.services import fail_batch, forget_batch, noun_of, refuse_file, show_reading

KEEP = dt.timedelta(days=7)  # how long an unconfirmed ledger and a report of refused rows are kept
RETRY = RetryStrategy(max_attempts=4, exponential_wait=3)
MEANWHILE = gettext_noop("Somebody entered one of these records in the meantime: upload the ledger again.")


@app.task(name="intake.read", queue="intake", retry=RETRY)
def read_batch(batch_id: str) -> None:
    """Read an uploaded ledger and keep the preview. A batch that is not being read is left alone."""
    batch = Batch.plain.select_related("key", "by", "region").get(pk=batch_id)
    if batch.state != BatchState.READING:
        return
    actor = _actor(batch)
    with translation.override(actor.language):
        try:
            _read_for(batch, actor)
        except FileRefused as why:
            refuse_file(actor=actor, batch=batch, why=why, told=in_languages(why.problem))


@app.task(name="intake.run", queue="intake", retry=RETRY)
def run_batch(batch_id: str, noun: str) -> None:
    """Take in a confirmed ledger, all accepted rows in one transaction; a second run does nothing.

    When the register changed since the preview, the new preview waits for confirmation instead.
    """
    batch = Batch.plain.select_related("key", "by", "region").get(pk=batch_id)
    if batch.state not in (BatchState.QUEUED, BatchState.RUNNING):
        return
    actor, kind = _actor(batch), noun_of(noun)
    with translation.override(actor.language), progress_of(batch) as report:
        reading = read(actor, kind, store.get(batch, store.SOURCE), base=batch.region, mode=batch.mode, report=report)
        if reading.plan != batch.plan:
            _keep(batch, actor, reading)
        else:
            try:
                kind.take_in(
                    actor=actor, batch=batch, admitted=reading.admitted, refused=len(reading.refused), progress=report
                )
            except Refused as why:
                told = in_languages(Problem("", type(why).__name__, why.message, why.params))
                fail_batch(actor=actor, batch=batch, why=type(why).__name__, told=told)
            except IntegrityError:
                told = in_languages(Problem("", "meanwhile", MEANWHILE))
                fail_batch(actor=actor, batch=batch, why="meanwhile", told=told)


@app.periodic(cron="40 3 * * *")
@app.task(name="intake.forget", queue="upkeep", queueing_lock="intake.forget")
def forget(timestamp: int) -> int:
    """Destroy the files of batches nobody confirmed in time and of those that ended long ago; how many."""
    before = clock.now() - KEEP
    old = Batch.plain.exclude(key=None).exclude(state__in=[BatchState.QUEUED, BatchState.RUNNING]).filter(at__lt=before)
    keys = list(old.values_list("pk", flat=True))
    for pk in keys:
        forget_batch(actor=Actor.system("intake.forget"), batch=pk)
    return len(keys)


@contextmanager
def progress_of(batch: Batch) -> Iterator[Report]:
    """A place to say how far a batch has come, seen by others while the batch's own transaction runs."""
    side = connection.copy()
    now = clock.now()
    with side.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_progress (batch, phase, done, at) VALUES (%s, 'start', 0, %s) "
            "ON CONFLICT (batch) DO UPDATE SET phase = 'start', done = 0, total = NULL, at = EXCLUDED.at",
            [batch.pk, now],
        )

    def report(phase: str, done: int, total: int | None) -> None:
        with side.cursor() as each:
            each.execute(
                "UPDATE intake_progress SET phase = %s, done = %s, total = %s, at = %s WHERE batch = %s",
                [phase, done, total, clock.now(), batch.pk],
            )

    try:
        yield report
    finally:
        with side.cursor() as last:
            last.execute("DELETE FROM intake_progress WHERE batch = %s", [batch.pk])
        side.close()


def _read_for(batch: Batch, actor: Actor) -> None:
    kind = noun_of(batch.noun)
    with progress_of(batch) as report:
        content = store.get(batch, store.SOURCE)
        reading = read(actor, kind, content, base=batch.region, mode=batch.mode, report=report)
    _keep(batch, actor, reading)


def _keep(batch: Batch, actor: Actor, reading: object) -> None:
    show_reading(actor=actor, batch=batch, reading=reading)
    report = reading.report()  # type: ignore[attr-defined]
    if report:
        store.put(batch, store.REPORT, report)


def _actor(batch: Batch) -> Actor:
    """Whoever uploaded or confirmed it, with the grants of today."""
    if batch.by is None:
        raise NotFound
    return actor_for(batch.by)
