"""What the screens keep: saved filters, and runs of bulk acts. Both belong to one person."""

from __future__ import annotations

import uuid

from django.db import models

from anlan.kernel.scope import PathField


class SavedFilter(models.Model):
    """A named view of a list: the page's name and a query string.

    ``office_path`` is the region of the office with which it is shared; "" keeps it private. ``is_default`` opens it
    when the owner opens the list.
    """

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    is_default = models.BooleanField(default=False)
    office_path = PathField(blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_filter_name_once"),
            models.UniqueConstraint(
                fields=["user", "page"], condition=models.Q(is_default=True), name="saved_filter_one_default"
            ),
        ]
        indexes = [
            models.Index(
                fields=["page", "office_path"], name="saved_filter_office", condition=~models.Q(office_path="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One bulk act under way: which rows, how far, and every row refused with its reason.

    ``data`` is the submitted form as a query string; ``refused`` holds ``[title, url, msgid, params]`` per row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    code = models.CharField(max_length=40)
    rows = models.JSONField(default=list)
    data = models.TextField(blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    @property
    def total(self) -> int:
        """How many rows were chosen."""
        return len(self.rows)

    @property
    def acted(self) -> int:
        """How many rows were acted upon."""
        return self.done - len(self.refused)
