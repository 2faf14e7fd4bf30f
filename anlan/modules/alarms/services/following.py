"""Limits and alarms go with the site of their tag."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from anlan.kernel.acts import Work, act
from anlan.kernel.scope import follow_subject
from anlan.modules.alarms.events import AlarmsCarried
from anlan.modules.alarms.models import Alarm, AlarmCall, AlarmSetting, AlarmTransition
from anlan.modules.registry.public import site_view

WHY = "one setting in hand, with all its alarms"


@act(may="registry.merge", on=AlarmSetting)
def carry_setting(work: Work, setting: AlarmSetting, *, site: int, why: str) -> None:
    """Give a setting, its alarms, their transitions and calls the place, line and holder the site has now."""
    view = site_view(work.actor, site)
    scope = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    alarms = Alarm.objects.everything(why=WHY).filter(setting=setting)
    if all(getattr(setting, k) == v for k, v in scope.items()) and not alarms.exclude(site=view.id).exists():
        return
    for name, value in scope.items():
        setattr(setting, name, value)
    setting.save(update_fields=list(scope))
    alarms.update(**scope, site=view.id, unit=view.unit_id)
    rows: tuple[QuerySet[Any], ...] = (
        AlarmTransition.objects.everything(why=WHY).filter(setting=setting),
        AlarmCall.objects.everything(why=WHY).filter(alarm__setting=setting),
    )
    for some in rows:
        some.update(**scope)
    for alarm in alarms.exclude(state="closed"):
        follow_subject(alarm)
    work.record(AlarmsCarried(site=view.name, why=why), on=setting)
