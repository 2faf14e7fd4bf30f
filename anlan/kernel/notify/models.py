"""The inbox."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext


class Message(models.Model):
    """One message to one person: an English msgid with its parameters, rendered in the reader's language.

    The parameter ``what`` is a msgid itself (the label of a deadline).
    """

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    subject_type = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.CharField(max_length=40, blank=True, default="")
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="message_user"),
            models.Index(fields=["user"], name="message_unread", condition=models.Q(read_at=None)),
        ]

    def sentence(self) -> str:
        """The message in the active language."""
        params = {k: gettext(v) if k == "what" and v else v for k, v in self.params.items()}
        return (gettext(self.text) % params).strip() if params else gettext(self.text).strip()
