"""Warnings of the demo city: special periods, the index of the last weeks, warnings at every state.

The past days are reckoned from what stands today and was due by then, so they show a course, no history: hazards closed
since and alarms of the time are missing. Regions only; units have their index of today alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.modules.warning import services
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice
from anlan.modules.warning.tasks import watch
from anlan.runtime.demo.world import World

WHY = "the demo city's own warnings"
SYSTEM = Actor.system("demo city")
DAYS = 30
TEXT = "近期储罐液位、可燃气体报警增多，部分隐患逾期未改。请组织核查重大危险源企业，督促隐患整改，加强夜间值守。"
MEASURES = "已通知辖区重点企业，现场核查三家，责令一家停止装卸作业并整改，其余隐患均已明确整改期限。"


def build(world: World) -> None:
    """Periods, thirty days of indexes, four warnings."""
    city = actor_for(world.users["city-1"])
    first = world.as_of - dt.timedelta(days=DAYS)
    with clock.moved_to(dt.datetime.combine(first, dt.time(8), clock.CHINA)):
        _periods(world, city)
    for ago in range(DAYS, 0, -1):
        with clock.moved_to(dt.datetime.combine(world.as_of - dt.timedelta(days=ago), dt.time(8), clock.CHINA)):
            services.reckon_indexes(actor=SYSTEM, units=False)
    counties = [region for code, region in world.regions.items() if code != "city"]
    _ended(world, counties[0])
    watch()
    _running(world, counties)
    world.report(f"warning: {IndexDay.plain.count()} indexes, {EarlyWarning.plain.count()} warnings")


def _periods(world: World, city: Actor) -> None:
    day = clock.today()
    for name, kind, begins, lasts, factor in (
        ("季节性火灾防控", "season", 0, 150, 110), ("岁末年初安全生产专项行动", "campaign", 10, 60, 120),
    ):  # fmt: skip
        services.set_period(
            actor=city, region=world.regions["city"], name=name, kind=kind, first=day + dt.timedelta(days=begins),
            last=day + dt.timedelta(days=begins + lasts), factor=factor, reason="市安委会办公室通知",
        )  # fmt: skip


def _ended(world: World, county: Any) -> None:
    """A warning of a fortnight ago: two towns in time, one late, withdrawn with its effect."""
    officer = actor_for(world.users["county1-1"])
    began = dt.datetime.combine(world.as_of - dt.timedelta(days=14), dt.time(9), clock.CHINA)
    with clock.moved_to(began):
        warning = services.issue_warning(
            actor=officer, region=county, level="orange", text=TEXT, until=world.as_of - dt.timedelta(days=4)
        )
    _answer(world, warning, began + dt.timedelta(hours=3), most=4)
    with clock.moved_to(began + dt.timedelta(days=6)):
        services.withdraw_warning(actor=officer, warning=warning, reason="报警已处置，逾期隐患整改完成")


def _running(world: World, counties: list[Any]) -> None:
    """What the index proposed for a county is issued this morning and partly acknowledged; one for a unit beside it."""
    began, officer = world.at(8, 52), actor_for(world.users["county1-1"])
    content = {"level": "yellow", "text": TEXT, "until": world.as_of + dt.timedelta(days=5)}
    proposed = EarlyWarning.objects.everything(why=WHY).filter(state="proposed", key=f"r{counties[0].pk}").first()
    with clock.moved_to(began):
        warning: Any
        if proposed is not None:
            warning = services.issue_proposed(actor=officer, warning=proposed, **content)
        else:
            warning = services.issue_warning(actor=officer, region=counties[0], **content)
    _answer(world, warning, world.at(8, 58), most=2)
    rows = IndexDay.objects.everything(why=WHY).filter(about="unit", day=clock.today(), level__gt="")
    worst = rows.filter(region_path__startswith=counties[0].path).order_by("-value", "pk").first()
    if worst is not None:
        with clock.moved_to(began):
            services.issue_warning(
                actor=officer, unit=worst.unit_id, level=worst.level, text=TEXT,
                until=world.as_of + dt.timedelta(days=3),
            )  # fmt: skip


def _answer(world: World, warning: EarlyWarning, at: dt.datetime, *, most: int) -> None:
    """So many towns acknowledge, the first half of them report."""
    notices = list(Notice.objects.everything(why=WHY).filter(warning=warning).order_by("pk")[:most])
    paths = [town.path for town in world.towns]
    with clock.moved_to(at):
        for number, notice in enumerate(notices):
            town = actor_for(world.users[f"town{paths.index(notice.region_path) + 1}-1"])
            if number < len(notices) / 2:
                services.report_measures(actor=town, notice=notice, measures=MEASURES)
            else:
                services.acknowledge_notice(actor=town, notice=notice)
