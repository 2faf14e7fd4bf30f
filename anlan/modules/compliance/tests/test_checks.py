"""Self-checks by schedule: item by item, a fault opens a hazard, finished it is evidence and the next is planned."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, WrongStep
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.files.services import files_of
from anlan.modules.compliance import services
from anlan.modules.compliance.models import CheckAnswer, Evidence, SelfCheck
from anlan.modules.compliance.tests.conftest import SYSTEM, Scene, signed_in
from anlan.modules.hazards import public as hazards
from anlan.modules.statutes import public as statutes
from tests.cast import picture

pytestmark = pytest.mark.django_db


def items(check: SelfCheck) -> list[CheckAnswer]:
    return list(CheckAnswer.plain.filter(self_check=check).order_by("position"))


def fill(scene: Scene, check: SelfCheck, who: str = "unit_worker", faults: int = 0) -> None:
    for number, one in enumerate(items(check)):
        given = {"outcome": "fault", "note": f"第{number}处积尘未清理"} if number < faults else {"outcome": "fine"}
        services.answer_item(actor=scene.actor(who), answer=one.pk, **given)


def test_a_fault_opens_a_hazard_of_the_units_own_people(scene: Scene) -> None:
    check = scene.plan()
    one = items(check)[0]
    done = services.answer_item(
        actor=scene.actor("unit_worker"), answer=one.pk, outcome="fault", note="除尘器泄爆片锈死",
        photos=[picture("red", "泄爆片.png")],
    )  # fmt: skip
    view = hazards.hazard_view(scene.actor("town_officer"), done.hazard_id or 0)
    assert (view.site_id, view.title, view.state) == (scene.site.pk, "除尘器泄爆片锈死", "registered")
    check.refresh_from_db()
    assert (check.faults, check.left) == (1, check.items - 1)


def test_many_items_are_filled_in_at_once_or_none_is(scene: Scene) -> None:
    check, actor = scene.plan(), scene.actor("unit_worker")
    photo = picture("red", "积尘.png")
    found = [
        {"position": 1, "outcome": "fine"}, {"position": 2, "outcome": "fault", "note": "管道积尘", "photos": [photo]},
    ]  # fmt: skip
    bad = [*found, {"position": 3, "outcome": "fault", "note": ""}, {"position": 4, "outcome": "maybe"}]
    with pytest.raises(BadInputs) as caught:
        services.fill_check(actor=actor, check=check.pk, found=bad)
    assert set(caught.value.by_column) == {"note_3", "outcome_4"}
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items, 0)
    for _ in range(2):  # the answer was lost on the way, and it is sent again
        services.fill_check(actor=actor, check=check.pk, found=found, key="field-1")
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items - 2, 1)
    two = items(check)[1]
    assert hazards.hazard_view(actor, two.hazard_id or 0).title == "管道积尘" and files_of(two).count() == 1
    for wrong in ([], [{"position": 999, "outcome": "fine"}], [{"outcome": "fine"}]):
        with pytest.raises(BadInput) as refused:
            services.fill_check(actor=actor, check=check.pk, found=wrong)
        assert refused.value.column == "found"


def test_what_two_people_found_is_kept_of_both(scene: Scene) -> None:
    check = scene.plan()
    worker, safety = scene.actor("unit_worker"), scene.actor("unit_safety")
    services.fill_check(actor=worker, check=check.pk, found=[{"position": 1, "outcome": "fault", "note": "风管破损"}])
    services.fill_check(actor=safety, check=check.pk, found=[{"position": 2, "outcome": "fine"}])
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items - 2, 1)
    with pytest.raises(BadInputs) as caught:
        services.fill_check(actor=safety, check=check.pk, found=[{"position": 1, "outcome": "fine"}])
    assert "Settle it there" in str(caught.value.problems[0])


def test_the_form_of_all_items_takes_what_was_filled_in(scene: Scene) -> None:
    check = scene.plan()
    browser, address = signed_in(scene.users["unit_worker"]), f"/compliance/checks/{check.pk}/fill/"
    page = browser.get(address).content.decode()
    assert page.count('value="fault"') == check.items and "data-offline" in page and 'name="version"' not in page
    refused = browser.post(address, {"outcome_1": "fault", "note_1": "", "key": "k1"})
    assert refused.status_code == 422 and "id_note_1" in refused.content.decode()
    sent = {"outcome_1": "fault", "note_1": "除尘器泄爆片锈死", "outcome_2": "fine", "outcome_3": "", "key": "k2"}
    for _ in range(2):
        assert browser.post(address, sent).status_code == 302
    check.refresh_from_db()
    assert (check.left, check.faults) == (check.items - 2, 1)
    assert 'name="outcome_1"' not in browser.get(address).content.decode(), "what is filled in is asked no more"


def test_the_same_again_is_nothing_and_a_fault_stays_as_found(scene: Scene) -> None:
    check, actor = scene.plan(), scene.actor("unit_safety")
    one = items(check)[0]
    services.answer_item(actor=actor, answer=one.pk, outcome="fault", note="积尘未清理")
    services.answer_item(actor=actor, answer=one.pk, outcome="fault", note="积尘未清理")
    check.refresh_from_db()
    assert (check.faults, check.left) == (1, check.items - 1)
    with pytest.raises(BadInput, match="Settle it there"):
        services.answer_item(actor=actor, answer=one.pk, outcome="fine")
    with pytest.raises(BadInput, match="Say what is wrong"):
        services.answer_item(actor=actor, answer=items(check)[1].pk, outcome="fault")


def test_finished_it_answers_its_duties_and_the_next_is_planned(scene: Scene) -> None:
    check = scene.plan()
    assert deadlines.find(check, "compliance.check") is not None
    with pytest.raises(BadInput, match="still open"):
        services.finish_check(actor=scene.actor("unit_safety"), check=check.pk)
    fill(scene, check, faults=1)
    services.finish_check(actor=scene.actor("unit_worker"), check=check.pk)
    row = Evidence.plain.get()
    assert (row.kind, row.facts, set(row.answers)) == (
        "dust_self_check",
        {"faults": 1},
        {"self_check", "dust_cleaning"},
    )
    assert scene.told()["dust_cleaning"] == "met"
    following = SelfCheck.plain.get(state="planned")
    assert (following.due_on, following.left) == (clock.today() + dt.timedelta(30), check.items)
    services.finish_check(actor=scene.actor("unit_worker"), check=check.pk)
    assert SelfCheck.plain.count() == 2
    with pytest.raises(WrongStep):
        services.answer_item(actor=scene.actor("unit_worker"), answer=items(check)[0].pk, outcome="none_here")


def test_photos_sent_with_the_same_words_are_kept(scene: Scene) -> None:
    check, actor = scene.plan(), scene.actor("unit_safety")
    one = items(check)[0]
    for name in ("green", "red"):
        given = {"outcome": "fine", "note": "已清理", "photos": [picture(name, f"{name}.png")]}
        services.answer_item(actor=actor, answer=one.pk, **given)
    assert files_of(one).count() == 2
    check.refresh_from_db()
    assert check.left == check.items - 1


def test_nothing_follows_where_the_new_version_is_planned_already(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = scene.plan()
    fill(scene, check)
    offered = statutes.lists_for(scene.actor("unit_safety"), place=scene.unit.region_path)
    other = next(one for one in offered if one.pk != check.check_list_id and one.items)
    newer = scene.plan(check_list=other.pk)
    told = SimpleNamespace(pk=other.pk, title=check.title, sector=other.sector, items=other.items)
    monkeypatch.setattr(statutes, "lists_for", lambda *_args, **_more: [told])
    services.finish_check(actor=scene.actor("unit_worker"), check=check.pk)
    assert [one.pk for one in SelfCheck.plain.filter(state="planned")] == [newer.pk]


def test_nothing_follows_at_a_site_that_closed(scene: Scene) -> None:
    check = scene.plan()
    fill(scene, check)
    ACTS["registry.close_site"].function(actor=SYSTEM, site=scene.site.pk, since=clock.today(), reason="关停退出")
    services.finish_check(actor=scene.actor("unit_worker"), check=check.pk)
    check.refresh_from_db()
    assert check.state == "finished" and not SelfCheck.plain.filter(state="planned").exists()


def test_a_site_that_closes_ends_its_schedules(scene: Scene) -> None:
    check = scene.plan()
    ACTS["registry.close_site"].function(actor=SYSTEM, site=scene.site.pk, since=clock.today(), reason="关停退出")
    event = EventRow.objects.filter(event_type="registry.SiteClosed").latest("at", "pk")
    assert deliver(str(event.pk), "closed_site_ends_checks")
    check.refresh_from_db()
    assert (check.state, check.reason) == ("dropped", "关停退出")
    assert deadlines.find(check, "compliance.check") is None


def test_after_a_month_without_one_the_duty_is_missed(scene: Scene) -> None:
    check = scene.plan()
    fill(scene, check)
    services.finish_check(actor=scene.actor("unit_safety"), check=check.pk)
    with clock.moved_to(dt.datetime(2026, 12, 21, 9, tzinfo=clock.CHINA)):
        assert scene.told()["self_check"] == "missed"


def test_a_schedule_is_planned_once_and_may_end(scene: Scene) -> None:
    check = scene.plan()
    assert scene.plan(every_days=7).pk == check.pk
    with pytest.raises(NotAllowed):
        services.drop_check(actor=scene.actor("unit_worker"), check=check.pk, reason="停产")
    services.drop_check(actor=scene.actor("unit_principal"), check=check.pk, reason="停产")
    check.refresh_from_db()
    assert (check.state, deadlines.find(check, "compliance.check")) == ("dropped", None)


def test_bad_plans_are_refused_at_their_field(scene: Scene) -> None:
    bad = (
        ("every_days", {"every_days": 0}), ("due_on", {"due_on": dt.date(2026, 1, 1)}),
        ("check_list", {"check_list": 10**9}), ("site", {"site": 10**9}),
    )  # fmt: skip
    for field, given in bad:
        with pytest.raises(BadInput) as caught:
            scene.plan(**given)
        assert caught.value.column == field


def test_an_office_reads_it_and_fills_in_nothing(scene: Scene) -> None:
    one = items(scene.plan())[0]
    with pytest.raises(NotAllowed):
        services.answer_item(actor=scene.actor("town_officer"), answer=one.pk, outcome="fine")
    with pytest.raises(NotFound):
        services.answer_item(actor=scene.actor("elsewhere"), answer=one.pk, outcome="fine")


def test_checks_of_a_merged_site_go_on_at_the_surviving_one(scene: Scene) -> None:
    from anlan.modules.compliance import public

    data = {"site_name": "二厂", "address": "港前路12号", "sector": "industry_trade:nonferrous", "flags": ["dust"]}
    second = ACTS["registry.add_site"].function(actor=SYSTEM, unit=scene.unit.pk, data=data, region=scene.town)

    def carried() -> tuple[str, int]:
        check = scene.plan(site=second.pk)
        assert public.carry_self_checks(SYSTEM, from_site=second.pk, to_site=scene.site.pk, why="同一场所") >= 1
        check.refresh_from_db()
        return check.state, check.site_id

    assert carried() == ("planned", scene.site.pk)
    assert carried() == ("dropped", scene.site.pk), "the surviving site goes through that list already"
    assert SelfCheck.plain.filter(state="planned").count() == 1
