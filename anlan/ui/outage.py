"""When the platform itself fails: a database that does not answer is 503 and passes, anything else is 500.

The pages are drawn without the request: nothing on them may ask the database that is not there. Which language the
reader chose may be unknown as well (it is kept with the session), so the page says its sentence in every language.
"""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from psycopg_pool import PoolTimeout, TooManyRequests

from anlan.ui.middleware import is_htmx
from anlan.ui.refusals import Refusal

AGAIN = 15  # seconds: about what a restart of the database takes
TITLE = gettext_noop("The database does not answer")
SENTENCE = gettext_noop(
    "Nothing was stored. The platform tries again by itself; please repeat in a minute. If it lasts, tell your "
    "administrator."
)
SOON = 5  # seconds: a crowd passes sooner
CROWD_TITLE = gettext_noop("Too many people at the same moment")
CROWD = gettext_noop("Nothing was stored. The platform is answering as many as it can; please repeat in some seconds.")
TOO_LARGE = gettext_noop("Nothing was stored. One request may bring at most 256 MB: send the files one by one.")
FAULT = gettext_noop("Nothing was stored. The fault has been recorded; please try again in a few minutes.")


def database_is_away(error: BaseException | None) -> bool:
    """Whether a fault is that no connection to the database could be had, or that it broke."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout | TooManyRequests)


def too_many_at_once(error: BaseException | None) -> bool:
    """Whether a fault is that all of this process's connections were in use for too long."""
    while error is not None:
        if isinstance(error, PoolTimeout | TooManyRequests):
            pool = getattr(connection, "pool", None)
            stats = pool.get_stats() if pool else {}
            # A pool that cannot reach its server is not full: it tries one connection at a time.
            return isinstance(error, TooManyRequests) or stats.get("pool_size", 0) >= stats.get("pool_max", 1)
        error = error.__cause__
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``, called while the fault is being handled, wherever in the middleware it arose."""
    fault = sys.exc_info()[1]
    manner, language = manner_of(request)
    if not database_is_away(fault):
        return _answer(manner, language, 500, "Fault", gettext_noop("Something went wrong"), FAULT)
    if too_many_at_once(fault):
        return too_many(manner, language, SOON)
    return _unavailable(manner, language, TITLE, SENTENCE, AGAIN)


def too_many(manner: str, language: str, again: int) -> HttpResponse:
    """503 for whoever came while all were busy; ``again`` is when to come back, in seconds."""
    return _unavailable(manner, language, CROWD_TITLE, CROWD, again)


def too_large(manner: str, language: str) -> HttpResponse:
    """413 for a request larger than the front takes in (``front.MOST_BODY``)."""
    return _answer(manner, language, 413, "TooLarge", gettext_noop("This is too much at once"), TOO_LARGE)


def manner_of(request: HttpRequest) -> tuple[str, str]:
    """How an answer is to be given (``api``, ``fragment`` or ``page``) and in which language, without the database."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    manner = "api" if request.path.startswith("/api/") else "fragment" if is_htmx(request) else "page"
    return manner, chosen if chosen in known else settings.LANGUAGE_CODE


def _unavailable(manner: str, language: str, title: str, sentence: str, again: int) -> HttpResponse:
    response = _answer(manner, language, 503, "Unavailable", title, sentence)
    response.headers["Retry-After"] = str(again)
    return response


def _answer(manner: str, language: str, status: int, code: str, title: str, sentence: str) -> HttpResponse:
    with translation.override(language):
        response = _worded(manner, status, code, title, sentence)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _worded(manner: str, status: int, code: str, title: str, sentence: str) -> HttpResponse:
    if manner == "api":
        body = {"code": code, "message": gettext(sentence), "messages": _in_every_language(sentence)}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if manner == "fragment":
        refusal = Refusal(title=gettext(title), sentence=gettext(sentence), code=code, tone="red")
        where = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Push-Url": "false"}
        return HttpResponse(render_to_string("refusal.html", {"refusal": refusal}), status=status, headers=where)
    html = {"zh-hans": "zh-CN"}
    now = translation.get_language() or settings.LANGUAGE_CODE
    others = [
        {"html_lang": html.get(language, language), "text": text}
        for language, text in _in_every_language(sentence).items()
        if language != now
    ]
    context: dict[str, Any] = {
        "shell": {"html_lang": html.get(now, now)},
        "title": gettext(title),
        "text": gettext(sentence),
        "others": others,
        "status": status,
        "glyph": "database" if status == 503 else "tools",
    }
    return HttpResponse(render_to_string("outage.html", context), status=status)


def _in_every_language(sentence: str) -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = gettext(sentence)
    return found
