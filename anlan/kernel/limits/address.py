"""From which address a request comes, when proxies stand before the platform."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address: the peer's own, or what the nearest of ``TRUSTED_PROXIES`` proxies saw.

    Each proxy adds its peer at the end of ``X-Forwarded-For``; what stands further left was written by the caller
    himself and is not believed. With fewer entries than proxies, or with an entry that is no address, the peer's own
    counts. Without proxies the header is not looked at.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    count = settings.TRUSTED_PROXIES
    if not count:
        return peer
    chain = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")]
    if len(chain) < count:
        return peer
    try:
        return str(ipaddress.ip_address(chain[-count]))
    except ValueError:
        return peer
