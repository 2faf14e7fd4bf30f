"""Record pages: one record with its steps, facts, deadlines, files, timeline and panels, to those who may see it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.ui import links, timeline
from anlan.ui.pages import steps
from tests.ui.conftest import CANARY
from tests.ui.sample import PAPERS, Paper, change_paper, close_paper, return_paper, submit_paper


def moved(paper: Paper, act: Any, actor: Actor, opinion: str = "可以") -> Paper:
    """The paper after a step."""
    act(actor=actor, paper=paper, opinion=opinion)
    return Paper.plain.get(pk=paper.pk)


def test_a_record_shows_what_it_is(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(
        cast.town,
        "青溪化工厂",
        text="第一行\n<b>第二行</b>",
        headcount=20,
        phone="13812345678",
        lon=115.2,
        lat=24.2,
        found_on=dt.date(2026, 3, 1),
    )
    paper(cast.far_town, f"{CANARY}厂")
    page = sign_in(cast.town_officer).get(f"/papers/{one.pk}/")
    body = page.content.decode()
    assert page.status_code == 200
    for shown in (
        "青溪化工厂",
        f"P-{one.pk}",
        '<span class="whole">安澜市</span> · <span class="whole">临江县</span> · <span class="whole">青溪镇</span>',
        "138****5678",
        "20 people",
        "2026-03-01",
        "&lt;b&gt;第二行",
    ):
        assert shown in body, shown
    assert CANARY not in body and "13812345678" not in body and "secret" not in body
    assert page.context["map"]["layers"][-1]["data"]["features"][0]["geometry"]["coordinates"] == [115.2, 24.2]
    assert [label for label, _ in page.context["crumbs"]] == ["Papers"]
    assert 'href="/papers/"' in body


def test_strangers_are_told_nothing(cast: Any, paper: Any, sign_in: Any, client: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    addresses = [
        f"/papers/{one.pk}/",
        f"/papers/{one.pk}/print/",
        f"/papers/{one.pk}/timeline/",
        f"/papers/{one.pk}/panel/nearby/",
        f"/papers/{one.pk}/change/",
        f"/papers/{one.pk}/submit/",
    ]
    for address in addresses:
        assert client.get(address).status_code == 302, address
        assert sign_in(cast.far_officer).get(address).status_code == 404, address
        assert sign_in(cast.nobody).get(address).status_code == 404, address
        assert sign_in(cast.town_officer).get(address).status_code == 200, address
    assert sign_in(cast.town_officer).get("/papers/999999/").status_code == 404
    assert sign_in(cast.town_officer).get("/papers/99999999999999999999999/").status_code == 404


def test_a_record_page_needs_few_queries(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    for number in range(12):
        one = change_paper(actor=Actor.system("tests"), paper=one, title=f"青溪化工厂{number}")
        paper(cast.town, f"厂{number}")
    browser = sign_in(cast.town_officer)
    browser.get(f"/papers/{one.pk}/")
    with CaptureQueriesContext(connection) as few:
        assert browser.get(f"/papers/{one.pk}/").status_code == 200
    assert len(few) <= 18, [q["sql"][:90] for q in few]


def test_the_steps_bar(cast: Any, paper: Any, actor: Any) -> None:
    town, county = actor(cast.town_officer), actor(cast.county_officer)
    one = paper(cast.town, "青溪化工厂")
    assert [s["state"] for s in steps.bar(one, (), steps.all_taken(one))] == ["current", "todo", "todo"]
    one = moved(one, submit_paper, town)
    shown = steps.bar(one, (), steps.all_taken(one))
    assert [(s["state"], s["who"]) for s in shown] == [
        ("done", "系统" if get_language() == "zh-hans" else "System"),
        ("current", "镇办陈"),
        ("todo", ""),
    ]
    back = moved(one, return_paper, county)
    assert [s["state"] for s in steps.bar(back, (), steps.all_taken(back))] == ["current", "returned", "todo"]
    again = moved(moved(back, submit_paper, town), close_paper, county)
    assert [s["state"] for s in steps.bar(again, (), steps.all_taken(again))] == ["done", "done", "done"]
    assert steps.main_line(PAPERS) == ["draft", "review", "closed"]


def test_only_the_steps_one_may_take_are_offered(cast: Any, paper: Any, sign_in: Any, actor: Any) -> None:
    one = paper(cast.town, "青溪化工厂")

    def offered(user: Any) -> list[str]:
        return [s["label"] for s in sign_in(user).get(f"/papers/{one.pk}/").context["step_actions"]]

    assert offered(cast.grid_worker) == ["Submit"]
    moved(one, submit_paper, actor(cast.town_officer))
    assert offered(cast.grid_worker) == []
    assert offered(cast.county_officer) == ["Close the paper", "Return"]
    assert offered(cast.town_officer) == ["Return"]  # who submitted it does not close it


def test_the_timeline_speaks_both_languages(cast: Any, paper: Any, sign_in: Any, actor: Any) -> None:
    one = moved(paper(cast.town, "青溪化工厂"), submit_paper, actor(cast.town_officer), "情况属实")
    change_paper(actor=actor(cast.town_officer), paper=one, title="青溪化工厂（更正）")
    browser = sign_in(cast.town_officer)
    told = browser.get(f"/papers/{one.pk}/").context["entries"]
    assert [t.who for t in told[:2]] == ["镇办陈", "镇办陈"] and told[-1].who == "系统"
    assert told[0].changes[0].before == "青溪化工厂" and told[0].changes[0].after == "青溪化工厂（更正）"
    assert told[1].title == "Submit: 情况属实" and told[1].tone == "green"
    assert browser.get(f"/papers/{one.pk}/timeline/").status_code == 200
    browser.cookies["anlan_language"] = "en"
    assert browser.get(f"/papers/{one.pk}/").context["entries"][-1].who == "System"


def test_entries_of_withdrawn_types_are_still_told(cast: Any, paper: Any) -> None:
    from anlan.kernel.journal.models import Entry

    entry = Entry(fact_type="gone.Fact", data={"a": 1}, actor_key="system", actor_name="system")
    assert "gone.Fact" in timeline.sentence(entry)
    known = Entry(fact_type="sample.PaperBegun", data={"extra": 1}, actor_key="user:1", actor_name="某人")
    assert timeline.told([known])[0].who == "某人"


def test_long_timelines_come_in_two_parts(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "厂")
    for number in range(31):
        one = change_paper(actor=Actor.system("tests"), paper=one, title=f"厂{number}")
    page = sign_in(cast.town_officer).get(f"/papers/{one.pk}/")
    assert len(page.context["entries"]) == 30
    assert page.context["more_url"] == f"/papers/{one.pk}/timeline/"
    whole = sign_in(cast.town_officer).get(page.context["more_url"])
    assert len(whole.context["entries"]) >= 33


def test_deadlines_and_urging(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    deadline = Deadline.plain.get(subject_id=str(one.pk))
    county = sign_in(cast.county_officer)
    urge = f"/deadlines/{deadline.pk}/urge/"
    assert urge in county.get(f"/papers/{one.pk}/").content.decode()
    assert urge not in sign_in(cast.grid_worker).get(f"/papers/{one.pk}/").content.decode()
    assert sign_in(cast.far_officer).get(urge).status_code == 404
    answer = county.post(urge, {"note": "抓紧", "version": deadline.version, "key": "k1"})
    assert answer["Location"] == f"/papers/{one.pk}/"
    home = sign_in(cast.town_officer).get("/").content.decode()
    assert "已催办" in home and "抓紧" in home
    told = county.get(f"/papers/{one.pk}/").context["entries"]
    assert "县局李" in told[0].title and told[0].icon == "bell-ringing"


def test_panels_of_other_modules(cast: Any, paper: Any, sign_in: Any) -> None:
    one, other = paper(cast.town, "青溪化工厂"), paper(cast.town, "青溪木器厂")
    paper(cast.other_town, "和平粮站")
    paper(cast.far_town, f"{CANARY}厂")
    town = sign_in(cast.town_officer)
    page = town.get(f"/papers/{one.pk}/")
    assert [(p["panel"].code, p["count"]) for p in page.context["panels"]] == [("nearby", "1")]
    body = town.get(f"/papers/{one.pk}/panel/nearby/").content.decode()
    assert other.title in body and "和平粮站" not in body and CANARY not in body
    assert "和平粮站" in sign_in(cast.county_officer).get(f"/papers/{one.pk}/panel/nearby/").content.decode()
    assert town.get(f"/papers/{one.pk}/panel/hidden/").status_code == 404
    assert town.get(f"/papers/{one.pk}/panel/none/").status_code == 404


def test_links_know_where_a_record_is_shown(cast: Any, paper: Any) -> None:
    one = paper(cast.town, "厂")
    assert links.url_of(one) == links.url_of("ui_sample.paper", one.pk) == f"/papers/{one.pk}/"
    assert links.url_of("ui.savedfilter", 1) == ""
    assert links.url_of("ui_sample.paper", "no number") == ""


def test_print_view(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂", phone="13812345678")
    body = sign_in(cast.town_officer).get(f"/papers/{one.pk}/print/").content.decode()
    assert "青溪化工厂" in body and "data-print" in body and "138****5678" in body
    assert 'class="side"' not in body
