"""The table of files."""

from __future__ import annotations

import uuid

from django.db import models

from anlan.kernel.scope import Scoped


class StoredFile(Scoped):
    """One uploaded file. Its bytes lie under their digest; two uploads of the same bytes share them.

    ``purpose`` is the field of the record it answers ("before", "after", "plan" …).
    """

    view_permission = "files.view"
    follows_subject = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    purpose = models.CharField(max_length=32)
    at = models.DateTimeField()
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["subject_type", "subject_id", "purpose"], name="file_subject")]

    @property
    def is_image(self) -> bool:
        """True for a picture that may be shown in the page."""
        return self.media_type.startswith("image/")
