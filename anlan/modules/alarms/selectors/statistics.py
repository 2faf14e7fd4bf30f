"""How the alarms themselves behave: standing, chattering, most frequent. By the manner of ISA-18.2."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import parameter
from anlan.kernel.counting import counted
from anlan.kernel.scope import within
from anlan.modules.alarms.choices import CHATTER_COUNT, STANDING_HOURS
from anlan.modules.alarms.models import Alarm, AlarmSetting, AlarmTransition
from anlan.modules.alarms.selectors.desk import office_of
from anlan.modules.alarms.selectors.records import alarms, settings
from anlan.modules.alarms.workflow import ACTIVE

SHOWN = 10
_READ = 20_000  # transitions read for chatter; a desk with more in a week has other troubles


@dataclass(frozen=True)
class Counted:
    """A setting and how often, of ``share`` (0 to 1) of all."""

    setting: AlarmSetting
    times: int
    share: float


@dataclass(frozen=True)
class Statistics:
    """Of the last days: raised in all, an hour on average, the busiest hour; and the lists."""

    days: int
    raised: int
    an_hour: float
    most_in_an_hour: int
    acknowledged_late: int
    standing: list[Alarm]
    standing_hours: int
    frequent: list[Counted]
    chattering: list[Counted]
    chatter_count: int


def statistics(actor: Actor, path: str = "", days: int = 7) -> Statistics:
    """How alarms behaved within reach (of a region) over the last days."""
    now, place = clock.now(), path or office_of(actor)
    since = now - dt.timedelta(days=days)
    rows = AlarmTransition.objects.visible_to(actor).filter(within("region_path", path), raised=True, at__gt=since)
    raised = counted(rows)
    by_setting = list(rows.values("setting").annotate(times=Count("pk")).order_by("-times", "setting")[:SHOWN])
    chatter_count, standing_hours = parameter(CHATTER_COUNT, place), parameter(STANDING_HOURS, place)
    moments = list(rows.order_by("setting", "at").values_list("setting", "at")[:_READ])
    chatter = _chatter(moments, chatter_count)
    worst = sorted(chatter.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    named = {s.pk: s for s in settings(actor).filter(pk__in={r["setting"] for r in by_setting} | {k for k, _ in worst})}
    old = alarms(actor).filter(
        within("region_path", path), state__in=ACTIVE, raised_at__lt=now - dt.timedelta(hours=standing_hours)
    )
    escalated = alarms(actor).filter(within("region_path", path), raised_at__gt=since, escalations__gt=0)
    return Statistics(
        days=days, raised=raised, an_hour=round(raised / (days * 24), 2), most_in_an_hour=_busiest(moments),
        acknowledged_late=counted(escalated), standing=list(old.order_by("raised_at")[:SHOWN]),
        standing_hours=standing_hours, chatter_count=chatter_count,
        frequent=[Counted(named[r["setting"]], r["times"], r["times"] / raised) for r in by_setting
                  if r["setting"] in named],
        chattering=[Counted(named[key], times, times / raised) for key, times in worst if key in named],
    )  # fmt: skip


def _chatter(moments: list[tuple[int, dt.datetime]], count: int) -> dict[int, int]:
    """Of settings raised ``count`` times within a minute: in how many such minutes."""
    found: dict[int, int] = {}
    at = 0
    while at + count <= len(moments):
        setting, first = moments[at]
        last_setting, last = moments[at + count - 1]
        if setting == last_setting and last - first <= dt.timedelta(minutes=1):
            found[setting] = found.get(setting, 0) + 1
            at += count
        else:
            at += 1
    return found


def _busiest(moments: list[tuple[int, dt.datetime]]) -> int:
    """The most raised in one clock hour."""
    hours: dict[Any, int] = {}
    for _setting, at in moments:
        hour = at.replace(minute=0, second=0, microsecond=0)
        hours[hour] = hours.get(hour, 0) + 1
    return max(hours.values(), default=0)
