"""The two pages that need no sign-in: claiming a unit's file, and setting a new password by a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused
from anlan.kernel.identity.services import note_try, recover_password, too_many_tries
from anlan.kernel.limits.address import address_of
from anlan.kernel.limits.services import count, wait
from anlan.modules.welcome.forms import ClaimForm, OpenForm, RecoverForm
from anlan.modules.welcome.services import claim_unit

WAITING, WAITS = "anlan_claim", 600  # the cookie of a code on its way to the form, in seconds
WITHIN = 900  # seconds after which wrong codes count no longer
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@BOTH
def carry(request: HttpRequest, code: str) -> HttpResponse:
    """The link on the slip: takes the code out of the address at once, so that it stays in no history and goes nowhere.

    It waits for ten minutes in a cookie that only this server reads, on the page it belongs to.
    """
    response = redirect("welcome:claim")
    response.set_signed_cookie(
        WAITING, code[:40], salt=WAITING, max_age=WAITS, path=reverse("welcome:claim"), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@never_cache
@BOTH
def claim(request: HttpRequest) -> HttpResponse:
    """Claim a unit's file by the code on the slip."""
    code = request.get_signed_cookie(WAITING, "", salt=WAITING, max_age=WAITS) or ""

    def act(form: OpenForm) -> Any:
        return claim_unit(actor=Actor.nobody(), language=get_language() or "zh-hans", **form.arguments())

    response = _opened(request, ClaimForm, act, "welcome/claim.html", "number", code)
    if code:
        response.delete_cookie(WAITING, path=reverse("welcome:claim"))
    return response


@never_cache
@BOTH
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new password by the code on the slip."""

    def act(form: OpenForm) -> Any:
        return recover_password(actor=Actor.nobody(), **form.arguments())

    return _opened(request, RecoverForm, act, "welcome/recover.html", "username")


def _opened(
    request: HttpRequest, kind: type[OpenForm], act: Callable[[OpenForm], Any], template: str, name: str, code: str = ""
) -> HttpResponse:
    """The form, or what became of it. What opened nothing counts against address, code and ``name``, the field that
    says whose code it is."""
    nobody = Actor.nobody()
    if request.method != "POST":
        form = kind(actor=nobody, initial={"code": code[:40]})
        return _page(request, template, form)
    form = kind(request.POST, actor=nobody)
    address, typed = address_of(request), request.POST.get("code", "")[:80]
    whose = f"{template}:{''.join(request.POST.get(name, '')[:80].split()).lower()}"
    seconds = WITHIN if too_many_tries(address, typed) else wait(("codes.name", whose))
    if seconds:
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(seconds)
        return response
    if not form.is_valid():
        return _page(request, template, form, 422)
    try:
        user = act(form)
    except (BadInput, BadInputs) as why:
        if isinstance(why, BadInput) and why.column == "code":
            note_try(actor=nobody, address=address, code=typed)
            count("codes.name", whose)
        form.refuse(why)
        return _page(request, template, form, 422)
    except Refused as why:
        form.refuse(why)
        return _page(request, template, form, why.status)
    logout(request)  # whoever was signed in here goes on as nobody; his own sessions may have ended just now
    context = {"done": True, "username": user.username, "sign_in": reverse("account_login"), "title": _("Done")}
    return render(request, template, context)


def _page(request: HttpRequest, template: str, form: OpenForm, status: int = 200) -> HttpResponse:
    return render(request, template, {"form": form}, status=status)
