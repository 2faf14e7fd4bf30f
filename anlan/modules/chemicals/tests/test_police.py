"""Sales and purchases owed to the police: by which law, within its days, once more when the figure was wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, NotFound
from anlan.modules.chemicals import selectors, services
from anlan.modules.chemicals.models import Consignment, Finding, Movement, PoliceRecord, Stock, Substance
from anlan.modules.chemicals.tables import PoliceTable
from anlan.modules.chemicals.tests.conftest import SYSTEM, Scene, day, signed_in

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


def taken(scene: Scene, code: str, **more: Any) -> tuple[Consignment, list[Finding]]:
    """Sent from the maker's tank, and the findings on its transport."""
    substance = Substance.plain.get(code=code)
    if not Stock.plain.filter(place=scene.maker.places[TANK], substance=substance).exists():
        scene.maker.put(TANK, substance, "opening", 500, day(1))
    given: dict[str, Any] = {"to_name": "外市公司", "purpose": "sold", "on": day(18), "kg": Decimal(10), **more}
    paper = services.send_stock(actor=scene.maker.keeper, stock=scene.maker.stock(TANK, substance).pk, **given)
    return paper, list(Finding.plain.filter(kind="no_pass", consignment=paper))


@pytest.mark.parametrize("code", ["120-57-0", "60-29-7", "108-88-3"])
def test_a_precursor_of_drugs_leaves_the_city_with_its_transport_permit_or_filing(scene: Scene, code: str) -> None:
    paper, found = taken(scene, code)
    assert [(f.state, f.gap_kg, f.holder) for f in found] == [("open", 10, scene.maker.unit.holder)]
    page = signed_in(scene.officers["town_officer"]).get(found[0].get_absolute_url()).content.decode()
    assert "No transport permit or filing is named" in page or "未载明" in page
    moved = Movement.plain.get(consignment=paper)
    services.correct_movement(actor=scene.maker.keeper, movement=moved.pk, kg=Decimal(0), reason="未发出")
    assert Finding.plain.get(pk=found[0].pk).state == "cleared"
    assert taken(scene, code, transport_no="粤运2026-1", transport_until=day(18))[1] == []
    late, found = taken(scene, code, transport_no="粤运2026-2", transport_until=day(17))
    assert len(found) == 1 and late.transport_no == "粤运2026-2"


def test_a_permit_that_was_left_out_is_named_afterwards_by_the_sender(scene: Scene) -> None:
    paper, found = taken(scene, "120-57-0")
    line, keeper = Movement.plain.get(consignment=paper), scene.maker.keeper
    browser = signed_in(scene.maker.people["safety"])
    address = reverse("chemicals:name-transport", args=[line.pk])
    assert address in browser.get(found[0].get_absolute_url()).content.decode(), "the finding leads to it"
    assert address in browser.get(line.get_absolute_url()).content.decode()
    said: dict[str, Any] = {"transport_no": "粤运2026-9", "reason": "录入时漏填，随车携带原件"}
    for column, wrong in (("transport_no", {"transport_no": " "}), ("reason", {"reason": " "})):
        with pytest.raises(BadInput) as why:
            services.name_transport(actor=keeper, movement=line.pk, **{**said, **wrong})
        assert why.value.column == column
    with pytest.raises(NotFound):
        services.name_transport(actor=scene.user.keeper, movement=line.pk, **said)
    services.name_transport(actor=keeper, movement=line.pk, transport_until=day(17), **said)
    assert Finding.plain.get(pk=found[0].pk).state == "open", "it had run out when the goods left"
    sent = browser.post(address, {**said, "transport_until": day(18).isoformat()})
    assert sent.status_code == 302 and sent.headers["Location"] == paper.get_absolute_url()
    paper.refresh_from_db()
    assert (paper.transport_no, paper.transport_until) == ("粤运2026-9", day(18))
    assert Finding.plain.get(pk=found[0].pk).state == "cleared" and line == Movement.plain.get(consignment=paper)
    assert "随车携带原件" in browser.get(paper.get_absolute_url()).content.decode(), "why, in the timeline"
    before = paper.version
    services.name_transport(actor=keeper, movement=line.pk, transport_until=day(18), **said)
    paper.refresh_from_db()
    assert paper.version == before, "the same again is nothing"
    assert len(taken(scene, "120-57-0", transport_no="粤运2026-9")[1]) == 1, "class I holds once"


def test_only_what_was_sent_of_a_precursor_names_a_transport_permit(scene: Scene, methanol: Substance) -> None:
    keeper, said = scene.maker.keeper, {"transport_no": "1", "reason": "漏填"}
    paper, _found = taken(scene, "67-56-1")
    made = scene.maker.put(TANK, Substance.plain.get(code="108-88-3"), "produced", 500, day(2))
    back, found = taken(scene, "108-88-3", to_name="", to_code=scene.user.unit.uscc)
    line = Movement.plain.get(consignment=back)
    services.correct_movement(actor=keeper, movement=line.pk, kg=Decimal(0), reason="未发出")
    for movement in (Movement.plain.get(consignment=paper), made, line):
        with pytest.raises(BadInput) as why:
            services.name_transport(actor=keeper, movement=movement.pk, **said)
        assert why.value.column == "transport_no"
    page = signed_in(scene.maker.people["safety"]).get(made.get_absolute_url()).content.decode()
    assert reverse("chemicals:name-transport", args=[made.pk]) not in page
    assert Finding.plain.get(pk=found[0].pk).state == "cleared"


def test_a_transport_permit_of_class_one_holds_once_and_one_of_class_two_longer(scene: Scene) -> None:
    assert taken(scene, "120-57-0", transport_no="粤运2026-1")[1] == []
    assert len(taken(scene, "120-57-0", transport_no="粤运2026-1")[1]) == 1
    for _ in range(2):
        assert taken(scene, "60-29-7", transport_no="粤运2026-3")[1] == []


def test_within_the_city_only_class_three_is_filed_unless_a_place_decides_otherwise(scene: Scene) -> None:
    near = {"to_code": scene.user.unit.uscc, "to_name": ""}
    assert taken(scene, "60-29-7", **near)[1] == [] and len(taken(scene, "108-88-3", **near)[1]) == 1
    set_parameter(
        actor=SYSTEM, code="chemicals.filed_within", region=scene.city, value=0, valid_from=day(18), basis="公安部门通告"
    )
    assert taken(scene, "108-88-3", **near)[1] == []
    assert len(taken(scene, "108-88-3")[1]) == 1, "beyond the city it is filed as before"
    assert taken(scene, "67-56-1")[1] == [], "methanol is none"


def test_the_use_of_class_one_says_what_for_and_is_kept_two_years(scene: Scene) -> None:
    piperonal, toluene = (Substance.plain.get(code=code) for code in ("120-57-0", "108-88-3"))
    for one in (piperonal, toluene):
        scene.user.put(STORE, one, "opening", 50, day(1))
    with pytest.raises(BadInput) as why:
        scene.user.put(STORE, piperonal, "used", 5, day(10))
    assert why.value.column == "note"
    used = scene.user.put(STORE, piperonal, "used", 5, day(10), note="香精试制，领用人王五")
    scene.user.put(STORE, toluene, "used", 5, day(10))
    assert selectors.kept_until(used) == dt.date(2028, 11, 10)
    browser = signed_in(scene.user.people["safety"])
    listed = browser.get(reverse("chemicals:movements"), {"first_class": "on"}).content.decode()
    assert piperonal.name in listed and toluene.name not in listed
