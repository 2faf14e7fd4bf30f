"""Too many requests: which requests count against which limit, and how a caller is told (429 with Retry-After)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from anlan.kernel.errors import TooMany
from anlan.kernel.identity.sign_in import sign_in_name, wait_of_sign_in
from anlan.kernel.limits.address import address_of
from anlan.kernel.limits.services import count
from anlan.ui.middleware import answer
from anlan.ui.pages.base import ENDPOINTS
from anlan.ui.refusals import describe

API, SIGN_IN, SEARCH = "/api/", "account_login", "ui:search"
UPLOADS = "/api/v1/uploads/"
LEDGERS = ("export", "print")
_OPEN: set[str] = set()


def open_to_visitors(*names: str) -> None:
    """Declare addresses outside the register of pages that answer whoever is not signed in: they count by address."""
    _OPEN.update(names)


class LimitMiddleware:
    """Counts what a signed-in account, or a token, asks for; and looks before a password is tried at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 401 and request.path.startswith(API) and "Authorization" in request.headers:
            seconds = count("token.address", address_of(request))
            if seconds:
                return too_many(request, seconds)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """429 in place of the view where a limit is used up; None otherwise."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name == SIGN_IN and request.method == "POST":
            seconds = wait_of_sign_in(address_of(request), sign_in_name(request))
            return too_many(request, seconds) if seconds else None
        subject = _subject(request)
        for code in _codes(request, name) if subject else _visits(request, name):
            if seconds := count(code, subject or f"address:{address_of(request)}"):
                return too_many(request, seconds)
        return None


def _codes(request: HttpRequest, name: str) -> list[str]:
    """The limits a request counts against."""
    codes = ["api"] if request.path.startswith(API) else []
    endpoint = ENDPOINTS.get(name)
    if name == SEARCH:
        codes.append("search")
    elif endpoint is not None and endpoint.kind in LEDGERS:
        codes.append("export")
    if request.path == UPLOADS and request.method == "POST":
        codes.append("sent_up")
    if request.method == "POST" and request.content_type == "multipart/form-data":
        codes.append("upload")
    return codes


def _visits(request: HttpRequest, name: str) -> list[str]:
    """The limits that somebody who is not signed in counts against at a public page; none elsewhere."""
    endpoint = ENDPOINTS.get(name)
    if name not in _OPEN and (endpoint is None or not endpoint.public):
        return []
    return ["visitor", "visitor.ask"] if request.GET else ["visitor"]


def _subject(request: HttpRequest) -> str:
    """Whom a request counts for: the token it brings, else the account; "" for nobody."""
    token = request.headers.get("Authorization", "") if request.path.startswith(API) else ""
    if token:
        return f"token:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}"
    return str(request.actor.key) if request.actor.signed_in else ""  # type: ignore[attr-defined]


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The answer: a page, a message over the page (htmx), or a problem of RFC 9457."""
    why = TooMany(seconds)
    return problem(why) if request.path.startswith(API) else answer(request, why)


def problem(why: TooMany) -> HttpResponse:
    """The API's answer: ``application/problem+json``, with the platform's own code and sentence beside."""
    said = describe(why)
    body = {
        "type": "about:blank", "title": said.title, "status": why.status, "detail": said.sentence, "code": said.code,
        "message": said.sentence,
    }  # fmt: skip
    response = JsonResponse(body, status=why.status, content_type="application/problem+json")
    response["Retry-After"] = str(why.seconds)
    return response
