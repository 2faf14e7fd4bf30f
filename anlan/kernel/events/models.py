"""Tables of the outbox."""

from __future__ import annotations

import uuid

from django.db import models

from anlan.kernel.scope import PathField


class EventRow(models.Model):
    """One announced event; ``depth`` counts the causes behind it, so that chains stay bounded.

    ``region_path`` is where it happened, so that whoever operates a part of the platform sees the events of that part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    event_type = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    actor_key = models.CharField(max_length=60)
    caused_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    depth = models.PositiveSmallIntegerField(default=0)
    region_path = PathField(blank=True, default="")

    class Meta:
        db_table = "events_event"
        indexes = [
            models.Index(fields=["event_type", "at"], name="event_type_at"),
            models.Index(fields=["region_path", "-at"], name="event_region_at"),
        ]


class Delivery(models.Model):
    """A flow has run for an event. The unique pair makes a second run harmless."""

    event = models.ForeignKey(EventRow, on_delete=models.CASCADE, related_name="+")
    flow = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "flow"], name="flow_once_per_event")]
