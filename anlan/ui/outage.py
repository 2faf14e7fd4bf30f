"""When the platform itself fails: a database that does not answer is 503 and passes, anything else is 500.

The pages are drawn without the request: nothing on them may ask the database that is not there. Which language the
reader chose may be unknown as well (it is kept with the session), so the page says its sentence in every language.
"""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from psycopg_pool import PoolTimeout

from anlan.ui.middleware import is_htmx
from anlan.ui.refusals import Refusal

AGAIN = 15  # seconds: about what a restart of the database takes
TITLE = gettext_noop("The database does not answer")
SENTENCE = gettext_noop(
    "Nothing was stored. The platform tries again by itself; please repeat in a minute. If it lasts, tell your "
    "administrator."
)
FAULT = gettext_noop("Nothing was stored. The fault has been recorded; please try again in a few minutes.")


def database_is_away(error: BaseException | None) -> bool:
    """Whether a fault is that no connection to the database could be had, or that it broke."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``, called while the fault is being handled, wherever in the middleware it arose."""
    away = database_is_away(sys.exc_info()[1])
    status, code = (503, "Unavailable") if away else (500, "Fault")
    title, sentence = (TITLE, SENTENCE) if away else (gettext_noop("Something went wrong"), FAULT)
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = chosen if chosen in known else settings.LANGUAGE_CODE
    with translation.override(language):
        response = _answer(request, status, code, title, sentence)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    if away:
        response.headers["Retry-After"] = str(AGAIN)
    return response


def _answer(request: HttpRequest, status: int, code: str, title: str, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"code": code, "message": gettext(sentence), "messages": _in_every_language(sentence)}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if is_htmx(request):
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
