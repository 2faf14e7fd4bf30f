"""The register of a site, its floor plans with their zones, and the assessments of whole areas."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.modules.risks.choices import Colour
from anlan.modules.risks.models.points import RiskPoint
from anlan.modules.risks.workflow import MAP, VIEW


class Register(Scoped, Versioned):
    """The risk register of a site: its points in figures, its gravest colour, and when it is reviewed next.

    ``points`` counts those not struck off, ``assessed`` those of them with an assessment in force, ``failed`` the
    measures in force found failed. ``review_due`` is the earliest day on which a point must be reviewed.
    """

    view_permission = VIEW

    site = models.OneToOneField("registry.Site", on_delete=models.PROTECT, related_name="+")
    points = models.PositiveIntegerField(_("risk points"), default=0)
    assessed = models.PositiveIntegerField(_("in force"), default=0)
    failed = models.PositiveIntegerField(_("failed measures"), default=0)
    colour = models.CharField(_("gravest"), max_length=6, choices=Colour.choices, blank=True, default="")
    review_due = models.DateField(_("review due"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("risk register")
        constraints = [
            models.CheckConstraint(condition=Q(assessed__lte=models.F("points")), name="register_assessed_of_points"),
        ]
        indexes = [
            models.Index(fields=["region_path", "review_due"], name="register_region_due"),
            models.Index(fields=["review_due", "-id"], name="register_due"),
            models.Index(fields=["holder"], name="register_holder"),
        ]

    def __str__(self) -> str:
        return self.site.name

    def get_absolute_url(self) -> str:
        """The page of the register."""
        return reverse("risks:register", kwargs={"pk": self.pk})

    @property
    def complete(self) -> bool:
        """Every point has an assessment in force."""
        return self.points > 0 and self.assessed == self.points


class FloorPlan(Scoped, Versioned):
    """A floor plan of a site: a picture of ``width`` by ``height`` pixels (a stored file of purpose ``plan``)."""

    view_permission = VIEW

    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name of the plan"), max_length=60)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(_("added on"))
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("floor plan")
        indexes = [
            models.Index(fields=["site"], name="floorplan_site"),
            models.Index(fields=["region_path", "-id"], name="floorplan_region"),
            models.Index(fields=["holder", "-id"], name="floorplan_holder"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the plan."""
        return reverse("risks:plan", kwargs={"pk": self.pk})


class Zone(Scoped):
    """Where a risk point lies on a plan: a polygon, ``corners`` as [x, y] in shares of width and height (0 to 1)."""

    view_permission = VIEW

    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="zones")
    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="+")
    corners = models.JSONField()
    drawn_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        verbose_name = _("zone")
        constraints = [models.UniqueConstraint(fields=["plan", "point"], name="zone_once")]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="zone_region"),
            models.Index(fields=["holder", "-id"], name="zone_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.plan.name}: {self.point.name}"


@pghistory.track(exclude=["version"])
class AreaAssessment(Scoped, Versioned):
    """A government's own assessment of the risks of a place, with its report; the next is due after some years."""

    view_permission = MAP

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField(_("assessed on"))
    subject = models.CharField(_("what was assessed"), max_length=120)
    colour = models.CharField(_("level found"), max_length=6, choices=Colour.choices)
    conclusion = models.TextField(_("conclusion"))
    assessed_by = models.CharField(_("assessed by"), max_length=120)
    next_due = models.DateField(_("next due"), null=True, blank=True)
    entered_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        verbose_name = _("area assessment")
        indexes = [models.Index(fields=["region_path", "-assessed_on"], name="areaassessment_region")]

    def __str__(self) -> str:
        return f"{self.region.name} {self.subject}"

    def get_absolute_url(self) -> str:
        """The page of the assessment."""
        return reverse("risks:area", kwargs={"pk": self.pk})
