"""Accounts: list, record, opening, one-time passwords, closing."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.counting import counted
from anlan.kernel.identity import services
from anlan.kernel.identity.models import GrantKind, User
from anlan.modules.office import choices, selectors
from anlan.modules.office.filters import UserFilters
from anlan.modules.office.forms import ReasonForm, UserForm
from anlan.modules.office.tables import GrantTable, UserTable
from anlan.ui import forms, links
from anlan.ui.pages import Action, ActPage, Empty, Export, FormPage, Item, ListPage, RecordPage, Section, actor_of

MANAGE = "identity.users"


def slip(request: HttpRequest, user: User, secret: str) -> HttpResponse:
    """The one-time password, shown once and ready to be printed and handed over."""
    context = {
        "title": _("One-time password"), "account": user, "secret": secret, "address": settings.PUBLIC_ADDRESS,
        "at": clock.now(), "by": actor_of(request).name, "back": links.url_of(user),
    }  # fmt: skip
    response = render(request, "office/slip.html", context)
    response["Cache-Control"] = "no-store"
    return response


def open_account(request: HttpRequest, form: UserForm) -> HttpResponse:
    """Open the account and issue its first password."""
    actor = actor_of(request)
    user = services.add_user(actor=actor, key=form.key, **form.arguments())
    secret = services.reset_password(actor=actor, user=user, key=f"{form.key}:password" if form.key else None)
    return slip(request, user, secret)


def reset(request: HttpRequest, form: forms.Form, user: User) -> HttpResponse:
    """Issue a new one-time password."""
    return slip(request, user, services.reset_password(actor=actor_of(request), user=user, key=form.key))


def facts(user: User, actor: Actor) -> list[Item]:
    """What is known of an account."""
    return [
        Item(_("Sign-in name"), user.username),
        Item(_("Job title"), user.title),
        Item(_("E-mail"), user.email),
        Item(_("Kept by"), user.region_path, kind="region"),
        Item(_("Roles today"), choices.labelled(g.role for g in user.now)),  # type: ignore[attr-defined]
        Item(_("Last sign-in"), user.last_login),
        Item(_("Must change the password"), user.must_change_password),
        Item(_("Second factor"), is_mfa_enabled(user)),
        Item(_("Devices signed in"), counted(UserSession.objects.filter(user=user))),
        Item(_("API tokens in force"), counted(user.tokens.filter(revoked_at=None, valid_to__gt=clock.now()))),
    ]


def badges(user: User) -> list[tuple[Any, str]]:
    """Whether the account is open."""
    return [] if user.is_active else [(_("Account closed"), "grey")]


def is_open(user: User, actor: Actor) -> bool:
    """For acts on open accounts."""
    return user.is_active


def is_closed(user: User, actor: Actor) -> bool:
    """For acts on closed accounts."""
    return not user.is_active


def has_second_factor(user: User, actor: Actor) -> bool:
    """For taking it away."""
    return user.is_active and is_mfa_enabled(user)


def holds_post(user: User, actor: Actor) -> bool:
    """For handing over: somebody who serves at a desk."""
    posted = (g.region_id is not None and g.kind == GrantKind.POST for g in user.now)  # type: ignore[attr-defined]
    return user.is_active and any(posted)


USERS = ListPage(
    name="office:users",
    path="users/",
    title=_("Accounts"),
    icon="users",
    permission=choices.SEE,
    selector=selectors.users,
    table=UserTable,
    filters=UserFilters,
    lead=_("Who signs in here, kept or serving in your jurisdiction"),
    actions=(Action(_("Open an account"), "office:add-user", icon="user-plus", permission=MANAGE),),
    empty=Empty(_("No accounts"), _("Nobody in your jurisdiction fits these filters.")),
    export=Export(permission=choices.SEE),
)
USER = RecordPage(
    name="office:user",
    path="users/<int:pk>/",
    permission=choices.SEE,
    selector=selectors.users,
    title=lambda user: user.name,
    number=lambda user: user.username,
    badges=badges,
    facts=facts,
    back="office:users",
    deadlines=False,
    sections=(
        Section(
            _("Authorities"),
            table=GrantTable,
            rows=lambda user, actor: selectors.grants(actor).filter(user=user),
            columns=("role", "place", "sector", "kind", "valid_from", "valid_to", "basis", "reason"),
            icon="shield-check",
            empty=_("No authority was ever given to this account."),
        ),
    ),
    actions=(
        Action(_("Give an authority"), "office:give", icon="shield-check", permission="identity.grants", when=is_open),
        Action(_("For a unit"), "office:give-unit", icon="building", permission="identity.grants", when=is_open),
        Action(_("One-time password"), "office:reset", icon="key", permission=MANAGE, when=is_open),
        Action(_("Recovery code"), "office:recovery", icon="lock-open", permission=MANAGE, when=is_open),
        Action(
            _("Hand over the work"), "office:hand-over", icon="transfer", permission="identity.grants", when=holds_post
        ),
        Action(
            _("Remove the second factor"), "office:unpair", icon="shield-off", permission=MANAGE, when=has_second_factor
        ),
        Action(
            _("Close the account"), "office:close-user", icon="user-off", permission=MANAGE, tone="red", when=is_open
        ),
        Action(_("Open again"), "office:reopen-user", icon="user-check", permission=MANAGE, when=is_closed),
    ),
)
ADD_USER = FormPage(
    name="office:add-user",
    path="users/new/",
    title=_("Open an account"),
    permission=MANAGE,
    form=UserForm,
    handle=open_account,
    submit=_("Open and issue the password"),
    cancel="office:users",
    intro=_("The first password is shown once, to be printed and handed over; it is changed at the first sign-in."),
)
RESET = FormPage(
    name="office:reset",
    path="users/<int:pk>/password/",
    title=_("Issue a one-time password"),
    permission=MANAGE,
    selector=selectors.users,
    form=forms.Form,
    handle=reset,
    submit=_("Issue"),
    intro=_("The present password, every session and every API token of this account end at once. Make sure who asks."),
    danger=True,
)
UNPAIR = ActPage(
    name="office:unpair",
    path="users/<int:pk>/second-factor/",
    title=_("Remove the second factor"),
    selector=selectors.users,
    act=services.remove_second_factor,
    form=ReasonForm,
    submit=_("Remove"),
    message=_("The second factor was removed; a new one is set up at the next sign-in."),
    danger=True,
)
CLOSE_USER = ActPage(
    name="office:close-user",
    path="users/<int:pk>/close/",
    title=_("Close the account"),
    selector=selectors.users,
    act=services.close_user,
    form=ReasonForm,
    submit=_("Close the account"),
    message=_("The account was closed."),
    intro=_("Sessions, API tokens and authorities end at once. What the person did stays in the journal."),
    danger=True,
)
REOPEN_USER = ActPage(
    name="office:reopen-user",
    path="users/<int:pk>/reopen/",
    title=_("Open the account again"),
    selector=selectors.users,
    act=services.reopen_user,
    form=ReasonForm,
    submit=_("Open again"),
    message=_("The account is open again. It has no authority and no password yet."),
)
