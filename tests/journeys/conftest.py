"""Stories in a real browser: a server on the test database, people each in a browser of their own, a movable clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from anlan.kernel import clock
from anlan.kernel.identity.models import User
from anlan.runtime import chromium
from tests.cast import Cast, build, signed_in


class Hands:
    """The hands of one clock for all threads: the server's as well as the test's."""

    def __init__(self) -> None:
        self.moment: dt.datetime | None = None

    def get(self) -> dt.datetime | None:
        """The moment it was moved to; None when it runs."""
        return self.moment

    def set(self, moment: dt.datetime) -> dt.datetime | None:
        """Move it; answers what it showed."""
        before, self.moment = self.moment, moment
        return before

    def reset(self, before: dt.datetime | None) -> None:
        """Put it back."""
        self.moment = before


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """A clock that ``clock.moved_to`` moves for the server too."""
    shared = Hands()
    monkeypatch.setattr(clock, "_moved", shared)
    return shared


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the stories of a module. Its event loop ends with it: other tests have loops of their own."""
    # Playwright keeps an event loop in this thread; the database is nevertheless used by one thread at a time here.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright, playwright.chromium.launch(**chromium.launch_options()) as started:
            yield started


@pytest.fixture
def cast(browser: Browser, transactional_db: None) -> Cast:
    """Places, people and units, nothing has happened yet."""
    return build(records=False)


@pytest.fixture
def full_cast(browser: Browser, transactional_db: None) -> Cast:
    """The whole cast, with hazards at every state."""
    return build()


@pytest.fixture
def violations() -> list[str]:
    """What the browser refused by the content policy, and errors of scripts; stories end with none."""
    return []


@pytest.fixture
def enter(browser: Browser, live_server: Any, violations: list[str]) -> Iterator[Callable[..., Page]]:
    """A page in a browser of somebody's own: ``enter(user)``, or ``enter(None)`` before sign-in.

    ``phone`` gives it a touch screen, ``agent`` the name of another browser; ``scripts=False`` runs none.
    """
    contexts: list[BrowserContext] = []

    def made(
        user: User | None = None,
        *,
        width: int = 1280,
        theme: str = "light",
        language: str = "zh-hans",
        phone: bool = False,
        agent: str = "",
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 860}, base_url=live_server.url, has_touch=phone, is_mobile=phone,
            user_agent=agent or None, java_script_enabled=scripts,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(15_000)
        cookies = {"anlan_language": language, "anlan_theme": theme}
        if user is not None:
            cookies["sessionid"] = signed_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        page = context.new_page()
        page.on("console", lambda m: violations.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda e: violations.append(str(e)))
        return page

    yield made
    for context in contexts:
        context.close()
    assert not violations, violations
