"""Reading batches."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.intake import store
from anlan.kernel.intake.models import Batch, Progress


def batches(actor: Actor) -> QuerySet[Batch]:
    """The ledgers of the actor's jurisdiction."""
    return Batch.objects.visible_to(actor).select_related("region")


def batch(actor: Actor, pk: Any) -> Batch:
    """One ledger, or ``NotFound``."""
    found = batches(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def progress(actor: Actor, batch: Batch) -> Progress | None:
    """How far a batch under way has come; None when nothing runs."""
    if not batches(actor).filter(pk=batch.pk).exists():
        raise NotFound
    return Progress.objects.filter(batch=batch.pk).first()


def report(actor: Actor, pk: Any) -> bytes:
    """The refused rows as a workbook, while it is kept; ``NotFound`` otherwise."""
    return store.get(batch(actor, pk), store.REPORT)
