"""What a place is built for in all, what is left out of a change, who receives, and balances that are open."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from anlan.modules.chemicals import selectors, services
from anlan.modules.chemicals.models import Finding, Place, Stock, Substance
from anlan.modules.chemicals.tasks import check
from anlan.modules.chemicals.tests.conftest import SYSTEM, Scene, day, person, signed_in, works

TANK, STORE = "甲醇储罐T-101", "原料库"


def test_more_in_all_than_the_place_is_built_for_is_a_finding_until_it_is_less(
    scene: Scene, methanol: Substance
) -> None:
    user, toluene = scene.user, Substance.plain.get(code="108-88-3")
    place = user.places[STORE]
    user.put(STORE, methanol, "opening", 600, day(1))
    user.put(STORE, toluene, "opening", 500, day(1))
    services.change_place(actor=user.keeper, place=place.pk, most_kg=Decimal(1_000))
    found = Finding.plain.get(kind="over_place")
    assert (found.state, found.gap_kg, found.holder) == ("open", 100, user.unit.holder)
    user.put(STORE, toluene, "received", 50, day(2), counterpart="外市公司")
    found.refresh_from_db()
    assert found.gap_kg == 150 and Finding.plain.filter(kind="over_place").count() == 1, "one finding a place"
    user.put(STORE, toluene, "used", 400, day(3))
    found.refresh_from_db()
    assert found.state == "cleared"
    assert not Deadline.plain.filter(subject_id=str(found.pk), state="open").exists()


def test_the_nightly_look_finds_a_place_that_is_too_full(scene: Scene, methanol: Substance) -> None:
    scene.user.put(STORE, methanol, "opening", 600, day(1))
    Place.plain.filter(pk=scene.user.places[STORE].pk).update(most_kg=Decimal(500))
    assert check() == 1 and Finding.plain.get().kind == "over_place"
    page = signed_in(scene.officers["town_officer"]).get(reverse("chemicals:place", args=[scene.user.places[STORE].pk]))
    assert "超过存放点总容量" in page.content.decode()


def test_what_is_left_out_of_a_change_stays(scene: Scene) -> None:
    place = scene.user.places[STORE]
    client = signed_in(scene.user.people["safety"])

    def change(**body: object) -> Place:
        answer = client.post(
            f"/api/v1/chemicals/places/{place.pk}/change", json.dumps(body), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        return Place.plain.get(pk=place.pk)

    assert change(most_kg="900").most_kg == 900
    renamed = change(name="原料库一")
    assert (renamed.name, renamed.kind, renamed.most_kg) == ("原料库一", "warehouse", 900)
    assert change(most_kg=None).most_kg is None, "what is named as nothing is emptied"


def test_whoever_supervises_the_sender_does_not_receive_for_the_receiver(scene: Scene, methanol: Substance) -> None:
    town = add_region(
        actor=SYSTEM, parent=Region.objects.get(path=scene.town.path[:8]), name="城北镇", kind="town", code="998801002"
    )
    far = works(Region.objects.get(pk=town.pk), 14, "城北涂料厂", ("warehouse", "库房"))
    scene.maker.put(TANK, methanol, "opening", 5_000, day(1))
    paper = services.send_stock(
        actor=scene.maker.keeper, stock=scene.maker.stock(TANK, methanol).pk, kg=Decimal(100), on=day(2),
        purpose="sold", to_code=far.unit.uscc,
    )  # fmt: skip
    assert paper in selectors.consignments(scene.officer)
    with pytest.raises(BadInput) as why:
        services.receive_consignment(
            actor=scene.officer, consignment=paper.pk, place=far.places["库房"].pk, kg=Decimal(100), on=day(3)
        )
    assert why.value.column == "place" and not Stock.plain.filter(place=far.places["库房"]).exists()
    theirs = actor_for(person("城北监管员", "town_officer", region=Region.objects.get(pk=town.pk)))
    services.receive_consignment(
        actor=theirs, consignment=paper.pk, place=far.places["库房"].pk, kg=Decimal(100), on=day(3)
    )


def test_only_open_balances_are_asked_of_the_database_and_the_largest_comes_first(
    scene: Scene, methanol: Substance
) -> None:
    for number, (works_, place, gap) in enumerate(((scene.maker, TANK, 5), (scene.user, STORE, -40))):
        works_.put(place, methanol, "opening", 1_000, day(1 + number))
        services.count_stock(
            actor=works_.keeper, stock=works_.stock(place, methanol).pk, counted_kg=Decimal(1_000 - gap), on=day(5)
        )
    scene.waste.put("暂存库", methanol, "opening", 10, day(1))
    rows = list(selectors.balance_rows(scene.officer, day(1), day(20), only_open=True))
    assert [row["counted"] for row in rows] == [40, -5]
    assert len(selectors.balance_rows(scene.officer, day(1), day(20))) == 3
    client = signed_in(scene.officers["town_officer"])
    page = client.get(reverse("chemicals:balance") + "?open=on").content.decode()
    assert "甲醇化工厂" in page and "环保处置公司" not in page
    answer = client.get("/api/v1/chemicals/balances?first=2026-11-01&last=2026-11-20&only_open=true").json()
    assert [b["open_kg"] for b in answer] == ["-40.000", "5.000"]


def test_that_two_stand_together_is_told_once(scene: Scene, methanol: Substance) -> None:
    acid = Substance.plain.get(code="7697-37-2")
    scene.user.put(STORE, methanol, "opening", 100, day(1))
    scene.user.put(STORE, acid, "opening", 10, day(1))
    found = Finding.plain.get(kind="together")
    for number in (2, 3, 4):
        scene.user.put(STORE, methanol, "used", 10, day(number))
    again = Finding.plain.get(kind="together")
    assert (again.state, again.version) == ("open", found.version), "no word for every kilogram"
