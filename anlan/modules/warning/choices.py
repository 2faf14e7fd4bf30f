"""Words of warning, and the figures a region may set for itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop


class About(models.TextChoices):
    """Whose index it is."""

    REGION = "region", pgettext_lazy("index", "Region")
    UNIT = "unit", pgettext_lazy("index", "Unit")


class WarningLevel(models.TextChoices):
    """How grave, the least first."""

    BLUE = "blue", pgettext_lazy("warning", "Blue")
    YELLOW = "yellow", pgettext_lazy("warning", "Yellow")
    ORANGE = "orange", pgettext_lazy("warning", "Orange")
    RED = "red", pgettext_lazy("warning", "Red")


class Source(models.TextChoices):
    """What a warning comes from."""

    INDEX = "index", pgettext_lazy("warning", "The index")
    HAND = "hand", pgettext_lazy("warning", "Issued by hand")


class PeriodKind(models.TextChoices):
    """Why a time weighs more."""

    SEASON = "season", pgettext_lazy("period", "Season")
    HOLIDAY = "holiday", pgettext_lazy("period", "Holiday or event")
    CAMPAIGN = "campaign", pgettext_lazy("period", "Campaign")
    WEATHER = "weather", pgettext_lazy("period", "Weather")


class Span(models.IntegerChoices):
    """Over how many days the index is drawn."""

    MONTH = 30, pgettext_lazy("trend", "30 days")
    QUARTER = 90, pgettext_lazy("trend", "90 days")


LEVEL_RANK = {"": 0, "blue": 1, "yellow": 2, "orange": 3, "red": 4}
LEVEL_TONES = {"": "green", "blue": "blue", "yellow": "yellow", "orange": "orange", "red": "red"}
LEVEL_NAMES = {
    "": gettext_noop("no warning level"), "blue": gettext_noop("blue warning"),
    "yellow": gettext_noop("yellow warning"), "orange": gettext_noop("orange warning"),
    "red": gettext_noop("red warning"),
}  # fmt: skip
"""A level in a sentence."""
PART_LABELS = {
    "alarms": pgettext_lazy("index", "Standing alarms"), "offline": pgettext_lazy("index", "Not connected"),
    "overdue": pgettext_lazy("index", "Overdue hazards"),
}  # fmt: skip
LEAST_FACTOR, MOST_FACTOR = 100, 200

# 本地规定, every one of them: how parts weigh against each other, at how many points a part is half full, from which
# index a level is reached, are methods of this platform that a deployment sets for itself. No law gives them.
PREFIX = "warning."
_POINTS, _DAYS = gettext_noop("points"), gettext_noop("days")
_FIGURES: tuple[tuple[str, str, int, int, int, str], ...] = (
    ("alarms", gettext_noop("Warning index: weight of standing alarms"), 40, 0, 100, _POINTS),
    ("offline", gettext_noop("Warning index: weight of what is not connected"), 20, 0, 100, _POINTS),
    ("overdue", gettext_noop("Warning index: weight of overdue hazards"), 40, 1, 100, _POINTS),
    ("alarm_1", gettext_noop("Warning index: points of a critical alarm"), 10, 0, 100, _POINTS),
    ("alarm_2", gettext_noop("Warning index: points of an alarm of high priority"), 5, 0, 100, _POINTS),
    ("alarm_3", gettext_noop("Warning index: points of an alarm of medium priority"), 2, 0, 100, _POINTS),
    ("alarm_4", gettext_noop("Warning index: points of an alarm of low priority"), 1, 0, 100, _POINTS),
    ("major", gettext_noop("Warning index: points of an overdue major hazard"), 10, 0, 100, _POINTS),
    ("general", gettext_noop("Warning index: points of an overdue general hazard"), 2, 0, 100, _POINTS),
    ("alarm_half", gettext_noop("Warning index: alarms count half at"), 10, 1, 1000, _POINTS),
    ("overdue_half", gettext_noop("Warning index: overdue hazards count half at"), 10, 1, 1000, _POINTS),
    ("blue", gettext_noop("Blue warning from an index of"), 30, 1, 100, _POINTS),
    ("yellow", gettext_noop("Yellow warning from an index of"), 50, 1, 100, _POINTS),
    ("orange", gettext_noop("Orange warning from an index of"), 70, 1, 100, _POINTS),
    ("red", gettext_noop("Red warning from an index of"), 85, 1, 100, _POINTS),
    ("answer_blue", gettext_noop("A blue warning is acknowledged within"), 2, 0, 30, _DAYS),
    ("answer_yellow", gettext_noop("A yellow warning is acknowledged within"), 1, 0, 30, _DAYS),
    ("answer_orange", gettext_noop("An orange warning is acknowledged within"), 1, 0, 30, _DAYS),
    ("answer_red", gettext_noop("A red warning is acknowledged within (0: the same day)"), 0, 0, 30, _DAYS),
    ("report", gettext_noop("Measures against a warning are reported within"), 3, 0, 60, _DAYS),
    ("lasts", gettext_noop("A proposed warning is in force for"), 7, 1, 90, _DAYS),
    ("kept_days", gettext_noop("Days for which the warning index of each day is kept"), 1096, 120, 36600, _DAYS),
    (
        "propose_region",
        gettext_noop("Warnings of regions are proposed from level (1 blue, 4 red, 5 never)"),
        2,
        1,
        5,
        "",
    ),
    ("propose_unit", gettext_noop("Warnings of units are proposed from level (1 blue, 4 red, 5 never)"), 3, 1, 5, ""),
)
for _code, _label, _default, _least, _most, _unit in _FIGURES:
    declare(PREFIX + _code, _label, _default, least=_least, most=_most, unit=_unit)
CODES = tuple(PREFIX + code for code, *_rest in _FIGURES)
_OTHERS = ("answer_", "report", "lasts", "kept_", "propose_")
OF_INDEX = tuple(code for code, *_rest in _FIGURES if not code.startswith(_OTHERS))
"""The figures an index rests on, kept with it."""
