"""The reader's choices, the frame's parts, and refusals as pages and messages."""

import pytest
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import get_language

from anlan.kernel.errors import BadInput, BadInputs, NotAllowed, Refused, RuleBroken, SignInNeeded, Stale
from anlan.rules.citation import Citation
from anlan.ui import context, preferences
from anlan.ui.middleware import ErrorMiddleware, LanguageMiddleware
from anlan.ui.refusals import describe


def request_of(
    path: str = "/", session: dict | None = None, cookies: dict | None = None, **headers: str
) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.session = session or {}
    request.COOKIES.update(cookies or {})
    return request


@pytest.mark.parametrize(
    ("cookies", "session", "spoken"),
    [
        ({}, {}, "zh-hans"),
        ({"anlan_language": "en"}, {}, "en"),
        ({"anlan_language": "tlh"}, {}, "zh-hans"),
        ({}, {"language": "en"}, "en"),
        ({"anlan_language": "zh-hans"}, {"language": "en"}, "zh-hans"),
    ],
)
def test_language_is_the_cookies_then_the_users_then_chinese(cookies: dict, session: dict, spoken: str) -> None:
    heard = []
    middleware = LanguageMiddleware(lambda request: heard.append(get_language()) or HttpResponse())
    response = middleware(request_of(session=session, cookies=cookies, **{"accept-language": "fr,en;q=0.9"}))
    assert heard == [spoken]
    assert response["Content-Language"] == spoken
    assert "Cookie" in response["Vary"]


def test_preferences_keep_known_choices_and_stay_on_this_site() -> None:
    factory = RequestFactory()
    kept = preferences.save(
        factory.post("/", {"language": "en", "theme": "dark", "sidebar": "narrow", "next": "/hazards/?page=2"})
    )
    assert (kept.status_code, kept["Location"]) == (302, "/hazards/?page=2")
    assert {name: kept.cookies[name].value for name in kept.cookies} == {
        "anlan_language": "en",
        "anlan_theme": "dark",
        "anlan_sidebar": "narrow",
    }
    refused = preferences.save(
        factory.post("/", {"language": "tlh", "theme": "pink", "next": "https://elsewhere.example/"})
    )
    assert refused["Location"] == "/"
    assert not refused.cookies


def test_the_shell_asks_a_provider_once_and_only_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(context, "_providers", {})
    context.provide("unread", lambda request: asked.append(request) or 7)
    shell = context.shell(request_of())["shell"]
    assert shell.menu == ()
    assert not asked
    assert (shell.unread, shell.unread, len(asked)) == (7, 7, 1)
    with pytest.raises(ValueError, match="no part 'unred'"):
        context.provide("unred", lambda request: 7)


def answered(error: Exception, **headers: str) -> HttpResponse | None:
    request = request_of("/hazards/7/", **headers)
    request.user = type("Nobody", (), {"is_authenticated": False})()
    return ErrorMiddleware(lambda request: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status"),
    [(Stale(), 409), (NotAllowed(permission="hazards.close"), 403), (RuleBroken("No."), 422), (Refused(), 400)],
)
def test_a_refusal_is_a_page_or_a_message(error: Refused, status: int) -> None:
    page = answered(error)
    assert page is not None
    assert page.status_code == status
    assert b"<html" in page.content
    message = answered(error, **{"HX-Request": "true"})
    assert message is not None
    assert (message.status_code, message["HX-Retarget"], message["HX-Reswap"]) == (status, "#toasts", "beforeend")
    assert b"<html" not in message.content


def test_who_is_not_signed_in_is_led_to_sign_in_and_back() -> None:
    page = answered(SignInNeeded())
    assert page is not None
    assert page["Location"].endswith("?next=%2Fhazards%2F7%2F")
    fragment = answered(SignInNeeded(), **{"HX-Request": "true"})
    assert fragment is not None
    assert (fragment.status_code, "next" in fragment["HX-Redirect"]) == (401, False)


def test_other_errors_and_the_api_are_left_alone() -> None:
    assert answered(KeyError("x")) is None
    assert answered(Http404()) is None
    assert answered(Http404(), **{"HX-Request": "true"}).status_code == 404
    request = request_of("/api/v1/hazards")
    assert ErrorMiddleware(lambda request: HttpResponse()).process_exception(request, Stale()) is None


def test_describe_names_fields_rows_and_clause() -> None:
    wrong = BadInputs(
        [BadInput("Headcount", "Enter %(least)s or more.", row=12, least=1), BadInput("Name", "Missing.")]
    )
    found = describe(wrong)
    assert [(p.row, p.message) for p in found.problems] == [(12, "Enter 1 or more."), (0, "Missing.")]
    broken = describe(RuleBroken("Too early.", Citation("安全生产法", "第四十一条")))
    assert "第四十一条" in broken.clause
    assert broken.tone == "orange"


@pytest.mark.django_db
def test_the_sign_in_page_obeys_the_cookies(client: Client) -> None:
    chinese = client.get("/account/login/")
    assert b'lang="zh-CN"' in chinese.content
    assert "登录".encode() in chinese.content
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.cookies["anlan_theme"] = "dark"
    english = client.get("/account/login/")
    assert b'lang="en"' in english.content
    assert b'data-bs-theme="dark"' in english.content
    assert b"Sign in" in english.content


@pytest.mark.django_db
def test_wrong_credentials_are_answered_in_words_and_the_name_is_kept(client: Client) -> None:
    answer = client.post("/account/login/", {"login": "nobody", "password": "wrong"})
    assert answer.status_code == 200
    assert b'value="nobody"' in answer.content
    assert b'role="alert"' in answer.content
    assert b"wrong" not in answer.content
