"""What follows an alarm elsewhere: a hazard of its site, its place when the site goes, whom one calls, the home page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import NotAllowed
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import about
from anlan.modules.alarms import selectors, services
from anlan.modules.alarms.models import Alarm, AlarmCall, AlarmSetting, AlarmTransition
from anlan.modules.alarms.public import record_transitions
from anlan.modules.alarms.tasks import watch
from anlan.modules.alarms.tests.conftest import NOON, SYSTEM, Scene, later, signed_in
from anlan.modules.registry import public as registry

PHONE = "13800138000"


def announce(event: Any, subject: Any) -> str:
    """An event as the bus writes it; its key."""
    row = EventRow.objects.create(
        event_type=event.type_name(), data=event.as_data(), at=clock.now(), subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk), actor_key="user:1",
    )  # fmt: skip
    return str(row.pk)


def test_an_alarm_not_handled_is_a_hazard_of_its_site_once(scene: Scene) -> None:
    alarm = scene.stands("gas", value=30)
    services.acknowledge_alarm(actor=scene.actor("unit_safety"), alarm=alarm)
    with later(24 * 60):
        watch()
        said = EventRow.objects.get(event_type="alarms.AlarmNeglected")
        assert deliver(str(said.pk), "alarm_becomes_hazard")
        assert not deliver(str(said.pk), "alarm_becomes_hazard"), "a worker that asks again makes no second one"
        watch()
    hazard = apps.get_model("hazards.Hazard").plain.get()
    assert (hazard.site_id, hazard.source, hazard.holder) == (scene.site.pk, "alarm", scene.site.holder)
    assert "氨泄漏" in hazard.description and "30 ppm" in hazard.description and "24小时" in hazard.description
    assert (hazard.state, hazard.region_path) == ("registered", scene.town.path)
    alarm.refresh_from_db()
    assert alarm.hazard_id == hazard.pk
    opened = [e for e in about(alarm) if e.fact_type == "alarms.HazardOpened"]
    assert [e.data["number"] for e in opened] == [hazard.number]
    page = signed_in(scene.users["town_officer"]).get(f"/alarms/{alarm.pk}/").content.decode()
    assert hazard.number in page, "whoever opens the alarm finds its hazard"
    assert apps.get_model("hazards.Hazard").objects.visible_to(scene.actor("unit_safety")).count() == 1


@pytest.mark.parametrize("flow", ["moved_site_carries_alarms", "changed_line_carries_alarms"])
def test_alarms_follow_their_site(scene: Scene, flow: str) -> None:
    alarm = scene.stands("gas", value=30)
    services.log_call(actor=scene.actor("town_officer"), alarm=alarm, whom="李工", outcome="answered")
    here, there = scene.county, {"region_path": scene.county.path} if "moved" in flow else {"sector": "chem"}
    type(scene.site).plain.filter(pk=scene.site.pk).update(**there)
    event: Any = registry.SectorChanged(before="industry_trade:light", after="chem", before_label="a", after_label="b")
    if "moved" in flow:
        event = registry.SiteMoved(
            before="城南镇", after="本县", old_path=scene.town.path, new_path=here.path, reason="区划调整"
        )
    key = announce(event, scene.site)
    assert deliver(key, flow) and not deliver(key, flow)
    wanted = next(iter(there.items()))
    for rows in (AlarmSetting, Alarm, AlarmTransition, AlarmCall):
        found = set(rows.plain.values_list(wanted[0], flat=True))
        assert found == {wanted[1]}, rows
    due = find(alarm, "alarms.handle")
    assert due is not None, "its time limit is still there"
    if "moved" in flow:
        assert selectors.alarms(scene.actor("town_officer")).count() == 0
        assert selectors.alarms(scene.actor("county_officer")).count() == 1
    carried = Entry.plain.filter(fact_type="alarms.AlarmsCarried").count()
    assert carried == len(scene.settings), "each setting says so once"
    record_transitions([scene.returned("gas", 3600, 2)])
    assert getattr(AlarmTransition.plain.latest("at"), wanted[0]) == wanted[1], "and what comes later lies there too"


def test_alarms_of_a_unit_merged_away_go_to_the_other(scene: Scene) -> None:
    scene.stands()
    old = scene.unit.holder
    from anlan.rules.uscc import make_valid

    data = {"name": "安州水产冷冻厂（新）", "uscc": make_valid("91998801", 32), "sector": "industry_trade:light"}
    other = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    type(scene.site).plain.filter(pk=scene.site.pk).update(unit=other, holder=other.holder, serial=2, is_main=False)
    event = registry.UnitsMerged(
        old_id=scene.unit.pk, new_id=other.pk, old_holder=old, new_holder=other.holder, old_name="a", old_number="b",
        reason="重复建档",
    )  # fmt: skip
    key = announce(event, other)
    assert deliver(key, "merged_unit_carries_alarms") and not deliver(key, "merged_unit_carries_alarms")
    assert set(AlarmSetting.plain.values_list("holder", flat=True)) == {other.holder}
    assert Alarm.plain.get().holder == other.holder and Alarm.plain.get().unit_id == other.pk
    assert selectors.alarms(scene.actor("unit_safety")).count() == 0


def test_dialling_is_journalled_and_open_to_nobody_else(scene: Scene) -> None:
    alarm = scene.stands()
    person = ACTS["registry.add_person"].function(
        actor=scene.actor("county_officer"), unit=scene.unit,
        data={"name": "李建国", "posts": ["safety_manager"], "phone": PHONE},
    )  # fmt: skip
    assert services.dial(actor=scene.actor("town_officer"), alarm=alarm, person=person.pk) == PHONE
    seen = Entry.plain.get(fact_type="registry.PersonUnmasked")
    assert seen.actor_key == scene.actor("town_officer").key and str(alarm.pk) in seen.data["reason"]
    with pytest.raises(NotAllowed):
        services.dial(actor=scene.actor("leader"), alarm=alarm, person=person.pk)
    assert Entry.plain.filter(fact_type="registry.PersonUnmasked").count() == 1
    page = signed_in(scene.users["town_officer"]).get(f"/alarms/{alarm.pk}/").content.decode()
    assert "李建国" in page and PHONE not in page, "the number stands nowhere until somebody calls"


def home(scene: Scene, name: str) -> str:
    return signed_in(scene.users[name]).get("/").content.decode()


def test_the_home_page_counts_what_nobody_acknowledged(scene: Scene) -> None:
    label = "未确认报警"
    assert label in home(scene, "town_officer")
    record_transitions([scene.raised(), scene.raised("high_high", 2, 9.1)])
    numbers = {n.url: n for n in _numbers(scene, "town_officer")}
    assert (numbers["/alarms/"].count, numbers["/alarms/"].tone) == (2, "red")
    services.acknowledge_alarm(actor=scene.actor("town_officer"), alarm=scene.alarm())
    services.shelve_alarm(
        actor=scene.actor("town_officer"), alarm=scene.alarm("high_high"), reason="检修清罐",
        until=NOON + dt.timedelta(hours=2),
    )  # fmt: skip
    assert {n.url: n.count for n in _numbers(scene, "town_officer")}["/alarms/"] == 0
    assert "/alarms/" not in {n.url for n in _numbers(scene, "unit_worker")}, "whoever acknowledges none is told none"
    assert label not in home(scene, "unit_worker")


def _numbers(scene: Scene, name: str) -> list[Any]:
    from anlan.ui import standing

    return standing.numbers(scene.actor(name))
