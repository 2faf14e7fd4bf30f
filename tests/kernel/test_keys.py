"""Idempotency keys: a repeated request is answered with the first outcome, two at once act once."""

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
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.actor import Actor
from anlan.kernel.acts import ACTS, Work, act
from anlan.kernel.errors import (
    AlreadyDone,
    BadInput,
    Busy,
    NotFound,
    Refused,
    RuleBroken,
    Stale,
)
from anlan.kernel.journal.models import ActKey
from anlan.kernel.journal.record import about
from anlan.kernel.journal.tasks import forget_keys
from anlan.kernel.outcomes import digest_of, pack, unpack
from tests.kernel.conftest import SYSTEM, City, make_city, plain_actor
from tests.kernel.sample.events import TicketNoted
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import (
    Noted,
    make_secret,
    note_many,
    note_ticket,
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
        assert (type(told), told.column, told.row, told.message % told.params) == (
            BadInput,
            "name",
            3,
            "Give it.",
        )
        broken = unpack(pack(RuleBroken("No.", ROLL_FORWARD)))
        assert broken.as_json()["clause"] == str(ROLL_FORWARD)

    def test_what_cannot_be_kept_is_refused_at_once(self) -> None:
        with pytest.raises(TypeError, match="cannot answer with a object"):
            pack(object())
        with pytest.raises(TypeError, match="cannot take a function"):
            digest_of("x", None, {"f": lambda: 1})

    @given(
        st.dictionaries(
            st.text(max_size=5),
            st.integers() | st.text(max_size=5) | st.sets(st.integers()),
            max_size=5,
        )
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
        assert {a.name for a in kernel if a.secret} == {
            "identity.reset_password",
            "identity.issue_recovery",
            "identity.issue_token",
        }
