"""The own account: authority, tokens, sessions."""

from __future__ import annotations

import re
from typing import Any

from anlan.kernel.identity.actors import actor_for_token
from anlan.kernel.identity.models import ApiToken
from anlan.ui.views.me import device


def test_the_account_page_tells_who_one_is(cast: Any, sign_in: Any) -> None:
    body = sign_in(cast.town_officer).get("/me/").content.decode()
    assert "镇办陈" in body and "青溪镇" in body and "没有令牌" in body
    assert "暂无。请联系管理员" in sign_in(cast.nobody).get("/me/").content.decode()


def test_a_token_is_shown_once(cast: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    form = browser.get("/me/tokens/new/").context["form"]
    offered = [code for code, _ in form.fields["scopes"].choices]
    assert "hazards.view" in offered and "identity.users" not in offered
    sent = {"name": "报送", "scopes": ["hazards.view"], "days": "30", "key": "t1"}
    page = browser.post("/me/tokens/new/", sent)
    secret = page.context["secret"]
    assert page.status_code == 200 and secret in page.content.decode() and page["Cache-Control"] == "no-store"
    found = actor_for_token(secret)
    assert found is not None and found.scopes == frozenset({"hazards.view"})
    again = browser.post("/me/tokens/new/", sent)
    assert again.status_code == 422 and secret not in again.content.decode()
    assert ApiToken.objects.count() == 1 and secret not in browser.get("/me/").content.decode()

    token = ApiToken.objects.get()
    assert sign_in(cast.county_officer).get(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    assert sign_in(cast.county_officer).post(f"/me/tokens/{token.pk}/revoke/", {}).status_code == 404
    assert browser.post(f"/me/tokens/{token.pk}/revoke/", {})["Location"] == "/me/"
    assert actor_for_token(secret) is None


def test_scopes_beyond_ones_own_are_refused(cast: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    for bad in ({"scopes": ["identity.users"]}, {"scopes": []}, {"days": "0"}, {"days": "900"}, {"name": ""}):
        sent = {"name": "报送", "scopes": ["hazards.view"], "days": "30", **bad}
        assert browser.post("/me/tokens/new/", sent).status_code == 422, bad
    assert not ApiToken.objects.exists()


def test_other_sessions_can_be_ended(cast: Any, client: Any) -> None:
    from django.test import Client

    def signed_in() -> Any:
        browser = Client()
        browser.post("/account/login/", {"login": "town", "password": "Passw0rd-long!"})
        return browser

    here, elsewhere = signed_in(), signed_in()
    assert len(here.get("/me/").context["sessions"]) == 2
    assert here.post("/me/sessions/end/", {})["Location"] == "/me/"
    assert elsewhere.get("/me/").status_code == 302
    assert len(here.get("/me/").context["sessions"]) == 1


def test_browsers_are_named_plainly() -> None:
    assert device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/109 Safari/537 Edg/109") == "Edge · Windows"
    assert device("Mozilla/5.0 (Linux; Android 13) Chrome/120 MicroMessenger/8") == "WeChat · Android"
    assert device("")


def test_no_address_on_the_page_of_the_password_leads_nowhere(cast: Any, sign_in: Any) -> None:
    browser = sign_in(cast.town_officer)
    page = browser.get("/account/password/change/").content.decode()
    assert "/password/reset/" not in page
    assert "管理员" in page
    for address in set(re.findall(r'href="(/[^"#]*)"', page)):
        assert browser.get(address).status_code < 400, address
