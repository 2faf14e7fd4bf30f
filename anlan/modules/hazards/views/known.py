"""The public list: what stands under supervision and what was removed, without sign-in and without anything personal.

Shown are the list number, the unit, the place, what kind of hazard and the clause chosen, the level, the post of the
leader who answers with the telephone of the office, the time limit and how far it is. Never shown: who found, reported
or works there, photos, addresses, amounts; title, description, reasons, requirements as typed, which may name people.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.regions.models import Region
from anlan.modules.hazards import selectors
from anlan.modules.hazards.choices import ListingLevel
from anlan.modules.hazards.models import Listing
from anlan.modules.hazards.rows import CATEGORIES
from anlan.modules.hazards.tables import LISTING_COLOURS
from anlan.rules.wording import in_language

A_PAGE = 50
KEPT_DAYS = 365  # 本地规定: how long a removal is made known
FRESH_SECONDS = 60
PATH = re.compile(r"(?:[0-9A-Z]{4}){1,16}")


@require_safe
def public_listings(request: HttpRequest) -> HttpResponse:
    """The list in force, or with ``state=delisted`` what was removed within a year; ``region`` narrows it."""
    path, removed = request.GET.get("region", ""), request.GET.get("state", "") == "delisted"
    region = Region.objects.filter(path=path, valid_to=None).first() if PATH.fullmatch(path) else None
    if path and region is None:
        raise NotFound
    since = clock.today() - dt.timedelta(days=KEPT_DAYS)
    rows = selectors.published_listings(path, ended_since=since if removed else None)
    number = request.GET.get("page", "1")
    page = min(max(int(number[:6]), 1), 10_000) if number.isdecimal() else 1
    found = list(rows[(page - 1) * A_PAGE : page * A_PAGE + 1])
    steps = {"page": page - 1} if page > 1 else {}, {"page": page + 1} if len(found) > A_PAGE else {}
    context = {
        "title": gettext("Major hazards under supervision"),
        "rows": [_shown(row) for row in selectors.made_known(found[:A_PAGE])],
        "place": region.name if region else "", "removed": removed,
        "tabs": [
            {"label": pgettext("supervision", "In force"), "active": not removed, "url": _address(path, False)},
            {"label": gettext("Removed within a year"), "active": removed, "url": _address(path, True)},
        ],
        "before": _address(path, removed, **steps[0]) if steps[0] else "",
        "after": _address(path, removed, **steps[1]) if steps[1] else "",
        "wide": reverse("hazards:public") if region else "",
    }  # fmt: skip
    response = render(request, "hazards/public.html", context)
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response


def _address(path: str, removed: bool, **more: Any) -> str:
    given = {**({"region": path} if path else {}), **({"state": "delisted"} if removed else {}), **more}
    return reverse("hazards:public") + (f"?{urlencode(given)}" if given else "")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A listing in the reader's words."""
    kinds = {one.code: one.label for one in CATEGORIES}
    clause = row["clause"]
    return {
        "number": row["number"], "unit": row["unit"], "place": row["place"],
        "kind": gettext(kinds[row["category"]]) if row["category"] in kinds else "",
        "clause": in_language(clause.title, get_language() or "zh-hans") if clause else "",
        "level": ListingLevel(row["level"]).label, "tone": LISTING_COLOURS[row["level"]], "leader": row["leader_title"],
        "phone": row["leader_phone"], "due": row["due_on"], "listed": row["listed_at"], "ended": row["ended_at"],
        "state": gettext(Listing.process.state(row["state"]).label),
    }  # fmt: skip
