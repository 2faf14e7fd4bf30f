"""Risk points, the changes of their colours, the checks of their measures, the hazards tied to them."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.scope import Scoped
from anlan.kernel.searching import FUNCTION, INDEXES, Pairs
from anlan.kernel.workflow import InProcess, process_check, process_triggers
from anlan.modules.risks.choices import Colour, ControlLevel, Identification, PointKind, Why
from anlan.modules.risks.workflow import POINT, VIEW
from anlan.rules.steps import Workflow

COLOURED = Q(shown__in=["", *Colour.values])


class PointWordsField(models.TextField):
    """The words by which a risk point is found, folded; ``__has`` finds a part of it by character pairs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", "editable": False, **kwargs})


@PointWordsField.register_lookup
class Has(Pairs):
    """The text contains these characters."""


INDEXES["risks_riskpoint", "search_text"] = "riskpoint_words"


@pghistory.track(exclude=["search_text", "version"])
class RiskPoint(InProcess):
    """A risk point of a site.

    Copied facts, kept for sorting and scope at scale: ``region_path``, ``sector`` and ``holder`` are the site's;
    ``inherent``, ``residual``, ``assessed_on``, ``control_level``, ``responsible`` and ``accident_classes`` are those
    of ``assessment``, the revision in force. ``raised`` is the colour to which hazards that came back raised it
    ("": not raised), ``shown`` the graver of ``residual`` and ``raised`` ("": never assessed). Hazards count from
    ``counted_from`` on. ``lon``/``lat`` are WGS-84 degrees, the site's where none was given. ``card_token`` is the
    address of its notice card in force ("": none). ``search_text`` holds number, name and place, and what the registry
    says of unit and site: names, code, pinyin initials.
    """

    view_permission = VIEW
    process: ClassVar[Workflow] = POINT

    number = models.CharField(_("number"), max_length=32, unique=True, editable=False)
    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    name = models.CharField(_("risk point"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=PointKind.choices)
    identification = models.CharField(_("identified by"), max_length=8, choices=Identification.choices)
    place = models.CharField(_("where on the site"), max_length=120, blank=True, default="")
    people = models.PositiveIntegerField(_("people at work there"), null=True, blank=True)
    emergency_phone = models.CharField(_("emergency telephone"), max_length=30, blank=True, default="")
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    assessment = models.ForeignKey(
        "risks.Assessment", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    inherent = models.CharField(_("inherent risk"), max_length=6, choices=Colour.choices, blank=True, default="")
    residual = models.CharField(_("residual risk"), max_length=6, choices=Colour.choices, blank=True, default="")
    raised = models.CharField(max_length=6, choices=Colour.choices, blank=True, default="", editable=False)
    raised_on = models.DateField(null=True, blank=True, editable=False)
    shown = models.CharField(_("risk level"), max_length=6, choices=Colour.choices, blank=True, default="")
    control_level = models.CharField(
        _("control level"), max_length=8, choices=ControlLevel.choices, blank=True, default=""
    )
    responsible = models.CharField(pgettext_lazy("risk", "responsible"), max_length=60, blank=True, default="")
    accident_classes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    counted_from = models.DateTimeField(null=True, blank=True, editable=False)
    card_token = models.CharField(max_length=32, blank=True, default="", editable=False)
    card_issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_text = PointWordsField()

    class Meta(InProcess.Meta):
        verbose_name = _("risk point")
        triggers = process_triggers(POINT)
        constraints = [
            process_check(POINT, "riskpoint"),
            models.CheckConstraint(condition=COLOURED, name="riskpoint_colour_known"),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(assessment__isnull=False) & ~Q(shown=""),
                name="riskpoint_in_force_assessed",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, card_token=""), name="riskpoint_closed_bare"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(73, 136), lat__range=(3, 54)),
                name="riskpoint_in_china",
            ),
            models.UniqueConstraint(fields=["card_token"], condition=~Q(card_token=""), name="riskpoint_card_once"),
        ]
        indexes = [
            models.Index(fields=["region_path", "-id"], name="riskpoint_region"),
            models.Index(fields=["region_path", "shown", "-id"], name="riskpoint_region_shown"),
            models.Index(fields=["site"], name="riskpoint_site"),
            models.Index(fields=["holder", "-id"], name="riskpoint_holder"),
            models.Index(fields=["region_path", "-id"], name="riskpoint_raised", condition=~Q(raised="")),
            GinIndex(
                Func("search_text", function=FUNCTION, output_field=ArrayField(models.TextField())),
                name="riskpoint_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("risks:point", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        """True until it is struck off."""
        return self.state != "closed"


class ColourChange(Scoped):
    """A point's colour became another one; rows are only added. ``steps`` is the working, [English, Chinese] each."""

    view_permission = VIEW

    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(_("before"), max_length=6, choices=Colour.choices, blank=True, default="")
    after = models.CharField(_("after"), max_length=6, choices=Colour.choices, blank=True, default="")
    on = models.DateField(_("changed on"))
    at = models.DateTimeField()
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    steps = models.JSONField(default=list)

    class Meta(Scoped.Meta):
        verbose_name = _("change of colour")
        indexes = [
            models.Index(fields=["region_path", "-on", "-id"], name="colourchange_region"),
            models.Index(fields=["-on", "-id"], name="colourchange_on"),
            models.Index(fields=["point", "-id"], name="colourchange_point"),
            models.Index(fields=["holder", "-id"], name="colourchange_holder"),
        ]


class MeasureCheck(Scoped):
    """Somebody looked whether a measure works, on the spot. A failed one names the hazard it opened or met."""

    view_permission = VIEW

    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey("risks.Measure", on_delete=models.PROTECT, related_name="+")
    effective = models.BooleanField(_("effective"))
    note = models.CharField(_("what was found"), max_length=500, blank=True, default="")
    hazard = models.ForeignKey("hazards.Hazard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_unit = models.BooleanField(default=False)
    by_name = models.CharField(_("checked by"), max_length=80)
    at = models.DateTimeField(_("checked at"))

    class Meta(Scoped.Meta):
        verbose_name = _("check of a measure")
        indexes = [
            models.Index(fields=["point", "-id"], name="measurecheck_point"),
            models.Index(fields=["region_path", "-id"], name="measurecheck_region"),
            models.Index(fields=["holder", "-id"], name="measurecheck_holder"),
        ]


class HazardTie(Scoped):
    """A hazard lies on a risk point; ``counts`` is False once it was withdrawn as none, or merged into another."""

    view_permission = VIEW

    point = models.ForeignKey(RiskPoint, on_delete=models.PROTECT, related_name="+")
    hazard = models.OneToOneField("hazards.Hazard", on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey("risks.Measure", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True)
    found_on = models.DateField(_("found on"))
    tied_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta(Scoped.Meta):
        verbose_name = _("hazard on a risk point")
        indexes = [
            models.Index(fields=["point", "-id"], name="hazardtie_point"),
            models.Index(fields=["region_path", "-id"], name="hazardtie_region"),
            models.Index(fields=["holder", "-id"], name="hazardtie_holder"),
        ]
