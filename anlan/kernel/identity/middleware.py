"""Puts the actor on the request, and keeps people who must change a password from going elsewhere first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User

OPEN = ("/account/", "/static/", "/healthz", "/i18n/")
API = "/api/"


class ActorMiddleware:
    """``request.actor`` is the signed-in user with the grants valid now, or nobody.

    Made afresh for each request, so that an authority given or ended counts from the next click on. Whoever must
    first change a one-time password, or set up the second factor his role asks for, is sent to do that; to the API
    he is nobody until then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request.user))  # type: ignore[attr-defined]
        if not request.path.startswith(OPEN):
            first = _first_needed(request)
            if first and request.path.startswith(API):
                request.actor = Actor.nobody()  # type: ignore[attr-defined]
            elif first:
                return redirect(first)
        return self.get_response(request)


def _actor(user: object) -> Actor:
    """Whoever asks, in the language this page is read in: it may be chosen for a browser alone."""
    actor = actor_for(user) if isinstance(user, User) else Actor.nobody()
    return replace(actor, language=get_language() or actor.language)


def _first_needed(request: HttpRequest) -> str:
    """The name of the page to be dealt with before anything else; "" for none."""
    user = request.user
    if not isinstance(user, User):
        return ""
    if user.must_change_password:
        return "account_change_password"
    needed = set(settings.SECOND_FACTOR_ROLES)
    if needed and needed & request.actor.roles and not is_mfa_enabled(user):  # type: ignore[attr-defined]
        return "mfa_activate_totp"
    return ""
