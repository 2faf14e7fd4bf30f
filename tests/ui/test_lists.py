"""Lists: what they show, to whom, in how many queries, with and without scripts."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.ui.models import SavedFilter
from anlan.ui.pages import lists
from tests.ui.conftest import CANARY
from tests.ui.sample import LIST, Paper

PARTIAL = {"HX-Request": "true", "HX-Target": "list"}


@pytest.fixture
def papers(cast: SimpleNamespace, paper: Any) -> list[Paper]:
    """Three papers in the town, one in the next town, one in the other county."""
    soon = clock.now() + dt.timedelta(days=2)
    return [
        paper(
            cast.town,
            "青溪化工厂",
            level="major",
            headcount=20,
            found_on=dt.date(2026, 3, 1),
            due_at=clock.now() - dt.timedelta(days=2),
        ),
        paper(cast.town, "青溪木器厂", headcount=5, found_on=dt.date(2026, 3, 5), due_at=soon, phone="13812345678"),
        paper(cast.town, "=cmd()", headcount=300, text="配电箱"),
        paper(cast.other_town, "和平粮站"),
        paper(cast.far_town, f"{CANARY}厂"),
    ]


def titles(page: Any) -> list[str]:
    """The titles in the order shown."""
    return [record.title for record in page.context["table"].shown_rows]


def test_a_list_shows_the_jurisdiction_and_nothing_else(cast: Any, papers: Any, sign_in: Any) -> None:
    town, county, far = (
        sign_in(u).get("/papers/?all=1") for u in (cast.town_officer, cast.county_officer, cast.far_officer)
    )
    assert sorted(titles(town)) == ["=cmd()", "青溪化工厂", "青溪木器厂"]
    assert len(titles(county)) == 4
    assert CANARY not in county.content.decode()
    assert titles(far) == [f"{CANARY}厂"]


def test_anonymous_and_powerless_people_see_no_list(cast: Any, papers: Any, sign_in: Any, client: Any) -> None:
    answer = client.get("/papers/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("/account/login/?next=%2Fpapers%2F")
    assert sign_in(cast.nobody).get("/papers/").status_code == 403


def test_few_queries_however_many_rows(cast: Any, paper: Any, sign_in: Any) -> None:
    for number in range(30):
        paper(cast.town, f"厂{number}")
    browser = sign_in(cast.county_officer)
    browser.get("/papers/?all=1")
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert browser.get("/papers/?all=1").status_code == 200
    assert len(few) <= 12, [q["sql"][:90] for q in few]


def test_the_count_stops_at_the_ceiling(cast: Any, papers: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CEILING", 2)
    page = sign_in(cast.county_officer).get("/papers/?all=1")
    assert page.context["total"] == 3
    assert page.context["page"].paginator.count == 2
    assert "2+" in page.content.decode()


def test_sorting_pages_and_sizes(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    assert titles(browser.get("/papers/?sort=headcount")) == ["青溪木器厂", "青溪化工厂", "=cmd()"]
    assert titles(browser.get("/papers/?sort=-headcount")) == ["=cmd()", "青溪化工厂", "青溪木器厂"]
    assert len(titles(browser.get("/papers/?sort=password__hash&page=99&size=7"))) == 3
    head = browser.get("/papers/?level=major&page=2").context["table"].head()
    wanted = next(h for h in head if str(h["label"]) in ("Title", "标题"))
    assert wanted["sort"].startswith("/papers/?") and "level=major" in wanted["sort"] and "page" not in wanted["sort"]
    assert not next(h for h in head if h["label"] in ("Telephone",))["sort"]


@pytest.mark.parametrize("size", ["²", "٥٠", "0", "-25", "26", "9" * 5000, "", "\u0662\u0665"])
def test_a_size_nobody_offered_is_the_usual_one(cast: Any, papers: Any, sign_in: Any, size: str) -> None:
    page = sign_in(cast.county_officer).get("/papers/", {"all": "1", "size": size, "page": size})
    assert page.status_code == 200 and page.context["size"] == 25


def test_htmx_gets_the_inner_part_alone(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    part = browser.get("/papers/?q=木器", headers=PARTIAL)
    assert "<html" not in part.content.decode()
    assert titles(part) == ["青溪木器厂"]
    assert "HX-Request" in part["Vary"]
    assert 'id="save-filter-query"' in part.content.decode()
    whole = browser.get("/papers/?q=木器", headers={**PARTIAL, "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_empty_states_say_what_to_do(cast: Any, paper: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    body = browser.get("/papers/?all=1").content.decode()
    assert "No papers yet" in body and 'href="/papers/begin/"' in body
    paper(cast.town, "厂")
    body = browser.get("/papers/?q=无此厂").content.decode()
    assert "没有符合条件的记录" in body and "No papers yet" not in body


def test_the_filters_are_drawn_when_their_drawer_is_opened(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    body = browser.get("/papers/?level=major&found_on_from=2026-01-01&q=青溪&page=1").content.decode()
    assert "<select" not in body and 'type="date"' not in body
    for carried in ('name="level" value="major"', 'name="found_on_from" value="2026-01-01"'):
        assert f'<input type="hidden" {carried}>' in body, "a new search keeps the filters in force"
    address = "/papers/?level=major&found_on_from=2026-01-01&q=%E9%9D%92%E6%BA%AA&filters=1"
    escaped = address.replace("&", "&amp;")
    assert f'hx-get="{escaped}"' in body
    assert f'href="{escaped}" role="button" data-toggle="filter-more"' in body, "and without scripts a link"

    part = browser.get(address, headers={"HX-Request": "true", "HX-Target": "filter-fields"}).content.decode()
    assert "<html" not in part and "<table" not in part
    assert '<option value="major" selected>' in part and 'value="2026-01-01"' in part
    whole = browser.get(address).content.decode()
    assert "<html" in whole and '<option value="major" selected>' in whole and 'id="filter-more">' in whole
    assert "filters=1" not in browser.get(address).context["save_query"]


def test_a_wrong_filter_stands_open(cast: Any, papers: Any, sign_in: Any) -> None:
    body = sign_in(cast.town_officer).get("/papers/?level=none").content.decode()
    assert 'id="filter-more">' in body and 'aria-expanded="true"' in body and "<select" in body


def test_both_languages(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    assert "筛选条件" in browser.get("/papers/?all=1").content.decode()
    browser.cookies["anlan_language"] = "en"
    body = browser.get("/papers/?all=1").content.decode()
    assert "3 records" in body and "筛选" not in body


def test_the_content_policy_stands(cast: Any, papers: Any, sign_in: Any) -> None:
    answer = sign_in(cast.town_officer).get("/papers/?all=1")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    body = answer.content.decode()
    assert " style=" not in body and " onclick" not in body and "hx-on" not in body
    assert answer["Cache-Control"] == "private, no-cache" or "private" in answer["Cache-Control"]


def test_personal_values_are_masked(cast: Any, papers: Any, sign_in: Any) -> None:
    body = sign_in(cast.town_officer).get("/papers/?all=1").content.decode()
    assert "138****5678" in body and "13812345678" not in body


def test_print_view_has_no_personal_column(cast: Any, papers: Any, sign_in: Any) -> None:
    page = sign_in(cast.town_officer).get("/papers/print/?q=青溪")
    body = page.content.decode()
    assert page.status_code == 200
    assert "青溪化工厂" in body and "=cmd()" not in body
    assert "138" not in body and "data-pick" not in body


def test_saved_filters(cast: Any, papers: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    save = {"query": "level=major&page=2&all=1", "name": " 重大 ", "next": "/papers/?level=major"}
    answer = browser.post("/ui/filters/papers:list/", save)
    assert answer["Location"] == "/papers/?level=major"
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query, saved.user_id) == ("重大", "level=major", cast.town_officer.pk)
    browser.post("/ui/filters/papers:list/", save)
    assert SavedFilter.objects.count() == 1

    browser.post(f"/me/filters/{saved.pk}/", {"do": "default"})
    assert browser.get("/papers/")["Location"] == "/papers/?level=major"
    assert browser.get("/papers/?all=1").status_code == 200
    browser.post(f"/me/filters/{saved.pk}/", {"do": "share"})
    saved.refresh_from_db()
    assert saved.office_path == cast.town.path

    colleague = sign_in(cast.grid_worker).get("/papers/?all=1")
    assert [s["label"] for s in colleague.context["saved"]] == ["重大"]
    assert sign_in(cast.county_officer).get("/papers/?all=1").context["saved"] == []
    assert sign_in(cast.grid_worker).post(f"/me/filters/{saved.pk}/", {"do": "delete"}).status_code == 404
    browser.post(f"/me/filters/{saved.pk}/", {"do": "delete"})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"query": "level=major", "name": ""}, "请填写筛选方案名称"),
        ({"query": "", "name": "全部"}, "没有可保存的筛选条件"),
        ({"query": "level=major", "name": "字" * 41}, "40"),
    ],
)
def test_bad_saved_filters_are_refused_in_words(cast: Any, sign_in: Any, sent: Any, said: str) -> None:
    browser = sign_in(cast.town_officer)
    answer = browser.post("/ui/filters/papers:list/", {**sent, "next": "/papers/?all=1"}, follow=True)
    assert said in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_saving_never_leads_elsewhere(cast: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    sent = {"query": "level=major", "name": "x", "next": "https://example.org/"}
    assert browser.post("/ui/filters/papers:list/", sent)["Location"] == "/me/"
    assert browser.post("/ui/filters/no:such/", sent).status_code == 404
    assert LIST.address() == "/papers/"
