"""The web application for granian: pages in bounded threads, live streams beside them (docs/decisions/0011)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpRequest

from anlan.config.wsgi import application as pages
from anlan.kernel.notify.live import CHANNEL
from anlan.runtime import connections as shares
from anlan.runtime.front import AGAIN, Front, Headers
from anlan.runtime.live import Hub
from anlan.runtime.warm import WarmUp
from anlan.ui import outage
from anlan.ui.headers import shield


def _busy(environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """503 with when to come again, as the page or the API says it."""
    return _said(*_manner(environ), large=False)


def _large(environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """413: more than one request may bring."""
    return _said(*_manner(environ), large=True)


def _manner(environ: dict[str, Any]) -> tuple[str, str]:
    request: HttpRequest = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    return outage.manner_of(request)


@cache
def _said(manner: str, language: str, *, large: bool) -> tuple[int, Headers, bytes]:
    answer = outage.too_large(manner, language) if large else outage.too_many(manner, language, AGAIN)
    return answer.status_code, list(shield(answer).items()), answer.content


def _connect() -> dict[str, Any]:
    parameters = connections["default"].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")}


warming = WarmUp()
streams = shares.number("ANLAN_STREAMS_MAX", shares.STREAMS)
application = Front(
    pages,
    Hub(_connect(), CHANNEL, _busy, most=streams),
    threads=shares.wanted(),
    busy=_busy,
    large=_large,
    before=warming.before,
    beside=warming.beside,
)
