"""What the frame around every page shows of its reader: menu, post, inbox, search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.notify.services import unread_count
from anlan.ui import menu, places, search
from anlan.ui.context import MenuEntry, Post, Search, provide
from anlan.ui.pages.values import held
from anlan.ui.rights import role_label

NONE = Actor.nobody()


def _actor(request: HttpRequest) -> Actor:
    return getattr(request, "actor", NONE)


def post_of(request: HttpRequest) -> Post | None:
    """In which post the reader acts: his highest one."""
    actor = _actor(request)
    if not actor.signed_in:
        return None
    grant = min(actor.grants, key=lambda g: (bool(g.holder), len(g.path)), default=None)
    user: Any = request.user
    if grant is None:
        return Post(actor.name, getattr(user, "title", ""))
    return Post(
        actor.name,
        getattr(user, "title", "") or role_label(grant.role),
        places.name(grant.path, 2) if grant.path else "",
    )


def search_of(request: HttpRequest) -> Search | None:
    """The search box, when there is anything this reader may search."""
    actor = _actor(request)
    labels = [str(s.label) for s in search.SEARCHERS.values() if held(actor, s.permission)] if actor.signed_in else []
    return (
        Search(reverse("ui:search"), gettext("Search: %(what)s") % {"what": " · ".join(labels[:3])}) if labels else None
    )


def links_of(request: HttpRequest) -> list[MenuEntry]:
    """The user's own menu."""
    return [MenuEntry(gettext("My account"), reverse("ui:me"), "user-circle")] if _actor(request).signed_in else []


def inbox_of(request: HttpRequest) -> str:
    """Where the inbox is."""
    return reverse("ui:inbox") if _actor(request).signed_in else ""


def unread_of(request: HttpRequest) -> int:
    """Unread messages in the inbox; counted here unless the page at hand has them all before it."""
    known: int | None = getattr(request, "_unread", None)
    return unread_count(_actor(request)) if known is None else known


def unread_already(request: HttpRequest, count: int) -> None:
    """The page at hand has all unread messages before it."""
    request.__dict__["_unread"] = count


def start() -> None:
    """Name these functions to the shell, and enter the pages that belong to nobody's module."""
    menu.register(menu.Entry("home", _("Home"), "ui:home", icon="home", order=10, phone=True))
    menu.register(
        menu.Entry("home", _("What is due for me"), "ui:due", icon="checklist", order=20, phone=True, short=_("To do"))
    )
    menu.register(
        menu.Entry("work", _("Deadlines"), "ui:deadlines", icon="calendar-due", permission="deadlines.view", order=90)
    )
    provide("menu", lambda request: menu.menu_of(request) if hasattr(request, "actor") else ())
    provide("tabs", lambda request: menu.tabs_of(request) if _actor(request).signed_in else ())
    provide("unread", unread_of)
    provide("inbox", inbox_of)
    provide("post", post_of)
    provide("search", search_of)
    provide("links", links_of)
