"""Puts the actor on the request, and keeps people who must change a password from going elsewhere first."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User

OPEN = ("/account/", "/static/", "/healthz", "/i18n/", "/api/")


class ActorMiddleware:
    """``request.actor`` is the signed-in user with the grants valid today, or nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = SimpleLazyObject(lambda: _actor(user))  # type: ignore[attr-defined]
        if isinstance(user._wrapped if hasattr(user, "_wrapped") else user, User) and not request.path.startswith(OPEN):
            if user.must_change_password:
                return redirect("account_change_password")
            needed = set(getattr(settings, "SECOND_FACTOR_ROLES", ()))
            if needed & request.actor.roles and not _has_second_factor(user):  # type: ignore[attr-defined]
                return redirect("mfa_activate_totp")
        return self.get_response(request)


def _actor(user: object) -> Actor:
    return actor_for(user) if isinstance(user, User) or getattr(user, "is_authenticated", False) else Actor.nobody()  # type: ignore[arg-type]


def _has_second_factor(user: object) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(user))


def change_password_url() -> str:
    """Where a password is changed."""
    return reverse("account_change_password")
