"""Words of alarms, and the figures a region may set for itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from anlan.kernel.codes.services import declare
from anlan.kernel.errors import gettext_noop


class LimitKind(models.TextChoices):
    """What a setting watches for; the codes are the engine's."""

    HIGH = "high", pgettext_lazy("alarm", "High")
    HIGH_HIGH = "high_high", pgettext_lazy("alarm", "High-high")
    LOW = "low", pgettext_lazy("alarm", "Low")
    LOW_LOW = "low_low", pgettext_lazy("alarm", "Low-low")
    RATE = "rate", pgettext_lazy("alarm", "Rate of change")
    NO_DATA = "no_data", pgettext_lazy("alarm", "No data")
    STUCK = "stuck", pgettext_lazy("alarm", "Stuck value")
    DIGITAL = "digital", pgettext_lazy("alarm", "State")


class Priority(models.IntegerChoices):
    """How urgent: the lower the number the sooner somebody must act."""

    CRITICAL = 1, pgettext_lazy("priority", "Critical")
    HIGH = 2, pgettext_lazy("priority", "High")
    MEDIUM = 3, pgettext_lazy("priority", "Medium")
    LOW = 4, pgettext_lazy("priority", "Low")


class CallOutcome(models.TextChoices):
    """What became of a call."""

    ANSWERED = "answered", pgettext_lazy("call", "Answered")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "No answer")
    BUSY = "busy", pgettext_lazy("call", "Line busy")
    WRONG = "wrong", pgettext_lazy("call", "Wrong number")


PRIORITIES = [(str(value), label) for value, label in Priority.choices]
"""For forms and filters, which speak in text."""
PRIORITY_TONES = {1: "red", 2: "orange", 3: "yellow", 4: "grey"}
CALL_TONES = {"answered": "green", "no_answer": "orange", "busy": "yellow", "wrong": "red"}
KIND_LABELS = {
    "high": gettext_noop("is high"), "high_high": gettext_noop("is very high"), "low": gettext_noop("is low"),
    "low_low": gettext_noop("is very low"), "rate": gettext_noop("changes too fast"),
    "no_data": gettext_noop("sends nothing"), "stuck": gettext_noop("does not move"),
    "digital": gettext_noop("is in its alarm state"),
}  # fmt: skip
"""What a tag does when a setting of this kind is raised, for sentences."""
KIND_NAMES = {
    "high": gettext_noop("high limit"), "high_high": gettext_noop("high-high limit"), "low": gettext_noop("low limit"),
    "low_low": gettext_noop("low-low limit"), "rate": gettext_noop("limit of the rate of change"),
    "no_data": gettext_noop("time without data"), "stuck": gettext_noop("time without change"),
    "digital": gettext_noop("alarm state"),
}  # fmt: skip
"""The same as nouns."""
OUTCOME_LABELS = {
    "answered": gettext_noop("answered"), "no_answer": gettext_noop("no answer"), "busy": gettext_noop("line busy"),
    "wrong": gettext_noop("wrong number"),
}  # fmt: skip
SECONDS_KINDS = (LimitKind.NO_DATA, LimitKind.STUCK)
"""Kinds whose limit is a time in seconds, not a value."""

# 本地规定, every one of them. More than ten alarms in ten minutes as a flood, and three in a minute as chatter, are the
# figures people who run control rooms go by; the texts they stem from are not held, so they count as our own defaults.
ACK_1, ACK_2, ACK_3 = "alarms.ack_1", "alarms.ack_2", "alarms.ack_3"
ACK = {1: ACK_1, 2: ACK_2, 3: ACK_3}
"""The parameter of the time to acknowledge, by priority; the lowest one waits for nobody."""
HANDLE_HOURS, SHELVE_HOURS = "alarms.handle_hours", "alarms.shelve_hours"
FLOOD_COUNT, FLOOD_MINUTES = "alarms.flood_count", "alarms.flood_minutes"
CHATTER_COUNT, STANDING_HOURS = "alarms.chatter_count", "alarms.standing_hours"
_MINUTES, _HOURS, _TIMES = gettext_noop("minutes"), gettext_noop("hours"), gettext_noop("times")
declare(ACK_1, gettext_noop("A critical alarm is acknowledged within"), 5, least=1, most=120, unit=_MINUTES)
declare(ACK_2, gettext_noop("An alarm of high priority is acknowledged within"), 10, least=1, most=240, unit=_MINUTES)
declare(ACK_3, gettext_noop("An alarm of medium priority is acknowledged within"), 30, least=1, most=480, unit=_MINUTES)
declare(
    HANDLE_HOURS, gettext_noop("An alarm that must be handled becomes a hazard after"), 24, least=1, most=720,
    unit=_HOURS,
)  # fmt: skip
declare(SHELVE_HOURS, gettext_noop("An alarm is shelved for at most"), 24, least=1, most=720, unit=_HOURS)
declare(FLOOD_COUNT, gettext_noop("More alarms than this at one desk are a flood"), 10, least=1, most=1000, unit=_TIMES)
declare(FLOOD_MINUTES, gettext_noop("A flood is counted over"), 10, least=1, most=120, unit=_MINUTES)
declare(
    CHATTER_COUNT, gettext_noop("A setting raised this often within a minute chatters"), 3, least=2, most=60,
    unit=_TIMES,
)  # fmt: skip
declare(STANDING_HOURS, gettext_noop("An alarm that lasts longer than this is standing"), 24, least=1, most=720,
        unit=_HOURS)  # fmt: skip
