"""Signing in through the real pages: lock-out, changed passwords, second factor, ended sessions."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from axes.models import AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from anlan.kernel.clock import today
from anlan.kernel.identity import sealing, services
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.identity.sealing import SEALED, unseal_secret
from anlan.kernel.identity.tasks import clear_sessions, clear_sign_ins
from tests.kernel.conftest import SYSTEM, City, make_person

SECRET = "Correct-Horse-9"
WRONG = "Wrong-Horse-9"


@pytest.fixture
def user(city: City) -> User:
    return make_person("worker", city.a1, username="zhang", password=SECRET)


def _sign_in(client: Client, password: str = SECRET, username: str = "zhang", **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": username, "password": password}, **extra)


def _signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_in_and_out(client: Client, user: User) -> None:
    assert _sign_in(client, username="ZHANG").status_code == 302
    assert _signed_in(client)
    client.post(reverse("account_logout"))
    assert not _signed_in(client)


def test_after_five_wrong_ones_the_account_rests(client: Client, user: User) -> None:
    answers = [_sign_in(client, WRONG, username=name) for name in ("zhang", "ZHANG", " zhang", "Zhang", "zhang")]
    assert [a.status_code for a in answers] == [200, 200, 200, 200, 429]
    locked = _sign_in(client)
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "15" in locked.content.decode()
    assert not _signed_in(client)
    assert _sign_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302, "from elsewhere the owner still gets in"
    other = make_person(username="li", password=SECRET)
    assert _sign_in(client, username=other.username).status_code == 302, "others at that address are not locked"


def test_a_right_one_forgives_the_wrong_ones(client: Client, user: User) -> None:
    for _ in range(2):
        for _ in range(4):
            assert _sign_in(client, WRONG).status_code == 200
        assert _sign_in(client).status_code == 302
        client.post(reverse("account_logout"))


def test_a_one_time_password_is_changed_first(client: Client, user: User) -> None:
    secret = services.reset_password(actor=SYSTEM, user=user)
    _sign_in(client, secret)
    change = reverse("account_change_password")
    assert client.get("/").url == change
    assert client.get("/nowhere").url == change
    assert client.get("/api/v1/openapi.json").status_code in (200, 401, 404)
    same = {"oldpassword": secret, "password1": secret, "password2": secret}
    assert client.post(change, same).status_code == 200
    user.refresh_from_db()
    assert user.must_change_password
    weak = {"oldpassword": secret, "password1": "onlysmallletters", "password2": "onlysmallletters"}
    assert client.post(change, weak).status_code == 200
    answer = client.post(change, {"oldpassword": secret, "password1": SECRET, "password2": SECRET})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert not user.must_change_password
    assert client.get("/").status_code == 200, "the session goes on"


def test_a_role_may_need_a_second_factor(client: Client, user: User, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["worker"]
    _sign_in(client)
    assert client.get("/").url == reverse("mfa_activate_totp")
    TOTP.activate(user, generate_totp_secret())
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert _sign_in(client).url == reverse("mfa_authenticate")
    assert not _signed_in(client)
    services.remove_second_factor(actor=SYSTEM, user=user, reason="手机遗失，本人到场核实")
    services.remove_second_factor(actor=SYSTEM, user=user, reason="手机遗失，本人到场核实")
    assert not Authenticator.objects.exists()
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    fresh = Client()
    _sign_in(fresh)
    assert fresh.get("/").status_code == 200


def test_the_key_of_a_second_factor_lies_sealed(
    client: Client, user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = generate_totp_secret()
    TOTP.activate(user, key)
    spare = RecoveryCodes.activate(user).generate_codes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (stored,) = cursor.fetchone()
    assert key not in stored and stored.count(SEALED) == 2
    _sign_in(client)
    right = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    answer = client.post(reverse("mfa_authenticate"), {"code": right})
    assert answer.status_code == 302 and _signed_in(client), "and it opens all the same"
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(spare[0])
    monkeypatch.setattr(sealing, "master_key", lambda: b"x" * 32)
    found = TOTP(Authenticator.objects.get(type="totp"))
    empty = format_hotp_value(hotp_value("", int(time.time()) // 30))
    assert not any(found.validate_code(code) for code in (right, empty)), "without the master key no code is right"


def test_keys_from_before_are_sealed_by_the_upgrade(user: User) -> None:
    key = generate_totp_secret()
    Authenticator.objects.create(user=user, type="totp", data={"secret": key})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "5eed", "used_mask": 0, "migrated_codes": ["12345678"]})
    counter = int(time.time()) // 30
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(format_hotp_value(hotp_value(key, counter)))
    change = import_module("anlan.kernel.identity.migrations.0004_sealed_second_factors")
    for _ in range(2):
        change.seal(apps, None)
    rows = {row.type: row.data for row in Authenticator.objects.all()}
    told = [rows["totp"]["secret"], rows["recovery_codes"]["seed"], *rows["recovery_codes"]["migrated_codes"]]
    assert all(text.startswith(SEALED) for text in told)
    assert [unseal_secret(text) for text in told] == [key, "5eed", "12345678"], "sealed once"
    cache.clear()
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(format_hotp_value(hotp_value(key, counter)))
    change.unseal(apps, None)
    assert Authenticator.objects.get(type="totp").data == {"secret": key}


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_sessions_end_with_the_account_or_the_password(client: Client, user: User, ending: str) -> None:
    _sign_in(client)
    assert client.get("/").status_code == 200
    assert UserSession.objects.filter(user=user).count() == 1
    if ending == "close":
        services.close_user(actor=SYSTEM, user=user, reason="调离")
    else:
        services.reset_password(actor=SYSTEM, user=user)
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()
    assert client.get("/").url.startswith(reverse("account_login"))


def test_a_closed_account_is_out_even_with_its_cookie(client: Client, user: User) -> None:
    _sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/").url.startswith(reverse("account_login"))
    assert _sign_in(Client()).status_code == 302
    assert not _signed_in(Client())


def test_an_authority_counts_from_the_next_click(client: Client, user: User, city: City) -> None:
    _sign_in(client)
    assert client.get("/").wsgi_request.actor.roles == {"worker"}
    Grant.objects.create(user=user, role="checker", region=city.a1, valid_from=today())
    assert client.get("/").wsgi_request.actor.roles == {"worker", "checker"}
    Grant.objects.filter(user=user).delete()
    assert client.get("/").wsgi_request.actor.roles == set()


def test_old_sessions_are_cleared(client: Client, user: User) -> None:
    _sign_in(client)
    clear_sessions.func(timestamp=0)
    assert Session.objects.count() == UserSession.objects.count() == 1
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    clear_sessions.func(timestamp=0)
    assert Session.objects.count() == UserSession.objects.count() == 0


def test_to_the_api_he_is_nobody_until_then(client: Client, user: User) -> None:
    _sign_in(client)
    open_path = "/api/v1/openapi.json"
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    answer = client.get(open_path)
    assert not answer.wsgi_request.actor.signed_in
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    assert client.get(open_path).wsgi_request.actor.signed_in


def test_old_sign_ins_are_forgotten(client: Client, user: User) -> None:
    _sign_in(client, WRONG)
    _sign_in(client)
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (1, 1)
    clear_sign_ins.func(timestamp=0)
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (1, 1)
    for model in (AccessLog, AccessFailureLog):
        model.objects.update(attempt_time="2020-01-01T00:00Z")
    clear_sign_ins.func(timestamp=0)
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (0, 0)


CLOSED = (
    "signup/", "password/reset/", "password/reset/done/", "password/reset/key/1-abc/", "password/set/", "email/",
    "confirm-email/", "confirm-email/abc/", "login/code/confirm/",
)  # fmt: skip


@pytest.mark.parametrize("page", CLOSED)
def test_what_the_platform_does_not_offer_is_not_there(client: Client, user: User, page: str) -> None:
    """Accounts are kept by administrators: nobody signs up, no password goes by mail."""
    assert client.get(f"/account/{page}").status_code == 404
    assert client.post(f"/account/{page}", {"email": "zhang@example.org"}).status_code == 404
    _sign_in(client)
    assert client.get(f"/account/{page}").status_code == 404
