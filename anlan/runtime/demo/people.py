"""The people of the demo city: an account for every post, and two for every unit."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from anlan.kernel.identity.models import Grant, GrantKind, Post, User
from anlan.runtime.demo.world import World

PASSWORD = "Anlan-2026"
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉玲波斌宇浩凯健俊帆雪琳"


def person_name(dice: random.Random) -> str:
    """An invented name of two or three characters."""
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2))))


def build(world: World) -> None:
    """Accounts, posts and grants of everybody in office."""
    dice = world.dice("people")
    since = world.begins - dt.timedelta(days=400)
    city = world.regions["city"]
    _post(world, dice, "admin", "administrator", city, "市应急管理局", "系统管理员", since)
    _post(world, dice, "auditor", "auditor", city, "市审计组", "审计员", since)
    _post(world, dice, "city-leader", "leader", city, "市人民政府", "分管副市长", since)
    for n in (1, 2, 3):
        _post(
            world,
            dice,
            f"city-{n}",
            "city_officer",
            city,
            "市应急管理局",
            ("综合科科长", "工贸科科长", "执法支队队长")[n - 1],
            since,
        )
    for sector, office in (("chem", "危化科"), ("fire", "消防科"), ("construction", "建设科")):
        _post(
            world, dice, f"city-{sector}", "city_officer", city, "市行业主管部门", f"{office}科长", since, sector=sector
        )
    for n in range(1, 4):
        _post(world, dice, f"expert-{n}", "expert", city, "市安全生产专家组", "专家", since, suffix=str(n))
    for c, county in enumerate((r for k, r in world.regions.items() if k != "city"), 1):
        _post(world, dice, f"county{c}-leader", "leader", county, f"{county.name}人民政府", "分管负责人", since)
        for n in (1, 2):
            _post(
                world,
                dice,
                f"county{c}-{n}",
                "county_officer",
                county,
                f"{county.name}应急管理局",
                ("综合股股长", "执法大队大队长")[n - 1],
                since,
            )
    for t, town in enumerate(world.towns, 1):
        office = f"{town.name}应急管理办公室"
        _post(world, dice, f"town{t}-leader", "leader", town, town.name, "分管负责人", since)
        _post(world, dice, f"town{t}-1", "town_officer", town, office, "主任", since)
        _post(world, dice, f"town{t}-2", "town_officer", town, office, "副主任", since)
        _post(world, dice, f"town{t}-3", "inspector", town, office, "检查员", since)
        village = world.villages[town.path][0]
        _post(world, dice, f"grid{t}-1", "grid_worker", village, f"{village.name}网格", "网格员", since)
    world.report(f"people in office: {User.objects.count()}")


def build_for_units(world: World, units: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Any, Any]]:
    """Two accounts for each (number, holder): its principal and its safety manager; yields (number, both).

    Written in batches; all share one password hash, which costs the demo city seconds instead of an hour.
    """
    dice = world.dice("unit people")
    since = world.begins - dt.timedelta(days=400)
    hashed = make_password(PASSWORD)
    batch: list[tuple[int, str]] = []

    def flush() -> Iterator[tuple[int, Any, Any]]:
        users = []
        for number, _ in batch:
            for code, title in (("p", "主要负责人"), ("s", "安全管理员")):
                users.append(
                    User(username=f"unit{number}-{code}", name=person_name(dice), title=title, password=hashed)
                )
        User.objects.bulk_create(users)
        Grant.objects.bulk_create(
            [
                Grant(
                    user=user,
                    kind=GrantKind.UNIT,
                    holder=batch[i // 2][1],
                    valid_from=since,
                    granted_by="system",
                    role="unit_principal" if i % 2 == 0 else "unit_safety",
                )
                for i, user in enumerate(users)
            ]
        )
        for i, (number, _) in enumerate(batch):
            yield number, users[2 * i], users[2 * i + 1]
        batch.clear()

    for unit in units:
        batch.append(unit)
        if len(batch) >= 1000:
            yield from flush()
    if batch:
        yield from flush()


def shown_sign_ins() -> list[tuple[str, str, str]]:
    """One sign-in per role that has an account of the demo city."""
    shown = (
        ("administrator", "admin"),
        ("leader", "city-leader"),
        ("city_officer", "city-1"),
        ("county_officer", "county1-1"),
        ("town_officer", "town1-1"),
        ("inspector", "town1-3"),
        ("grid_worker", "grid1-1"),
        ("expert", "expert-1"),
        ("auditor", "auditor"),
        ("unit_principal", "unit1-p"),
        ("unit_safety", "unit1-s"),
        ("unit_workshop", "unit1-w"),
        ("unit_worker", "unit1-g"),
    )
    there = set(User.objects.filter(username__in=[name for _, name in shown]).values_list("username", flat=True))
    return [(settings.ANLAN_ROLES[role].label, name, PASSWORD) for role, name in shown if name in there]


def _post(
    world: World,
    dice: random.Random,
    username: str,
    role: str,
    region: Any,
    office: str,
    title: str,
    since: dt.date,
    *,
    sector: str = "",
    suffix: str = "",
) -> None:
    user = User.objects.create(username=username, name=person_name(dice), title=title, password=_hashed(), email="")
    post = Post.objects.create(region=region, office=office, title=title + suffix, role=role, sector=sector)
    Grant.objects.create(
        user=user, post=post, role=role, region=region, sector=sector, valid_from=since, granted_by="system"
    )
    world.users[username] = user


_cache: list[str] = []


def _hashed() -> str:
    if not _cache:
        _cache.append(make_password(PASSWORD))
    return _cache[0]
