"""Newcomers of the demo city: enterprises invited to claim their files, at every stage; one authority delegated.

Played through the acts themselves, on their own days, after everything else; a handful of rows whatever the scale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant
from anlan.kernel.identity.sealing import new_reference
from anlan.kernel.identity.secrets import ALPHABET, new_code
from anlan.kernel.identity.services import delegate, recover_password
from anlan.modules.registry import public as registry
from anlan.modules.registry.services import register_unit
from anlan.modules.welcome import services
from anlan.rules.uscc import make_valid
from anlan.runtime.demo.memory import attribute, swapped
from anlan.runtime.demo.people import PASSWORD, person_name
from anlan.runtime.demo.world import World

NAMES = (
    "澜州新辉五金加工店", "澜州宏叶木器厂", "澜州万和塑料制品厂", "澜州锦程汽车维修店",
    "澜州同盛机械加工厂", "澜州丰味食品加工坊", "澜州华彩印刷厂", "澜州远航仓储服务部",
)  # fmt: skip
FIRST, SECOND = 40, 9  # days ago: the first round's time is over, the second's runs


def build(world: World) -> None:
    """Eight newcomers of the first town: claimed, waiting, revoked, run out; a workshop and a worker of the first
    unit; a leader on a journey."""
    dice, references = world.dice("arrivals"), world.dice("arrival references")
    officer = actor_for(world.users["town1-1"])
    principals = [person_name(dice) for _ in NAMES]
    village = world.villages[world.towns[0].path][0]

    def reference() -> str:
        return f"{references.getrandbits(128):032x}"

    def code() -> str:
        return "-".join("".join(dice.choice(ALPHABET) for _ in range(4)) for _ in range(3))

    with swapped(new_reference, reference), swapped(new_code, code):
        with _on(world, FIRST + 5):
            units = [
                register_unit(
                    actor=officer, region=village,
                    data={
                        "name": name, "uscc": make_valid("91990001", 900_001 + n), "sector": "industry_trade",
                        "principal": principals[n], "principal_phone": f"1380000{n:04d}",
                    },
                )
                for n, name in enumerate(NAMES)
            ]  # fmt: skip
        with _on(world, FIRST):
            first = services.invite_units(actor=officer, units=[u.pk for u in units[:3]])
        _claim(world, FIRST - 4, units[0], first.slips[0], principals[0], "arrival1-p", 0)
        with _on(world, SECOND):
            wrong = make_valid("91990001", 999_999)
            second = services.invite_units(actor=officer, numbers=[*(u.uscc for u in units[3:]), wrong])
        _claim(world, SECOND - 2, units[3], second.slips[0], principals[3], "arrival2-p", 3)
        with _on(world, SECOND - 3):
            services.revoke_invitation(actor=officer, invitation=second.slips[4].invitation, reason="该企业已迁出本镇")
        _claim(world, 2, units[4], second.slips[1], principals[4], "arrival3-p", 4)
        _below_the_first_unit(world)
    leader, deputy = world.users["county1-leader"], world.users["county1-2"]
    with _on(world, 3):
        delegate(
            actor=actor_for(leader), authority=Grant.objects.get(user=leader, origin=None), user=deputy,
            valid_to=world.as_of + dt.timedelta(days=11), basis="区政府办委托书（演示）第6号",
            reason="外出学习期间代行职责",
        )  # fmt: skip
    world.report(f"newcomers: {len(units)}, three of them in")


def _below_the_first_unit(world: World) -> None:
    """Accounts for a workshop and a worker, opened by the unit's principal; both have set their passwords."""
    principal = Grant.objects.select_related("user").get(user__username="unit1-p")
    unit = registry.unit_of_holder(principal.holder)
    if unit is None:
        raise LookupError(principal.holder)
    with _on(world, SECOND):
        for username, role, title in (("unit1-w", "unit_workshop", "一车间"), ("unit1-g", "unit_worker", "")):
            opened = services.open_unit_account(
                actor=actor_for(principal.user), unit=unit.id, name=person_name(world.dice(username)),
                username=username, role=role, title=title,
            )  # fmt: skip
            recover_password(actor=Actor.nobody(), username=username, code=opened.code, password=PASSWORD)


def _claim(world: World, ago: int, unit: Any, slip: Any, name: str, username: str, n: int) -> None:
    with _on(world, ago):
        services.claim_unit(
            actor=Actor.nobody(), code=slip.code, number=unit.uscc, name=name, phone=f"1380000{n:04d}",
            username=username, password=PASSWORD,
        )  # fmt: skip


@contextmanager
def _on(world: World, ago: int) -> Iterator[None]:
    """So many days before the city's present; Django stamps new rows with the same clock."""
    with clock.moved_to(world.as_of - dt.timedelta(days=ago)), attribute(timezone, "now", clock.now):
        yield
