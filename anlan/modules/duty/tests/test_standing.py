"""Taking up, handing over, swaps, gaps, and who hears of what is raised at night."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.acts import Work
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.deadlines.services import start
from anlan.kernel.deadlines.tasks import sweep
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, SamePerson, WrongStep
from anlan.kernel.identity.models import Grant
from anlan.kernel.identity.services import hand_over
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.duty import public, services
from anlan.modules.duty.models import Gap, Shift, Swap
from anlan.modules.duty.tasks import watch
from anlan.modules.duty.tests.conftest import SYSTEM, Office, at
from anlan.modules.duty.views.shifts import can_sign, can_write


def due(kind: str, record: Any) -> Deadline | None:
    rows = Deadline.plain.filter(kind=kind, subject_type=record._meta.label_lower, subject_id=str(record.pk))
    return rows.order_by("-pk").first()


def told(office: Office, name: str, part: str) -> int:
    return Message.objects.filter(user=office.users[name], text__contains=part).count()


def two(office: Office) -> tuple[Shift, Shift]:
    """A night of 周 and the day of 吴 after it."""
    return office.put(at(4, 17, 30), at(5, 8, 30)), office.put(at(5, 8, 30), at(5, 17, 30), officer="吴")


def test_a_night_is_taken_up_written_and_signed(office: Office) -> None:
    night, day = two(office)
    with clock.moved_to(at(4, 16)), pytest.raises(BadInput):
        services.take_up_duty(actor=office.actor("周"), shift=night)
    with clock.moved_to(at(4, 17, 10)):
        for wrong in ("吴", "郑"):
            with pytest.raises(BadInput):
                services.take_up_duty(actor=office.actor(wrong), shift=night)
        services.take_up_duty(actor=office.actor("周"), shift=night)
        services.take_up_duty(actor=office.actor("周"), shift=night)
    note = due("duty.note", night)
    assert note is not None and note.assignee == office.users["周"] and clock.day_of(note.due_at) == dt.date(2026, 6, 5)
    with clock.moved_to(at(5, 8, 20)):
        with pytest.raises((BadInputs, BadInput)):
            services.write_note(actor=office.actor("周"), shift=night, note="  ")
        with pytest.raises(BadInputs):
            services.sign_hand_over(actor=office.actor("吴"), shift=night)
        for _click in (1, 2):
            services.write_note(actor=office.actor("周"), shift=night, note="23:10 接报一起，已转县局")
        with pytest.raises(SamePerson):
            services.sign_hand_over(actor=office.actor("周"), shift=night)
        with pytest.raises(BadInput):
            services.sign_hand_over(actor=office.actor("郑"), shift=night)
        for _click in (1, 2):
            services.sign_hand_over(actor=office.actor("吴"), shift=night)
    night.refresh_from_db()
    assert (night.state, night.writer, night.signer) == ("handed_over", office.users["周"], office.users["吴"])
    assert night.written_at == night.signed_at == at(5, 8, 20)
    facts = list(Entry.plain.filter(subject_id=str(night.pk), fact_type__startswith="duty.").values_list("fact_type", flat=True))
    assert [facts.count(f"duty.{f}") for f in ("DutyTaken", "NoteWritten", "DutyHandedOver")] == [1, 1, 1]
    signed = due("duty.sign", night)
    assert signed is not None and signed.state == "met"
    assert day.state == "planned"


def test_where_nobody_comes_next_a_colleague_signs(office: Office) -> None:
    night = office.put(at(4, 17, 30), at(5, 8, 30))
    with clock.moved_to(at(4, 17, 30)):
        services.take_up_duty(actor=office.actor("周"), shift=night)
        services.write_note(actor=office.actor("周"), shift=night, note="无异常")
        with pytest.raises((BadInput, NotAllowed)):
            services.sign_hand_over(actor=office.actor("县干部"), shift=night)
        services.sign_hand_over(actor=office.actor("郑"), shift=night)


def test_where_the_writer_himself_comes_next_a_colleague_signs(office: Office) -> None:
    """A swap may leave one officer with two shifts in a row: his note still finds a second name."""
    night = office.put(at(4, 17, 30), at(5, 8, 30))
    office.put(at(5, 8, 30), at(5, 17, 30))
    with clock.moved_to(at(4, 17, 30)):
        services.take_up_duty(actor=office.actor("周"), shift=night)
    with clock.moved_to(at(5, 8, 20)):
        services.write_note(actor=office.actor("周"), shift=night, note="无异常")
        item = due("duty.sign", night)
        assert item is not None and item.assignee is None, "it waits for the office, not for the writer"
        night.refresh_from_db()
        assert can_sign(night, office.actor("吴")) and not can_sign(night, office.actor("周"))
        with pytest.raises(SamePerson):
            services.sign_hand_over(actor=office.actor("周"), shift=night)
        services.sign_hand_over(actor=office.actor("吴"), shift=night)
    night.refresh_from_db()
    assert (night.state, night.signer) == ("handed_over", office.users["吴"])


def test_whoever_takes_over_a_note_can_write_it(office: Office) -> None:
    """The officer leaves in the middle of his shift: the note that is due goes to his successor, who writes it."""
    night, day = two(office)
    with clock.moved_to(at(4, 20)):
        services.take_up_duty(actor=office.actor("周"), shift=night)
        hand_over(actor=office.actor("周"), user=office.users["周"], to=office.users["吴"], reason="调任")
    item = due("duty.note", night)
    assert item is not None and item.assignee == office.users["吴"]
    with clock.moved_to(at(5, 8, 20)):
        night.refresh_from_db()
        assert can_write(night, office.actor("吴")) and not can_write(night, office.actor("郑"))
        with pytest.raises(BadInput):
            services.write_note(actor=office.actor("郑"), shift=night, note="无异常")
        for note in ("无异常", "无异常，设备已检查"):
            services.write_note(actor=office.actor("吴"), shift=night, note=note)
        night.refresh_from_db()
        assert can_write(night, office.actor("吴"))
        services.sign_hand_over(actor=office.actor("郑"), shift=night)
    night.refresh_from_db()
    assert (night.state, night.writer, night.signer) == ("handed_over", office.users["吴"], office.users["郑"])
    assert day.officer == office.users["吴"]


def test_the_signature_waits_for_whoever_comes_on_now(office: Office) -> None:
    """The next shift gets another officer after the note was written: his desk, not that of the one who stays away."""
    night, day = two(office)
    with clock.moved_to(at(5, 7)):
        services.take_up_duty(actor=office.actor("周"), shift=night)
        services.write_note(actor=office.actor("周"), shift=night, note="无异常")
        item = due("duty.sign", night)
        assert item is not None and item.assignee == office.users["吴"]
        services.change_shift(
            actor=office.actor("周"), shift=day, officer=office.key("郑"), leader=office.key("镇长"), reason="临时出差"
        )
        item.refresh_from_db()
        assert item.assignee == office.users["郑"] and clock.day_of(item.due_at) == dt.date(2026, 6, 5)
        services.strike_shift(actor=office.actor("周"), shift=day, reason="重排")
        item.refresh_from_db()
        assert item.assignee is None, "a colleague signs where nobody is planned"
    facts = Entry.plain.filter(fact_type="deadlines.DeadlineSet", subject_id=str(night.pk), subject_type="duty.shift")
    count = facts.count()
    with clock.moved_to(at(6, 9)):
        watch()
    item.refresh_from_db()
    assert facts.count() == count and clock.day_of(item.due_at) == dt.date(2026, 6, 5), "nothing changed, nothing moves"


def test_a_note_not_signed_in_time_is_raised(office: Office) -> None:
    night, _day = two(office)
    with clock.moved_to(at(5, 8)):
        services.take_up_duty(actor=office.actor("周"), shift=night)
        services.write_note(actor=office.actor("周"), shift=night, note="无异常")
    with clock.moved_to(at(6, 0, 0)):
        sweep()
    late = due("duty.sign", night)
    assert late is not None and late.escalations == 1
    about = Message.objects.filter(subject_type="duty.shift", text__contains="Overdue since")
    assert [about.filter(user=office.users[n]).count() for n in ("吴", "县长")] == [1, 1]


def test_what_is_raised_at_night_reaches_who_is_on_duty(office: Office) -> None:
    room = services.open_room(actor=office.actor("县干部"), region=office.county, phone="0998-6610110")
    by = office.actor("县干部")
    services.put_shift(
        actor=by, room=room, begins=at(5, 17, 30), ends=at(6, 8, 30), officer=office.key("县副手"), leader=office.key("县长")
    )
    work = Work(actor=SYSTEM, act="tests")
    start(
        work, office.room, kind="tests.item", label="Rectify", due=dt.date(2026, 6, 5), duty="hazards.rectify",
        desk_path=office.town.path, remind_days=(),
    )  # fmt: skip
    with clock.moved_to(at(5, 23, 59)):
        sweep()
    assert told(office, "县副手", "Overdue since") == 0
    with clock.moved_to(at(5, 23, 59) + dt.timedelta(seconds=60)):
        sweep()
    assert told(office, "县副手", "Overdue since") == 1
    message = Message.objects.get(user=office.users["县副手"], text__contains="Overdue since")
    assert message.urgent and told(office, "县长", "Overdue since") == 1, "told once, as leader and as leading cadre"


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        (at(3, 8, 29), True), (at(3, 8, 30), False), (at(3, 11, 59), False), (at(3, 12, 0), True), (at(3, 14, 30), False),
        (at(3, 17, 30), True), (at(3, 23, 59), True), (at(6, 10, 0), True), (at(19, 10, 0), True),
    ],
)  # fmt: skip
def test_working_hours_are_those_of_the_office(office: Office, moment: dt.datetime, reached: bool) -> None:
    from anlan.modules.duty.selectors import told_at_night

    Shift.plain.create(
        room=office.room, region_path=office.town.path, state="planned", kind="day", begins_at=at(1, 0),
        ends_at=at(30, 0), officer=office.users["周"], leader=office.users["镇长"],
    )  # fmt: skip
    with clock.moved_to(moment):
        found = told_at_night(None, office.town)
    assert [u.name for u in found] == (["周", "镇长"] if reached else [])


def test_a_gap_is_one_alarm_until_it_is_filled(office: Office) -> None:
    two(office)
    office.put(at(3, 8, 30), at(3, 17, 30), officer="郑")
    office.put(at(3, 17, 30), at(4, 8, 30), officer="吴")
    office.put(at(5, 17, 30), at(6, 8, 30), officer="郑")
    office.put(at(6, 8, 30), at(7, 8, 30), officer="周")
    hole = Gap.plain.get(outcome="")
    assert (hole.begins_at, hole.ends_at) == (at(4, 8, 30), at(4, 17, 30))
    assert told(office, "镇长", "Nobody is on duty at") >= 1
    alarms = Message.objects.filter(subject_type="duty.gap")
    count, entries = alarms.count(), Entry.plain.filter(fact_type="duty.GapOpened").count()
    for hour in (13, 14, 20):
        with clock.moved_to(at(3, hour)):
            watch()
    assert (alarms.count(), Entry.plain.filter(fact_type="duty.GapOpened").count()) == (count, entries)
    item = due("duty.gap", hole)
    assert item is not None and item.state == "open" and item.desk_path == office.town.path
    assert clock.day_of(item.due_at) == dt.date(2026, 6, 4)
    with clock.moved_to(at(3, 21)):
        office.put(at(4, 8, 30), at(4, 12), officer="郑")
        hole.refresh_from_db()
        assert (hole.outcome, hole.begins_at) == ("", at(4, 12)), "a part is left"
        office.put(at(4, 12), at(4, 17, 30), officer="吴")
    hole.refresh_from_db()
    item.refresh_from_db()
    assert (hole.outcome, item.state) == ("filled", "met")
    with clock.moved_to(at(4, 9)):
        watch()
    ahead = Gap.plain.get(outcome="")
    assert (ahead.begins_at, ahead.ends_at) == (at(7, 8, 30), None), "beyond 72 hours it was no alarm yet"


def test_whoever_left_leaves_a_gap(office: Office) -> None:
    """An account closed, an authority ended, nothing handed over: the roster names somebody who will not come."""
    office.put(at(3, 8, 30), at(4, 8, 30))
    theirs = office.put(at(4, 8, 30), at(5, 8, 30), officer="吴")
    office.put(at(5, 8, 30), at(6, 8, 30), officer="郑", deputy="周")
    office.put(at(6, 8, 30), at(7, 8, 30))
    assert not Gap.plain.filter(outcome="").exists()
    Grant.objects.filter(user=office.users["郑"]).update(valid_to=dt.date(2026, 6, 4))  # his deputy stands in
    office.users["吴"].is_active = False
    office.users["吴"].save()
    watch()
    hole = Gap.plain.get(outcome="")
    assert (hole.begins_at, hole.ends_at) == (at(4, 8, 30), at(5, 8, 30))
    services.change_shift(actor=office.actor("周"), shift=theirs, officer=office.key("周"), leader=office.key("镇长"))
    hole.refresh_from_db()
    assert hole.outcome == "filled"


def test_at_night_the_deputy_hears_too(office: Office) -> None:
    from anlan.modules.duty.selectors import told_at_night

    office.put(at(3, 17, 30), at(4, 8, 30), officer="周", deputy="吴")
    with clock.moved_to(at(3, 23)):
        assert [u.name for u in told_at_night(None, office.town)] == ["周", "吴", "镇长"]


@pytest.mark.parametrize(("moment", "reached"), [(at(3, 23), ["周", "吴", "镇长"]), (at(4, 10), [])])
def test_what_cannot_wait_until_morning_calls_whoever_is_on_duty(
    office: Office, moment: dt.datetime, reached: list[str]
) -> None:
    office.put(at(3, 17, 30), at(4, 17, 30), officer="周", deputy="吴")
    said = {"text": "Outside hours: %(number)s", "subject_type": "duty.dutyroom", "subject_id": str(office.room.pk)}
    with clock.moved_to(moment):
        many = services.call_duty(actor=SYSTEM, path=office.town.path, params={"number": "YH-1"}, **said)
        assert services.call_duty(actor=SYSTEM, path="", params={}, **said) == 0
    rows = Message.objects.filter(text=said["text"])
    assert many == len(reached) and sorted(m.user.name for m in rows) == sorted(reached)
    assert all(m.urgent and m.params == {"number": "YH-1"} and m.subject_id == str(office.room.pk) for m in rows)
    with pytest.raises(NotAllowed):
        services.call_duty(actor=office.actor("周"), path=office.town.path, **said)


def test_two_gaps_that_grow_together_are_one_and_none_was_filled(office: Office) -> None:
    office.put(at(3, 8, 30), at(4, 8, 30))
    between = office.put(at(4, 17, 30), at(5, 8, 30), officer="吴")
    office.put(at(5, 17, 30), at(7, 8, 30) - dt.timedelta(hours=15), officer="郑")
    office.put(at(6, 17, 30), at(7, 8, 30), officer="吴")
    first, second = Gap.plain.filter(outcome="", ends_at__isnull=False).order_by("begins_at")
    services.strike_shift(actor=office.actor("周"), shift=between, reason="抽调")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, first.begins_at, first.ends_at) == ("", at(4, 8, 30), at(5, 17, 30))
    item = due("duty.gap", second)
    assert (second.outcome, item is not None and item.state) == ("joined", "cancelled"), "nobody filled these hours"


def test_a_gap_that_goes_by_is_known_as_such(office: Office) -> None:
    office.put(at(3, 8, 30), at(3, 17, 30))
    office.put(at(3, 20), at(6, 8) - dt.timedelta(hours=40), officer="吴")
    hole = Gap.plain.get(begins_at=at(3, 17, 30))
    with clock.moved_to(at(3, 18)):
        watch()
        hole.refresh_from_db()
        assert (hole.outcome, hole.begins_at) == ("", at(3, 17, 30))
    with clock.moved_to(at(3, 20)):
        watch()
    hole.refresh_from_db()
    item = due("duty.gap", hole)
    assert hole.outcome == "passed" and item is not None and item.state == "cancelled"


def test_an_office_that_stands_no_duty_has_no_gaps(bare: Office) -> None:
    watch()
    assert not Gap.plain.exists()
    assert public.on_duty(bare.town.path) is None


def test_a_shift_nobody_took_up_is_missed(office: Office) -> None:
    shift = office.put(at(3, 17, 30), at(4, 8, 30))
    with clock.moved_to(at(4, 8, 29)):
        watch()
        shift.refresh_from_db()
        assert shift.state == "planned"
    with clock.moved_to(at(4, 8, 30)):
        watch()
        watch()
        with pytest.raises((WrongStep, BadInput)):
            services.take_up_duty(actor=office.actor("周"), shift=shift)
    shift.refresh_from_db()
    assert shift.state == "missed"
    assert told(office, "镇长", "Nobody took up duty") == 1


def asked(office: Office) -> Swap:
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    swap: Swap = services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key("吴"), reason="家中有事")
    return swap


def test_a_swap_is_asked_agreed_to_and_approved(office: Office) -> None:
    swap = asked(office)
    again = services.ask_swap(
        actor=office.actor("周"), shift=swap.shift, colleague=office.key("吴"), reason="家中有事"
    )
    assert again.pk == swap.pk and told(office, "吴", "asks you to stand") == 1
    item = due("duty.agree", swap)
    assert item is not None and item.assignee == office.users["吴"]
    for wrong in ("周", "郑"):
        with pytest.raises(BadInput):
            services.agree_swap(actor=office.actor(wrong), swap=swap)
    with pytest.raises(WrongStep):
        services.approve_swap(actor=office.actor("镇长"), swap=swap)
    for _click in (1, 2):
        services.agree_swap(actor=office.actor("吴"), swap=swap)
    with pytest.raises(NotAllowed):
        services.approve_swap(actor=office.actor("周"), swap=swap)
    for _click in (1, 2):
        services.approve_swap(actor=office.actor("镇长"), swap=swap)
    swap.refresh_from_db()
    assert swap.state == "approved" and swap.shift.officer == office.users["吴"]
    assert Entry.plain.filter(fact_type="duty.SwapApproved").count() == 1
    assert told(office, "周", "The swap was approved") == told(office, "吴", "The swap was approved") == 1
    left = due("duty.approve", swap)
    assert left is not None and left.state == "met"


def test_a_swap_is_declined_refused_withdrawn(office: Office) -> None:
    swap = asked(office)
    services.decline_swap(actor=office.actor("吴"), swap=swap, answer="当晚出差")
    shift = swap.shift
    second = services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key("郑"), reason="家中有事")
    with pytest.raises(BadInput):
        services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key("吴"), reason="家中有事")
    services.agree_swap(actor=office.actor("郑"), swap=second)
    with pytest.raises(BadInputs):
        services.refuse_swap(actor=office.actor("镇长"), swap=second, answer="")
    services.refuse_swap(actor=office.actor("镇长"), swap=second, answer="当晚须本人在岗")
    third = services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key("郑"), reason="再次申请")
    with pytest.raises(BadInput):
        services.withdraw_swap(actor=office.actor("郑"), swap=third)
    services.withdraw_swap(actor=office.actor("周"), swap=third)
    assert list(Swap.plain.order_by("pk").values_list("state", flat=True)) == ["declined", "refused", "withdrawn"]
    shift.refresh_from_db()
    assert shift.officer == office.users["周"]
    assert not Deadline.plain.filter(subject_type="duty.swap", state="open").exists()


def test_a_swap_lapses_when_the_shift_begins_or_its_roster_changes(office: Office) -> None:
    swap = asked(office)
    services.agree_swap(actor=office.actor("吴"), swap=swap)
    with clock.moved_to(at(4, 17, 30)):
        with pytest.raises(WrongStep):
            services.approve_swap(actor=office.actor("镇长"), swap=swap)
        watch()
        watch()
    swap.refresh_from_db()
    assert swap.state == "lapsed" and told(office, "周", "request for a swap lapsed") == 1
    other = office.put(at(6, 17, 30), at(7, 8, 30))
    second = services.ask_swap(actor=office.actor("周"), shift=other, colleague=office.key("吴"), reason="家中有事")
    services.change_shift(actor=office.actor("吴"), shift=other, officer=office.key("郑"), leader=office.key("镇长"))
    second.refresh_from_db()
    assert second.state == "lapsed"


def test_a_swap_with_somebody_who_cannot_is_refused(office: Office) -> None:
    shift = office.put(at(4, 17, 30), at(5, 8, 30), deputy="郑")
    office.put(at(5, 8, 30), at(5, 17, 30), officer="吴")
    for colleague, reason, column in (("县干部", "有事", "colleague"), ("郑", "有事", "colleague"), ("吴", " ", "reason")):
        with pytest.raises(BadInput) as why:
            services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key(colleague), reason=reason)
        assert why.value.column == column
    with pytest.raises(BadInput):
        services.ask_swap(actor=office.actor("吴"), shift=shift, colleague=office.key("郑"), reason="有事")
    swap = services.ask_swap(actor=office.actor("周"), shift=shift, colleague=office.key("吴"), reason="有事")
    services.agree_swap(actor=office.actor("吴"), swap=swap)
    office.put(at(4, 8, 30), at(4, 17, 30), officer="周", deputy="吴")
    services.approve_swap(actor=office.actor("镇长"), swap=swap)


def test_the_front_door(office: Office) -> None:
    office.put(at(3, 8, 30), at(3, 17, 30))
    found = public.on_duty(office.town.path)
    assert found is not None
    assert (found.office, found.phone, found.officer, found.leader) == ("城南镇", "0998-6620110", "周", "镇长")
    assert found.until == at(3, 17, 30)
