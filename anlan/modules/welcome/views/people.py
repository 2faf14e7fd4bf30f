"""The people of units: who they are, the safety manager, workshops and workers, lost passwords."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.identity import services as identity
from anlan.kernel.identity.models import Grant
from anlan.modules.registry.public import unit_names
from anlan.modules.welcome import selectors, services
from anlan.modules.welcome.filters import PeopleFilters
from anlan.modules.welcome.forms import AccountForm, ReasonForm, SafetyForm, sole_unit
from anlan.modules.welcome.tables import PeopleTable, role_name
from anlan.modules.welcome.views.slips import recovery_slip
from anlan.modules.welcome.workflow import PEOPLE
from anlan.ui import forms
from anlan.ui.pages import Action, ActPage, Empty, Export, FormPage, Item, ListPage, RecordPage, actor_of

LIST = "welcome:people"


class AccountPage(RecordPage):
    """A person of a unit. Authorities have a page of their own in the office; links elsewhere lead there."""

    def registered(self) -> None:
        """Enter nothing: this is not *the* page of an authority."""


def facts(grant: Grant, actor: Actor) -> list[Item]:
    """What is known of somebody who acts for a unit."""
    user = grant.user
    return [
        Item(_("Sign-in name"), user.username),
        Item(_("Role"), role_name(grant.role)),
        Item(_("Workshop or post"), user.title),
        Item(_("Unit"), unit_names({grant.holder}).get(grant.holder, "")),
        Item(_("From"), grant.valid_from),
        Item(_("To"), grant.valid_to),
        Item(_("Last sign-in"), user.last_login),
    ]


def manages(grant: Grant, actor: Actor) -> bool:
    """For acts on those below."""
    return selectors.people_below(actor).filter(pk=grant.pk).exists()


def recover(request: HttpRequest, form: forms.Form, grant: Grant) -> HttpResponse:
    """Issue a recovery code for somebody of a unit, on a slip."""
    code = identity.issue_recovery(actor=actor_of(request), user=grant.user, key=form.key)
    return recovery_slip(request, grant.user, code, back=reverse("welcome:account", args=[grant.pk]))


def name_safety(request: HttpRequest, form: SafetyForm) -> Any:
    """Name the safety manager; somebody new gets a slip with the first code."""
    opened = services.name_safety_manager(actor=actor_of(request), key=form.key, **form.arguments())
    if not opened.code:
        return reverse(LIST)
    return recovery_slip(request, opened.user, opened.code, back=reverse(LIST), first=True)


def open_account(request: HttpRequest, form: AccountForm) -> HttpResponse:
    """Open an account for a workshop or a worker, with a slip."""
    opened = services.open_unit_account(actor=actor_of(request), key=form.key, **form.arguments())
    return recovery_slip(request, opened.user, opened.code, back=reverse(LIST), first=True)


NAME = Action(_("Name the safety manager"), "welcome:safety", icon="user-shield", permission=PEOPLE, tone="primary")
OPEN = Action(_("Account for a workshop or worker"), "welcome:open-account", icon="user-plus", permission=PEOPLE)

PEOPLE_LIST = ListPage(
    name=LIST,
    path="people/",
    title=_("People of units"),
    icon="users",
    permission=PEOPLE,
    selector=selectors.people,
    table=PeopleTable,
    filters=PeopleFilters,
    lead=_("Who acts for a unit here, and as what"),
    actions=(NAME, OPEN),
    empty=Empty(_("Nobody yet"), _("Invite the unit; whoever claims its file is its principal.")),
    export=Export(permission=PEOPLE, filename="people"),
)
ACCOUNT = AccountPage(
    name="welcome:account",
    path="people/<int:pk>/",
    permission=PEOPLE,
    selector=selectors.people,
    title=lambda grant: grant.user.name,
    subtitle=lambda grant: role_name(grant.role),
    facts=facts,
    back=LIST,
    deadlines=False,
    timeline=False,
    actions=(
        Action(_("Recovery code"), "welcome:recovery", icon="key", permission=PEOPLE, when=manages),
        Action(_("End the account"), "welcome:end", icon="user-off", permission=PEOPLE, tone="red", when=manages),
    ),
)
RECOVERY = FormPage(
    name="welcome:recovery",
    path="people/<int:pk>/recovery/",
    title=_("Issue a recovery code"),
    permission=PEOPLE,
    selector=selectors.people_below,
    form=forms.Form,
    handle=recover,
    submit=_("Issue"),
    lead=lambda grant: f"{grant.user.name} ({grant.user.username})",
    cancel=LIST,
    intro=_(
        "For somebody who lost the password: a slip with a code that is good once, for a day. With it he sets a new "
        "password; every session then ends. The present password goes on until the code is used. Make sure who asks."
    ),
)
END = ActPage(
    name="welcome:end",
    path="people/<int:pk>/end/",
    title=_("End the account"),
    selector=selectors.people_below,
    act=services.end_unit_account,
    form=ReasonForm,
    submit=_("End the account"),
    lead=lambda grant: f"{grant.user.name} · {role_name(grant.role)}",
    message=_("The account was ended."),
    done=lambda outcome: reverse(LIST),
    cancel=LIST,
    intro=_("He may do nothing for the unit any more; an account without any other authority is closed."),
    danger=True,
)
SAFETY = FormPage(
    name="welcome:safety",
    path="people/safety/",
    title=_("Name the safety manager"),
    permission=PEOPLE,
    form=SafetyForm,
    handle=name_safety,
    initial=sole_unit,
    submit=_("Name the safety manager"),
    message=_("The safety manager was named."),
    cancel=LIST,
    intro=_("Whoever was safety manager before is none from now on; what was open in his name goes to the new one."),
)
OPEN_ACCOUNT = FormPage(
    name="welcome:open-account",
    path="people/new/",
    title=_("Account for a workshop or worker"),
    permission=PEOPLE,
    form=AccountForm,
    handle=open_account,
    initial=sole_unit,
    submit=_("Open the account"),
    cancel=LIST,
    intro=_(
        "A workshop reports hazards and hands in rectifications; a worker reports. The first password is set by its "
        "owner, with the code on the slip."
    ),
)
