"""Middleware of the screens: the reader's language, and refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_noop

from anlan.kernel.errors import BadInput, NotAllowed, NotFound, Refused, SignInNeeded, TooMany
from anlan.ui import once
from anlan.ui.refusals import describe, sentence_of

GetResponse = Callable[[HttpRequest], HttpResponse]
UNSTORABLE = gettext_noop("The address holds characters that cannot be stored. Type it again.")
FORBIDDEN = gettext_noop("You are not allowed to do this.")


class LanguageMiddleware:
    """Speaks the language of the reader's cookie, else of the user's own setting, else Simplified Chinese.

    The browser's Accept-Language is not asked: office machines carry browsers in all languages, and a public body
    speaks Chinese until somebody chooses otherwise.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.languages = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.session.get("language", "")
        language = chosen if chosen in self.languages else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        reads = request.method in ("GET", "HEAD")
        with translation.override(language), once.remembered() if reads else nullcontext():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class ErrorMiddleware:
    """Turns what services refuse into a page that says what to do, or into a message on the page at hand (htmx)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A character that no text of ours can hold is refused before anybody asks the database for it."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            why = BadInput("address", UNSTORABLE)
            if request.path.startswith("/api/"):
                return JsonResponse({**why.as_json(), "message": sentence_of(why)}, status=400)
            return answer(request, why, status=400)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a refusal; None leaves any other error, and the API, to their own handlers."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, Refused):
            return answer(request, error)
        if is_htmx(request):
            if isinstance(error, Http404):
                return answer(request, NotFound())
            if isinstance(error, PermissionDenied):
                return answer(request, Refused(FORBIDDEN), status=NotAllowed.status)
        return None


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asks for a fragment of a page rather than a page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true"


def answer(request: HttpRequest, error: Refused, status: int | None = None) -> HttpResponse:
    """A refusal as the reader should see it: sign-in, a message over the page, or a page of its own."""
    htmx = is_htmx(request)
    if isinstance(error, SignInNeeded):
        target = resolve_url(settings.LOGIN_URL)
        if htmx:
            response = HttpResponse(status=401)
            response["HX-Redirect"] = target
            return response
        return HttpResponseRedirect(f"{target}?{urlencode({'next': request.get_full_path()})}")
    status = status or error.status
    context = {"refusal": describe(error, status), "status": status}
    if htmx:
        response = render(request, "refusal.html", context, status=status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        response["HX-Push-Url"] = "false"
    else:
        response = render(request, "error.html", context, status=status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.seconds)
    return response
