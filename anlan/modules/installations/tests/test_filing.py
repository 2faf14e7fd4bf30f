"""The filing as forms and archive, what is required at a level, what is left out of a change, the register's map."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from anlan.kernel import clock, law
from anlan.kernel.acts import ACTS
from anlan.kernel.codes.services import set_figure
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, WrongStep
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.files.services import files_of
from anlan.kernel.journal.models import Entry
from anlan.kernel.regions.models import Region
from anlan.modules.installations import selectors, services
from anlan.modules.installations.models import Filing, Holding, Provision
from anlan.modules.installations.tests.conftest import SYSTEM, Scene, signed_in
from anlan.modules.installations.tests.test_installations import filed, graded, paper
from tests.cast import picture

FORM: dict[str, Any] = {
    "person_in_charge": "林总", "filled_by": "陈工", "unit_type": "use", "enterprise_kind": "有限责任公司",
    "area_m2": 8200, "plant": "两套氨制冷机组，冷库6000吨", "accidents": "无",
}  # fmt: skip
ARCHIVE = (50, 51, 52, 53, 54, 55, 56, 57, 59, 60)


def handed_in(scene: Scene, **more: Any) -> Filing:
    """Graded, with its three, handed in."""
    graded(scene)
    keeper = scene.actor("unit_safety")
    services.name_responsible(
        actor=keeper, installation=scene.store.pk, principal="林总", technical="陈工", operating="黄班长"
    )
    done: Filing = services.submit_filing(
        actor=keeper, installation=scene.store.pk, filing_kind="first", assessed_on=dt.date(2026, 11, 10),
        report=[paper()], **more,
    )  # fmt: skip
    return done


def test_the_filing_is_kept_as_it_was_handed_in_and_says_what_it_lacks(scene: Scene) -> None:
    filing = handed_in(scene, person_in_charge="林总", on_paper=(51, 52))
    lacking = {zh for _en, zh in filing.lacking}
    assert {"单元内主要装置、设施及生产（储存）规模", "工艺流程图", "占地面积"} <= lacking
    assert not lacking & {"区域位置图", "安全评估报告或者安全评价报告", "辨识、分级记录", "其他文件、资料", "传真"}
    told = {row["zh"]: row["value"][1] for row in filing.sheet}
    assert told["法人单位名称"] == "安州水产冷冻厂" and told["负责人姓名"] == "林总"
    assert (told["重大危险源级别"], told["R值"], told["厂区边界外500m范围内人数估算值"]) == ("四级", "3", "20")
    assert told["备案申请类型"] == "现有企业初次备案" and told["是否位于化工（工业）园区"] == "否"
    (row,) = filing.chemicals
    assert (row["37"][1], row["46"][1], row["47"][1]) == (scene.ammonia.name, "15", "10")
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Filing.plain.filter(pk=filing.pk).update(sheet=[])
    again = services.submit_filing(
        actor=scene.actor("unit_safety"), installation=scene.store.pk, filing_kind="first",
        assessed_on=dt.date(2026, 11, 10),
    )  # fmt: skip
    assert again == filing and Filing.plain.count() == 1


def test_a_whole_filing_lacks_nothing_and_keeps_what_was_typed_for_the_renewal(scene: Scene) -> None:
    keeper, county = scene.actor("unit_safety"), scene.actor("county_officer")
    services.put_target(actor=keeper, installation=scene.store.pk, kind="school", name="港前小学", distance_m=380)
    services.change_installation(actor=keeper, installation=scene.store.pk, started_on=dt.date(2015, 6, 1))
    services.add_papers(actor=keeper, installation=scene.store.pk, entry=50, papers=[picture("red", "SDS.png")])
    filing = handed_in(scene, **FORM, on_paper=ARCHIVE[1:])
    lacking = {zh for _en, zh in filing.lacking}
    assert lacking <= {"从业人员数量", "所在行业"}, "what the registry does not know of the unit"
    services.return_filing(actor=county, installation=scene.store.pk, opinion="评估报告缺页")
    filing.refresh_from_db()
    assert (filing.outcome, filing.opinion, filing.decided_on) == ("returned", "评估报告缺页", dt.date(2026, 11, 20))
    renewed = services.submit_filing(
        actor=keeper, installation=scene.store.pk, filing_kind="first", assessed_on=dt.date(2026, 11, 12)
    )
    assert {row["zh"]: row["value"][1] for row in renewed.sheet}["占地面积"] == "8200", "left out stays"
    services.file_installation(actor=county, installation=scene.store.pk, filing_no="BA-1")
    renewed.refresh_from_db()
    assert (renewed.outcome, renewed.number) == ("filed", "BA-1")


def test_a_form_that_is_none_is_refused_at_its_field(scene: Scene) -> None:
    graded(scene)
    keeper = scene.actor("unit_safety")
    given: dict[str, Any] = {"filing_kind": "first", "assessed_on": dt.date(2026, 11, 10), "report": [paper()]}
    for column, more in (
        ("unit_type", {"unit_type": "bank"}),
        ("area_m2", {"area_m2": -1}),
        ("on_paper", {"on_paper": (7,)}),
    ):
        with pytest.raises(BadInput) as why:
            services.submit_filing(actor=keeper, installation=scene.store.pk, **given, **more)
        assert why.value.column == column
    for column, more in (("entry", {"entry": 3, "papers": [paper()]}), ("papers", {"entry": 50})):
        with pytest.raises(BadInput) as why:
            services.add_papers(actor=keeper, installation=scene.store.pk, **more)
        assert why.value.column == column
    assert not Filing.plain.exists()


def test_the_archive_is_kept_document_by_document(scene: Scene) -> None:
    graded(scene)
    keeper = scene.actor("unit_safety")
    for _twice in range(2):
        services.add_papers(actor=keeper, installation=scene.store.pk, entry=53, papers=[picture("red", "PFD.png")])
    assert files_of(scene.fresh()).filter(purpose="archive-53").count() == 1
    held = {one.entry: one for one in selectors.archive_of(scene.fresh())}
    assert held[53].files == 1 and held[48].made_here and held[54].lacking and not held[61].lacking
    filed(scene)
    page = signed_in(scene.users["county_officer"]).get(reverse("installations:record", args=[scene.store.pk]))
    assert "工艺流程图" in page.content.decode() and "平台生成" in page.content.decode()


def test_what_is_required_at_the_level_is_stated_and_what_lacks_is_counted(scene: Scene) -> None:
    keeper = scene.actor("unit_safety")
    with pytest.raises(BadInput) as why:
        services.state_provision(actor=keeper, installation=scene.store.pk, entry=5, answer="have")
    assert why.value.column == "entry", "graded first"
    graded(scene)
    asked = {duty.entry for duty in selectors.monitoring_at(4)}
    assert {5, 6, 7, 8, 17} <= asked and not asked & {9, 11, 14, 16}
    assert {9, 11, 14, 16} <= {duty.entry for duty in selectors.monitoring_at(1)}

    def state(entry: int, answer: str, note: str = "") -> Provision:
        done: Provision = services.state_provision(
            actor=keeper, installation=scene.store.pk, entry=entry, answer=answer, note=note
        )
        return done

    for column, given in (
        ("entry", (14, "have", "")), ("answer", (6, "perhaps", "")), ("answer", (6, "outside", "无关")),
        ("note", (6, "lack", " ")), ("note", (12, "outside", "")),
    ):  # fmt: skip
        with pytest.raises(BadInput) as why:
            state(*given)
        assert why.value.column == column
    state(6, "lack", "探头月底前到货")
    state(12, "outside", "无重点设施")
    state(6, "lack", "探头月底前到货")
    assert scene.fresh().unmet == 1 and Provision.plain.count() == 2
    client = signed_in(scene.users["county_officer"])
    assert "氨制冷机房" in client.get(reverse("installations:list") + "?unmet=on").content.decode()
    page = client.get(reverse("installations:record", args=[scene.store.pk])).content.decode()
    assert "探头月底前到货" in page and "未说明" in page
    state(6, "have")
    assert scene.fresh().unmet == 0


def test_what_is_left_out_of_a_change_stays(scene: Scene) -> None:
    client = signed_in(scene.users["unit_safety"])

    def change(**body: Any) -> Any:
        answer = client.post(
            f"/api/v1/installations/{scene.store.pk}/change", json.dumps(body), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        return scene.fresh()

    assert change(started_on="2015-06-01").exposed == 20
    row = change(park="滨海化工园")
    assert (row.exposed, row.started_on, row.park) == (20, dt.date(2015, 6, 1), "滨海化工园")
    assert change(park="").park == "" and scene.fresh().started_on == dt.date(2015, 6, 1)
    told = Entry.plain.filter(fact_type__endswith="InstallationChanged").order_by("pk")
    assert [entry.data["what"] for entry in told] == ["In use since", "Chemical park", "Chemical park"]


@pytest.mark.parametrize(
    ("column", "given"), [("exposed", {"exposed": -1}), ("started_on", {"started_on": dt.date(2026, 11, 21)})]
)
def test_a_figure_that_is_none_is_refused(scene: Scene, column: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as why:
        services.change_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk, **given)
    assert why.value.column == column
    with pytest.raises(BadInput) as why:
        scene.declare(5, entry=99_999)
    assert why.value.column == "entry"


def test_declaring_again_keeps_what_is_left_out(scene: Scene) -> None:
    scene.declare(15, phase="liquid", largest_t=Decimal(5), temperature_c=Decimal("-33.4"))
    holding = services.put_holding(
        actor=scene.actor("unit_safety"), installation=scene.store.pk, substance=scene.ammonia.pk, tonnes=Decimal(16),
        basis="design_maximum", paper="变更说明",
    )  # fmt: skip
    assert (holding.place_id, holding.phase, holding.largest_t) == (scene.place.pk, "liquid", 5)
    assert Holding.plain.count() == 1
    with pytest.raises(BadInput) as why:
        scene.declare(4)
    assert why.value.column == "largest_t", "the vessel cannot hold more than the unit"
    client = signed_in(scene.users["unit_safety"])
    form = client.get(reverse("installations:correct-holding", args=[holding.pk])).content.decode()
    assert "变更说明" in form and 'value="16' in form


def test_what_stands_there_undeclared_is_above_the_basis(scene: Scene) -> None:
    graded(scene, 15)
    methanol = apps.get_model("chemicals.Substance").plain.get(code="67-56-1")
    keeper = scene.actor("unit_safety")
    ACTS["chemicals.record_movement"].function(
        actor=keeper, place=scene.place.pk, substance=methanol.pk, kind="opening", kg=Decimal(800),
        on=dt.date(2026, 11, 19),
    )  # fmt: skip
    services.weigh_installation(actor=scene_system(), installation=scene.store.pk)
    assert scene.fresh().over_t == Decimal("0.8")
    page = signed_in(scene.users["county_officer"]).get(reverse("installations:record", args=[scene.store.pk]))
    assert "未申报" in page.content.decode()
    services.put_holding(
        actor=keeper, installation=scene.store.pk, substance=methanol.pk, tonnes=Decimal(1), basis="design_maximum",
        paper="设计说明", place=scene.place.pk,
    )  # fmt: skip
    assert scene.fresh().over_t == 0


def scene_system() -> Any:
    """The platform itself."""
    from anlan.kernel.actor import Actor

    return Actor.system("tests")


def test_a_point_outside_of_the_region_is_refused(scene: Scene) -> None:
    ring = [[115.0, 24.0], [115.2, 24.0], [115.2, 24.2], [115.0, 24.2], [115.0, 24.0]]
    Region.objects.filter(pk=scene.town.pk).update(outline={"type": "Polygon", "coordinates": [ring]})
    keeper = scene.actor("unit_safety")
    with pytest.raises(BadInput) as why:
        services.change_installation(actor=keeper, installation=scene.store.pk, lon=115.23, lat=24.1)
    assert why.value.column == "lon"
    services.change_installation(actor=keeper, installation=scene.store.pk, lon=115.15, lat=24.1)
    target = services.put_target(
        actor=keeper, installation=scene.store.pk, kind="homes", name="邻镇村", lon=115.23, lat=24.1
    )
    assert 8_000 < target.distance_m < 8_300, "reckoned between the two points; a target may lie across the border"
    with pytest.raises(BadInput) as why:
        services.put_target(actor=keeper, installation=scene.store.pk, kind="homes", name="无处")
    assert why.value.column == "distance_m"


def test_what_one_of_the_three_did_stands_in_the_timeline(scene: Scene) -> None:
    keeper = scene.actor("unit_safety")
    given = {"duty": "operating", "on": dt.date(2026, 11, 19), "what": "巡查氨机房，复位压力表"}
    with pytest.raises(BadInput) as why:
        services.note_duty(actor=keeper, installation=scene.store.pk, **given)
    assert why.value.column == "duty"
    services.name_responsible(
        actor=keeper, installation=scene.store.pk, principal="林总", technical="陈工", operating="黄班长",
        commitment="今日氨系统正常，无检维修作业", board=[picture("blue", "公示牌.png")],
    )  # fmt: skip
    services.note_duty(actor=keeper, installation=scene.store.pk, **given)
    page = signed_in(scene.users["town_officer"]).get(reverse("installations:record", args=[scene.store.pk]))
    for told in ("黄班长", "复位压力表", "今日氨系统正常", "公示牌.png"):
        assert told in page.content.decode(), told


def test_a_cancelled_installation_takes_nothing_more_and_keeps_the_proof(scene: Scene) -> None:
    row = filed(scene)
    keeper = scene.actor("unit_safety")
    services.ask_cancellation(actor=keeper, installation=row.pk, reason="已排空", proof=[picture("red", "排空.png")])
    services.cancel_installation(actor=scene.actor("county_officer"), installation=row.pk)
    assert files_of(row).filter(purpose="cancel").count() == 1
    with pytest.raises(WrongStep):
        services.state_provision(actor=keeper, installation=row.pk, entry=6, answer="have")
    with pytest.raises(WrongStep):
        services.note_duty(actor=keeper, installation=row.pk, duty="principal", on=dt.date(2026, 11, 19), what="x")


def test_the_register_stands_on_a_map_at_city_county_and_town(scene: Scene) -> None:
    graded(scene)
    for name in ("city_officer", "county_officer", "town_officer"):
        client = signed_in(scene.users[name])
        page = client.get(reverse("installations:map"))
        assert page.status_code == 200 and "四级" in page.content.decode(), name
        data = client.get(reverse("installations:points")).json()
        (point,) = next(layer for layer in data["layers"] if layer["id"] == "installations")["data"]["features"]
        assert point["properties"]["name"] == "氨制冷机房" and point["properties"]["tone"] == "blue"
    city = signed_in(scene.users["city_officer"])
    tabs = city.get(reverse("installations:list")).content.decode().split("<main")[1]
    assert "重大隐患" not in tabs, "a major hazard installation is no major accident hazard"
    assert f"region={scene.county.path}" in city.get(reverse("installations:map")).content.decode()
    assert signed_in(scene.users["unit_safety"]).get(reverse("installations:map")).status_code == 403
    assert city.get(reverse("installations:map") + "?region=9999").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_filing_has_a_page_in_both_languages(scene: Scene, language: str) -> None:
    filing = handed_in(scene, **FORM)
    user = scene.users["county_officer"]
    client = signed_in(user)
    client.cookies.load({"anlan_language": language})
    page = client.get(reverse("installations:filing", args=[filing.pk])).content.decode()
    assert "两套氨制冷机组" in page and "8200" in page
    chinese, english = filing.papers[3]["zh"], filing.papers[3]["en"]
    assert (chinese in page, english in page) == ((True, False) if language == "zh-hans" else (False, True))
    assert signed_in(scene.users["county_officer"]).get(reverse("installations:filings")).status_code == 200


def test_what_is_lacking_opens_a_hazard_once_and_is_in_place_when_that_is_closed(scene: Scene) -> None:
    from anlan.modules.hazards import public as hazards
    from anlan.modules.installations import public

    graded(scene)
    keeper, officer = scene.actor("unit_safety"), scene.actor("county_officer")

    def state(answer: str, note: str = "") -> Provision:
        done: Provision = services.state_provision(
            actor=keeper, installation=scene.store.pk, entry=6, answer=answer, note=note
        )
        return done

    def announced() -> EventRow:
        return EventRow.objects.filter(event_type="installations.ProvisionLacking").latest("at", "pk")

    provision = state("lack", "探头月底前到货")
    event = announced()
    assert deliver(str(event.pk), "lacking_provision_opens_hazard")
    deliver(str(event.pk), "lacking_provision_opens_hazard")
    state("lack", "探头下月到货")
    assert EventRow.objects.filter(event_type="installations.ProvisionLacking").count() == 1
    provision.refresh_from_db()
    view = hazards.hazard_view(officer, provision.hazard_id or 0)
    assert view.site_id == scene.store.site_id and view.title.startswith("重大危险源缺少")
    assert hazards.hazard_rows(officer, view.site_id).count() == 1
    with pytest.raises(BadInput, match=view.number):
        state("have")
    page = signed_in(scene.users["county_officer"]).get(reverse("installations:record", args=[scene.store.pk]))
    assert view.number in page.content.decode()
    assert public.hazard_settled(SYSTEM, view.id) == 1
    provision.refresh_from_db()
    assert provision.answer == "have" and view.number in provision.note and scene.fresh().unmet == 0
    version = scene.fresh().version
    public.hazard_settled(SYSTEM, view.id)
    assert scene.fresh().version == version, "again: nothing"
    assert public.hazard_reopened(SYSTEM, view.id) == 1 and scene.fresh().unmet == 1
    assert public.hazard_was_none(SYSTEM, view.id) == 1
    state("have")
    assert scene.fresh().unmet == 0
    provision = state("lack", "探头又坏了")
    anew = EventRow.objects.filter(event_type="installations.ProvisionLacking").exclude(pk=event.pk).get()
    assert deliver(str(anew.pk), "lacking_provision_opens_hazard")
    provision.refresh_from_db()
    assert provision.hazard_id not in (None, view.id), "what lacks anew has a hazard of its own"


def test_what_was_lacking_before_hazards_were_opened_for_it_is_announced_once(scene: Scene) -> None:
    from anlan.modules.installations import public
    from anlan.modules.installations.tasks import announce

    graded(scene)
    where = {name: getattr(scene.store, name) for name in ("region_path", "sector", "holder")}
    said = {"installation_id": scene.store.pk, "answer": "lack", "note": "年底前到货", "stated_on": clock.today()}
    provision = Provision(entry=6, **said, **where)
    provision.save(force_insert=True)
    rows = EventRow.objects.filter(event_type="installations.ProvisionLacking")
    assert (announce(), announce()) == (1, 0)
    assert deliver(str(rows.get().pk), "lacking_provision_opens_hazard")
    provision.refresh_from_db()
    assert provision.announced and provision.hazard_id is not None
    assert public.hazard_was_none(SYSTEM, provision.hazard_id) == 1
    assert announce() == 0 and rows.count() == 1, "what was found to be no hazard is not opened again by itself"


def test_the_print_of_a_filing_names_its_clause(scene: Scene) -> None:
    filing = handed_in(scene, **FORM)
    page = signed_in(scene.users["county_officer"]).get(f"{filing.get_absolute_url()}print/").content.decode()
    assert "第二十三条" in page and "待核实" in page


def test_days_in_natural_days_are_not_provisional(scene: Scene) -> None:
    filing = handed_in(scene, **FORM)
    assert not Deadline.plain.filter(subject_id=str(filing.installation_id), provisional=True).exists()


def test_the_days_to_file_are_the_jurisdiction_s_own_where_it_set_them(scene: Scene) -> None:
    set_figure(
        actor=SYSTEM, code="major_hazard_duties.23.figure", region=scene.county, value=Decimal(10),
        valid_from=clock.today(), basis="本省重大危险源管理办法第九条",
    )  # fmt: skip
    law.read_figures()
    graded(scene)
    law._kept = ()
    due = Deadline.plain.get(kind="installations.file", subject_id=str(scene.store.pk))
    assert clock.day_of(due.due_at) == clock.today() + dt.timedelta(days=10)
    assert "本省重大危险源管理办法第九条" in due.basis and "第二十三条" in due.basis
