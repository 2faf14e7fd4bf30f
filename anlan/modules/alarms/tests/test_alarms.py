"""Alarms: taken in once, acknowledged, shelved, escalated, made a hazard."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import BadInput, NotAllowed, WrongStep
from anlan.kernel.events.bus import FLOWS
from anlan.kernel.journal.record import about
from anlan.kernel.notify.models import Message
from anlan.modules.alarms import selectors, services
from anlan.modules.alarms.models import Alarm, AlarmTransition
from anlan.modules.alarms.public import record_transitions, settings, settings_version
from anlan.modules.alarms.tasks import watch
from anlan.modules.alarms.tests.conftest import NOON, SYSTEM, Scene, later


def facts(alarm: Alarm) -> list[str]:
    """The journal of an alarm, oldest first, without what deadlines say."""
    return [e.fact_type.split(".")[1] for e in reversed(about(alarm)) if e.fact_type.startswith("alarms.")]


def messages(scene: Scene, name: str) -> list[str]:
    return list(Message.objects.filter(user=scene.users[name]).order_by("pk").values_list("text", flat=True))


def test_a_transition_opens_one_alarm_however_often_it_is_said(scene: Scene) -> None:
    said = [scene.raised(), scene.raised("high_high", 2, 9.1)]
    assert record_transitions(said) == 2
    assert record_transitions(said) == 0 and record_transitions(list(reversed(said))) == 0
    assert Alarm.plain.count() == 2 and AlarmTransition.plain.count() == 2
    alarm = scene.alarm()
    assert (alarm.state, alarm.value, alarm.raised_at, alarm.priority) == ("unacknowledged", 8.2, NOON, 2)
    assert (alarm.region_path, alarm.holder) == (scene.site.region_path, scene.site.holder)
    assert facts(alarm) == ["AlarmRaised"]


def test_the_duty_officer_and_the_unit_hear_of_it_once(scene: Scene) -> None:
    record_transitions([scene.raised(), scene.raised("high_high", 2, 9.1)])
    assert len(messages(scene, "town_officer")) == 1, "one message for what came at once"
    assert len(messages(scene, "unit_safety")) == 1
    assert messages(scene, "county_officer") == [] and messages(scene, "unit_worker") == []


def test_one_that_returns_before_anybody_saw_it_waits_and_comes_again(scene: Scene) -> None:
    record_transitions([scene.raised(), scene.returned()])
    assert scene.alarm().state == "returned"
    record_transitions([scene.raised(after_s=90), scene.returned(after_s=95), scene.raised(after_s=99)])
    alarm = scene.alarm()
    assert (alarm.state, alarm.repeats, Alarm.plain.count()) == ("unacknowledged", 2, 1)
    assert facts(alarm) == ["AlarmRaised", "AlarmReturned", "AlarmRaised", "AlarmReturned", "AlarmRaised"]


def test_acknowledged_then_returned_is_closed_and_the_next_is_another(scene: Scene) -> None:
    first = scene.stands()
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=first, note="已通知降低进料")
    record_transitions([scene.returned(), scene.raised(after_s=200)])
    first.refresh_from_db()
    assert (first.state, first.acknowledger, first.note) == ("closed", scene.users["town_officer"], "已通知降低进料")
    assert scene.alarm().pk != first.pk and scene.alarm().state == "unacknowledged"


def test_returned_then_acknowledged_is_closed(scene: Scene) -> None:
    record_transitions([scene.raised(), scene.returned()])
    services.acknowledge_alarm(actor=scene.actor("unit_safety"), alarm=scene.alarm())
    assert scene.alarm().state == "closed" and scene.alarm().closed_at is not None


def test_acknowledging_twice_changes_nothing(scene: Scene) -> None:
    alarm = scene.stands()
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=alarm)
    before = scene.alarm().version
    services.acknowledge_alarm(actor=scene.actor("town_second"), alarm=alarm)
    assert (scene.alarm().version, scene.alarm().acknowledger) == (before, scene.users["town_officer"])
    assert facts(alarm) == ["AlarmRaised", "AlarmAcknowledged"]


def test_whoever_may_not_acknowledge_is_refused(scene: Scene) -> None:
    alarm = scene.stands()
    with pytest.raises(NotAllowed):
        services.acknowledge_alarm(actor=scene.actor("leader"), alarm=alarm)


def test_a_whole_flood_in_one_call(scene: Scene) -> None:
    said = [scene.raised(after_s=n) if n % 2 == 0 else scene.returned(after_s=n) for n in range(100)]
    assert record_transitions(said) == 100
    assert (scene.alarm().state, scene.alarm().repeats, Alarm.plain.count()) == ("returned", 49, 1)
    flood = selectors.flooded(scene.actor("town_officer"))
    assert (flood.count, flood.most, flood.on) == (50, 10, True)


def test_on_the_shelf_it_is_still_and_so_is_what_comes_again(scene: Scene) -> None:
    alarm = scene.stands()
    services.shelve_alarm(
        actor=scene.actor("town_officer"), alarm=alarm, reason="检修清罐", until=NOON + dt.timedelta(hours=2)
    )
    assert scene.alarm().escalate_at is None
    record_transitions([scene.returned(), scene.raised(after_s=600)])
    again = scene.alarm()
    assert (again.pk != alarm.pk, again.state) == (True, "shelved")
    with later(121):
        watch()
    assert scene.alarm().state == "unacknowledged" and scene.alarm().escalate_at is not None
    record_transitions([scene.returned(after_s=8000)])
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=again)
    with later(140):
        assert scene.stands(after_s=8400).state == "unacknowledged", "the shelf is empty again"


@pytest.mark.parametrize("hours", [-1, 25])
def test_the_shelf_has_an_end_within_the_local_rule(scene: Scene, hours: int) -> None:
    alarm = scene.stands()
    with pytest.raises(BadInput) as why:
        services.shelve_alarm(
            actor=scene.actor("town_officer"), alarm=alarm, reason="检修", until=NOON + dt.timedelta(hours=hours)
        )
    assert why.value.column == "until"


def test_the_unit_does_not_shelve_what_it_must_handle(scene: Scene) -> None:
    alarm = scene.stands("gas", value=30)
    until = NOON + dt.timedelta(hours=1)
    with pytest.raises(BadInput):
        services.shelve_alarm(actor=scene.actor("unit_safety"), alarm=alarm, reason="误报", until=until)
    services.shelve_alarm(actor=scene.actor("town_officer"), alarm=alarm, reason="探头标定", until=until)
    assert scene.alarm("gas").state == "shelved"


def test_nobody_acts_and_it_goes_up_until_somebody_does(scene: Scene) -> None:
    alarm = scene.stands("high_high", value=9.3)
    assert alarm.escalated_path == scene.town.path and alarm.escalate_at == NOON + dt.timedelta(minutes=5)
    with later(4):
        watch()
    assert scene.alarm("high_high").escalations == 0
    with later(5):
        watch()
        watch()
    risen = scene.alarm("high_high")
    assert (risen.escalations, risen.escalated_path) == (1, scene.county.path)
    assert len(messages(scene, "county_officer")) == 1 and messages(scene, "city_officer") == []
    with later(10.1):
        watch()
    assert len(messages(scene, "city_officer")) == 1
    with later(30):
        watch()
    assert len(messages(scene, "city_officer")) == 2, "at the top it is told again"
    with later(31):
        services.acknowledge_alarm(actor=scene.actor("city_officer"), alarm=alarm)
        assert scene.alarm("high_high").escalate_at is None
    with later(600):
        watch()
    assert len(messages(scene, "city_officer")) == 2
    assert facts(alarm)[:2] == ["AlarmRaised", "AlarmEscalated"] and facts(alarm)[-1] == "AlarmAcknowledged"


def test_what_must_be_handled_and_is_not_is_announced_once(scene: Scene) -> None:
    alarm = scene.stands("gas", value=30)
    assert find(alarm, "alarms.handle") is not None
    services.acknowledge_alarm(actor=scene.actor("unit_safety"), alarm=alarm)
    with later(24 * 60 - 1):
        watch()
    assert scene.alarm("gas").neglected_at is None, "acknowledging alone handles nothing"
    with later(24 * 60):
        watch()
        watch()
    assert scene.alarm("gas").neglected_at is not None
    assert facts(alarm).count("AlarmNeglected") == 1
    event = apps.get_model("events.EventRow").objects.get(event_type="alarms.AlarmNeglected")
    assert (event.subject_id, event.data["site_id"]) == (str(alarm.pk), scene.site.pk)
    assert FLOWS["alarms.AlarmNeglected"][0].name == "alarm_becomes_hazard", "see test_following"


def test_an_alarm_that_is_handled_becomes_none(scene: Scene) -> None:
    alarm = scene.stands("gas", value=30)
    services.acknowledge_alarm(actor=scene.actor("unit_safety"), alarm=alarm)
    record_transitions([scene.returned("gas", 3600, 2)])
    with later(48 * 60):
        watch()
    assert scene.alarm("gas").neglected_at is None and find(alarm, "alarms.handle") is None


def test_out_of_service_with_reason_and_end(scene: Scene) -> None:
    alarm, officer, setting = scene.stands(), scene.actor("county_officer"), scene.settings["high"]
    version = settings_version()
    services.take_out_of_service(
        actor=officer, setting=setting, until=NOON + dt.timedelta(hours=3), reason="液位计拆检"
    )
    assert settings_version() > version
    assert [s.kind for s in settings() if s.tag == scene.level.pk] == ["high_high"]
    assert scene.alarm().state == "out_of_service"
    assert record_transitions([scene.returned(after_s=700)]) == 0
    with later(181):
        watch()
    assert scene.alarm().state == "closed" and scene.alarm().pk == alarm.pk
    assert {s.kind for s in settings() if s.tag == scene.level.pk} == {"high", "high_high"}


def test_a_setting_that_ends_takes_its_alarm_with_it(scene: Scene) -> None:
    alarm = scene.stands()
    services.retire_setting(actor=scene.actor("county_officer"), setting=scene.settings["high"], reason="储罐停用")
    services.retire_setting(actor=scene.actor("county_officer"), setting=scene.settings["high"], reason="储罐停用")
    assert scene.alarm().state == "closed" and facts(alarm)[-1] == "AlarmDropped"
    assert record_transitions([scene.raised(after_s=900)]) == 0


@pytest.mark.parametrize(("given", "column"), [
    ({"kind": "low", "threshold": 12}, "threshold"), ({"kind": "low", "threshold": 8.5}, "threshold"),
    ({"kind": "high", "threshold": 7}, "kind"), ({"kind": "no_data", "threshold": 0}, "threshold"),
    ({"kind": "rate", "threshold": -1}, "threshold"), ({"kind": "digital", "threshold": 0.5}, "threshold"),
    ({"kind": "low", "threshold": 1, "dead_band": 10}, "dead_band"),
    ({"kind": "low", "threshold": 1, "priority": 5}, "priority"),
    ({"kind": "low", "threshold": float("nan")}, "threshold"),
    ({"kind": "low", "threshold": 1, "hours": "周一到周五"}, "hours"),
    ({"kind": "sideways", "threshold": 1}, "kind"),
])  # fmt: skip
def test_a_limit_that_makes_no_sense_is_refused_by_name(scene: Scene, given: dict[str, Any], column: str) -> None:
    with pytest.raises(BadInput) as why:
        services.make_setting(actor=scene.actor("county_officer"), tag=scene.level.pk, **given)
    assert why.value.column == column


def test_what_the_unit_must_handle_is_set_by_the_authority(scene: Scene) -> None:
    with pytest.raises(BadInput):
        services.change_setting(
            actor=scene.actor("unit_safety"), setting=scene.settings["gas"], threshold=50, reason="误报多"
        )
    services.change_setting(
        actor=scene.actor("unit_safety"), setting=scene.settings["high"], threshold=8.5, reason="核定"
    )
    scene.settings["high"].refresh_from_db()
    assert scene.settings["high"].threshold == 8.5


def test_the_same_limit_again_changes_nothing(scene: Scene) -> None:
    setting = scene.settings["high"]
    before = (setting.version, settings_version())
    services.change_setting(actor=scene.actor("county_officer"), setting=setting, threshold=8.0, hours="", reason="")
    setting.refresh_from_db()
    assert (setting.version, settings_version()) == before


def test_limits_for_every_tag_of_a_quantity(scene: Scene) -> None:
    officer = scene.actor("county_officer")
    given = {"quantity": "level", "kind": "low", "threshold": 10, "dead_band": 1, "of_range": True}
    assert services.make_settings(actor=officer, **given) == 1
    assert services.make_settings(actor=officer, **given) == 0
    made = selectors.settings(officer).get(kind="low")
    assert (made.threshold, made.dead_band, made.tag_id) == (1.0, 0.1, scene.level.pk)


def test_the_engine_gets_hours_as_stretches(scene: Scene) -> None:
    services.make_setting(
        actor=scene.actor("county_officer"), tag=scene.level.pk, kind="low", threshold=1, hours="1-5 08:00-18:00",
        on_delay_s=3,
    )  # fmt: skip
    one = next(s for s in settings() if s.kind == "low")
    assert one.schedule is not None and one.schedule[0] == (480, 1080) and len(one.schedule) == 5
    assert one.on_delay_ms == 3000


def test_a_call_is_kept_with_what_came_of_it(scene: Scene) -> None:
    alarm = scene.stands()
    services.log_call(
        actor=scene.actor("town_officer"), alarm=alarm, whom="值班长 李工", outcome="answered", note="已停泵"
    )
    with pytest.raises(BadInput):
        services.log_call(actor=scene.actor("town_officer"), alarm=alarm, whom=" ", outcome="answered")
    assert [c.whom for c in selectors.calls(scene.actor("county_officer"))] == ["值班长 李工"]
    assert facts(alarm)[-1] == "CallLogged"


def test_statistics_name_what_chatters_and_what_stands(scene: Scene) -> None:
    record_transitions(
        [scene.raised(after_s=5 * n) if n % 2 == 0 else scene.returned(after_s=5 * n) for n in range(12)]
    )
    scene.stands("high_high", value=9.2)
    with later(25 * 60):
        found = selectors.statistics(scene.actor("county_officer"))
    assert (found.raised, found.most_in_an_hour) == (7, 7)
    assert [(c.setting.kind, c.times) for c in found.frequent] == [("high", 6), ("high_high", 1)]
    assert [(c.setting.kind, c.times) for c in found.chattering] == [("high", 2)]
    assert [a.kind for a in found.standing] == ["high_high"]


def at(*seconds: int) -> list[dt.datetime]:
    return [NOON + dt.timedelta(seconds=s) for s in seconds]


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        (at(), []),
        (at(0, 60, 120), []),
        (at(0, 60, 120, 180), [(0, 180, 4, 4)]),
        (at(0, 60, 120, 180, 240, 780, 781), [(0, 240, 5, 5)]),
        (at(0, 60, 120, 180, 600, 601), [(0, 601, 6, 5)]),
        (at(0, 1, 2, 3, 2000, 2001, 2002, 2003), [(0, 3, 4, 4), (2000, 2003, 4, 4)]),
        (at(*range(0, 6000, 200)), []),
    ],
)  # fmt: skip
def test_a_flood_begins_above_its_figure_and_is_over_at_half_of_it(moments: Any, found: Any) -> None:
    told = selectors.FloodSpan.among(moments, 3, 10)
    assert [(*((m - NOON).total_seconds() for m in (f.begins, f.ends)), f.raised, f.most) for f in told] == found


def test_floods_are_found_by_the_figures_of_the_place(scene: Scene) -> None:
    record_transitions(
        [scene.raised(after_s=5 * n) if n % 2 == 0 else scene.returned(after_s=5 * n) for n in range(24)]
    )
    officer = scene.actor("county_officer")
    with later(60):
        found = selectors.statistics(officer)
        (flood,) = found.floods
        assert (flood.raised, flood.most, flood.ends - flood.begins) == (12, 12, dt.timedelta(seconds=110))
        assert found.flooded == pytest.approx(110 / (7 * 86400)) and found.by_path == {scene.town.path: 12}
        earlier = selectors.statistics(officer, until=NOON - dt.timedelta(minutes=1))
        assert (earlier.raised, earlier.floods, earlier.flooded) == (0, [], 0.0)
        assert selectors.statistics(officer, since=NOON + dt.timedelta(seconds=61)).raised == 5
        set_parameter(
            actor=SYSTEM, code="alarms.flood_count", region=scene.county, value=12, valid_from=clock.today(),
            basis="值班室人手",
        )  # fmt: skip
        assert selectors.statistics(officer).floods == []


def test_numbers_are_of_the_whole_time_where_more_was_raised_than_is_looked_through(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_transitions([scene.raised("high_high", after_s=n, value=9.2) if n % 2 == 0 else
                        scene.returned("high_high", after_s=n) for n in range(8)])  # fmt: skip
    record_transitions(
        [scene.raised(after_s=7200 + 5 * n) if n % 2 == 0 else scene.returned(after_s=7200 + 5 * n) for n in range(6)]
    )
    officer, module = scene.actor("county_officer"), import_module("anlan.modules.alarms.selectors.statistics")
    set_parameter(
        actor=SYSTEM, code="alarms.flood_count", region=scene.county, value=3, valid_from=clock.today(), basis="人手",
    )  # fmt: skip
    with later(150):
        whole = selectors.statistics(officer)
        monkeypatch.setattr(module, "READ", 3)
        cut = selectors.statistics(officer)
    assert (whole.cut, whole.looked_through, whole.looked_since) == (False, 7, whole.since)
    assert (cut.cut, cut.looked_through) == (True, 3) and cut.looked_since == NOON + dt.timedelta(hours=2)
    for name in ("since", "until", "raised", "an_hour", "most_in_an_hour", "escalated", "by_path", "frequent"):
        assert getattr(cut, name) == getattr(whole, name), name
    assert (cut.raised, cut.most_in_an_hour) == (7, 4)
    assert sum(one.share for one in cut.frequent) == pytest.approx(1)
    assert [c.setting.kind for c in cut.chattering] == ["high"] and len(whole.chattering) == 2
    assert (whole.flood_times, cut.flood_times, cut.flooded) == (1, 0, 0.0), "three are no flood, four are"
    monkeypatch.setattr(module, "READ", 7)
    with later(150):
        assert not selectors.statistics(officer).cut


def test_the_time_in_flood_is_of_every_flood_however_few_are_listed(scene: Scene) -> None:
    set_parameter(
        actor=SYSTEM, code="alarms.flood_count", region=scene.county, value=3, valid_from=clock.today(), basis="人手",
    )  # fmt: skip
    starts = (0, 3600, 7200)
    record_transitions([
        scene.raised(after_s=start + 5 * n) if n % 2 == 0 else scene.returned(after_s=start + 5 * n)
        for start in starts for n in range(10)
    ])  # fmt: skip
    with later(180):
        few, all_ = (selectors.statistics(scene.actor("county_officer"), shown=n) for n in (1, 10))
    assert (len(few.floods), len(all_.floods)) == (1, 3)
    assert few.flooded == all_.flooded > 0 and few.flood_times == all_.flood_times == 3


def test_nobody_sees_alarms_of_others(scene: Scene) -> None:
    scene.stands()
    assert selectors.alarms(scene.actor("unit_worker")).count() == 0
    assert selectors.alarms(scene.actor("unit_safety")).count() == 1
    assert selectors.desks_followed(scene.actor("unit_safety")) == {f"alarms.desk:{scene.unit.holder}"}
    told = selectors.names_told([scene.alarm()])
    assert {f"alarms.desk:{r.path}" for r in (scene.city, scene.county, scene.town)} <= told
    assert f"alarms.desk:{scene.unit.holder}" in told


def test_the_database_refuses_what_goes_round_the_table(scene: Scene) -> None:
    alarm = scene.stands()
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=alarm)
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        Alarm.plain.filter(pk=alarm.pk).update(state="returned")
    with pytest.raises(IntegrityError), transaction.atomic():
        AlarmTransition.plain.create(setting=scene.settings["high"], raised=True, at=NOON, region_path=scene.town.path)
    with pytest.raises(WrongStep):
        services.shelve_alarm(
            actor=scene.actor("town_officer"),
            alarm=_closed(scene, alarm),
            reason="x",
            until=NOON + dt.timedelta(hours=1),
        )


def _closed(scene: Scene, alarm: Alarm) -> Alarm:
    record_transitions([scene.returned()])
    alarm.refresh_from_db()
    assert alarm.state == "closed" and clock.now() == NOON and SYSTEM.is_system
    return alarm
