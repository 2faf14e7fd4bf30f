"""What the engine is given."""

from __future__ import annotations

from django.apps import apps

from anlan.kernel.scope import system_read
from anlan.modules.alarms.engine import Setting
from anlan.modules.alarms.models import AlarmSetting

_COLUMNS = ("pk", "tag_id", "kind", "threshold", "on_delay_s", "off_delay_s", "dead_band", "priority", "schedule")


@system_read("the historian judges the readings of every tag")
def engine_settings() -> list[Setting]:
    """Every setting in force, as the engine takes them: not ended, not out of service, of a tag in use."""
    rows = AlarmSetting.objects.everything(why="the engine judges every tag")
    rows = rows.filter(retired_at=None, out_until=None, tag__active=True).order_by("pk")
    known: dict[str, tuple[tuple[int, int], ...]] = {}
    return [
        Setting(pk, tag, kind, threshold, on * 1000, off * 1000, band, priority, _hours(schedule, known))
        for pk, tag, kind, threshold, on, off, band, priority, schedule in rows.values_list(*_COLUMNS).iterator()
    ]


@system_read("a number, no content")
def settings_version() -> int:
    """A number that grows whenever any setting changes: the last line of their row history."""
    history = apps.get_model("alarms.AlarmSettingEvent")
    newest: int | None = history._base_manager.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return newest or 0


def _hours(
    schedule: list[list[int]] | None, known: dict[str, tuple[tuple[int, int], ...]]
) -> tuple[tuple[int, int], ...] | None:
    """The stretches as a tuple; equal ones are one object, there are few of them and many settings."""
    if schedule is None:
        return None
    return known.setdefault(str(schedule), tuple((first, last) for first, last in schedule))
