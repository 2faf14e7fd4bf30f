"""What the registry adds to the shell, and to its own record pages as parts that come by themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Site, Unit
from anlan.modules.registry.tables import CertificateTable
from anlan.modules.registry.views.duplicates import shown
from anlan.ui import links, menu, panels, places, quick_actions, search, timeline

menu.register(
    menu.Entry(
        "base",
        _("Enterprises"),
        "registry:sites",
        icon="building-factory-2",
        permission="registry.view",
        order=10,
        phone=True,
        short=_("Enterprise files"),
    )
)
menu.register(menu.Entry("base", _("Units"), "registry:units", icon="building", permission="registry.view", order=11))
menu.register(
    menu.Entry(
        "base", _("Certificates"), "registry:certificates", icon="certificate", permission="registry.view", order=12
    )
)
menu.register(
    menu.Entry(
        "base", _("Duplicates"), "registry:duplicates", icon="arrows-join", permission="registry.merge", order=13
    )
)
menu.register(
    menu.Entry("base", _("Ledgers taken in"), "ui:batches", icon="table-import", permission="intake.batches", order=14)
)
quick_actions.register(
    quick_actions.QuickAction(
        _("Register a unit"), "registry:register", icon="building", permission="registry.change", order=30
    )
)


def _find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    rows = selectors.sites(actor)
    for word in text.replace("\x00", "").split()[:6]:
        rows = rows.filter(search_text__has=word)
    found = list(rows.order_by("status", "pk")[:limit])
    named = places.names({site.region_path for site in found}, 2)
    return [
        search.Hit(
            site.name,
            " · ".join(part for part in (site.unit.number, named.get(site.region_path, "")) if part),
            links.url_of(site),
            "building-factory-2",
        )
        for site in found
    ]


search.register(
    search.Searcher(
        "registry",
        _("Enterprises and sites"),
        _find,
        permission="registry.view",
        icon="building-factory-2",
        order=20,
        more="/registry/?q=%s",
    )
)


def _history(actor: Actor, record: Any) -> dict[str, Any] | None:
    changes = selectors.history(actor, record, 200)
    return {
        "changes": [change for change in changes if not change.first] or changes,
        "only_first": all(c.first for c in changes),
    }


def _past(actor: Actor, record: Unit | Site) -> dict[str, Any] | None:
    entries = selectors.past_of(actor, record)
    return {"entries": timeline.told(entries), "more_url": ""} if entries else None


def _twins(actor: Actor, unit: Unit) -> dict[str, Any] | None:
    pairs = selectors.twins_of(actor, unit) if actor.may("registry.merge", unit) else []
    return {"pairs": shown(pairs)} if pairs else None


for _label in ("registry.unit", "registry.site", "registry.person"):
    panels.register(
        _label,
        panels.Panel("history", _("History of every field"), template="registry/history.html", context=_history,
                     icon="history", order=90),
    )  # fmt: skip
for _label in ("registry.unit", "registry.site"):
    panels.register(
        _label,
        panels.Panel("past", _("From records merged into this one"), template="ui/timeline.html", context=_past,
                     icon="arrows-join", order=91),
    )  # fmt: skip
panels.register(
    "registry.unit",
    panels.Panel("twins", _("May be the same unit"), template="registry/pairs.html", context=_twins,
                 permission="registry.merge", icon="arrows-join", order=80),
)  # fmt: skip
panels.register(
    "registry.unit",
    panels.Panel(
        "certificates",
        _("Certificates"),
        table=CertificateTable,
        icon="certificate",
        order=40,
        rows=lambda actor, unit: (
            selectors.certificates(actor).filter(person__unit=unit, withdrawn_on=None).order_by("valid_to")
        ),
        columns=("kind", "work", "person", "valid_to"),
        empty=_("No certificate is on file"),
    ),
)
