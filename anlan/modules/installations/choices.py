"""Words of major hazard installations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitType(models.TextChoices):
    """What is judged on its own."""

    PRODUCTION = "production", pgettext_lazy("installation", "Production unit")
    STORAGE = "storage", pgettext_lazy("installation", "Storage unit")


class Basis(models.TextChoices):
    """How a quantity was determined."""

    DESIGN = "design_maximum", pgettext_lazy("holding", "Design maximum")
    ACTUAL = "actual", pgettext_lazy("holding", "Actual quantity")


class Level(models.IntegerChoices):
    """The four levels of GB 18218-2018 Table 6."""

    ONE = 1, _("Level I")
    TWO = 2, _("Level II")
    THREE = 3, _("Level III")
    FOUR = 4, _("Level IV")


class FilingKind(models.TextChoices):
    """Why it is filed."""

    FIRST = "first", pgettext_lazy("filing", "First filing of an existing unit")
    PROJECT = "project", pgettext_lazy("filing", "New, rebuilt or extended project")
    RENEWAL = "renewal", pgettext_lazy("filing", "Renewal")


class TargetKind(models.TextChoices):
    """What must be protected."""

    HOMES = "homes", pgettext_lazy("target", "Homes")
    SCHOOL = "school", pgettext_lazy("target", "School or kindergarten")
    HOSPITAL = "hospital", pgettext_lazy("target", "Hospital or home for the aged")
    CROWDED = "crowded", pgettext_lazy("target", "Crowded place")
    WATER = "water", pgettext_lazy("target", "Water source")
    OTHER = "other", pgettext_lazy("target", "Other")


class Phase(models.TextChoices):
    """In which state a substance is held in the largest vessel."""

    GAS = "gas", pgettext_lazy("phase", "Gas")
    LIQUID = "liquid", pgettext_lazy("phase", "Liquid")
    SOLID = "solid", pgettext_lazy("phase", "Solid")


class Answer(models.TextChoices):
    """What a unit says of something the law requires at this level."""

    HAVE = "have", pgettext_lazy("provision", "In place")
    LACK = "lack", pgettext_lazy("provision", "Lacking")
    OUTSIDE = "outside", pgettext_lazy("provision", "Does not apply")


class Outcome(models.TextChoices):
    """What became of a filing handed in."""

    WAITING = "waiting", pgettext_lazy("filing", "To be checked")
    FILED = "filed", pgettext_lazy("filing", "Put on file")
    RETURNED = "returned", pgettext_lazy("filing", "Sent back")


class Duty(models.TextChoices):
    """Which of the responsible three."""

    PRINCIPAL = "principal", _("Principal responsible")
    TECHNICAL = "technical", _("Technical responsible")
    OPERATING = "operating", _("Operating responsible")


ANSWER_TONES = {"have": "green", "lack": "red", "outside": "grey", "": "yellow"}
OUTCOME_TONES = {"waiting": "purple", "filed": "green", "returned": "orange"}
TONES = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
