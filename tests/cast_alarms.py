"""The cast's alarms: a tag with limits, one alarm at each state, a call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.alarms import services as alarms
from anlan.modules.alarms.public import Transition, record_transitions
from anlan.modules.monitoring import services as monitoring

KINDS = (("high", 8.0), ("high_high", 9.0), ("low", 2.0), ("low_low", 1.0), ("rate", 3.0))


def raise_alarms(county: Any) -> None:
    """A level tag with five limits: an alarm unacknowledged, acknowledged, returned, shelved, out of service."""
    mark, officer = county.mark, county.actor("county_officer")
    system = Actor.system("tests")
    gateway, _secret = monitoring.register_gateway(
        actor=system, site=county.site.pk, code=f"alarms-{county.region.pk}", name=f"{mark}储罐网关"
    )
    monitoring.put_tag(
        actor=system, gateway=gateway.pk, name="LT1", label=f"{mark}储罐液位", quantity="level", unit_of_measure="m",
        low_range=0.0, high_range=10.0,
    )  # fmt: skip
    tag = apps.get_model("monitoring.Tag").plain.get(gateway_id=gateway.pk)
    made = {
        kind: alarms.make_setting(actor=officer, tag=tag.pk, kind=kind, threshold=limit, priority=2)
        for kind, limit in KINDS
    }
    now = int(clock.now().timestamp() * 1000)
    record_transitions([Transition(s.pk, tag.pk, "raised", now, s.threshold) for s in made.values()])
    model = apps.get_model("alarms.Alarm")
    stand = {kind: model.plain.get(setting=setting) for kind, setting in made.items()}
    alarms.acknowledge_alarm(actor=officer, alarm=stand["high_high"], note=f"{mark}已通知")
    until = clock.now() + dt.timedelta(hours=2)
    alarms.shelve_alarm(actor=officer, alarm=stand["low"], reason=f"{mark}检修", until=until)
    alarms.take_out_of_service(actor=officer, setting=made["low_low"], until=until, reason=f"{mark}拆检")
    record_transitions([Transition(made["rate"].pk, tag.pk, "returned", now + 1000, 5.0)])
    call = alarms.log_call(actor=officer, alarm=stand["high"], whom=f"{mark}李工", outcome="answered")
    county.installations |= {
        "alarm-setting": made["high"], "alarm-out": made["low_low"], "alarm": stand["high"],
        "alarm-shelved": stand["low"], "alarm-call": call,
    }  # fmt: skip


ALARMS = {
    "alarms.alarm": lambda c: c.installations["alarm"],
    "alarms.alarmsetting": lambda c: c.installations["alarm-setting"],
    "alarms.alarmcall": lambda c: c.installations["alarm-call"],
}
ALARM_STATES = {
    "alarms:unshelve": lambda c: c.installations["alarm-shelved"],
    "alarms:put-back": lambda c: c.installations["alarm-out"],
}
