"""Record pages: the unit, the site, the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.intake.selectors import batches
from anlan.modules.registry import selectors
from anlan.modules.registry.choices import COLOURS, Flag, Sector, label_of
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.tables import PersonTable, SiteTable, held_posts, industry_name
from anlan.modules.registry.views.duplicates import shown
from anlan.ui import links, timeline
from anlan.ui.pages import Action, Item, RecordPage, Section, actor_of

CHANGE, PEOPLE, OWN = "registry.change", ("registry.people", "registry.own"), "registry.own"


@dataclass(kw_only=True, eq=False)
class KeptPage(RecordPage):
    """A record page whose old addresses lead on: a record merged away sends the reader to the one it became."""

    def show(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page, or the way to the surviving record."""
        try:
            return super().show(request, **kwargs)
        except NotFound:
            find = selectors.unit if self.model is Unit else selectors.site
            survivor = find(actor_of(request), kwargs["pk"])
            return HttpResponseRedirect(self.address(survivor))


def _kept_sites(actor: Actor) -> models.QuerySet[Site]:
    return selectors.sites(actor).select_related("region", "landlord").defer("region__outline")


def _unit_facts(unit: Unit, actor: Actor) -> Sequence[Item]:
    return [
        Item(_("Unified social credit code"), unit.uscc),
        *([Item(_("Provisional number"), unit.provisional_number)] if unit.provisional_number else []),
        Item(_("Kind"), unit.get_kind_display()),
        Item(_("Founded on"), unit.founded_on),
        Item(_("Kept in"), unit.region_path, kind="region"),
        Item(_("Registered address"), unit.registered_address, wide=True),
        *([Item(_("Former names"), "、".join(former), wide=True)] if (former := _former(unit)) else []),
        *([Item(_("Business scope"), unit.business_scope, kind="lines", wide=True)] if unit.business_scope else []),
        *_source(unit, actor),
    ]


def _former(unit: Unit) -> list[str]:
    return [gettext("%(name)s (until %(day)s)") % {"name": f.name, "day": f.until} for f in unit.former_names.all()]


def _elsewhere(unit: Unit, actor: Actor) -> dict[str, Any] | None:
    count = selectors.other_sites(actor, unit)
    if not count:
        return None
    text = ngettext(
        "%(n)s further site of this unit lies outside your jurisdiction.",
        "%(n)s further sites of this unit lie outside your jurisdiction.",
        count,
    )
    return {"text": text % {"n": count}}


def _past(record: Unit | Site, actor: Actor) -> dict[str, Any] | None:
    entries = selectors.past_of(actor, record)
    return {"entries": timeline.told(entries), "more_url": ""} if entries else None


def _twins(unit: Unit, actor: Actor) -> dict[str, Any] | None:
    pairs = selectors.twins_of(actor, unit) if actor.may("registry.merge", unit) else []
    return {"pairs": shown(pairs)} if pairs else None


def _source(record: Unit | Site, actor: Actor) -> list[Item]:
    """From which ledger a record came, for those who may see it."""
    if record.batch is None:
        return []
    batch = batches(actor).filter(pk=record.batch).first()
    return [Item(_("Taken in from"), batch.file_name, url=links.url_of(batch))] if batch is not None else []


PAST = Section(
    _("From records merged into this one"), icon="arrows-join", template="ui/timeline.html", context=_past, side=True
)

UNIT = KeptPage(
    name="registry:unit",
    path="units/<int:pk>/",
    title=lambda unit: unit.name,
    number=lambda unit: unit.number,
    permission="registry.view",
    selector=selectors.units,
    back="registry:units",
    badges=lambda unit: [
        (unit.get_kind_display(), COLOURS.get(unit.kind, "grey")),
        *([] if unit.uscc else [(gettext("Provisional number"), "orange")]),
    ],
    facts=_unit_facts,
    sections=(
        Section(
            _("Sites"),
            icon="map-pin",
            table=SiteTable,
            rows=lambda unit, actor: selectors.sites_of(actor, unit),
            columns=("name", "region_path", "sector", "headcount", "flags", "status"),
            actions=(Action(_("Add a site"), "registry:add-site", icon="plus", permission=()),),
        ),
        Section(_("Elsewhere"), icon="map-pin", template="registry/elsewhere.html", context=_elsewhere),
        Section(
            _("People"),
            icon="users",
            table=PersonTable,
            empty=_("Nobody is on file yet"),
            rows=lambda unit, actor: (
                selectors.people(actor).filter(unit=unit, erased_at=None).order_by("site_id", "pk")
            ),
            actions=(Action(_("Add a person"), "registry:add-person", icon="user-plus", permission=PEOPLE),),
            most=50,
        ),
        Section(_("May be the same unit"), icon="arrows-join", template="registry/pairs.html", context=_twins),
        PAST,
    ),
    actions=(
        Action(_("Change"), "registry:change-unit", icon="pencil", permission=CHANGE),
        Action(
            _("Enter the unified code"),
            "registry:upgrade",
            icon="id",
            permission=CHANGE,
            dialog=True,
            when=lambda unit, actor: not unit.uscc,
        ),
        Action(_("Merge"), "registry:merge-units", icon="arrows-join", permission="registry.merge", aside=True),
    ),
)


def _site_facts(site: Site, actor: Actor) -> Sequence[Item]:
    return [
        Item(_("Unit"), site.unit.name, url=links.url_of("registry.unit", site.unit_id)),
        Item(_("Unified social credit code"), site.unit.uscc or site.unit.provisional_number),
        Item(_("Where it lies"), site.region_path, kind="region"),
        Item(_("Address"), site.address, wide=True),
        Item(_("Sector line"), label_of(Sector, site.sector)),
        *([Item(_("Line of industry and trade"), site.get_trade_display())] if site.trade else []),
        Item(_("Industry"), industry_name(site.industry)),
        Item(_("Scale"), site.get_scale_display()),
        Item(_("Headcount"), site.headcount),
        Item(_("Opened on"), site.opened_on),
        Item(_("Special risks"), [label_of(Flag, flag) for flag in site.flags], wide=True),
        *(
            [Item(_("Landlord"), site.landlord.name, url=links.url_of("registry.site", site.landlord_id))]
            if site.landlord and _sees(actor, site.landlord)
            else []
        ),
        *_source(site, actor),
    ]


def _sees(actor: Actor, site: Site) -> bool:
    return selectors.sites(actor).filter(pk=site.pk).exists()


def _badges(site: Site) -> Sequence[tuple[Any, str]]:
    found = [(site.get_status_display(), COLOURS[site.status])]
    found += [(label_of(Flag, flag), COLOURS.get(Flag(flag), "grey")) for flag in site.flags[:4]]
    return found


def _status_changes(site: Site, actor: Actor) -> dict[str, Any] | None:
    changes = list(site.status_changes.all()[:20])
    return {"changes": changes} if changes else None


def _tenants(site: Site, actor: Actor) -> Any:
    return list(selectors.tenants(actor, site)[: Section.most + 1]) or None  # one more than are shown


SITE = KeptPage(
    name="registry:site",
    path="sites/<int:pk>/",
    title=lambda site: site.name,
    number=lambda site: site.number,
    permission="registry.view",
    selector=_kept_sites,
    back="registry:sites",
    badges=_badges,
    facts=_site_facts,
    sections=(
        Section(
            _("People"),
            icon="users",
            table=PersonTable,
            empty=_("Nobody is on file yet"),
            rows=lambda site, actor: selectors.site_people(actor, site),
            columns=("name", "posts", "site", "has_phone"),
        ),
        Section(
            _("Tenants"), icon="building-store", table=SiteTable, rows=_tenants, columns=("name", "status", "flags")
        ),
        Section(_("Status"), icon="history", template="registry/status.html", context=_status_changes, side=True),
        PAST,
    ),
    map=lambda site: (site.lon, site.lat),
    actions=(
        Action(_("Change"), "registry:change-site", icon="pencil", permission=CHANGE),
        Action(
            _("Correct"),
            "registry:correct-site",
            icon="pencil",
            permission="registry.sites",
            when=lambda site, actor: not actor.may(CHANGE, site),
        ),
        Action(
            _("Suspend"),
            "registry:suspend",
            icon="player-pause",
            permission=CHANGE,
            dialog=True,
            when=lambda site, actor: site.status == "operating",
            aside=True,
        ),
        Action(
            _("Reopen"),
            "registry:reopen",
            icon="player-play",
            permission=CHANGE,
            dialog=True,
            when=lambda site, actor: site.status != "operating",
            aside=True,
        ),
        Action(
            _("Close"),
            "registry:close",
            icon="circle-x",
            permission=CHANGE,
            dialog=True,
            when=lambda site, actor: site.status != "closed",
            aside=True,
        ),
        Action(_("Move elsewhere"), "registry:move", icon="map-pin", permission=CHANGE, aside=True),
        Action(_("Landlord"), "registry:landlord", icon="building", permission=CHANGE, dialog=True, aside=True),
        Action(
            _("Merge"),
            "registry:merge-sites",
            icon="arrows-join",
            permission="registry.merge",
            dialog=True,
            when=lambda site, actor: selectors.sites_of(actor, site.unit).exclude(pk=site.pk).exists(),
            aside=True,
        ),
    ),
)


def _person_facts(person: Person, actor: Actor) -> Sequence[Item]:
    return [
        Item(_("Unit"), person.unit.name, url=links.url_of("registry.unit", person.unit_id)),
        Item(
            _("Works at"),
            person.site.name if person.site else gettext("the whole unit"),
            url=links.url_of("registry.site", person.site_id) if person.site else "",
        ),
        Item(_("Posts"), held_posts(person), wide=True),
    ]


def _sealed(person: Person, actor: Actor) -> dict[str, Any] | None:
    if person.erased_at:
        return {"erased": person.erased_at}
    may = actor.may_any(("registry.unmask", OWN), person)
    return {
        "lines": [
            {
                "label": label,
                "has": has,
                "masked": mask,
                "url": reverse("registry:unmask", kwargs={"pk": person.pk, "field": field}) if may and has else "",
            }
            for field, label, has, mask in (
                ("phone", gettext("Telephone"), person.has_phone, "1** **** ****"),
                ("id_number", gettext("Identity number"), person.has_id_number, "****** ******** ****"),
            )
        ]
    }


def _posts(person: Person, actor: Actor) -> dict[str, Any]:
    return {"posts": person.posts.all()}


def _certificates(person: Person, actor: Actor) -> dict[str, Any]:
    may = actor.may_any(("registry.unmask", OWN), person)
    return {
        "certificates": [
            {
                "certificate": certificate,
                "url": reverse("registry:unmask-certificate", kwargs={"pk": certificate.pk}) if may else "",
                "withdraw": reverse("registry:withdraw", kwargs={"pk": certificate.pk})
                if actor.may_any(PEOPLE, certificate) and certificate.withdrawn_on is None
                else "",
            }
            for certificate in selectors.certificates(actor).filter(person=person).order_by("withdrawn_on", "valid_to")
        ]
    }


def _alive(person: Person, actor: Actor) -> bool:
    return person.erased_at is None


PERSON = RecordPage(
    name="registry:person",
    path="people/<int:pk>/",
    title=lambda person: str(person),
    subtitle=lambda person: person.unit.name,
    permission="registry.view",
    selector=selectors.people,
    facts=_person_facts,
    sections=(
        Section(_("Personal data"), icon="lock", template="registry/sealed.html", context=_sealed),
        Section(_("Posts"), icon="briefcase", template="registry/posts.html", context=_posts),
        Section(
            _("Certificates"),
            icon="certificate",
            template="registry/certificates.html",
            context=_certificates,
            actions=(
                Action(_("Add a certificate"), "registry:add-certificate", icon="plus", permission=PEOPLE, when=_alive),
            ),
        ),
    ),
    actions=(
        Action(_("Change"), "registry:change-person", icon="pencil", permission=PEOPLE, dialog=True, when=_alive),
        Action(_("Further post"), "registry:give-post", icon="user-check", permission=PEOPLE, dialog=True, when=_alive),
        Action(
            _("End a post"),
            "registry:end-post",
            icon="user-minus",
            permission=PEOPLE,
            dialog=True,
            when=lambda person, actor: person.erased_at is None and person.posts.filter(until=None).exists(),
        ),
        Action(_("Erase"), "registry:erase", icon="user-off", permission="registry.erase", dialog=True, when=_alive),
    ),
)
