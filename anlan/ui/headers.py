"""The headers that hold on every answer: pages, files, refusals, faults, the API and static files alike."""

from __future__ import annotations

import functools
from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What no page of ours uses, no page of ours may: only photos and one's own place are asked for.
PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), display-capture=(), encrypted-media=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), camera=(self), "
    "geolocation=(self)"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": PERMISSIONS,
}
POLICY = "Content-Security-Policy"


@functools.cache
def policy() -> str:
    """The content policy of the settings as one line; files have a narrower one of their own."""
    return str(build_policy())


def shield(response: HttpResponseBase) -> HttpResponseBase:
    """The headers on an answer that has none of its own; also for what is answered before any middleware."""
    for name, value in {**HEADERS, POLICY: policy()}.items():
        response.headers.setdefault(name, value)
    return response


class HeadersMiddleware:
    """The outermost of all: whatever answers further in, a refused host and a fault included, passes through here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = shield(self.get_response(request))
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")  # programs keep what they need themselves
        return response
