"""The tables of compliance."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.compliance.choices import Outcome, kind_name
from anlan.modules.compliance.workflow import EVIDENCE, SELF_CHECK, VIEW
from anlan.modules.hazards.public import HAZARD
from anlan.modules.registry.public import SITE, UNIT
from anlan.modules.statutes.public import CHECK_ITEM, CHECK_LIST
from anlan.rules.steps import Workflow


class Workspace(Scoped, Versioned):
    """A unit and how its duties stand. Scope is the unit's.

    ``since`` is the day from which duties are asked; ``asked_from`` the day from which each one is, by code, since a
    duty may begin to bind later (empty before the first look: all since ``since``). The four numbers are those of the
    last look, taken with every act and by the clock on ``look_on``, the first day on which they may be otherwise.
    """

    view_permission = VIEW

    unit = models.OneToOneField(UNIT, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    since = models.DateField(_("Followed since"))
    met = models.PositiveSmallIntegerField(pgettext_lazy("duties", "Met"), default=0)
    at_risk = models.PositiveSmallIntegerField(pgettext_lazy("duties", "To be answered"), default=0)
    missed = models.PositiveSmallIntegerField(pgettext_lazy("duties", "Missed"), default=0)
    no_data = models.PositiveSmallIntegerField(pgettext_lazy("duties", "No data"), default=0)
    saved_minutes = models.PositiveIntegerField(_("Reporting saved"), default=0)
    look_on = models.DateField(null=True, blank=True)
    asked_from = models.JSONField(default=dict, editable=False)

    class Meta(Scoped.Meta):
        verbose_name = _("workspace of a unit")
        indexes = [
            models.Index(fields=["region_path", "-missed", "-id"], name="workspace_region"),
            models.Index(fields=["-missed", "-id"], name="workspace_missed"),
            models.Index(fields=["look_on"], name="workspace_look"),
            models.Index(fields=["holder"], name="workspace_holder"),
        ]

    def __str__(self) -> str:
        return self.unit.name

    def get_absolute_url(self) -> str:
        """The page of the unit's duties."""
        return reverse("compliance:workspace", kwargs={"pk": self.pk})


class SelfCheck(InProcess):
    """One self-check by a check list: planned, filled in, finished; the next one is planned ``every_days`` later.

    The list's title and trade are copied: an issued version never changes. ``left`` items are still open.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = SELF_CHECK

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="checks")
    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    check_list = models.ForeignKey(CHECK_LIST, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("Check list"), max_length=120)
    trade = models.CharField(max_length=32)
    every_days = models.PositiveSmallIntegerField(_("Every so many days"))
    due_on = models.DateField(_("To be filled in by"))
    finished_on = models.DateField(_("Finished on"), null=True, blank=True)
    items = models.PositiveSmallIntegerField(_("Items"))
    left = models.PositiveSmallIntegerField(_("Items left"))
    faults = models.PositiveSmallIntegerField(_("Not in order"), default=0)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    by_name = models.CharField(max_length=80)

    class Meta(InProcess.Meta):
        verbose_name = _("self-check")
        triggers = process_triggers(SELF_CHECK)
        constraints = [
            process_check(SELF_CHECK, "self_check"),
            models.CheckConstraint(condition=Q(every_days__range=(1, 366)), name="self_check_cycle"),
            models.UniqueConstraint(
                fields=["site", "check_list"], condition=Q(state="planned"), name="self_check_one_planned"
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(left=0, finished_on__isnull=False), name="self_check_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="self_check_region"),
            models.Index(fields=["holder"], name="self_check_holder"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the self-check."""
        return reverse("compliance:check", kwargs={"pk": self.pk})


class CheckAnswer(Scoped, Versioned):
    """One item of a self-check: what is asked, what was found, the hazard a fault opened."""

    view_permission = VIEW

    self_check = models.ForeignKey(SelfCheck, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(CHECK_ITEM, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("No."))
    clause = models.CharField(max_length=160)
    asked = models.TextField(_("What is asked"))
    method = models.TextField(blank=True, default="")
    own_words = models.BooleanField(default=False)
    outcome = models.CharField(
        pgettext_lazy("self-check", "Found"), max_length=9, choices=Outcome.choices, blank=True, default=""
    )
    note = models.CharField(_("Note"), max_length=500, blank=True, default="")
    hazard = models.ForeignKey(HAZARD, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("item of a self-check")
        constraints = [
            models.UniqueConstraint(fields=["self_check", "position"], name="check_answer_once"),
            models.CheckConstraint(
                condition=~Q(outcome="fault") | Q(hazard__isnull=False), name="check_fault_opens_hazard"
            ),
        ]
        indexes = [models.Index(fields=["region_path", "-id"], name="check_answer_region")]

    def __str__(self) -> str:
        return f"{self.position} {self.asked[:60]}"

    def get_absolute_url(self) -> str:
        """The self-check it belongs to."""
        return reverse("compliance:check", kwargs={"pk": self.self_check_id})


class Evidence(InProcess):
    """A paper of a unit: its kind, the day it tells of, until when it holds, what it states, the duties it answers.

    Rows are only added; one that was wrong is taken back or refused. ``answers`` only grows: a duty that begins to bind
    the unit later is added at the next look, where what the paper states answers it; one that binds no more stays, as
    it was answered then. ``saved_minutes`` is the reporting it spared:
    every duty beyond the first, at the minutes one report takes by the local rule of that day.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = EVIDENCE

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(pgettext_lazy("evidence", "Kind of evidence"), max_length=32)
    told_on = models.DateField(_("Day it tells of"))
    valid_to = models.DateField(_("Holds until"), null=True, blank=True)
    facts = models.JSONField(default=dict)
    note = models.CharField(_("Note"), max_length=500, blank=True, default="")
    answers = ArrayField(models.CharField(max_length=32), default=list)
    saved_minutes = models.PositiveIntegerField(_("Reporting saved"), default=0)
    check_of = models.ForeignKey(SelfCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    by_name = models.CharField(_("Handed in by"), max_length=80)
    at = models.DateTimeField(_("Handed in at"))

    class Meta(InProcess.Meta):
        verbose_name = _("evidence")
        triggers = [
            *process_triggers(EVIDENCE),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_changed", fields=["kind", "told_on", "valid_to", "facts", "note", "by_name", "at"]
            ),
        ]
        constraints = [
            process_check(EVIDENCE, "evidence"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("told_on")), name="evidence_holds_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "told_on"], name="evidence_workspace"),
            models.Index(fields=["region_path", "-id"], name="evidence_region"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.told_on.isoformat()}"

    @property
    def kind_name(self) -> str:
        """Its kind in the reader's language."""
        return kind_name(self.kind)

    def get_absolute_url(self) -> str:
        """The page of the evidence."""
        return reverse("compliance:evidence", kwargs={"pk": self.pk})
