"""Addresses remembered say what ``reverse`` says, for every name, parameter and prefix."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, clear_script_prefix, path, re_path, reverse, set_script_prefix
from django.urls import converters as known

from anlan.ui.addresses import address
from anlan.ui.pages.base import ENDPOINTS


class Year(known.IntConverter):
    """Four digits, no more and no less."""

    regex = "[0-9]{4}"


def view(_request: HttpRequest, **_given: Any) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def odd(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Addresses that do not take every number."""
    monkeypatch.setitem(known.REGISTERED_CONVERTERS, "year", Year())
    known.get_converters.cache_clear()
    urls = ModuleType("odd_urls")
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("years/<year:year>/", view, name="year"),
        re_path(r"^long/(?P<pk>[0-9]{6,})/$", view, name="long"),
        path("<int:pk>/of/<int:other>/", view, name="two"),
        path("plain/", view, name="plain"),
    ]
    settings.ROOT_URLCONF = urls
    yield
    monkeypatch.undo()
    known.get_converters.cache_clear()


def test_what_takes_some_numbers_only_is_asked_each_time(odd: None) -> None:
    assert address("year", {"year": 2026}) == "/years/2026/"
    assert address("long", {"pk": 1234567}) == "/long/1234567/"
    assert address("two", {"pk": 1, "other": 2}) == "/1/of/2/"
    for name, given in (("year", {"year": 7}), ("long", {"pk": 7}), ("plain", {"pk": 7}), ("nowhere", {"pk": 7})):
        with pytest.raises(NoReverseMatch):
            address(name, given)


@pytest.mark.parametrize("value", [0, 7, 10**30, "007", "12", "٣", "²", "a", "a/b", "", "<b>", "%2e", -1, True, None, 1.5])
def test_every_value_is_said_as_reverse_says_it(value: Any) -> None:
    for endpoint in ENDPOINTS.values():
        if len(endpoint.parameters) != 1:
            continue
        given = {endpoint.parameters[0]: value}
        assert said(address, endpoint.name, given) == said(lambda n, g: reverse(n, kwargs=g), endpoint.name, given)


def test_a_prefix_is_not_remembered_for_another() -> None:
    assert address("ui:message", {"pk": 7}) == "/inbox/7/" and address("ui:inbox", {}) == "/inbox/"
    set_script_prefix("/anlan/")
    try:
        assert address("ui:message", {"pk": 7}) == "/anlan/inbox/7/" and address("ui:inbox", {}) == "/anlan/inbox/"
    finally:
        clear_script_prefix()
    assert address("ui:message", {"pk": 7}) == "/inbox/7/"


def said(ask: Any, name: str, given: dict[str, Any]) -> str:
    try:
        return str(ask(name, given))
    except NoReverseMatch:
        return "none"
