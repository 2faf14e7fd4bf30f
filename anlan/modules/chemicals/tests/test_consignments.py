"""Consignments: sent by one unit, received by another, followed from tank to user to waste."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, NotFound
from anlan.modules.chemicals import selectors, services
from anlan.modules.chemicals.models import Consignment, Finding, Movement, Substance
from anlan.modules.chemicals.tests.conftest import Scene, day
from anlan.modules.chemicals.tests.test_ledger import STORE, TANK, WASTE, balance


def sent(scene: Scene, methanol: Substance, kg: int = 1_000, lot: str = "J2026-11") -> Consignment:
    """A tonne of methanol on its way to the paint maker."""
    maker = scene.maker
    maker.put(TANK, methanol, "produced", 5_000, day(2), lot=lot)
    done: Consignment = services.send_stock(
        actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, kg=Decimal(kg), on=day(4), purpose="sold",
        to_code=scene.user.unit.uscc, carrier="顺达危运", plate="粤M12345", lot=lot,
    )  # fmt: skip
    return done


def test_a_tonne_is_followed_from_tank_to_user_to_waste(scene: Scene, methanol: Substance) -> None:
    user, waste, lot = scene.user, scene.waste, "J2026-11"
    paper = sent(scene, methanol)
    assert paper.state == "under_way" and Deadline.plain.get(kind="chemicals.arrival").desk_holder == user.unit.holder
    services.receive_consignment(
        actor=user.keeper, consignment=paper.pk, place=user.places[STORE].pk, kg=Decimal(1_000), on=day(5)
    )
    services.receive_consignment(
        actor=user.keeper, consignment=paper.pk, place=user.places[STORE].pk, kg=Decimal(1_000), on=day(5)
    )
    assert user.stock(STORE, methanol).kg == 1_000, "a second click receives nothing"
    user.put(STORE, methanol, "used", 950, day(7), lot=lot)
    services.move_stock(
        actor=user.keeper,
        stock=user.stock(STORE, methanol).pk,
        to=user.places[WASTE].pk,
        kg=Decimal(50),
        on=day(8),
        lot=lot,
    )
    away = services.send_stock(
        actor=user.keeper, stock=user.stock(WASTE, methanol).pk, kg=Decimal(50), on=day(9), purpose="disposed",
        to_code=waste.unit.uscc, lot=lot,
    )  # fmt: skip
    services.receive_consignment(
        actor=waste.keeper, consignment=away.pk, place=waste.places["暂存库"].pk, kg=Decimal(50), on=day(9)
    )
    waste.put("暂存库", methanol, "disposed", 50, day(12), lot=lot, note="焚烧")
    found = selectors.trace(scene.officer, lot)
    assert (found.made, found.ended, found.there, found.road, found.lacking) == (5_000, 1_000, 4_000, 0, 0)
    assert {m.holder for m in found.movements} == {w.unit.holder for w in (scene.maker, user, waste)}
    assert not Finding.plain.exists()
    assert {m.holder for m in selectors.trace(user.keeper, lot).movements} == {user.unit.holder}, (
        "others' movements stay theirs"
    )
    for works in (scene.maker, user, waste):
        assert balance(scene, works.unit.holder, methanol).closes


def test_what_was_sent_and_what_was_received_must_be_the_same(scene: Scene, methanol: Substance) -> None:
    paper = sent(scene, methanol)
    user = scene.user
    arrived = services.receive_consignment(
        actor=user.keeper, consignment=paper.pk, place=user.places[STORE].pk, kg=Decimal(980), on=day(5)
    )
    assert {(f.kind, f.gap_kg, f.holder) for f in Finding.plain.all()} == {
        ("mismatch", 20, scene.maker.unit.holder), ("mismatch", 20, user.unit.holder)
    }  # fmt: skip
    assert selectors.trace(scene.officer, "J2026-11").lacking == 20
    mine = Finding.plain.get(holder=user.unit.holder)
    assert [(s.movement, s.true_kg) for s in selectors.suspects(mine)][-1] == (arrived, 1_000)
    services.correct_movement(actor=user.keeper, movement=arrived.pk, kg=Decimal(1_000), reason="皮重记错")
    assert {f.state for f in Finding.plain.all()} == {"cleared"}
    paper.refresh_from_db()
    assert paper.received_kg == 1_000 and not paper.differs


def test_a_consignment_is_called_back_by_putting_it_right_to_nothing(scene: Scene, methanol: Substance) -> None:
    paper = sent(scene, methanol)
    sale = Movement.plain.get(consignment=paper)
    services.correct_movement(actor=scene.maker.keeper, movement=sale.pk, kg=Decimal(0), reason="车辆故障未发出")
    paper.refresh_from_db()
    assert paper.state == "recalled" and scene.maker.stock(TANK, methanol).kg == 5_000
    assert Deadline.plain.get(kind="chemicals.arrival").state == "cancelled"


def test_a_receiver_must_be_on_file_and_another_site(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "produced", 100, day(2))
    stock = maker.stock(TANK, methanol).pk
    for code, purpose, column in (
        ("91998801MA00000000", "sold", "to_code"),
        ("", "sold", "to_code"),
        (maker.unit.uscc, "moved_out", "to_code"),
        (scene.user.unit.uscc, "moved_out", "purpose"),
    ):
        with pytest.raises(BadInput) as why:
            services.send_stock(
                actor=maker.keeper, stock=stock, kg=Decimal(1), on=day(3), purpose=purpose, to_code=code
            )
        assert why.value.column == column
    by_number = f"{scene.user.unit.uscc}-01"
    assert (
        services.send_stock(
            actor=maker.keeper, stock=stock, kg=Decimal(1), on=day(3), purpose="sold", to_code=by_number
        ).to_site_id
        == scene.user.site.pk
    )


def test_only_the_receiver_receives_and_nobody_else_sees(scene: Scene, methanol: Substance) -> None:
    paper = sent(scene, methanol)
    with pytest.raises(NotFound):
        services.receive_consignment(
            actor=scene.waste.keeper,
            consignment=paper.pk,
            place=scene.waste.places["暂存库"].pk,
            kg=Decimal(1),
            on=day(5),
        )
    with pytest.raises(BadInput) as why:
        services.receive_consignment(
            actor=scene.user.keeper, consignment=paper.pk, place=scene.maker.places[TANK].pk, kg=Decimal(1), on=day(5)
        )
    assert why.value.column == "place"
    assert paper in selectors.consignments(scene.maker.keeper) and paper in selectors.consignments(scene.officer)
    assert paper not in selectors.consignments(scene.waste.keeper)
