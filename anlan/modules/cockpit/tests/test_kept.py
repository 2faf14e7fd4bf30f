"""The kept numbers equal the records, whatever happened to these and in whichever order; what differs is found."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.identity.models import Grant
from anlan.kernel.journal.models import Entry
from anlan.kernel.journal.record import bulk_load
from anlan.kernel.notify.models import Message
from anlan.kernel.regions.models import RegionChange
from anlan.kernel.regions.repathing import repath_rows
from anlan.kernel.regions.services import merge_region
from anlan.kernel.tallies.keeping import compare, fold, rebuild
from anlan.kernel.tallies.models import Tally
from anlan.kernel.tallies.services import reconcile_numbers
from anlan.modules.cockpit import selectors
from anlan.modules.cockpit.selectors.trend import late_is_stale, reckon_late
from anlan.modules.cockpit.tests.conftest import SYSTEM, City

NIGHT = Actor.system("tallies.reconcile")


def deltas() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tally_delta")
        return int(cursor.fetchone()[0])


def figures(city: City, name: str = "root") -> Any:
    actor = city.actor("leader", city.root)
    return selectors.numbers(actor, selectors.place(actor, getattr(city, name).path)).total


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_leave_the_numbers_equal_to_the_records(city: City, seed: int) -> None:
    dice = random.Random(seed)
    hazard, site = apps.get_model("hazards.Hazard"), apps.get_model("registry.Site")
    places = [city.south, city.north, city.river, city.village, city.east]
    for _ in range(25):
        someone = dice.choice(list(site.plain.all()))
        turn = dice.randrange(9)
        if turn == 0:
            city.site(dice.choice(places), dice.choice(["chem", "gas", ""]))
        elif turn == 1:
            city.site(dice.choice(places), dice.choice(["chem", "gas"]), unit=someone.unit)
        elif turn == 2:
            site.plain.filter(pk=someone.pk).update(status=dice.choice(["operating", "closed", "suspended"]))
        elif turn == 3:
            to = dice.choice(places)
            site.plain.filter(pk__in=dice.sample(list(site.plain.values_list("pk", flat=True)), 2)).update(
                region_path=to.path, region=to, sector=dice.choice(["chem", "gas"])
            )
        elif turn == 4:
            city.hazard(someone, f"05-{dice.randrange(1, 20):02}", due=f"05-{dice.randrange(10, 28)}")
        elif turn == 5:
            hazard.plain.filter(pk__in=hazard.plain.order_by("?")[:3].values("pk")).update(
                due_at=clock.end_of(dt.date(2026, 5, dice.randrange(1, 30))), rectified_on=dt.date(2026, 5, 3)
            )
        elif turn == 6:
            hazard.plain.filter(state="rectifying").update(category=dice.choice(["fire", "other"]))
        elif turn == 7:
            fold()
        else:
            gone = city.hazard(someone, "05-11", due="05-12")
            with bulk_load(SYSTEM, "a scene of tests"):
                hazard.plain.filter(pk=gone.pk).delete()
    assert compare() == []
    fold()
    assert compare() == [] and deltas() == 0


@pytest.mark.parametrize("name", ["root", "east", "south", "village"])
def test_folding_changes_no_figure(city: City, name: str) -> None:
    before = figures(city, name)
    assert fold() > 0 and deltas() == 0
    assert figures(city, name) == before


def test_a_change_that_counts_for_nothing_writes_nothing(city: City) -> None:
    fold()
    apps.get_model("hazards.Hazard").plain.update(description="配电箱门缺失，已拍照", version=9)
    apps.get_model("registry.Site").plain.update(address="和平路1号")
    assert deltas() == 0


def test_a_planted_difference_is_found_put_right_journalled_and_told(city: City) -> None:
    admin = city.user("administrator")
    Grant.objects.create(user=admin, role="administrator", region=city.root, valid_from=dt.date(2020, 1, 1))
    before = figures(city)
    assert reconcile_numbers(actor=NIGHT).differing == 0
    assert not Entry.plain.filter(fact_type="tallies.NumbersCorrected").exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tally_cell SET n = n + 7 WHERE what = 'hazards.open' AND region_path = %s",
                       [city.village.path])  # fmt: skip
    assert figures(city).open == before.open + 14
    told = reconcile_numbers(actor=NIGHT)
    assert told.differing == 2 and {one["n"] for one in told.sample} == {-7}
    assert figures(city) == before
    assert Entry.plain.get(fact_type="tallies.NumbersCorrected").data["differing"] == 2
    assert Message.objects.get(user=admin).urgent
    assert reconcile_numbers(actor=NIGHT).differing == 0


def test_rows_written_with_the_triggers_set_aside_are_counted_by_rebuilding(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE registry_site DISABLE TRIGGER tally_insert")
        city.site(city.river, "gas")
        cursor.execute("ALTER TABLE registry_site ENABLE TRIGGER tally_insert")
    assert figures(city).sites == 6
    assert rebuild() > 0
    assert (figures(city).sites, figures(city).units) == (7, 5)


def test_a_merged_town_takes_its_numbers_along(city: City) -> None:
    reckon_late()
    merge_region(actor=SYSTEM, region=city.north, into=city.south, on=dt.date(2026, 5, 20), basis="安政发〔2026〕1号")
    for change in RegionChange.objects.filter(finished_at=None):
        repath_rows(change)
    assert compare() == []
    assert late_is_stale()
    reckon_late()
    actor = city.actor("leader", city.root)
    found = selectors.numbers(actor, selectors.place(actor, city.south.path)).total
    assert (found.sites, found.units, found.open, found.overdue) == (4, 2, 4, 2)
    assert not Tally.plain.filter(region_path=city.north.path, what__startswith="hazards.").exclude(n=0).exists() or (
        compare() == []
    )


def test_overdue_passes_with_time_alone(city: City) -> None:
    fold()
    assert figures(city).overdue == 2
    with clock.moved_to(dt.date(2026, 6, 16)):
        assert figures(city).overdue == 4
    assert deltas() == 0


def test_the_months_are_stale_when_a_month_has_ended(city: City) -> None:
    assert late_is_stale()
    reckon_late()
    assert not late_is_stale()
    with clock.moved_to(dt.date(2026, 6, 1)):
        assert late_is_stale()


def test_a_mixture_of_grants_counts_each_unit_once(city: City) -> None:
    both = city.site(city.east, "gas")
    city.site(city.river, "gas", unit=both.unit)
    user = city.user("city_officer", city.root, sector="gas")
    Grant.objects.create(user=user, role="county_officer", region=city.east, valid_from=dt.date(2020, 1, 1))
    from anlan.kernel.identity.actors import actor_for

    found = selectors.numbers(actor_for(user), selectors.place(actor_for(user)))
    assert (found.total.sites, found.total.units) == (8, 5)
