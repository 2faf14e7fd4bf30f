"""Tables of bulk intake: a batch, and how far it has come."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped


class BatchState(models.TextChoices):
    """Where a batch stands."""

    READING = "reading", _("Being read")
    READ = "read", _("Ready for confirmation")
    REFUSED = "refused", _("File refused")
    QUEUED = "queued", _("Confirmed, waiting")
    RUNNING = "running", _("Being taken in")
    DONE = "done", _("Ledger taken in")
    FAILED = "failed", _("Failed, nothing taken in")
    DISCARDED = "discarded", _("Discarded")


UNFINISHED = (BatchState.READING, BatchState.READ, BatchState.QUEUED, BatchState.RUNNING)


class Batch(Scoped, Versioned):
    """One uploaded ledger on its way into the tables.

    The file itself lies sealed under ``key`` outside the database and is destroyed, key and all, when the batch
    ends; what stays are the digest, the counts, and the refused rows' reasons, which never repeat a personal value.
    ``plan`` is a digest of what would be done with each row: what was confirmed is what is done, or nothing.
    ``result`` holds ``columns``, ``warnings``, ``preview`` and ``problems`` (each capped, see ``services``).
    """

    view_permission = "intake.batches"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    noun = models.CharField(max_length=40)
    mode = models.CharField(max_length=16, default="add")
    region = models.ForeignKey("regions.Region", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.READING)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    key = models.ForeignKey("identity.PersonKey", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=80)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    plan = models.CharField(max_length=64, blank=True, default="")
    refusal = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("batch")
        indexes = [
            models.Index(fields=["region_path", "-at"], name="batch_region"),
            models.Index(fields=["by", "-at"], name="batch_by"),
            models.Index(fields=["state", "at"], name="batch_state"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def ended(self) -> bool:
        """True when nothing more will happen to it."""
        return self.state not in UNFINISHED


class Progress(models.Model):
    """How far a running batch has come. Apart from the batch, whose row its own transaction holds locked."""

    batch = models.UUIDField(primary_key=True)
    phase = models.CharField(max_length=12)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
