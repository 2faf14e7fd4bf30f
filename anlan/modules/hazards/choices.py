"""What a hazard's fields may hold, with labels in both languages and the colours of the screens."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from anlan.modules.hazards import rows

# The msgids of the labels: what the journal keeps, to be read in either language.
SOURCE_LABELS = {c.code: c.label for c in rows.SOURCES}
GRADE_LABELS = {c.code: c.label for c in rows.GRADES}
LISTING_LABELS = {"town": "Listed by the town", "county": "Listed by the county", "city": "Listed by the city"}
PURPOSE_LABELS = {
    "before": "Before", "after": "After", "plan": "Treatment plan", "evaluation": "Evaluation report",
    "other": "Other file",
}  # fmt: skip

# The items of a plan and the receivers of a report, worded for the catalogue of translations.
ITEM_LABELS = {
    "responsibility": gettext_noop("responsibility settled"),
    "funds": gettext_noop("funds settled"),
    "measures": gettext_noop("measures settled"),
    "settled_time_limit": gettext_noop("time limit settled"),
    "contingency": gettext_noop("emergency plan settled"),
    "goals": gettext_noop("goals and tasks of the treatment"),
    "methods": gettext_noop("methods and measures"),
    "resources": gettext_noop("funds and materials"),
    "people": gettext_noop("bodies and people in charge"),
    "plan_time_limit": gettext_noop("time limit and requirements"),
    "safety": gettext_noop("safety measures and emergency plan"),
    "regulator": gettext_noop("department in charge of supervision"),
    "workers": gettext_noop("workers' congress or meeting"),
}

CATEGORIES = [(c.code, _(c.label)) for c in rows.CATEGORIES]
CATEGORY_GROUPS = {c.code: c.group for c in rows.CATEGORIES}
GROUP_LABELS = {code: _(label) for code, label in rows.GROUPS.items()}


class Source(models.TextChoices):
    """How a hazard was found."""

    SELF_CHECK = "self_check", _("Self-check")
    INSPECTION = "inspection", _("Inspection")
    TIP_OFF = "tip_off", _("Tip-off")
    ALARM = "alarm", _("Alarm")
    EXPERT = "expert", _("Expert")
    OTHER = "other", _("Other source")


class Grade(models.TextChoices):
    """General or major (令16 article 3)."""

    GENERAL = "general", _("General hazard")
    MAJOR = "major", _("Major hazard")

    @property
    def colour(self) -> str:
        """The colour token of the badge."""
        return "red" if self is Grade.MAJOR else "blue"


class ListingLevel(models.TextChoices):
    """Which office keeps the supervision list a hazard stands on (挂牌督办)."""

    TOWN = "town", _("Listed by the town")
    COUNTY = "county", _("Listed by the county")
    CITY = "city", _("Listed by the city")


class Purpose(models.TextChoices):
    """What a file of a hazard shows."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    PLAN = "plan", _("Treatment plan")
    EVALUATION = "evaluation", _("Evaluation report")
    OTHER = "other", _("Other file")


LISTING_RANK = {"": 0, ListingLevel.TOWN: 1, ListingLevel.COUNTY: 2, ListingLevel.CITY: 3}
