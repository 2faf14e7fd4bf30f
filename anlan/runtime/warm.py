"""What a web process does beforehand, so that nobody waits for it later.

It does so before its first request while another process answers, or where nobody asked to be told that it is ready.
Where nobody else answers (a start, or the only one died) a cold answer is better than none: it takes requests at once,
warms up beside them, and says that it is ready when that is done.

The addresses are read, every template is compiled, the words of both languages are loaded, and each page of the menu
is drawn once for a reader in whose reach nothing lies. After that nothing of it is ever thrown away, so the collector
of cyclic garbage need not look at it again.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from wsgiref.util import setup_testing_defaults

from django.apps import apps
from django.conf import global_settings, settings
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver, resolve
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from psycopg_pool import PoolTimeout

from anlan.kernel.actor import EVERYTHING, Actor, Grant
from anlan.kernel.errors import Refused
from anlan.runtime import ready

NOWHERE = "!"  # a region's path that sorts before all there are
READER = Actor(
    key="warm-up", name="", grants=(Grant(role="", permissions=frozenset({EVERYTHING}), path=NOWHERE),)
)  # fmt: skip
PACKAGE = Path(__file__).parents[1]
YOUNG = 20_000  # new objects before the collector looks among them; Python's own 700 is reached ten times a page
log = logging.getLogger(__name__)


class WarmUp:
    """What comes ``before`` the first request, and what is left to be done ``beside`` them."""

    def __init__(self) -> None:
        self._done = False

    def before(self) -> None:
        """The addresses; everything, where nobody waits for this process."""
        get_resolver().url_patterns  # noqa: B018 - reads them: the first request would
        if not ready.awaited() or ready.others():
            self._done = True
            warm_up()

    def beside(self) -> None:
        """Everything, unless it is done."""
        if not self._done:
            self._done = True
            warm_up()


def warm_up() -> None:
    """All of it, then says that this process is ready. A database that does not answer holds nothing up."""
    compile_templates()
    own = settings.LANGUAGES is not global_settings.LANGUAGES  # else they are all that Django knows
    for language, _ in settings.LANGUAGES if own else ():
        with translation.override(language):
            translation.gettext("Home")
    try:
        connections["default"].ensure_connection()
    except (Error, PoolTimeout) as problem:
        log.warning("the database does not answer, so no page was drawn beforehand: %s", problem)
    else:
        for address in main_pages():
            draw(address)
    connections.close_all()
    settle()
    ready.announce()


def settle() -> None:
    """What is there now stays for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


def compile_templates() -> int:
    """Compiles every template of our own; says how many there are."""
    folders = {Path(folder) for engine in engines.all() for folder in engine.template_dirs}
    if folders:
        folders |= set(map(Path, get_app_template_dirs("templates")))
    own = [folder for folder in folders if PACKAGE in folder.parents]
    names = {path.relative_to(folder).as_posix() for folder in own for path in folder.rglob("*.html")}
    for name in names:
        get_template(name)
    return len(names)


def main_pages() -> list[str]:
    """The addresses of the menu; none where the screens are not installed."""
    if not apps.is_installed("anlan.ui"):
        return []
    from anlan.ui import menu  # their modules hold models
    from anlan.ui.pages.values import address_of

    return sorted({url for entry in menu.ENTRIES.values() if (url := address_of(entry.url))})


def draw(address: str) -> HttpResponseBase:
    """Draws a page as its reader would get it, past the sign-in; a fault is logged and answered as any other."""
    return _answered(_request(address))


def _request(address: str) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser  # a model's module: only where its application is installed

    environ: dict[str, Any] = {"PATH_INFO": address, "REQUEST_METHOD": "GET"}
    setup_testing_defaults(environ)
    request = WSGIRequest(environ)
    given = {"actor": READER, "user": AnonymousUser(), "session": {}, "htmx": HtmxDetails(request)}
    vars(request).update(given)  # what the middleware would have put there
    return request


def _answer(request: HttpRequest) -> HttpResponseBase:
    match = resolve(request.path_info)
    view: Callable[..., HttpResponseBase] = match.func
    try:
        return view(request, *match.args, **match.kwargs)
    except (Refused, Http404, PermissionDenied) as why:  # a page that needs more than rights: a post of one's own, say
        return HttpResponse(status=getattr(why, "status", 404))


# Of a plain function Django makes a plain function, and of a coroutine one.
_answered = cast("Callable[[HttpRequest], HttpResponseBase]", convert_exception_to_response(_answer))
