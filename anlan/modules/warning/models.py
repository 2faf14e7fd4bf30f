"""The tables of warning: the index day by day, periods that weigh more, warnings, their notices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import PathField, Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.registry.public import UNIT
from anlan.modules.warning.choices import LEAST_FACTOR, MOST_FACTOR, About, PeriodKind, Source, WarningLevel
from anlan.modules.warning.workflow import NOTICE, SURVEY, VIEW, WARNING
from anlan.rules.steps import Workflow

USER = "identity.User"


class IndexDay(Scoped):
    """The index of a region or a unit on a day, as reckoned last on that day. Scope is the region's or the unit's.

    ``key`` names the region or unit by its row (``r12``, ``u7``): it stays when a region moves.
    ``formula`` is the version it was reckoned by; ``found`` what was counted, ``figures`` the local figures in force,
    ``parts`` the working, ``periods`` what weighed more: from ``found`` and ``figures`` the same index comes out again
    whenever it is asked for. Of a day that is over nothing changes. A region's rows are of no line: the index counts
    every line, so only readers of every line see them. A merged region's past stays its own.
    """

    view_permission = VIEW
    stays_on_merge: ClassVar[bool] = True

    day = models.DateField(pgettext_lazy("index", "Day"))
    about = models.CharField(pgettext_lazy("index", "Of what"), max_length=6, choices=About.choices)
    unit = models.ForeignKey(
        UNIT, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    key = models.CharField(max_length=24, editable=False, db_collation="C")
    value = models.DecimalField(pgettext_lazy("index", "Index"), max_digits=4, decimal_places=1)
    level = models.CharField(
        pgettext_lazy("warning", "Level"), max_length=6, choices=WarningLevel.choices, blank=True, default=""
    )
    formula = models.CharField(pgettext_lazy("index", "Formula"), max_length=8)
    found = models.JSONField()
    figures = models.JSONField()
    parts = models.JSONField()
    periods = models.JSONField(default=list)
    reckoned_at = models.DateTimeField(pgettext_lazy("index", "Reckoned at"))

    class Meta(Scoped.Meta):
        verbose_name = _("index of a day")
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="index_day_once"),
            models.CheckConstraint(
                condition=Q(about="unit", unit__isnull=False) | Q(about="region", unit=None), name="index_day_of_one"
            ),
            models.CheckConstraint(condition=Q(value__range=(0, 100)), name="index_day_bounds"),
        ]
        indexes = [
            models.Index(fields=["-day", "-id"], name="index_day_newest"),
            models.Index(fields=["region_path", "-day"], name="index_day_place"),
            models.Index(fields=["holder", "-day"], name="index_day_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.value}"

    def get_absolute_url(self) -> str:
        """The page with its working."""
        return reverse("warning:day", kwargs={"pk": self.pk})


class SpecialPeriod(Scoped, Versioned):
    """A season, a holiday or event, a campaign, hard weather: from ``first`` to ``last`` the index of the region, and
    of what lies in it, is multiplied by ``factor`` per cent. Of several the gravest counts. Scope is the region's."""

    view_permission = SURVEY

    name = models.CharField(pgettext_lazy("period", "Name"), max_length=60)
    kind = models.CharField(pgettext_lazy("period", "Kind"), max_length=8, choices=PeriodKind.choices)
    first = models.DateField(pgettext_lazy("period", "First day"))
    last = models.DateField(pgettext_lazy("period", "Last day"))
    factor = models.PositiveSmallIntegerField(_("Factor, %"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("special period")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="period_in_order"),
            models.CheckConstraint(condition=Q(factor__range=(LEAST_FACTOR, MOST_FACTOR)), name="period_factor_bounds"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-last"], name="period_region"),
            models.Index(fields=["-last", "-id"], name="period_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the period."""
        return reverse("warning:period", kwargs={"pk": self.pk})


class EarlyWarning(InProcess):
    """A warning for a region, or for one unit. Scope is the region's, or the unit's place; units see their notices.

    ``place`` is what it is for, by name, ``key`` as its index has it. ``value_before`` is the index when it was
    proposed or issued, ``value_after`` when it ended; ``told`` how many notices went out, ``in_time`` how many were
    acknowledged by their day, ``answered`` how many reported measures. ``issued_path`` is the office that issued it: it
    or one above withdraws it, not whom it was issued for.
    """

    view_permission = SURVEY
    process: ClassVar[Workflow] = WARNING

    number = models.CharField(pgettext_lazy("warning", "Number"), max_length=32, unique=True)
    about = models.CharField(pgettext_lazy("index", "Of what"), max_length=6, choices=About.choices)
    unit = models.ForeignKey(
        UNIT, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    key = models.CharField(max_length=24, editable=False, db_collation="C")
    place = models.CharField(pgettext_lazy("warning", "For"), max_length=120)
    level = models.CharField(pgettext_lazy("warning", "Level"), max_length=6, choices=WarningLevel.choices)
    source = models.CharField(pgettext_lazy("warning", "Source"), max_length=5, choices=Source.choices)
    text = models.TextField(pgettext_lazy("warning", "What to watch and do"), max_length=1000, blank=True, default="")
    until = models.DateField(pgettext_lazy("warning", "In force until"), null=True, blank=True)
    made_at = models.DateTimeField(pgettext_lazy("warning", "Made at"))
    issued_at = models.DateTimeField(pgettext_lazy("warning", "Issued at"), null=True, blank=True)
    issuer = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_path = PathField(blank=True, default="", db_default="")
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    value_before = models.DecimalField(_("Index before"), max_digits=4, decimal_places=1, null=True, blank=True)
    value_after = models.DecimalField(_("Index after"), max_digits=4, decimal_places=1, null=True, blank=True)
    told = models.PositiveIntegerField(_("Notices"), default=0)
    in_time = models.PositiveIntegerField(_("Acknowledged in time"), default=0)
    answered = models.PositiveIntegerField(_("Measures reported"), default=0)

    class Meta(InProcess.Meta):
        verbose_name = _("warning")
        triggers = process_triggers(WARNING)
        constraints = [
            process_check(WARNING, "warning"),
            models.CheckConstraint(
                condition=Q(about="unit", unit__isnull=False) | Q(about="region", unit=None), name="warning_of_one"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | (Q(issued_at__isnull=False, until__isnull=False) & ~Q(text="")),
                name="warning_issued_whole",
            ),
            models.UniqueConstraint(fields=["key"], condition=Q(state="proposed"), name="warning_one_proposal"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-made_at"], name="warning_region"),
            models.Index(fields=["-made_at", "-id"], name="warning_newest"),
            models.Index(fields=["key", "-made_at"], name="warning_key"),
            models.Index(fields=["until"], name="warning_ends", condition=Q(state="issued")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.place}"

    def get_absolute_url(self) -> str:
        """The page of the warning."""
        return reverse("warning:warning", kwargs={"pk": self.pk})


class Notice(InProcess):
    """A warning as it came to one office or unit: who must acknowledge and report. Scope is the addressee's."""

    view_permission = VIEW
    process: ClassVar[Workflow] = NOTICE

    warning = models.ForeignKey(EarlyWarning, on_delete=models.PROTECT, related_name="notices")
    unit = models.ForeignKey(
        UNIT, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    to = models.CharField(pgettext_lazy("notice", "Addressee"), max_length=120)
    sent_at = models.DateTimeField(pgettext_lazy("notice", "Sent at"))
    answer_by = models.DateField(pgettext_lazy("notice", "Acknowledge by"))
    acknowledged_at = models.DateTimeField(pgettext_lazy("notice", "Acknowledged at"), null=True, blank=True)
    acknowledger = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    measures = models.TextField(pgettext_lazy("notice", "Measures"), max_length=1000, blank=True, default="")
    reported_at = models.DateTimeField(_("Reported at"), null=True, blank=True)
    reporter = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(InProcess.Meta):
        verbose_name = _("notice of a warning")
        triggers = process_triggers(NOTICE)
        constraints = [process_check(NOTICE, "warning_notice")]
        indexes = [
            models.Index(fields=["region_path", "-sent_at"], name="notice_region"),
            models.Index(fields=["-sent_at", "-id"], name="notice_newest"),
            models.Index(fields=["holder", "-sent_at"], name="notice_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.warning.number} → {self.to}"

    def get_absolute_url(self) -> str:
        """The page of the notice."""
        return reverse("warning:notice", kwargs={"pk": self.pk})
