"""The tables of major hazard installations."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.chemicals.public import PLACE, SUBSTANCE
from anlan.modules.hazards.public import HAZARD
from anlan.modules.installations.choices import (
    Answer,
    Basis,
    FilingKind,
    Level,
    Outcome,
    Phase,
    TargetKind,
    UnitType,
)
from anlan.modules.installations.workflow import INSTALLATION, VIEW
from anlan.modules.registry.public import SITE
from anlan.rules.steps import Workflow


class Installation(InProcess):
    """One unit of production or storage of a site. Scope is the site's.

    ``exposed`` are persons living within 500 m outside the site. ``level`` (1 highest), ``s_value`` and ``r_value`` are
    those of the last grading; ``stale`` when holdings or surroundings changed since. ``over_t`` is by how much a stock
    of the chemicals ledger lies above the declared basis. ``application`` are the fields of the filing forms the unit
    fills in, by their number; ``on_paper`` the documents of the archive it hands over on paper; ``unmet`` how many of
    the provisions required at its level it says it lacks.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = INSTALLATION

    site = models.ForeignKey(SITE, on_delete=models.PROTECT, related_name="+", verbose_name=_("Site"))
    kind = models.CharField(pgettext_lazy("installation", "Kind of unit"), max_length=10, choices=UnitType.choices)
    name = models.CharField(pgettext_lazy("installation", "Name of the installation"), max_length=80)
    exposed = models.PositiveIntegerField(_("Persons living within 500 m outside the site"), null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    started_on = models.DateField(_("In use since"), null=True, blank=True)
    park = models.CharField(_("Chemical park"), max_length=80, blank=True, default="")
    principal = models.CharField(_("Principal responsible"), max_length=40, blank=True, default="")
    technical = models.CharField(_("Technical responsible"), max_length=40, blank=True, default="")
    operating = models.CharField(_("Operating responsible"), max_length=40, blank=True, default="")
    level = models.PositiveSmallIntegerField(
        pgettext_lazy("installation", "Level"), choices=Level.choices, null=True, blank=True
    )
    s_value = models.DecimalField("S", max_digits=12, decimal_places=6, null=True, blank=True)
    r_value = models.DecimalField("R", max_digits=12, decimal_places=6, null=True, blank=True)
    graded_on = models.DateField(_("Graded on"), null=True, blank=True)
    stale = models.BooleanField(default=False)
    assessed_on = models.DateField(_("Assessment report of"), null=True, blank=True)
    filing_kind = models.CharField(
        pgettext_lazy("filing", "Kind of filing"), max_length=8, choices=FilingKind.choices, blank=True, default=""
    )
    filing_no = models.CharField(pgettext_lazy("filing", "Filing number"), max_length=40, blank=True, default="")
    filed_on = models.DateField(pgettext_lazy("filing", "On file since"), null=True, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=200, blank=True, default="")
    reason = models.CharField(_("Reason"), max_length=200, blank=True, default="")
    commitment = models.CharField(_("Published safety commitment"), max_length=500, blank=True, default="")
    application = models.JSONField(default=dict, blank=True)
    on_paper = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    unmet = models.PositiveSmallIntegerField(_("Lacking of what is required"), default=0)
    over_t = models.DecimalField(_("Above the declared basis"), max_digits=14, decimal_places=3, default=0)

    class Meta(InProcess.Meta):
        verbose_name = _("major hazard installation")
        triggers = process_triggers(INSTALLATION)
        constraints = [
            process_check(INSTALLATION, "installation"),
            models.UniqueConstraint(fields=["site", "name"], name="installation_name_once"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(1, 4)), name="installation_level_known"),
            models.CheckConstraint(
                condition=~Q(state="filed") | Q(level__isnull=False, filed_on__isnull=False) & ~Q(filing_no=""),
                name="installation_filed_with_number",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(73, 136), lat__range=(3, 54)),
                name="installation_point_in_china",
            ),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="installation_region"),
            models.Index(fields=["holder"], name="installation_holder"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the installation."""
        return reverse("installations:record", kwargs={"pk": self.pk})


class Holding(Scoped, Versioned):
    """What an installation holds of a substance, in tonnes, and by which basis; ``place`` is where the ledger keeps it.

    ``symbols`` are categories of GB 18218 Table 2 where the substance does not stand in Table 1; ``entry`` says which
    row of Table 1 is meant where several share a name. What follows ``place`` is asked by the table of basic features:
    the use, the process, and the largest vessel with its state, temperature, pressure and quantity.
    """

    view_permission = VIEW

    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="holdings")
    substance = models.ForeignKey(SUBSTANCE, on_delete=models.PROTECT, related_name="+")
    tonnes = models.DecimalField(_("Tonnes"), max_digits=14, decimal_places=3)
    basis = models.CharField(pgettext_lazy("holding", "Basis"), max_length=14, choices=Basis.choices)
    paper = models.CharField(_("Paper it rests on"), max_length=120)
    symbols = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    entry = models.PositiveSmallIntegerField(null=True, blank=True)
    place = models.ForeignKey(PLACE, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used_for = models.CharField(_("Use in production"), max_length=120, blank=True, default="")
    method = models.CharField(_("Production process"), max_length=120, blank=True, default="")
    phase = models.CharField(_("State in the vessel"), max_length=6, choices=Phase.choices, blank=True, default="")
    temperature_c = models.DecimalField(
        _("Operating temperature"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    pressure_mpa = models.DecimalField(_("Operating pressure"), max_digits=8, decimal_places=3, null=True, blank=True)
    largest_t = models.DecimalField(_("In the largest vessel"), max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("holding of an installation")
        constraints = [
            models.CheckConstraint(
                condition=Q(largest_t=None) | Q(largest_t__gt=0, largest_t__lte=F("tonnes")),
                name="holding_vessel_within",
            ),
            models.UniqueConstraint(fields=["installation", "substance"], name="holding_once"),
            models.CheckConstraint(condition=Q(tonnes__gt=0), name="holding_positive"),
            models.CheckConstraint(condition=~Q(paper="") & ~Q(basis=""), name="holding_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.substance.name} {self.tonnes.normalize():f} t"


class Grading(Scoped):
    """A grading as it was reckoned: S, R, level, the working in both languages and the clauses. Rows are only added."""

    view_permission = VIEW

    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="gradings")
    on = models.DateField(_("Graded on"))
    s_value = models.DecimalField("S", max_digits=12, decimal_places=6)
    r_value = models.DecimalField("R", max_digits=12, decimal_places=6, null=True)
    level = models.PositiveSmallIntegerField(null=True)
    given = models.JSONField()
    steps_en = models.JSONField()
    steps_zh = models.JSONField()
    clauses = models.JSONField()
    by_name = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        verbose_name = _("grading of an installation")
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_changed",
                fields=[
                    "installation",
                    "on",
                    "s_value",
                    "r_value",
                    "level",
                    "given",
                    "steps_en",
                    "steps_zh",
                    "clauses",
                ],
            ),
        ]
        indexes = [models.Index(fields=["region_path", "-id"], name="grading_region")]

    def __str__(self) -> str:
        return f"{self.installation.name} {self.on.isoformat()}"


class Target(Scoped, Versioned):
    """Somebody or something near an installation that must be protected."""

    view_permission = VIEW

    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(pgettext_lazy("target", "Kind"), max_length=10, choices=TargetKind.choices)
    name = models.CharField(pgettext_lazy("target", "Name"), max_length=80)
    distance_m = models.PositiveIntegerField(_("Distance, m"))
    persons = models.PositiveIntegerField(_("Persons"), null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("protection target")
        constraints = [
            models.UniqueConstraint(fields=["installation", "name"], name="target_once"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(73, 136), lat__range=(3, 54)),
                name="target_point_in_china",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Provision(Scoped, Versioned):
    """What a unit says of one thing the law requires of an installation at its level (``entry`` numbers the duty).

    What is lacking has a ``hazard``; while that is open only its closing says that the thing is in place.
    ``announced``: that it is lacking was told, so that its hazard is opened once, not again after it was none.
    """

    view_permission = VIEW

    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="provisions")
    entry = models.PositiveSmallIntegerField()
    answer = models.CharField(pgettext_lazy("provision", "Answer"), max_length=7, choices=Answer.choices)
    note = models.CharField(pgettext_lazy("provision", "What there is, or what is done"), max_length=200, blank=True)
    stated_on = models.DateField(_("Stated on"))
    hazard = models.ForeignKey(HAZARD, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    announced = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta(Scoped.Meta):
        verbose_name = _("provision of an installation")
        constraints = [
            models.UniqueConstraint(fields=["installation", "entry"], name="provision_once"),
            models.CheckConstraint(condition=Q(answer="have") | ~Q(note=""), name="provision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.installation.name} {self.entry}"


class Filing(Scoped, Versioned):
    """A filing as it was handed in: the filled forms, what was lacking, what became of it. The sheet never changes.

    ``sheet`` holds the fields of the application and the table of basic features with their values in both languages,
    ``chemicals`` the rows of the second form, ``papers`` the documents of the archive and how each was handed in.
    """

    view_permission = VIEW

    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(pgettext_lazy("filing", "Kind of filing"), max_length=8, choices=FilingKind.choices)
    handed_on = models.DateField(pgettext_lazy("filing", "Handed in on"))
    by_name = models.CharField(pgettext_lazy("filing", "Handed in by"), max_length=80)
    assessed_on = models.DateField(_("Assessment report of"))
    level = models.PositiveSmallIntegerField(pgettext_lazy("installation", "Level"), choices=Level.choices)
    sheet = models.JSONField()
    chemicals = models.JSONField()
    papers = models.JSONField()
    lacking = models.JSONField()
    outcome = models.CharField(
        pgettext_lazy("filing", "Outcome"), max_length=8, choices=Outcome.choices, default=Outcome.WAITING
    )
    number = models.CharField(pgettext_lazy("filing", "Filing number"), max_length=40, blank=True, default="")
    opinion = models.CharField(_("Opinion"), max_length=200, blank=True, default="")
    decided_on = models.DateField(pgettext_lazy("filing", "Decided on"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("filing of an installation")
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_changed",
                fields=[
                    "installation", "kind", "handed_on", "by_name", "assessed_on", "level", "sheet", "chemicals",
                    "papers", "lacking",
                ],
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=~Q(outcome="filed") | ~Q(number=""), name="filing_filed_with_number"),
        ]
        indexes = [models.Index(fields=["region_path", "-id"], name="filing_region")]

    def __str__(self) -> str:
        return f"{self.installation.name} {self.handed_on.isoformat()}"

    def get_absolute_url(self) -> str:
        """The page of the filing."""
        return reverse("installations:filing", kwargs={"pk": self.pk})
