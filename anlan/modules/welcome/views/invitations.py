"""Inviting: units without an account, invitations, rounds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput
from anlan.kernel.notify.gateway import gateway
from anlan.modules.welcome import selectors, services
from anlan.modules.welcome.filters import InvitationFilters, RoundFilters, UninvitedFilters
from anlan.modules.welcome.forms import AgainForm, NumbersForm, ReasonForm
from anlan.modules.welcome.models import Invitation, MessageState, Round
from anlan.modules.welcome.tables import InvitationTable, RoundTable, UninvitedTable
from anlan.modules.welcome.views.slips import sheet
from anlan.modules.welcome.workflow import INVITATION, INVITE
from anlan.ui import forms, links
from anlan.ui.pages import (
    Action,
    ActPage,
    BulkAct,
    Empty,
    Export,
    FormPage,
    Item,
    ListPage,
    RecordPage,
    Section,
    Tab,
    actor_of,
)

VIEW = "welcome.view"


def shown(request: HttpRequest, form: Any, outcome: services.Outcome, *, back: str) -> HttpResponse:
    """The slips; where every row was refused, the reasons at the form."""
    if outcome.slips:
        return sheet(request, outcome, back=back)
    first = outcome.refused[0]
    params: dict[str, Any] = dict(first.params)
    raise BadInput("numbers", first.why, **params)


def invite_chosen(request: HttpRequest, form: Any, keys: list[str]) -> HttpResponse:
    """Invite the units ticked, or all of the filtered list, in one act."""
    outcome = services.invite_units(
        actor=actor_of(request), key=form.key, units=[int(k) for k in keys], again=form.cleaned_data["again"]
    )
    return shown(request, form, outcome, back=reverse("welcome:uninvited"))


def invite_listed(request: HttpRequest, form: NumbersForm) -> HttpResponse:
    """Invite the units whose numbers were given, in one act."""
    outcome = services.invite_units(
        actor=actor_of(request), key=form.key, numbers=form.cleaned_data["numbers"], again=form.cleaned_data["again"]
    )
    return shown(request, form, outcome, back=reverse("welcome:invitations"))


def renew_one(request: HttpRequest, form: forms.Form, invitation: Invitation) -> HttpResponse:
    """A new code for one invitation, on a slip."""
    outcome = services.renew_invitations(actor=actor_of(request), key=form.key, invitations=[invitation.pk])
    return sheet(request, outcome, back=links.url_of(invitation))


def renew_chosen(request: HttpRequest, form: forms.Form, keys: list[str]) -> HttpResponse:
    """New codes for the invitations ticked."""
    outcome = services.renew_invitations(actor=actor_of(request), key=form.key, invitations=[int(k) for k in keys])
    return sheet(request, outcome, back=reverse("welcome:invitations"))


def renew_round(request: HttpRequest, form: forms.Form, found: Round) -> HttpResponse:
    """New codes for all of a round that are still open, printed on one page."""
    outcome = services.renew_invitations(actor=actor_of(request), key=form.key, round=found.pk)
    return sheet(request, outcome, back=links.url_of(found))


def dispatched(request: HttpRequest, outcome: services.Dispatch, *, back: str) -> HttpResponse:
    """What was given to the gateway's queue, and what not, each with its reason."""
    context = {
        "title": _("Send as short messages"), "queued": outcome.queued, "back": back,
        "left": [{"given": t.given, "why": gettext(t.why) % t.params} for t in outcome.left],
    }  # fmt: skip
    return render(request, "welcome/sent.html", context)


def send_chosen(request: HttpRequest, form: forms.Form, keys: list[str]) -> HttpResponse:
    """Short messages of the invitations ticked, in one act."""
    outcome = services.send_invitations(actor=actor_of(request), key=form.key, invitations=[int(k) for k in keys])
    return dispatched(request, outcome, back=reverse("welcome:invitations"))


def send_whole(request: HttpRequest, form: forms.Form, found: Round) -> HttpResponse:
    """Short messages of all of a round that are open and had none."""
    outcome = services.send_invitations(actor=actor_of(request), key=form.key, round=found.pk)
    return dispatched(request, outcome, back=links.url_of(found))


def no_gateway() -> str:
    """Why nothing can be sent; "" with a gateway."""
    if gateway() is not None:
        return ""
    return gettext("No gateway for short messages is set. Print the slips instead, or have whoever runs the platform "
                   "name one (ANLAN_SMS_URL).")


def open_one(invitation: Invitation, actor: Actor) -> bool:
    """For acts on open invitations."""
    return invitation.state == "open" and actor.may(INVITE, invitation)


def sendable(invitation: Invitation, actor: Actor) -> bool:
    """For sending: only with a gateway, and only what is open and not waiting already."""
    waiting = invitation.message == MessageState.QUEUED
    return open_one(invitation, actor) and not invitation.run_out and not waiting and gateway() is not None


def facts(invitation: Invitation, actor: Actor) -> list[Item]:
    """What is known of an invitation."""
    claimant = invitation.claimed_by
    return [
        Item(_("Unit"), invitation.unit.name, url=links.url_of(invitation.unit)),
        Item(_("Region"), invitation.region_path, kind="region"),
        Item(_("Invited on"), invitation.issued_at),
        Item(_("Invited by"), invitation.by_name),
        Item(_("Valid until"), invitation.expires_at),
        Item(_("Claimed on"), invitation.claimed_at),
        Item(_("Claimed by"), f"{claimant.name} ({claimant.username})" if claimant else ""),
        Item(_("Short message"), invitation.get_message_display() if invitation.message else ""),
        Item(_("Round"), str(invitation.round), url=links.url_of(invitation.round)),
    ]


def badges(invitation: Invitation) -> list[tuple[Any, str]]:
    """Where it stands."""
    if invitation.run_out:
        return [(_("Time is over"), "orange")]
    state = INVITATION.state(invitation.state)
    return [(gettext(state.label), state.colour)]


def messages_of(found: Round) -> list[Item]:
    """How far the short messages of a round are; nothing where none was asked for."""
    told = [(state.label, getattr(found, state.value)) for state in MessageState if state.value]
    shown = "、".join(f"{label} {number}" for label, number in told if number)
    return [Item(_("Short messages"), shown)] if shown else []


def round_facts(found: Round, actor: Actor) -> list[Item]:
    """What is known of a round."""
    return [
        Item(_("Invited on"), found.at),
        Item(_("Invited by"), found.by_name),
        Item(_("Region"), found.region_path, kind="region"),
        Item(_("Invited"), found.invited),
        Item(_("Claimed"), found.claimed),  # type: ignore[attr-defined]
        Item(_("Still open"), found.waiting),  # type: ignore[attr-defined]
        *messages_of(found),
    ]


def refused(found: Round, actor: Actor) -> dict[str, Any] | None:
    """The rows of a round that were refused, each with its reason; None when there are none."""
    rows = [{"given": given, "why": gettext(why) % params} for given, why, params in found.refused]
    return {"refused": rows} if rows else None


def still_open(found: Round, actor: Actor) -> bool:
    """For printing again."""
    return bool(found.waiting) and actor.may(INVITE, found)  # type: ignore[attr-defined]


BY_LIST = Action(_("Invite by a list"), "welcome:by-list", icon="list", permission=INVITE)
CHOOSE = Action(_("Choose units to invite"), "welcome:uninvited", icon="mail", permission=INVITE, tone="primary")
ROUNDS_ACTION = Action(_("Rounds"), "welcome:rounds", icon="list", permission=VIEW)

SENDING = _(
    "To the telephone of each unit's principal on file, with a code of its own; slips stay good. What was sent already "
    "is not sent again."
)

UNINVITED = ListPage(
    name="welcome:uninvited",
    path="units/",
    title=_("Units without an account"),
    icon="mail",
    permission=INVITE,
    selector=selectors.uninvited,
    table=UninvitedTable,
    filters=UninvitedFilters,
    lead=_("Tick those to invite, or all of the filtered list: one page of slips comes back"),
    tabs=(Tab(_("Not invited yet"), "fresh=on"), Tab(_("Invited already"), "invited=on"), Tab(_("All"), "")),
    actions=(BY_LIST,),
    bulk=(
        BulkAct(
            "invite", _("Invite"), services.invite_units, form=AgainForm, icon="mail", whole=invite_chosen,
            confirm=_("Each unit gets a one-time code. The slips are shown once, to be printed and handed over."),
        ),
    ),
    empty=Empty(_("Everybody is in"), _("Every unit in your area that fits these filters has claimed its file.")),
    export=Export(permission=INVITE, filename="uninvited"),
)  # fmt: skip
INVITATIONS = ListPage(
    name="welcome:invitations",
    path="",
    title=_("Invitations"),
    icon="mail-opened",
    permission=VIEW,
    selector=selectors.invitations,
    table=InvitationTable,
    filters=InvitationFilters,
    lead=_("Which units were invited to claim their file, and who has done so when"),
    tabs=(
        Tab(_("Invited"), "state=open"),
        Tab(_("Time is over"), "run_out=on"),
        Tab(_("Claimed"), "state=claimed"),
        Tab(_("All"), ""),
    ),
    actions=(CHOOSE, BY_LIST, ROUNDS_ACTION),
    bulk=(
        BulkAct(
            "revoke", _("Revoke"), services.revoke_invitation, form=ReasonForm, icon="x", tone="red",
            confirm=_("The codes open nothing any more."),
        ),
        BulkAct(
            "renew", _("Renew and print"), services.renew_invitations, icon="refresh", whole=renew_chosen,
            confirm=_("Each gets a new code on a new slip; the old codes open nothing any more."),
        ),
        BulkAct(
            "send", _("Send as short messages"), services.send_invitations, icon="message", whole=send_chosen,
            barred=no_gateway,
            confirm=SENDING,
        ),
    ),
    empty=Empty(_("No invitations"), _("Choose the units to invite, or give a list of numbers."), CHOOSE),
    export=Export(permission=VIEW, filename="invitations"),
)  # fmt: skip
INVITATION_PAGE = RecordPage(
    name="welcome:invitation",
    path="<int:pk>/",
    permission=VIEW,
    selector=selectors.invitations,
    title=lambda invitation: invitation.unit.name,
    number=lambda invitation: invitation.unit.number,
    badges=badges,
    facts=facts,
    back="welcome:invitations",
    deadlines=False,
    actions=(
        Action(_("Renew and print"), "welcome:renew", icon="refresh", permission=INVITE, when=open_one),
        Action(_("Send as a short message"), "welcome:send", icon="message", permission=INVITE, when=sendable),
        Action(_("Revoke"), "welcome:revoke", icon="x", permission=INVITE, tone="red", when=open_one),
    ),
)
BY_LIST_PAGE = FormPage(
    name="welcome:by-list",
    path="by-list/",
    title=_("Invite by a list"),
    permission=INVITE,
    form=NumbersForm,
    handle=invite_listed,
    submit=_("Invite"),
    cancel="welcome:invitations",
    intro=_("Every number that cannot be invited is named with its reason; the others are invited all the same."),
)
RENEW = FormPage(
    name="welcome:renew",
    path="<int:pk>/renew/",
    title=_("Renew the invitation"),
    permission=INVITE,
    selector=selectors.renewable,
    form=forms.Form,
    handle=renew_one,
    submit=_("Renew and print"),
    intro=_("A new code takes the place of the old one, which opens nothing any more. The time begins again."),
)
REVOKE = ActPage(
    name="welcome:revoke",
    path="<int:pk>/revoke/",
    title=_("Revoke the invitation"),
    selector=selectors.renewable,
    act=services.revoke_invitation,
    form=ReasonForm,
    submit=_("Revoke"),
    message=_("The invitation was revoked."),
    danger=True,
)
SEND = ActPage(
    name="welcome:send",
    path="<int:pk>/send/",
    title=_("Send as a short message"),
    selector=selectors.renewable,
    act=services.send_invitation,
    form=forms.Form,
    submit=_("Send"),
    message=_("The message is on its way; this page tells when it was sent."),
    intro=_("To the telephone of the unit's principal on file, with a code of its own; the slip stays good."),
)
ROUNDS = ListPage(
    name="welcome:rounds",
    path="rounds/",
    title=_("Rounds of invitations"),
    icon="list",
    permission=VIEW,
    selector=selectors.rounds,
    table=RoundTable,
    filters=RoundFilters,
    empty=Empty(_("No rounds"), _("Nobody in your area has invited units yet."), CHOOSE),
)
ROUND = RecordPage(
    name="welcome:round",
    path="rounds/<int:pk>/",
    permission=VIEW,
    selector=selectors.round_with_messages,
    title=lambda found: gettext("Round %(number)s") % {"number": found.pk},
    subtitle=str,
    facts=round_facts,
    back="welcome:rounds",
    deadlines=False,
    sections=(
        Section(_("Refused rows"), template="welcome/refused.html", context=refused, icon="alert-triangle"),
        Section(
            _("Invitations"),
            table=InvitationTable,
            rows=lambda found, actor: selectors.invitations(actor).filter(round=found).order_by("-claimed_at", "pk"),
            columns=("unit", "state", "expires_at", "claimed_at", "claimed_by", "message"),
            icon="mail",
            most=500,
            empty=_("None was invited."),
        ),
    ),
    actions=(
        Action(
            _("Renew and print all open"), "welcome:renew-round", icon="printer", permission=INVITE, when=still_open
        ),
        Action(_("Send as short messages"), "welcome:send-round", icon="message", permission=INVITE, when=still_open),
    ),
)  # fmt: skip
SEND_ROUND = FormPage(
    name="welcome:send-round",
    path="rounds/<int:pk>/send/",
    title=_("Send as short messages"),
    permission=INVITE,
    selector=selectors.own_rounds,
    form=forms.Form,
    handle=send_whole,
    submit=_("Send"),
    barred=no_gateway,
    intro=SENDING,
)
RENEW_ROUND = FormPage(
    name="welcome:renew-round",
    path="rounds/<int:pk>/renew/",
    title=_("Renew and print all open"),
    permission=INVITE,
    selector=selectors.own_rounds,
    form=forms.Form,
    handle=renew_round,
    submit=_("Renew and print"),
    intro=_("Codes are kept nowhere, so slips are printed again with new codes; those printed before open nothing."),
)
