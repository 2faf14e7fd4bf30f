"""The two pages that need no sign-in: claiming a unit's file, and setting a new password by a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anlan.kernel.actor import Actor
from anlan.kernel.errors import BadInput, BadInputs, Refused
from anlan.kernel.identity.services import note_try, recover_password, too_many_tries
from anlan.modules.welcome.forms import ClaimForm, OpenForm, RecoverForm
from anlan.modules.welcome.services import claim_unit

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@BOTH
def claim(request: HttpRequest, code: str = "") -> HttpResponse:
    """Claim a unit's file by the code on the slip; the link on the slip fills it in."""

    def act(form: OpenForm) -> Any:
        return claim_unit(actor=Actor.nobody(), language=get_language() or "zh-hans", **form.arguments())

    return _opened(request, ClaimForm, act, "welcome/claim.html", code)


@never_cache
@BOTH
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new password by the code on the slip."""

    def act(form: OpenForm) -> Any:
        return recover_password(actor=Actor.nobody(), **form.arguments())

    return _opened(request, RecoverForm, act, "welcome/recover.html")


def _opened(
    request: HttpRequest, kind: type[OpenForm], act: Callable[[OpenForm], Any], template: str, code: str = ""
) -> HttpResponse:
    """The form, or what became of it. A code that opened nothing counts against address and code alike."""
    nobody = Actor.nobody()
    if request.method != "POST":
        form = kind(actor=nobody, initial={"code": code[:40]})
        return _page(request, template, form)
    form = kind(request.POST, actor=nobody)
    address, typed = str(get_client_ip_address(request) or ""), request.POST.get("code", "")[:80]
    if too_many_tries(address, typed):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = "900"
        return response
    if not form.is_valid():
        return _page(request, template, form, 422)
    try:
        user = act(form)
    except (BadInput, BadInputs) as why:
        if isinstance(why, BadInput) and why.column == "code":
            note_try(actor=nobody, address=address, code=typed)
        form.refuse(why)
        return _page(request, template, form, 422)
    except Refused as why:
        form.refuse(why)
        return _page(request, template, form, why.status)
    context = {"done": True, "username": user.username, "sign_in": reverse("account_login"), "title": _("Done")}
    return render(request, template, context)


def _page(request: HttpRequest, template: str, form: OpenForm, status: int = 200) -> HttpResponse:
    return render(request, template, {"form": form}, status=status)
