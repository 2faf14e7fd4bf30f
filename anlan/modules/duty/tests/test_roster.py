"""Planning a month, single shifts, who is refused and why."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, NotFound, WrongStep
from anlan.kernel.identity.belongings import kinds
from anlan.kernel.identity.models import Grant
from anlan.kernel.journal.models import Entry, StepTaken
from anlan.modules.duty import selectors, services
from anlan.modules.duty.models import Absence, DutyRoom, Shift
from anlan.modules.duty.tests.conftest import NOON, SYSTEM, Office, at, make_user


def plan(office: Office, month: str = "2026-07", officers: str = "周吴郑", by: str = "周", **more: Any) -> dict[str, int]:
    outcome: dict[str, int] = services.plan_month(
        actor=office.actor(by), room=office.room, month=month, officers=[office.key(n) for n in officers],
        leaders=[office.key("镇长"), office.key("副镇长")], **more,
    )  # fmt: skip
    return outcome


def rows() -> list[Shift]:
    return list(Shift.plain.select_related("officer", "leader").order_by("begins_at"))


def test_a_month_is_covered_hour_by_hour_and_nobody_stands_twice_in_a_row(office: Office) -> None:
    assert plan(office) == {"planned": 62, "unfilled": 0}
    made = rows()
    assert made[0].begins_at == at(1, 8, 30, month=7) and made[-1].ends_at == at(1, 8, 30, month=8)
    assert all(a.ends_at == b.begins_at for a, b in itertools.pairwise(made))
    assert all(a.officer_id != b.officer_id for a, b in itertools.pairwise(made))
    assert max(Counter(s.officer_id for s in made).values()) - min(Counter(s.officer_id for s in made).values()) <= 1
    by_day: dict[dt.date, set[str]] = {}
    for shift in made:
        by_day.setdefault(shift.day, set()).add(shift.leader.name)
    assert all(len(names) == 1 for names in by_day.values()), "one leading cadre a day"
    assert by_day[dt.date(2026, 7, 1)] != by_day[dt.date(2026, 7, 2)]
    assert StepTaken.objects.filter(subject_type="duty.shift", step="plan").count() == 62


def test_planning_again_changes_nothing_and_one_officer_is_too_few(office: Office) -> None:
    plan(office)
    told = Entry.plain.count()
    assert plan(office) == {"planned": 0, "unfilled": 0}
    assert Entry.plain.count() == told
    for given, column in (
        ({"officers": "周"}, "officers"), ({"officers": "周外"}, "officers"), ({"month": "2026-13"}, "month"),
        ({"month": "2026-7-1"}, "month"), ({"month": "2026-07-01"}, "month"), ({"month": "2026年7月"}, "month"), ({"month": ""}, "month"),
        ({"month": "2026-05"}, "month"), ({"month": "2028-01"}, "month"),
    ):  # fmt: skip
        office.users["外"] = office.users["外人"]
        with pytest.raises(BadInput) as why:
            plan(office, **given)
        assert why.value.column == column


def test_the_present_month_is_planned_from_now_on_around_what_stands(office: Office) -> None:
    stands = office.put(at(5, 17, 30), at(6, 8, 30), officer="郑")
    plan(office, "2026-06")
    made = rows()
    assert made[0].begins_at == at(3, 8, 30), "the shift that runs now"
    assert [s.pk for s in made if s.begins_at == at(5, 17, 30)] == [stands.pk]
    near = [s.officer.name for s in made if s.begins_at in (at(5, 8, 30), at(6, 8, 30))]
    assert "郑" not in near


def test_weekends_holidays_and_make_up_days_are_marked(office: Office) -> None:
    plan(office, "2026-06")
    marked = {s.day.day for s in rows() if s.rest_day and s.day.month == 6}
    assert {6, 7, 13, 14, 19, 20, 21, 27, 28} <= marked, "weekends and the Dragon Boat Festival"
    assert 22 not in marked and 17 not in marked
    with clock.moved_to(at(20, 12, month=9)):
        plan(office, "2026-10")
    october = {s.day.day for s in rows() if s.rest_day and s.day.month == 10}
    assert {1, 2, 3, 4, 5, 6, 7} <= october and 10 not in october, "a Saturday that is worked"


def test_whoever_is_off_is_passed_over_and_comes_next(office: Office) -> None:
    services.note_absence(
        actor=office.actor("周"), room=office.room, user=office.key("吴"), first=dt.date(2026, 7, 1),
        last=dt.date(2026, 7, 3), reason="学习",
    )  # fmt: skip
    plan(office)
    made = rows()
    off = [s for s in made if s.officer.name == "吴" and s.begins_at < at(4, 0, month=7)]
    assert not off
    first_back = next(s for s in made if s.begins_at >= at(4, 0, month=7))
    assert first_back.officer.name == "吴", "nobody is passed over twice in a row"


def test_where_nobody_can_the_hours_stay_bare(office: Office) -> None:
    for name in ("周", "吴"):
        services.note_absence(
            actor=office.actor("周"), room=office.room, user=office.key(name), first=dt.date(2026, 7, 10),
            last=dt.date(2026, 7, 10), reason="会议",
        )  # fmt: skip
    outcome = plan(office, officers="周吴")
    assert outcome["unfilled"] == 3, "the night before, the day, and the night"
    assert sum(outcome.values()) == 62


def test_a_post_that_ends_ends_the_rotation_too(office: Office) -> None:
    Grant.objects.filter(user=office.users["郑"]).update(valid_to=dt.date(2026, 7, 15))
    plan(office)
    theirs = [s for s in rows() if s.officer.name == "郑"]
    assert theirs and max(clock.day_of(s.ends_at) for s in theirs) <= dt.date(2026, 7, 15)


def test_overlaps_absences_and_strangers_are_refused(office: Office) -> None:
    office.put(at(4, 8, 30), at(4, 17, 30), officer="周", deputy="郑")
    services.note_absence(
        actor=office.actor("周"), room=office.room, user=office.key("吴"), first=dt.date(2026, 6, 8),
        last=dt.date(2026, 6, 9), reason="年休假",
    )  # fmt: skip
    line = make_user("条线", "town_officer", office.town, sector="fire")
    office.users["条线"] = line
    refused = (
        (at(4, 16), at(4, 20), {"officer": "吴"}, "begins"),  # covered already
        (at(7, 17, 30), at(8, 8, 30), {"officer": "吴"}, "officer"),  # off on the morning after
        (at(10, 8), at(10, 12), {"officer": "县干部"}, "officer"),  # no post at this office
        (at(10, 8), at(10, 12), {"officer": "镇长", "leader": "副镇长"}, "officer"),  # a leader is no duty officer
        (at(10, 8), at(10, 12), {"officer": "条线"}, "officer"),  # one line only
        (at(10, 8), at(10, 12), {"officer": "周", "leader": "周"}, "leader"),
        (at(10, 8), at(10, 12), {"officer": "周", "deputy": "周"}, "deputy"),
        (at(10, 12), at(10, 8), {}, "ends"), (at(10, 8), at(12, 8), {}, "ends"), (at(2, 8), at(2, 12), {}, "ends"),
    )  # fmt: skip
    for begins, ends, who, column in refused:
        with pytest.raises(BadInput) as why:
            office.put(begins, ends, **who)
        assert why.value.column == column, (begins, who)
    assert Shift.plain.count() == 1


def test_nobody_stands_duty_in_two_offices_at_once(office: Office) -> None:
    Grant.objects.create(
        user=office.users["周"], role="county_officer", region=office.county, valid_from=dt.date(2026, 1, 1)
    )
    room = services.open_room(actor=office.actor("县干部"), region=office.county, phone="0998-6610110")
    office.put(at(4, 17, 30), at(5, 8, 30), officer="周")
    with pytest.raises(BadInput) as why:
        services.put_shift(
            actor=office.actor("县干部"), room=room, begins=at(5, 8), ends=at(5, 12), officer=office.key("周"),
            leader=office.key("县长"),
        )  # fmt: skip
    assert why.value.column == "officer"


def test_changing_and_striking(office: Office) -> None:
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    services.change_shift(
        actor=office.actor("吴"), shift=shift, officer=office.key("吴"), leader=office.key("镇长"), reason="对调"
    )
    services.change_shift(actor=office.actor("吴"), shift=shift, officer=office.key("吴"), leader=office.key("镇长"))
    assert Entry.plain.filter(fact_type="duty.ShiftChanged").count() == 1
    with pytest.raises(BadInputs):
        services.strike_shift(actor=office.actor("周"), shift=shift, reason=" ")
    services.strike_shift(actor=office.actor("周"), shift=shift, reason="重排")
    services.strike_shift(actor=office.actor("周"), shift=shift, reason="重排")
    assert Entry.plain.filter(fact_type="duty.ShiftStruck").count() == 1
    with pytest.raises(WrongStep):
        services.change_shift(actor=office.actor("周"), shift=shift, officer=office.key("周"), leader=office.key("镇长"))
    office.put(at(4, 17, 30), at(5, 8, 30))


def test_who_may_and_where(office: Office) -> None:
    with pytest.raises(NotFound):
        plan(office, by="外人")
    with pytest.raises(NotAllowed):
        plan(office, by="郑")
    with pytest.raises(NotAllowed):
        services.open_room(actor=office.actor("外人"), region=office.county, phone="0998-1234567")
    assert plan(office, by="镇长")["planned"] == 62
    assert not selectors.shifts(office.actor("外人")).exists()


def test_rooms(office: Office) -> None:
    by = office.actor("周")
    for phone in ("", "call me", "1"):
        with pytest.raises(BadInput):
            services.change_room(actor=by, room=office.room, phone=phone)
    with pytest.raises(BadInput):
        services.open_room(actor=by, region=office.town, phone="0998-6620111")
    services.change_room(actor=by, room=office.room, phone="0998-6620112")
    services.change_room(actor=by, room=office.room, phone="0998-6620112")
    assert Entry.plain.filter(fact_type="duty.RoomChanged").count() == 1
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    with pytest.raises(BadInput):
        services.close_room(actor=by, room=office.room, reason="并入县局")
    services.strike_shift(actor=by, shift=shift, reason="并入县局")
    services.close_room(actor=by, room=office.room, reason="并入县局")
    services.close_room(actor=by, room=office.room, reason="并入县局")
    office.room = DutyRoom.plain.get(pk=office.room.pk)
    with pytest.raises(BadInput):
        plan(office)
    services.open_room(actor=by, region=office.town, phone="0998-6620111")


def test_absences_end_and_double_clicks_are_harmless(office: Office) -> None:
    def note() -> Absence:
        found: Absence = services.note_absence(
            actor=office.actor("周"), room=office.room, user=office.key("吴"), first=dt.date(2026, 6, 8),
            last=dt.date(2026, 6, 9), reason="年休假",
        )  # fmt: skip
        return found

    first = note()
    assert note().pk == first.pk
    services.end_absence(actor=office.actor("周"), absence=first)
    services.end_absence(actor=office.actor("周"), absence=first)
    office.put(at(8, 8, 30), at(8, 17, 30), officer="吴")
    with pytest.raises(BadInput) as why:
        note()
    assert why.value.column == "first"


def test_shifts_across_midnight_and_the_office_above(office: Office) -> None:
    office.put(at(4, 17, 30), at(5, 8, 30))
    county = services.open_room(actor=office.actor("县干部"), region=office.county, phone="0998-6610110")
    services.put_shift(
        actor=office.actor("县干部"), room=county, begins=at(4, 8, 30), ends=at(5, 8, 30), officer=office.key("县干部"),
        leader=office.key("县长"),
    )  # fmt: skip

    def who(moment: dt.datetime, path: str = office.town.path) -> str:
        shift = selectors.on_duty(path, moment)
        return shift.officer.name if shift else ""

    assert who(at(4, 23, 59)) == who(at(5, 0, 0)) == who(at(5, 8, 29)) == "周"
    assert who(at(4, 17, 29)) == "县干部", "the office above, where the town has nobody"
    assert who(at(5, 8, 30)) == ""
    assert who(at(4, 23, 0), office.far.path) == ""
    assert who(at(4, 23, 0), office.county.path) == "县干部"


def test_templates_are_local_rules(office: Office) -> None:
    with clock.moved_to(NOON):
        for code, value in (("duty.day_from", 480), ("duty.night_from", 1080)):
            set_parameter(
                actor=SYSTEM, code=code, region=office.town, value=value, valid_from=dt.date(2026, 6, 3), basis="镇办〔2026〕3号"
            )
    plan(office)
    made = rows()
    assert (made[0].begins_at, made[0].ends_at) == (at(1, 8, month=7), at(1, 18, month=7))
    assert (made[0].kind, made[1].kind) == ("day", "night")


def test_the_database_refuses_what_goes_round_the_acts(office: Office) -> None:
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    for change in ({"state": "handed_over"}, {"ends_at": at(4, 17)}, {"writer": office.users["周"], "signer": office.users["周"]}):
        with pytest.raises(Exception) as why, transaction.atomic():
            Shift.plain.filter(pk=shift.pk).update(**change)
        assert "Error" in type(why.value).__name__
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.plain.create(
            room=office.room, region_path=office.town.path, state="planned", kind="night", begins_at=shift.begins_at,
            ends_at=shift.ends_at, officer=office.users["吴"], leader=office.users["镇长"],
        )  # fmt: skip


def test_shifts_ahead_go_to_the_successor(office: Office) -> None:
    from anlan.kernel.acts import Work

    office.put(at(4, 17, 30), at(5, 8, 30))
    office.put(at(6, 17, 30), at(7, 8, 30), officer="吴", deputy="周")
    held = [h for kind in kinds() for h in kind.of(office.users["周"], "")]
    assert len([h for h in held if h.subject_type == "duty.shift"]) == 2
    duty = next(k for k in kinds() if k.of(office.users["周"], ""))
    assert duty.refused(office.actor("吴"), office.users["周"], ""), "he stands one of them himself"
    assert not duty.refused(office.actor("郑"), office.users["周"], "")
    moved = duty.move(Work(actor=SYSTEM, act="tests"), office.users["周"], office.users["郑"], "", "调动")
    assert moved == 2 and not Shift.plain.filter(officer=office.users["周"]).exists()
