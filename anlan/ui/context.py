"""What every page needs around its content: theme, language, menu, inbox, the reader's post.

The shell knows no business. Whoever knows a part of it registers a provider, usually in ``AppConfig.ready``::

    from anlan.ui import context
    context.provide("menu", menu_of)        # HttpRequest -> Sequence[MenuGroup]
    context.provide("unread", count_of)     # HttpRequest -> int

Providers run only when a template asks for their part, so a fragment pays for none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

THEME_COOKIE = "anlan_theme"
THEMES = ("light", "dark", "auto")
SIDEBAR_COOKIE = "anlan_sidebar"
PARTS = ("menu", "tabs", "unread", "inbox", "post", "search", "links")
_HTML_LANG = {"zh-hans": "zh-CN", "en": "en"}

Provider = Callable[[HttpRequest], Any]
_providers: dict[str, Provider] = {}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of the menu, the bottom tab bar or the user's menu; ``count`` 0 shows no number."""

    label: str
    url: str
    icon: str = "circle-dot"
    active: bool = False
    count: int = 0
    tone: str = "grey"


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Links under one heading; an empty heading shows none."""

    label: str
    entries: Sequence[MenuEntry]


@dataclass(frozen=True, slots=True)
class Post:
    """In which post the reader acts: the person's name, the post's title, the region or unit it covers."""

    name: str
    title: str = ""
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Where the search box of the top bar leads: ``url`` receives ``q``; the placeholder says what is found."""

    url: str
    placeholder: str = ""


def provide(part: str, provider: Provider) -> None:
    """Name who knows one part of the shell (see ``PARTS``); the last registration wins.

    menu -> sequence of ``MenuGroup``; tabs -> up to five ``MenuEntry`` of the phone's bottom bar; unread -> int;
    inbox -> URL of the inbox; post -> ``Post`` or None; search -> ``Search`` or None; links -> sequence of
    ``MenuEntry`` for the user's own menu. Raises ``ValueError`` for a part that does not exist.
    """
    if part not in PARTS:
        raise ValueError(f"the shell has no part {part!r}; it has {', '.join(PARTS)}")
    _providers[part] = provider


def theme_of(request: HttpRequest) -> str:
    """The theme the reader chose: light, dark or auto (the device decides)."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


class Shell:
    """The frame of one page; each part is computed when a template first reads it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def _part(self, part: str, default: Any) -> Any:
        provider = _providers.get(part)
        return provider(self._request) if provider else default

    @cached_property
    def theme(self) -> str:
        """The chosen theme: light, dark or auto."""
        return theme_of(self._request)

    @property
    def bs_theme(self) -> str:
        """The theme to start with; "auto" starts light and is corrected before the first paint."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def language(self) -> str:
        """The language in force: zh-hans or en."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def html_lang(self) -> str:
        """The language as the ``lang`` attribute wants it."""
        return _HTML_LANG.get(self.language, self.language)

    @property
    def narrow(self) -> bool:
        """Whether the reader folded the side bar to its icons."""
        return self._request.COOKIES.get(SIDEBAR_COOKIE) == "narrow"

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def menu(self) -> Sequence[MenuGroup]:
        """The side bar's groups."""
        return self._part("menu", ())

    @cached_property
    def tabs(self) -> Sequence[MenuEntry]:
        """The phone's bottom tab bar."""
        return self._part("tabs", ())

    @cached_property
    def links(self) -> Sequence[MenuEntry]:
        """Further links of the user's own menu."""
        return self._part("links", ())

    @cached_property
    def unread(self) -> int:
        """Unread messages in the inbox."""
        return self._part("unread", 0)

    @cached_property
    def inbox(self) -> str:
        """Where the inbox is; empty when there is none."""
        return self._part("inbox", "")

    @cached_property
    def post(self) -> Post | None:
        """The post in which the reader acts."""
        return self._part("post", None)

    @cached_property
    def search(self) -> Search | None:
        """The search box of the top bar."""
        return self._part("search", None)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the variable ``shell`` of every template."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
