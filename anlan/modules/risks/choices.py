"""What the fields of a risk point may hold, and the figures a region may set for itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop


class PointKind(models.TextChoices):
    """What a risk point is."""

    PLACE = "place", _("Place or area")
    EQUIPMENT = "equipment", _("Equipment or facility")
    PROCESS = "process", _("Work or process")
    POST = "post", pgettext_lazy("risk point", "Post")


class Identification(models.TextChoices):
    """How its factors were found."""

    JHA = "jha", _("Job hazard analysis (JHA)")
    SCL = "scl", _("Safety checklist (SCL)")
    DIRECT = "direct", _("Direct judgement")


class Method(models.TextChoices):
    """How a factor was scored."""

    LEC = "lec", "LEC"
    LS = "ls", "LS"
    MES = "mes", "MES"
    DIRECT = "direct", _("Direct judgement")


class MeasureKind(models.TextChoices):
    """The five kinds of measures."""

    ENGINEERING = "engineering", _("Engineering")
    MANAGEMENT = "management", pgettext_lazy("measure", "Management")
    TRAINING = "training", _("Training")
    PROTECTION = "protection", _("Personal protection")
    EMERGENCY = "emergency", _("Emergency response")


class ControlLevel(models.TextChoices):
    """Who controls a risk, the highest first (``anlan.rules.risk_control``)."""

    COMPANY = "company", _("Company (plant)")
    WORKSHOP = "workshop", _("Workshop (department)")
    TEAM = "team", _("Team")
    POST = "post", pgettext_lazy("level", "Post")


class Colour(models.TextChoices):
    """The four colours with the levels they show."""

    RED = "red", _("Major risk")
    ORANGE = "orange", _("Considerable risk")
    YELLOW = "yellow", _("General risk")
    BLUE = "blue", _("Low risk")


class Why(models.TextChoices):
    """Why a point's colour changed."""

    ASSESSED = "assessed", _("Assessed")
    REPEATED = "repeated", _("Hazards came back")
    CLOSED = "closed", pgettext_lazy("risk point", "Closed")


FACTORS: dict[str, tuple[str, ...]] = {"lec": ("L", "E", "C"), "ls": ("L", "S"), "mes": ("M", "E", "S")}
"""The factors of each method that scores."""
CIRCUMSTANCES = ("serious_breach", "past_accident", "major_hazard_installation", "people_in_danger")
ORDER = [Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BLUE]
# The msgids of labels, for the journal: either language is chosen when it is read.
COLOUR_LABELS = {
    "red": "Major risk",
    "orange": "Considerable risk",
    "yellow": "General risk",
    "blue": "Low risk",
    "": "",
}


def graver(one: str, other: str) -> str:
    """The graver of two colours; "" is none."""
    return min((c for c in (one, other) if c), key=lambda c: [o.value for o in ORDER].index(c), default="")


def accident_classes() -> list[tuple[str, Any]]:
    """The classes of accidents in force today, by name (``anlan.rules.accident_class``)."""
    from django.utils.translation import get_language

    from anlan.kernel import clock
    from anlan.rules.accident_class import EDITIONS

    chinese = (get_language() or "zh").startswith("zh")
    return [(row["name_zh"], row["name_zh"] if chinese else row["name_en"]) for row in EDITIONS.on(clock.today()).held]


# 本地规定, every one of them: where a region adopted a planning document's figure it names that as the basis.
REVIEW_MONTHS = "risks.review_months"
AREA_YEARS = "risks.area_years"
REPEAT_COUNT, REPEAT_DAYS = "risks.repeat_count", "risks.repeat_days"
REASSESS_DAYS = "risks.reassess_days"
SHARE = "risks.share_percent"
declare(
    REVIEW_MONTHS, gettext_noop("Months within which an enterprise reviews its risk register (0: not adopted)"), 6,
    least=0, most=36, unit=gettext_noop("months"),
)  # fmt: skip
declare(
    AREA_YEARS, gettext_noop("Years within which a place assesses its risks again (0: no duty)"), 0, least=0, most=5,
    unit=gettext_noop("years"),
)  # fmt: skip
declare(
    REPEAT_COUNT, gettext_noop("Hazards on one risk point that raise its level"), 3, least=2, most=20,
    unit=gettext_noop("hazards"),
)  # fmt: skip
declare(REPEAT_DAYS, gettext_noop("Days over which hazards on a risk point are counted"), 180, least=30, most=730)
declare(REASSESS_DAYS, gettext_noop("Days in which a raised risk point is assessed again"), 30, least=3, most=180)
declare(
    SHARE, gettext_noop("Share of risk points that colours a place (0: the gravest of any)"), 0, least=0, most=100,
    unit=gettext_noop("%"),
)  # fmt: skip
