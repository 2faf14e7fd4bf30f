"""The tables of alarms: settings, alarms, their transitions, calls."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import PathField, Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.alarms.choices import SECONDS_KINDS, CallOutcome, LimitKind, Priority
from anlan.modules.alarms.workflow import ALARM, OPEN, VIEW
from anlan.modules.hazards.public import HAZARD
from anlan.modules.monitoring.public import TAG
from anlan.modules.registry.public import SITE, UNIT
from anlan.rules.steps import Workflow

USER = "identity.User"


def figure(value: float | None, unit: str = "") -> str:
    """A value as it is read: without an idle point, with its unit; a dash for none.

    >>> figure(80.0, "kPa"), figure(1.25), figure(None)
    ('80 kPa', '1.25', '—')
    """
    return "—" if value is None else f"{value:g} {unit}".strip()


@pghistory.track(exclude=["version"])
class AlarmSetting(Scoped, Versioned):
    """A limit of a tag. Scope is the tag's.

    ``threshold`` and ``dead_band`` in the tag's unit (``rate``: that a minute; ``no_data``, ``stuck``: seconds;
    ``digital``: the state that alarms). ``schedule``: stretches of the week in minutes since Monday midnight, null for
    always. ``statutory``: the unit must handle it, or it becomes a hazard; such a one is changed by a regulator alone.
    ``out_until``, with its reason and who: out of service till then. ``shelved_until``: whatever it raises till then
    lies on the shelf. ``retired_at``: it holds no longer, and stays for its alarms' sake.
    """

    view_permission = VIEW

    tag = models.ForeignKey(TAG, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("alarm", "Tag"))
    kind = models.CharField(pgettext_lazy("alarm", "Kind"), max_length=9, choices=LimitKind.choices)
    threshold = models.FloatField(pgettext_lazy("alarm", "Limit"))
    dead_band = models.FloatField(_("Dead-band"), default=0)
    on_delay_s = models.PositiveIntegerField(_("Raised after, s"), default=0)
    off_delay_s = models.PositiveIntegerField(_("Returned after, s"), default=0)
    priority = models.PositiveSmallIntegerField(
        pgettext_lazy("alarm", "Priority"), choices=Priority.choices, default=Priority.MEDIUM
    )
    schedule = models.JSONField(_("Hours"), null=True, blank=True)
    statutory = models.BooleanField(_("Must be handled"), default=False)
    out_until = models.DateTimeField(_("Out of service until"), null=True, blank=True)
    out_reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    out_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shelved_until = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(_("Ended on"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("alarm setting")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "kind"], condition=Q(retired_at=None) & ~Q(kind="digital"), name="alarm_setting_once"
            ),
            models.UniqueConstraint(
                fields=["tag", "threshold"], condition=Q(retired_at=None, kind="digital"), name="alarm_state_once"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="alarm_priority_known"),
            models.CheckConstraint(condition=Q(dead_band__gte=0), name="alarm_dead_band_positive"),
            models.CheckConstraint(
                condition=~Q(kind__in=["no_data", "stuck", "rate"]) | Q(threshold__gt=0), name="alarm_span_positive"
            ),
            models.CheckConstraint(
                condition=Q(out_until=None) | ~Q(out_reason=""), name="alarm_out_of_service_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="alarm_setting_region"),
            models.Index(fields=["holder"], name="alarm_setting_holder"),
            models.Index(fields=["tag"], name="alarm_setting_tag"),
            models.Index(fields=["out_until"], name="alarm_setting_out", condition=Q(out_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.tag.label} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The page of the setting."""
        return reverse("alarms:setting", kwargs={"pk": self.pk})

    @property
    def limit(self) -> str:
        """The limit with its unit."""
        unit = self.tag.unit_of_measure
        if self.kind in SECONDS_KINDS:
            return figure(self.threshold, "s")
        return figure(self.threshold, f"{unit}/min" if self.kind == LimitKind.RATE else unit)


class Alarm(InProcess):
    """One occurrence: from the moment a setting was raised until it returned and somebody saw it. Scope is the tag's.

    ``value`` and ``threshold`` (in the tag's unit) as they were when it was raised; ``repeats`` counts how often it was
    raised again before anybody acknowledged. ``escalate_at``: when the next office up is told, null when nobody waits;
    ``escalated_path``: the office told last. ``neglected_at``: when it was found not handled; ``hazard`` what became of
    it then.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = ALARM

    setting = models.ForeignKey(AlarmSetting, on_delete=models.PROTECT, related_name="alarms")
    tag = models.ForeignKey(TAG, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("alarm", "Tag"))
    unit = models.ForeignKey(UNIT, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))
    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    kind = models.CharField(pgettext_lazy("alarm", "Kind"), max_length=9, choices=LimitKind.choices)
    priority = models.PositiveSmallIntegerField(pgettext_lazy("alarm", "Priority"), choices=Priority.choices)
    statutory = models.BooleanField(_("Must be handled"), default=False)
    threshold = models.FloatField(pgettext_lazy("alarm", "Limit"))
    value = models.FloatField(pgettext_lazy("alarm", "Value"), null=True, blank=True)
    raised_at = models.DateTimeField(_("Raised at"))
    returned_at = models.DateTimeField(_("Returned at"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("Acknowledged at"), null=True, blank=True)
    acknowledger = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(pgettext_lazy("alarm", "What is done"), max_length=300, blank=True, default="")
    repeats = models.PositiveIntegerField(_("Raised again"), default=0)
    shelved_until = models.DateTimeField(_("Shelved until"), null=True, blank=True)
    shelved_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shelf_reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    escalate_at = models.DateTimeField(null=True, blank=True)
    escalated_path = PathField(blank=True, default="")
    escalations = models.PositiveSmallIntegerField(_("Times raised to an office above"), default=0)
    neglected_at = models.DateTimeField(null=True, blank=True)
    hazard = models.ForeignKey(HAZARD, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(pgettext_lazy("alarm", "Closed at"), null=True, blank=True)

    class Meta(InProcess.Meta):
        verbose_name = _("alarm")
        triggers = process_triggers(ALARM)
        constraints = [
            process_check(ALARM, "alarm"),
            models.UniqueConstraint(
                fields=["setting"], condition=Q(state__in=[*OPEN, "out_of_service"]), name="alarm_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state="shelved") | Q(shelved_until__isnull=False), name="alarm_shelved_until_when"
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-raised_at"], name="alarm_region"),
            models.Index(fields=["-raised_at", "-id"], name="alarm_newest"),
            models.Index(fields=["holder", "-raised_at"], name="alarm_holder"),
            models.Index(fields=["tag", "-raised_at"], name="alarm_tag"),
            models.Index(fields=["region_path"], name="alarm_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["escalate_at"], name="alarm_escalates", condition=Q(escalate_at__isnull=False)),
            models.Index(fields=["shelved_until"], name="alarm_shelf", condition=Q(state="shelved")),
        ]

    def __str__(self) -> str:
        return f"{self.tag.label} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The card of the alarm."""
        return reverse("alarms:alarm", kwargs={"pk": self.pk})

    @property
    def limit(self) -> str:
        """The limit it crossed, with its unit."""
        unit = self.tag.unit_of_measure
        if self.kind in SECONDS_KINDS:
            return figure(self.threshold, "s")
        return figure(self.threshold, f"{unit}/min" if self.kind == LimitKind.RATE else unit)

    @property
    def reading(self) -> str:
        """The value that crossed it, with its unit."""
        return figure(self.value, self.tag.unit_of_measure)

    def lasted(self, now: dt.datetime) -> dt.timedelta:
        """From raised to returned, or until now."""
        return (self.returned_at or now) - self.raised_at


class AlarmTransition(Scoped):
    """What the engine said, once each: a setting raised or returned at a moment. Scope is the tag's."""

    view_permission = VIEW

    setting = models.ForeignKey(AlarmSetting, on_delete=models.PROTECT, related_name="transitions")
    alarm = models.ForeignKey(Alarm, null=True, on_delete=models.PROTECT, related_name="transitions")
    raised = models.BooleanField()
    at = models.DateTimeField()
    value = models.FloatField(null=True)

    class Meta(Scoped.Meta):
        verbose_name = _("transition of an alarm")
        constraints = [models.UniqueConstraint(fields=["setting", "raised", "at"], name="alarm_transition_once")]
        indexes = [
            models.Index(fields=["region_path", "-at"], name="alarm_transition_region", condition=Q(raised=True)),
        ]

    def __str__(self) -> str:
        return f"{self.setting_id} {'raised' if self.raised else 'returned'} {self.at.isoformat()}"


class AlarmCall(Scoped):
    """A telephone call about an alarm: whom, by whom, what came of it. Scope is the alarm's."""

    view_permission = VIEW

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="calls")
    at = models.DateTimeField(_("Called at"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("Called by"))
    whom = models.CharField(pgettext_lazy("call", "Whom"), max_length=80)
    outcome = models.CharField(pgettext_lazy("call", "Outcome"), max_length=9, choices=CallOutcome.choices)
    note = models.CharField(pgettext_lazy("call", "What was said"), max_length=300, blank=True, default="")

    class Meta(Scoped.Meta):
        verbose_name = _("call about an alarm")
        indexes = [models.Index(fields=["region_path", "-at"], name="alarm_call_region")]

    def __str__(self) -> str:
        return f"{self.whom} {self.get_outcome_display()}"
