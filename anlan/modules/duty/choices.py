"""Words of the roster, and the figures a region may set for itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop


class ShiftKind(models.TextChoices):
    """By day or by night."""

    DAY = "day", _("Day shift")
    NIGHT = "night", _("Night shift")


class GapEnd(models.TextChoices):
    """How a gap came to its end."""

    OPEN = "", pgettext_lazy("gap", "Open")
    FILLED = "filled", pgettext_lazy("gap", "Filled")
    PASSED = "passed", pgettext_lazy("gap", "Passed unfilled")
    CLOSED = "closed", pgettext_lazy("gap", "Duty room closed")
    JOINED = "joined", pgettext_lazy("gap", "Joined with another")


GAP_TONES = {"": "red", "filled": "green", "passed": "orange", "closed": "grey", "joined": "grey"}

# 本地规定, every one of them: the hours of the office, the templates of shifts, how far ahead is looked for gaps.
_OF_DAY = gettext_noop("minutes after midnight")
_LAST = 24 * 60 - 1
WORK_FROM, WORK_TO = "duty.work_from", "duty.work_to"
NOON_FROM, NOON_TO = "duty.noon_from", "duty.noon_to"
DAY_FROM, NIGHT_FROM = "duty.day_from", "duty.night_from"
WATCH_HOURS = "duty.watch_hours"
HOURS = (WORK_FROM, NOON_FROM, NOON_TO, WORK_TO)
declare(WORK_FROM, gettext_noop("Working hours begin in the morning"), 510, least=0, most=_LAST, unit=_OF_DAY)
declare(NOON_FROM, gettext_noop("Working hours end before noon"), 720, least=0, most=_LAST, unit=_OF_DAY)
declare(NOON_TO, gettext_noop("Working hours begin after noon"), 870, least=0, most=_LAST, unit=_OF_DAY)
declare(WORK_TO, gettext_noop("Working hours end in the evening"), 1050, least=0, most=_LAST, unit=_OF_DAY)
declare(DAY_FROM, gettext_noop("The day shift begins"), 510, least=0, most=_LAST, unit=_OF_DAY)
declare(NIGHT_FROM, gettext_noop("The night shift begins"), 1050, least=0, most=_LAST, unit=_OF_DAY)
declare(
    WATCH_HOURS, gettext_noop("How far ahead the roster is watched for gaps"), 72, least=24, most=240,
    unit=gettext_noop("hours"),
)  # fmt: skip
