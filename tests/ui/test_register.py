"""The register of addresses, walked: nobody gets anything he may not see, whatever pages join."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from anlan.ui.pages import ENDPOINTS, PAGES, ActPage, CustomPage, urls
from tests.ui.conftest import CANARY
from tests.ui.sample import LIST, close_paper

PAPERS = sorted(name for name in ENDPOINTS if name.startswith("papers:"))


def address(name: str, record: Any) -> str:
    """An address, its parameters filled in."""
    given = {"panel": "nearby", "field": "twin", "code": "close", "run": "00000000-0000-4000-8000-000000000000"}
    endpoint = ENDPOINTS[name]
    return endpoint.address(record, **{k: v for k, v in given.items() if k in endpoint.parameters})


@pytest.mark.parametrize("name", PAPERS)
def test_no_address_gives_anything_away(cast: Any, paper: Any, sign_in: Any, client: Any, name: str) -> None:
    paper(cast.town, "青溪厂")
    far = paper(cast.far_town, f"{CANARY}厂")
    endpoint, url = ENDPOINTS[name], address(name, far)
    method = "get" if "GET" in endpoint.methods else "post"
    assert getattr(client, method)(url).status_code == 302
    stranger = getattr(sign_in(cast.county_officer), method)(url)
    if "pk" in endpoint.parameters or "run" in endpoint.parameters:
        assert stranger.status_code == 404
    else:
        assert stranger.status_code == 200
        content = b"".join(stranger.streaming_content) if stranger.streaming else stranger.content
        assert CANARY not in content.decode("utf-8", "ignore")
    powerless = getattr(sign_in(cast.nobody), method)(url)
    assert powerless.status_code in (403, 404)


def test_every_address_says_what_it_is() -> None:
    kinds = {"list", "export", "print", "record", "panel", "form", "step", "bulk", "data", "options", "file", "view"}
    for endpoint in ENDPOINTS.values():
        assert endpoint.kind in kinds and endpoint.methods, endpoint.name
        assert endpoint.page.title or endpoint.kind in (
            "record",
            "step",
            "print",
            "panel",
            "options",
            "data",
            "file",
        ), endpoint.name
    assert ENDPOINTS["papers:close"].permission == ("hazards.close",)
    assert ENDPOINTS["papers:list-export"].permission == ("hazards.export",)
    assert ENDPOINTS["papers:record"].model is ENDPOINTS["papers:list"].model


def test_a_name_counts_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        urls(CustomPage(name="papers:list", view=lambda request: None, title=_("Again")))
    assert PAGES["papers:list"] is LIST


def test_slips_in_a_declaration_are_told_at_once() -> None:
    with pytest.raises(TypeError):
        ActPage(name="papers:wrong", act=close_paper, titel="x")  # type: ignore[call-arg]
    assert isinstance(urls()[:0], list) and path
