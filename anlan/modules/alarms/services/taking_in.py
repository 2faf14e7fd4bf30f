"""What the engine found: alarms raised and returned, each once, however often it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.codes.services import parameter
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.kernel.identity.models import User
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.notify.services import tell
from anlan.modules.alarms.choices import HANDLE_HOURS, KIND_LABELS
from anlan.modules.alarms.engine import Transition
from anlan.modules.alarms.events import AlarmRaised, AlarmReturned
from anlan.modules.alarms.models import Alarm, AlarmSetting, AlarmTransition
from anlan.modules.alarms.services._desks import Desks, said_at, wake
from anlan.modules.alarms.workflow import ACKNOWLEDGE, ALARM, OPEN, TAKE_IN

WHY = "the engine speaks of every tag"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
HANDLE = "alarms.handle"
HANDLE_BASIS = "本地规定：须处置的报警逾时未处置的，转为事故隐患"
HANDLE_LABEL = gettext_noop("Handle the alarm")
MOST_UNITS = 50  # units whose people get a message of one batch; beyond it the desks see a flood
_SAVED = (
    "state", "value", "returned_at", "repeats", "escalate_at", "escalated_path", "escalations", "closed_at",
)  # fmt: skip


@act(may=TAKE_IN)
def take_in_transitions(work: Work, *, found: Sequence[Transition]) -> int:
    """Open and return alarms as the engine says; answers how many transitions were new.

    A transition said before changes nothing: (setting, kind, moment) is unique in the database. A setting raised again
    while its alarm waits for an acknowledgement goes on with that alarm; one whose alarm was acknowledged is the same
    alarm still. Transitions of settings that ended or are out of service are left out.
    """
    batch = _Batch(work, found)
    for one in sorted(found, key=lambda t: t.at_ms):
        batch.take(one)
    batch.store()
    batch.tell()
    return batch.new


@dataclass
class _Batch:
    """Everything one call needs, read at once and written at once."""

    work: Work
    found: Sequence[Transition]
    new: int = 0
    settings: dict[int, AlarmSetting] = field(default_factory=dict)
    known: set[tuple[int, bool, dt.datetime]] = field(default_factory=set)
    standing: dict[int, Alarm] = field(default_factory=dict)
    fresh: list[Alarm] = field(default_factory=list)
    moved: dict[int, Alarm] = field(default_factory=dict)
    steps: list[tuple[Alarm, str]] = field(default_factory=list)
    lines: list[AlarmTransition] = field(default_factory=list)
    loud: list[Alarm] = field(default_factory=list)
    touched: dict[int, Alarm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desks = Desks(self.work.now)
        keys = {t.setting for t in self.found}
        rows = AlarmSetting.objects.everything(why=WHY).filter(pk__in=keys, retired_at=None, out_until=None)
        rows = rows.select_related("tag__unit", "tag__site").select_for_update(of=("self",), no_key=True)
        self.settings = {s.pk: s for s in rows.order_by("pk")}
        if not self.settings:
            return
        moments = [_moment(t) for t in self.found]
        told = AlarmTransition.objects.everything(why=WHY).filter(
            setting__in=self.settings, at__gte=min(moments), at__lte=max(moments)
        )
        self.known = set(told.values_list("setting_id", "raised", "at"))
        alarms = Alarm.objects.everything(why=WHY).filter(setting__in=self.settings, state__in=OPEN)
        self.standing = {a.setting_id: a for a in alarms.select_for_update(of=("self",)).order_by("pk")}

    def take(self, one: Transition) -> None:
        """One transition."""
        setting, at = self.settings.get(one.setting), _moment(one)
        key = (one.setting, one.kind == "raised", at)
        if setting is None or key in self.known:
            return
        self.known.add(key)
        self.new += 1
        alarm = self.standing.get(one.setting)
        alarm = self._raise(setting, alarm, one, at) if one.kind == "raised" else self._return(setting, alarm, one, at)
        self.lines.append(AlarmTransition(
            setting=setting, alarm=alarm, raised=one.kind == "raised", at=at, value=one.value,
            region_path=setting.region_path, sector=setting.sector, holder=setting.holder,
        ))  # fmt: skip

    def _raise(self, setting: AlarmSetting, alarm: Alarm | None, one: Transition, at: dt.datetime) -> Alarm:
        if alarm is None:
            alarm = self._new(setting, one, at)
        elif alarm.state == "returned":
            self._move(alarm, "recur")
            alarm.repeats, alarm.returned_at, alarm.value = alarm.repeats + 1, None, one.value
            self.desks.wait_for(alarm)
        else:
            return alarm  # it stands already: the engine began anew
        self._say_raised(setting, alarm, one.value, at)
        return alarm

    def _new(self, setting: AlarmSetting, one: Transition, at: dt.datetime) -> Alarm:
        if any(a.setting_id == setting.pk for a in self.fresh):
            self.store()  # the one before it in this batch came and went
        shelved = setting.shelved_until is not None and setting.shelved_until > self.work.now
        code = "raise_shelved" if shelved else "raise"
        alarm = Alarm(
            region_path=setting.region_path, sector=setting.sector, holder=setting.holder, setting=setting,
            tag=setting.tag, unit=setting.tag.unit, site=setting.tag.site, kind=setting.kind,
            state=ALARM.step(code).target,
            priority=setting.priority, statutory=setting.statutory, threshold=setting.threshold, value=one.value,
            raised_at=at, shelved_until=setting.shelved_until if shelved else None,
        )  # fmt: skip
        if not shelved:
            self.desks.wait_for(alarm)
            self.loud.append(alarm)
        self.fresh.append(alarm)
        self.standing[setting.pk] = alarm
        self.steps.append((alarm, code))
        return alarm

    def _return(self, setting: AlarmSetting, alarm: Alarm | None, one: Transition, at: dt.datetime) -> Alarm | None:
        if alarm is None or alarm.state == "returned":
            return alarm
        self._move(alarm, "return" if alarm.state == "unacknowledged" else "settle")
        alarm.returned_at = max(at, alarm.raised_at)
        if alarm.state == "closed":
            alarm.closed_at, alarm.escalate_at = self.work.now, None
            del self.standing[setting.pk]
        unit = setting.tag.unit_of_measure
        self.work.record(AlarmReturned(value=_figure(one.value, unit), at=said_at(at), site_id=alarm.site_id), on=alarm)
        return alarm

    def _move(self, alarm: Alarm, code: str) -> None:
        """Along the table; a row that is not stored yet is stored at its first step before it moves."""
        if alarm.pk is None:
            self.store()
        alarm.state = ALARM.step(code).target
        self.moved[alarm.pk] = alarm
        self.steps.append((alarm, code))

    def _say_raised(self, setting: AlarmSetting, alarm: Alarm, value: float | None, at: dt.datetime) -> None:
        self.work.record(
            AlarmRaised(
                tag=setting.tag.label, kind=KIND_LABELS[setting.kind], limit=setting.limit,
                value=_figure(value, setting.tag.unit_of_measure), at=said_at(at), site_id=alarm.site_id,
                priority=alarm.priority,
            ),
            on=alarm,
        )  # fmt: skip

    def store(self) -> None:
        """Write what has come together; called again it goes on."""
        moved = list(self.moved.values())
        for alarm in moved:
            self.touched[alarm.pk] = alarm
        Alarm.objects.everything(why=WHY).bulk_update(moved, _SAVED, batch_size=500)
        Alarm.plain.bulk_create(self.fresh, batch_size=500)
        for alarm in self.fresh:
            self.touched[alarm.pk] = alarm
            if alarm.statutory:
                self._due(alarm)
        AlarmTransition.plain.bulk_create(self.lines, batch_size=500)
        label, actor = Alarm._meta.label_lower, self.work.actor
        StepTaken.objects.bulk_create([
            StepTaken(subject_type=label, subject_id=str(a.pk), step=code, actor_key=actor.key, actor_name=actor.name,
                      at=self.work.now, note="") for a, code in self.steps
        ])  # fmt: skip
        for alarm in moved:
            if alarm.state == "closed" and alarm.statutory:
                deadlines.meet(self.work, alarm, HANDLE)
        self.fresh, self.moved, self.lines, self.steps = [], {}, [], []

    def _due(self, alarm: Alarm) -> None:
        """It must be handled: due on the day on which its hours are over, on the unit's desk."""
        due = self.work.now + dt.timedelta(hours=parameter(HANDLE_HOURS, alarm.region_path))
        deadlines.start(
            self.work, alarm, kind=HANDLE, label=HANDLE_LABEL, due=clock.day_of(due),
            duty=ACKNOWLEDGE, desk_holder=alarm.holder, remind_days=(), basis=HANDLE_BASIS,
        )  # fmt: skip

    def tell(self) -> None:
        """Wake the desks; tell whoever is on duty, and the unit's own people, once for what one batch raised."""
        wake(self.touched.values())
        by_office: dict[int, list[Alarm]] = {}
        by_holder: dict[str, list[Alarm]] = {}
        for alarm in self.loud:
            found = self.desks.duty(alarm.region_path)
            if found is not None:
                by_office.setdefault(found.officer_id, []).append(alarm)
            if alarm.holder and alarm.priority <= 2:
                by_holder.setdefault(alarm.holder, []).append(alarm)
        officers = {u.pk: u for u in User.objects.filter(pk__in=by_office)}
        for pk, alarms in by_office.items():
            _tell([officers[pk]], alarms)
        for holder, alarms in list(by_holder.items())[:MOST_UNITS]:
            _tell(self.desks.of_unit(holder), alarms)


def _tell(people: list[User], alarms: list[Alarm]) -> None:
    first = min(alarms, key=lambda a: (a.priority, a.raised_at))
    if not people:
        return
    if len(alarms) == 1:
        tell(
            people, gettext_noop("Alarm at %(unit)s: %(tag)s, %(value)s. Acknowledge it on the duty desk."),
            subject=first, urgent=first.priority <= 2, unit=first.unit.name, tag=first.tag.label, value=first.reading,
        )  # fmt: skip
    else:
        tell(
            people, gettext_noop("%(count)s alarms at once, the first at %(unit)s: %(tag)s. Open the duty desk."),
            subject=first, urgent=first.priority <= 2, count=len(alarms), unit=first.unit.name, tag=first.tag.label,
        )  # fmt: skip


def _moment(one: Transition) -> dt.datetime:
    return EPOCH + dt.timedelta(milliseconds=one.at_ms)


def _figure(value: Any, unit: str) -> str:
    return "—" if value is None else f"{value:g} {unit}".strip()
