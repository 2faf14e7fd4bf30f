"""Records move along their process alone, through acts and in raw SQL."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInputs, NotAllowed, SamePerson, WrongStep
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.workflow import process_check, steps_taken
from tests.kernel.conftest import CHECKER, SYSTEM, WORKER, City, plain_actor
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import close_ticket, fix_ticket, open_ticket, return_ticket
from tests.kernel.sample.workflow import TICKET

WHY = "a test"


@pytest.fixture
def worker(city: City) -> Actor:
    return plain_actor(city.a1.path, WORKER)


@pytest.fixture
def checker(city: City) -> Actor:
    return Actor(key="user:2", name="Checker", grants=plain_actor(city.a1.path, CHECKER).grants)


@pytest.fixture
def ticket(city: City, worker: Actor) -> Ticket:
    made: Ticket = open_ticket(actor=worker, path=city.v1.path, title="漏电")
    return made


def _raw(sql: str, *given: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.rowcount)


INSERT = (
    "INSERT INTO sample_ticket "
    "(region_path, sector, holder, version, state, title, note, remedy, desk_path, desk_sector) "
    "VALUES (%s, '', '', 1, %s, %s, '', '', '', '')"
)


def _copy(path: str, state: str, title: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        columns = "region_path, sector, holder, version, state, title, note, remedy, desk_path, desk_sector"
        with cursor.copy(f"COPY sample_ticket ({columns}) FROM STDIN") as copy:
            copy.write_row([path, "", "", 1, state, title, "", "", "", ""])


def test_the_whole_way(ticket: Ticket, worker: Actor, checker: Actor) -> None:
    fix_ticket(actor=worker, ticket=ticket, remedy="换线")
    return_ticket(actor=checker, ticket=ticket)
    fix_ticket(actor=worker, ticket=ticket, remedy="重换")
    closed = close_ticket(actor=checker, ticket=ticket)
    assert (closed.state, closed.version) == ("closed", 5)
    assert [s.step for s in steps_taken(ticket)] == ["open", "fix", "return", "fix", "close"]
    assert [s.actor_name for s in steps_taken(ticket, ["close"])] == ["Checker"]


def test_a_step_out_of_place(ticket: Ticket, worker: Actor, checker: Actor) -> None:
    with pytest.raises(WrongStep) as refused:
        close_ticket(actor=checker, ticket=ticket)
    assert refused.value.params == {"step": "Close", "state": "Open"}
    fix_ticket(actor=worker, ticket=ticket, remedy="换线")
    with pytest.raises(WrongStep):
        fix_ticket(actor=worker, ticket=ticket, remedy="换线")


def test_evidence_is_needed(ticket: Ticket, worker: Actor) -> None:
    for nothing in ("", "  ", None, [], ()):
        with pytest.raises(BadInputs) as refused:
            fix_ticket(actor=worker, ticket=ticket, remedy=nothing)
        assert list(refused.value.by_column) == ["remedy"]
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_who_fixed_it_may_not_close_it(city: City, ticket: Ticket, worker: Actor) -> None:
    both = Actor(key="user:0", name="Both", grants=plain_actor(city.a1.path, WORKER | CHECKER).grants)
    fix_ticket(actor=both, ticket=ticket, remedy="换线")
    with pytest.raises(SamePerson) as refused:
        close_ticket(actor=both, ticket=ticket)
    assert refused.value.params == {"step": "Close", "earlier": "Fix"}
    assert close_ticket(actor=Actor(key="user:5", name="Other", grants=both.grants), ticket=ticket).state == "closed"


def test_the_steps_open_to_somebody(ticket: Ticket, worker: Actor, checker: Actor) -> None:
    assert [s.code for s in ticket.steps_open_to(worker)] == ["fix"]
    assert ticket.steps_open_to(checker) == ()
    with pytest.raises(NotAllowed):
        fix_ticket(actor=checker, ticket=ticket, remedy="换线")


@pytest.mark.parametrize(
    ("here", "there"),
    [("open", "closed"), ("fixed", "gone"), ("closed", "open"), ("closed", "fixed")],
)
def test_raw_updates_beside_the_process_are_refused(city: City, here: str, there: str) -> None:
    with bulk_load(SYSTEM, WHY):
        ticket = Ticket.plain.create(region_path=city.v1.path, title="旧", state=here)
    with pytest.raises(DatabaseError):
        _raw("UPDATE sample_ticket SET state = %s WHERE id = %s", there, ticket.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ticket.plain.filter(pk=ticket.pk).update(state=there)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ticket.plain.bulk_update([Ticket(pk=ticket.pk, state=there)], ["state"])
    ticket.refresh_from_db()
    assert ticket.state == here


def test_raw_updates_along_the_process_pass(ticket: Ticket) -> None:
    assert _raw("UPDATE sample_ticket SET state = 'fixed' WHERE id = %s", ticket.pk) == 1
    assert _raw("UPDATE sample_ticket SET note = 'same state' WHERE id = %s", ticket.pk) == 1


@pytest.mark.parametrize("state", ["fixed", "closed", "gone", ""])
def test_raw_inserts_past_the_first_step_are_refused(city: City, state: str) -> None:
    for put in (
        lambda: _raw(INSERT, city.v1.path, state, "甲"),
        lambda: _copy(city.v1.path, state, "乙"),
    ):
        with pytest.raises((DatabaseError, psycopg.DatabaseError)):
            put()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows = [Ticket(region_path=city.v1.path, title=t, state=s) for t, s in (("丙", "open"), ("丁", state))]
        Ticket.plain.bulk_create(rows)
    assert not Ticket.objects.everything(why=WHY).exists(), "one bad row refuses the whole statement"


def test_inserts_at_the_first_step_pass(city: City) -> None:
    _raw(INSERT, city.v1.path, "open", "甲")
    _copy(city.v1.path, "open", "乙")
    assert Ticket.objects.everything(why=WHY).count() == 2


def test_a_declared_bulk_load_is_admitted_but_no_unknown_state(city: City) -> None:
    with bulk_load(SYSTEM, WHY):
        _raw(INSERT, city.v1.path, "closed", "甲")
        _copy(city.v1.path, "fixed", "乙")
        with pytest.raises(IntegrityError, match="sample_ticket_state_known"):
            _raw(INSERT, city.v1.path, "gone", "丙")
    with pytest.raises(DatabaseError, match="must begin at its first step"):
        _raw(INSERT, city.v1.path, "closed", "丁")


def _ways(length: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([s.code for s in TICKET.states]), min_size=length, max_size=length)


@given(_ways(2))
def test_the_triggers_admit_exactly_the_moves_of_the_table(way: list[str]) -> None:
    """The generated SQL and the table agree, for every pair of states."""
    before, after = way
    allowed = before == after or (before, after) in set(TICKET.moves())
    triggers: dict[str, Any] = {t.name: t for t in Ticket._meta.triggers}  # type: ignore[attr-defined]
    assert ((before, after) in triggers["steps_only"].transitions or before == after) == allowed
    assert (f"'{after}'" in triggers["first_steps_only"].func.split("NOT IN (")[1].split(")")[0]) == (
        after in TICKET.initial
    )


def test_the_check_lists_every_state() -> None:
    condition = process_check(TICKET, "x").condition
    assert dict([condition.children[0]])["state__in"] == ["closed", "fixed", "open"]


def test_the_system_is_bound_by_the_order_of_steps_too(ticket: Ticket) -> None:
    with pytest.raises(WrongStep):
        close_ticket(actor=SYSTEM, ticket=ticket)
