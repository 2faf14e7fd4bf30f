"""The first words of a live stream: the reader's own unread messages, and a record only for whoever may see it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from anlan.kernel.notify.live import name_of
from anlan.kernel.notify.services import tell
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def held(answer: object) -> dict[str, object]:
    return dict(json.loads(answer.headers["X-Anlan-Live"]))  # type: ignore[attr-defined]


def test_the_state_is_ones_own_and_whole_in_itself(world: Cast) -> None:
    user = world.here.users["town_officer"]
    tell([user, world.here.users["county_officer"]], "You are needed.")
    answer = world.browser(user).get("/live")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    count = int(json.loads(text.partition("data: ")[2].partition("\n")[0])["unread"])
    assert text.startswith("retry: 30000\nevent: changed\n") and count >= 1
    assert held(answer)["user"] == user.pk and held(answer)["session"]
    assert user.password not in answer.headers["X-Anlan-Live"]


def test_a_record_is_followed_only_by_whoever_sees_it(world: Cast) -> None:
    here, there = (next(iter(c.hazards.values())) for c in (world.here, world.there))
    browser = world.browser(world.here.users["county_officer"])
    assert held(browser.get("/live", {"on": name_of(here)}))["records"] == [name_of(here)]
    for named in (name_of(there), "hazards.hazard:0", "hazards.hazard:x", "identity.user:1", "no.such:1", ":", "a.b.c:1",
                  f"hazards.hazard:{'9' * 30}"):  # fmt: skip
        answer = browser.get("/live", {"on": named})
        assert (answer.status_code, held(answer)["records"]) == (200, []), named


def test_a_stranger_and_a_writer_get_nothing(world: Cast) -> None:
    assert Client().get("/live").status_code == 401
    assert world.browser(world.here.users["county_officer"]).post("/live").status_code == 405


def test_a_page_says_where_its_stream_is_and_which_record_it_shows(world: Cast) -> None:
    hazard = next(iter(world.here.hazards.values()))
    page = world.browser(world.here.users["county_officer"]).get(f"/hazards/{hazard.pk}/").content.decode()
    assert 'data-live="/live"' in page
    assert f'<meta name="live-record" content="hazards.hazard:{hazard.pk}">' in page
