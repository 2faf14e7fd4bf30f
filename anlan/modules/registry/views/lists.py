"""Lists: sites, units, certificates; the map of sites."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.modules.registry import selectors
from anlan.modules.registry.choices import SiteStatus
from anlan.modules.registry.filters import CertificateFilters, SiteFilters, UnitFilters
from anlan.modules.registry.models import Site
from anlan.modules.registry.tables import CertificateTable, SiteTable, UnitTable
from anlan.ui import links, maps
from anlan.ui.pages import Action, DataPage, Empty, Export, ListPage, Tab, ViewPage

REGISTER = Action(_("Register a unit"), "registry:register", icon="plus", permission="registry.change", tone="primary")
FOUND = Action(
    _("Site without a licence"),
    "registry:register-found",
    icon="map-pin",
    permission="registry.sites",
    when=lambda _row, actor: not actor.may("registry.change"),
)
TAKE_IN = Action(_("Take in a ledger"), "/ui/intake/enterprises/new/", icon="file-import", permission="registry.intake")

SITES = ListPage(
    name="registry:sites",
    path="",
    title=pgettext_lazy("menu", "Enterprises"),
    icon="building-factory-2",
    permission="registry.view",
    lead=_("One file for every enterprise: who it is, where its sites lie, who answers for them"),
    selector=selectors.sites,
    table=SiteTable,
    filters=SiteFilters,
    tabs=(
        Tab(_("All"), ""),
        Tab(_("At work"), "status=operating"),
        Tab(_("High-risk"), "flags=high_risk"),
        Tab(_("Two keys, one major"), "two_keys=on"),
        Tab(_("Suspended"), "status=suspended"),
        Tab(_("Closed down"), "status=closed"),
    ),
    empty=Empty(
        _("No enterprises yet"),
        _("Register the first one, or take in the ledger your office keeps."),
        REGISTER,
        icon="building-factory-2",
    ),
    actions=(REGISTER, FOUND, TAKE_IN, Action(_("Map"), "registry:map", icon="map")),
    export=Export(permission="registry.export", filename="sites"),
)

UNITS = ListPage(
    name="registry:units",
    path="units/",
    title=_("Units"),
    icon="building",
    permission="registry.view",
    selector=selectors.units,
    table=UnitTable,
    filters=UnitFilters,
    empty=Empty(_("No units yet"), "", REGISTER, icon="building"),
    actions=(
        REGISTER,
        Action(_("Possible duplicates"), "registry:duplicates", icon="arrows-join", permission="registry.merge"),
    ),
    export=Export(permission="registry.export", filename="units"),
)

CERTIFICATES = ListPage(
    name="registry:certificates",
    path="certificates/",
    title=_("Certificates"),
    icon="certificate",
    permission="registry.view",
    selector=lambda actor: selectors.certificates(actor).filter(withdrawn_on=None),
    table=CertificateTable,
    filters=CertificateFilters,
    tabs=(Tab(_("Ended"), "ended=on"),),
    empty=Empty(_("No certificates yet"), _("They are entered on the page of the person who holds them.")),
)


def _points(actor: Actor, query: QueryDict) -> dict[str, Any]:
    """The sites a list with the same filters shows, as points."""
    rows = SiteFilters(query, selectors.sites(actor), actor=actor, page=SITES.name).qs.exclude(lon=None)
    tones = {SiteStatus.OPERATING: "green", SiteStatus.SUSPENDED: "orange", SiteStatus.CLOSED: "grey"}
    layer = maps.points(
        rows.order_by("pk")[:5_000],
        name=lambda site: site.name,
        url=links.url_of,
        tone=lambda site: "red" if "high_risk" in site.flags and site.status == "operating" else tones[site.status],
        lines=lambda site: [site.address] if site.address else [],
        layer="sites",
    )
    return {"layers": [layer]}


POINTS = DataPage(name="registry:points", path="points/", permission="registry.view", data=_points, model=Site)


def _map(actor: Actor, query: QueryDict) -> dict[str, Any]:
    found = SiteFilters(query, selectors.sites(actor), actor=actor, page=SITES.name)
    return {"query": query.urlencode(), "without": counted(found.qs.filter(lon=None)), "filters": found}


MAP = ViewPage(
    name="registry:map",
    path="map/",
    title=_("Map of sites"),
    icon="map",
    permission="registry.view",
    template="registry/map.html",
    context=_map,
    model=Site,
)
