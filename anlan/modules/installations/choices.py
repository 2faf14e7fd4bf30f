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


TONES = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
