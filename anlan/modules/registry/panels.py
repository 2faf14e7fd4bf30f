"""What the registry adds to the shell, and to its own record pages as parts that come by themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.kernel.counting import cut
from anlan.kernel.searching import is_phone_end, words_of
from anlan.modules.registry import selectors
from anlan.modules.registry.services.looking import look_up_phone
from anlan.modules.registry.tables import CertificateTable
from anlan.ui import links, menu, panels, places, quick_actions, search

menu.register(
    menu.Entry(
        "base",
        pgettext_lazy("menu", "Enterprises"),
        "registry:sites",
        icon="building-factory-2",
        permission="registry.view",
        order=10,
        phone=True,
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

quick_actions.register(
    quick_actions.QuickAction(
        _("Take in a ledger"), "/ui/intake/enterprises/new/", icon="file-import", permission="registry.intake", order=20
    )
)


def _find(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    rows = selectors.sites(actor)
    for word in words_of(text):
        rows = rows.filter(search_text__has=word)
    found = list(cut(rows.order_by("-pk"), 0, limit))
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
        pgettext_lazy("menu", "Enterprises"),
        _find,
        permission="registry.view",
        icon="building-factory-2",
        order=20,
        more="/registry/?q=%s",
    )
)


def _find_people(actor: Actor, text: str, limit: int) -> list[search.Hit]:
    """By name, or by the last four digits of a telephone."""
    words = words_of(text)
    if len(words) == 1 and is_phone_end(words[0]):
        found = selectors.people_by_key(actor, look_up_phone(actor=actor, digits=words[0]))[:limit]
    else:
        found = list(selectors.people_called(actor, text)[:limit])
    return [search.Hit(p.name, (p.site.name if p.site else p.unit.name), links.url_of(p), "user") for p in found]


search.register(
    search.Searcher("people", _("People"), _find_people, permission="registry.view", icon="users", order=30)
)


def _history(actor: Actor, record: Any) -> dict[str, Any] | None:
    changes = selectors.history(actor, record, 200)
    return {
        "changes": [change for change in changes if not change.first] or changes,
        "only_first": all(c.first for c in changes),
    }


for _label in ("registry.unit", "registry.site", "registry.person"):
    panels.register(
        _label,
        panels.Panel("history", _("History of every field"), template="registry/history.html", context=_history,
                     icon="history", order=90),
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
