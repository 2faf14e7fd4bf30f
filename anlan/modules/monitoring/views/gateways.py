"""Gateways: the list, the record with what was refused, credentials shown once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel import messaging
from anlan.kernel.actor import Actor
from anlan.modules.monitoring import forms, selectors, services
from anlan.modules.monitoring.filters import GatewayFilters
from anlan.modules.monitoring.models import Gateway
from anlan.modules.monitoring.tables import CountTable, GatewayTable, TagTable
from anlan.modules.monitoring.workflow import KEEP, VIEW
from anlan.modules.registry.public import SITE, UNIT
from anlan.ui import links
from anlan.ui.forms import Form
from anlan.ui.pages import (
    Action,
    ActPage,
    Empty,
    Export,
    FormPage,
    Item,
    ListPage,
    RecordPage,
    Section,
    StepPage,
    Tab,
    actor_of,
)


def admitted(gateway: Gateway, actor: Actor) -> bool:
    """While it is."""
    return gateway.state == "active"


def facts(one: Gateway, actor: Actor) -> list[Item]:
    """What is known of a gateway."""
    return [
        Item(_("Unit"), one.unit.name, url=links.url_of(UNIT, one.unit_id)),
        Item(_("Site"), one.site.name, url=links.url_of(SITE, one.site_id)),
        Item(_("Region"), one.region_path, kind="region"),
        Item(_("Gateway code"), one.code),
        Item(_("Topic"), f"anlan/telemetry/{one.code}"),
        Item(_("Credential of"), one.issued_at, kind="moment"),
        Item(pgettext_lazy("gateway", "Last heard of"), one.last_seen, kind="moment"),
        Item(_("Reason"), one.reason),
    ]


def shown(request: HttpRequest, gateway: Gateway, secret: str) -> HttpResponse:
    """The secret, this once."""
    context = {"title": _("Credential of the gateway"), "gateway": gateway, "secret": secret,
               "back": links.url_of(gateway)}  # fmt: skip
    response = render(request, "monitoring/credential.html", context)
    response["Cache-Control"] = "no-store"
    return response


def register(request: HttpRequest, form: forms.RegisterForm) -> HttpResponse:
    """Register, and show the secret."""
    gateway, secret = services.register_gateway(actor=actor_of(request), key=form.key, **form.arguments())
    return shown(request, gateway, secret)


@dataclass(kw_only=True, eq=False)
class SecretStep(StepPage):
    """A step whose outcome is a secret, shown this once."""

    def perform(self, request: HttpRequest, form: Form, record: Any) -> Any:
        """Take the step, and answer with the page that shows the secret."""
        return shown(request, *super().perform(request, form, record))


def _nothing_refused() -> str:
    """What stands where no count is: not that nothing was refused, where not everything is counted."""
    if messaging.elsewhere():
        return gettext("Nothing that is counted here was refused.")
    return gettext("Nothing was refused.")


def uncounted(gateway: Gateway, actor: Actor) -> dict[str, Any] | None:
    """Said where the message server is not the one that is started with the platform."""
    return {"topic": f"anlan/telemetry/{gateway.code}"} if messaging.elsewhere() else None


REGISTER_ACTION = Action(
    _("Register a gateway"), "monitoring:register", icon="plus", permission=KEEP, tone="primary"
)  # fmt: skip
GATEWAYS = ListPage(
    name="monitoring:gateways", path="gateways/", title=_("Gateways"), icon="server", permission=VIEW,
    selector=selectors.gateways, table=GatewayTable, filters=GatewayFilters,
    tabs=(Tab(_("Admitted"), "state=active"), Tab(_("Never heard of"), "never=on&state=active"), Tab(_("All"), "")),
    actions=(REGISTER_ACTION,),
    empty=Empty(_("No gateway"), _("Register the device of a site that sends readings."), REGISTER_ACTION),
    export=Export(permission=VIEW, filename="gateways"),
)  # fmt: skip
REGISTER = FormPage(
    name="monitoring:register", path="gateways/register/", title=_("Register a gateway"), permission=KEEP,
    form=forms.RegisterForm, handle=register, submit=_("Register"), cancel="monitoring:gateways",
    intro=_("A device of a site that sends readings by MQTT or HTTP. Its secret is shown once."),
)  # fmt: skip
GATEWAY = RecordPage(
    name="monitoring:gateway", path="gateways/<int:pk>/", title=lambda one: one.name, icon="server", permission=VIEW,
    selector=selectors.gateways, subtitle=lambda one: one.unit.name, facts=facts, back="monitoring:gateways",
    sections=(
        Section(
            pgettext_lazy("monitoring", "Tags"), table=TagTable, icon="activity", most=100, empty=_("None yet."),
            columns=("label", "name", "quantity", "unit_of_measure", "period_s"),
            rows=lambda one, actor: selectors.tags(actor).filter(gateway=one).order_by("name", "pk"),
            actions=(
                Action(_("Enter a tag"), "monitoring:put-tag", icon="plus", permission=KEEP, when=admitted),
                Action(_("Enter many tags"), "monitoring:enter-tags", icon="list-check", permission=KEEP,
                       when=admitted),
            ),
        ),
        Section(
            _("Not counted: publishes to other topics"), template="monitoring/uncounted.html", icon="alert-triangle",
            context=uncounted,
        ),
        Section(
            _("What was refused"), table=CountTable, icon="filter", most=60, empty=lazy(_nothing_refused, str)(),
            rows=lambda one, actor: selectors.counts(actor).filter(gateway=one).order_by("-day", "reason"),
        ),
    ),
    actions=(
        Action(_("Change the name"), "monitoring:change", icon="pencil", permission=KEEP, aside=True),
    ),
)  # fmt: skip
CHANGE = ActPage(
    name="monitoring:change", path="gateways/<int:pk>/change/", title=_("Change the name"),
    act=services.change_gateway, form=forms.NameForm, selector=selectors.gateways,
    initial=lambda one, actor: {"name": one.name},
)  # fmt: skip
PUT_TAG = ActPage(
    name="monitoring:put-tag", path="gateways/<int:pk>/tag/", title=_("Enter a tag"), act=services.put_tag,
    form=forms.TagForm, selector=selectors.gateways, wide=True,
    intro=_("A tag of the same name in the payload is put right."),
)  # fmt: skip
ENTER_TAGS = ActPage(
    name="monitoring:enter-tags", path="gateways/<int:pk>/tags/", title=_("Enter many tags"),
    act=services.enter_tags, form=forms.TagsForm, selector=selectors.gateways, wide=True,
)  # fmt: skip
ROTATE = SecretStep(
    name="monitoring:rotate", path="gateways/<int:pk>/rotate/", step="rotate", act=services.rotate_credential,
    form=Form, selector=selectors.gateways, icon="key", aside=True,
    intro=_("The earlier secret is refused at once and the connection ends. The new one is shown once."),
)  # fmt: skip
REVOKE = StepPage(
    name="monitoring:revoke", path="gateways/<int:pk>/revoke/", step="revoke", act=services.revoke_gateway,
    form=forms.ReasonForm, selector=selectors.gateways, icon="unlink", danger=True, aside=True,
    intro=_("Sign-ins are refused at once and the connection ends."),
)  # fmt: skip
READMIT = SecretStep(
    name="monitoring:readmit", path="gateways/<int:pk>/readmit/", step="readmit", act=services.readmit_gateway,
    form=Form, selector=selectors.gateways, icon="key",
)  # fmt: skip
GATEWAY_PAGES = (GATEWAYS, REGISTER, GATEWAY, CHANGE, PUT_TAG, ENTER_TAGS, ROTATE, REVOKE, READMIT)
