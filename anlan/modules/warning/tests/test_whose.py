"""Whose a warning is: who acknowledges, who withdraws, who goes on after a merge; what the clock proposes and drops."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.errors import NotAllowed
from anlan.kernel.identity.models import Grant
from anlan.kernel.regions.services import add_region
from anlan.modules.registry.public import unit_of_holder
from anlan.modules.warning import selectors, services, tasks
from anlan.modules.warning.models import EarlyWarning, IndexDay, Notice
from anlan.modules.warning.tests.conftest import NOON, SYSTEM, Scene, signed_in
from anlan.rules.uscc import make_valid


def test_an_office_above_does_not_acknowledge_for_a_town(scene: Scene) -> None:
    notice = scene.notice(scene.issued(), "城南镇")
    officer = scene.actor("county_officer")
    for act, more in ((services.acknowledge_notice, {}), (services.report_measures, {"measures": "代为反馈"})):
        with pytest.raises(NotAllowed) as why:
            act(actor=officer, notice=notice.pk, **more)
        assert "城南镇" in str(why.value)
    page = signed_in(scene.users["county_officer"]).get(f"/warning/notices/{notice.pk}/")
    assert page.status_code == 200 and b"/acknowledge/" not in page.content
    own = signed_in(scene.users["town_officer"]).get(f"/warning/notices/{notice.pk}/")
    assert b"/acknowledge/" in own.content


def test_a_town_does_not_acknowledge_for_a_unit_that_has_people(scene: Scene) -> None:
    notice = scene.notice(scene.issued(region=None, unit=scene.unit.pk), "安州水产冷冻厂")
    with pytest.raises(NotAllowed):
        services.acknowledge_notice(actor=scene.actor("town_officer"), notice=notice.pk)
    services.acknowledge_notice(actor=scene.actor("unit_safety"), notice=notice.pk)


def test_where_nobody_serves_whoever_is_above_stands_in(scene: Scene) -> None:
    Grant.objects.filter(user=scene.users["unit_safety"]).delete()
    notice = scene.notice(scene.issued(region=None, unit=scene.unit.pk), "安州水产冷冻厂")
    services.acknowledge_notice(actor=scene.actor("town_officer"), notice=notice.pk)
    notice.refresh_from_db()
    assert notice.state == "acknowledged"


def test_whoever_is_warned_does_not_withdraw_the_warning(scene: Scene) -> None:
    warning = scene.issued(region=scene.town)
    assert warning.issued_path == scene.county.path
    with pytest.raises(NotAllowed) as why:
        services.withdraw_warning(actor=scene.actor("town_officer"), warning=warning.pk, reason="本镇认为已消除")
    assert "本县" in str(why.value)
    page = signed_in(scene.users["town_officer"]).get(f"/warning/warnings/{warning.pk}/")
    assert page.status_code == 200 and b"/withdraw/" not in page.content
    services.withdraw_warning(actor=scene.actor("city_officer"), warning=warning.pk, reason="险情已消除")


def test_one_that_was_issued_before_is_withdrawn_as_before(scene: Scene) -> None:
    warning = scene.issued(region=scene.town)
    EarlyWarning.plain.update(issued_path="")
    services.withdraw_warning(actor=scene.actor("town_officer"), warning=warning.pk, reason="险情已消除")


def test_a_village_is_told_by_its_town(scene: Scene) -> None:
    village = add_region(actor=SYSTEM, parent=scene.town, name="港前村", kind="village", code="998801001001")
    warning = scene.issued(region=village)
    assert list(Notice.plain.filter(warning=warning).values_list("to", flat=True)) == ["城南镇"]
    assert due_for(scene.actor("town_officer")).count() == 2


def test_after_a_merge_it_is_due_to_the_unit_that_goes_on(scene: Scene) -> None:
    notice = scene.notice(scene.issued(region=None, unit=scene.unit.pk), "安州水产冷冻厂")
    data = {
        "name": "安州水产集团", "uscc": make_valid("91998801", 32), "sector": "industry_trade:light",
        "address": "港前路9号", "lon": 115.1, "lat": 24.1,
    }  # fmt: skip
    other = ACTS["registry.register_unit"].function(actor=SYSTEM, data=data, region=scene.town)
    Grant.objects.filter(user=scene.users["unit_safety"]).update(holder=other.holder)
    services.carry_notice(actor=SYSTEM, notice=notice.pk, unit=unit_of_holder(other.holder), why="重复登记")
    assert {d.kind for d in due_for(scene.actor("unit_safety"))} == {"warning.acknowledge", "warning.report"}


def test_what_no_longer_counts_has_no_index_now(scene: Scene) -> None:
    services.reckon_indexes(actor=SYSTEM)
    IndexDay.plain.filter(about="unit").update(level="orange", value=75)
    warning = scene.issued(region=None, unit=scene.unit.pk)
    with clock.moved_to(NOON + dt.timedelta(days=1)):
        services.reckon_indexes(actor=SYSTEM, units=False)
        officer = scene.actor("county_officer")
        assert selectors.entry_of_unit(officer, scene.unit.holder) is None, "yesterday's is no index of now"
        services.withdraw_warning(actor=officer, warning=warning.pk, reason="已消除")
    warning.refresh_from_db()
    assert warning.value_before == 75 and warning.value_after is None


def _levels(*told: tuple[Any, str, int]) -> None:
    for row, level, value in told:
        IndexDay.plain.filter(pk=row.pk).update(level=level, value=value)


def test_units_do_not_take_the_places_of_regions(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST_PROPOSED", 1)
    monkeypatch.setattr(tasks, "reckon_indexes", lambda *, actor: 0)
    services.reckon_indexes(actor=SYSTEM)
    _levels((scene.of_unit(), "red", 95), (scene.index(scene.county), "yellow", 55), (scene.index(scene.town), "yellow", 51))
    for _ in range(4):
        tasks.watch()
    assert sorted(EarlyWarning.plain.values_list("place", flat=True)) == ["城南镇", "安州水产冷冻厂", "本县"], (
        "what is proposed already takes nobody's place"
    )


def test_a_proposal_goes_down_with_the_index_before_it_is_dropped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "reckon_indexes", lambda *, actor: 0)
    services.reckon_indexes(actor=SYSTEM)
    town = scene.index(scene.town)
    states = []
    for level, value in (("orange", 72), ("yellow", 69), ("blue", 40)):
        _levels((town, level, value))
        tasks.watch()
        states.append(EarlyWarning.plain.values_list("state", "level").get())
    assert states == [("proposed", "orange"), ("proposed", "yellow"), ("dismissed", "yellow")]
