"""Assessments: one revision of a risk point each, with its factors and their measures. Settled ones never change."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.scope import Scoped
from anlan.modules.risks.choices import Colour, ControlLevel, MeasureKind, Method
from anlan.modules.risks.workflow import VIEW

SETTLED = "RAISE EXCEPTION 'a settled assessment is never edited: a new one supersedes it';"
OF_SETTLED = f"""
    IF EXISTS (SELECT 1 FROM risks_assessment a WHERE a.id = OLD.assessment_id AND a.assessed_at IS NOT NULL) THEN
        {SETTLED}
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""  # noqa: S608 - constants of this file
INTO_SETTLED = f"""
    IF EXISTS (
        SELECT 1 FROM fresh_rows f JOIN risks_assessment a ON a.id = f.assessment_id WHERE a.assessed_at IS NOT NULL
    ) AND NOT EXISTS (SELECT 1 FROM journal_bulkload WHERE xid = pg_current_xact_id()::text::bigint) THEN
        {SETTLED}
    END IF;
    RETURN NULL;
"""  # noqa: S608 - constants of this file


def never_edited(*fields: str) -> list[pgtrigger.Trigger]:
    """The rows of a settled assessment: none is added, removed, or changed in these fields."""
    return [
        pgtrigger.Trigger(
            name="settled_kept", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*fields), func=OF_SETTLED,
        ),
        pgtrigger.Trigger(
            name="settled_whole", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Delete,
            func=OF_SETTLED,
        ),
        pgtrigger.Trigger(
            name="settled_closed", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="fresh_rows"), func=INTO_SETTLED,
        ),
    ]  # fmt: skip


class Assessment(Scoped):
    """One revision of a point's assessment; ``number`` counts them. Once ``assessed_at`` is set it is never edited.

    ``inherent`` and ``residual`` are the gravest of its factors; ``finding`` keeps the working of both and of who
    controls the risk: rule, inputs, steps in both languages, clauses. It is in force from ``in_force_at`` until
    ``superseded_at``; one that was returned has ``returned_at`` instead.
    """

    view_permission = VIEW

    point = models.ForeignKey("risks.RiskPoint", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("revision"))
    inherent = models.CharField(_("inherent risk"), max_length=6, choices=Colour.choices, blank=True, default="")
    residual = models.CharField(_("residual risk"), max_length=6, choices=Colour.choices, blank=True, default="")
    control_level = models.CharField(
        _("control level"), max_length=8, choices=ControlLevel.choices, blank=True, default=""
    )
    responsible = models.CharField(pgettext_lazy("risk", "responsible"), max_length=60, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    finding = models.JSONField(default=dict, blank=True)
    assessed_at = models.DateTimeField(_("assessed on"), null=True, blank=True)
    assessed_by = models.CharField(_("assessed by"), max_length=80, blank=True, default="")
    in_force_at = models.DateTimeField(_("in force from"), null=True, blank=True)
    approved_by = models.CharField(_("put in force by"), max_length=80, blank=True, default="")
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("assessment")
        triggers = [
            pgtrigger.Trigger(
                name="settled_kept", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "point", "number", "inherent", "residual", "control_level", "responsible", "note", "finding",
                    "assessed_at", "assessed_by",
                ),
                func=f"IF OLD.assessed_at IS NOT NULL THEN {SETTLED} END IF; RETURN NEW;",
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="assessment_number_once"),
            models.UniqueConstraint(
                fields=["point"], condition=Q(assessed_at=None), name="assessment_one_on_the_table"
            ),
            models.CheckConstraint(
                condition=Q(assessed_at=None)
                | ~Q(inherent="") & ~Q(residual="") & ~Q(control_level="") & ~Q(responsible=""),
                name="assessment_settled_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "-id"], name="assessment_holder"),
            models.Index(fields=["region_path", "-id"], name="assessment_region"),
        ]

    def __str__(self) -> str:
        return str(_("Revision %(number)s")) % {"number": self.number}


class Factor(Scoped):
    """A hazard factor of an assessment: where it is (``part``: work step or check item, with the ``standard`` of the
    item), what it is, which class of accident it may cause, and its score without and with its measures.

    ``inherent_given`` and ``residual_given`` are the inputs of the method; ``finding`` keeps the working of both.
    """

    view_permission = VIEW

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="factors")
    order = models.PositiveSmallIntegerField()
    part = models.CharField(_("work step or check item"), max_length=120)
    standard = models.CharField(_("standard of the item"), max_length=300, blank=True, default="")
    factor = models.CharField(_("hazard factor"), max_length=300)
    accident_class = models.CharField(_("possible accident"), max_length=20)
    method = models.CharField(_("method"), max_length=6, choices=Method.choices)
    inherent_given = models.JSONField(default=dict)
    residual_given = models.JSONField(default=dict)
    inherent = models.CharField(_("inherent risk"), max_length=6, choices=Colour.choices)
    residual = models.CharField(_("residual risk"), max_length=6, choices=Colour.choices)
    inherent_score = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    residual_score = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    finding = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        verbose_name = _("hazard factor")
        triggers = never_edited(
            "assessment", "order", "part", "standard", "factor", "accident_class", "method", "inherent_given",
            "residual_given", "inherent", "residual", "inherent_score", "residual_score", "finding",
        )  # fmt: skip
        indexes = [
            models.Index(fields=["region_path", "-id"], name="factor_region"),
            models.Index(fields=["holder", "-id"], name="factor_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.factor}"


class Measure(Scoped):
    """A measure against a factor. What it says belongs to the assessment; how it stands is found by checks:
    ``failed`` with the ``hazard`` it opened, ``checked_at`` the last look at it. ``origin`` is the measure of the
    revision before of which this one is the copy."""

    view_permission = VIEW

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="measures")
    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="measures")
    kind = models.CharField(_("kind"), max_length=12, choices=MeasureKind.choices)
    text = models.CharField(_("measure"), max_length=300)
    failed = models.BooleanField(_("failed"), default=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    hazard = models.ForeignKey("hazards.Hazard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(Scoped.Meta):
        verbose_name = _("measure")
        triggers = never_edited("assessment", "factor", "kind", "text")
        indexes = [
            models.Index(fields=["region_path", "-id"], name="measure_region"),
            models.Index(fields=["holder", "-id"], name="measure_holder"),
        ]

    def __str__(self) -> str:
        return self.text
