"""Settings, alarms and calls, for somebody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.scope import system_read, within
from anlan.modules.alarms.models import Alarm, AlarmCall, AlarmSetting
from anlan.modules.alarms.workflow import LOUD, OPEN, SET
from anlan.modules.monitoring.public import tag_rows


def settings(actor: Actor, permission: str | None = None) -> QuerySet[AlarmSetting]:
    """The alarm settings the actor may see, ended ones included."""
    rows = AlarmSetting.objects.visible_to(actor, permission)
    return rows.select_related("tag", "tag__unit", "tag__site", "out_by")


def settings_kept(actor: Actor) -> QuerySet[AlarmSetting]:
    """The settings in force that the actor may change."""
    return settings(actor, SET).filter(retired_at=None)


def alarms(actor: Actor, permission: str | None = None) -> QuerySet[Alarm]:
    """The alarms the actor may see."""
    rows = Alarm.objects.visible_to(actor, permission)
    return rows.select_related("tag", "unit", "site", "setting", "acknowledger", "shelved_by")


def open_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Those that are not closed and not out of service."""
    return alarms(actor).filter(state__in=OPEN)


def live_of_site(actor: Actor, site_id: int) -> QuerySet[Alarm]:
    """The open alarms of a site, the most urgent first."""
    return open_alarms(actor).filter(site=site_id).order_by("priority", "-raised_at")


def live_of_holder(actor: Actor, holder: str) -> QuerySet[Alarm]:
    """The open alarms of a unit, the most urgent first."""
    return open_alarms(actor).filter(holder=holder).order_by("priority", "-raised_at")


@system_read("a site, or a unit, goes with all its limits")
def settings_of_sites(sites: Collection[int]) -> list[tuple[int, int]]:
    """The keys of the settings of some sites' tags, each with the tag's site."""
    rows = AlarmSetting.objects.everything(why="a site goes with all its limits").filter(tag__site_id__in=sites)
    return list(rows.order_by("pk").values_list("pk", "tag__site_id"))


@system_read("a site, or a unit, goes with all its limits")
def settings_of_holder(holder: str) -> list[tuple[int, int]]:
    """The keys of the settings held under a reference, each with the tag's site."""
    rows = AlarmSetting.objects.everything(why="a unit goes with all its limits").filter(holder=holder)
    return list(rows.order_by("pk").values_list("pk", "tag__site_id"))


def calls(actor: Actor) -> QuerySet[AlarmCall]:
    """The calls about alarms the actor may see."""
    return AlarmCall.objects.visible_to(actor).select_related("by", "alarm__tag")


def standing_by_site(actor: Actor, path: str = "") -> list[tuple[Any, ...]]:
    """The open alarms within reach (of a region): site, path, holder, priority; how many, loud ones, returned ones."""
    return _by_site(Alarm.objects.visible_to(actor).filter(within("region_path", path)))


@system_read("counts by place and unit, for an index that each reader sees within reach")
def standing_everywhere() -> list[tuple[Any, ...]]:
    """The same of every site."""
    return _by_site(Alarm.objects.everything(why="counts by place and unit"))


def _by_site(rows: QuerySet[Alarm]) -> list[tuple[Any, ...]]:
    told = rows.filter(state__in=OPEN).order_by("site_id", "priority")
    grouped = told.values_list("site_id", "region_path", "holder", "priority")
    return list(grouped.annotate(
        n=Count("pk"), loud=Count("pk", filter=Q(state__in=LOUD)), back=Count("pk", filter=Q(state="returned"))
    ))  # fmt: skip


def settable_tags(actor: Actor) -> QuerySet[Any]:
    """The tags in use to which the actor may give limits."""
    return tag_rows(actor, SET)
