"""The skeleton of every act: permission, lock, version, key, journal."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import acts
from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS, Work, act
from anlan.kernel.errors import (
    AlreadyDone,
    BadInput,
    Busy,
    NotAllowed,
    NotFound,
    Refused,
    RuleBroken,
    SignInNeeded,
    Stale,
    Unguarded,
)
from anlan.kernel.journal.facts import FACTS, BulkLoadDeclared, Fact
from anlan.kernel.journal.models import ActKey, BulkLoad, Entry
from anlan.kernel.journal.record import about, bulk_load, entry, place_of
from anlan.kernel.journal.tasks import forget_keys
from anlan.kernel.outcomes import digest_of, pack, unpack
from anlan.kernel.regions.models import Region
from tests.kernel.conftest import CHECKER, SYSTEM, WORKER, City, make_city, plain_actor
from tests.kernel.sample.events import TicketNoted
from tests.kernel.sample.models import Part, Ticket
from tests.kernel.sample.services import (
    Noted,
    hand_over,
    make_secret,
    note_many,
    note_ticket,
    note_twice,
    open_ticket,
    photograph,
    touch_nothing,
)

WHY = "a test"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def worker(city: City) -> Actor:
    return plain_actor(city.a1.path)


@pytest.fixture
def ticket(city: City) -> Ticket:
    made: Ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    return made


def _facts(row: Any) -> list[str]:
    return [e.fact_type for e in about(row)]


def test_an_act_changes_raises_the_version_and_is_journalled(worker: Actor, ticket: Ticket) -> None:
    assert ticket.version == 1
    changed = note_ticket(actor=worker, ticket=ticket.pk, note="看过")
    assert (changed.version, changed.note) == (2, "看过")
    ticket.refresh_from_db()
    assert (ticket.version, ticket.note) == (2, "看过")
    newest = about(ticket)[0]
    assert newest.fact == TicketNoted(note="看过")
    assert (newest.act, newest.actor_key, newest.region_path) == ("sample.note_ticket", "user:0", ticket.region_path)


def test_a_double_click_does_nothing(worker: Actor, ticket: Ticket) -> None:
    note_ticket(actor=worker, ticket=ticket, note="看过")
    before = Entry.objects.everything(why=WHY).count()
    again = note_ticket(actor=worker, ticket=ticket, note="看过")
    assert again.version == 2
    assert Entry.objects.everything(why=WHY).count() == before


def test_who_may_not(city: City, ticket: Ticket) -> None:
    with pytest.raises(SignInNeeded):
        note_ticket(actor=Actor.nobody(), ticket=ticket, note="x")
    with pytest.raises(NotFound):
        note_ticket(actor=plain_actor(city.b.path), ticket=ticket, note="x")
    with pytest.raises(NotAllowed):
        note_ticket(actor=plain_actor(city.a.path, CHECKER), ticket=ticket, note="x")
    for nonsense in (None, 0, -1, "abc", "", 10**30, object()):
        with pytest.raises(NotFound):
            note_ticket(actor=SYSTEM, ticket=nonsense, note="x")
    with pytest.raises(TypeError, match="needs ticket="):
        note_ticket(actor=SYSTEM, note="x")
    with pytest.raises(NotAllowed):
        open_ticket(actor=plain_actor(city.b.path), path=city.a.path, title="越界")
    ticket.refresh_from_db()
    assert (ticket.version, ticket.note) == (1, "")


def test_the_permission_is_asked_where_the_record_lies(city: City, ticket: Ticket) -> None:
    here, there = plain_actor(city.a.path, frozenset({"sample.view"})), plain_actor(city.b.path, WORKER)
    both = Actor(key="user:0", name="", grants=(*here.grants, *there.grants))
    with pytest.raises(NotAllowed):
        note_ticket(actor=both, ticket=ticket, note="x")


def test_stale(worker: Actor, ticket: Ticket) -> None:
    note_ticket(actor=worker, ticket=ticket, note="one", version=1)
    with pytest.raises(Stale):
        note_ticket(actor=worker, ticket=ticket, note="two", version=1)
    ticket.refresh_from_db()
    assert ticket.note == "one"
    assert note_ticket(actor=worker, ticket=ticket, note="two", version=2).version == 3


def test_characters_the_database_cannot_hold(worker: Actor, ticket: Ticket, city: City) -> None:
    for bad in ("a\x00b", "\ud800"):
        with pytest.raises(BadInput) as refused:
            note_ticket(actor=worker, ticket=ticket, note=bad)
        assert refused.value.column == "note"
        with pytest.raises(BadInput):
            note_ticket(actor=worker, ticket=ticket, note="fine", key=bad)


def test_acts_within_acts_raise_the_version_once(worker: Actor, ticket: Ticket) -> None:
    changed = note_twice(actor=worker, ticket=ticket, note="two")
    assert changed.version == 2
    ticket.refresh_from_db()
    assert (ticket.version, ticket.note) == (2, "two")
    assert len(_facts(ticket)) == 4
    assert note_twice(actor=worker, ticket=ticket, note="three").version == 3


def test_a_full_save_after_a_nested_act_loses_no_version(worker: Actor, ticket: Ticket) -> None:
    @act(may="sample.open", on=Ticket)
    def nest_and_save(work: Work, ticket: Ticket) -> None:
        note_ticket(actor=work.actor, ticket=ticket, note="inner")
        ticket.remedy = "outer"
        ticket.save()

    nest_and_save(actor=worker, ticket=ticket)
    ACTS.pop("test_acts.nest_and_save", None)
    ticket.refresh_from_db()
    assert ticket.remedy == "outer"


def test_a_refused_inner_act_leaves_no_mark(worker: Actor, ticket: Ticket, city: City) -> None:
    elsewhere = open_ticket(actor=SYSTEM, path=city.w1.path, title="外县")
    outcome = note_many(actor=worker, tickets=[ticket.pk, elsewhere.pk], note="批量")
    assert [t.pk for t in outcome.done] == [ticket.pk]
    assert [(pk, type(why)) for pk, why in outcome.refused] == [(elsewhere.pk, NotFound)]
    assert note_ticket(actor=worker, ticket=ticket, note="再").version == 3


def test_a_record_made_in_an_act_may_be_changed_by_the_next(city: City, worker: Actor) -> None:
    made = open_ticket(actor=worker, path=city.v1.path, title="新")
    assert made.version == 1

    @act(may="sample.open")
    def note_passed(work: Work, *, ticket: Ticket) -> None:
        work.record(TicketNoted(note="passed"), on=ticket)

    note_passed(actor=worker, ticket=made)
    note_passed(actor=worker, ticket=made)
    ACTS.pop("test_acts.note_passed", None)
    assert made.version == 3, "that it was made in an act counts for that act alone"


def test_facts_that_leave_the_record_alone_raise_no_version(worker: Actor, ticket: Ticket) -> None:
    from anlan.kernel.deadlines.facts import Urged

    @act(may="sample.open", on=Ticket)
    def press(work: Work, ticket: Ticket) -> None:
        work.record(Urged(by="领导", label="x"), on=ticket)

    press(actor=worker, ticket=ticket)
    ACTS.pop("test_acts.press", None)
    ticket.refresh_from_db()
    assert ticket.version == 1
    assert _facts(ticket)[0] == "deadlines.Urged"


def test_two_acts_of_one_name_are_refused() -> None:
    def body(work: Work) -> None: ...

    body.__module__, body.__name__ = "anlan.kernel.identity.services", "add_user"
    assert ACTS["identity.add_user"].function.__module__ == "anlan.kernel.identity.services"
    body.__module__ = "anlan.modules.identity.other"
    with pytest.raises(ValueError, match=r"identity\.add_user is declared in"):
        act(may="x")(body)


def test_what_moves_takes_its_files_and_deadlines_along(city: City, ticket: Ticket) -> None:
    from anlan.kernel.files.services import files_of

    actor = plain_actor(city.root.path)
    photograph(actor=actor, ticket=ticket, photo=SimpleUploadedFile("a.png", PNG))
    hand_over(actor=actor, ticket=ticket, path=city.w1.path)
    assert files_of(ticket).get().region_path == city.w1.path
    newest, first = about(ticket)[0], about(ticket)[-1]
    assert (newest.region_path, first.region_path) == (city.w1.path, city.v1.path), "the journal keeps its address"


class TestHistory:
    def test_history_names_the_outermost_act(self, worker: Actor, ticket: Ticket) -> None:
        note_twice(actor=worker, ticket=ticket, note="x")
        rows = list(Ticket.pgh_event_model.objects.filter(pgh_obj_id=ticket.pk).order_by("pgh_id"))
        assert [r.note for r in rows] == ["", "x!", "x!", "x"]
        assert {r.pgh_context.metadata["act"] for r in rows[1:]} == {"sample.note_twice"}
        assert rows[-1].pgh_context.metadata["actor"] == "user:0"

    def test_raw_sql_is_in_the_history_too(self, ticket: Ticket) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sample_ticket SET note = 'raw' WHERE id = %s", [ticket.pk])
        assert Ticket.pgh_event_model.objects.filter(pgh_obj_id=ticket.pk).latest("pgh_id").note == "raw"


class TestKeys:
    def test_a_repeated_key_answers_with_the_first_outcome(self, city: City, worker: Actor) -> None:
        one = open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")
        two = open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")
        assert one == two
        assert Ticket.objects.everything(why=WHY).count() == 1

    def test_the_same_key_for_something_else_is_refused(self, city: City, worker: Actor, ticket: Ticket) -> None:
        open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")
        with pytest.raises(BadInput, match="used for something else"):
            open_ticket(actor=worker, path=city.v1.path, title="二", key="k1")
        with pytest.raises(BadInput):
            note_ticket(actor=worker, ticket=ticket, note="x", key="k1")
        with pytest.raises(BadInput, match="80"):
            note_ticket(actor=worker, ticket=ticket, note="x", key="k" * 81)

    def test_keys_belong_to_their_actor(self, city: City, worker: Actor) -> None:
        other = Actor(key="user:9", name="", grants=worker.grants)
        open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")
        assert open_ticket(actor=other, path=city.v1.path, title="二", key="k1").title == "二"

    def test_an_act_that_answers_nothing_special_answers_with_its_record(self, worker: Actor, ticket: Ticket) -> None:
        assert note_ticket(actor=worker, ticket=ticket, note="x", key="n") == ticket
        again = note_ticket(actor=worker, ticket=ticket.pk, note="x", key="n")
        assert (again, again.version) == (ticket, 2)
        assert note_ticket(actor=worker, ticket=str(ticket.pk), note="x", key="n") == ticket
        assert (
            touch_nothing(actor=worker, ticket=ticket, key="t")
            == touch_nothing(actor=worker, ticket=ticket, key="t")
            == 0
        )

    def test_a_repeat_is_answered_before_it_is_called_stale(self, worker: Actor, ticket: Ticket) -> None:
        note_ticket(actor=worker, ticket=ticket, note="x", version=1, key="n")
        assert note_ticket(actor=worker, ticket=ticket, note="x", version=1, key="n").version == 2

    def test_a_refused_act_gives_its_key_back(self, worker: Actor, ticket: Ticket) -> None:
        with pytest.raises(Stale):
            note_ticket(actor=worker, ticket=ticket, note="x", version=7, key="n")
        assert note_ticket(actor=worker, ticket=ticket, note="x", key="n").note == "x"

    def test_a_bulk_outcome_is_answered_whole(self, city: City, worker: Actor, ticket: Ticket) -> None:
        elsewhere = open_ticket(actor=SYSTEM, path=city.w1.path, title="外县")
        wanted = {"tickets": [ticket.pk, elsewhere.pk], "note": "批量", "key": "b"}
        first, again = note_many(actor=worker, **wanted), note_many(actor=worker, **wanted)
        assert isinstance(again, Noted)
        assert again.done == first.done
        assert [(pk, type(why), why.message) for pk, why in again.refused] == [
            (elsewhere.pk, NotFound, NotFound.message)
        ]
        assert _facts(ticket).count("sample.TicketNoted") == 1

    def test_a_secret_is_shown_once(self, worker: Actor) -> None:
        assert make_secret(actor=worker, key="s") == "secret for Test"
        with pytest.raises(AlreadyDone):
            make_secret(actor=worker, key="s")
        assert "secret" not in str(ActKey.objects.values_list("answer").get())

    def test_an_upload_counts_by_its_bytes(self, worker: Actor, ticket: Ticket) -> None:
        def send(content: bytes, name: str = "a.png") -> Any:
            return photograph(actor=worker, ticket=ticket, photo=SimpleUploadedFile(name, content), key="p")

        assert send(PNG) == send(PNG) == ticket
        with pytest.raises(BadInput):
            send(PNG + b"\n")
        with pytest.raises(BadInput):
            send(PNG, "b.png")

    def test_a_record_that_has_gone_is_not_found(self, city: City, worker: Actor) -> None:
        made = open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")
        made.delete()
        with pytest.raises(NotFound):
            open_ticket(actor=worker, path=city.v1.path, title="一", key="k1")

    def test_keys_are_forgotten_after_a_month(self, city: City, worker: Actor) -> None:
        with time_machine.travel("2026-01-01T00:00Z", tick=False):
            open_ticket(actor=worker, path=city.v1.path, title="一", key="old")
        with time_machine.travel("2026-02-02T00:00Z", tick=False):
            open_ticket(actor=worker, path=city.v1.path, title="二", key="new")
            forget_keys(timestamp=0)
        assert list(ActKey.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    """Two requests at once, each in a thread with a connection of its own."""

    def _at_once(self, *calls: Callable[[], Any]) -> list[Any]:
        gate, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

        def run(index: int, call: Callable[[], Any]) -> None:
            gate.wait(timeout=10)
            try:
                outcomes[index] = call()
            except Refused as why:
                outcomes[index] = why
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(i, c)) for i, c in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return outcomes

    def test_one_key_at_once_acts_once(self) -> None:
        city = make_city()
        worker = plain_actor(city.a1.path)
        outcomes = self._at_once(*[lambda: open_ticket(actor=worker, path=city.v1.path, title="一", key="same")] * 4)
        assert {type(o) for o in outcomes} == {Ticket}
        assert len({o.pk for o in outcomes}) == 1
        assert Ticket.objects.everything(why=WHY).count() == 1

    def test_two_changes_of_one_version_at_once(self) -> None:
        city = make_city()
        worker = plain_actor(city.a1.path)
        ticket = open_ticket(actor=worker, path=city.v1.path, title="一")
        outcomes = self._at_once(
            *[lambda n=n: note_ticket(actor=worker, ticket=ticket.pk, note=n, version=1) for n in ("a", "b", "c")]
        )
        assert sorted(type(o).__name__ for o in outcomes) == ["Stale", "Stale", "Ticket"]
        ticket.refresh_from_db()
        assert ticket.version == 2

    def test_changes_without_a_version_wait_for_each_other(self) -> None:
        city = make_city()
        worker = plain_actor(city.a1.path)
        ticket = open_ticket(actor=worker, path=city.v1.path, title="一")
        self._at_once(*[lambda n=n: note_ticket(actor=worker, ticket=ticket.pk, note=str(n)) for n in range(4)])
        ticket.refresh_from_db()
        assert ticket.version == 5

    def test_facts_on_a_record_nobody_locked_are_all_counted(self) -> None:
        city = make_city()
        worker = plain_actor(city.a1.path)
        parent = open_ticket(actor=worker, path=city.v1.path, title="母")

        @act(may="sample.open")
        def note_unlocked(work: Work) -> None:
            work.record(TicketNoted(note="child"), on=Ticket.objects.everything(why=WHY).get(pk=parent.pk))

        self._at_once(*[lambda: note_unlocked(actor=worker)] * 4)
        ACTS.pop("test_acts.note_unlocked", None)
        parent.refresh_from_db()
        assert parent.version == 5

    def test_a_deadlock_is_answered_with_busy(self) -> None:
        city = make_city()
        worker = plain_actor(city.a1.path)
        one, two = (open_ticket(actor=worker, path=city.v1.path, title=t) for t in ("一", "二"))
        gate = threading.Barrier(2)

        @act(may="sample.open", on=Ticket)
        def lock_other(work: Work, ticket: Ticket, *, other: int) -> None:
            gate.wait(timeout=10)
            Ticket.objects.everything(why=WHY).select_for_update().get(pk=other)

        outcomes = self._at_once(
            lambda: lock_other(actor=worker, ticket=one.pk, other=two.pk),
            lambda: lock_other(actor=worker, ticket=two.pk, other=one.pk),
        )
        ACTS.pop("test_acts.lock_other", None)
        assert sorted(type(o).__name__ for o in outcomes) == ["Busy", "Ticket"]
        assert Busy.status == 503


@dataclass(frozen=True)
class Sum:
    day: dt.date
    amount: Decimal
    parts: tuple[str, ...] = ()


class TestOutcomes:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            3,
            2.5,
            "文",
            [],
            [1, [2]],
            (1, "a"),
            {"a": 1, 2: (3,)},
            {1, 2},
            frozenset({"x"}),
            range(1, 4),
            dt.date(2026, 1, 2),
            dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
            dt.time(8, 30),
            Decimal("1.50"),
            Sum(dt.date(2026, 1, 2), Decimal("3.20"), ("a",)),
        ],
    )
    def test_comes_back_as_it_was(self, value: Any) -> None:
        import json

        again = unpack(json.loads(json.dumps(pack(value))))
        assert again == value
        assert type(again) is type(value)

    def test_refusals_come_back(self) -> None:
        from anlan.rules.working_days import ROLL_FORWARD

        told = unpack(pack(BadInput("name", "Give %(what)s.", row=3, what="it")))
        assert (type(told), told.column, told.row, told.message % told.params) == (BadInput, "name", 3, "Give it.")
        broken = unpack(pack(RuleBroken("No.", ROLL_FORWARD)))
        assert broken.as_json()["clause"] == str(ROLL_FORWARD)

    def test_what_cannot_be_kept_is_refused_at_once(self) -> None:
        with pytest.raises(TypeError, match="cannot answer with a object"):
            pack(object())
        with pytest.raises(TypeError, match="cannot take a function"):
            digest_of("x", None, {"f": lambda: 1})

    @given(
        st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.sets(st.integers()), max_size=5)
    )
    def test_the_order_of_arguments_does_not_count(self, given_: dict[str, Any]) -> None:
        turned = dict(reversed(given_.items()))
        assert digest_of("x", 1, given_) == digest_of("x", 1, turned)

    def test_files_are_left_where_they_stood(self) -> None:
        file = io.BytesIO(b"abcdef")
        file.seek(2)
        assert digest_of("x", None, {"f": file}) == digest_of("x", None, {"f": io.BytesIO(b"abcdef")})
        assert file.tell() == 2

    @pytest.mark.django_db
    def test_every_act_of_the_kernel_says_what_it_answers(self) -> None:
        kernel = [a for a in ACTS.values() if a.function.__module__.startswith("anlan.kernel")]
        assert {a.name for a in kernel if a.secret} == {"identity.reset_password", "identity.issue_token"}


class TestJournal:
    def test_the_journal_is_append_only(self, ticket: Ticket) -> None:
        from django.db import ProgrammingError, transaction

        for sql in (
            "UPDATE journal_entry SET actor_name = 'x'",
            "DELETE FROM journal_entry",
            "DELETE FROM journal_steptaken",
        ):
            with (
                pytest.raises(ProgrammingError, match="Cannot update or delete"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)

    def test_an_unscoped_subject_is_filed_where_the_actor_stands(self, city: City) -> None:
        from anlan.kernel.codes.models import Parameter

        row = Parameter(pk=1)
        wide = Actor(
            key="user:1", name="", grants=(*plain_actor(city.a1.path).grants, *plain_actor(city.a.path).grants)
        )
        fact = BulkLoadDeclared(why="x")
        assert place_of(wide) == city.a.path
        assert place_of(SYSTEM) == city.root.path
        assert place_of(plain_actor("", holder="u")) == ""
        assert entry(fact, Region.objects.get(pk=city.a1.pk), wide, "x").region_path == city.a1.path
        assert entry(fact, row, wide, "x", path=city.b.path).region_path == city.b.path

    def test_with_several_roots_the_platforms_own_news_belongs_to_none(self, city: City) -> None:
        from anlan.kernel.regions.services import add_region

        add_region(actor=SYSTEM, parent=None, name="另一市", kind="city")
        assert place_of(SYSTEM) == ""

    def test_old_entries_are_read_by_newer_types(self) -> None:
        assert TicketNoted.from_data({"note": "a", "gone": 1}) == TicketNoted(note="a")
        assert TicketNoted.from_data({}) == TicketNoted(note="")
        assert TicketNoted(note="").as_data() == {"note": ""}, "what a type insists on is kept even when empty"
        assert Entry(fact_type="gone.Fact").fact is None

    def test_two_facts_of_one_name_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"sample\.TicketNoted is declared in"):
            type("TicketNoted", (Fact,), {"__module__": "anlan.modules.sample.other"})
        assert FACTS["sample.TicketNoted"] is TicketNoted

    def test_a_bulk_load_counts_inside_its_block_and_is_journalled(self, city: City) -> None:
        with bulk_load(SYSTEM, "demo city"):
            with bulk_load(SYSTEM, "inner"):
                Ticket.plain.bulk_create([Ticket(region_path=city.v1.path, title="旧", state="closed")])
            Ticket.plain.bulk_create([Ticket(region_path=city.v1.path, title="更旧", state="fixed")])
        assert not BulkLoad.objects.exists()
        declared = Entry.objects.everything(why=WHY).filter(fact_type="journal.BulkLoadDeclared")
        assert [e.fact.why for e in declared] == ["demo city"]
        assert declared.get().region_path == city.root.path
        with pytest.raises(Unguarded):
            bulk_load(SYSTEM, " ").__enter__()

    def test_a_failed_bulk_load_leaves_nothing(self, city: City) -> None:
        def fail() -> None:
            with bulk_load(SYSTEM, "demo city"):
                Ticket.plain.bulk_create([Ticket(region_path=city.v1.path, title="旧", state="closed")])
                raise KeyError("x")

        with pytest.raises(KeyError):
            fail()
        assert not Ticket.objects.everything(why=WHY).exists()
        assert not BulkLoad.objects.exists()
        assert not Entry.objects.everything(why=WHY).filter(fact_type="journal.BulkLoadDeclared").exists()


def test_marks_do_not_leak_between_acts(worker: Actor, ticket: Ticket) -> None:
    note_ticket(actor=worker, ticket=ticket, note="x")
    assert acts._under_way.get() is None


def test_parts_have_no_version(city: City, worker: Actor, ticket: Ticket) -> None:
    part = Part.objects.create(region_path=city.v1.path, ticket=ticket, name="电缆")

    @act(may="sample.open")
    def note_part(work: Work) -> None:
        work.record(TicketNoted(note="x"), on=part)

    note_part(actor=worker)
    ACTS.pop("test_acts.note_part", None)
    assert _facts(part) == ["sample.TicketNoted"]
