"""Merges and moves: rows, history, grants and posts follow their region, in whatever order the jobs run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.actor import Actor
from anlan.kernel.clock import moved_to, today
from anlan.kernel.codes.models import Parameter
from anlan.kernel.codes.services import declare, parameter, set_parameter
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, Post
from anlan.kernel.journal.record import about, bulk_load
from anlan.kernel.regions import repathing, selectors
from anlan.kernel.regions.models import Region, RegionChange
from anlan.kernel.regions.repathing import late_changes, path_columns, repath_rows
from anlan.kernel.regions.services import (
    add_region,
    merge_region,
    move_region,
)
from anlan.kernel.regions.tasks import repath, repath_again
from tests.kernel.conftest import SYSTEM, City, make_person, plain_actor
from tests.kernel.sample.models import Holding, Ticket
from tests.kernel.sample.services import note_ticket, open_ticket

WHY = "a test"
ON = dt.date(2026, 6, 1)
BASIS = "省民函〔2026〕1号"
CHANGE = frozenset({"regions.change"})


@pytest.fixture(autouse=True)
def in_june() -> Any:
    with moved_to(dt.date(2026, 6, 15)):
        yield


@pytest.fixture
def admin(city: City) -> Actor:
    return plain_actor(city.root.path, CHANGE)


def _run_jobs() -> None:
    for change in RegionChange.objects.exclude(kind="rename").filter(finished_at=None).order_by("pk"):
        repath_rows(change)


def _fresh(region: Region) -> Region:
    found: Region = Region.objects.get(pk=region.pk)
    return found


def _rows(city: City) -> dict[str, Ticket]:
    return {
        name: open_ticket(actor=SYSTEM, path=region.path, title=name)
        for name, region in (
            ("镇", city.a1),
            ("村一", city.v1),
            ("村二", city.v2),
            ("邻镇", city.a2),
            ("外县", city.w1),
        )
    }


def _where(title: str) -> str:
    path = Ticket.objects.everything(why=WHY).get(title=title).region_path
    return str(Region.objects.get(path=path).name)


class TestMerging:
    def test_rows_children_and_history_follow(self, city: City, admin: Actor) -> None:
        tickets = _rows(city)
        note_ticket(actor=SYSTEM, ticket=tickets["村一"], note="x")
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        assert {t: _where(t) for t in tickets} == {
            "镇": "城北镇",
            "村一": "和平村",
            "村二": "新建村",
            "邻镇": "城北镇",
            "外县": "东风村",
        }
        gone, village = _fresh(city.a1), _fresh(city.v1)
        assert (gone.valid_to, gone.merged_into, village.parent_path) == (
            dt.date(2026, 5, 31),
            city.a2,
            city.a2.path,
        )
        assert not Region.objects.filter(path__startswith=gone.path).exclude(pk=gone.pk).exists()
        history = Ticket.pgh_event_model.objects.filter(pgh_obj_id=tickets["村一"].pk)
        assert set(history.values_list("region_path", flat=True)) == {village.path}, "row history follows"
        assert {e.region_path for e in about(tickets["村一"])} == {village.path}, "the journal follows"
        assert not history.filter(pgh_label="update", note="").exists(), "an address is no change"
        merged = RegionChange.objects.get(kind="merge")
        assert merged.finished_at is not None
        assert merged.rows_done >= merged.rows_total > 0
        assert [c.kind for c in selectors.changes_of(_fresh(city.a2))] == ["merge"]
        assert about(city.a2)[0].fact_type == "regions.RegionMerged"

    def test_again_changes_nothing_more(self, city: City, admin: Actor) -> None:
        _rows(city)
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        before = {c.pk: c.rows_done for c in RegionChange.objects.all()}
        repath_again.func(timestamp=0)
        assert {c.pk: c.rows_done for c in RegionChange.objects.all()} == before

    def test_late_rows_are_carried_afterwards(self, city: City, admin: Actor) -> None:
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        late = open_ticket(actor=SYSTEM, path=city.v1.path, title="正在办理")
        assert late.region_path == city.v1.path, "an act that began before still wrote the old path"
        repath_again.func(timestamp=0)
        assert _where("正在办理") == "和平村"
        with moved_to(today() + dt.timedelta(days=3)):
            assert late_changes() == []

    def test_jobs_in_any_order_end_the_same(self, city: City, admin: Actor) -> None:
        """Town a1 goes to a2, county a to county b; whichever job comes first, every row ends at its own village."""
        tickets = _rows(city)
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        merge_region(actor=admin, region=city.a, into=city.b, on=ON, basis=BASIS)
        for change in RegionChange.objects.order_by("-pk"):
            repath_rows(change)
        repath_again.func(timestamp=0)
        assert {t: _where(t) for t in tickets} == {
            "镇": "城北镇",
            "村一": "和平村",
            "村二": "新建村",
            "邻镇": "城北镇",
            "外县": "东风村",
        }

    def test_grants_and_posts_follow_at_once(self, city: City, admin: Actor) -> None:
        shared = [
            Post.objects.create(region=r, office="应急办", title="主任", role="worker") for r in (city.a1, city.a2)
        ]
        own = Post.objects.create(region=city.a1, office="派出所", title="所长", role="worker")
        users = {n: make_person() for n in ("shared", "own", "plain", "past")}
        common = {"role": "worker", "region": city.a1, "valid_from": dt.date(2026, 1, 1)}
        Grant.objects.create(user=users["shared"], post=shared[0], **common)
        Grant.objects.create(user=users["own"], post=own, **common)
        Grant.objects.create(user=users["plain"], **common)
        past = Grant.objects.create(user=users["past"], **common, valid_to=dt.date(2026, 2, 1))
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        for name in ("shared", "own", "plain"):
            assert [g.path for g in actor_for(users[name]).grants] == [city.a2.path], name
        past.refresh_from_db()
        assert past.region == city.a1, "what is past stays as it was"
        own.refresh_from_db()
        shared[0].refresh_from_db()
        assert (own.region, shared[0].closed, Grant.objects.get(user=users["shared"]).post) == (
            city.a2,
            True,
            shared[1],
        )

    def test_figures_set_for_the_old_region_stay_with_it(self, city: City, admin: Actor) -> None:
        code = declare("tests.days", "Days", 10, least=1, most=99).code
        for region, value in ((city.a1, 20), (city.a2, 30), (city.v1, 40)):
            set_parameter(actor=SYSTEM, code=code, region=region, value=value, valid_from=today(), basis=BASIS)
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        assert parameter(code, city.a2.path) == 30
        assert parameter(code, _fresh(city.v1).path) == 40, "a village keeps its own"
        assert set(Parameter.objects.values_list("region_path", flat=True)) == {
            city.a1.path,
            city.a2.path,
            _fresh(city.v1).path,
        }

    def test_keys_to_the_region_follow(self, city: City, admin: Actor) -> None:
        holding = Holding.objects.create(region_path=city.a1.path, region=city.a1, name="厂", holder="unit-1")
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        holding.refresh_from_db()
        assert (holding.region, holding.region_path) == (city.a2, city.a2.path)

    def test_desks_follow_as_well(self, city: City, admin: Actor) -> None:
        ticket = open_ticket(actor=SYSTEM, path=city.w1.path, title="移交")
        Ticket.plain.filter(pk=ticket.pk).update(desk_path=city.a1.path)
        deadline = Deadline.objects.create(
            region_path=city.w1.path,
            kind="k",
            label="l",
            subject_type="sample.ticket",
            subject_id=str(ticket.pk),
            subject_title="t",
            starts_on=ON,
            due_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
            duty="sample.fix",
            desk_path=city.v1.path,
            escalated_path=city.a1.path,
        )
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        ticket.refresh_from_db()
        deadline.refresh_from_db()
        assert (ticket.desk_path, deadline.desk_path, deadline.escalated_path) == (
            city.a2.path,
            _fresh(city.v1).path,
            city.a2.path,
        )

    def test_the_job_is_in_the_queue_with_the_act(self, city: City, admin: Actor) -> None:
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        jobs = ProcrastinateJob.objects.filter(task_name="regions.repath")
        assert [j.lock for j in jobs] == ["regions"] * 3, "two villages and the town, one after the other"
        repath.func(change_id=jobs[0].args["change_id"])
        assert (
            ProcrastinateJob.objects.filter(task_name="regions.repath_again", scheduled_at__isnull=False).count() == 1
        )

    @pytest.mark.parametrize(
        ("column", "wrong"),
        [
            ("into", "itself"),
            ("into", "child"),
            ("basis", "basis"),
            ("on", "future"),
            ("region", "twice"),
            ("into", "closed"),
        ],
    )
    def test_bad_input(self, city: City, admin: Actor, column: str, wrong: str) -> None:
        given: dict[str, Any] = {"region": city.a1, "into": city.a2, "on": ON, "basis": BASIS}
        given |= {
            "itself": {"into": city.a1},
            "child": {"into": city.v1},
            "basis": {"basis": " "},
        }.get(wrong, {})
        given |= {
            "future": {"on": dt.date(2026, 7, 1)},
            "twice": {"into": city.b1},
            "closed": {"region": city.b1, "into": city.a1},
        }.get(wrong, {})
        if wrong in ("twice", "closed"):
            merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        with pytest.raises(BadInput) as refused:
            merge_region(actor=admin, **given)
        assert refused.value.column == column

    def test_nothing_is_added_under_a_closed_region(self, city: City, admin: Actor) -> None:
        merge_region(actor=admin, region=city.a1, into=city.a2, on=ON, basis=BASIS)
        with pytest.raises(BadInput, match="no longer in force"):
            add_region(actor=admin, parent=city.a1, name="石桥村", kind="village")
        assert list(selectors.of_kind(admin, "regions.change", "town")) == [
            _fresh(city.a2),
            city.b1,
        ]

    def test_a_row_moved_by_an_act_meanwhile_is_left_alone(self, city: City) -> None:
        """The condition of the batch stands outside its subselect too."""
        column = next(c for c in repathing._path_columns() if (c.table, c.name) == ("sample_ticket", "region_path"))
        where, given = repathing._where(column, city.a1.path, [], [city.v1.path])
        assert where.count('"region_path" >= %s') == 2
        assert given == [city.a1.path, city.a1.path + "\x7f", city.v1.path, city.v1.path + "\x7f"]
        assert repathing._move_some(column, city.a1.path, city.a2.path, [], []) == 0


class TestMoving:
    def test_a_village_given_to_the_next_town(self, city: City, admin: Actor) -> None:
        tickets = _rows(city)
        old = city.v2.path
        move_region(actor=admin, region=city.v2, under=city.a2, on=ON, basis=BASIS)
        _run_jobs()
        assert {t: _where(t) for t in tickets} == {
            "镇": "城南镇",
            "村一": "和平村",
            "村二": "新建村",
            "邻镇": "城北镇",
            "外县": "东风村",
        }
        assert _fresh(city.v2).parent_path == city.a2.path
        fresh = add_region(actor=admin, parent=_fresh(city.a1), name="新村", kind="village")
        assert fresh.path > old, "the path that was left is never given out again"
        assert Region.objects.get(path=old).merged_into == city.v2
        assert move_region(actor=admin, region=city.v2, under=city.a2, on=ON, basis=BASIS) == city.v2
        assert RegionChange.objects.count() == 1

    def test_and_back(self, city: City, admin: Actor) -> None:
        tickets = _rows(city)
        for under in (city.a2, city.a1):
            move_region(actor=admin, region=city.v1, under=under, on=ON, basis=BASIS)
        for change in RegionChange.objects.order_by("-pk"):
            repath_rows(change)
        assert _where("村一") == "和平村"
        assert _fresh(city.v1).parent_path == city.a1.path
        assert tickets["村一"].region_path != _fresh(city.v1).path

    def test_not_into_itself(self, city: City, admin: Actor) -> None:
        with pytest.raises(BadInput):
            move_region(actor=admin, region=city.a1, under=city.v1, on=ON, basis=BASIS)


def test_every_table_with_a_path_is_known(db: Any) -> None:
    known = {(table, column) for table, _, column in path_columns()}
    expected = {
        ("sample_ticket", "region_path"),
        ("sample_ticket", "desk_path"),
        ("sample_ticketevent", "region_path"),
        ("sample_ticketevent", "desk_path"),
        ("journal_entry", "region_path"),
        ("deadlines_deadline", "escalated_path"),
        ("files_storedfile", "region_path"),
        ("codes_parameter", "region_path"),
        ("codes_parameterevent", "region_path"),
        ("identity_user", "region_path"),
    }
    assert expected <= known
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND column_name LIKE '%\\_path' AND collation_name = 'C'"
        )
        # The papers of the screen tests are a table without a module; kept numbers follow the rows they count.
        besides = {"regions_regionchange", "ui_sample_paper", "tally_cell", "tally_delta"}
        stored = {row for row in cursor.fetchall() if row[0] not in besides}
    assert stored <= known, "a path column that is no PathField would be left behind"


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["merge", "move"]), st.integers(0, 8), st.integers(0, 8), st.booleans()),
    min_size=1,
    max_size=6,
)


class Backwards:
    """The jobs of the last change come first."""

    shuffle = staticmethod(list.reverse)


@pytest.mark.django_db
@example(actions=[("move", 5, 0, False), ("merge", 2, 0, False), ("move", 5, 4, False)], order=Backwards())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, order=st.randoms(use_true_random=False))
def test_after_any_merges_and_moves_every_row_lies_where_its_region_went(
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    actions: list[tuple[str, int, int, bool]],
    order: Any,
) -> None:
    """Whatever was merged and moved, in whatever order and however late the jobs ran, with batches of two rows."""
    monkeypatch.setattr(repathing, "BATCH", 2)
    regions = [city.root, city.a, city.b, city.a1, city.a2, city.b1, city.v1, city.v2, city.w1]
    with transaction.atomic():
        point = transaction.savepoint()
        with bulk_load(SYSTEM, WHY):
            Ticket.plain.bulk_create(
                [
                    Ticket(region_path=r.path, desk_path=r.path, title=f"{r.pk}-{n}", state="open")
                    for r in regions
                    for n in range(3)
                ]
            )
        for kind, which, where, job_now in actions:
            region, target = _fresh(regions[which]), _fresh(regions[where])
            doing: Callable[..., Any] = merge_region if kind == "merge" else move_region
            try:
                doing(
                    actor=SYSTEM,
                    region=region,
                    **{"into" if kind == "merge" else "under": target},
                    on=ON,
                    basis=BASIS,
                )
            except BadInput:
                continue
            if job_now:
                changes = list(RegionChange.objects.filter(finished_at=None))
                order.shuffle(changes)
                for change in changes:
                    repath_rows(change)
        changes = list(RegionChange.objects.all())
        order.shuffle(changes)
        for change in changes:
            repath_rows(change)
        repath_again.func(timestamp=0)
        for ticket in Ticket.objects.everything(why=WHY):
            home = repathing.settled(Region.objects.get(pk=int(ticket.title.split("-")[0])))
            assert ticket.region_path == ticket.desk_path == home.path
        _the_tree_is_sound()
        transaction.savepoint_rollback(point)


def _the_tree_is_sound() -> None:
    paths = {r.path: r for r in Region.objects.all()}
    for path, region in paths.items():
        assert region.depth == len(path) // 4
        assert not region.parent_path or region.parent_path in paths
        assert region.numchild == sum(1 for p in paths if p[:-4] == path)
