"""The menu: modules register entries, the shell shows each reader what he may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.ui.context import MenuEntry, MenuGroup
from anlan.ui.pages.values import Permission, address_of, held


@dataclass(frozen=True)
class Entry:
    """One link: group, label, URL name, who sees it, its place, a badge ``badge(actor)`` (0 shows none).

    ``public`` shows it to everybody, signed in or not. ``phone`` puts it into the bar at the foot of a phone's screen
    (the first four such entries).
    """

    group: str
    label: Any
    url: str
    icon: str = "circle-dot"
    permission: Permission = ()
    order: int = 50
    badge: Callable[[Actor], int] | None = None
    tone: str = "grey"
    phone: bool = False
    short: Any = ""
    public: bool = False


MOST = 999  # a number beside a link stops here
GROUPS: dict[str, tuple[int, Any]] = {
    "home": (0, ""),
    "work": (10, _("Daily work")),
    "base": (20, _("Archives")),
    "insight": (30, _("Insight")),
    "office": (40, _("Office")),
    "system": (50, _("Administration")),
}
ENTRIES: dict[str, Entry] = {}


def group(code: str, label: Any, order: int) -> None:
    """Declare a group of entries."""
    GROUPS[code] = (order, label)


def register(entry: Entry) -> None:
    """Enter a link; one URL counts once. Raises ``KeyError`` for an unknown group."""
    _ = GROUPS[entry.group]
    ENTRIES[entry.url] = entry


def _open_to(request: HttpRequest) -> list[tuple[Entry, str]]:
    cached: list[tuple[Entry, str]] | None = getattr(request, "_menu_entries", None)
    if cached is None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        mine = [e for e in ENTRIES.values() if e.public or (actor.signed_in and held(actor, e.permission))]
        cached = [(e, url) for e in mine if (url := address_of(e.url))]
        cached.sort(key=lambda pair: (GROUPS[pair[0].group][0], pair[0].order, pair[1]))
        request._menu_entries = cached  # type: ignore[attr-defined]
    return cached


def _shown(request: HttpRequest, entry: Entry, url: str, *, active: str, short: bool = False) -> MenuEntry:
    counts: dict[str, int] = request.__dict__.setdefault("_menu_counts", {})
    if entry.badge is not None and entry.url not in counts:
        counts[entry.url] = entry.badge(request.actor)  # type: ignore[attr-defined]
    label = force_str(entry.short or entry.label) if short else force_str(entry.label)
    return MenuEntry(label, url, entry.icon, url == active, counts.get(entry.url, 0), entry.tone)


def counted_already(request: HttpRequest, url: str, count: int) -> None:
    """The page at hand has counted what an entry's badge shows."""
    request.__dict__.setdefault("_menu_counts", {})[url] = min(count, MOST + 1)


def _active(request: HttpRequest) -> str:
    """The entry the present page belongs to: the one whose address is the longest beginning of it."""
    fitting = [
        url for _, url in _open_to(request) if request.path == url or (url != "/" and request.path.startswith(url))
    ]
    return max(fitting, key=len, default="")


def menu_of(request: HttpRequest) -> list[MenuGroup]:
    """The side bar for this reader; for a visitor the public entries, without headings."""
    active = _active(request)
    groups: dict[str, list[MenuEntry]] = {}
    for entry, url in _open_to(request):
        groups.setdefault(entry.group, []).append(_shown(request, entry, url, active=active))
    named = request.actor.signed_in  # type: ignore[attr-defined]
    return [MenuGroup(force_str(GROUPS[code][1]) if named else "", entries) for code, entries in groups.items()]


def tabs_of(request: HttpRequest) -> list[MenuEntry]:
    """The bar at the foot of a phone's screen."""
    active = _active(request)
    chosen = [(entry, url) for entry, url in _open_to(request) if entry.phone][:4]
    return [_shown(request, entry, url, active=active, short=True) for entry, url in chosen]
