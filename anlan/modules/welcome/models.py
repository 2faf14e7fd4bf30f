"""The tables of invitations: rounds, and one invitation for each unit invited."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel import clock
from anlan.kernel.scope import PathField, Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.registry.public import UNIT
from anlan.modules.welcome.workflow import INVITATION
from anlan.rules.steps import Workflow


class MessageState(models.TextChoices):
    """Whether an invitation went out as a short message as well."""

    NONE = "", pgettext_lazy("short message", "Not sent")
    QUEUED = "queued", pgettext_lazy("short message", "Waiting")
    SENT = "sent", pgettext_lazy("short message", "Sent")
    FAILED = "failed", pgettext_lazy("short message", "Failed")


class Round(Scoped):
    """What an officer invited in one go: how many, and every row refused with its reason.

    ``region_path`` and ``sector`` are where the officer stands. ``refused`` holds ``[given, msgid, params]`` a row.
    """

    view_permission = "welcome.view"

    at = models.DateTimeField()
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=80)
    invited = models.PositiveIntegerField()
    refused = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        verbose_name = _("round of invitations")
        indexes = [models.Index(fields=["region_path", "-id"], name="round_region")]

    def __str__(self) -> str:
        return f"{clock.day_of(self.at).isoformat()} {self.by_name}"

    def get_absolute_url(self) -> str:
        """The page of the round."""
        return reverse("welcome:round", kwargs={"pk": self.pk})


@pghistory.track(exclude=["version", "code_index", "message_index"])
class Invitation(InProcess):
    """An invitation of a unit to claim its file with a one-time code.

    Only keyed digests are stored: ``code_index`` of the code on paper, ``message_index`` of the one in the short
    message. Either opens the file, once, until ``expires_at``. The scope columns are the unit's, ``office_path`` and
    ``office_sector`` those of the officer who invited, who may answer for another of the unit's sites.
    """

    view_permission = "welcome.view"
    scope_by = (("region_path", "sector"), ("office_path", "office_sector"))
    process: ClassVar[Workflow] = INVITATION

    unit = models.ForeignKey(UNIT, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations")
    office_path = PathField()
    office_sector = models.CharField(max_length=32, blank=True, default="", editable=False)
    code_index = models.CharField(max_length=32, editable=False)
    message_index = models.CharField(max_length=32, blank=True, default="", editable=False)
    issued_at = models.DateTimeField()
    by_key = models.CharField(max_length=60, editable=False)
    by_name = models.CharField(max_length=80, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    claimed_at = models.DateTimeField(_("claimed on"), null=True, blank=True)
    claimed_by = models.ForeignKey("identity.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    message = models.CharField(max_length=8, choices=MessageState.choices, blank=True, default="")
    message_at = models.DateTimeField(null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("invitation")
        triggers = process_triggers(INVITATION)
        constraints = [
            process_check(INVITATION, "invitation"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="open"), name="invitation_one_open"),
            models.UniqueConstraint(fields=["code_index"], name="invitation_code_once"),
            models.UniqueConstraint(
                fields=["message_index"], condition=~Q(message_index=""), name="invitation_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_at__isnull=False, claimed_by__isnull=False)
                | ~Q(state="claimed") & Q(claimed_at=None, claimed_by=None),
                name="invitation_claimed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="invitation_region"),
            models.Index(fields=["office_path", "-id"], name="invitation_office"),
            models.Index(fields=["holder"], name="invitation_holder"),
        ]

    def __str__(self) -> str:
        return self.unit.name

    def get_absolute_url(self) -> str:
        """The page of the invitation."""
        return reverse("welcome:invitation", kwargs={"pk": self.pk})

    @property
    def closed(self) -> bool:
        """True when it was claimed or revoked: its day counts no longer."""
        return self.state != "open"

    @property
    def run_out(self) -> bool:
        """True when it is open and its time is over."""
        return self.state == "open" and self.expires_at <= clock.now()
