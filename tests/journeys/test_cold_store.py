"""One ammonia cold store in a real browser: registered, graded as level IV with its working shown, filed, its risk
points drawn on the plan, a measure found failed, the hazard that opens closed, the measure effective again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from anlan.kernel import clock
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.identity.models import User
from anlan.modules.chemicals.models import Substance, fill_catalogue
from anlan.modules.hazards.models import Hazard
from anlan.modules.installations.models import Filing, Grading, Installation
from anlan.modules.registry.models import Unit
from anlan.modules.risks.models import FloorPlan, Measure, RiskPoint, Zone
from anlan.rules.uscc import make_valid
from tests.cast import Cast, make_user, picture
from tests.journeys.test_loop_in_browser import photo, state_of, step
from tests.journeys.test_risks import LEC, fail, send
from tests.journeys.test_way_in import pick
from tests.journeys.test_way_in import send as submit

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
RECORD = re.compile(r"/installations/\d+/$")
NAME, ROOM, FREEZING = "澜江水产冷冻厂", "氨制冷机房", "速冻加工间"
ALARM = "氨气泄漏报警与事故排风联锁"
STANDARD = "《危险化学品重大危险源辨识》"
WORKING = (
    "15吨（设计最大量）÷临界量10吨（表1序号1 氨）＝1.5；β＝2（表3 氨）",
    "S＝1.5≥1：构成危险化学品重大危险源",
    "α＝2（480人）；R＝αΣβq/Q＝2×3＝6",
    "按表6为四级重大危险源",
    *(f"{STANDARD}{part}" for part in ("式（1）", "表1", "表3", "表5", "式（2）", "表6")),
)


def drawing() -> Any:
    """A floor plan as a file."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "PNG")
    return {"name": "一层平面.png", "mimeType": "image/png", "buffer": out.getvalue()}


def part(page: Page, title: str) -> Locator:
    """A section of a record by its title."""
    return page.locator("main .panel").filter(has=page.get_by_role("heading", name=title)).last


def registered(cast: Cast, town: Page) -> tuple[Unit, dict[str, User]]:
    """The town puts the unit with its site on file; its people have an account each."""
    town.goto("/registry/new/")
    main = town.locator("main")
    code = make_valid("91998801", 31)
    typed = {"name": NAME, "uscc": code, "address": "港前路31号", "headcount": "64", "lon": "115.2", "lat": "24.2"}
    for name, value in typed.items():
        main.locator(f"[name={name}]").fill(value)
    main.locator("[name=sector]").select_option("industry_trade:light")
    main.locator("[name=flags][value=ammonia]").check(force=True)
    town.locator("#id_region").click()
    tree = town.locator("#id_region-tree")
    tree.locator("input[type=search]").press_sequentially("东风")
    tree.get_by_text("东风村").first.click()
    expect(town.locator("#id_region")).to_contain_text("东风村")
    submit(town)
    expect(town).to_have_url(re.compile(r"/registry/units/\d+/$"))
    expect(main).to_contain_text(NAME)
    unit = Unit.plain.get(uscc=code)
    site = apps.get_model("registry.Site").plain.get(unit_id=unit.pk)
    assert site.flags == ["ammonia"] and site.region_path == cast.here.village.path
    roles = {"unit_principal": "林总", "unit_safety": "何安全", "unit_worker": "黄班长"}
    return unit, {role: make_user(f"store_{role}", name, role, holder=site.holder) for role, name in roles.items()}


def graded(page: Page) -> Installation:
    """The unit declares its ammonia by the design maximum; S, R, the level and each clause stand on the page."""
    ammonia = Substance.plain.get(code="7664-41-7")
    page.goto("/installations/register/")
    main = page.locator("main")
    main.locator("[name=kind]").select_option("production")
    main.locator("[name=name]").fill(ROOM)
    main.locator("[name=exposed]").fill("480")
    pick(page, "site", "水产冷冻")
    submit(page)
    expect(page).to_have_url(RECORD)
    one = Installation.plain.get()

    page.goto(f"/installations/{one.pk}/holding/")
    pick(page, "substance", "7664-41-7")
    main.locator("[name=tonnes]").fill("15")
    main.locator("[name=basis]").select_option("design_maximum")
    main.locator("[name=paper]").fill("制冷系统设计说明")
    submit(page)
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text(ammonia.name)
    send(page, f"/installations/{one.pk}/grade/")
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text("四级")
    for told in WORKING:
        expect(part(page, "辨识分级过程")).to_contain_text(told)
    grading = Grading.plain.get()
    assert (grading.s_value, grading.r_value, grading.level) == (1.5, 6, 4)
    return one


def filed(page: Page, county: Page, one: Installation) -> None:
    """What the level asks is stated, the filing is handed in; the county reads it and takes it on file."""
    main, at = page.locator("main"), f"/installations/{one.pk}"
    send(page, f"{at}/target/", kind="school", name="港前小学", distance_m=380, persons=420)
    expect(main).to_contain_text("港前小学")
    send(page, f"{at}/provision/?entry=6", answer="lack", note="探头月底前到货")
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text("监测监控缺项")
    send(page, f"{at}/provision/?entry=6", answer="have", note="机房顶部6只氨探头")
    expect(main).not_to_contain_text("监测监控缺项")
    send(page, f"{at}/responsible/", principal="林总", technical="陈工", operating="黄班长")
    expect(page).to_have_url(RECORD)
    report = {"name": "评估报告.png", "mimeType": "image/png", "buffer": picture().read()}
    send(
        page, f"{at}/submit/", filing_kind="first", assessed_on=clock.today().isoformat(), report=report,
        enterprise_kind="有限责任公司", area_m2="8200", plant="氨制冷机组两套，冷库6000吨", accidents="无",
    )  # fmt: skip
    expect(page).to_have_url(RECORD)
    expect(main).to_contain_text("备案待审核")

    filing = Filing.plain.get()
    main = county.locator("main")
    county.goto(f"/installations/filings/{filing.pk}/")
    for told in ("氨制冷机组两套，冷库6000吨", "工艺流程图", "缺少", "氨", "四级"):
        expect(main).to_contain_text(told)
    send(county, f"{at}/file/", filing_no="BA粤9988-001")
    expect(main).to_contain_text("BA粤9988-001")
    county.goto("/installations/?level=4")
    expect(main).to_contain_text(ROOM)
    county.goto("/installations/map/")
    expect(main).to_contain_text("四级")
    filing.refresh_from_db()
    assert Installation.plain.get().state == "filed" and filing.outcome == "filed"


def assessed(safety: Page, principal: Page) -> tuple[RiskPoint, RiskPoint]:
    """Two risk points in force: the installation is major without a score, the room beside it is scored by LEC."""
    send(safety, "/risks/points/new/", name=ROOM, kind="place", identification="jha")
    send(safety, "/risks/points/new/", name=FREEZING, kind="place", identification="jha")
    room, freezing = RiskPoint.plain.get(name=ROOM), RiskPoint.plain.get(name=FREEZING)
    send(
        safety, f"/risks/points/{room.pk}/factor-direct/", part="制冷系统运行", factor="阀组泄漏氨气", accident_class="中毒",
        inherent_major_hazard_installation=True, engineering=f"{ALARM}\n贮氨器安全阀", emergency="切断阀门并撤离",
    )  # fmt: skip
    send(
        safety, f"/risks/points/{freezing.pk}/factor-lec/", part="速冻作业", factor="蒸发器泄漏氨气", accident_class="中毒",
        management="每班巡检两次", **LEC,
    )  # fmt: skip
    for point, control, level in ((room, "company", "重大风险"), (freezing, "workshop", "一般风险")):
        send(safety, f"/risks/points/{point.pk}/assess/", control_level=control, responsible="何安全")
        send(principal, f"/risks/points/{point.pk}/in-force/")
        expect(principal.locator("main")).to_contain_text(level)
    return room, freezing


def draw(page: Page, plan: FloorPlan, point: RiskPoint, *corners: tuple[float, float]) -> None:
    """Set the corners of a point's zone with the mouse; the last one is taken back again."""
    page.goto(f"/risks/plans/{plan.pk}/")
    page.get_by_role("link", name="标绘区域").first.click()
    page.locator("main select[name=point]").select_option(str(point.pk))
    image = page.locator("[data-plan-editor] > svg")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box is not None
    for x, y in (*corners, (0.95, 0.95)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    expect(page.locator(".risk-corner")).to_have_count(len(corners) + 1)
    page.get_by_role("button", name="撤回上一顶点").click()
    expect(page.locator(".risk-corner")).to_have_count(len(corners))
    submit(page)
    expect(page).to_have_url(re.compile(rf"/risks/plans/{plan.pk}/$"))
    kept = Zone.plain.get(point=point).corners
    assert len(kept) == len(corners)
    for there, meant in zip(kept, corners, strict=True):
        assert all(abs(a - b) < 0.02 for a, b in zip(there, meant, strict=True)), (there, meant)


def line_of(page: Page, measure: str) -> Locator:
    """A measure in force with what is said of it."""
    return page.locator(".risk-checks > li").filter(has_text=measure)


def closed(hazard: Hazard, safety: Page, principal: Page) -> None:
    """Through the loop on its page: graded with a day, rectified, accepted by another, struck off."""
    step(principal, hazard, "assess-own", due=clock.today().isoformat(), requirements="立即恢复联锁")
    assert state_of(hazard) == "rectifying"
    step(
        safety, hazard, "submit-rectification", measures="恢复联锁并加封", money_spent_yuan="100", after=photo("green")
    )
    assert state_of(hazard) == "in_review"
    step(principal, hazard, "accept-own", opinion="联锁试验合格")
    assert state_of(hazard) == "accepted"
    step(principal, hazard, "close-own")
    assert state_of(hazard) == "closed"
    row = EventRow.objects.filter(event_type="hazards.HazardClosed").latest("at", "pk")
    assert deliver(str(row.pk), "closed_hazard_restores_measure")


def test_a_cold_store_from_registration_to_a_measure_restored(cast: Cast, enter: Enter) -> None:
    fill_catalogue()
    here = cast.here
    unit, users = registered(cast, enter(here.users["town_officer"]))
    safety, principal = enter(users["unit_safety"]), enter(users["unit_principal"])
    worker, county = enter(users["unit_worker"], phone=True, width=390), enter(here.users["county_officer"])

    filed(safety, county, graded(safety))

    room, freezing = assessed(safety, principal)
    assert {room.site_id, freezing.site_id} == {Installation.plain.get().site_id}, "one unit, one site throughout"
    send(safety, "/risks/plans/add/", name="一层平面", picture=drawing())
    plan = FloorPlan.plain.get()
    draw(safety, plan, room, (0.1, 0.1), (0.4, 0.1), (0.4, 0.4))
    draw(safety, plan, freezing, (0.5, 0.2), (0.8, 0.2), (0.8, 0.6), (0.5, 0.6))
    for tone, name in (("red", ROOM), ("yellow", FREEZING)):
        zone = safety.locator("main svg a").filter(has=safety.locator(f"polygon.tone-{tone}"))
        expect(zone).to_have_count(1)
        expect(zone).to_contain_text(name)

    # The worker opens the point on his phone and finds the measure failed: the hazard stands beside it.
    worker.goto(f"/risks/points/{room.pk}/")
    line = line_of(worker, ALARM)
    expect(line).to_contain_text("尚未检查")
    measure = Measure.plain.get(text=ALARM)
    fail(worker, measure, by=line.get_by_role("link", name="检查"))
    expect(line).to_contain_text("失效")
    hazard = Hazard.plain.get()
    assert (hazard.site_id, hazard.state) == (room.site_id, "registered")
    line.get_by_role("link", name="对应隐患").click()
    expect(worker).to_have_url(re.compile(rf"/hazards/{hazard.pk}/$"))
    for told in (hazard.number, ROOM, "现场查看联锁已被短接"):
        expect(worker.locator("main")).to_contain_text(told)
    worker.goto(f"/risks/points/{room.pk}/know/")
    expect(worker.locator("main")).to_contain_text("失效")

    closed(hazard, safety, principal)

    # The point shows the measure restored, to the unit and to the county.
    for page in (worker, county):
        page.goto(f"/risks/points/{room.pk}/")
        expect(line_of(page, ALARM)).to_contain_text("有效")
        expect(page.locator(".risk-checks")).not_to_contain_text("失效")
        expect(page.locator("#timeline")).to_contain_text(f"措施恢复有效：{ALARM}，隐患{hazard.number}已销号")
    worker.goto(f"/risks/points/{room.pk}/know/")
    expect(worker.locator("main")).to_contain_text("阀组泄漏氨气")
    expect(worker.locator("main")).not_to_contain_text("失效")
    measure.refresh_from_db()
    assert not measure.failed and measure.hazard_id is None
    county.goto(f"/hazards/{hazard.pk}/")
    expect(county.locator("main")).to_contain_text(ROOM)

    # What the county knows of the unit leads to its installation.
    county.goto(f"/registry/units/{unit.pk}/")
    panel = county.locator("#panel-installations")
    panel.scroll_into_view_if_needed()
    for told in (ROOM, "四级"):
        expect(panel).to_contain_text(told)
