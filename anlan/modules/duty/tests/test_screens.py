"""The screens of duty and its API."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.modules.duty import services
from anlan.modules.duty.models import Gap, Shift, Swap
from anlan.modules.duty.tests.conftest import Office, at, signed_in


def key_in(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


def send(client: Client, url: str, **data: Any) -> Any:
    """Open a form and send it."""
    return client.post(url, {"key": key_in(client.get(url).content.decode()), **data})


def test_opening_a_room_and_planning_a_month(bare: Office) -> None:
    with clock.moved_to(at(3, 12)):
        client = signed_in(bare.users["周"])
        assert reverse("duty:open-room") in client.get(reverse("duty:month")).content.decode()
        answer = send(client, reverse("duty:open-room"), region=bare.town.path, phone="0998-6620110")
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        room = answer["Location"].rstrip("/").rpartition("/")[2]
        wrong = send(client, reverse("duty:plan", args=[room]), month="2026-07", officers=[bare.key("周")], leaders=[bare.key("镇长")])
        assert wrong.status_code == 422
        done = send(
            client, reverse("duty:plan", args=[room]), month="2026-07", officers=[bare.key("周"), bare.key("吴")],
            leaders=[bare.key("镇长")],
        )  # fmt: skip
        assert done.status_code == 302
        page = client.get(reverse("duty:month"), {"month": "2026-07", "room": room}).content.decode()
        assert page.count("duty-shift ") == 62 and "from-3" in page and "tel:0998-6620110" in page
        assert "duty-off" in page and "style=" not in page
        sheet = client.get(reverse("duty:sheet"), {"month": "2026-07", "room": room}).content.decode()
        assert sheet.count('scope="row"') == 31 and "城南镇" in sheet
        book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("duty:shifts-export") + "?all=1").streaming_content)))  # type: ignore[attr-defined]
        rows = list(book.active.iter_rows(values_only=True))
        assert len([r for r in rows if r and "镇长" in r]) == 62


def test_the_words_are_those_of_duty(office: Office) -> None:
    """What other parts call by the same English word is not what stands here: 综合办公, 销账日期, 卸任日期."""
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    client = signed_in(office.users["周"])

    def main(url: str) -> str:
        return client.get(url).content.decode().split("<main")[1]

    shifts, rooms = main(reverse("duty:shifts")), main(reverse("duty:rooms"))
    assert "单位" in shifts and "综合办公" not in shifts + rooms + main(reverse("duty:shift", args=[shift.pk]))
    assert "撤销时间" in rooms and "销账日期" not in rooms
    absence = main(reverse("duty:absence", args=[office.room.pk]))
    assert "截止日" in absence and "卸任日期" not in absence
    assert "设立</button>" in main(reverse("duty:open-room"))


@pytest.mark.parametrize("query", [{"month": "x"}, {"month": "1900-01"}, {"month": "9999-12"}, {"month": ""}])
def test_a_month_that_is_none_shows_the_present_one(office: Office, query: dict[str, str]) -> None:
    page = signed_in(office.users["周"]).get(reverse("duty:month"), query)
    assert page.status_code == 200 and "2026" in page.content.decode()


@pytest.mark.parametrize("room", ["0", "x", "99999999", "9" * 40, "-1", "²", "①"])
def test_a_room_that_is_none_is_not_found(office: Office, room: str) -> None:
    assert signed_in(office.users["周"]).get(reverse("duty:month"), {"room": room}).status_code == 404


def test_another_countys_roster_is_not_found(office: Office) -> None:
    shift = office.put(at(4, 17, 30), at(5, 8, 30))
    client = signed_in(office.users["外人"])
    for url in (
        reverse("duty:shift", args=[shift.pk]), reverse("duty:room", args=[office.room.pk]),
        f"{reverse('duty:month')}?room={office.room.pk}", reverse("duty:plan", args=[office.room.pk]),
    ):  # fmt: skip
        assert client.get(url).status_code == 404
    assert "城南镇" not in client.get(reverse("duty:shifts") + "?all=1").content.decode()


def test_a_night_on_the_screen(office: Office) -> None:
    night = office.put(at(4, 17, 30), at(5, 8, 30))
    office.put(at(5, 8, 30), at(5, 17, 30), officer="吴")
    page, first, second = reverse("duty:shift", args=[night.pk]), signed_in(office.users["周"]), signed_in(office.users["吴"])
    with clock.moved_to(at(4, 17, 30)):
        assert reverse("duty:take-up", args=[night.pk]) in first.get(page).content.decode()
        assert reverse("duty:take-up", args=[night.pk]) not in second.get(page).content.decode()
        assert send(first, reverse("duty:take-up", args=[night.pk])).status_code == 302
        assert send(first, reverse("duty:note", args=[night.pk]), note="夜间无异常").status_code == 302
        assert reverse("duty:sign", args=[night.pk]) not in first.get(page).content.decode()
        refused = send(first, reverse("duty:sign", args=[night.pk]))
        assert refused.status_code == 422
        form = second.get(reverse("duty:sign", args=[night.pk])).content.decode()
        assert "夜间无异常" in form, "what is signed is read first"
        assert send(second, reverse("duty:sign", args=[night.pk])).status_code == 302
        assert "夜间无异常" in second.get(page).content.decode()
    night.refresh_from_db()
    assert night.state == "handed_over"


def test_a_swap_and_a_gap_on_the_screen(office: Office) -> None:
    night = office.put(at(4, 17, 30), at(5, 8, 30))
    first, second, leader = (signed_in(office.users[n]) for n in ("周", "吴", "镇长"))
    answer = send(first, reverse("duty:ask-swap", args=[night.pk]), colleague=office.key("吴"), reason="家中有事")
    assert answer.status_code == 302
    swap = Swap.plain.get()
    page = reverse("duty:swap", args=[swap.pk])
    assert reverse("duty:agree", args=[swap.pk]) in second.get(page).content.decode()
    assert reverse("duty:agree", args=[swap.pk]) not in first.get(page).content.decode()
    assert send(second, reverse("duty:agree", args=[swap.pk])).status_code == 302
    assert send(leader, reverse("duty:approve", args=[swap.pk])).status_code == 302
    hole = Gap.plain.filter(outcome="").earliest("begins_at")
    assert reverse("duty:gap", args=[hole.pk]) in leader.get("/").content.decode(), "an item on the leader's desk"
    assert reverse("duty:fill", args=[hole.pk]) in leader.get(reverse("duty:gap", args=[hole.pk])).content.decode()
    done = send(
        leader, reverse("duty:fill", args=[hole.pk]), begins="2026-06-03T12:00", ends="2026-06-04T12:00",
        officer=office.key("吴"), leader=office.key("镇长"),
    )  # fmt: skip
    assert done.status_code == 302
    for name in ("duty:swaps", "duty:gaps", "duty:rooms", "duty:shifts"):
        assert first.get(reverse(name) + "?all=1").status_code == 200


def test_tonight_on_the_home_page(office: Office) -> None:
    office.put(at(3, 8, 30), at(3, 17, 30), officer="郑")
    office.put(at(3, 17, 30), at(4, 8, 30))
    home = signed_in(office.users["吴"]).get("/").content.decode()
    assert "duty-card" in home and "tel:0998-6620110" in home and "郑" in home and "周" in home
    assert "duty-card" not in signed_in(office.users["外人"]).get("/").content.decode()


def test_the_api(office: Office) -> None:
    client = signed_in(office.users["周"])

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/v1/duty/{path}", json.dumps(body), "application/json")

    planned = post(f"rooms/{office.room.pk}/plan", month="2026-07", officers=[office.key("周"), office.key("吴")], leaders=[office.key("镇长")])
    assert planned.status_code == 200 and planned.json() == {"planned": 62, "unfilled": 0}
    made = post(
        f"rooms/{office.room.pk}/shifts", begins="2026-06-03T08:30:00+08:00", ends="2026-06-03T17:30:00+08:00",
        officer=office.key("周"), leader=office.key("镇长"),
    )  # fmt: skip
    assert made.status_code == 200 and made.json()["officer"] == "周"
    assert client.get("/api/v1/duty/now", {"region": office.town.path}).json()["phone"] == "0998-6620110"
    assert client.get("/api/v1/duty/now", {"region": office.far.path}).status_code == 403
    shift = made.json()["id"]
    assert post(f"shifts/{shift}/take-up").json()["state"] == "on_duty"
    assert post(f"shifts/{shift}/note", note="无异常").json()["note"] == "无异常"
    refused = post(f"shifts/{shift}/sign")
    assert refused.json()["code"] == "SamePerson"
    naive = post(
        f"rooms/{office.room.pk}/shifts", begins="2026-06-08T08:30:00", ends="2026-06-08T17:30:00",
        officer=office.key("周"), leader=office.key("镇长"),
    )  # fmt: skip
    assert naive.status_code == 422 and naive.json()["column"] == "begins"
    for what in ("rooms", "shifts", "swaps", "gaps"):
        assert client.get(f"/api/v1/duty/{what}").status_code == 200
    assert Client().get("/api/v1/duty/shifts").status_code == 401
    assert Shift.plain.count() == 63


def test_doors_of_closed_rooms(office: Office) -> None:
    services.close_room(actor=office.actor("周"), room=office.room, reason="撤销")
    client = signed_in(office.users["周"])
    assert client.get(reverse("duty:plan", args=[office.room.pk])).status_code == 404
    assert client.get(reverse("duty:room", args=[office.room.pk])).status_code == 200
