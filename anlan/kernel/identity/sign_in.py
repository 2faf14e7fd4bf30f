"""How allauth and axes are used: no open sign-up, and a lock-out that says how long it lasts."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.models import AccessLog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.identity.models import User
from anlan.kernel.identity.sealing import seal_secret, unseal_secret
from anlan.kernel.limits.address import address_of
from anlan.kernel.limits.services import count, wait

log = logging.getLogger(__name__)
KNOWN_FOR = dt.timedelta(days=30)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped here
    """Accounts are opened by an administrator or by invitation, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by himself."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The caller's address, past the proxies that are trusted."""
        return address_of(request)

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


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped here
    """The keys of second factors, and the seeds of their spare codes, lie in the database sealed by the master key."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The key. Where the master key does not fit it is one that nobody knows: no code is right then."""
        found = unseal_secret(encrypted_text)
        if found is None:
            log.error("The master key does not open the key of a second factor; restore it from its copy.")
            return base64.b32encode(os.urandom(20)).decode()
        return found


def sign_in_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The account a sign-in was tried for, in one spelling, so that capitals are no way round the lock-out."""
    given = credentials or {}
    name = given.get("username") or request.POST.get("login") or request.POST.get("username") or ""
    return str(name).strip().lower()[:150]


def note_failure(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A wrong password counts against its address and against the account it was tried on."""
    if request is not None:
        count("sign_in.address", address_of(request))
        count("sign_in.account", sign_in_name(request, credentials))


def wait_of_sign_in(address: str, name: str) -> int:
    """The seconds before another password is taken from this address, or for this account; 0 for none.

    Where the account's owner has signed in of late the second limit does not count: whoever tries his account from
    elsewhere cannot keep him out.
    """
    seconds = wait(("sign_in.address", address))
    if not seconds and (shut := wait(("sign_in.account", name))):
        known = AccessLog.objects.filter(
            username=name, ip_address=address or None, attempt_time__gt=clock.now() - KNOWN_FOR
        )
        return 0 if known.exists() else shut
    return seconds


def keep_to_the_hour(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """A session ends so many hours after the sign-in, however much it is used meanwhile.

    By Django's own clock, which the sessions are read with.
    """
    request.session.set_expiry(timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many wrong passwords: say so, and when to try again."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    answer = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
