"""Tables of the journal: entries (append-only), idempotency keys, declared bulk loads."""

from __future__ import annotations

import pgtrigger
from django.db import models

from anlan.kernel.journal.facts import FACTS, Fact
from anlan.kernel.scope import Scoped


class Entry(Scoped):
    """One fact: what happened (``fact_type``, ``data``), to what, by whom, through which act, because of what."""

    view_permission = "journal.view"

    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    fact_type = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    actor_key = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=80)
    cause = models.CharField(max_length=120, blank=True, default="")

    class Meta(Scoped.Meta):
        indexes = [
            # Without the key: equal entries of an index are packed, and a record has few entries to put in order.
            models.Index(fields=["subject_type", "subject_id"], name="journal_subject"),
            models.Index(fields=["region_path", "-id"], name="journal_region"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def fact(self) -> Fact | None:
        """The typed fact; None when its type has since been withdrawn."""
        kind = FACTS.get(self.fact_type)
        return kind.from_data(self.data) if kind else None


class ActKey(models.Model):
    """An idempotency key: a repeated request with the same key answers with the first outcome.

    ``digest`` tells the same request from another under the same key; ``answer`` is the outcome (``outcomes.pack``).
    Keys are forgotten after 30 days.
    """

    actor_key = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    act = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "key"], name="act_key_once")]
        indexes = [models.Index(fields=["at"], name="act_key_at")]


class BulkLoad(models.Model):
    """A transaction's declaration that it loads records past their first step; the triggers look for it here.

    The row stands only while the load is under way: the journal keeps the declaration.
    """

    xid = models.BigIntegerField(primary_key=True)
    why = models.TextField()
    at = models.DateTimeField()
    actor_key = models.CharField(max_length=60)


class StepTaken(models.Model):
    """Who took which step of which record when: kept for separation of duties and for the steps bar."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    actor_key = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="step_subject")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
