"""What the clock does with alarms: tell the next office up, take off the shelf, put back in service, find neglect."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, act
from anlan.kernel.codes.services import parameter
from anlan.kernel.errors import gettext_noop
from anlan.kernel.notify.services import tell
from anlan.modules.alarms.choices import HANDLE_HOURS
from anlan.modules.alarms.events import AlarmEscalated, AlarmNeglected, HazardOpened
from anlan.modules.alarms.models import Alarm
from anlan.modules.alarms.services._desks import Desks, next_office, said_at, wake
from anlan.modules.alarms.workflow import ACTIVE, LOUD, WATCH

SLOWEST = 4  # at the top the pause doubles this often at most


@act(may=WATCH, on=Alarm)
def escalate_alarm(work: Work, alarm: Alarm) -> None:
    """Nobody acknowledged in time: the next office up is told, and the clock starts again. Before its time: nothing."""
    if alarm.state not in LOUD or alarm.escalate_at is None or alarm.escalate_at > work.now:
        return
    minutes = Desks(work.now).minutes(alarm.priority, alarm.region_path)
    region, people = next_office(alarm, work.now)
    same = region is not None and region.path == alarm.escalated_path
    alarm.escalations += 1
    pause = minutes * 2 ** min(alarm.escalations, SLOWEST) if same or region is None else minutes
    alarm.escalate_at = work.now + dt.timedelta(minutes=pause)
    if region is not None:
        alarm.escalated_path = region.path
        work.record(
            AlarmEscalated(minutes=minutes, to=region.name, people="、".join(u.name for u in people) or "—"), on=alarm
        )
        tell(
            people,
            gettext_noop("Not acknowledged for %(minutes)s minutes: %(tag)s at %(unit)s. It was raised to %(to)s."),
            subject=alarm, urgent=True, minutes=int((work.now - alarm.raised_at).total_seconds() // 60),
            tag=alarm.tag.label, unit=alarm.unit.name, to=region.name,
        )  # fmt: skip
    alarm.save(update_fields=["escalate_at", "escalated_path", "escalations"])
    wake([alarm])


@act(may=WATCH, on=Alarm)
def neglect_alarm(work: Work, alarm: Alarm) -> None:
    """One that must be handled stands too long: announced once, and a flow makes it a hazard. Else nothing."""
    hours = parameter(HANDLE_HOURS, alarm.region_path)
    due = alarm.raised_at + dt.timedelta(hours=hours)
    if not alarm.statutory or alarm.neglected_at is not None or alarm.state not in ACTIVE or due > work.now:
        return
    alarm.neglected_at = work.now
    alarm.save(update_fields=["neglected_at"])
    said = (
        f"监测报警超过{hours}小时未处置：{alarm.tag.label}（{alarm.get_kind_display()}），"
        f"报警值{alarm.reading}，设定值{alarm.limit}，报警时间{said_at(alarm.raised_at)}。"
    )
    work.record(AlarmNeglected(hours=hours, site_id=alarm.site_id, description=said), on=alarm)
    wake([alarm])


@act(may=WATCH, on=Alarm)
def note_hazard(work: Work, alarm: Alarm, *, hazard: int, number: str) -> None:
    """Which hazard the alarm became. Noted already: nothing."""
    if alarm.hazard_id is not None:
        return
    alarm.hazard_id = hazard
    alarm.save(update_fields=["hazard"])
    work.record(HazardOpened(number=number), on=alarm)
