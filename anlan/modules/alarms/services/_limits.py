"""Whether a limit makes sense for its tag, and for the other limits of it."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from anlan.kernel.acts import Work
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.modules.alarms.choices import SECONDS_KINDS, LimitKind, Priority
from anlan.modules.alarms.models import AlarmSetting, figure
from anlan.modules.alarms.workflow import SET

LONGEST_DELAY, LONGEST_SPAN = 24 * 3600, 30 * 24 * 3600
OUTSIDE = gettext_noop("The instrument reads from %(low)s to %(high)s. Give a limit within its range.")
POSITIVE = gettext_noop("Give a number above zero.")
NO_NUMBER = gettext_noop("Give a number.")
CROSSED = gettext_noop("%(other)s stands at %(limit)s. The limits of a tag follow one another: correct one of them.")
TWICE = gettext_noop("This tag has such a limit already. Change that one.")
STATE = gettext_noop("The state that alarms is a whole number, such as 0 or 1.")
DELAY = gettext_noop("A delay lasts from 0 seconds to 24 hours.")
SPAN = gettext_noop("Give a time between 1 second and 30 days.")
BAND = gettext_noop("The dead-band is smaller than the range of the instrument, and not below zero.")
UNKNOWN = gettext_noop("Choose one of the list.")
REGULATOR = gettext_noop("The unit must handle these alarms: only the authority changes this setting.")
REASON = gettext_noop("Say why.")
ORDER = (LimitKind.LOW_LOW, LimitKind.LOW, LimitKind.HIGH, LimitKind.HIGH_HIGH)


def check(setting: AlarmSetting) -> None:
    """Refuse a setting that contradicts its tag, itself, or the tag's other settings."""
    if setting.kind not in LimitKind.values:
        raise BadInput("kind", UNKNOWN)
    if setting.priority not in Priority.values:
        raise BadInput("priority", UNKNOWN)
    for column in ("threshold", "dead_band"):
        value = getattr(setting, column)
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise BadInput(column, NO_NUMBER)
    _check_limit(setting)
    for column in ("on_delay_s", "off_delay_s"):
        if not 0 <= getattr(setting, column) <= LONGEST_DELAY:
            raise BadInput(column, DELAY)
    _check_others(setting)


def _check_limit(setting: AlarmSetting) -> None:
    tag, limit = setting.tag, setting.threshold
    low, high = tag.low_range, tag.high_range
    if setting.kind in SECONDS_KINDS:
        if not 1 <= limit <= LONGEST_SPAN:
            raise BadInput("threshold", SPAN)
    elif setting.kind == LimitKind.RATE:
        if limit <= 0:
            raise BadInput("threshold", POSITIVE)
    elif setting.kind == LimitKind.DIGITAL:
        if limit != int(limit) or not 0 <= limit <= 1000:
            raise BadInput("threshold", STATE)
    elif (low is not None and limit < low) or (high is not None and limit > high):
        raise BadInput("threshold", OUTSIDE, low=figure(low), high=figure(high, tag.unit_of_measure))
    width = high - low if high is not None and low is not None else math.inf
    if setting.dead_band < 0 or setting.dead_band >= width:
        raise BadInput("dead_band", BAND)


def _check_others(setting: AlarmSetting) -> None:
    rows = AlarmSetting.objects.everything(why="the other limits of the tag in hand").filter(
        tag=setting.tag_id, retired_at=None
    )
    others = list(rows.exclude(pk=setting.pk).select_related("tag"))
    for other in others:
        if other.kind == setting.kind and (setting.kind != LimitKind.DIGITAL or other.threshold == setting.threshold):
            raise BadInput("kind", TWICE)
        if setting.kind in ORDER and other.kind in ORDER:
            below = ORDER.index(LimitKind(setting.kind)) < ORDER.index(LimitKind(other.kind))
            if (setting.threshold >= other.threshold) if below else (setting.threshold <= other.threshold):
                raise BadInput("threshold", CROSSED, other=other.get_kind_display(), limit=other.limit)


def need_authority(work: Work, setting: AlarmSetting) -> None:
    """Refuse the unit's own people where the unit is bound to handle the alarm."""
    if not work.actor.may_at(SET, setting.region_path, setting.sector):
        raise BadInput("statutory", REGULATOR)


def need_reason(reason: str) -> str:
    """A reason, stripped; ``BadInput`` without."""
    said = reason.strip()[:200]
    if not said:
        raise BadInput("reason", REASON)
    return said


def need_until(until: Any, now: dt.datetime, hours: int) -> dt.datetime:
    """A moment ahead, within so many hours; ``BadInput`` otherwise."""
    if not isinstance(until, dt.datetime) or until.tzinfo is None:
        raise BadInput("until", gettext_noop("Give the moment with its time zone: 2026-12-01T17:30:00+08:00."))
    if not now < until <= now + dt.timedelta(hours=hours):
        raise BadInput("until", gettext_noop("Choose a moment ahead, at most %(hours)s hours from now."), hours=hours)
    return until
