"""The reader's own choices, kept in cookies so that the first byte of every page already obeys them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from anlan.ui.context import SIDEBAR_COOKIE, THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Store ``language`` and ``theme`` from the form and go back to ``next``; unknown values change nothing."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    choices = {
        settings.LANGUAGE_COOKIE_NAME: ("language", [code for code, _ in settings.LANGUAGES]),
        THEME_COOKIE: ("theme", THEMES),
        SIDEBAR_COOKIE: ("sidebar", ("narrow", "wide")),
    }
    for cookie, (field, allowed) in choices.items():
        value = request.POST.get(field, "")
        if value in allowed:
            # Readable by scripts: the theme switch answers without a round trip. Nothing secret is in it.
            response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
