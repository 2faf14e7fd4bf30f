"""The script that gives out pages kept on the device: it has to lie at the root to serve every page."""

from __future__ import annotations

import functools
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SCRIPT = Path(__file__).parent.parent / "static" / "ui" / "field-worker.js"


@functools.cache
def _script() -> bytes:
    return SCRIPT.read_bytes()


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; asked for anew with every visit, since a browser goes on with an old one otherwise."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
