"""Ledgers: from the file an office keeps to units on file, or named row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, WrongStep
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.intake import store
from anlan.kernel.intake.models import Batch, BatchState
from anlan.kernel.intake.reading import Fit, read
from anlan.kernel.intake.services import NOUNS, confirm_batch, discard_batch, open_batch
from anlan.kernel.intake.tasks import forget, read_batch, run_batch
from anlan.kernel.journal.models import Entry
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.services import change_site, register_unit
from anlan.modules.registry.tests import ledger
from anlan.modules.registry.tests.conftest import SYSTEM, City, code
from anlan.runtime.cli import main
from anlan.runtime.commands.intake import lines_of


def upload(actor: Actor, content: bytes | None = None, **more: Any) -> Batch:
    """Upload and read; the job runs here."""
    batch = open_batch(
        actor=actor,
        noun="enterprises",
        file_name="台账.xlsx",
        content=content or ledger.as_bytes(ledger.messy()),
        **more,
    )
    read_batch(str(batch.pk))
    return Batch.plain.get(pk=batch.pk)


def take_in(actor: Actor, batch: Batch) -> Batch:
    """Confirm and run the job."""
    confirm_batch(actor=actor, batch=batch)
    run_batch(str(batch.pk), "enterprises")
    return Batch.plain.get(pk=batch.pk)


def test_the_preview_names_every_bad_row_by_row_and_column(county: Actor) -> None:
    batch = upload(county)
    assert batch.state == BatchState.READ, batch.refusal
    assert {p["row"] for p in batch.result["preview"]} == ledger.ACCEPTED
    assert {p["row"] for p in batch.result["problems"]} == ledger.REJECTED
    assert {r for s in batch.result["skipped"] for r in range(s["row"], s["last_row"] + 1)} == ledger.SKIPPED
    found = {(p["row"], p["place"], p["code"]) for p in batch.result["problems"]}
    assert found == {
        (11, "C 信用代码", "rule"), (11, "F 基本情况职工人数", "approximate"), (11, "G 成立时间", "month_only"),
        (12, "C 信用代码", "same_code"), (13, "B 企业名称", "looks_like"), (14, "H 所属镇街", "region_unknown_in"),
        (15, "I 国民经济行业", "rule"), (16, "B 企业名称", "missing"), (17, "E 基本情况联系电话", "phones"),
        (17, "F 基本情况职工人数", "below"), (17, "J 是否涉氨", "not_a_flag"),
    }  # fmt: skip
    assert all(set(p["told"]) == {"zh-hans", "en"} for p in batch.result["problems"])
    assert not Unit.plain.exists()


def test_what_a_ledger_wrote_names_who_took_it_in(county: Actor, city: City) -> None:
    take_in(county, upload(county))
    for model in (Unit, Site):
        for record in model.plain.all():
            first = [c for c in selectors.history(county, record) if c.first]
            assert first and {(c.by, c.act) for c in first} == {("县应急局", "registry.intake_units")}


def test_a_confirmed_ledger_is_taken_in_whole_with_one_fact_and_one_event(county: Actor, city: City) -> None:
    batch = take_in(county, upload(county))
    assert (batch.state, batch.outcome) == (BatchState.DONE, {"units": 5, "sites": 0, "updated": 0, "refused": 7})
    sites = {s.name: s for s in Site.plain.select_related("unit")}
    cold = sites["东江县海产冷冻厂"]
    assert (cold.region_id, cold.flags, cold.headcount, cold.industry, cold.batch) == (
        city.north.pk, ["ammonia"], 45, "1361", batch.pk,
    )  # fmt: skip
    days = {name: str(s.unit.founded_on) for name, s in sites.items()}
    assert days == {
        "东江县龙田机械有限公司": "2016-03-05", "东江县新丰（五金）厂": "2018-07-01", "东江县海产冷冻厂": "2019-03-12",
        "东江县虎山木器厂": "2020-05-06", "东江县大成印刷有限公司": "2020-03-04",
    }  # fmt: skip
    assert sites["东江县虎山木器厂"].unit.provisional_number.startswith("TMP998801")
    assert sites["东江县新丰（五金）厂"].unit.uscc == code(2)
    about = Entry.plain.filter(subject_type="intake.batch", fact_type__startswith="registry")
    assert [e.fact_type for e in about] == ["registry.UnitsTakenIn"]
    assert EventRow.objects.filter(event_type="registry.UnitsTakenIn").count() == 1
    principal = selectors.principal_of(county, sites["东江县龙田机械有限公司"])
    assert principal is not None and (principal.name, principal.has_phone) == ("陈大文", True)


def test_running_or_confirming_twice_takes_in_once(county: Actor) -> None:
    batch = take_in(county, upload(county))
    run_batch(str(batch.pk), "enterprises")
    confirm_batch(actor=county, batch=batch)
    assert Unit.plain.count() == 5
    with pytest.raises(WrongStep):
        discard_batch(actor=county, batch=batch)


def test_the_file_is_sealed_and_destroyed_when_the_batch_ends(county: Actor, settings: Any) -> None:
    batch = upload(county)
    kept = list((Path(settings.FILES_ROOT) / "intake").glob(f"{batch.pk}.*"))
    assert {p.suffix for p in kept} == {".source", ".report"}
    assert not any(ledger.PHONE.encode() in p.read_bytes() or p.read_bytes()[:2] == b"PK" for p in kept)
    batch = take_in(county, batch)
    report = load_workbook(__import__("io").BytesIO(store.get(batch, store.REPORT))).active
    assert report is not None
    assert [row[0].value for row in report.iter_rows(min_row=2)] == sorted(ledger.REJECTED)


@pytest.mark.django_db(transaction=True)
def test_a_discarded_or_forgotten_file_is_gone(settings: Any) -> None:
    from anlan.kernel.identity.actors import actor_for
    from anlan.modules.registry.tests.conftest import make_city, make_user

    county = actor_for(make_user("county_officer", make_city().east))
    first, second = upload(county), upload(county)
    discard_batch(actor=county, batch=first)
    discard_batch(actor=county, batch=first)
    assert not list((Path(settings.FILES_ROOT) / "intake").glob(f"{first.pk}.*"))
    with pytest.raises(NotFound):
        store.get(Batch.plain.get(pk=first.pk), store.SOURCE)
    Batch.plain.filter(pk=second.pk).update(at="2020-01-01T00:00:00Z")
    assert forget(0) == 1
    assert Batch.plain.get(pk=second.pk).state == BatchState.DISCARDED
    assert not PersonKey.objects.exists()
    assert not list((Path(settings.FILES_ROOT) / "intake").glob(f"{second.pk}.*"))


def test_what_changed_since_the_preview_has_to_be_confirmed_again(county: Actor) -> None:
    batch = upload(county)
    register_unit(actor=county, data={"name": "东江县大成印刷有限公司", "uscc": code(5), "town": "城南镇"})
    batch = take_in(county, batch)
    assert (batch.state, batch.accepted, batch.rejected) == (BatchState.READ, 4, 8)
    assert Unit.plain.count() == 1
    batch = take_in(county, batch)
    assert (batch.state, Unit.plain.count()) == (BatchState.DONE, 5)


def test_the_same_ledger_again_is_refused_with_a_link_and_updates_nothing(county: Actor) -> None:
    take_in(county, upload(county))
    again = upload(county)
    assert again.accepted == 0
    linked = {p["row"]: p["on_file"] for p in again.result["problems"] if p["code"] == "on_file"}
    assert linked[6] == ["registry.site", Site.plain.get(name="东江县龙田机械有限公司").pk]
    with pytest.raises(BadInput):
        confirm_batch(actor=county, batch=again)


def test_update_mode_shows_each_field_and_changes_only_those(county: Actor) -> None:
    take_in(county, upload(county))
    site = Site.plain.get(name="东江县海产冷冻厂")
    change_site(actor=county, site=site, data={"address": "城北镇码头", "headcount": 40})
    book = ledger.plain([
        ["企业名称", "统一社会信用代码", "镇街", "人数", "是否涉氨", "地址"], ["东江县海产冷冻厂", code(3), "城北镇", 52, "否", ""],
        ["东江县虎山木器厂", code(4), "城南镇", 7, "", ""], ["东江县龙田机械有限公司", code(1), "城南镇", 86, "", ""],
    ])  # fmt: skip
    batch = upload(county, ledger.as_bytes(book), mode="update")
    told = {p["row"]: (p["plan"], p["changes"]) for p in batch.result["preview"]}
    assert told[2] == ("Update", [["Headcount", 40, 52], ["Special risks", ["涉氨制冷"], []]])
    assert told[3] == ("Update", [["Unified social credit code", "", code(4)]])
    assert told[4] == ("On file, nothing differs", [])
    batch = take_in(county, batch)
    assert batch.outcome == {"units": 0, "sites": 0, "updated": 2, "refused": 0}
    site.refresh_from_db()
    assert (site.headcount, site.flags, site.address) == (52, [], "城北镇码头")
    assert Unit.plain.get(name="东江县虎山木器厂").uscc == code(4)


def test_one_code_in_two_towns_is_one_unit_with_two_sites(county: Actor) -> None:
    book = ledger.plain([
        ["企业名称", "统一社会信用代码", "镇街"], ["东江县连锁超市有限公司", code(1), "城南镇"],
        ["东江县连锁超市有限公司", code(1), "城北镇"], ["东江县连锁超市有限公司", code(1), "城北镇"],
    ])  # fmt: skip
    batch = take_in(county, upload(county, ledger.as_bytes(book)))
    assert batch.outcome == {"units": 1, "sites": 1, "updated": 0, "refused": 1}
    assert [(s.serial, s.is_main) for s in Site.plain.order_by("serial")] == [(1, True), (2, False)]


def test_who_may_upload_what_where(
    county: Actor, town: Actor, stranger: Actor, city: City, acting: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        upload(acting("grid_worker", city.south))
    with pytest.raises(BadInput) as why:
        open_batch(actor=town, noun="enterprises", file_name="a.xlsx", content=b"x", region=city.north)
    assert why.value.column == "region"
    batch = upload(town)
    assert {p["code"] for p in batch.result["problems"] if p["row"] == 8} == {"region_unknown_in"}
    for act in (confirm_batch, discard_batch):
        with pytest.raises(NotFound):
            act(actor=stranger, batch=batch)
    with pytest.raises(BadInput):
        open_batch(actor=county, noun="cats", file_name="a.xlsx", content=b"x")
    with pytest.raises(BadInput):
        open_batch(actor=county, noun="enterprises", file_name="a.xlsx", content=b"")


def test_a_file_that_is_no_ledger_is_refused_with_the_reason(county: Actor) -> None:
    batch = upload(county, b"%PDF-1.7 nothing of a table")
    assert (batch.state, batch.refusal["code"]) == (BatchState.REFUSED, "file_kind")
    batch = upload(county, ledger.as_bytes(ledger.plain([["天气", "温度"], ["晴", 30]])))
    assert (batch.state, batch.refusal["code"]) == (BatchState.REFUSED, "header_absent")
    assert "zh-hans" in batch.refusal["told"]


def cli(capsys: Any, *arguments: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The command's exit code and JSON."""
    import argparse

    from anlan.runtime.commands import intake

    parser = argparse.ArgumentParser()
    intake.add(parser)
    answer = intake.handle(parser.parse_args(["enterprises", *arguments, "--json"]))
    return answer, json.loads(capsys.readouterr().out)


def test_the_command_prints_exactly_three_lists(city: City, tmp_path: Path, capsys: Any) -> None:
    path = str(ledger.write(tmp_path))
    answer, told = cli(capsys, path, "--region", "998801", "--dry-run")
    assert answer == 0
    assert set(told) == {"accepted", "rejected", "skipped"}
    assert {r["row"] for r in told["accepted"]} == ledger.ACCEPTED
    assert {r["row"] for r in told["rejected"]} == ledger.REJECTED
    assert {r["row"] for r in told["skipped"]} == ledger.SKIPPED
    first = told["accepted"][0]
    assert (first["uscc"], first["name"], first["headcount"], first["founded"]) == (
        code(1),
        "东江县龙田机械有限公司",
        86,
        "2016-03-05",
    )
    assert {frozenset(r) for r in told["rejected"]} == {frozenset({"row", "column", "reason"})}
    assert {frozenset(r) for r in told["skipped"]} == {frozenset({"row", "reason"})}
    assert next(r for r in told["rejected"] if r["row"] == 16)["column"] == "B 企业名称"
    assert ledger.PHONE not in json.dumps(told)
    assert not Unit.plain.exists()
    answer, told = cli(capsys, path, "--region", "东江县")
    assert (answer, Unit.plain.count(), Batch.plain.get().state) == (0, 5, BatchState.DONE)
    answer, told = cli(capsys, path, "--region", "998801")
    assert (len(told["accepted"]), Unit.plain.count()) == (0, 5)


def test_the_command_on_a_file_that_is_none(city: City, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"nothing")
    answer, told = cli(capsys, str(path), "--region", "998801")
    assert answer == 2
    assert [r["row"] for r in told["rejected"]] == [0]


def test_a_dry_run_for_a_region_not_set_up_checks_the_rows_themselves(db: Any, tmp_path: Path, capsys: Any) -> None:
    answer, told = cli(capsys, str(ledger.write(tmp_path)), "--region", "441481", "--dry-run")
    assert answer == 0
    assert {r["row"] for r in told["accepted"]} == {*ledger.ACCEPTED, 12, 14}
    assert main(["intake", "enterprises", str(tmp_path / "absent.xlsx")]) == 1


def test_names_of_towns_are_not_checked_where_none_is_on_file(tmp_path: Path, capsys: Any, db: Any) -> None:
    from anlan.kernel.regions.services import add_region

    add_region(actor=SYSTEM, parent=None, name="兴宁市", kind="county", code="441481")
    book = ledger.plain([["企业名称", "镇街", "村"], ["兴宁市某某机械厂", "福兴街道", "锦华村"]])
    answer, told = cli(capsys, str(ledger.write(tmp_path, book)), "--region", "441481")
    assert (answer, len(told["accepted"]), Site.plain.get().region.name) == (0, 1, "兴宁市")
    assert Person.plain.count() == 0


def test_an_industry_in_the_office_s_own_words_is_left_empty_and_said_so(county: Actor) -> None:
    rows = [["单位名称", "乡镇", "行业"], ["东江县做鞋厂", "城南镇", "做鞋的"], ["东江县错码厂", "城南镇", "C34119"]]
    reading = read(county, NOUNS["enterprises"], ledger.as_bytes(ledger.plain(rows)), base=None)
    [row] = reading.admitted
    assert not row.values.get("industry")
    assert [(note.column, note.code) for note in reading.notes_of(row)] == [("industry", "set_aside")]
    assert "做鞋的" in reading.as_result()["preview"][0]["notes"][0]["zh-hans"]
    assert [(r.row, p.problem.column) for r in reading.refused for p in r.problems] == [(3, "industry")]
    [line] = lines_of(Fit(row, reading.notes[row.row]), reading.verdicts)
    assert "做鞋的" in line["notes"][0]
