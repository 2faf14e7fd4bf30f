"""Events: announced with the act, each flow run exactly once, jobs revived and given up."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.events import bus, selectors
from anlan.kernel.events.bus import MOST_CAUSES, ChainTooLong, UnknownFlow, deliver, flow
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.events.services import retry_job
from anlan.kernel.events.tasks import MOST_LIVES, forget_old_jobs, revive_stalled, run_flow
from anlan.kernel.journal.record import about
from tests.kernel.conftest import SYSTEM, City, make_city, plain_actor
from tests.kernel.sample.events import TicketMoved, TicketOpened
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import fix_ticket, note_ticket, open_ticket

WHY = "a test"
OPERATE = frozenset({"office.operate"})


@pytest.fixture(autouse=True)
def no_other_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "FLOWS", {})


@pytest.fixture
def noted() -> Callable[..., Any]:
    """A flow that writes on the ticket that was opened."""

    @flow(TicketOpened)
    def opened_is_noted(event: TicketOpened, row: EventRow, actor: Actor) -> None:
        note_ticket(actor=actor, ticket=row.subject_id, note=f"seen {event.title}")

    return opened_is_noted


def _jobs() -> list[tuple[str, str]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args__flow_name"))


def test_an_act_announces_in_its_own_transaction(city: City, noted: Any) -> None:
    ticket = open_ticket(actor=plain_actor(city.a.path), path=city.v1.path, title="漏电")
    row = EventRow.objects.get()
    assert (row.event_type, row.data, row.subject_id, row.depth) == (
        "sample.TicketOpened",
        {"title": "漏电"},
        str(ticket.pk),
        0,
    )
    assert _jobs() == [("events.run_flow", "opened_is_noted")]
    assert ProcrastinateJob.objects.get().lock == f"opened_is_noted:sample.ticket:{ticket.pk}"


def test_what_is_rolled_back_was_never_announced(city: City, noted: Any) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
        raise KeyError
    assert not EventRow.objects.exists()
    assert _jobs() == []


def test_a_flow_runs_once_however_often_it_is_delivered(city: City, noted: Any) -> None:
    ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    event = str(EventRow.objects.get(event_type="sample.TicketOpened").pk)
    assert deliver(event, "opened_is_noted") is True
    assert deliver(event, "opened_is_noted") is False
    run_flow.func(event_id=event, flow_name="opened_is_noted")
    ticket.refresh_from_db()
    assert (ticket.note, ticket.version) == ("seen 漏电", 2)
    entry = about(ticket)[0]
    assert (entry.actor_key, entry.cause) == ("system", f"opened_is_noted:{event}")


def test_a_worker_that_dies_half_way_leaves_nothing(city: City) -> None:
    died = []

    @flow(TicketOpened)
    def dies_at_first(event: TicketOpened, row: EventRow, actor: Actor) -> None:
        note_ticket(actor=actor, ticket=row.subject_id, note="half")
        if not died:
            died.append(True)
            raise KeyError("the worker is gone")

    ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    event = str(EventRow.objects.get().pk)
    with pytest.raises(KeyError):
        deliver(event, "dies_at_first")
    ticket.refresh_from_db()
    assert (ticket.note, Delivery.objects.count()) == ("", 0)
    assert deliver(event, "dies_at_first") is True
    ticket.refresh_from_db()
    assert (ticket.note, ticket.version, Delivery.objects.count()) == ("half", 2, 1)
    assert [e.fact_type for e in about(ticket)].count("sample.TicketNoted") == 1


def test_causes_are_kept_and_bounded(city: City) -> None:
    @flow(TicketMoved)
    def moves_on(event: TicketMoved, row: EventRow, actor: Actor) -> None:
        ticket = Ticket.objects.everything(why=WHY).get(pk=row.subject_id)
        open_ticket(actor=actor, path=ticket.region_path, title=f"{ticket.title}+")

    @flow(TicketOpened)
    def is_fixed(event: TicketOpened, row: EventRow, actor: Actor) -> None:
        fix_ticket(actor=actor, ticket=row.subject_id, remedy="auto")

    open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    flows = {"sample.TicketOpened": "is_fixed", "sample.TicketMoved": "moves_on"}
    for depth in range(MOST_CAUSES):
        row = EventRow.objects.get(depth=depth)
        assert row.caused_by == (EventRow.objects.get(depth=depth - 1) if depth else None)
        deliver(str(row.pk), flows[row.event_type])
    last = EventRow.objects.get(depth=MOST_CAUSES)
    with pytest.raises(ChainTooLong):
        deliver(str(last.pk), flows[last.event_type])


def test_an_unknown_flow_is_named(city: City, noted: Any) -> None:
    open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    with pytest.raises(UnknownFlow, match="gone on sample"):
        deliver(str(EventRow.objects.get().pk), "gone")


def test_a_flow_is_declared_once() -> None:
    def reaction(event: Any, row: EventRow, actor: Actor) -> None: ...

    flow(TicketOpened)(reaction)
    flow(TicketOpened)(reaction)
    assert len(bus.FLOWS["sample.TicketOpened"]) == 1, "the same file loaded again"
    twin = type(reaction)(reaction.__code__, {}, "reaction")
    twin.__module__ = "anlan.flows.other"
    with pytest.raises(ValueError, match="declared twice"):
        flow(TicketOpened)(twin)


def test_nothing_to_announce(db: Any) -> None:
    assert bus.publish([]) == []


class _Context:
    """What procrastinate hands to a task."""

    def __init__(self) -> None:
        self.app = app


def _sql(statement: str, *given: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()[0] if cursor.description else None


def _job(**fields: Any) -> int:
    """A job that a worker with no sign of life for five minutes was doing."""
    if "worker_id" not in fields:
        fields["worker_id"] = _sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
    columns = {"queue_name": "flows", "task_name": "t", "args": "{}", "status": "doing", **fields}
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO procrastinate_jobs ({names}) VALUES ({marks}) RETURNING id"  # noqa: S608
    return int(_sql(statement, *columns.values()))


@pytest.mark.django_db(transaction=True)
class TestQueue:
    def test_jobs_of_dead_workers_are_revived(self) -> None:
        orphan, periodic, worn_out = (
            _job(),
            _job(queueing_lock="deadlines.sweep"),
            _job(attempts=MOST_LIVES),
        )
        waiting = _job(status="todo", queueing_lock="deadlines.sweep", worker_id=None)
        living = _sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        running = _job(worker_id=living)
        async_to_sync(revive_stalled.func)(_Context(), timestamp=0)
        states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
        assert states == {orphan: "todo", worn_out: "failed", waiting: "todo", running: "doing"}
        assert periodic not in states, "a periodic job comes again by itself"
        assert ProcrastinateJob.objects.get(pk=orphan).attempts == 1

    def test_the_end_of_a_job_calls_the_next_of_its_lock(self) -> None:
        first, second = _job(lock="in turn", worker_id=None), _job(lock="in turn", status="todo", worker_id=None)
        later = _job(lock="another", worker_id=None)
        _job(lock="another", status="todo", worker_id=None, scheduled_at="2099-01-01T00:00:00Z")
        own = connection.get_connection_params()
        given = {name: value for name, value in own.items() if name not in ("cursor_factory", "context")}
        with psycopg.connect(**given, autocommit=True) as worker:
            worker.execute("LISTEN procrastinate_any_queue_v1")
            for done in (later, first):
                _sql("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", done)
            (word,) = worker.notifies(timeout=10, stop_after=1)
        assert json.loads(word.payload) == {"type": "job_inserted", "job_id": second}

    def test_old_jobs_are_forgotten(self) -> None:
        ages = {
            "done": ("succeeded", 8),
            "fresh": ("succeeded", 6),
            "failed": ("failed", 8),
            "long failed": ("failed", 91),
        }
        numbers = {name: _job(status=state, worker_id=None) for name, (state, _) in ages.items()}
        for name, (state, days) in ages.items():
            _sql(
                "INSERT INTO procrastinate_events (job_id, type, at) "
                "VALUES (%s, %s, now() - make_interval(days => %s))",
                numbers[name],
                state,
                days,
            )
            _sql(
                "DELETE FROM procrastinate_events WHERE job_id = %s AND at > now() - interval '1 hour'",
                numbers[name],
            )
        async_to_sync(forget_old_jobs.func)(_Context(), timestamp=0)
        assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == {
            numbers["fresh"],
            numbers["failed"],
        }

    def test_a_job_given_up_is_put_back_by_an_operator(self) -> None:
        city = make_city()
        operator = plain_actor(city.root.path, OPERATE)
        open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
        event = EventRow.objects.get()
        failed = _job(
            status="failed",
            worker_id=None,
            task_name="events.run_flow",
            args=f'{{"event_id": "{event.pk}"}}',
        )
        done = _job(status="succeeded", worker_id=None)
        with pytest.raises(NotAllowed):
            retry_job(actor=plain_actor(city.root.path), job=failed)
        with pytest.raises(NotFound):
            retry_job(actor=plain_actor(city.b.path, OPERATE), job=failed)
        with pytest.raises(NotFound):
            retry_job(actor=operator, job=0)
        with pytest.raises(BadInput):
            retry_job(actor=operator, job=done)
        other = _job(status="failed", worker_id=None)
        assert [j.pk for j in selectors.failed_jobs(operator)] == [other, failed]
        assert [j.pk for j in selectors.failed_jobs(plain_actor(city.a.path, OPERATE))] == [failed]
        assert not selectors.failed_jobs(plain_actor(city.b.path, OPERATE)).exists()
        assert not selectors.announced(plain_actor(city.b.path, OPERATE)).exists()
        retry_job(actor=operator, job=failed)
        retry_job(actor=operator, job=failed)
        assert ProcrastinateJob.objects.get(pk=failed).status == "todo"
        assert [e.fact_type for e in about(event)] == ["events.JobRetried"]
        assert selectors.deliveries(event) == selectors.caused(event) == []
        assert selectors.announced(operator).get() == event

    def test_the_state_of_the_queue(self) -> None:
        _job()
        _job(status="failed", worker_id=None)
        _job(status="todo", worker_id=None, queue_name="mail")
        _sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        assert [(q.queue, q.waiting, q.running, q.failed) for q in selectors.queues()] == [
            ("flows", 0, 1, 1),
            ("mail", 1, 0, 0),
        ]
        assert [w.alive for w in selectors.workers()] == [False, True]
        seen = selectors.workers()[1].seen_at
        assert not selectors.workers(seen + dt.timedelta(minutes=2))[1].alive

    def test_a_real_worker_runs_the_flow_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        city = make_city()

        @flow(TicketOpened)
        def opened_is_noted(event: TicketOpened, row: EventRow, actor: Actor) -> None:
            note_ticket(actor=actor, ticket=row.subject_id, note="seen")

        ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
        connector: Any = app.connector
        with app.replace_connector(connector.get_worker_connector()) as working:
            async_to_sync(_run)(working)
        ticket.refresh_from_db()
        assert (ticket.note, ticket.version) == ("seen", 2)
        assert set(ProcrastinateJob.objects.filter(task_name="events.run_flow").values_list("status", flat=True)) == {
            "succeeded"
        }


async def _run(working: Any) -> None:
    async with working.open_async():
        await working.run_worker_async(wait=False, queues=["flows"], install_signal_handlers=False, listen_notify=False)
