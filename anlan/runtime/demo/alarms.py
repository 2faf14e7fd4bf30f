"""Alarms of the demo city: limits on every tag, and a handful of alarms in every state.

The limits are the demo's own, a share of each instrument's range; they stand for no statute. Played through the acts.
"""

from __future__ import annotations

import datetime as dt

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.modules.alarms import services
from anlan.modules.alarms.models import Alarm, AlarmSetting
from anlan.modules.alarms.public import Transition, record_transitions
from anlan.modules.monitoring.public import Quantity
from anlan.runtime.demo.world import World

WHY = "the demo city's own alarms"
SYSTEM = Actor.system("demo city")
LIMITS: tuple[tuple[str, str, float, float, int], ...] = (
    ("level", "high", 80, 1, 2), ("level", "high_high", 90, 1, 1), ("level", "low", 10, 1, 3),
    ("temperature", "high", 75, 1, 2), ("temperature", "high_high", 85, 1, 1), ("pressure", "high", 80, 1, 2),
    ("pressure", "high_high", 90, 1, 1), ("gas_flammable", "high", 25, 2, 2), ("gas_flammable", "high_high", 50, 2, 1),
    ("gas_toxic", "high", 20, 1, 1),
)  # fmt: skip
"""Quantity, kind, limit and dead-band in per cent of the range, priority."""
SILENT_S = 120
SHOWN = ("left", "acknowledged", "returned", "shelved", "closed", "must")


def build(world: World) -> None:
    """Limits for every tag; alarms raised over the last hours, each taken as far as its state."""
    known = set(Quantity.values)
    for quantity, kind, limit, band, priority in LIMITS:
        if quantity in known:
            services.make_settings(
                actor=SYSTEM, quantity=quantity, kind=kind, threshold=limit, dead_band=band, of_range=True,
                priority=priority, on_delay_s=5,
            )  # fmt: skip
            services.make_settings(actor=SYSTEM, quantity=quantity, kind="no_data", threshold=SILENT_S, priority=4)
    rows = AlarmSetting.objects.everything(why=WHY).exclude(kind="no_data").select_related("tag")
    chosen = list(rows.order_by("tag_id", "priority", "pk")[:: max(1, rows.count() // 40)][:24])
    if chosen:
        _play(world, chosen)
    world.report(f"alarms: {AlarmSetting.plain.count()} settings, {Alarm.plain.count()} alarms")


def _play(world: World, chosen: list[AlarmSetting]) -> None:
    officer = actor_for(world.users["city-1"])
    now = clock.now()
    for number, setting in enumerate(chosen):
        fate = SHOWN[number % len(SHOWN)]
        at = now - dt.timedelta(minutes=6 + 13 * number)
        with clock.moved_to(at):
            alarm = _raised(setting, at)
            if fate == "must":
                services.change_setting(actor=officer, setting=setting.pk, statutory=True, reason="按要求必须处置")
        with clock.moved_to(at + dt.timedelta(minutes=3)):
            _go_on(officer, setting, alarm, fate)
    _call(officer, chosen)


def _raised(setting: AlarmSetting, at: dt.datetime) -> Alarm:
    width = (setting.tag.high_range or 0) - (setting.tag.low_range or 0)
    over = -0.02 if setting.kind == "low" else 0.02
    value = round(setting.threshold + width * over, 2)
    record_transitions([Transition(setting.pk, setting.tag_id, "raised", _ms(at), value)])
    return Alarm.objects.everything(why=WHY).get(setting=setting, state="unacknowledged")


def _go_on(officer: Actor, setting: AlarmSetting, alarm: Alarm, fate: str) -> None:
    if fate in ("acknowledged", "closed"):
        services.acknowledge_alarm(actor=officer, alarm=alarm, note="已通知企业现场核实")
    if fate in ("returned", "closed"):
        record_transitions(
            [Transition(setting.pk, setting.tag_id, "returned", _ms(clock.now()), setting.threshold * 0.95)]
        )
    if fate == "shelved":
        services.shelve_alarm(actor=officer, alarm=alarm, reason="仪表检修", until=clock.now() + dt.timedelta(hours=23))


def _call(officer: Actor, chosen: list[AlarmSetting]) -> None:
    rows = Alarm.objects.everything(why=WHY).filter(setting__in=chosen, state="acknowledged")
    for alarm in rows.order_by("pk")[:2]:
        services.log_call(
            actor=officer, alarm=alarm, whom="企业值班长", outcome="answered", note="已减量操作，持续观察"
        )


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
