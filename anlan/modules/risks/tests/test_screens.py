"""The screens of risks and the card that needs no sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anlan.modules.risks import services
from anlan.modules.risks.models import Factor, FloorPlan, MeasureCheck, RiskPoint, Zone
from anlan.modules.risks.tests.conftest import Plant, fresh, image

Hazard: Any = apps.get_model("hazards.Hazard")


def key_in(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


def send(client: Client, url: str, **data: Any) -> Any:
    """Open a form and send it."""
    shown = client.get(url)
    assert shown.status_code == 200, (url, shown.status_code)
    return client.post(url, {"key": key_in(shown.content.decode()), **data})


def main(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("language", "of_plan", "of_place"),
    [
        ("zh-hans", "不是图片。请使用JPG、PNG或者WebP格式", "东风村范围内，请更正经纬度"),
        ("en", "export a drawing or page as one of these", "Correct longitude"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy_in_the_readers_language(
    plant: Plant, language: str, of_plan: str, of_place: str
) -> None:
    safety = plant.client("safety")
    safety.cookies["anlan_language"] = language
    for name, content in (("一层.dwg", b"AC1027 and more"), ("一层.pdf", b"%PDF-1.4 x")):
        drawing = SimpleUploadedFile(name, content)
        wrong = send(safety, reverse("risks:add-plan"), site=plant.site.pk, name="一层", picture=drawing)
        assert wrong.status_code == 422 and of_plan in wrong.content.decode() and name in wrong.content.decode()
    given = {"site": plant.site.pk, "name": "氨压缩机房", "kind": "place", "identification": "jha"}
    far = send(safety, reverse("risks:new"), **given, lon="115.6", lat="24.2")
    assert far.status_code == 422 and of_place in far.content.decode()
    assert not FloorPlan.plain.exists() and not RiskPoint.plain.exists()


def test_a_unit_registers_scores_and_puts_a_point_in_force(plant: Plant) -> None:
    safety, principal = plant.client("safety"), plant.client("principal")
    answer = send(
        safety, reverse("risks:new"), site=plant.site.pk, name="氨压缩机房", kind="place", identification="jha", lon="115.2",
        lat="24.2",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    point = RiskPoint.plain.get()
    lec = {"inherent_L": "6", "inherent_E": "6", "inherent_C": "15", "residual_E": "6", "residual_C": "15"}
    said = {"part": "巡检", "factor": "轴封泄漏", "accident_class": "中毒", "engineering": "联锁\n排风"}
    url = reverse("risks:factor-lec", args=[point.pk])
    assert "6 · 相当可能" in main(safety, url)
    worse = send(safety, url, **said, **{**lec, "inherent_L": "0.5"}, residual_L="6")
    assert worse.status_code == 422 and "高于固有风险" in worse.content.decode()
    assert send(safety, url, **said, **lec, residual_L="1").status_code == 302
    page = main(safety, reverse("risks:point", args=[point.pk]))
    assert "D＝L × E × C＝6 × 6 × 15＝540" in page and "重大风险" in page and "待核实" in page
    low = send(safety, reverse("risks:assess", args=[point.pk]), control_level="post", responsible="何安全")
    assert low.status_code == 422 and "最低管控层级" in low.content.decode()
    assert (
        send(
            safety, reverse("risks:assess", args=[point.pk]), control_level="company", responsible="何安全"
        ).status_code
        == 302
    )
    assert safety.get(reverse("risks:put-in-force", args=[point.pk])).status_code == 404
    assert send(principal, reverse("risks:put-in-force", args=[point.pk])).status_code == 302
    assert fresh(point).shown == "yellow"
    page = main(plant.client("town"), reverse("risks:point", args=[point.pk]))
    assert "一般风险" in page and "联锁" in page and "style=" not in page
    for rule in ("risk_lec", "risk_place", "risk_control"):
        assert f"/statutes/rules/{rule}/?" in page, rule
    assert "重新计算" in page and "与今日相同" in page
    changed = Factor.plain.get()
    assert safety.get(reverse("risks:assessment", args=[changed.assessment_id])).status_code == 200
    assert plant.client("far").get(reverse("risks:point", args=[point.pk])).status_code == 404


def test_a_zone_is_drawn_and_shown(plant: Plant) -> None:
    point, safety = plant.in_force(), plant.client("safety")
    answer = send(safety, reverse("risks:add-plan"), site=plant.site.pk, name="一层", picture=image())
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    plan = FloorPlan.plain.get()
    url = reverse("risks:draw", args=[plan.pk])
    assert "data-plan-editor" in main(safety, url)
    outside = send(safety, url, point=point.pk, corners="0.1,0.1 1.5,0.1 0.5,0.5")
    assert outside.status_code == 422 and "data-plan-editor" in outside.content.decode()
    assert send(safety, url, point=point.pk, corners="0.1,0.1 0.5,0.1 0.5,0.5").status_code == 302
    page = main(plant.client("town"), reverse("risks:plan", args=[plan.pk]))
    assert 'points="40.0,30.0 200.0,30.0 200.0,150.0"' in page and "tone-yellow" in page
    assert send(safety, reverse("risks:erase", args=[Zone.plain.get().pk])).status_code == 302


def test_the_card_opens_without_sign_in_and_shows_only_what_it_shows(plant: Plant) -> None:
    point, safety = plant.in_force(), plant.client("safety")
    answer = send(safety, reverse("risks:issue-card", args=[point.pk]))
    assert answer.status_code == 302 and answer["Location"] == reverse("risks:card-sheet", args=[point.pk])
    sheet = safety.get(answer["Location"]).content.decode()
    token = fresh(point).card_token
    assert "<svg" in sheet and token in sheet and len(token) >= 20
    card = Client().get(reverse("risks:card", args=[token]))
    page = card.content.decode()
    assert card.status_code == 200 and "氨压缩机房" in page and "事故排风联锁" in page and "119" in page
    assert "no-store" in card["Cache-Control"] and "noindex" in card["X-Robots-Tag"]
    assert (
        point.number in page and plant.site.holder not in page and "/risks/points/" not in page and "隐患" not in page
    )
    gone = Client().get(reverse("risks:card", args=["x" * 24]))
    assert gone.status_code == 404 and "氨压缩机房" not in gone.content.decode()
    services.issue_card(actor=plant.actor("safety"), point=point.pk, anew=True)
    assert Client().get(reverse("risks:card", args=[token])).status_code == 404
    assert Client().post(reverse("risks:card", args=[fresh(point).card_token])).status_code == 405
    know = main(plant.client("worker"), reverse("risks:know", args=[point.pk]))
    assert "切断进出口阀" in know
    assert send(safety, reverse("risks:withdraw-card", args=[point.pk]), reason="换新").status_code == 302
    assert safety.get(reverse("risks:card-sheet", args=[point.pk])).status_code == 404


def test_a_worker_checks_on_the_phone(plant: Plant) -> None:
    point, worker = plant.in_force(), plant.client("worker")
    url = reverse("risks:check", args=[plant.measure(point).pk])
    empty = send(worker, url, effective="no")
    assert empty.status_code == 422 and not Hazard.plain.exists()
    assert send(worker, url, effective="no", note="联锁被短接", photos=image()).status_code == 302
    hazard = Hazard.plain.get()
    page = main(worker, reverse("risks:point", args=[point.pk]))
    assert "失效" in page and hazard.number in page
    assert send(worker, reverse("risks:check-all", args=[point.pk])).status_code == 302
    assert MeasureCheck.plain.filter(effective=True).count() == 3
    check = MeasureCheck.plain.get(effective=False)
    assert "联锁被短接" in main(plant.client("town"), reverse("risks:measure-check", args=[check.pk]))


def test_the_map_says_why(plant: Plant) -> None:
    plant.in_force()
    city = plant.client("city")
    page = main(city, reverse("risks:map"))
    assert "为什么是一般风险" in page and "就高" in page and "临江县" in page
    data = city.get(reverse("risks:map-data")).json()
    county = next(f for f in data["layers"][0]["data"]["features"] if f["properties"]["name"] == "临江县")
    assert county["properties"]["tone"] == "yellow"
    far = next(f for f in data["layers"][0]["data"]["features"] if f["properties"]["name"] == "西山县")
    assert far["properties"]["tone"] == "grey"
    village = city.get(reverse("risks:map-data"), {"region": plant.village.path}).json()
    assert village["layers"][-1]["data"]["features"][0]["properties"]["tone"] == "yellow"
    assert city.get(reverse("risks:map"), {"region": "0009"}).status_code == 404
    assert "为什么是" in main(city, f"{reverse('risks:map')}?region={plant.village.path}&way=share")
    assert "SO-59" in main(city, reverse("risks:rates")) and "100%" in main(city, reverse("risks:rates"))
    assert "SO-60" in main(plant.client("principal"), reverse("risks:rates"))
    for name in ("risks:list", "risks:registers", "risks:changes", "risks:checks", "risks:plans", "risks:areas"):
        assert main(city, reverse(name))
    assert plant.client("safety").get(reverse("risks:map")).status_code == 403
