"""The tables of files: those kept on records, and those still on their way up."""

from __future__ import annotations

import uuid

from django.db import models

from anlan.kernel.scope import Scoped


class StoredFile(Scoped):
    """One uploaded file. Its bytes lie under their digest; two uploads of the same bytes share them.

    ``purpose`` is the field of the record it answers ("before", "after", "plan" …). Three digests, each named for what
    it is: ``sha256`` of the bytes kept; ``received_sha256`` of the bytes as they reached the server, which computed it
    before it took out what a camera writes beside time and position; ``original_sha256`` of the picture as the camera
    took it, declared by the device that shrank it ("" when none did). ``taken_at``, ``lon`` and ``lat`` (WGS-84) are
    what the picture or the device says, not proven.
    """

    view_permission = "files.view"
    follows_subject = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    received_sha256 = models.CharField(max_length=64, blank=True, default="")
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
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


class PartialUpload(models.Model):
    """A file on its way up, in pieces, before it belongs to a record; its uploader's alone.

    The first ``offset`` of its ``size`` bytes are here (``services.part_of`` says where). What the device declared
    travels beside it: ``original_sha256``, ``taken_at``, ``lon``, ``lat``. It is forgotten after ``expires_at``;
    ``used_at`` is when an act took it, from then on it stays a day, so that a repeated request finds it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("size")), name="partial_upload_within_its_size"
            )
        ]

    @property
    def complete(self) -> bool:
        """Whether every byte is here."""
        return self.offset == self.size
