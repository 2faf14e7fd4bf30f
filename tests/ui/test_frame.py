"""The frame around a page is drawn once for equal menus, says the same to nobody else, and escapes what it shows."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone, translation

from anlan.kernel import clock
from anlan.kernel.notify.models import Message
from anlan.ui import menu, timeline
from anlan.ui.context import MenuEntry, MenuGroup
from anlan.ui.templatetags import pages
from anlan.ui.timeline import Change, Told
from tests.cast import Cast

HOSTILE = "\"'><script>alert(1)</script>&amp;{{ 7|add:7 }}"


def side(page: Any) -> str:
    text = page.content.decode()
    return text[text.index('<nav class="side-nav"') : text.index("</nav>")]


def test_everybody_reads_his_own_menu_whoever_was_there_before(cast: Any, sign_in: Any) -> None:
    officer, nobody = sign_in(cast.county_officer), sign_in(cast.nobody)
    first = [side(who.get("/")) for who in (officer, nobody, officer, nobody)]
    assert first[0] == first[2] and first[1] == first[3]
    assert 'href="/hazards/"' in first[0] and 'href="/hazards/"' not in first[1]
    officer.cookies["anlan_language"] = "en"
    english = side(officer.get("/"))
    assert "Daily work" in english and "Daily work" not in first[0]
    assert officer.get("/").wsgi_request.actor.language == "en", "whatever is said to him is in one language"
    assert 'href="/due/" aria-current="page"' in side(officer.get("/due/"))
    assert 'href="/due/" aria-current="page"' not in side(officer.get("/"))


def test_a_badge_is_that_of_the_moment(cast: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = SimpleNamespace(count=3)
    entry = menu.Entry("work", "Papers", "papers:list", order=1, badge=lambda actor: told.count, tone="red", phone=True)
    monkeypatch.setitem(menu.ENTRIES, "papers:list", entry)
    browser = sign_in(cast.county_officer)
    for count, said in ((3, ">3<"), (4, ">4<"), (0, ""), (1000, ">999+<")):
        told.count = count
        shown = re.search(r'href="/papers/".*?</a>', side(browser.get("/")), re.DOTALL)
        assert shown is not None and ("pill" in shown[0]) == bool(said) and said in shown[0]


def test_what_an_entry_says_is_text() -> None:
    entry = MenuEntry(HOSTILE, f"/{HOSTILE}", HOSTILE, True, 7, HOSTILE)
    for html in (pages.side_menu([MenuGroup(HOSTILE, [entry])]), pages.tab_bar([entry])):
        assert "<script" not in html and "14" not in html and "&lt;script&gt;" in html


def test_what_a_timeline_tells_is_text() -> None:
    when = clock.now() - dt.timedelta(hours=2)
    entry = Told(HOSTILE, when, HOSTILE, HOSTILE, HOSTILE, (Change(HOSTILE, HOSTILE, HOSTILE),))
    with translation.override("en"):
        html = timeline.drawn([entry, Told("Closed", None, "", "check", "green")])
    assert "<script" not in html and html.count("&lt;script&gt;") == 5
    assert f'datetime="{timezone.localtime(when).isoformat()}"' in html and "2 hours ago" in html
    assert html.count("<li class=") == 2 and html.count("<time") == 1 and html.count("story-body") == 1
    assert timeline.drawn([]) == ""


@pytest.mark.parametrize("letters", [0, 3, 5, 6, 120])
def test_home_says_of_the_inbox_what_every_page_says(cast: Any, sign_in: Any, letters: int) -> None:
    for _ in range(letters):
        Message.objects.create(user=cast.town_officer, at=clock.now(), text="Something is due")
    browser = sign_in(cast.town_officer)
    bells = [re.search(r'id="unread-count".*?</a>', browser.get(at).content.decode(), re.DOTALL) for at in ("/", "/me/")]
    said = [re.sub(r"\s+", " ", bell[0]) for bell in bells if bell]
    assert len(said) == 2 and said[0] == said[1]
    assert (f">{letters if letters < 100 else '99+'}<" in said[0]) == bool(letters)


def test_home_counts_what_is_overdue_as_every_page_does(world: Cast) -> None:
    with clock.moved_to(clock.now() + dt.timedelta(days=400)):
        for user in (world.city_officer, world.here.of_role("town_officer"), world.here.of_role("expert")):
            browser = world.browser(user)
            pills = [
                re.search(r'href="/hazards/".*?</a>', side(browser.get(at)), re.DOTALL) for at in ("/", "/hazards/?all=1")
            ]
            numbers = [re.findall(r"pill[^>]*>([^<]*)<", pill[0]) for pill in pills if pill]
            assert len(numbers) == 2 and numbers[0] == numbers[1] and numbers[0]
