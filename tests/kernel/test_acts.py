"""The skeleton of every act: permission, lock, version, key, journal."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from anlan.kernel import acts
from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS, Work, act
from anlan.kernel.errors import (
    BadInput,
    NotAllowed,
    NotFound,
    SignInNeeded,
    Stale,
)
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import about
from tests.kernel.conftest import CHECKER, SYSTEM, WORKER, City, plain_actor
from tests.kernel.sample.events import TicketNoted
from tests.kernel.sample.models import Part, Ticket
from tests.kernel.sample.services import (
    hand_over,
    note_many,
    note_ticket,
    note_twice,
    open_ticket,
    photograph,
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
    assert (newest.act, newest.actor_key, newest.region_path) == (
        "sample.note_ticket",
        "user:0",
        ticket.region_path,
    )


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
    here, there = (
        plain_actor(city.a.path, frozenset({"sample.view"})),
        plain_actor(city.b.path, WORKER),
    )
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

    body.__module__, body.__name__ = "anlan.kernel.identity.services.accounts", "add_user"
    assert ACTS["identity.add_user"].function.__module__ == "anlan.kernel.identity.services.accounts"
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
