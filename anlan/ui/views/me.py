"""The own account: who I am here, language and theme, sessions, second factor, API tokens, saved filters."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.identity.models import ApiToken
from anlan.kernel.identity.services import issue_token, revoke_token
from anlan.ui import forms, places
from anlan.ui.models import SavedFilter
from anlan.ui.pages import PAGES, ActPage, CustomPage, FormPage, actor_of
from anlan.ui.rights import permission_label, role_label
from anlan.ui.selectors import person

THEMES = (("light", _("Light")), ("dark", _("Dark")), ("auto", _("As the device")))


def own_tokens(actor: Actor) -> Any:
    """The actor's own API tokens, newest first."""
    return ApiToken.objects.filter(user_id=person(actor)).order_by("-pk")


def show(request: HttpRequest) -> HttpResponse:
    """The account page."""
    actor, user = actor_of(request), request.user
    named = places.names({g.path for g in actor.grants}, levels=0)
    saved = SavedFilter.objects.filter(user_id=person(actor)).order_by("page", "name")
    context = {
        "title": _("My account"),
        "user": user,
        "grants": [
            {"role": role_label(g.role), "place": named.get(g.path, ""), "sector": g.sector, "unit": bool(g.holder)}
            for g in actor.grants
        ],
        "themes": THEMES,
        "languages": settings.LANGUAGES,
        "second_factor": is_mfa_enabled(user),
        "sessions": [
            {"session": s, "current": s.is_current(), "device": device(s.user_agent)}
            for s in UserSession.objects.purge_and_list(user)
        ],
        "tokens": own_tokens(actor),
        "saved": [
            {"saved": s, "title": PAGES[s.page].title, "url": f"{PAGES[s.page].address()}?{s.query}"}
            for s in saved
            if s.page in PAGES and not PAGES[s.page].path.count("<")
        ],
    }
    return render(request, "ui/me.html", context)


def device(agent: str) -> str:
    """A browser and system in a word or two, from what the browser says of itself."""
    text = agent or ""
    browsers = (
        ("Edg/", "Edge"),
        ("MicroMessenger", "WeChat"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in text), gettext("Unknown browser"))
    system = next((name for mark, name in systems if mark in text), "")
    return f"{browser} · {system}" if system else browser


def scopes(actor: Actor) -> list[tuple[str, str]]:
    """What a token may be allowed: nothing its owner may not do himself."""
    held = {p for grant in actor.grants for p in grant.permissions if "." in p and p != "account.own"}
    return sorted(((p, permission_label(p)) for p in held), key=lambda pair: pair[0])


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.Text(
        _("Name"), max_length=60, help_text=_("What will use it, such as “Reporting to the city platform”.")
    )
    scopes = forms.Choices(_("What it may do"), scopes)
    days = forms.Whole(_("Valid for"), unit=_("days"), least=1, most=366, initial=90)


def issue(request: HttpRequest, form: TokenForm) -> HttpResponse:
    """Issue the token and show its secret, this once."""
    token, secret = issue_token(actor=actor_of(request), key=form.key, user=request.user, **form.arguments())
    context = {"title": _("New API token"), "token": token, "secret": secret, "back": reverse("ui:me")}
    response = render(request, "ui/token.html", context)
    response["Cache-Control"] = "no-store"
    return response


def end_sessions(request: HttpRequest, form: forms.Form) -> str:
    """End every session but this one."""
    for session in UserSession.objects.purge_and_list(request.user):
        if not session.is_current():
            session.end()
    messages.success(request, gettext("Every other session was ended."))
    return reverse("ui:me")


ME = CustomPage(name="ui:me", path="me/", title=_("My account"), icon="user-circle", view=show)
TOKEN = FormPage(
    name="ui:token",
    path="me/tokens/new/",
    title=_("New API token"),
    permission="account.own",
    form=TokenForm,
    handle=issue,
    submit=_("Issue"),
    cancel="ui:me",
    intro=_("A token lets a program act in your name, within what you choose here. Its secret is shown once."),
)
REVOKE = ActPage(
    name="ui:revoke",
    path="me/tokens/<int:pk>/revoke/",
    title=_("Revoke the token"),
    act=revoke_token,
    selector=own_tokens,
    submit=_("Revoke"),
    danger=True,
    message=_("The token was revoked."),
    done=lambda token: reverse("ui:me"),
    cancel="ui:me",
    lead=lambda token: token.name,
    intro=_("Programs that use it are refused from now on."),
)
END_SESSIONS = FormPage(
    name="ui:end-sessions",
    path="me/sessions/end/",
    title=_("End all other sessions"),
    handle=end_sessions,
    submit=_("End them"),
    danger=True,
    cancel="ui:me",
    intro=_("Every other browser in which you are signed in has to sign in again."),
)
