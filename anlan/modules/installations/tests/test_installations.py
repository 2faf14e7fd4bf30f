"""An installation from its registration through grading, filing and renewal to its cancellation."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.acts import ACTS
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, WrongStep
from anlan.kernel.identity.models import Grant, User
from anlan.modules.installations import selectors, services
from anlan.modules.installations.models import Grading, Holding, Installation
from anlan.modules.installations.public import is_major, weigh_installations
from anlan.modules.installations.tests.conftest import SYSTEM, Scene, signed_in
from tests.cast import picture


def paper() -> SimpleUploadedFile:
    """An assessment report."""
    return picture("blue", "安全评估报告.png")


def graded(scene: Scene, tonnes: Any = 15) -> Grading:
    """Declared and graded."""
    scene.declare(tonnes)
    done: Grading = services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk)
    return done


def filed(scene: Scene) -> Installation:
    """On file."""
    graded(scene)
    keeper = scene.actor("unit_safety")
    services.name_responsible(
        actor=keeper, installation=scene.store.pk, principal="林总", technical="陈工", operating="黄班长"
    )
    services.submit_filing(
        actor=keeper,
        installation=scene.store.pk,
        filing_kind="first",
        assessed_on=dt.date(2026, 11, 10),
        report=[paper()],
    )
    services.file_installation(
        actor=scene.actor("county_officer"), installation=scene.store.pk, filing_no="BA粤9988-001"
    )
    return scene.fresh()


def test_fifteen_tonnes_of_ammonia_are_level_four_with_the_working_kept(scene: Scene) -> None:
    grading = graded(scene)
    assert (grading.s_value, grading.r_value, grading.level) == (Decimal("1.5"), Decimal("3"), 4)
    assert any("15" in step and "÷临界量10吨" in step for step in grading.steps_zh)
    assert any("R＝αΣβq/Q" in step and "＝3" in step for step in grading.steps_zh)
    assert any("GB 18218" in clause or "重大危险源辨识" in clause for clause in grading.clauses)
    row = scene.fresh()
    assert (row.state, row.level, row.stale) == ("graded", 4, False)
    due = Deadline.plain.get(kind="installations.file")
    assert clock.day_of(due.due_at) == dt.date(2026, 12, 5) and due.desk_holder == scene.unit.holder
    assert "待核实" in due.basis, "the full text of order 40 is not held"
    services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk)
    assert Grading.plain.count() == 1, "nothing changed: nothing"


def test_below_the_threshold_is_no_major_hazard(scene: Scene) -> None:
    assert graded(scene, 9).level is None
    assert scene.fresh().state == "below" and not is_major(SYSTEM, scene.site.pk)
    scene.declare(15)
    assert scene.fresh().stale
    assert services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk).level == 4
    assert is_major(SYSTEM, scene.site.pk)


def test_a_holding_without_basis_is_refused_with_what_to_do(scene: Scene) -> None:
    for column, given in (
        ("basis", {"basis": ""}),
        ("paper", {"paper": " "}),
        ("tonnes", {"tonnes": 0}),
        ("place", {"place": 0}),
    ):
        with pytest.raises(BadInput) as why:
            scene.declare(given.pop("tonnes", 5), **given)
        assert why.value.column == column
    assert not Holding.plain.exists()


@pytest.mark.parametrize(
    ("language", "of_holding", "of_place"),
    [
        ("zh-hans", "无依据的数量不予登记", "请更正经纬度"),
        ("en", "a holding without its basis is none", "Correct longitude and latitude"),
    ],
)
def test_a_form_that_cannot_be_is_refused_with_the_remedy(
    scene: Scene, language: str, of_holding: str, of_place: str
) -> None:
    client = signed_in(scene.users["unit_safety"])
    client.cookies["anlan_language"] = language
    given = {"substance": scene.ammonia.pk, "tonnes": "15", "basis": "", "paper": ""}
    wrong = client.post(reverse("installations:holding", args=[scene.store.pk]), {"key": "h1", **given})
    assert wrong.status_code == 422 and of_holding in wrong.content.decode()
    far = client.post(
        reverse("installations:change", args=[scene.store.pk]),
        {"key": "h2", "kind": "production", "name": "氨制冷机房", "exposed": "20", "lon": "118.0", "lat": "24.1"},
    )
    assert far.status_code == 422 and of_place in far.content.decode()
    assert not Holding.plain.exists() and scene.fresh().lon != 118.0


def test_what_the_rule_lacks_is_named(scene: Scene) -> None:
    with pytest.raises(BadInput) as why:
        services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk)
    assert why.value.column == "holdings"
    scene.declare(15)
    services.change_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk, exposed=None)
    with pytest.raises(BadInput) as why:
        services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk)
    assert why.value.column == "exposed"


def test_a_point_elsewhere_is_refused(scene: Scene) -> None:
    for point in ({"lon": 10.0, "lat": 24.0}, {"lon": 118.0, "lat": 24.1}, {"lon": 115.1, "lat": None}):
        with pytest.raises(BadInput) as why:
            services.change_installation(
                actor=scene.actor("unit_safety"), installation=scene.store.pk, exposed=20, **point
            )
        assert why.value.column in ("lon", "lat")


def test_it_is_filed_by_the_county_and_assessed_anew_after_three_years(scene: Scene) -> None:
    row = filed(scene)
    assert (row.state, row.filing_no, row.filed_on) == ("filed", "BA粤9988-001", dt.date(2026, 11, 20))
    anew = Deadline.plain.get(kind="installations.anew")
    assert clock.day_of(anew.due_at) == dt.date(2029, 11, 10)
    assert Deadline.plain.get(kind="installations.check").state == "met"
    services.file_installation(actor=scene.actor("county_officer"), installation=row.pk, filing_no="BA粤9988-001")


def test_handing_in_needs_grading_people_report(scene: Scene) -> None:
    keeper = scene.actor("unit_safety")
    given: dict[str, Any] = {"filing_kind": "first", "assessed_on": dt.date(2026, 11, 10)}
    with pytest.raises(WrongStep):
        services.submit_filing(actor=keeper, installation=scene.store.pk, report=[paper()], **given)
    graded(scene)
    with pytest.raises(BadInput) as why:
        services.submit_filing(actor=keeper, installation=scene.store.pk, **given)
    assert why.value.column == "report"
    with pytest.raises(Exception) as nobody:
        services.submit_filing(actor=keeper, installation=scene.store.pk, report=[paper()], **given)
    assert {"principal", "technical", "operating"} <= set(getattr(nobody.value, "by_column", {}))
    scene.declare(16)
    with pytest.raises(BadInput) as why:
        services.submit_filing(actor=keeper, installation=scene.store.pk, report=[paper()], **given)
    assert why.value.column == "holdings", "graded anew first"


def test_it_is_sent_back_renewed_and_cancelled(scene: Scene) -> None:
    row = filed(scene)
    keeper, county = scene.actor("unit_safety"), scene.actor("county_officer")
    with pytest.raises(NotAllowed):
        services.file_installation(actor=scene.actor("town_officer"), installation=row.pk, filing_no="X")
    scene.declare(30)
    services.grade_installation(actor=keeper, installation=row.pk)
    assert scene.fresh().state == "graded" and scene.fresh().level == 4
    services.submit_filing(
        actor=keeper, installation=row.pk, filing_kind="renewal", assessed_on=dt.date(2026, 11, 18), report=[paper()]
    )
    services.return_filing(actor=county, installation=row.pk, opinion="缺应急预案评审意见")
    assert scene.fresh().state == "graded"
    services.submit_filing(
        actor=keeper, installation=row.pk, filing_kind="renewal", assessed_on=dt.date(2026, 11, 18), report=[paper()]
    )
    services.file_installation(actor=county, installation=row.pk, filing_no="BA粤9988-001-2")
    services.ask_cancellation(actor=keeper, installation=row.pk, reason="改用氟利昂系统")
    services.keep_installation(actor=county, installation=row.pk, opinion="氨尚未排空")
    services.ask_cancellation(actor=keeper, installation=row.pk, reason="已排空")
    services.cancel_installation(actor=county, installation=row.pk)
    services.cancel_installation(actor=county, installation=row.pk)
    assert scene.fresh().state == "cancelled" and not is_major(SYSTEM, scene.site.pk)
    assert not Deadline.plain.filter(state="open").exists()
    with pytest.raises(WrongStep):
        scene.declare(5)


def test_a_stock_above_the_declared_basis_is_a_finding_until_it_is_below(scene: Scene) -> None:
    graded(scene, 15)
    keeper = scene.actor("unit_safety")

    def enter(kind: str, kg: int) -> None:
        ACTS["chemicals.record_movement"].function(
            actor=keeper, place=scene.place.pk, substance=scene.ammonia.pk, kind=kind, kg=Decimal(kg),
            on=dt.date(2026, 11, 19),
        )  # fmt: skip
        assert weigh_installations(SYSTEM, scene.site.pk) == 1

    enter("opening", 14_000)
    assert scene.fresh().over_t == 0
    enter("produced", 2_500)
    assert scene.fresh().over_t == Decimal("1.5")
    due = Deadline.plain.get(kind="installations.over")
    assert due.desk_holder == scene.unit.holder
    enter("used", 3_000)
    assert scene.fresh().over_t == 0 and Deadline.plain.get(pk=due.pk).state == "met"


def test_the_registry_bears_the_flag(scene: Scene) -> None:
    from anlan.modules.registry.public import Flag, set_flag

    graded(scene)
    set_flag(SYSTEM, scene.site.pk, Flag.MAJOR_HAZARD, is_major(SYSTEM, scene.site.pk))
    assert set(apps.get_model("registry.Site").plain.get(pk=scene.site.pk).flags) == {"ammonia", "major_hazard"}


def test_a_grading_is_never_changed(scene: Scene) -> None:
    grading = graded(scene)
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Grading.plain.filter(pk=grading.pk).update(level=1)
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Grading.plain.filter(pk=grading.pk).delete()


def test_others_do_not_see_it(scene: Scene) -> None:
    from anlan.kernel.actor import Actor, Grant

    grants = (Grant(role="x", permissions=frozenset({"installations.view", "installations.keep"}), holder="else"),)
    other = Actor(key="x", name="x", grants=grants)
    assert not selectors.installations(other).exists()
    with pytest.raises(NotFound):
        services.change_installation(actor=other, installation=scene.store.pk, exposed=1)


def test_the_page_shows_the_working_the_duties_and_the_register_filters_by_level(scene: Scene) -> None:
    services.put_target(
        actor=scene.actor("unit_safety"), installation=scene.store.pk, kind="school", name="港前小学", distance_m=380,
        persons=420, lon=115.103, lat=24.102,
    )  # fmt: skip
    graded(scene)
    client = signed_in(scene.users["county_officer"])
    page = client.get(reverse("installations:record", args=[scene.store.pk])).content.decode()
    for told in ("15吨（设计最大量）÷临界量10吨", "四级", "港前小学", "installation-map", "第十三条", "待核实"):
        assert told in page, told
    again = re.search(r'href="(/statutes/rules/major_hazard/[^"#]*)', page)
    assert again is not None and "重新计算" in page and "与今日相同" in page
    assert 'id="finding"' in client.get(again[1].replace("&amp;", "&")).content.decode()
    listed = client.get(reverse("installations:list") + "?level=4").content.decode()
    assert "氨制冷机房" in listed
    assert "氨制冷机房" not in client.get(reverse("installations:list") + "?level=1").content.decode().split("<main")[1]


def test_only_who_may_correct_is_led_to_where_it_is_done(scene: Scene) -> None:
    holding = scene.declare(15)
    services.put_target(
        actor=scene.actor("unit_safety"), installation=scene.store.pk, kind="school", name="港前小学", distance_m=380
    )
    address = reverse("installations:record", args=[scene.store.pk])
    strikes = reverse("installations:drop-holding", args=[holding.pk])
    reader: Any = User.objects.create_user("leader", None, name="县领导")
    Grant.objects.create(user=reader, role="leader", region=scene.county, valid_from=dt.date(2026, 1, 1))
    for user, led in ((scene.users["unit_safety"], True), (reader, False)):
        page = signed_in(user).get(address).content.decode()
        assert "港前小学" in page
        assert ((strikes in page), ("/correct/" in page)) == (led, led), user
    services.grade_installation(actor=scene.actor("unit_safety"), installation=scene.store.pk)
    Installation.plain.filter(pk=scene.store.pk).update(state="submitted")
    page = signed_in(scene.users["unit_safety"]).get(address).content.decode()
    assert strikes not in page and "/correct/" not in page, "while its filing is looked at"


def test_the_same_by_the_api(scene: Scene) -> None:
    client = signed_in(scene.users["unit_safety"])

    def post(path: str, **body: Any) -> Any:
        answer = client.post(f"/api/v1/installations/{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    pk = scene.store.pk
    code, refused = post(f"{pk}/holdings", substance=scene.ammonia.pk, tonnes="15", basis="", paper="")
    assert code == 422 and refused["column"] == "basis"
    code, refused = post(
        f"{pk}/holdings", substance=scene.ammonia.pk, tonnes="0.0004", basis="design_maximum", paper="设计说明"
    )
    assert code == 422 and refused["column"] == "tonnes", "less than a kilogram is nothing in tonnes to the kilogram"
    code, _held = post(
        f"{pk}/holdings", substance=scene.ammonia.pk, tonnes="15", basis="design_maximum", paper="设计说明"
    )
    assert code == 200
    code, grading = post(f"{pk}/grade")
    assert code == 200 and grading["level"] == 4 and len(grading["steps_zh"]) == len(grading["steps_en"])
    assert client.get("/api/v1/installations/?level=4").json()["items"][0]["name"] == "氨制冷机房"
