"""Scope fails closed: every door to rows is shut until it was said for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2
import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.shortcuts import get_list_or_404, get_object_or_404
from django.test import RequestFactory
from django.views.generic import DetailView, ListView
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.actor import Actor, Grant
from anlan.kernel.counting import counted
from anlan.kernel.errors import Unguarded
from anlan.kernel.regions.models import Region
from anlan.kernel.scope import Below, Elsewhere, GuardedQuerySet, Scoped, follow_subject, within
from tests.kernel.conftest import SYSTEM, WORKER, City, plain_actor
from tests.kernel.sample.models import Holding, Part, Ticket
from tests.kernel.sample.services import open_ticket

WHY = "a test"


@pytest.fixture
def ticket(city: City) -> Ticket:
    made: Ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    Part.objects.create(region_path=city.v1.path, ticket=made, name="电缆")
    return made


class TicketForm(forms.ModelForm):
    class Meta:
        model = Part
        fields = ("ticket", "name")


class TicketFilters(django_filters.FilterSet):
    class Meta:
        model = Ticket
        fields = ("title",)


class TicketTable(django_tables2.Table):
    class Meta:
        model = Ticket
        fields = ("title",)


class Tickets(ListView):
    model = Ticket
    template_name = "none.html"


class OneTicket(DetailView):
    model = Ticket
    template_name = "none.html"


def _page(view: Any, **kwargs: Any) -> Any:
    return view.as_view()(RequestFactory().get("/"), **kwargs)


DOORS: dict[str, Callable[[Ticket], Any]] = {
    "iteration": lambda t: list(Ticket.objects.all()),
    "for": lambda t: [row.pk for row in Ticket.objects.filter(pk=t.pk)],
    "bool": lambda t: bool(Ticket.objects.all()),
    "len": lambda t: len(Ticket.objects.all()),
    "in": lambda t: t in Ticket.objects.all(),
    "index": lambda t: Ticket.objects.all()[0],
    "slice": lambda t: list(Ticket.objects.all()[:5]),
    "get": lambda t: Ticket.objects.get(pk=t.pk),
    "filter.get": lambda t: Ticket.objects.filter(title="漏电").get(),
    "first": lambda t: Ticket.objects.first(),
    "last": lambda t: Ticket.objects.order_by("pk").last(),
    "earliest": lambda t: Ticket.objects.earliest("pk"),
    "latest": lambda t: Ticket.objects.latest("pk"),
    "in_bulk": lambda t: Ticket.objects.in_bulk([t.pk]),
    "in_bulk all": lambda t: Ticket.objects.in_bulk(),
    "values": lambda t: list(Ticket.objects.values("title")),
    "values_list": lambda t: list(Ticket.objects.values_list("title", flat=True)),
    "distinct": lambda t: list(Ticket.objects.values("title").distinct()),
    "iterator": lambda t: list(Ticket.objects.iterator()),
    "iterator unread": lambda t: Ticket.objects.iterator(chunk_size=10),
    "count": lambda t: Ticket.objects.count(),
    "filtered count": lambda t: Ticket.objects.filter(title="漏电").count(),
    "aggregate": lambda t: Ticket.objects.aggregate(n=Count("pk")),
    "annotate": lambda t: list(Ticket.objects.annotate(n=Count("parts"))),
    "group by": lambda t: list(Ticket.objects.values("region_path").annotate(n=Count("pk"))),
    "update": lambda t: Ticket.objects.update(title="x"),
    "filtered update": lambda t: Ticket.objects.filter(pk=t.pk).update(title="x"),
    "delete": lambda t: Ticket.objects.all().delete(),
    "get_or_create": lambda t: Ticket.objects.get_or_create(title="漏电", region_path=t.region_path, state="open"),
    "update_or_create": lambda t: Ticket.objects.update_or_create(title="漏电", defaults={"note": "x"}),
    "bulk_update": lambda t: Ticket.objects.bulk_update([t], ["note"]),
    "raw": lambda t: list(Ticket.objects.raw("SELECT * FROM sample_ticket")),
    "explain": lambda t: Ticket.objects.all().explain(),
    "select_for_update": lambda t: list(Ticket.objects.select_for_update()),
    "select_related": lambda t: list(Part.objects.select_related("ticket")),
    "prefetch_related": lambda t: list(Holding.objects.prefetch_related("tickets")),
    "reverse relation": lambda t: list(t.parts.all()),
    "reverse count": lambda t: t.parts.count(),
    "in a subquery": lambda t: list(Region.objects.filter(path__in=Ticket.objects.values("region_path"))),
    "subquery": lambda t: list(Region.objects.annotate(t=Subquery(Ticket.objects.values("title")[:1]))),
    "exists in a query": lambda t: list(
        Region.objects.filter(Exists(Ticket.objects.filter(region_path=OuterRef("path"))))
    ),
    "union": lambda t: list(Ticket.objects.filter(pk=t.pk).union(Ticket.objects.filter(pk=0))),
    "union with an admitted one": lambda t: list(Ticket.objects.everything(why=WHY).union(Ticket.objects.all())),
    "union with another table": lambda t: list(
        Region.objects.values_list("pk").union(Ticket.objects.values_list("pk"))
    ),
    "count of a union": lambda t: Region.objects.values_list("pk").union(Ticket.objects.values_list("pk")).count(),
    "difference": lambda t: list(Ticket.objects.difference(Ticket.objects.everything(why=WHY))),
    "or": lambda t: list(Ticket.objects.everything(why=WHY).filter(pk=0) | Ticket.objects.filter(pk=t.pk)),
    "or, the other way": lambda t: list(
        Ticket.objects.filter(pk=t.pk) | Ticket.objects.everything(why=WHY).filter(pk=0)
    ),
    "xor": lambda t: list(Ticket.objects.everything(why=WHY).filter(pk=0) ^ Ticket.objects.filter(pk=t.pk)),
    "dates": lambda t: list(Part.objects.values_list("ticket__title")),
    "get_object_or_404": lambda t: get_object_or_404(Ticket, pk=t.pk),
    "get_list_or_404": lambda t: get_list_or_404(Ticket, title="漏电"),
    "ListView.model": lambda t: list(_page(Tickets).context_data["object_list"]),
    "DetailView.model": lambda t: _page(OneTicket, pk=t.pk),
    "a form's choices": lambda t: str(TicketForm()["ticket"]),
    "a form's choice": lambda t: TicketForm({"ticket": t.pk, "name": "x"}).is_valid(),
    "a bare ModelChoiceField": lambda t: list(forms.ModelChoiceField(Ticket.objects.all()).choices),
    "a bare FilterSet": lambda t: list(TicketFilters({"title": "漏电"}).qs),
    "a table": lambda t: list(TicketTable(Ticket.objects.all()).rows),
    "a table's length": lambda t: len(TicketTable(Ticket.objects.all()).rows),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_shut(ticket: Ticket, door: str) -> None:
    with pytest.raises(Unguarded, match="say for whom"), transaction.atomic():
        DOORS[door](ticket)
    ticket.refresh_from_db()
    assert ticket.title == "漏电", "nothing was changed on the way"


async def _read_async() -> list[Any]:
    return [row async for row in Ticket.objects.aiterator()]


@pytest.mark.django_db
def test_the_asynchronous_door_is_shut(ticket: Ticket) -> None:
    from asgiref.sync import async_to_sync

    with pytest.raises(Unguarded):
        async_to_sync(_read_async)()


def test_what_djangos_plumbing_needs_stays_open(city: City, ticket: Ticket) -> None:
    assert Ticket.objects.filter(title="漏电").exists()
    assert not Ticket.objects.filter(title="无").exists()
    assert Ticket.objects.filter(pk=ticket.pk).contains(ticket)
    assert list(Ticket.objects.none()) == []

    ticket.note = "saved"
    ticket.save()
    ticket.refresh_from_db()
    assert ticket.note == "saved"
    part = Part.objects.everything(why=WHY).get()
    assert part.ticket == ticket, "a foreign key of a row in hand is followed"

    again = Ticket(region_path=city.v1.path, title="漏电", state="open")
    with pytest.raises(ValidationError, match="已经存在"):
        again.validate_constraints()
    deleted, _ = part.delete()
    assert deleted == 1


def test_an_admitted_queryset_does_everything(ticket: Ticket) -> None:
    rows = Ticket.objects.everything(why=WHY)
    assert [r.pk for r in rows] == [ticket.pk]
    assert rows.count() == len(rows) == 1
    assert rows.filter(title="漏电").exclude(pk=0).order_by("pk").first() == ticket
    assert rows.aggregate(n=Count("pk")) == {"n": 1}
    assert list(rows.values_list("title", flat=True)) == ["漏电"]
    assert rows.in_bulk([ticket.pk]) == {ticket.pk: ticket}
    assert list(rows.union(rows)) == [ticket]
    assert list(rows | rows) == list(rows & Ticket.objects.everything(why=WHY)) == [ticket]
    assert list(Region.objects.filter(path__in=rows.values("region_path")).values_list("name", flat=True)) == ["和平村"]
    assert Region.objects.filter(Exists(rows.filter(region_path=OuterRef("path")))).count() == 1
    assert [r.title for r in rows.raw("SELECT * FROM sample_ticket")] == ["漏电"]
    assert rows.update(note=F("title")) == 1
    parts = Prefetch("parts", queryset=Part.objects.everything(why=WHY))
    assert [p.name for p in Ticket.objects.everything(why=WHY).prefetch_related(parts).get().parts.all()] == ["电缆"]
    assert rows.delete()[0] == 2


def test_a_reason_is_needed() -> None:
    with pytest.raises(Unguarded):
        Ticket.objects.everything(why=" ")


@pytest.mark.django_db
def test_rows_are_not_printed_by_accident(ticket: Ticket) -> None:
    assert repr(Ticket.objects.all()) == "<Ticket rows, nobody named>"
    assert "漏电" in repr(Ticket.objects.everything(why=WHY))


def _seen(actor: Actor, permission: str | None = None) -> set[str]:
    return set(Ticket.objects.visible_to(actor, permission).values_list("title", flat=True))


@pytest.fixture
def tickets(city: City) -> dict[str, Ticket]:
    rows = {
        "甲": {"path": city.v1.path},
        "甲化工": {"path": city.v1.path, "sector": "chemicals"},
        "乙": {"path": city.w1.path},
        "乙单位": {"path": city.w1.path, "holder": "unit-1"},
    }
    return {title: open_ticket(actor=SYSTEM, title=title, **given) for title, given in rows.items()}


def test_who_sees_what(city: City, tickets: dict[str, Ticket]) -> None:
    assert _seen(plain_actor(city.root.path)) == set(tickets)
    assert _seen(plain_actor(city.a.path)) == {"甲", "甲化工"}
    assert _seen(plain_actor(city.b1.path)) == {"乙", "乙单位"}
    assert _seen(plain_actor(city.a2.path)) == set()
    assert _seen(plain_actor(city.a.path, sector="chemicals")) == {"甲化工"}, (
        "a row of no line is for those with every line"
    )
    assert _seen(plain_actor("", holder="unit-1")) == {"乙单位"}
    assert _seen(plain_actor("", holder="unit-2")) == set()
    assert _seen(Actor.nobody()) == set()
    assert _seen(SYSTEM) == set(tickets)
    assert _seen(plain_actor("")) == set(), "a grant with neither region nor unit reaches nothing"
    assert _seen(plain_actor(city.root.path, frozenset({"other.view"}))) == set()
    assert _seen(plain_actor(city.root.path), "sample.close") == set(), "limited to where the permission is held"


def test_the_office_on_whose_desk_it_is_sees_it(city: City, tickets: dict[str, Ticket]) -> None:
    Ticket.objects.everything(why=WHY).filter(title="甲").update(desk_path=city.b.path, desk_sector="mines")
    assert "甲" in _seen(plain_actor(city.b.path))
    assert "甲" in _seen(plain_actor(city.b.path, sector="mines"))
    assert "甲" not in _seen(plain_actor(city.b.path, sector="chemicals"))
    row = Ticket.objects.everything(why=WHY).get(title="甲")
    assert plain_actor(city.b.path, sector="mines").may("sample.fix", row)
    assert not plain_actor(city.b.path, sector="chemicals").may("sample.fix", row)


def test_parts_share_no_row(city: City, tickets: dict[str, Ticket]) -> None:
    every = Ticket.objects.everything(why=WHY)
    every.filter(title="甲").update(desk_path=city.b.path)
    every.filter(title="乙").update(desk_path=city.root.path)
    for actor in (SYSTEM, Actor.nobody(), *(plain_actor(place.path) for place in (city.root, city.a, city.b, city.b1))):
        seen = Ticket.objects.visible_to(actor)
        parts = [set(_titles(part)) for part in seen.query.in_parts()]
        assert sorted(title for part in parts for title in part) == sorted(_seen(actor))
        narrowed = seen.filter(Q(title="甲") | Q(title="乙") | Q(title="丙"), pk__gt=0)
        assert counted(narrowed) == len(_seen(actor) & {"甲", "乙", "丙"})
        assert counted(seen) == len(_seen(actor))


def _titles(query: Any) -> list[str]:
    rows = Ticket.objects.everything(why=WHY)
    rows.query = query
    return [row.title for row in rows]


def test_an_or_of_the_readers_own_is_no_way_in(city: City, tickets: dict[str, Ticket]) -> None:
    """Two ways in and two titles asked for are told apart, whichever is said first."""
    actor = plain_actor(city.a.path)
    first = Ticket.objects.filter(Q(title="甲") | Q(title="乙"))
    for rows in (first.visible_to(actor), Ticket.objects.visible_to(actor).filter(Q(title="甲") | Q(title="乙"))):
        assert {row.title for row in rows} == {"甲"}
        assert counted(rows) == 1
        assert {title for part in rows.query.in_parts() for title in _titles(part)} == {"甲"}
        assert len(rows.query.in_parts()) == len(Ticket.scope_by)


def test_no_column_by_which_a_row_is_seen_is_empty() -> None:
    """NOT NULL: what is not seen in one way must be seen in the next, and of NULL neither holds."""
    for model in apps.get_models():
        if issubclass(model, Scoped):
            names = {model.scope_holder, *(name for pair in model.scope_by for name in pair)}
            assert not [name for name in names if model._meta.get_field(name).null], model.__name__


def test_scopes_of_a_token_narrow(city: City, tickets: dict[str, Ticket]) -> None:
    grants = plain_actor(city.root.path).grants
    assert _seen(Actor(key="user:1", name="", grants=grants, scopes=frozenset({"sample.view"}))) == set(tickets)
    assert _seen(Actor(key="user:1", name="", grants=grants, scopes=frozenset({"sample.*"}))) == set(tickets)
    assert _seen(Actor(key="user:1", name="", grants=grants, scopes=frozenset({"sample.fix"}))) == set()


def test_grants_are_ored(city: City, tickets: dict[str, Ticket]) -> None:
    grants = (
        *plain_actor(city.a.path, sector="chemicals").grants,
        *plain_actor("", holder="unit-1").grants,
    )
    assert _seen(Actor(key="user:1", name="", grants=grants)) == {"甲化工", "乙单位"}


def test_another_field_may_name_the_holder(city: City) -> None:
    class Named(Holding):
        scope_holder = "name"

        class Meta:
            proxy = True
            app_label = "sample"

    row = Named(name="unit-9", holder="else", region_path=city.a.path)
    assert plain_actor("", holder="unit-9").may("sample.view", row)
    assert not plain_actor("", holder="else").may("sample.view", row)


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
paths = st.lists(st.text(ALPHABET, min_size=4, max_size=4), min_size=1, max_size=4).map("".join)
lines = st.sampled_from(["", "chemicals", "mines"])


few = st.lists(st.sampled_from(["0001", "0002"]), min_size=1, max_size=3).map("".join)
posts = st.tuples(paths | few | st.just(""), lines, st.sampled_from(["", "u1"]))


@given(
    row=st.tuples(paths | few, lines, st.sampled_from(["", "u1", "u2"]), few | st.just(""), lines),
    grants=st.lists(posts, min_size=1, max_size=2),
)
def test_the_queryset_its_parts_and_the_single_row_agree(
    row: tuple[str, str, str, str, str], grants: list[tuple[str, str, str]]
) -> None:
    """What a list shows, what is counted and what an act admits are one rule: in SQL, in disjoint parts, in Python."""
    path, sector, holder, desk, line = row
    ticket = Ticket(region_path=path, sector=sector, holder=holder, desk_path=desk, desk_sector=line)
    held = (Grant("worker", WORKER, path="" if g[2] else g[0], sector=g[1], holder=g[2]) for g in grants)
    actor = Actor(key="user:1", name="", grants=tuple(held))
    where = Ticket.objects.visible_to(actor).query.where
    assert _holds(where, ticket) == actor.may("sample.view", ticket)
    parts = [_holds(part.where, ticket) for part in Ticket.objects.visible_to(actor).query.in_parts()]
    assert sum(parts) == _holds(where, ticket), "in one part, or in none"


def _holds(node: Any, row: Ticket) -> bool:
    """Evaluate a WHERE tree in Python, byte by byte as the C collation does."""
    if hasattr(node, "children"):
        parts = [_holds(child, row) for child in node.children]
        met = all(parts) if node.connector == "AND" else any(parts)
        return met != node.negated
    if type(node).__name__ == "NothingNode" or (node.lookup_name == "in" and not node.rhs):
        return False

    def read(side: Any) -> Any:
        if isinstance(side, Below):
            place, above = (read(column) for column in side.source_expressions)
            return place.startswith(above) != isinstance(side, Elsewhere)
        return getattr(row, side.target.name) if hasattr(side, "target") else side

    value, given_value = read(node.lhs), read(node.rhs)
    if node.lookup_name == "exact":
        return bool(value == given_value)
    return {"gte": value >= given_value, "lt": value < given_value}[node.lookup_name]


@given(below=paths, above=paths)
def test_a_subtree_is_a_prefix(below: str, above: str) -> None:
    low, high = (c[1] for c in within("region_path", above).children)
    assert (low <= below < high) == below.startswith(above)


def test_every_scoped_table_is_guarded_by_default() -> None:
    for model in (Ticket, Part, Holding):
        assert issubclass(model, Scoped)
        assert isinstance(model._default_manager.get_queryset(), GuardedQuerySet)
        assert not isinstance(model._base_manager.get_queryset(), GuardedQuerySet)
    assert isinstance(Ticket._meta.get_field("region_path"), models.CharField)


def test_rows_that_hang_on_a_record_follow_it(city: City, ticket: Ticket) -> None:
    from anlan.kernel.files.models import StoredFile

    file = StoredFile.objects.create(
        region_path=ticket.region_path,
        name="a.png",
        sha256="0" * 64,
        size=1,
        media_type="image/png",
        purpose="before",
        subject_type="sample.ticket",
        subject_id=str(ticket.pk),
        at="2026-01-01T00:00Z",
        by_key="",
        by_name="",
    )
    ticket.region_path, ticket.sector = city.w1.path, "mines"
    follow_subject(ticket)
    file.refresh_from_db()
    assert (file.region_path, file.sector) == (city.w1.path, "mines")
