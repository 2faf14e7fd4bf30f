"""Limits of tags: made, changed, taken out of service and put back, ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel.acts import UNCHANGED, Work, act, created
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.workflow import take
from anlan.modules.alarms.choices import KIND_NAMES, Priority
from anlan.modules.alarms.events import (
    AlarmDropped,
    SettingChanged,
    SettingMade,
    SettingPutBack,
    SettingRetired,
    SettingTakenOut,
)
from anlan.modules.alarms.models import Alarm, AlarmSetting, figure
from anlan.modules.alarms.rows import schedule_of
from anlan.modules.alarms.services._desks import said_at, wake
from anlan.modules.alarms.services._limits import check, need_authority, need_reason, need_until
from anlan.modules.alarms.services.taking_in import HANDLE
from anlan.modules.alarms.workflow import OPEN, SET, WATCH
from anlan.modules.monitoring.public import tag_rows
from anlan.modules.registry.public import unit_rows

LONGEST_OUT = 30 * 24  # hours; 本地规定: what is out of service longer is ended, or made anew
MOST_AT_ONCE = 2_000
CHANGED = ("threshold", "dead_band", "on_delay_s", "off_delay_s", "priority", "schedule", "statutory")


@act(may=SET)
def make_setting(
    work: Work, *, tag: int, kind: str, threshold: float, dead_band: float = 0, on_delay_s: int = 0,
    off_delay_s: int = 0, priority: int = Priority.MEDIUM, hours: str = "", statutory: bool = False,
) -> AlarmSetting:  # fmt: skip
    """Give a tag a limit. ``hours`` as in ``rows.schedule_of``, "" for always; ``statutory`` by the authority alone."""
    found = tag_rows(work.actor, SET).filter(pk=tag).select_related("unit", "site").first()
    if found is None:
        raise NotFound
    setting = AlarmSetting(
        region_path=found.region_path, sector=found.sector, holder=found.holder, tag=found, kind=kind,
        threshold=threshold, dead_band=dead_band, on_delay_s=on_delay_s, off_delay_s=off_delay_s, priority=priority,
        schedule=schedule_of(hours), statutory=statutory,
    )  # fmt: skip
    if statutory:
        need_authority(work, setting)
    check(setting)
    created(setting)
    work.record(SettingMade(kind=KIND_NAMES[kind], limit=setting.limit), on=setting)
    return setting


@act(may=SET)
def make_settings(
    work: Work, *, quantity: str, kind: str, threshold: float, of_range: bool = False, unit: int | None = None,
    dead_band: float = 0, on_delay_s: int = 0, off_delay_s: int = 0, priority: int = Priority.MEDIUM,
) -> int:  # fmt: skip
    """The same limit for every tag of a quantity (of one unit) that has none of this kind yet; answers how many.

    ``of_range``: ``threshold`` and ``dead_band`` are per cent of each instrument's own range, and tags without a range
    are passed over.
    """
    if unit is not None and not unit_rows(work.actor).filter(pk=unit).exists():
        raise NotFound
    rows = tag_rows(work.actor, SET).filter(quantity=quantity).select_related("unit", "site")
    rows = rows.filter(unit=unit) if unit is not None else rows
    tags = list(rows[: MOST_AT_ONCE + 1])
    if len(tags) > MOST_AT_ONCE:
        raise BadInput("unit", gettext_noop("More than %(most)s tags. Choose one unit."), most=MOST_AT_ONCE)
    having = AlarmSetting.objects.everything(why="tags of the actor's own reach").filter(
        tag__in=tags, kind=kind, retired_at=None
    )
    had, made = set(having.values_list("tag_id", flat=True)), 0
    for tag in tags:
        low, width = 0.0, 100.0
        if of_range and tag.low_range is not None and tag.high_range is not None:
            low, width = tag.low_range, tag.high_range - tag.low_range
        if tag.pk in had or (of_range and None in (tag.low_range, tag.high_range)):
            continue
        make_setting(
            actor=work.actor, tag=tag.pk, kind=kind, threshold=round(low + width * threshold / 100, 6),
            dead_band=round(width * dead_band / 100, 6), on_delay_s=on_delay_s, off_delay_s=off_delay_s,
            priority=priority,
        )  # fmt: skip
        made += 1
    return made


@act(may=SET, on=AlarmSetting)
def change_setting(
    work: Work, setting: AlarmSetting, *, reason: str = "", threshold: float = UNCHANGED, dead_band: float = UNCHANGED,
    on_delay_s: int = UNCHANGED, off_delay_s: int = UNCHANGED, priority: int = UNCHANGED, hours: str = UNCHANGED,
    statutory: bool = UNCHANGED,
) -> None:  # fmt: skip
    """Change a limit, for a reason. An alarm that stands is judged by the new limit at the next reading.

    The same again changes nothing.
    """
    _in_force(setting)
    given: dict[str, Any] = {
        "threshold": threshold, "dead_band": dead_band, "on_delay_s": on_delay_s, "off_delay_s": off_delay_s,
        "priority": priority, "statutory": statutory,
        "schedule": UNCHANGED if hours is UNCHANGED else schedule_of(hours),
    }  # fmt: skip
    wanted = {k: v for k, v in given.items() if v is not UNCHANGED and v != getattr(setting, k)}
    if not wanted:
        return
    if setting.statutory or wanted.get("statutory"):
        need_authority(work, setting)
    why = need_reason(reason)
    said = []
    for column, value in wanted.items():
        said.append(f"{column} {_plain(getattr(setting, column))} → {_plain(value)}")
        setattr(setting, column, value)
    check(setting)
    setting.save(update_fields=list(wanted))
    work.record(SettingChanged(what=", ".join(said), reason=why), on=setting)


@act(may=SET, on=AlarmSetting)
def retire_setting(work: Work, setting: AlarmSetting, *, reason: str) -> None:
    """End a limit, for a reason; an alarm of it that is open ends with it. Again: nothing."""
    if setting.retired_at is not None:
        return
    if setting.statutory:
        need_authority(work, setting)
    why = need_reason(reason)
    setting.retired_at, setting.out_until, setting.out_reason, setting.out_by = work.now, None, "", None
    setting.save(update_fields=["retired_at", "out_until", "out_reason", "out_by"])
    work.record(SettingRetired(reason=why), on=setting)
    for alarm in _open_of(setting, *OPEN, "out_of_service"):
        if alarm.state == "out_of_service":
            take(work, alarm, "put_back")
        else:
            take(work, alarm, "drop", note=why)
        _close(work, alarm, why)


@act(may=SET, on=AlarmSetting)
def take_out_of_service(work: Work, setting: AlarmSetting, *, until: dt.datetime, reason: str) -> None:
    """The engine passes the setting over until then, for a reason; its open alarm is out of service with it."""
    _in_force(setting)
    if setting.statutory:
        need_authority(work, setting)
    why, until = need_reason(reason), need_until(until, work.now, LONGEST_OUT)
    if (setting.out_until, setting.out_reason) == (until, why):
        return
    setting.out_until, setting.out_reason, setting.out_by_id = until, why, work.actor.user_id
    setting.save(update_fields=["out_until", "out_reason", "out_by"])
    work.record(SettingTakenOut(until=said_at(until), reason=why), on=setting)
    for alarm in _open_of(setting, *OPEN):
        take(work, alarm, "take_out", note=why, given={"reason": why})
        alarm.escalate_at = None
        alarm.save(update_fields=["state", "escalate_at"])
        work.record(SettingTakenOut(until=said_at(until), reason=why), on=alarm)
        wake([alarm])


@act(may=(SET, WATCH), on=AlarmSetting)
def put_back_in_service(work: Work, setting: AlarmSetting) -> None:
    """The engine judges it again, from nothing: what is over its limit still is raised anew. In service: nothing."""
    if setting.out_until is None:
        return
    setting.out_until, setting.out_reason, setting.out_by = None, "", None
    setting.save(update_fields=["out_until", "out_reason", "out_by"])
    work.record(SettingPutBack(), on=setting)
    for alarm in _open_of(setting, "out_of_service"):
        take(work, alarm, "put_back")
        _close(work, alarm, gettext_noop("its setting is in service again"))


def _close(work: Work, alarm: Alarm, why: str) -> None:
    alarm.closed_at, alarm.escalate_at = work.now, None
    alarm.save(update_fields=["state", "closed_at", "escalate_at"])
    deadlines.cancel(work, alarm, HANDLE)
    work.record(AlarmDropped(why=why), on=alarm)
    wake([alarm])


def _open_of(setting: AlarmSetting, *states: str) -> list[Alarm]:
    rows = Alarm.objects.everything(why="the alarm of the setting in hand").filter(setting=setting, state__in=states)
    return list(rows.select_for_update(of=("self",)).select_related("tag").order_by("pk"))


def _in_force(setting: AlarmSetting) -> None:
    if setting.retired_at is not None:
        raise BadInput("setting", gettext_noop("This setting has ended. Make a new one."))


def _plain(value: Any) -> str:
    return figure(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
