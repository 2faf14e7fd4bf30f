"""Accounts and authorities on the screen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.clock import today
from anlan.kernel.identity.models import Grant, GrantKind, Post, User
from anlan.modules.office.tests.conftest import City

Browser = Callable[[User], Client]
Person = Callable[..., User]


def _text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def _key(client: Client, url: str) -> str:
    found = re.search(r'name="key"[^>]*value="([0-9a-f]+)"', _text(client.get(url)))
    assert found, url
    return found[1]


def _send(client: Client, url: str, **fields: Any) -> Any:
    return client.post(url, {"key": _key(client, url), **fields})


def test_accounts_of_ones_own_jurisdiction(city: City, admin: User, person: Person, browser: Browser) -> None:
    person("town_officer", city.town, name="张三")
    person("town_officer", city.far_town, name="李四")
    text = _text(browser(admin).get(reverse("office:users")))
    assert "张三" in text
    assert "管理员" in text
    assert "李四" not in text
    assert "镇街监管人员" in text, "roles are told by their names"


@pytest.mark.parametrize(
    ("query", "seen"),
    [("q=张", {"张三"}), ("closed=on", {"王五"}), ("role=inspector", {"赵六"}), ("role=nonsense", set())],
)
def test_filters(city: City, admin: User, person: Person, browser: Browser, query: str, seen: set[str]) -> None:
    person("town_officer", city.town, name="张三")
    person("inspector", city.next_town, name="赵六")
    person("town_officer", city.town, name="王五", is_active=False)
    text = _text(browser(admin).get(f"{reverse('office:users')}?{query}"))
    table = text[text.index('id="list"') :]
    assert {n for n in ("张三", "赵六", "王五") if n in table} == seen


def test_by_region(city: City, admin: User, person: Person, browser: Browser) -> None:
    person("town_officer", city.town, name="张三")
    person(name="孙七", region_path=city.town.path)
    person("town_officer", city.next_town, name="周八")
    url = f"{reverse('office:users')}?region={city.town.path}"
    text = _text(browser(admin).get(url))
    assert "张三" in text
    assert "孙七" in text
    assert "周八" not in text


def test_a_record_tells_who_somebody_is(city: City, admin: User, person: Person, browser: Browser) -> None:
    user = person("town_officer", city.town, name="张三", title="安监员")
    client = browser(admin)
    text = _text(client.get(reverse("office:user", args=[user.pk])))
    for word in ("张三", "安监员", "城南镇", reverse("office:reset", args=[user.pk])):
        assert word in text
    assert reverse("office:reopen-user", args=[user.pk]) not in text
    far = person("town_officer", city.far_town)
    assert client.get(reverse("office:user", args=[far.pk])).status_code == 404
    assert client.get(reverse("office:user", args=[0])).status_code == 404


def test_an_account_is_opened_with_a_slip(city: City, admin: User, browser: Browser) -> None:
    client, url = browser(admin), reverse("office:add-user")
    fields = {"name": "新人", "username": "xinren", "title": "", "email": "", "region": city.town.path}
    key = _key(client, url)
    slip = client.post(url, {**fields, "key": key})
    assert slip.status_code == 200
    assert slip["Cache-Control"] == "no-store"
    found = re.search(r'id="slip-secret">([^<]+)<', _text(slip))
    assert found
    user = User.objects.get(username="xinren")
    assert user.check_password(found[1])
    assert (user.region_path, user.must_change_password) == (city.town.path, True)
    again = client.post(url, {**fields, "key": key})
    assert again.status_code == 422
    assert found[1] not in _text(again)
    assert User.objects.filter(username="xinren").count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "TAKEN"}, "已被占用"),
        ({"username": "a b"}, "不得含空格"),
        ({"email": "nobody"}, "邮"),
        ({"region": "00010002"}, "管辖"),
    ],
)
def test_opening_refuses_bad_input(
    city: City, admin: User, person: Person, browser: Browser, fields: dict[str, str], said: str
) -> None:
    person(username="taken")
    given = {
        "name": "新人",
        "username": "xinren",
        "title": "",
        "email": "",
        "region": city.town.path,
        **fields,
    }
    answer = _send(browser(admin), reverse("office:add-user"), **given)
    assert answer.status_code == 422
    assert said in _text(answer)
    assert not User.objects.filter(name="新人").exists()


def test_a_one_time_password(city: City, admin: User, person: Person, browser: Browser) -> None:
    user = person("town_officer", city.town, name="张三")
    slip = _send(browser(admin), reverse("office:reset", args=[user.pk]))
    found = re.search(r'id="slip-secret">([^<]+)<', _text(slip))
    assert found
    user.refresh_from_db()
    assert user.check_password(found[1])
    assert "style=" not in _text(slip)


def test_closing_and_opening_again(city: City, admin: User, person: Person, browser: Browser) -> None:
    user, client = person("town_officer", city.town), browser(admin)
    url = reverse("office:close-user", args=[user.pk])
    assert _send(client, url, reason="").status_code == 422
    assert _send(client, url, reason="调离").url == reverse("office:user", args=[user.pk])
    user.refresh_from_db()
    assert not user.is_active
    page = _text(client.get(f"{reverse('office:users')}?closed=on"))
    assert user.name not in page, "without an authority it is for whoever keeps it"
    User.objects.filter(pk=user.pk).update(region_path=city.town.path)
    page = _text(client.get(reverse("office:user", args=[user.pk])))
    assert "停用账号" in page
    assert "已停用" in page or "Account closed" in page
    _send(client, reverse("office:reopen-user", args=[user.pk]), reason="调回")
    user.refresh_from_db()
    assert user.is_active


def test_giving_and_ending(city: City, admin: User, person: Person, browser: Browser) -> None:
    user, client = person(name="张三", region_path=city.town.path), browser(admin)
    give = reverse("office:give", args=[user.pk])
    fields = {
        "post": "", "role": "inspector", "region": city.town.path, "sector": "all", "kind": "temporary",
        "valid_from": today().isoformat(), "valid_to": "", "reason": "专项检查",
    }  # fmt: skip
    refused = _send(client, give, **fields)
    assert refused.status_code == 422
    assert "截止日期" in _text(refused)
    last = (today() + dt.timedelta(days=5)).isoformat()
    assert _send(client, give, **{**fields, "valid_to": last}).url == reverse("office:user", args=[user.pk])
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.region, grant.kind, grant.sector) == (
        "inspector",
        city.town,
        GrantKind.TEMPORARY,
        "",
    )
    listed = _text(client.get(f"{reverse('office:grants')}?when=soon"))
    assert "张三" in listed
    assert "管理员" not in listed[listed.index('id="list"') :]
    record = _text(client.get(reverse("office:grant", args=[grant.pk])))
    assert "专项检查" in record
    assert reverse("office:end", args=[grant.pk]) in record
    _send(client, reverse("office:end", args=[grant.pk]), reason="检查结束", valid_to="")
    grant.refresh_from_db()
    assert grant.valid_to == today() - dt.timedelta(days=1)
    assert reverse("office:end", args=[grant.pk]) not in _text(client.get(reverse("office:grant", args=[grant.pk])))


def test_nobody_gives_beyond_his_reach(city: City, admin: User, person: Person, browser: Browser) -> None:
    user = person(region_path=city.town.path)
    fields = {
        "post": "", "role": "inspector", "region": city.far_town.path, "sector": "all", "kind": "post",
        "valid_from": today().isoformat(), "valid_to": "", "reason": "越界",
    }  # fmt: skip
    answer = _send(browser(admin), reverse("office:give", args=[user.pk]), **fields)
    assert answer.status_code == 422
    assert not Grant.objects.filter(user=user).exists()


def test_posts(city: City, admin: User, person: Person, browser: Browser) -> None:
    client = browser(admin)
    fields = {
        "region": city.town.path,
        "office": "应急办",
        "title": "主任",
        "role": "town_officer",
        "sector": "all",
    }
    _send(client, reverse("office:add-post"), **fields)
    post = Post.objects.get()
    page = reverse("office:post", args=[post.pk])
    assert reverse("office:close-post", args=[post.pk]) in _text(client.get(page))
    user = person(name="张三", region_path=city.town.path)
    given = {
        "post": post.pk, "role": "", "region": "", "sector": "", "kind": "post", "valid_from": today().isoformat(),
        "valid_to": "", "reason": "任命",
    }  # fmt: skip
    _send(client, reverse("office:give", args=[user.pk]), **given)
    assert Grant.objects.get(user=user).post == post
    assert "张三" in _text(client.get(page))
    assert reverse("office:close-post", args=[post.pk]) not in _text(client.get(page))
    assert "应急办" not in _text(client.get(f"{reverse('office:posts')}?vacant=on"))
    assert "应急办" in _text(client.get(f"{reverse('office:posts')}?role=town_officer"))


def test_an_emergency_authority(city: City, admin: User, browser: Browser) -> None:
    client, url = browser(admin), reverse("office:glass")
    fields = {
        "region": city.town.path,
        "role": "county_officer",
        "hours": 3,
        "reason": "化工企业爆炸，须调阅隐患",
    }
    assert _send(client, url, **{**fields, "hours": 99}).status_code == 422
    assert _send(client, url, **fields).status_code == 302
    grant = Grant.objects.get(kind=GrantKind.EMERGENCY)
    assert (grant.user, grant.region) == (admin, city.town)
    assert "化工企业爆炸" in _text(client.get(f"{reverse('office:grants')}?kind=emergency"))


def test_an_auditor_reads_and_changes_nothing(city: City, person: Person, browser: Browser) -> None:
    auditor, user = person("auditor", city.here), person("town_officer", city.town)
    client = browser(auditor)
    page = _text(client.get(reverse("office:user", args=[user.pk])))
    for name in ("office:reset", "office:close-user", "office:give"):
        assert reverse(name, args=[user.pk]) not in page
        assert client.get(reverse(name, args=[user.pk])).status_code in (403, 404)
        assert client.post(reverse(name, args=[user.pk]), {"reason": "x"}).status_code in (403, 404)
    for name in (
        "office:users",
        "office:grants",
        "office:posts",
        "office:journal",
        "office:rules",
        "office:regions",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("office:events", "office:jobs", "office:add-user", "office:glass"):
        assert client.get(reverse(name)).status_code == 403, name


def test_a_unit_sees_nothing_of_it(city: City, person: Person, browser: Browser) -> None:
    worker = person()
    Grant.objects.create(user=worker, role="unit_worker", holder="unit-1", valid_from=today())
    client = browser(worker)
    for name in ("office:users", "office:grants", "office:regions", "office:rules", "office:events"):
        assert client.get(reverse(name)).status_code == 403, name
    assert Client().get(reverse("office:users")).status_code == 302


def test_a_role_is_told_by_the_names_of_its_rights(city: City, admin: User, person: Person, browser: Browser) -> None:
    grant = Grant.objects.get(user=person("town_officer", city.town, name="张三"))
    text = _text(browser(admin).get(reverse("office:grant", args=[grant.pk])))
    assert "隐患销号" in text and "维护企业和场所档案" in text
    assert "hazards.close" not in text and "agree_withdrawal" not in text


def test_a_refused_page_names_the_right(city: City, person: Person, browser: Browser) -> None:
    answer = browser(person("grid_worker", city.town)).get(reverse("office:users"))
    text = _text(answer)
    assert answer.status_code == 403
    assert "请向管理员申请“查看账号和授权”权限" in text and "office.view" not in text
