"""The pages in both languages, with figures and without; what moves; urging and calling."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from anlan.kernel import clock
from anlan.kernel.deadlines.facts import Urged
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.models import PersonKey, User
from anlan.kernel.identity.sealing import new_key, seal
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.modules.cockpit.choices import FIGURES, FIRST_MAPPED, MAPPED
from anlan.modules.cockpit.selectors.sources import Days
from anlan.modules.cockpit.tests.conftest import City, day
from anlan.modules.cockpit.views import shapes
from anlan.modules.cockpit.views.board import BLOCKS
from anlan.ui import menu

SignIn = Callable[[User], Client]
LANGUAGE = "anlan_language"
SHELL = 5  # session, user, grants, unread messages, the reader's own region


@pytest.fixture
def leader(city: City, browser: SignIn) -> Client:
    """The leader of the city."""
    return browser(city.user("leader", city.root))


def test_the_page_in_chinese(leader: Client) -> None:
    text = leader.get("/cockpit/").content.decode()
    for said in (
        "驾驶舱 · 安州市",
        "数据截至",
        "未销号隐患",
        "本年销号率",
        "33.3%",
        "每百家企业逾期数",
        "东江县",
        "指标口径说明",
        "第1号隐患",
    ):
        assert said in text
    assert "Open hazards" not in text


def test_the_page_in_english(leader: Client) -> None:
    leader.cookies[LANGUAGE] = "en"
    text = leader.get("/cockpit/").content.decode()
    for said in ("Cockpit · 安州市", "As of", "Closure rate this year", "33.3%", "What each number means"):
        assert said in text
    assert "未销号" not in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_city_shows_dashes(empty: City, browser: SignIn, language: str) -> None:
    client = browser(empty.user("leader", empty.root))
    client.cookies[LANGUAGE] = language
    text = client.get("/cockpit/").content.decode()
    assert text.count("—") >= 3
    assert ("没有未销号的隐患" if language == "zh-hans" else "No open hazards") in text
    lead = client.get("/cockpit/lead/").content.decode()
    assert ("没有未销号的重大隐患" if language == "zh-hans" else "No open major hazard") in lead
    assert client.get("/cockpit/lead/?show=towns").status_code == 200


def test_the_lowest_region_says_so(leader: Client, city: City) -> None:
    text = leader.get("/cockpit/", {"region": city.village.path}).content.decode()
    assert "已是最低一级区域" in text
    assert "data-map" not in text


def allowed(own: int) -> int:
    """Statements a page may take: its own, the shell's, and one for each badge of the menu."""
    return own + SHELL + sum(1 for entry in menu.ENTRIES.values() if entry.badge)


@pytest.mark.parametrize(
    ("page", "own"),
    [
        ("/cockpit/", 7),
        ("/cockpit/live/", 7),
        ("/cockpit/lead/", 7),
        ("/cockpit/lead/?show=towns", 4),
        ("/cockpit/map/", 4),
    ],
)
def test_few_statements_however_many_hazards(
    leader: Client, city: City, django_assert_max_num_queries: Any, page: str, own: int
) -> None:
    site = city.site(city.south)
    for number in range(12):
        city.hazard(site, "05-01", due=f"05-{number + 5:02}", grade="major", state="planning", leader="李建国")
    with django_assert_max_num_queries(allowed(own)):
        assert leader.get(page).status_code == 200


def test_the_table_is_sorted_as_asked(leader: Client) -> None:
    def order(sort: str) -> list[str]:
        text = leader.get("/cockpit/", {"sort": sort}).content.decode()
        return re.findall(r'<th scope="row"><a href="[^"]*">(东江县|西江县)</a>', text)

    assert order("") == ["东江县", "西江县"]
    assert order("open") == ["西江县", "东江县"]
    assert order("-open") == ["东江县", "西江县"]
    assert order("-name") == ["西江县", "东江县"]
    assert order("closure_rate") == ["东江县", "西江县"]  # a county without a rate comes last, whichever way
    assert order("-closure_rate") == ["东江县", "西江县"]
    assert order("nonsense") == ["东江县", "西江县"]


def test_the_sorted_column_is_marked(leader: Client) -> None:
    text = leader.get("/cockpit/", {"sort": "-open"}).content.decode()
    assert text.count('aria-sort="descending"') == 1


@pytest.mark.parametrize("figure", MAPPED, ids=lambda f: f.code)
def test_the_map_of_each_figure(leader: Client, figure: Any) -> None:
    data = leader.get("/cockpit/map/", {"metric": figure.code}).json()
    features = data["layers"][0]["data"]["features"]
    assert [f["properties"]["name"] for f in features] == ["东江县", "西江县"]
    assert all(f["geometry"]["type"] == "Polygon" for f in features)
    known = {entry["tone"] for entry in data["legend"]}
    assert {f["properties"]["tone"] for f in features} <= known


def test_the_map_leads_down_and_at_last_to_the_list(leader: Client, city: City) -> None:
    def url(region: Any) -> str:
        data = leader.get("/cockpit/map/", {"region": region.path}).json()
        return str(data["layers"][0]["data"]["features"][0]["properties"]["url"])

    assert url(city.root) == f"/cockpit/?region={city.east.path}"
    assert url(city.east) == f"/cockpit/?region={city.south.path}"
    assert city.village.path in url(city.south)


def test_a_region_without_enterprises_is_grey(empty: City, browser: SignIn) -> None:
    client = browser(empty.user("leader", empty.root))
    data = client.get("/cockpit/map/").json()
    assert {f["properties"]["tone"] for f in data["layers"][0]["data"]["features"]} == {"grey"}
    assert data["legend"][-1]["tone"] == "grey"


def seen(text: str) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', text)


def test_nothing_moved_brings_only_the_hour(leader: Client) -> None:
    marks = seen(leader.get("/cockpit/").content.decode())
    assert [m.partition(":")[0] for m in marks] == ["tiles", "map", "trend", "majors", "overdue", "parts", "breakdown"]
    answer = leader.get("/cockpit/live/", {"seen": marks}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="cockpit-as-of"' in answer
    assert seen(answer) == []


def test_what_moved_is_brought_and_nothing_else(leader: Client, city: City) -> None:
    marks = seen(leader.get("/cockpit/").content.decode())
    city.hazard(city.site(city.river, "mining"), "05-20", due="06-20")
    answer = leader.get("/cockpit/live/", {"seen": marks}, headers={"HX-Request": "true"}).content.decode()
    moved = {m.partition(":")[0] for m in seen(answer)}
    assert {"tiles", "parts", "trend", "breakdown"} <= moved
    assert not moved & {"majors", "overdue"}
    assert answer.count('hx-swap-oob="true"') == len(moved) + 1


def test_one_block_alone(leader: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "cockpit-map"}
    text = leader.get("/cockpit/", {"metric": "open"}, headers=headers).content.decode()
    assert text.lstrip().startswith('<div id="cockpit-map"')
    assert 'name="metric" value="open"' in text


def test_every_block_has_a_template(leader: Client) -> None:
    text = leader.get("/cockpit/").content.decode()
    for name in BLOCKS:
        assert f'id="cockpit-{name}"' in text


def test_every_figure_is_explained(leader: Client) -> None:
    text = leader.get("/cockpit/").content.decode()
    for figure in FIGURES.values():
        with translation.override("zh-hans"):
            assert escape(str(figure.means)) in text


def test_no_inline_style_or_script(leader: Client) -> None:
    for page in ("/cockpit/", "/cockpit/lead/", "/cockpit/lead/?show=towns"):
        text = leader.get(page).content.decode()
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert not re.search(r"\son[a-z]+=", text)


def test_the_leaders_page(leader: Client) -> None:
    text = leader.get("/cockpit/lead/").content.decode()
    for said in (
        "第1号隐患",
        "第1化工有限公司",
        "城南镇",
        "陈志远",
        "逾期 10 天",
        "资金缺口",
        "7 万元",
        'href="tel:0753-5522119"',
        "催办",
    ):
        assert said in text
    assert "未明确责任领导" in text  # the second one has none


def test_towns_of_the_leaders_page(leader: Client) -> None:
    text = leader.get("/cockpit/lead/?show=towns").content.decode()
    assert text.index("城北镇") < text.index("城南镇") < text.index("河口镇")
    assert "100" in text


def urge(client: Client, deadline: Deadline, **given: Any) -> Any:
    return client.post(f"/cockpit/lead/urge/{deadline.pk}/", given, headers={"HX-Request": "true"})


def test_urging_tells_the_people_and_the_record(leader: Client, city: City) -> None:
    office = city.user("town_officer", city.south)
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    answer = urge(leader, deadline, reason="请今天回复", idempotency_key="k1")
    assert "已催办，责任人将收到通知" in answer.content.decode()
    assert Message.objects.filter(user=office).count() == 1
    entry = Entry.plain.get(fact_type=Urged.type_name())
    assert (entry.subject_type, entry.data["note"]) == ("hazards.hazard", "请今天回复")
    assert "王主任" in leader.get("/cockpit/lead/").content.decode()


def test_urging_twice_tells_once(leader: Client, city: City) -> None:
    office = city.user("town_officer", city.south)
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    urge(leader, deadline, idempotency_key="k1")
    again = urge(leader, deadline, idempotency_key="k1")
    other = urge(leader, deadline, idempotency_key="k2")
    assert Message.objects.filter(user=office).count() == 1
    assert "未重复通知" in again.content.decode()
    assert "未重复通知" in other.content.decode()


def test_urging_where_nobody_sits_is_refused_in_words(leader: Client, city: City) -> None:
    answer = urge(leader, Deadline.plain.get(subject_title="第1号隐患"))
    assert answer.status_code == 400
    assert "无人" in answer.content.decode()
    assert "deadline" not in answer.content.decode()


def test_urging_without_scripts_leads_back(leader: Client, city: City) -> None:
    city.user("town_officer", city.south)
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    answer = leader.post(f"/cockpit/lead/urge/{deadline.pk}/", {"reason": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/cockpit/lead/")


def test_urging_elsewhere_is_not_found(city: City, browser: SignIn) -> None:
    foreign = browser(city.user("leader", city.west))
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    assert urge(foreign, deadline).status_code == 404
    assert not Message.objects.exists()


def test_a_note_that_is_too_long_is_refused(leader: Client, city: City) -> None:
    city.user("town_officer", city.south)
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    answer = urge(leader, deadline, reason="催" * 201)
    assert answer.status_code == 422
    assert "200" in answer.content.decode()
    assert not Message.objects.exists()


def test_urging_needs_the_post(city: City, browser: SignIn) -> None:
    deadline = Deadline.plain.get(subject_title="第1号隐患")
    assert urge(browser(city.user("auditor", city.root)), deadline).status_code in (403, 404)
    assert browser(city.user("leader", city.root)).get(f"/cockpit/lead/urge/{deadline.pk}/").status_code == 405


def test_calling_a_unit_without_people_says_so(leader: Client, city: City) -> None:
    hazard = apps.get_model("hazards.Hazard").plain.get(title="第1号隐患")
    answer = leader.post(f"/cockpit/lead/call/{hazard.pk}/", {"reason": "了解治理进展"}, headers={"HX-Request": "true"})
    assert "该场所未登记负责人" in answer.content.decode()
    assert leader.post("/cockpit/lead/call/999999/", {"reason": "了解治理进展"}).status_code == 404


def test_steps_of_colour() -> None:
    figure = FIGURES[FIRST_MAPPED]
    steps = shapes.shades(figure, [None, 0, 7, 36])
    assert [(s.least, s.tone, s.label) for s in steps] == [
        (0, "green", "0"), (0.0001, "blue", "< 10"), (10, "yellow", "10 – 20"), (20, "orange", "20 – 30"),
        (30, "red", "≥ 30"),
    ]  # fmt: skip
    few = shapes.shades(FIGURES["major"], [0, 1, 3])
    assert [(s.least, s.tone) for s in few] == [(0, "green"), (1, "yellow"), (2, "orange"), (3, "red")]
    assert shapes.shades(FIGURES["closure_rate"], [])[-1].label == "≥ 95.0%"


def test_the_present_is_the_platforms_clock(leader: Client) -> None:
    with clock.moved_to(dt.datetime(2026, 5, 20, 9, 30, tzinfo=clock.CHINA)):
        assert "2026-05-20 09:30:00" in leader.get("/cockpit/").content.decode()


@pytest.mark.parametrize(
    ("code", "counted"),
    [("open", 5), ("major", 2), ("overdue", 2), ("closure_rate", 6), ("on_time_rate", 5), ("found_month", 3)],
)
def test_a_figure_leads_to_exactly_what_was_counted(leader: Client, city: City, code: str, counted: int) -> None:
    url = shapes.behind(code, city.root.path, (), Days(clock.now()))
    listed = leader.get(url).content.decode()
    assert len(set(re.findall(r"第\d+号隐患", listed))) == counted
    assert escape(url) in leader.get("/cockpit/").content.decode()


def test_calling_shows_the_telephone_for_a_reason_that_is_kept(leader: Client, city: City) -> None:
    hazard = apps.get_model("hazards.Hazard").plain.get(title="第1号隐患")
    site = apps.get_model("registry.Site").plain.get(pk=hazard.site_id)
    key = PersonKey.objects.create(wrapped=new_key())
    person = apps.get_model("registry.Person")(
        unit_id=site.unit_id, site=site, name="张三", key=key, phone_sealed=seal(key.wrapped, "13800138000"),
        region_path=site.region_path, sector=site.sector, holder=site.holder,
    )  # fmt: skip
    person.save(force_insert=True)
    apps.get_model("registry.Post")(person=person, kind="principal", since=day("01-01")).save(force_insert=True)
    address = f"/cockpit/lead/call/{hazard.pk}/"
    assert "13800138000" not in leader.get("/cockpit/lead/").content.decode()
    refused = leader.post(address, {"reason": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert not Entry.plain.filter(fact_type__endswith="PersonUnmasked").exists()
    answer = leader.post(address, {"reason": "了解治理进展"}, headers={"HX-Request": "true"}).content.decode()
    assert 'href="tel:13800138000"' in answer
    assert "张三" in answer
    assert Entry.plain.get(fact_type__endswith="PersonUnmasked").data["reason"] == "了解治理进展"
    page = leader.post(address, {"reason": "了解治理进展"}).content.decode()
    assert 'href="tel:13800138000"' in page
    assert "第1化工有限公司" in page
