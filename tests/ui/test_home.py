"""Home, inbox, search: what is due and what was said, each to its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.kernel.notify.models import Message
from anlan.ui import links, menu, quick_actions, search
from anlan.ui.views.home import windows
from tests.ui.conftest import CANARY
from tests.ui.sample import papers


def message(user: Any, text: str, **more: Any) -> Message:
    """A message in somebody's inbox."""
    return Message.objects.create(user=user, at=clock.now(), text=text, **more)


def test_visitors_are_led_to_the_sign_in(db: None, client: Any) -> None:
    assert client.get("/")["Location"].startswith("/account/login/")
    answer = client.get("/", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and answer["HX-Redirect"].endswith("/account/login/")


def test_due_items_are_grouped_and_counted(cast: Any, due: Any, sign_in: Any) -> None:
    for days, title in [(-3, "过期厂"), (0, "今日厂"), (3, "本周厂"), (30, "以后厂")]:
        due(cast.town, days, title=title, kind=f"k{days}")
    due(cast.other_town, -3, title="邻镇厂")
    due(cast.far_town, -3, title=f"{CANARY}厂")
    page = sign_in(cast.town_officer).get("/")
    groups = {g["code"]: g for g in page.context["groups"]}
    assert {c: g["count"] for c, g in groups.items()} == {"overdue": 1, "today": 1, "week": 1, "later": 1}
    assert [i["title"] for i in groups["overdue"]["items"]] == ["过期厂"]
    body = page.content.decode()
    assert "逾期 3 天" in body and "邻镇厂" not in body and CANARY not in body
    assert page.context["total"] == 4


def test_a_day_of_a_year_without_its_notice_is_marked_wherever_it_is_listed(cast: Any, due: Any, sign_in: Any) -> None:
    from anlan.kernel.deadlines.models import Deadline

    due(cast.town, 3, title="甲厂", kind="a")
    due(cast.town, 4, title="乙厂", kind="b")
    browser = sign_in(cast.town_officer)
    for address in ("/", "/due/"):
        assert "暂定" not in browser.get(address).content.decode()
    Deadline.plain.filter(kind="a").update(provisional=True)
    for address in ("/", "/due/"):
        body = browser.get(address).content.decode()
        assert body.count("暂定") == 1 and body.index("甲厂") < body.index("暂定"), address


def test_every_item_is_in_exactly_one_group(cast: Any, due: Any) -> None:
    from anlan.kernel.deadlines.models import Deadline

    for days in range(-10, 20):
        due(cast.town, days, title="x", kind=f"k{days}")
    rows = Deadline.plain.all()
    found = [pk for group in windows().values() for pk in rows.filter(group[3]).values_list("pk", flat=True)]
    assert sorted(found) == sorted(rows.values_list("pk", flat=True))


def test_many_items_are_cut_with_a_way_on(cast: Any, due: Any, sign_in: Any) -> None:
    for number in range(11):
        due(cast.town, -1, title=f"厂{number}", kind=f"k{number}")
    browser = sign_in(cast.town_officer)
    group = browser.get("/").context["groups"][0]
    assert (group["count"], len(group["items"]), group["more"]) == (11, 8, True)
    assert browser.get("/due/?when=overdue").context["total"] == 11


def test_the_first_of_many_are_the_same_as_of_few(cast: Any, due: Any, sign_in: Any, monkeypatch: Any) -> None:
    """Where thousands wait, each way to the desk is asked for its own first: the page shows the same."""
    from anlan.kernel.deadlines.models import Deadline

    for number in range(24):
        due(cast.town, number % 6 - 30, title=f"厂{number}", kind=f"k{number}")
    kinds = Deadline.plain.filter
    kinds(kind__in=["k1", "k7", "k13"]).update(assignee=cast.town_officer)
    kinds(kind__in=["k2", "k7", "k8"]).update(escalated_path=cast.town.path)
    browser = sign_in(cast.town_officer)
    shown = []
    for many in (1000, 5):
        monkeypatch.setattr("anlan.ui.views.home.MANY", many)
        group = browser.get("/").context["groups"][0]
        shown.append((group["count"], group["more"], [item["title"] for item in group["items"]]))
    assert shown[0] == shown[1] and len(shown[0][2]) == 8


def test_home_needs_few_queries(cast: Any, due: Any, sign_in: Any) -> None:
    for number in range(8):
        for days in (-1, 0, 3, 30):
            due(cast.town, days, title="厂", kind=f"k{number}{days}")
        message(cast.town_officer, "Read this.")
    browser = sign_in(cast.town_officer)
    browser.get("/")
    with CaptureQueriesContext(connection) as few:
        assert browser.get("/").status_code == 200
    assert len(few) <= 16, [q["sql"][:90] for q in few]


def test_empty_desks(cast: Any, sign_in: Any) -> None:
    assert "暂无到期事项" in sign_in(cast.town_officer).get("/").content.decode()
    assert "您尚未分配岗位" in sign_in(cast.nobody).get("/").content.decode()


def test_midnight_in_china_decides(cast: Any, due: Any, sign_in: Any) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 5, 20, tzinfo=clock.CHINA), tick=False):
        due(cast.town, 0, title="今日厂")
        assert sign_in(cast.town_officer).get("/").context["groups"][1]["count"] == 1
    with time_machine.travel(dt.datetime(2026, 3, 6, 0, 30, tzinfo=clock.CHINA), tick=False):
        assert sign_in(cast.town_officer).get("/").context["groups"][0]["count"] == 1


def test_the_inbox_is_ones_own(cast: Any, paper: Any, sign_in: Any) -> None:
    one = paper(cast.town, "青溪化工厂")
    mine = message(
        cast.town_officer,
        "About %(what)s",
        params={"what": "x"},
        subject_type="ui_sample.paper",
        subject_id=str(one.pk),
    )
    other = message(cast.far_officer, f"{CANARY}")
    plain = message(cast.town_officer, "Read this.", urgent=True)
    browser = sign_in(cast.town_officer)
    page = browser.get("/inbox/")
    assert [letter["message"].pk for letter in page.context["letters"]] == [plain.pk, mine.pk]
    assert CANARY not in page.content.decode()
    assert browser.get(f"/inbox/{other.pk}/").status_code == 404
    assert browser.get(f"/inbox/{mine.pk}/")["Location"] == f"/papers/{one.pk}/"
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert browser.get("/inbox/?unread=1").context["waiting"] == 1
    assert browser.post("/inbox/read/", {"ids": [str(other.pk)]}).status_code == 404
    assert browser.post("/inbox/read/")["Location"] == "/inbox/"
    assert browser.get("/inbox/?unread=1").context["waiting"] == 0
    assert Message.objects.get(pk=other.pk).read_at is None


@pytest.mark.parametrize("ids", [["²"], [""], ["9" * 30], ["9" * 5000], ["7", "x"]])
def test_messages_named_wrongly_are_none_and_not_all(cast: Any, paper: Any, sign_in: Any, ids: list[str]) -> None:
    mine = Message.objects.create(user=cast.town_officer, at=clock.now(), text="Something is due")
    assert sign_in(cast.town_officer).post("/inbox/read/", {"ids": ids}).status_code == 404
    mine.refresh_from_db()
    assert mine.read_at is None


def test_search_asks_only_whom_one_may_ask(cast: Any, paper: Any, sign_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "SEARCHERS", {})

    def find(actor: Any, text: str, limit: int) -> list[search.Hit]:
        rows = papers(actor).filter(search.matching(["title"], text))[:limit]
        return [search.Hit(p.title, "", links.url_of(p)) for p in rows]

    search.register(search.Searcher("papers", "Papers", find, permission="hazards.view", more="/papers/?q=%s"))
    search.register(
        search.Searcher("users", "Users", lambda a, t, n: [search.Hit("secret")], permission="identity.users")
    )
    for number in range(10):
        paper(cast.town, f"青溪厂{number}")
    paper(cast.far_town, f"青溪{CANARY}")
    page = sign_in(cast.town_officer).get("/search/?q=青溪 ")
    group = page.context["groups"][0]
    assert (
        len(page.context["groups"]) == 1
        and len(group["hits"]) == 8
        and group["more"] == "/papers/?q=%E9%9D%92%E6%BA%AA"
    )
    assert CANARY not in page.content.decode() and "secret" not in page.content.decode()
    assert "没有找到" in sign_in(cast.town_officer).get("/search/?q=无此").content.decode()
    assert sign_in(cast.town_officer).get("/search/?q=%00").status_code == 400
    assert not sign_in(cast.nobody).get("/search/?q=青溪").context["groups"]


def test_menu_and_quick_actions_show_only_what_one_may(cast: Any, sign_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(menu, "ENTRIES", {})
    monkeypatch.setattr(quick_actions, "ACTIONS", {})
    menu.register(menu.Entry("work", "Papers", "papers:list", permission="hazards.view", badge=lambda a: 7, phone=True))
    menu.register(menu.Entry("work", "Begin", "papers:begin", permission="hazards.find"))
    menu.register(menu.Entry("system", "Users", "papers:data", permission="identity.users"))
    menu.register(menu.Entry("system", "Gone", "gone:list"))
    quick_actions.register(quick_actions.QuickAction("Begin", "papers:begin", permission="hazards.find"))
    quick_actions.register(quick_actions.QuickAction("Never", "papers:data", permission="identity.users"))
    page = sign_in(cast.town_officer).get("/papers/begin/")
    shell = page.context["shell"]
    assert [(e.label, e.active, e.count) for g in shell.menu for e in g.entries] == [
        ("Papers", False, 7),
        ("Begin", True, 0),
    ]
    assert [e.label for e in shell.tabs] == ["Papers"]
    assert [a.label for a, _ in sign_in(cast.town_officer).get("/").context["quick"]] == ["Begin"]
    assert shell.post.jurisdiction.endswith("青溪镇")
    assert not sign_in(cast.nobody).get("/").context["shell"].menu
