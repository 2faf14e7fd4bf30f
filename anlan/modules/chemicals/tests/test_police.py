"""Sales and purchases owed to the police: by which law, within its days, once more when the figure was wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput
from anlan.modules.chemicals import selectors, services
from anlan.modules.chemicals.models import Finding, Movement, PoliceRecord, Substance
from anlan.modules.chemicals.tables import PoliceTable
from anlan.modules.chemicals.tests.conftest import Scene, day

TANK, STORE = "甲醇储罐T-101", "原料库"
SAID: dict[str, Any] = {"address": "外市", "handler": "李四", "used_for": "电镀", "permit_no": "许可2026-1"}


def sold(scene: Scene, substance: Substance, kg: int, on: dt.date) -> Movement:
    """Sold out of the area from the maker's tank."""
    paper = services.send_stock(
        actor=scene.maker.keeper, stock=scene.maker.stock(TANK, substance).pk, kg=Decimal(kg), on=on, purpose="sold",
        to_name="外市公司",
    )  # fmt: skip
    return Movement.plain.get(consignment=paper)


def due_shown(record: PoliceRecord) -> str:
    """The day of a record as the list shows it."""
    return str(PoliceTable([record]).rows[0].get_cell("due_on"))


@pytest.mark.parametrize("code", ["108-88-3", "60-29-7"])
def test_a_sale_of_a_precursor_of_drugs_of_class_two_or_three_is_owed_within_thirty_days(
    scene: Scene, code: str
) -> None:
    substance = Substance.plain.get(code=code)
    scene.maker.put(TANK, substance, "opening", 500, day(1))
    sale = sold(scene, substance, 100, day(18))
    record = PoliceRecord.plain.get(movement=sale)
    assert (record.regime, record.due_on) == ("drugs", day(18) + dt.timedelta(days=30))
    assert "易制毒化学品管理条例" in record.basis and record.keep_until == dt.date(2028, 11, 18)


def test_a_sale_of_what_no_list_names_is_owed_to_nobody(scene: Scene, methanol: Substance) -> None:
    scene.maker.put(TANK, methanol, "opening", 500, day(1))
    assert not PoliceRecord.plain.filter(movement=sold(scene, methanol, 100, day(18))).exists()


def test_a_precursor_of_drugs_of_class_one_is_owed_within_five_days_and_its_purchase_is_not(scene: Scene) -> None:
    first = Substance.plain.filter(drug_class=1).order_by("code").first()
    assert first is not None
    bought = scene.maker.put(TANK, first, "received", 50, day(10), counterpart="外市公司")
    assert not PoliceRecord.plain.filter(movement=bought).exists()
    assert PoliceRecord.plain.get(movement=sold(scene, first, 10, day(18))).due_on == day(23)


def test_one_sale_may_be_owed_under_two_laws(scene: Scene) -> None:
    toluene = Substance.plain.get(code="108-88-3")
    services.mark_substance(
        actor=scene.city_officer, substance=toluene.pk, mark="explosive_precursor", listed=True, basis="名录"
    )
    toluene.refresh_from_db()
    scene.maker.put(TANK, toluene, "opening", 500, day(1))
    sale = sold(scene, toluene, 100, day(18))
    assert set(PoliceRecord.plain.filter(movement=sale).values_list("regime", "due_on")) == {
        ("toxic", day(21)), ("drugs", day(18) + dt.timedelta(days=30))
    }  # fmt: skip
    services.correct_movement(actor=scene.maker.keeper, movement=sale.pk, kg=Decimal(0), reason="未发货")
    assert set(PoliceRecord.plain.filter(movement=sale).values_list("state", flat=True)) == {"void"}
    assert not Deadline.plain.filter(kind="chemicals.police", state="open").exists()


def test_a_figure_put_right_after_it_was_reported_is_reported_anew(scene: Scene, cyanide: Substance) -> None:
    bought = scene.user.put(STORE, cyanide, "received", 25, day(18), counterpart="外市化工公司")
    record = PoliceRecord.plain.get(movement=bought)
    keeper = scene.user.keeper
    services.report_police(actor=keeper, record=record.pk, **SAID, reported_on=day(19), receipt_no="公备1")
    record.refresh_from_db()
    assert (record.state, record.reported_kg) == ("reported", 25)
    services.correct_movement(actor=keeper, movement=bought.pk, kg=Decimal("23.5"), reason="复称")
    record.refresh_from_db()
    assert (record.state, record.due_on) == ("due", day(23)), "three days from the day it was put right"
    assert selectors.net_kg(bought) == Decimal("23.5")
    services.report_police(actor=keeper, record=record.pk, **SAID, reported_on=day(20), receipt_no="公备2")
    record.refresh_from_db()
    assert (record.state, record.reported_kg, record.receipt_no) == ("reported", Decimal("23.5"), "公备2")


def test_what_fell_away_by_a_wrong_correction_is_owed_after_all_within_the_days_of_the_sale(
    scene: Scene, cyanide: Substance
) -> None:
    bought = scene.user.put(STORE, cyanide, "received", 25, day(18), counterpart="外市化工公司")
    keeper = scene.user.keeper
    services.correct_movement(actor=keeper, movement=bought.pk, kg=Decimal(0), reason="误认为未到货")
    record = PoliceRecord.plain.get(movement=bought)
    assert record.state == "void" and "tag" not in due_shown(record)
    services.correct_movement(actor=keeper, movement=bought.pk, kg=Decimal(24), reason="实际已到货")
    record.refresh_from_db()
    assert (record.state, record.due_on) == ("due", day(21)) and "危险化学品安全法" in record.basis
    assert clock.day_of(Deadline.plain.get(kind="chemicals.police", state="open").due_at) == day(21)
    services.report_police(actor=keeper, record=record.pk, **SAID, reported_on=day(20), receipt_no="公备1")
    record.refresh_from_db()
    assert (record.state, record.reported_kg) == ("reported", 24)


def test_what_the_police_were_told_is_put_right_with_them_though_nothing_was_traded(
    scene: Scene, cyanide: Substance
) -> None:
    bought = scene.user.put(STORE, cyanide, "received", 25, day(18), counterpart="外市化工公司")
    keeper = scene.user.keeper
    record = PoliceRecord.plain.get(movement=bought)
    services.report_police(actor=keeper, record=record.pk, **SAID, reported_on=day(19), receipt_no="公备1")
    for kg in (Decimal(20), Decimal(0)):
        services.correct_movement(actor=keeper, movement=bought.pk, kg=kg, reason="复称")
    record.refresh_from_db()
    assert record.state == "due", "25 kg stand with the police"
    assert "tag" in due_shown(record), "its days count again"
    services.report_police(actor=keeper, record=record.pk, **SAID, reported_on=day(20), receipt_no="公备2")
    record.refresh_from_db()
    assert (record.state, record.reported_kg) == ("reported", 0)


def test_marking_a_substance_owes_what_was_bought_while_the_days_still_run(scene: Scene) -> None:
    cyanide = Substance.plain.get(code="143-33-9")
    scene.user.put(STORE, cyanide, "received", 5, day(10), counterpart="外市化工公司")
    late = scene.user.put(STORE, cyanide, "received", 25, day(19), counterpart="外市化工公司")
    assert not PoliceRecord.plain.exists()
    for _twice in range(2):
        services.mark_substance(
            actor=scene.city_officer, substance=cyanide.pk, mark="highly_toxic", listed=True, basis="目录（2015版）"
        )
    record = PoliceRecord.plain.get()
    assert (record.movement_id, record.due_on, record.holder) == (late.pk, day(22), scene.user.unit.holder)
    assert clock.day_of(Deadline.plain.get(kind="chemicals.police").due_at) == day(22)


def test_a_purchase_of_a_precursor_of_drugs_names_its_permit_or_filing(scene: Scene) -> None:
    toluene = Substance.plain.get(code="108-88-3")
    bought = scene.user.put(STORE, toluene, "received", 50, day(10), counterpart="外市公司")
    found = Finding.plain.get(kind="no_paper")
    assert (found.count_id, found.gap_kg, found.state) == (bought.pk, 50, "open")
    scene.user.put(STORE, toluene, "received", 20, day(11), counterpart="外市公司", permit_no="易购备2026-18")
    assert Finding.plain.filter(kind="no_paper").count() == 1
    assert Movement.plain.get(permit_no="易购备2026-18").kg == 20
    services.correct_movement(actor=scene.user.keeper, movement=bought.pk, kg=Decimal(0), reason="未购进")
    found.refresh_from_db()
    assert found.state == "cleared"


def test_who_begins_to_produce_or_trade_a_precursor_files_it_once_within_thirty_days(scene: Scene) -> None:
    toluene = Substance.plain.get(code="108-88-3")
    scene.maker.put(TANK, toluene, "produced", 500, day(2))
    scene.maker.put(TANK, toluene, "produced", 300, day(3))
    sold(scene, toluene, 100, day(5))
    owed = Deadline.plain.get(kind="chemicals.filing")
    assert clock.day_of(owed.due_at) == day(2) + dt.timedelta(days=30) and "第十三条第一款" in owed.basis
    stock, keeper = scene.maker.stock(TANK, toluene), scene.maker.keeper
    for column, given in (("filing_no", {"filing_no": " ", "on": day(6)}), ("on", {"filing_no": "1", "on": day(30)})):
        with pytest.raises(BadInput) as why:
            services.note_filing(actor=keeper, stock=stock.pk, **given)
        assert why.value.column == column
    for _twice in range(2):
        services.note_filing(actor=keeper, stock=stock.pk, filing_no="（粤）3S44000000001", on=day(6))
    owed.refresh_from_db()
    stock.refresh_from_db()
    assert owed.state == "met" and stock.filed_on == day(6)
    scene.maker.put(TANK, toluene, "produced", 10, day(7))
    assert Deadline.plain.filter(kind="chemicals.filing").count() == 1
    scene.user.put(STORE, toluene, "received", 50, day(10), counterpart="外市公司", permit_no="1")
    assert Deadline.plain.filter(kind="chemicals.filing").count() == 1, "who uses it files nothing here"


def test_trade_in_what_one_does_not_make_is_filed_by_its_own_clause(scene: Scene, methanol: Substance) -> None:
    ether = Substance.plain.get(code="60-29-7")
    scene.maker.put(TANK, ether, "opening", 500, day(1))
    sold(scene, ether, 100, day(18))
    assert "第十三条第二款" in Deadline.plain.get(kind="chemicals.filing").basis
    scene.maker.put(TANK, methanol, "opening", 500, day(1))
    with pytest.raises(BadInput):
        services.note_filing(
            actor=scene.maker.keeper, stock=scene.maker.stock(TANK, methanol).pk, filing_no="1", on=day(2)
        )
