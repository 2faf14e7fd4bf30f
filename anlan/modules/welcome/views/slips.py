"""Slips with a one-time code, for paper: invitations by the sheet, recovery codes one by one."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.modules.welcome.services import Outcome
from anlan.ui.pages import actor_of


def qr(address: str) -> SafeString:
    """The address as a QR code: an SVG without styles, so that the content policy admits it."""
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)


def open_address(name: str, code: str = "") -> str:
    """The full address of a public page."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reverse(name)}{code + '/' if code else ''}"


def sheet(request: HttpRequest, outcome: Outcome, *, back: str) -> HttpResponse:
    """The slips of a round on one page, eight to an A4 sheet, with the rows refused above them on the screen."""
    slips = [
        {"slip": slip, "qr": qr(open_address("welcome:claim", slip.code)), "until": clock.day_of(slip.until)}
        for slip in outcome.slips
    ]
    context = {
        "title": _("Slips to claim the file"), "slips": slips, "address": open_address("welcome:claim"),
        "refused": [{"given": t.given, "why": _(t.why) % t.params} for t in outcome.refused], "back": back,
        "by": actor_of(request).name,
    }  # fmt: skip
    return _secret(render(request, "welcome/sheet.html", context))


def recovery_slip(request: HttpRequest, user: Any, code: str, *, back: str, first: bool = False) -> HttpResponse:
    """A recovery code for one account, ready to be printed and handed over."""
    context = {
        "title": _("First password") if first else _("Recovery code"), "account": user, "code": code, "first": first,
        "address": open_address("welcome:recover"), "qr": qr(open_address("welcome:recover")), "back": back,
        "by": actor_of(request).name, "at": clock.now(),
    }  # fmt: skip
    return _secret(render(request, "welcome/recovery.html", context))


def _secret(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
