"""How allauth and axes are used: no open sign-up, and a lock-out that says how long it lasts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.kernel.identity.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped here
    """Accounts are opened by an administrator or by invitation, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by himself."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes, per account and address and across processes, not here as well."""

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """The language follows the user's own setting."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        request.session["language"] = user.language
        return response

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """The policy; and a password that has to be changed really changes."""
        if isinstance(user, User) and user.has_usable_password() and user.check_password(password):
            raise ValidationError(_("Choose a password other than the present one."), code="password_same")
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        """A password chosen by its owner: nothing more is asked of him."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])


def sign_in_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The account a sign-in was tried for, in one spelling, so that capitals are no way round the lock-out."""
    given = credentials or {}
    name = given.get("username") or request.POST.get("login") or request.POST.get("username") or ""
    return str(name).strip().lower()[:150]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many wrong passwords: say so, and when to try again."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    answer = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
