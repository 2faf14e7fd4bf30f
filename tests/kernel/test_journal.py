"""The journal: append-only, filed where it belongs, readable by every edition; bulk loads declared in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from anlan.kernel.actor import Actor
from anlan.kernel.errors import (
    Unguarded,
)
from anlan.kernel.journal.facts import FACTS, BulkLoadDeclared, Fact
from anlan.kernel.journal.models import BulkLoad, Entry
from anlan.kernel.journal.record import about, bulk_load, entry, place_of
from anlan.kernel.regions.models import Region
from tests.kernel.conftest import SYSTEM, City, plain_actor
from tests.kernel.sample.events import TicketNoted
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import (
    open_ticket,
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
            key="user:1",
            name="",
            grants=(*plain_actor(city.a1.path).grants, *plain_actor(city.a.path).grants),
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
