"""Check lists as they are worked on: begun, filled, put in order, issued; what is issued never changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, NotFound, Stale
from anlan.kernel.identity.actors import actor_for
from anlan.modules.statutes import services
from anlan.modules.statutes.models import CheckItem, CheckList
from anlan.modules.statutes.public import items_of_list, lists_for
from anlan.modules.statutes.tests.conftest import House

pytestmark = pytest.mark.django_db
CLAUSE = "《安澜市安全检查办法》第二条第一款第一项"
ITEM = {"clause": CLAUSE, "asked": "出示证件", "method": "查看证件", "evidence": "证件照片"}


@pytest.fixture
def town(house: House) -> Actor:
    return actor_for(house.users["town"])


@pytest.fixture
def draft(house: House, town: Actor) -> CheckList:
    made = services.draft_check_list(actor=town, region=house.town, title="镇检查表", sector="general")
    for asked in ("甲", "乙", "丙"):
        services.add_item(actor=town, check_list=made, **{**ITEM, "asked": asked})
    made.refresh_from_db()
    return made


def asked(found: CheckList) -> list[str]:
    return list(found.items.order_by("position").values_list("asked", flat=True))


def test_items_are_added_moved_changed_and_taken_out(town: Actor, draft: CheckList) -> None:
    services.add_item(actor=town, check_list=draft, position=1, **{**ITEM, "asked": "首"})
    assert asked(draft) == ["首", "甲", "乙", "丙"]
    last = draft.items.get(asked="丙")
    services.move_item(actor=town, item=last, position=2)
    assert asked(draft) == ["首", "丙", "甲", "乙"]
    services.move_item(actor=town, item=draft.items.get(asked="首"), position=4)
    assert asked(draft) == ["丙", "甲", "乙", "首"]
    services.change_item(actor=town, item=last, **{**ITEM, "asked": "丙丙"})
    gone = draft.items.get(asked="甲")
    services.remove_item(actor=town, item=gone)
    assert asked(draft) == ["丙丙", "乙", "首"]
    assert list(draft.items.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"clause": ""}, "clause"), ({"asked": " "}, "asked"), ({"method": ""}, "method"), ({"evidence": ""}, "evidence"),
        ({"clause": "安全检查办法第二条"}, "clause"), ({"clause": "《没有的办法》第一条"}, "clause"),
        ({"clause": "《安澜市安全检查办法》第九条"}, "clause"), ({"clause": "《安澜市安全检查办法》第二条第三款"}, "clause"),
        ({"clause": "《安澜市安全检查办法》第二条第一款第三项"}, "clause"), ({"clause": "《安全生产法》第四十一条"}, "clause"),
        ({"asked": "长" * 1001}, "asked"), ({"position": 9}, "position"), ({"position": 0}, "position"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field(town: Actor, draft: CheckList, changed: dict[str, Any], column: str) -> None:
    with pytest.raises(BadInput) as refused:
        services.add_item(actor=town, check_list=draft, **{**ITEM, **changed})
    assert refused.value.column == column
    assert draft.items.count() == 3


def test_every_empty_column_is_named(town: Actor, draft: CheckList) -> None:
    with pytest.raises(BadInputs) as refused:
        services.add_item(actor=town, check_list=draft, clause="", asked="", method="甲", evidence="")
    assert [p.column for p in refused.value.problems] == ["clause", "asked", "evidence"]


def test_an_issued_version_never_changes(house: House, town: Actor, draft: CheckList) -> None:
    services.issue_check_list(actor=town, check_list=draft)
    draft.refresh_from_db()
    assert not draft.draft and draft.valid_from is not None and draft.digest
    item = draft.items.get(position=1)
    for act in (
        lambda: services.add_item(actor=town, check_list=draft, **ITEM),
        lambda: services.change_item(actor=town, item=item, **{**ITEM, "asked": "别的"}),
        lambda: services.move_item(actor=town, item=item, position=2),
        lambda: services.remove_item(actor=town, item=item),
        lambda: services.drop_draft(actor=town, check_list=draft),
    ):
        with pytest.raises(BadInput):
            act()
    for round_it in (
        lambda: CheckItem.objects.filter(pk=item.pk).update(asked="别的"),
        lambda: CheckItem.objects.filter(pk=item.pk).delete(),
        lambda: CheckItem.objects.create(
            check_list=draft, position=9, article=item.article, clause=CLAUSE, asked="添", method="添", evidence="添"
        ),
        lambda: CheckList.objects.filter(pk=draft.pk).update(title="别的"),
        lambda: CheckList.objects.filter(pk=draft.pk).update(draft=True),
        lambda: CheckList.objects.filter(pk=draft.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            round_it()
    again = CheckList.objects.count()
    services.issue_check_list(actor=town, check_list=draft)
    assert CheckList.objects.count() == again and asked(draft) == ["甲", "乙", "丙"]


def test_the_next_version_replaces_the_one_before_when_it_is_issued(town: Actor, draft: CheckList) -> None:
    services.issue_check_list(actor=town, check_list=draft)
    second = services.revise_check_list(actor=town, check_list=draft)
    assert (second.number, second.draft, asked(second)) == (2, True, ["甲", "乙", "丙"])
    assert services.revise_check_list(actor=town, check_list=draft).pk == second.pk, "one draft at a time"
    draft.refresh_from_db()
    assert draft.valid_to is None, "in force until the next is issued"
    services.change_item(actor=town, item=second.items.get(position=1), **{**ITEM, "asked": "改"})
    services.issue_check_list(actor=town, check_list=second)
    draft.refresh_from_db()
    assert draft.valid_to is not None and asked(draft) == ["甲", "乙", "丙"]
    assert [told.number for told in lists_for(town, sector="general") if told.title == "镇检查表"] == [2]
    assert [told.asked for told in items_of_list(town, second.pk)] == ["改", "乙", "丙"]


def test_a_dropped_draft_leaves_what_is_in_force(town: Actor, draft: CheckList) -> None:
    services.issue_check_list(actor=town, check_list=draft)
    second = services.revise_check_list(actor=town, check_list=draft)
    assert services.drop_draft(actor=town, check_list=second) == draft
    assert CheckList.objects.filter(code=draft.code).count() == 1


def test_a_statutory_list_is_taken_over_and_must_say_how_to_check(house: House, town: Actor) -> None:
    held = CheckList.objects.filter(office="", items__method="").order_by("code").distinct()[0]
    open_at = held.items.filter(method="").order_by("position")[0].position
    own = services.adopt_check_list(actor=town, check_list=held, region=house.town, title="本镇检查表")
    assert own.draft and asked(own) == asked(held) and all(i.own_words for i in own.items.all())
    with pytest.raises(BadInput) as refused:
        services.issue_check_list(actor=town, check_list=own)
    assert refused.value.column == "items" and refused.value.params["position"] == open_at
    for item in own.items.order_by("position"):
        services.change_item(
            actor=town, item=item, clause=item.clause, asked=item.asked, method="查阅台账", evidence="台账"
        )
    services.issue_check_list(actor=town, check_list=own)
    item = own.items.get(position=1)
    assert item.own_words, "our own words stay marked, and stay off paper"


def test_what_somebody_else_did_meanwhile_is_not_overwritten(town: Actor, draft: CheckList) -> None:
    item, seen = draft.items.get(position=1), draft.version
    services.move_item(actor=town, item=item, position=3, seen_version=seen)
    with pytest.raises(Stale):
        services.change_item(actor=town, item=item, **{**ITEM, "asked": "迟"}, seen_version=seen)


def test_a_draft_is_seen_and_worked_on_by_its_office_alone(house: House, draft: CheckList) -> None:
    item = draft.items.get(position=1)
    far = actor_for(house.users["far"])
    for act in (
        lambda: services.add_item(actor=far, check_list=draft, **ITEM),
        lambda: services.move_item(actor=far, item=item, position=2),
        lambda: services.issue_check_list(actor=far, check_list=draft),
        lambda: services.revise_check_list(actor=far, check_list=draft),
    ):
        with pytest.raises(NotFound):
            act()
    for name, status in (("town", 200), ("city", 200), ("far", 404), ("grid", 404)):
        assert house.browser(name).get(draft.get_absolute_url()).status_code == status, name
    assert Client().get(draft.get_absolute_url()).status_code == 404
    with pytest.raises(NotFound):
        items_of_list(actor_for(house.users["town"]), draft.pk)


def test_a_list_is_worked_on_by_the_screens(house: House) -> None:
    browser = house.browser("town")
    begun = browser.post(
        "/statutes/lists/begin/", {"region": house.town.path, "title": "屏幕检查表", "sector": "general", "key": "b1"},
        follow=True,
    )  # fmt: skip
    assert begun.status_code == 200 and "还没有项目" in begun.content.decode()
    draft = CheckList.objects.get(title="屏幕检查表")
    for n, said in enumerate(("甲项", "乙项")):
        added = browser.post(f"/statutes/lists/{draft.pk}/items/", {**ITEM, "asked": said, "key": f"a{n}"}, follow=True)
        assert added.status_code == 200 and said in added.content.decode()
    wrong = browser.post(f"/statutes/lists/{draft.pk}/items/", {**ITEM, "clause": "办法第二条", "key": "a9"})
    assert wrong.status_code == 422 and wrong.context["form"].errors.keys() == {"clause"}
    second = draft.items.get(asked="乙项")
    draft.refresh_from_db()
    moved = browser.post(f"/statutes/items/{second.pk}/move/", {"position": "1", "seen_version": str(draft.version)})
    assert moved["Location"] == f"{draft.get_absolute_url()}#item-1"
    form = browser.get(f"/statutes/items/{second.pk}/change/")
    assert "乙项" in form.content.decode()
    issued = browser.post(f"/statutes/lists/{draft.pk}/issue/", {"key": "i1"}, follow=True)
    page = issued.content.decode()
    assert issued.status_code == 200 and page.index("乙项") < page.index("甲项")
    assert browser.get(f"/statutes/items/{second.pk}/change/").status_code == 404
