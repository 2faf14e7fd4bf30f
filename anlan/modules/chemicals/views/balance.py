"""The mass balance of a period, and a lot followed from unit to unit."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.workflow import VIEW
from anlan.ui import formats, links
from anlan.ui.pages import ViewPage

MOST_TYPED = 100
MOST = 200  # lines of one page; the API leafs through the rest
FIGURES = {
    "opening": _("Opening"),
    "produced": pgettext_lazy("movement", "Produced"),
    "received": pgettext_lazy("movement", "Received"),
    "moved": _("Moved, net"),
    "used": pgettext_lazy("movement", "Used"),
    "sold": pgettext_lazy("movement", "Sold"),
    "disposed": pgettext_lazy("movement", "Disposed of as waste"),
    "lost": pgettext_lazy("movement", "Lost"),
    "closing": _("Closing"),
}


def day_of(query: QueryDict, name: str, otherwise: dt.date) -> dt.date:
    """A day of the query; the other one where it is none."""
    try:
        return dt.date.fromisoformat(query.get(name, ""))
    except ValueError:
        return otherwise


def number_of(query: QueryDict, name: str) -> int | None:
    """A key of the query; None where it is none."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def text_of(query: QueryDict, name: str) -> str:
    """A short text of the query."""
    return query.get(name, "").replace("\x00", "").strip()[:64]


def ledger_of(balance: selectors.Balance, first: dt.date, last: dt.date) -> str:
    """Where the movements behind a balance stand."""
    return f"{reverse('chemicals:movements')}?" + urlencode({"q": words_of(balance), "on_from": first, "on_to": last})


def words_of(balance: selectors.Balance) -> str:
    """What a list is searched by for one unit and substance: both names, as far as the box takes them."""
    both = f"{balance.substance} {balance.unit}"
    return both if len(both) <= MOST_TYPED else balance.substance[:MOST_TYPED]


def balance(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The balances within the reader's reach, what is open first; this year so far unless days are named."""
    today = clock.today()
    first = day_of(query, "first", today.replace(month=1, day=1))
    last = day_of(query, "last", today)
    wrong = first > last
    only = query.get("open", "") == "on"
    rows = selectors.balance_rows(
        actor, first, last, region=text_of(query, "region"), substance=number_of(query, "substance"),
        holder=text_of(query, "holder"), only_open=only,
    )  # fmt: skip
    found = [] if wrong else selectors.balances(actor, rows[: MOST + 1])
    shown = found[:MOST]
    kept = {name: query[name] for name in ("region", "substance", "holder") if query.get(name)}
    return {
        "first": first, "last": last, "wrong": wrong, "only": only, "kept": kept.items(), "cut": len(found) > MOST,
        "heads": FIGURES.values(),
        "open": sum(1 for b in shown if b.open_kg),
        "rows": [
            {"balance": b, "figures": [(label, formats.number(getattr(b, name))) for name, label in FIGURES.items()],
             "gap": formats.number(b.open_kg) if b.open_kg else "",
             "url": ledger_of(b, first, last),
             "findings": f"{reverse('chemicals:findings')}?{urlencode({'q': words_of(b), 'all': 1})}"}
            for b in shown
        ],
    }  # fmt: skip


def follow(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """A lot, in the order in which things happened."""
    lot = text_of(query, "lot")[:40]
    found = selectors.trace(actor, lot)
    names = {
        "made": _("Came into being or from outside"), "ended": _("Used, disposed of, lost, or left the area"),
        "road": _("On the road"), "there": _("Still there"), "lacking": _("Both sides differ by"),
    }  # fmt: skip
    return {
        "lot": lot, "trace": found,
        "sums": [(label, formats.number(getattr(found, name))) for name, label in names.items()],
        "closes": found.made == found.ended + found.road + found.there + found.lacking,
        "steps": [
            {"movement": m, "url": links.url_of(m), "kg": formats.number(m.kg), "unit": m.place.site.unit.name}
            for m in found.movements
        ],
        "whole": gettext("Of units outside your reach nothing is shown."),
    }  # fmt: skip


BALANCE = ViewPage(
    name="chemicals:balance", path="balance/", title=_("Mass balance"), icon="scale", permission=VIEW,
    template="chemicals/balance.html", context=balance,
)  # fmt: skip
TRACE = ViewPage(
    name="chemicals:trace", path="trace/", title=_("Follow a lot"), icon="route", permission=VIEW,
    template="chemicals/trace.html", context=follow,
)  # fmt: skip
