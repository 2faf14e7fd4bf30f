"""Transfers, listings, instructions, extensions, urging: beside the loop, each with its own table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock, law
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import set_figure
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.deadlines.services import find, open_on
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, RuleBroken, SamePerson, WrongStep
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.hazards import services
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.modules.hazards.services._terms import due_of
from anlan.modules.hazards.tests.conftest import Cast, Story

pytestmark = pytest.mark.django_db

LISTING = {"leader_name": "王五", "leader_title": "副县长", "due_on": dt.date(2026, 4, 30), "reason": "整改难度大"}


def test_a_transfer_is_offered_then_taken_over(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    offer = services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="属地有误")
    assert fresh(hazard).owner_path == cast.regions["townA"].path, "the owner stays until it is taken over"
    assert Hazard.objects.visible_to(cast.sibling).filter(pk=hazard.pk).exists(), "the receiver sees what is offered"
    assert [d.kind for d in due_for(cast.sibling)] == ["transfer"]
    with pytest.raises(NotAllowed):
        services.assess_major(actor=cast.sibling, hazard=hazard, judgement="只是被移交")
    with pytest.raises(NotAllowed):
        services.accept_transfer(actor=cast.town, transfer=offer)
    assert (
        services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="再次") == offer
    )
    services.accept_transfer(actor=cast.sibling, transfer=offer)
    hazard = fresh(hazard)
    assert (hazard.owner_path, hazard.offered_path) == (cast.regions["townA2"].path, "")
    story.rectified(hazard)
    with pytest.raises(NotAllowed, match="on the desk of"):
        services.accept_rectification(actor=cast.town, hazard=hazard, opinion="合格")
    assert find(hazard, "review").desk_path == cast.regions["townA2"].path
    services.accept_rectification(actor=cast.sibling, hazard=hazard, opinion="合格")


def test_open_items_of_the_office_move_with_the_hazard(cast: Cast, story: Story) -> None:
    hazard = story.rectified(story.general())
    given = services.instruct(actor=cast.leader, hazard=hazard, text="请尽快验收", due_on=dt.date(2026, 3, 9))
    offer = services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["countyA"], reason="提级办理")
    services.accept_transfer(actor=cast.county, transfer=offer)
    county = cast.regions["countyA"].path
    assert find(hazard, "review").desk_path == county
    assert find(given, "instruction").desk_path == county
    assert Instruction.plain.get().owner_path == county


def test_a_transfer_to_another_line_of_the_same_office(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    offer = services.offer_transfer(
        actor=cast.county, hazard=hazard, region=cast.regions["countyA"], sector="fire", reason="属消防职责"
    )
    assert Hazard.objects.visible_to(cast.fireline).filter(pk=hazard.pk).exists()
    services.accept_transfer(actor=cast.fireline, transfer=offer)
    assert fresh(hazard).owner_sector == "fire"


def test_a_transfer_refused_and_one_recalled(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general()
    offer = services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="属地有误")
    services.refuse_transfer(actor=cast.sibling, transfer=offer, answer="不在我镇")
    assert (fresh(hazard).offered_path, find(hazard, "transfer")) == ("", None)
    assert not Hazard.objects.visible_to(cast.sibling).filter(pk=hazard.pk).exists()
    offer = services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="再次移交")
    with pytest.raises(NotAllowed):
        services.recall_transfer(actor=cast.sibling, transfer=offer)
    services.recall_transfer(actor=cast.town, transfer=offer)
    assert set(Transfer.plain.values_list("state", flat=True)) == {"refused", "recalled"}


def test_transfers_that_make_no_sense_are_refused(cast: Cast, story: Story) -> None:
    hazard = story.general()
    with pytest.raises(BadInput, match="on that desk already"):
        services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["villageA"], reason="原地")
    with pytest.raises(BadInput, match="Nobody at"):
        services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townB"], reason="无人接收")
    with pytest.raises(BadInput, match="sector lines"):
        services.offer_transfer(
            actor=cast.town, hazard=hazard, region=cast.regions["townA2"], sector="x", reason="错线"
        )


def test_the_receiver_who_offered_may_not_take_over(cast: Cast, story: Story) -> None:
    hazard = story.general()
    offer = services.offer_transfer(actor=cast.county, hazard=hazard, region=cast.regions["countyA"], reason="提级办理")
    with pytest.raises(SamePerson):
        services.accept_transfer(actor=cast.county, transfer=offer)
    services.accept_transfer(actor=cast.county2, transfer=offer)


def test_listing_is_issued_downward_or_asked_for_upward(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.approved()
    with pytest.raises(NotAllowed, match="Only the office of that level"):
        services.list_hazard(actor=cast.town, hazard=hazard, level="county", **LISTING)
    services.list_hazard(actor=cast.town, hazard=hazard, level="town", **LISTING)
    asked = services.request_listing(actor=cast.town, hazard=hazard, level="county", reason="镇级难以推动")
    with pytest.raises(BadInput, match="waiting"):
        services.request_listing(actor=cast.town, hazard=hazard, level="city", reason="再次申请")
    terms = {k: v for k, v in LISTING.items() if k != "reason"}
    services.grant_listing(actor=cast.county, listing=asked, **terms)
    assert fresh(hazard).listing_level == "county"
    assert sorted(Listing.plain.values_list("level", "state")) == [("county", "listed"), ("town", "superseded")]
    with pytest.raises(BadInput, match="already"):
        services.list_hazard(actor=cast.city, hazard=hazard, level="county", **LISTING)
    services.list_hazard(actor=cast.city, hazard=hazard, level="city", **LISTING)
    assert find(hazard, "listing").desk_path == cast.regions["city"].path


def test_removal_from_the_list_is_decided_by_another_person(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.approved()
    listing = services.list_hazard(actor=cast.county, hazard=hazard, level="county", **LISTING)
    with pytest.raises(WrongStep):
        services.request_delisting(actor=cast.safety, listing=listing, evaluation="还没有整改")
    story.accepted(hazard)
    services.request_delisting(actor=cast.county, listing=listing, evaluation="治理完成，评估合格")
    with pytest.raises(SamePerson):
        services.delist_hazard(actor=cast.county, listing=listing, answer="同意")
    services.keep_listing(actor=cast.county2, listing=listing, answer="缺评估报告")
    assert Listing.plain.get().state == "listed"
    services.request_delisting(actor=cast.safety, listing=listing, evaluation="补充评估报告")
    services.delist_hazard(actor=cast.county2, listing=listing, answer="同意解除")
    assert (fresh(hazard).listing_level, find(hazard, "listing")) == ("", None)


def test_a_request_can_be_declined(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.approved()
    asked = services.request_listing(actor=cast.town, hazard=hazard, level="county", reason="提级督办")
    services.decline_listing(actor=cast.county, listing=asked, answer="由镇督办")
    assert (Listing.plain.get().state, fresh(hazard).listing_level) == ("declined", "")


def test_a_level_that_has_no_office_is_refused(cast: Cast, story: Story) -> None:
    hazard = story.approved()
    with pytest.raises(BadInput, match="level"):
        services.list_hazard(actor=cast.city, hazard=hazard, level="province", **LISTING)


def test_an_instruction_becomes_a_due_item(cast: Cast, story: Story) -> None:
    hazard = story.general()
    given = services.instruct(actor=cast.leader, hazard=hazard, text="务必限期整改到位", due_on=dt.date(2026, 3, 9))
    assert [d.kind for d in due_for(cast.town)] == ["instruction"]
    assert Message.objects.filter(user=cast.user("town"), text__startswith="%(by)s wrote").exists()
    with pytest.raises(NotAllowed):
        services.answer_instruction(actor=cast.leader, instruction=given, answer="自己批示自己答")
    services.answer_instruction(actor=cast.town, instruction=given, answer="已约谈，三日内完成")
    assert not due_for(cast.town).exists()
    services.return_answer(actor=cast.leader, instruction=given, reason="说明不具体", due_on=dt.date(2026, 3, 11))
    assert [d.kind for d in due_for(cast.town)] == ["instruction"]
    services.answer_instruction(actor=cast.town, instruction=given, answer="已于三月十日整改到位")
    assert Instruction.plain.get().state == "answered"


def test_an_instruction_recalled_falls_away(cast: Cast, story: Story) -> None:
    hazard = story.general()
    given = services.instruct(actor=cast.county_leader, hazard=hazard, text="请核查", due_on=dt.date(2026, 3, 9))
    services.recall_instruction(actor=cast.county_leader, instruction=given)
    assert not due_for(cast.town).exists()


def test_more_time(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.general(due=dt.date(2026, 3, 20))
    asked = {"asked_due": dt.date(2026, 4, 3), "reason": "配件供货延迟", "safeguards": "停用设备并专人看守"}
    with pytest.raises(RuleBroken, match="2026-03-10"):
        services.ask_extension(actor=cast.safety, hazard=hazard, **asked)
    with clock.moved_to(dt.date(2026, 3, 16)):
        with pytest.raises(BadInput, match="after the present"):
            services.ask_extension(actor=cast.safety, hazard=hazard, **{**asked, "asked_due": dt.date(2026, 3, 20)})
        first = services.ask_extension(actor=cast.safety, hazard=hazard, **asked)
        assert [d.kind for d in due_for(cast.town)] == ["extension"]
        services.grant_extension(actor=cast.town, extension=first, answer="同意延期")
    hazard = fresh(hazard)
    assert (hazard.rectify_due, hazard.extended) == (dt.date(2026, 4, 3), 1)
    assert clock.day_of(find(hazard, "rectify").due_at) == dt.date(2026, 4, 3)
    with clock.moved_to(dt.date(2026, 4, 1)):
        second = services.ask_extension(
            actor=cast.safety, hazard=hazard, **{**asked, "asked_due": dt.date(2026, 4, 10)}
        )
        services.refuse_extension(actor=cast.town, extension=second, answer="理由不充分")
        third = services.ask_extension(actor=cast.safety, hazard=hazard, **{**asked, "asked_due": dt.date(2026, 4, 10)})
        story.rectified(hazard)
        assert Extension.plain.get(pk=third.pk).state == "lapsed"
    with clock.moved_to(dt.date(2026, 4, 6)), pytest.raises(WrongStep):
        services.ask_extension(actor=cast.safety, hazard=hazard, **{**asked, "asked_due": dt.date(2026, 4, 20)})


def test_no_more_time_after_the_limit_or_beyond_the_count(cast: Cast, story: Story) -> None:
    hazard = story.general(due=dt.date(2026, 3, 6))
    said = {"reason": "配件供货延迟", "safeguards": "停用设备并专人看守"}
    with clock.moved_to(dt.date(2026, 3, 7)), pytest.raises(RuleBroken, match="ended"):
        services.ask_extension(actor=cast.safety, hazard=hazard, asked_due=dt.date(2026, 3, 20), **said)
    for due in (dt.date(2026, 3, 9), dt.date(2026, 3, 11)):
        asked = services.ask_extension(actor=cast.safety, hazard=hazard, asked_due=due, **said)
        services.grant_extension(actor=cast.town, extension=asked, answer="同意")
    with pytest.raises(RuleBroken, match="2 times"):
        services.ask_extension(actor=cast.safety, hazard=hazard, asked_due=dt.date(2026, 3, 13), **said)


def test_urging_tells_the_desk_once_an_hour(cast: Cast, story: Story) -> None:
    hazard = story.general()
    before = Hazard.plain.get(pk=hazard.pk).version
    services.urge_hazard(actor=cast.leader, hazard=hazard, note="抓紧")
    services.urge_hazard(actor=cast.leader, hazard=hazard, note="抓紧")
    assert Message.objects.filter(user=cast.user("safety"), text__contains="urges").count() == 1
    assert Entry.plain.filter(fact_type="deadlines.Urged").count() == 1
    assert Hazard.plain.get(pk=hazard.pk).version == before, "urging changes nothing in the record"
    story.closed(hazard)
    with pytest.raises(WrongStep):
        services.urge_hazard(actor=cast.leader, hazard=hazard)


def test_companions_end_with_the_hazard(cast: Cast, story: Story, fresh: Any) -> None:
    hazard = story.accepted(story.general())
    services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="属地有误")
    services.close_hazard(actor=cast.town, hazard=hazard)
    hazard = fresh(hazard)
    assert (hazard.offered_path, Transfer.plain.get().state) == ("", "recalled")
    assert {d.kind for d in open_on(hazard)} == {"recheck"}


def test_a_strangers_companions_do_not_exist(cast: Cast, story: Story) -> None:
    hazard = story.general()
    offer = services.offer_transfer(actor=cast.town, hazard=hazard, region=cast.regions["townA2"], reason="属地有误")
    with pytest.raises(NotFound):
        services.accept_transfer(actor=cast.other_county, transfer=offer)


def test_the_office_s_own_figures_stand_in_place_of_those_to_verify(cast: Cast, story: Story, fresh: Any) -> None:
    """Until 31 January 2026 the window and the answer rest on 令15 第二十一条, which is to be verified."""
    basis = "东江县执法手册第三条"
    for code, days in (("extension_request", 4), ("extension_answer", 2)):
        set_figure(
            actor=Actor.system("tests"), code=f"penalty_clock.{code}.number", region=cast.regions["countyA"],
            value=Decimal(days), valid_from=dt.date(2026, 1, 1), basis=basis,
        )  # fmt: skip
    law.read_figures()
    asked = {"asked_due": dt.date(2026, 1, 30), "reason": "配件供货延迟", "safeguards": "停用设备并专人看守"}
    with clock.moved_to(dt.date(2026, 1, 5)):
        hazard = story.general(due=dt.date(2026, 1, 23))
    with clock.moved_to(dt.date(2026, 1, 16)), pytest.raises(RuleBroken, match="2026-01-19"):
        services.ask_extension(actor=cast.safety, hazard=fresh(hazard), **asked)
    with clock.moved_to(dt.date(2026, 1, 19)):
        extension = services.ask_extension(actor=cast.safety, hazard=fresh(hazard), **asked)
    assert basis in extension.basis and "第二十一条（待核实）" in extension.basis
    answer = find(extension, "extension") or find(hazard, "extension")
    assert clock.day_of(answer.due_at) == dt.date(2026, 1, 21) and basis in answer.basis
    assert any("采用本地设定的数据" in step and basis in step for step in answer.trace)
    law._kept = ()
    with clock.moved_to(dt.date(2026, 1, 19)):
        assert due_of("extension", fresh(hazard)).value == dt.date(2026, 1, 26), "5 days, rolled off the weekend"
