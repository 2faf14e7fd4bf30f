"""Deadlines: started, met, moved, paused, reminded, escalated, each by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS, Work, act
from anlan.kernel.clock import CHINA, moved_to, now, today
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.selectors import due_for, late_ones, open_deadlines
from anlan.kernel.deadlines.services import urge_deadline
from anlan.kernel.deadlines.tasks import sweep
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Stale
from anlan.kernel.identity.models import User
from anlan.kernel.journal.record import about
from anlan.kernel.notify.models import Message
from tests.kernel.conftest import SYSTEM, City, make_person, plain_actor
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import hand_over, note_ticket, open_ticket

WHY = "a test"
MONDAY = dt.date(2026, 6, 1)
DUE = dt.date(2026, 6, 10)

Do = Callable[..., Any]


@pytest.fixture
def ticket(city: City) -> Ticket:
    made: Ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    return made


@pytest.fixture
def do(ticket: Ticket) -> Do:
    """Call a helper of deadlines inside an act on the ticket: ``do(deadlines.start, kind=…)``."""

    def inside(helper: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        @act(may="sample.open", on=Ticket)
        def step(work: Work, ticket: Ticket) -> list[Any]:
            return [helper(work, ticket, *args, **kwargs)]

        ACTS.pop("test_deadlines.step", None)
        return step(actor=SYSTEM, ticket=ticket)[0]

    return inside


@pytest.fixture
def fix(do: Do, city: City) -> Do:
    """Start the deadline of the tests: the town is to fix the ticket by 10 June."""

    def start(**more: Any) -> Deadline:
        wanted: dict[str, Any] = {
            "kind": "fix",
            "label": "Fix",
            "due": DUE,
            "duty": "sample.fix",
            "desk_path": city.a1.path,
            "basis": "order",
        }
        started: Deadline = do(deadlines.start, **{**wanted, **more})
        return started

    return start


@pytest.fixture(autouse=True)
def at_the_beginning() -> Any:
    with moved_to(MONDAY):
        yield


def _at(day: dt.date, hour: int = 9) -> Any:
    return moved_to(dt.datetime.combine(day, dt.time(hour), CHINA))


def _facts(row: Any) -> list[str]:
    return [e.fact_type.partition(".")[2] for e in about(row)]


def _texts(user: User) -> list[str]:
    return [m.text.split(":")[0] for m in Message.objects.filter(user=user).order_by("pk")]


def test_start_again_and_meet(do: Do, fix: Do, ticket: Ticket) -> None:
    first = fix()
    assert (first.due_at, first.days_left, first.overdue) == (
        dt.datetime(2026, 6, 10, 23, 59, 59, tzinfo=CHINA),
        9,
        False,
    )
    assert fix().pk == first.pk
    assert _facts(ticket).count("DeadlineSet") == 1, "exactly the same again changes nothing"
    later = fix(due=DUE + dt.timedelta(days=5), basis="plan")
    assert (later.pk, later.basis, later.days_left) == (first.pk, "plan", 14)
    assert deadlines.open_on(ticket) == [later]
    assert [d.pk for d in do(deadlines.meet, "fix")] == [first.pk]
    assert do(deadlines.meet, "fix") == []
    first.refresh_from_db()
    assert (first.state, first.late, first.days_late, first.next_action_at) == (
        DeadlineState.MET,
        False,
        0,
        None,
    )
    assert fix().pk != first.pk, "a new round is a new row"


def test_what_was_met_late_stays_known_as_late(do: Do, fix: Do, ticket: Ticket, city: City) -> None:
    fix()
    with _at(dt.date(2026, 6, 13)):
        (met,) = do(deadlines.meet, "fix")
    assert (met.late, met.days_late) == (True, 3)
    late = about(ticket)[0].fact
    assert (late.days, late.due) == (3, "2026-06-10")  # type: ignore[union-attr]
    with _at(dt.date(2026, 12, 1)):
        actor = plain_actor(city.a.path, frozenset({"deadlines.view"}))
        assert [d.pk for d in late_ones(actor)] == [met.pk]
        assert not late_ones(plain_actor(city.b.path, frozenset({"deadlines.view"}))).exists()
        assert Deadline.objects.everything(why=WHY).get(pk=met.pk).days_late == 3


def test_cancelled_all_at_once(do: Do, fix: Do, ticket: Ticket) -> None:
    """As on a merge: everything that was still to come falls away, and nothing of it is late."""
    fix()
    fix(kind="report", label="Report", due=MONDAY)
    with _at(dt.date(2026, 7, 1)):
        assert len(do(deadlines.cancel)) == 2
    rows = Deadline.objects.everything(why=WHY)
    assert {(d.state, d.late) for d in rows} == {(DeadlineState.CANCELLED, False)}
    assert sweep() == 0


def test_moved_with_a_reason(do: Do, fix: Do, ticket: Ticket) -> None:
    fix()
    do(deadlines.move, "fix", due=DUE, reason="same day")
    assert "DeadlineMoved" not in _facts(ticket)
    with pytest.raises(BadInput):
        do(deadlines.move, "fix", due=MONDAY, reason=" ")
    do(deadlines.move, "fix", due=dt.date(2026, 6, 20), reason="rain", provisional=True)
    moved = deadlines.find(ticket, "fix")
    assert moved is not None
    assert (moved.days_left, moved.provisional) == (19, True)
    do(deadlines.move, "none", due=MONDAY, reason="nothing of that kind")


class TestPauses:
    def test_natural_days(self, do: Do, fix: Do, ticket: Ticket) -> None:
        fix()
        do(deadlines.pause, "fix", reason="appraisal")
        do(deadlines.pause, "fix", reason="again")
        assert _facts(ticket).count("DeadlinePaused") == 1
        with _at(dt.date(2026, 6, 30)):
            assert sweep() == 0, "a stopped clock neither reminds nor escalates"
            do(deadlines.resume, "fix")
            do(deadlines.resume, "fix")
            resumed = deadlines.find(ticket, "fix")
        assert resumed is not None
        assert resumed.due_at.astimezone(CHINA).date() == dt.date(2026, 7, 9), "29 days later than 10 June"
        assert _facts(ticket).count("DeadlineResumed") == 1

    def test_working_days(self, do: Do, fix: Do, ticket: Ticket) -> None:
        """Paused on Friday 25 September 2026 (Mid-autumn) and resumed on 9 October: 28, 29, 30 September, 8 and 9
        October are five working days; the due day 12 October moves to 19 October (make-up day 10 October is past)."""
        with _at(dt.date(2026, 9, 24)):
            fix(due=dt.date(2026, 10, 12), in_working_days=True)
        with _at(dt.date(2026, 9, 25)):
            do(deadlines.pause, "fix", reason="appraisal")
        with _at(dt.date(2026, 10, 9)):
            do(deadlines.resume, "fix")
            resumed = deadlines.find(ticket, "fix")
        assert resumed is not None
        assert resumed.due_at.astimezone(CHINA).date() == dt.date(2026, 10, 19)
        assert not resumed.provisional

    def test_into_a_year_whose_holidays_are_not_known_yet(self, do: Do, fix: Do, ticket: Ticket) -> None:
        with _at(dt.date(2026, 12, 1)):
            fix(due=dt.date(2026, 12, 25), in_working_days=True)
            do(deadlines.pause, "fix", reason="appraisal")
        with _at(dt.date(2026, 12, 20)):
            do(deadlines.resume, "fix")
        resumed = deadlines.find(ticket, "fix")
        assert resumed is not None and resumed.provisional

    def test_paused_and_resumed_on_one_day(self, do: Do, fix: Do, ticket: Ticket) -> None:
        for working in (False, True):
            fix(in_working_days=working)
            do(deadlines.pause, "fix", reason="x")
            do(deadlines.resume, "fix")
            resumed = deadlines.find(ticket, "fix")
            assert resumed is not None and resumed.days_left == 9

    def test_met_while_paused_counts_from_the_pause(self, do: Do, fix: Do) -> None:
        fix()
        do(deadlines.pause, "fix", reason="x")
        with _at(dt.date(2026, 8, 1)):
            (met,) = do(deadlines.meet, "fix")
        assert not met.late

    def test_starting_again_lets_a_paused_one_run(self, do: Do, fix: Do) -> None:
        fix()
        do(deadlines.pause, "fix", reason="x")
        again = fix()
        assert (again.state, again.paused_at, again.next_action_at is None) == (
            DeadlineState.OPEN,
            None,
            False,
        )

    def test_a_reason_is_needed(self, do: Do, fix: Do) -> None:
        fix()
        with pytest.raises(BadInput):
            do(deadlines.pause, "fix", reason="")


class TestSweep:
    def test_each_reminder_once(self, fix: Do, city: City) -> None:
        townsman = make_person("worker", city.a1)
        fix(remind_days=(3, 1))
        for day, hour, expected in (
            (6, 9, 0),
            (7, 8, 0),
            (7, 9, 1),
            (7, 10, 1),
            (8, 9, 1),
            (9, 9, 2),
            (9, 18, 2),
            (10, 9, 2),
        ):
            with _at(dt.date(2026, 6, day), hour):
                sweep()
                sweep()
            assert len(_texts(townsman)) == expected, (day, hour)

    def test_after_a_standstill_one_reminder_is_enough(self, fix: Do, city: City) -> None:
        townsman = make_person("worker", city.a1)
        fix(remind_days=(7, 3, 1))
        with _at(dt.date(2026, 6, 9)):
            sweep()
            sweep()
        assert len(_texts(townsman)) == 1

    def test_a_new_day_brings_new_reminders(self, do: Do, fix: Do, city: City) -> None:
        townsman = make_person("worker", city.a1)
        fix(remind_days=(1,))
        with _at(dt.date(2026, 6, 9)):
            sweep()
            do(deadlines.move, "fix", due=dt.date(2026, 6, 20), reason="rain")
            sweep()
        with _at(dt.date(2026, 6, 19)):
            sweep()
        assert len(_texts(townsman)) == 2

    def test_overdue_goes_up_level_by_level(self, fix: Do, ticket: Ticket, city: City) -> None:
        town, county, root = (make_person("head", r) for r in (city.a1, city.a, city.root))
        fix(remind_days=())
        for day, path, raised in (
            (10, "", 0),
            (11, city.a.path, 1),
            (12, city.a.path, 1),
            (14, city.root.path, 2),
            (30, city.root.path, 2),
        ):
            with _at(dt.date(2026, 6, day)):
                sweep()
            found = deadlines.find(ticket, "fix")
            assert found is not None
            assert (found.escalated_path, found.escalations) == (path, raised), day
        assert _facts(ticket).count("DeadlineEscalated") == 2
        assert [len(_texts(u)) for u in (town, county, root)] == [2, 1, 1]

    def test_levels_without_holders_are_skipped(self, fix: Do, ticket: Ticket, city: City) -> None:
        make_person("head", city.root)
        fix(remind_days=())
        with _at(dt.date(2026, 6, 11)):
            sweep()
        found = deadlines.find(ticket, "fix")
        assert found is not None
        assert found.escalated_path == city.root.path

    def test_with_nobody_above_it_waits_without_running_in_circles(self, fix: Do, ticket: Ticket, city: City) -> None:
        fix(remind_days=())
        with _at(dt.date(2026, 6, 11)):
            assert [sweep(), sweep(), sweep()] == [1, 0, 0]
        make_person("head", city.a)
        with _at(dt.date(2026, 6, 15)):
            assert sweep() == 1
        found = deadlines.find(ticket, "fix")
        assert found is not None
        assert found.escalated_path == city.a.path

    def test_a_units_item_is_first_raised_where_it_lies(self, fix: Do, ticket: Ticket, city: City) -> None:
        worker = make_person("own_worker", holder="unit-1")
        head = make_person("head", city.a1)
        fix(desk_path="", desk_holder="unit-1", remind_days=(1,))
        with _at(dt.date(2026, 6, 9)):
            sweep()
        with _at(dt.date(2026, 6, 11)):
            sweep()
        found = deadlines.find(ticket, "fix")
        assert found is not None
        assert found.escalated_path == city.a1.path
        assert [len(_texts(u)) for u in (worker, head)] == [2, 1]

    def test_lines_have_their_own_people(self, fix: Do, ticket: Ticket, city: City) -> None:
        Ticket.objects.everything(why=WHY).update(sector="mines")
        ticket.refresh_from_db()
        make_person("head", city.a, sector="chemicals")
        miner = make_person("head", city.root, sector="mines")
        Deadline.objects.everything(why=WHY).delete()
        fix(remind_days=())
        with _at(dt.date(2026, 6, 11)):
            sweep()
        assert len(_texts(miner)) == 1
        found = deadlines.find(ticket, "fix")
        assert found is not None
        assert found.escalated_path == city.root.path

    def test_an_empty_office_is_reminded_above(self, fix: Do, city: City) -> None:
        head = make_person("head", city.a)
        fix(remind_days=(1,))
        with _at(dt.date(2026, 6, 9)):
            sweep()
        assert len(_texts(head)) == 1

    def test_an_item_whose_record_has_gone_falls_away(self, fix: Do, ticket: Ticket) -> None:
        fix(remind_days=())
        other = fix(kind="other", remind_days=())
        Deadline.objects.everything(why=WHY).filter(pk=other.pk).update(subject_type="gone.model")
        Ticket.objects.everything(why=WHY).filter(pk=ticket.pk).delete()
        with _at(dt.date(2026, 6, 11)):
            assert [sweep(), sweep()] == [2, 0]
        assert set(Deadline.objects.everything(why=WHY).values_list("state", flat=True)) == {"cancelled"}

    def test_one_that_fails_holds_up_no_other(
        self, fix: Do, ticket: Ticket, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from anlan.kernel.deadlines import tasks

        townsman = make_person("worker", city.a1)
        bad, good = fix(kind="bad", remind_days=(1,)), fix(kind="good", remind_days=(1,))
        real = tasks.advance_deadline

        def advance(*, actor: Actor, deadline: int) -> Any:
            if deadline == bad.pk:
                raise Stale
            return real(actor=actor, deadline=deadline)

        monkeypatch.setattr(tasks, "advance_deadline", advance)
        with _at(dt.date(2026, 6, 9)):
            assert sweep() == 2
        good.refresh_from_db()
        assert good.reminded_days == 1
        assert len(_texts(townsman)) == 1

    def test_more_rows_than_one_batch(self, fix: Do, monkeypatch: pytest.MonkeyPatch) -> None:
        from anlan.kernel.deadlines import tasks

        monkeypatch.setattr(tasks, "BATCH", 2)
        for number in range(5):
            fix(kind=f"k{number}", remind_days=())
        with _at(dt.date(2026, 6, 11)):
            assert [sweep(), sweep()] == [5, 0]

    def test_it_raises_no_version_of_the_record(self, fix: Do, ticket: Ticket, city: City) -> None:
        """Somebody filling in a form on the record is not told to start again because time went by."""
        make_person("head", city.a)
        fix(remind_days=())
        ticket.refresh_from_db()
        before = ticket.version
        with _at(dt.date(2026, 6, 11)):
            sweep()
        assert _facts(ticket)[0] == "DeadlineEscalated"
        assert note_ticket(actor=SYSTEM, ticket=ticket, note="x", version=before).note == "x"


class TestDueFor:
    def _due(self, actor: Actor) -> list[str]:
        return [d.kind for d in due_for(actor)]

    def test_the_office_and_nobody_else(self, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        fix()
        assert self._due(acting("worker", city.a1)) == ["fix"]
        assert self._due(acting("checker", city.a1)) == [], "another post in the same office"
        assert self._due(acting("worker", city.a)) == [], "the level above"
        assert self._due(acting("worker", city.a2)) == []
        assert self._due(Actor.nobody()) == []

    def test_lines(self, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        fix()
        fix(kind="mine", desk_sector="mines")
        assert sorted(self._due(acting("worker", city.a1))) == ["fix", "mine"]
        assert self._due(acting("worker", city.a1, sector="mines")) == ["mine"]
        assert self._due(acting("worker", city.a1, sector="chemicals")) == []

    def test_a_named_person_and_his_leaving(self, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        named = make_person("worker", city.a1)
        fix(assignee=named)
        from anlan.kernel.identity.actors import actor_for

        colleague = acting("worker", city.a1)
        assert self._due(actor_for(named)) == ["fix"]
        assert self._due(colleague) == []
        named.is_active = False
        named.save()
        assert self._due(colleague) == ["fix"], "what was named for somebody who left falls back to the office"

    def test_a_unit(self, fix: Do, acting: Callable[..., Actor]) -> None:
        fix(desk_path="", desk_holder="unit-1")
        assert self._due(acting("own_worker", holder="unit-1")) == ["fix"]
        assert self._due(acting("own_worker", holder="unit-2")) == []

    def test_what_was_raised(self, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        head = acting("head", city.a)
        fix(remind_days=())
        assert self._due(head) == []
        with _at(dt.date(2026, 6, 11)):
            sweep()
            assert self._due(head) == ["fix"]
            assert self._due(acting("worker", city.a)) == []

    def test_a_token_needs_its_scope(self, fix: Do, city: City) -> None:
        fix()
        grants = plain_actor(city.a1.path).grants
        assert self._due(Actor(key="user:1", name="", grants=grants, scopes=frozenset({"sample.view"}))) == []
        assert self._due(Actor(key="user:1", name="", grants=grants, scopes=frozenset({"deadlines.view"}))) == ["fix"]

    def test_wildcards(self, fix: Do, city: City) -> None:
        fix()
        assert self._due(plain_actor(city.a1.path, frozenset({"sample.*"}))) == ["fix"]
        assert self._due(plain_actor(city.a1.path, frozenset({"*"}))) == ["fix"]
        assert self._due(plain_actor(city.a1.path, frozenset({"other.*"}))) == []

    def test_everything_open_that_may_be_seen(self, fix: Do, city: City) -> None:
        fix()
        seer = frozenset({"deadlines.view"})
        assert open_deadlines(plain_actor(city.root.path, seer)).count() == 1
        assert open_deadlines(plain_actor(city.root.path, seer), city.b.path).count() == 0
        assert open_deadlines(plain_actor(city.b.path, seer)).count() == 0

    def test_it_moves_with_its_record(self, fix: Do, ticket: Ticket, city: City) -> None:
        fix()
        hand_over(actor=SYSTEM, ticket=ticket, path=city.w1.path)
        seer = frozenset({"deadlines.view"})
        assert open_deadlines(plain_actor(city.b.path, seer)).count() == 1


class TestUrging:
    def test_at_most_once_an_hour(self, fix: Do, ticket: Ticket, city: City, acting: Callable[..., Actor]) -> None:
        townsman = make_person("worker", city.a1)
        item, head = fix(), acting("head", city.a, name="局长")
        ticket.refresh_from_db()
        for _ in range(2):
            urge_deadline(actor=head, deadline=item, note="今日办结")
        assert len(_texts(townsman)) == 1
        message = Message.objects.get(user=townsman)
        assert (message.urgent, message.params["by"], message.params["note"]) == (
            True,
            "局长",
            "今日办结",
        )
        assert _facts(ticket)[0] == "Urged"
        with moved_to(now() + dt.timedelta(minutes=61)):
            urge_deadline(actor=head, deadline=item)
        assert len(_texts(townsman)) == 2
        version = ticket.version
        ticket.refresh_from_db()
        assert ticket.version == version

    def test_who_may_not(self, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        make_person("worker", city.a1)
        item = fix()
        with pytest.raises(NotAllowed):
            urge_deadline(actor=acting("worker", city.a), deadline=item)
        with pytest.raises(NotFound):
            urge_deadline(actor=acting("head", city.b), deadline=item)

    def test_nobody_there_and_nothing_open(self, do: Do, fix: Do, city: City, acting: Callable[..., Actor]) -> None:
        item, head = fix(), acting("head", city.a)
        with pytest.raises(BadInput, match="Nobody holds the post"):
            urge_deadline(actor=head, deadline=item)
        do(deadlines.meet, "fix")
        with pytest.raises(BadInput, match="no longer open"):
            urge_deadline(actor=head, deadline=item)


def test_the_clock_is_back(db: Any) -> None:
    with moved_to(dt.date(2030, 1, 1)):
        assert today() == dt.date(2030, 1, 1)
    assert today() == MONDAY
