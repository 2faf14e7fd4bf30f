"""What the duty officer does with an alarm: acknowledge, shelve, take off the shelf, call."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, NotAllowed, gettext_noop
from anlan.kernel.workflow import take
from anlan.modules.alarms.choices import OUTCOME_LABELS, SHELVE_HOURS
from anlan.modules.alarms.events import AlarmAcknowledged, AlarmShelved, AlarmUnshelved, CallLogged
from anlan.modules.alarms.models import Alarm, AlarmCall, AlarmSetting
from anlan.modules.alarms.services._desks import Desks, said_at, wake
from anlan.modules.alarms.services._limits import need_reason, need_until
from anlan.modules.alarms.services.taking_in import HANDLE
from anlan.modules.alarms.workflow import ACKNOWLEDGE, SHELVE, WATCH
from anlan.modules.registry.public import phone_of

MOST_NOTE = 300


@act(may=ACKNOWLEDGE, on=Alarm)
def acknowledge_alarm(work: Work, alarm: Alarm, *, note: str = "") -> None:
    """Somebody saw it and acts; one that is back to normal closes. Acknowledged already, or closed: nothing."""
    if alarm.state in ("acknowledged", "closed"):
        return
    take(work, alarm, "close" if alarm.state == "returned" else "acknowledge", note=note)
    alarm.acknowledged_at, alarm.acknowledger_id, alarm.escalate_at = work.now, work.actor.user_id, None
    alarm.note = note.strip()[:MOST_NOTE]
    if alarm.state == "closed":
        alarm.closed_at = work.now
        deadlines.meet(work, alarm, HANDLE)
    alarm.save(update_fields=["state", "acknowledged_at", "acknowledger", "escalate_at", "note", "closed_at"])
    work.record(AlarmAcknowledged(by=work.actor.name, note=alarm.note), on=alarm)
    wake([alarm])


@act(may=SHELVE, on=Alarm)
def shelve_alarm(work: Work, alarm: Alarm, *, reason: str, until: dt.datetime) -> None:
    """Put it aside until then, for a reason: neither sound nor escalation, and whatever its setting raises meanwhile
    lies on the shelf too. One that must be handled is shelved by the authority alone. On the shelf already: nothing.
    """
    if alarm.state == "shelved":
        return
    why = need_reason(reason)
    until = need_until(until, work.now, parameter(SHELVE_HOURS, alarm.region_path))
    if alarm.statutory and not work.actor.may_at(SHELVE, alarm.region_path, alarm.sector):
        raise BadInput("until", gettext_noop("The unit must handle this alarm: only the authority shelves it."))
    take(work, alarm, "shelve", note=why, given={"reason": why, "until": until})
    alarm.shelved_until, alarm.shelved_by_id, alarm.shelf_reason = until, work.actor.user_id, why
    alarm.escalate_at = None
    alarm.save(update_fields=["state", "shelved_until", "shelved_by", "shelf_reason", "escalate_at"])
    _shelf_of(alarm, until)
    work.record(AlarmShelved(by=work.actor.name, until=said_at(until), reason=why), on=alarm)
    wake([alarm])


@act(may=(SHELVE, WATCH), on=Alarm)
def unshelve_alarm(work: Work, alarm: Alarm) -> None:
    """Off the shelf: it sounds and waits for an acknowledgement again. Not on the shelf: nothing."""
    if alarm.state != "shelved":
        return
    take(work, alarm, "unshelve")
    alarm.shelved_until, alarm.shelved_by, alarm.shelf_reason = None, None, ""
    Desks(work.now).wait_for(alarm)
    alarm.save(
        update_fields=["state", "shelved_until", "shelved_by", "shelf_reason", "escalate_at", "escalated_path",
                       "escalations"]
    )  # fmt: skip
    _shelf_of(alarm, None)
    work.record(AlarmUnshelved(), on=alarm)
    wake([alarm])


@act(may=ACKNOWLEDGE, on=Alarm)
def log_call(work: Work, alarm: Alarm, *, whom: str, outcome: str, note: str = "") -> AlarmCall:
    """Keep who was called about it and what came of it."""
    if not whom.strip():
        raise BadInput("whom", gettext_noop("Say who was called."))
    me = work.actor.user_id
    if me is None:
        raise NotAllowed(permission=ACKNOWLEDGE)
    if outcome not in OUTCOME_LABELS:
        raise BadInput("outcome", gettext_noop("Choose one of the list."))
    call = created(AlarmCall(
        region_path=alarm.region_path, sector=alarm.sector, holder=alarm.holder, alarm=alarm, at=work.now,
        by_id=me, whom=whom.strip()[:80], outcome=outcome, note=note.strip()[:MOST_NOTE],
    ))  # fmt: skip
    work.record(CallLogged(whom=call.whom, outcome=OUTCOME_LABELS[outcome], note=call.note), on=alarm)
    return call


@act(may=ACKNOWLEDGE, on=Alarm)
def dial(work: Work, alarm: Alarm, *, person: int) -> str:
    """The telephone of somebody of the alarm's site, to be called now; it is journalled. "" when none."""
    return phone_of(work.actor, person, f"报警处置呼叫 {alarm.pk}")


def _shelf_of(alarm: Alarm, until: dt.datetime | None) -> None:
    AlarmSetting.plain.filter(pk=alarm.setting_id).update(shelved_until=until)
