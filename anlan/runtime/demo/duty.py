"""Duty in the demo city: a month of shifts of the first county and the first town, with one gap and one swap.

Played through the acts themselves, from the day before the city's day on, after everything else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.modules.duty import services
from anlan.modules.duty.models import DutyRoom, Shift
from anlan.runtime.demo.world import World

PLAYED, PLANNED = 1, 29  # days before and after the city's day
NOTES = (
    "当班期间来电两起，均已转办；无突发事件。",
    "接天气预警一起，已通知各镇街；设备运转正常。",
    "巡查值守正常，无未了事项。",
)
WHY = "the demo city's own roster"


def build(world: World) -> None:
    """Two rooms, a month planned, the first days stood, one swap under way, one gap ahead."""
    begins = dt.datetime.combine(world.as_of - dt.timedelta(days=PLAYED), dt.time(8, 30), clock.CHINA)
    county = next(region for key, region in world.regions.items() if key != "city")
    offices = (
        (county, "0753-2210110", "county1-1", ("county1-1", "county1-2"), "county1-leader"),
        (world.towns[0], "0753-6620110", "town1-1", ("town1-1", "town1-2", "town1-3"), "town1-leader"),
    )
    rooms = []
    for region, phone, keeper, officers, leader in offices:
        with clock.moved_to(begins):
            room = services.open_room(actor=_actor(world, keeper), region=region, phone=phone)
            for month in _months(world):
                services.plan_month(
                    actor=_actor(world, keeper), room=room, month=month,
                    officers=[world.users[name].pk for name in officers], leaders=[world.users[leader].pk],
                )  # fmt: skip
        _stand(world, room)
        rooms.append(room)
    with clock.moved_to(_morning(world)):
        _swap_and_gap(world, rooms[1])
    world.report(f"shifts: {Shift.plain.count()} in two duty rooms")


def _stand(world: World, room: DutyRoom) -> None:
    """The shifts before the city's morning are taken up, written and signed by whoever comes on."""
    rows = Shift.objects.everything(why=WHY).filter(room=room, begins_at__lte=_morning(world))
    shifts = list(rows.select_related("officer").order_by("begins_at"))
    for number, shift in enumerate(shifts):
        officer = actor_for(shift.officer)
        with clock.moved_to(shift.begins_at):
            services.take_up_duty(actor=officer, shift=shift.pk)
        if number + 1 < len(shifts):
            with clock.moved_to(shift.ends_at - dt.timedelta(minutes=10)):
                services.write_note(actor=officer, shift=shift.pk, note=NOTES[number % len(NOTES)])
                services.sign_hand_over(actor=actor_for(shifts[number + 1].officer), shift=shift.pk)


def _swap_and_gap(world: World, room: DutyRoom) -> None:
    """A swap that waits for the town's leader; a shift struck off that leaves a gap ahead."""
    rows = Shift.objects.everything(why=WHY).filter(room=room, state="planned").select_related("officer")
    ahead = list(rows.filter(begins_at__gt=_morning(world) + dt.timedelta(days=1)).order_by("begins_at")[:6])
    asked = next(shift for shift in ahead if shift.officer == world.users["town1-2"])
    swap = services.ask_swap(
        actor=_actor(world, "town1-2"), shift=asked.pk, colleague=world.users["town1-1"].pk, reason="当晚参加市局培训"
    )
    services.agree_swap(actor=_actor(world, "town1-1"), swap=swap)
    bare = next(shift for shift in ahead if shift.pk != asked.pk)
    services.strike_shift(actor=_actor(world, "town1-1"), shift=bare.pk, reason="值班员临时抽调专项检查")


def _months(world: World) -> list[str]:
    """The months the roster touches."""
    days = (world.as_of + dt.timedelta(days=shift) for shift in range(-PLAYED, PLANNED + 1))
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days))


def _morning(world: World) -> dt.datetime:
    """Nine o'clock of the city's day."""
    return dt.datetime.combine(world.as_of, dt.time(9), clock.CHINA)


def _actor(world: World, name: str) -> Actor:
    user: Any = world.users[name]
    return actor_for(user)
