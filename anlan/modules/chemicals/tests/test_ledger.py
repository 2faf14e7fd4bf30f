"""The ledger: what came must have been there, nothing is edited, the balance closes or says what is open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, NotAllowed, SamePerson
from anlan.kernel.identity.actors import actor_for
from anlan.modules.chemicals import selectors, services
from anlan.modules.chemicals.models import (
    Finding,
    Movement,
    PoliceRecord,
    Stock,
    Substance,
    fill_catalogue,
)
from anlan.modules.chemicals.tasks import check
from anlan.modules.chemicals.tests.conftest import NOON, SYSTEM, Scene, day

TANK, STORE, WASTE = "甲醇储罐T-101", "原料库", "危废间"


def balance(scene: Scene, holder: str, substance: Substance, first: int = 1, last: int = 20) -> Any:
    rows = selectors.balance_rows(scene.officer, day(first), day(last), holder=holder, substance=substance.pk)
    (found,) = selectors.balances(scene.officer, rows)
    return found


def test_the_catalogue_holds_the_tables_and_says_what_is_not_held(methanol: Substance) -> None:
    assert (methanol.name, methanol.un, methanol.key_entry) == ("甲醇", "1230", 13)
    assert methanol.highly_toxic is None and methanol.explosive_precursor is None
    assert methanol.table is not None and methanol.table.flash_K == Decimal("282.15")
    assert Substance.plain.count() > 400
    assert fill_catalogue() == 0, "a second time changes nothing"


def test_stock_is_the_sum_of_its_movements(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 20_000, day(1))
    maker.put(TANK, methanol, "produced", "5000.250", day(2))
    maker.put(TANK, methanol, "used", 1_000, day(3))
    assert maker.stock(TANK, methanol).kg == Decimal("24000.250")
    found = balance(scene, maker.unit.holder, methanol)
    assert (found.opening, found.produced, found.used, found.closing) == (
        20_000,
        Decimal("5000.250"),
        1_000,
        Decimal("24000.250"),
    )
    assert found.closes and found.opening + found.came - found.went - found.closing == found.open_kg == 0


def test_what_is_not_there_cannot_leave(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(5))
    with pytest.raises(BadInput) as why:
        maker.put(TANK, methanol, "used", 1_500, day(6))
    assert why.value.column == "kg" and why.value.params["held"] == "1000"
    maker.put(TANK, methanol, "used", 900, day(10))
    with pytest.raises(BadInput) as why:  # on that day there was enough, afterwards there would not have been
        maker.put(TANK, methanol, "used", 200, day(7))
    assert why.value.params["day"] == "2026-11-10"
    assert maker.stock(TANK, methanol).kg == 100


@pytest.mark.parametrize("kg", ["0", "-5", "1e30", "0.0001", "NaN", "viel"])
def test_a_quantity_that_is_none_is_refused(scene: Scene, methanol: Substance, kg: str) -> None:
    with pytest.raises(BadInput) as why:
        services.record_movement(
            actor=scene.maker.keeper, place=scene.maker.places[TANK].pk, substance=methanol.pk, kind="produced",
            kg=kg, on=day(3),
        )  # fmt: skip
    assert why.value.column == "kg"


def test_a_day_ahead_a_second_opening_and_a_receipt_from_nobody_are_refused(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    for column, kind, on in (
        ("on", "produced", day(21)),
        ("counterpart", "received", day(3)),
        ("note", "lost", day(3)),
        ("kind", "sold", day(3)),
    ):
        with pytest.raises(BadInput) as why:
            maker.put(TANK, methanol, kind, 5, on)
        assert why.value.column == column
    maker.put(TANK, methanol, "produced", 5, day(3))
    with pytest.raises(BadInput) as why:
        maker.put(TANK, methanol, "opening", 5, day(3))
    assert why.value.column == "kind"


def test_the_database_refuses_what_goes_round_the_acts(scene: Scene, methanol: Substance) -> None:
    movement = scene.maker.put(TANK, methanol, "produced", 100, day(3))
    for change in ({"kg": 90}, {"kind": "used"}, {"on": day(4)}, {"lot": "X"}):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            Movement.plain.filter(pk=movement.pk).update(**change)
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Movement.plain.filter(pk=movement.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.plain.update(kg=-1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO chemicals_movement (region_path, sector, holder, place_id, substance_id, kind, kg, "on", lot,'
            " counterpart, document, note, entered_at, by_name) SELECT region_path, sector, holder, place_id,"
            " substance_id, 'used', 5, \"on\", '', '', '', '', entered_at, '' FROM chemicals_movement LIMIT 1"
        )


def test_what_was_wrong_is_put_right_by_another_movement(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    wrong = maker.put(TANK, methanol, "produced", 1_000, day(3))
    services.correct_movement(actor=maker.keeper, movement=wrong.pk, kg=Decimal(100), reason="少写一位")
    assert maker.stock(TANK, methanol).kg == 100
    assert Movement.plain.get(pk=wrong.pk).kg == 1_000
    line = Movement.plain.get(corrects=wrong)
    assert (line.kg, line.kind, line.note) == (-900, "produced", "少写一位")
    before = Movement.plain.count()
    services.correct_movement(actor=maker.keeper, movement=wrong.pk, kg=Decimal(100), reason="再点一次")
    assert Movement.plain.count() == before, "the figure it has already does nothing"
    services.correct_movement(actor=maker.keeper, movement=line.pk, kg=Decimal(0), reason="未发生")
    assert maker.stock(TANK, methanol).kg == 0
    with pytest.raises(BadInput) as why:
        services.correct_movement(actor=maker.keeper, movement=wrong.pk, kg=Decimal(5), reason=" ")
    assert why.value.column == "reason"


def test_a_correction_that_takes_away_what_was_used_is_refused(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    made = maker.put(TANK, methanol, "produced", 1_000, day(3))
    maker.put(TANK, methanol, "used", 800, day(4))
    with pytest.raises(BadInput) as why:
        services.correct_movement(actor=maker.keeper, movement=made.pk, kg=Decimal(500), reason="复磅")
    assert why.value.column == "kg"
    assert maker.stock(TANK, methanol).kg == 200


def test_a_transfer_is_two_movements_and_is_put_right_as_two(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(1))
    out = services.move_stock(
        actor=maker.keeper,
        stock=maker.stock(TANK, methanol).pk,
        to=maker.places["合成装置"].pk,
        kg=Decimal(300),
        on=day(2),
    )
    assert (maker.stock(TANK, methanol).kg, maker.stock("合成装置", methanol).kg) == (700, 300)
    assert Movement.plain.get(pair=out).kg == 300
    services.correct_movement(actor=maker.keeper, movement=out.pk, kg=Decimal(200), reason="流量计误读")
    assert (maker.stock(TANK, methanol).kg, maker.stock("合成装置", methanol).kg) == (800, 200)
    found = balance(scene, maker.unit.holder, methanol)
    assert found.moved == 0 and found.closing == 1_000
    with pytest.raises(BadInput) as why:
        services.move_stock(
            actor=maker.keeper,
            stock=maker.stock(TANK, methanol).pk,
            to=scene.user.places[STORE].pk,
            kg=Decimal(1),
            on=day(2),
        )
    assert why.value.column == "to"


def false_sale(scene: Scene, methanol: Substance) -> Movement:
    """A sale of 4,500 kg entered as 450 kg."""
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 20_000, day(1))
    maker.put(TANK, methanol, "produced", 8_000, day(3))
    maker.put(TANK, methanol, "used", 2_000, day(5))
    services.send_stock(
        actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, kg=Decimal(450), on=day(6), purpose="sold",
        to_name="外市涂料公司",
    )  # fmt: skip
    return Movement.plain.get(kind="sold")


def test_a_stocktaking_that_differs_opens_a_finding_with_the_movement_that_causes_it(
    scene: Scene, methanol: Substance
) -> None:
    maker, sale = scene.maker, false_sale(scene, methanol)
    services.count_stock(
        actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, counted_kg=Decimal(21_500), on=day(10)
    )
    found = balance(scene, maker.unit.holder, methanol)
    assert found.open_kg == 4_050 and found.closing == 21_500
    assert found.opening + found.came - found.went - found.closing == found.open_kg
    finding = Finding.plain.get()
    assert (finding.kind, finding.gap_kg, finding.state, finding.first, finding.last) == (
        "open_balance",
        4_050,
        "open",
        day(1),
        day(10),
    )
    first = selectors.suspects(finding)[0]
    assert (first.movement, first.true_kg) == (sale, 4_500) and "Ten times" in first.why
    due = Deadline.plain.get(kind="chemicals.explain")
    assert due.desk_holder == maker.unit.holder and clock.day_of(due.due_at) == day(25)
    services.correct_movement(actor=maker.keeper, movement=sale.pk, kg=Decimal(4_500), reason="少录一个0，磅单4500千克")
    finding.refresh_from_db()
    assert finding.state == "cleared" and finding.closed_at is not None
    assert Deadline.plain.get(pk=due.pk).state == "met"
    assert maker.stock(TANK, methanol).kg == 21_500, "what was counted stays what is there"
    found = balance(scene, maker.unit.holder, methanol)
    assert found.closes and found.sold == 4_500


def test_a_late_entry_before_a_stocktaking_changes_the_balance_and_not_the_stock(
    scene: Scene, methanol: Substance
) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(1))
    services.count_stock(actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, counted_kg=Decimal(700), on=day(10))
    assert Finding.plain.get().gap_kg == 300
    maker.put(TANK, methanol, "used", 100, day(8))
    assert maker.stock(TANK, methanol).kg == 700 and Finding.plain.get().gap_kg == 200
    maker.put(TANK, methanol, "used", 200, day(10))  # on the day itself, entered after: it happened after
    assert maker.stock(TANK, methanol).kg == 500 and Finding.plain.get().gap_kg == 200
    count = Movement.plain.get(kind="counted", corrects=None)
    services.correct_movement(actor=maker.keeper, movement=count.pk, kg=Decimal(900), reason="液位看错")
    assert maker.stock(TANK, methanol).kg == 700
    assert Finding.plain.get().state == "cleared"


def test_a_stocktaking_in_the_past_is_compared_with_the_ledger_of_that_day(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(1))
    maker.put(TANK, methanol, "used", 400, day(12))
    stock = maker.stock(TANK, methanol)
    services.count_stock(actor=maker.keeper, stock=stock.pk, counted_kg=Decimal(1_000), on=day(10))
    assert not Finding.plain.exists() and maker.stock(TANK, methanol).kg == 600
    with pytest.raises(BadInput) as why:
        services.count_stock(actor=maker.keeper, stock=stock.pk, counted_kg=Decimal(300), on=day(11))
    assert why.value.column == "kg", "400 kg left on the twelfth"
    with pytest.raises(BadInput) as why:
        services.count_stock(actor=maker.keeper, stock=stock.pk, counted_kg=Decimal(1_000), on=day(9))
    assert why.value.column == "on"


def test_an_explanation_is_judged_by_somebody_else(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(1))
    services.count_stock(actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, counted_kg=Decimal(990), on=day(10))
    finding = Finding.plain.get()
    with pytest.raises(NotAllowed):
        services.accept_explanation(actor=maker.keeper, finding=finding.pk)
    services.explain_finding(actor=maker.keeper, finding=finding.pk, explanation="呼吸阀挥发")
    services.send_back_explanation(actor=scene.officer, finding=finding.pk, opinion="请附计算")
    services.explain_finding(actor=scene.officer, finding=finding.pk, explanation="代企业说明")
    with pytest.raises(SamePerson):
        services.accept_explanation(actor=scene.officer, finding=finding.pk)
    services.accept_explanation(actor=scene.city_officer, finding=finding.pk, opinion="属实")
    services.accept_explanation(actor=scene.city_officer, finding=finding.pk, opinion="属实")
    finding.refresh_from_db()
    assert finding.state == "accepted" and not Deadline.plain.filter(state="open").exists()


def test_above_the_design_maximum_is_a_finding_until_it_is_below(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    place = maker.places[TANK]
    with pytest.raises(BadInput) as why:
        services.set_limit(actor=maker.keeper, place=place.pk, substance=methanol.pk, most_kg=Decimal(10), basis="")
    assert why.value.column == "basis"
    services.set_limit(
        actor=maker.keeper, place=place.pk, substance=methanol.pk, most_kg=Decimal(10_000), basis="安全设施设计专篇"
    )
    maker.put(TANK, methanol, "produced", 10_500, day(3))
    finding = Finding.plain.get()
    assert (finding.kind, finding.gap_kg) == ("over_limit", 500)
    maker.put(TANK, methanol, "used", 600, day(4))
    finding.refresh_from_db()
    assert finding.state == "cleared"


def test_what_should_not_stand_together_is_a_finding(scene: Scene, methanol: Substance) -> None:
    user = scene.user
    nitrate = Substance.plain.get(code="6484-52-2")
    user.put(STORE, methanol, "opening", 100, day(1))
    user.put(STORE, nitrate, "opening", 50, day(2))
    finding = Finding.plain.get()
    assert finding.kind == "together" and finding.other is not None
    user.put(STORE, nitrate, "used", 50, day(3))
    finding.refresh_from_db()
    assert finding.state == "cleared"


def test_a_sale_of_what_is_marked_is_owed_to_the_police_within_days(scene: Scene, cyanide: Substance) -> None:
    user = scene.user
    bought = user.put(STORE, cyanide, "received", 25, day(18), counterpart="外市化工公司")
    record = PoliceRecord.plain.get(movement=bought)
    assert record.due_on == day(21), "three days since the law of 2026-05-01"
    assert record.keep_until == dt.date(2029, 11, 18) and "危险化学品安全法" in record.basis
    given = {
        "address": "外市",
        "handler": "李四",
        "used_for": "电镀",
        "permit_no": "许可2026-1",
        "reported_on": day(20),
    }
    with pytest.raises(Exception) as why:
        services.report_police(actor=user.keeper, record=record.pk, **given, receipt_no="")
    assert "receipt_no" in str(getattr(why.value, "by_column", ""))
    services.report_police(actor=user.keeper, record=record.pk, **given, receipt_no="公备20261120")
    record.refresh_from_db()
    assert record.state == "reported" and Deadline.plain.get(kind="chemicals.police").state == "met"
    wrong = user.put(STORE, cyanide, "received", 5, day(19), counterpart="外市化工公司")
    services.correct_movement(actor=user.keeper, movement=wrong.pk, kg=Decimal(0), reason="未到货")
    assert PoliceRecord.plain.get(movement=wrong).state == "void"


def test_only_who_holds_the_right_over_everything_marks_a_substance_of_the_tables(
    scene: Scene, methanol: Substance
) -> None:
    with pytest.raises(NotAllowed):
        services.mark_substance(
            actor=scene.officer, substance=methanol.pk, mark="highly_toxic", listed=False, basis="目录"
        )
    with pytest.raises(BadInput) as why:
        services.mark_substance(
            actor=scene.city_officer, substance=methanol.pk, mark="highly_toxic", listed=False, basis=""
        )
    assert why.value.column == "basis"


def test_a_unit_enters_its_own_mixture_and_nobody_elses_sees_it(scene: Scene) -> None:
    user = scene.user
    paint = services.add_substance(
        actor=user.keeper, site=user.site.pk, name="醇酸调和漆", symbols=("W5.3",), un="1263"
    )
    assert paint in selectors.substances(user.keeper) and paint not in selectors.substances(scene.maker.keeper)
    user.put(STORE, paint, "produced", 10, day(3))
    with pytest.raises(BadInput) as why:
        scene.maker.put(TANK, paint, "produced", 10, day(3))
    assert why.value.column == "substance"
    for name, symbols, un, column in (
        ("甲醇", (), "", "name"),
        ("新漆", ("X1",), "", "symbols"),
        ("新漆", (), "12", "un"),
    ):
        with pytest.raises(BadInput) as why:
            services.add_substance(actor=user.keeper, site=user.site.pk, name=name, symbols=symbols, un=un)
        assert why.value.column == column


def test_the_clock_finds_a_stock_that_is_not_its_movements(scene: Scene, methanol: Substance) -> None:
    scene.maker.put(TANK, methanol, "produced", 100, day(3))
    assert check() == 0
    with transaction.atomic():
        Stock.plain.update(kg=150)
    assert check() == 1
    finding = Finding.plain.get()
    assert (finding.kind, finding.gap_kg) == ("ledger", 50)


def test_a_place_with_something_in_it_is_not_given_up(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    maker.put(TANK, methanol, "produced", 100, day(3))
    place = maker.places[TANK].pk
    with pytest.raises(BadInput):
        services.close_place(actor=maker.keeper, place=place, reason="停用")
    maker.put(TANK, methanol, "used", 100, day(4))
    services.close_place(actor=maker.keeper, place=place, reason="停用")
    with pytest.raises(BadInput) as why:
        maker.put(TANK, methanol, "produced", 1, day(5))
    assert why.value.column == "place"


def test_a_site_that_moves_takes_its_ledger_along(scene: Scene, methanol: Substance) -> None:
    from anlan.kernel.regions.models import Region
    from anlan.kernel.regions.services import add_region
    from anlan.modules.chemicals.public import carry_places

    maker = scene.maker
    maker.put(TANK, methanol, "opening", 1_000, day(1))
    services.count_stock(actor=maker.keeper, stock=maker.stock(TANK, methanol).pk, counted_kg=Decimal(900), on=day(2))
    other = add_region(
        actor=SYSTEM, parent=Region.objects.get(pk=scene.city.pk), name="新区", kind="county", code="998809"
    )
    apps.get_model("registry.Site").plain.filter(pk=maker.site.pk).update(region_path=other.path, region=other)
    assert carry_places(SYSTEM, from_site=maker.site.pk, to_site=maker.site.pk, why="搬迁") == 2
    for model in (Stock, Movement, Finding):
        assert {row.region_path for row in model.plain.filter(holder=maker.unit.holder)} == {other.path}
    assert not selectors.stocks(scene.officer).filter(holder=maker.unit.holder).exists()
    deadline = Deadline.plain.get(kind="chemicals.explain")
    assert deadline.region_path == other.path


def test_an_act_repeated_under_its_key_enters_once(scene: Scene, methanol: Substance) -> None:
    maker = scene.maker
    given: dict[str, Any] = {
        "substance": methanol.pk,
        "kind": "produced",
        "kg": Decimal(5),
        "on": day(3),
        "key": "once",
    }
    for _again in range(2):
        services.record_movement(actor=maker.keeper, place=maker.places[TANK].pk, **given)
    assert maker.stock(TANK, methanol).kg == 5
    assert NOON.tzinfo and actor_for(maker.people["principal"]).may("chemicals.keep")
