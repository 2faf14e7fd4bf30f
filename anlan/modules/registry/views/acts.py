"""Pages of acts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.modules.registry import forms, selectors, services
from anlan.modules.registry.models import Person, Site, Unit
from anlan.modules.registry.views.records import PEOPLE
from anlan.ui import links
from anlan.ui.pages import ActPage, CustomPage, actor_of
from anlan.ui.pages.base import found

MASKS = {"phone": "1** **** ****", "id_number": "****** ******** ****"}


def _unit_now(unit: Unit, actor: Actor) -> dict[str, Any]:
    return {
        "name": unit.name, "kind": unit.kind, "founded": unit.founded_on,
        "registered_address": unit.registered_address, "business_scope": unit.business_scope,
    }  # fmt: skip


def _site_now(site: Site, actor: Actor) -> dict[str, Any]:
    line = f"{site.sector}:{site.trade}" if site.trade else site.sector
    return {
        "site_name": site.name, "address": site.address, "lon": site.lon, "lat": site.lat, "industry": site.industry,
        "sector": line, "scale": site.scale, "headcount": site.headcount, "flags": tuple(site.flags),
        "opened": site.opened_on,
    }  # fmt: skip


def _seen_now(site: Site, actor: Actor) -> dict[str, Any]:
    now = _site_now(site, actor)
    return {name: now[name] for name in services.SEEN_FIELDS}


REGISTER = ActPage(
    name="registry:register",
    path="new/",
    act=services.register_unit,
    form=forms.RegisterForm,
    wide=True,
    title=_("Register a unit"),
    submit=_("Register"),
    message=_("The unit is on file."),
    cancel="registry:sites",
    done=lambda unit: links.url_of(unit),
    icon="plus",
)
REGISTER_FOUND = ActPage(
    name="registry:register-found",
    path="found/",
    act=services.register_found,
    form=forms.FoundForm,
    wide=True,
    title=_("Put a site without a licence on file"),
    submit=_("Put on file"),
    message=_("The site is on file under a provisional number. Its office was told."),
    cancel="registry:sites",
    done=lambda site: links.url_of(site),
    icon="map-pin",
)
CORRECT_SITE = ActPage(
    name="registry:correct-site",
    path="sites/<int:pk>/correct/",
    act=services.correct_site,
    form=forms.CorrectForm,
    selector=selectors.sites,
    title=_("Correct what is different on the spot"),
    initial=_seen_now,
    message=_("The site was corrected."),
)
ADD_SITE = ActPage(
    name="registry:add-site",
    path="units/<int:pk>/sites/new/",
    act=services.add_site,
    form=forms.SiteForm,
    wide=True,
    selector=selectors.units,
    title=_("Add a site"),
    message=_("The site is on file."),
)
CHANGE_UNIT = ActPage(
    name="registry:change-unit",
    path="units/<int:pk>/change/",
    act=services.change_unit,
    form=forms.ChangeUnitForm,
    selector=selectors.units,
    title=_("Change the unit"),
    initial=_unit_now,
    message=_("Saved."),
    intro=_("A new name leaves the old one on file; both are found."),
)
UPGRADE = ActPage(
    name="registry:upgrade",
    path="units/<int:pk>/code/",
    act=services.upgrade_number,
    form=forms.UpgradeForm,
    selector=selectors.units,
    title=_("Enter the unified code"),
    message=_("The code is on file."),
    intro=_("The provisional number and everything recorded under it stay with the unit."),
)
MERGE_UNITS = ActPage(
    name="registry:merge-units",
    path="units/<int:pk>/merge/",
    act=services.merge_units,
    form=forms.MergeUnitForm,
    selector=selectors.units,
    title=_("Merge two records of one unit"),
    submit=_("Merge"),
    danger=True,
    message=_("The two records are one."),
)
DIFFERENT = ActPage(
    name="registry:different",
    path="units/<int:pk>/different/",
    act=services.mark_different,
    form=forms.DifferentForm,
    selector=selectors.units,
    title=_("They are two units"),
    cancel="registry:duplicates",
    message=_("Noted; the pair is not proposed again."),
    done=lambda unit: "/registry/duplicates/",
)
CHANGE_SITE = ActPage(
    name="registry:change-site",
    path="sites/<int:pk>/change/",
    act=services.change_site,
    form=forms.ChangeSiteForm,
    selector=selectors.sites,
    title=_("Change the site"),
    initial=_site_now,
    message=_("Saved."),
    wide=True,
)
MOVE = ActPage(
    name="registry:move",
    path="sites/<int:pk>/move/",
    act=services.move_site,
    form=forms.MoveForm,
    selector=selectors.sites,
    title=_("Move the site"),
    submit=_("Move elsewhere"),
    message=_("The site lies there now."),
    intro=_("What hangs on the site, its hazards and deadlines, goes to the office of the new place."),
    done=lambda site: "/registry/",
)
SUSPEND = ActPage(
    name="registry:suspend",
    path="sites/<int:pk>/suspend/",
    act=services.suspend_site,
    form=forms.StatusForm,
    selector=selectors.sites,
    title=_("Suspend"),
    submit=_("Suspend"),
    message=_("Suspended."),
)
CLOSE = ActPage(
    name="registry:close",
    path="sites/<int:pk>/close/",
    act=services.close_site,
    form=forms.StatusForm,
    danger=True,
    selector=selectors.sites,
    title=_("Close the site"),
    submit=_("Close"),
    message=_("Closed."),
)
REOPEN = ActPage(
    name="registry:reopen",
    path="sites/<int:pk>/reopen/",
    act=services.reopen_site,
    form=forms.StatusForm,
    selector=selectors.sites,
    title=_("Reopen the site"),
    submit=_("Reopen"),
    message=_("Working again."),
)
LANDLORD = ActPage(
    name="registry:landlord",
    path="sites/<int:pk>/landlord/",
    act=services.link_landlord,
    form=forms.LandlordForm,
    selector=selectors.sites,
    title=_("Landlord"),
    message=_("Saved."),
    initial=lambda site, actor: {"landlord": site.landlord_id},
)
MERGE_SITES = ActPage(
    name="registry:merge-sites",
    path="sites/<int:pk>/merge/",
    act=services.merge_sites,
    form=forms.MergeSiteForm,
    selector=selectors.sites,
    title=_("Merge two records of one site"),
    submit=_("Merge"),
    danger=True,
    message=_("The two records are one."),
)
ADD_PERSON = ActPage(
    name="registry:add-person",
    path="units/<int:pk>/people/new/",
    act=services.add_person,
    form=forms.PersonForm,
    selector=selectors.units,
    permission=PEOPLE,
    title=_("Add a person"),
    message=_("The person is on file."),
)
CHANGE_PERSON = ActPage(
    name="registry:change-person",
    path="people/<int:pk>/change/",
    act=services.change_person,
    form=forms.ChangePersonForm,
    selector=selectors.people,
    title=_("Change the person"),
    message=_("Saved."),
    initial=lambda person, actor: {"name": person.name},
)
GIVE_POST = ActPage(
    name="registry:give-post",
    path="people/<int:pk>/posts/new/",
    act=services.give_post,
    form=forms.PostForm,
    selector=selectors.people,
    title=_("Further post"),
    message=_("Saved."),
)
END_POST = ActPage(
    name="registry:end-post",
    path="people/<int:pk>/posts/end/",
    act=services.end_post,
    form=forms.EndPostForm,
    selector=selectors.people,
    title=_("End a post"),
    message=_("Saved."),
)
ADD_CERTIFICATE = ActPage(
    name="registry:add-certificate",
    path="people/<int:pk>/certificates/new/",
    act=services.add_certificate,
    form=forms.CertificateForm,
    selector=selectors.people,
    title=_("Add a certificate"),
    message=_("Saved."),
    done=lambda certificate: links.url_of(certificate.person),
)
WITHDRAW = ActPage(
    name="registry:withdraw",
    path="certificates/<int:pk>/withdraw/",
    act=services.withdraw_certificate,
    form=forms.ReasonForm,
    selector=selectors.certificates,
    title=_("The certificate no longer counts"),
    message=_("Saved."),
    done=lambda certificate: links.url_of(certificate.person),
)
ERASE = ActPage(
    name="registry:erase",
    path="people/<int:pk>/erase/",
    act=services.erase_person,
    form=forms.EraseForm,
    selector=selectors.people,
    title=_("Erase a person's data"),
    submit=_("Erase"),
    danger=True,
    message=_("The data are erased."),
    intro=_(
        "The key to telephone, identity number and certificate numbers is destroyed, the name emptied here and in the "
        "history. That cannot be undone."
    ),
)


def _unmask(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """The value in place of its mask, for a minute; the reason comes with the request."""
    if field not in MASKS:
        raise NotFound
    actor = actor_of(request)
    person: Person = found(selectors.people(actor), pk=pk)
    shown = services.unmask_person(actor=actor, person=person, reason=request.POST.get("reason", ""), fields=(field,))
    label = gettext("Telephone") if field == "phone" else gettext("Identity number")
    return _shown(request, getattr(shown, field), MASKS[field], label)


def _unmask_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    certificate = found(selectors.certificates(actor), pk=pk)
    shown = services.unmask_person(
        actor=actor, person=certificate.person_id, reason=request.POST.get("reason", ""), fields=("certificates",)
    )
    value = (shown.certificates or {}).get(certificate.pk, "")
    return _shown(request, value, "••••••", gettext("Certificate number"))


def _shown(request: HttpRequest, value: str, mask: str, label: str) -> HttpResponse:
    response = render(
        request, "registry/unmasked.html", {"value": value, "masked": mask, "url": request.path, "label": label}
    )
    response["Cache-Control"] = "no-store"
    return response


UNMASK = CustomPage(
    name="registry:unmask",
    path="people/<int:pk>/unmask/<slug:field>/",
    permission=("registry.unmask", "registry.own"),
    view=_unmask,
    shape="data",
    methods=("POST",),
    model=Person,
    is_object=True,
)
UNMASK_CERTIFICATE = CustomPage(
    name="registry:unmask-certificate",
    path="certificates/<int:pk>/unmask/",
    view=_unmask_certificate,
    shape="data",
    permission=("registry.unmask", "registry.own"),
    methods=("POST",),
    model=Person,
    is_object=True,
)
