"""What attackers try first: sessions, forged requests, redirects, cookies, passwords, markup, secrets in logs."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
import structlog
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from anlan.kernel.identity import secrets as codes
from anlan.kernel.identity import services as identity
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import User
from anlan.kernel.identity.secrets import new_code
from anlan.kernel.notify.services import tell
from anlan.kernel.notify.tasks import send_mail_for
from anlan.modules.welcome import services as welcome
from anlan.runtime.log import logging_settings
from tests.cast import PASSWORD, SYSTEM, Cast, signed_in, token_of
from tests.house.walk import ROOT

pytestmark = pytest.mark.django_db
FRESH = "Fresh-Password-77"


def in_production(question: str) -> Any:
    """What the settings of production say, asked of a process of its own."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "anlan.config.settings.prod", "ANLAN_ADDRESS": "https://anlan.example.gov.cn",
        "ANLAN_HOSTS": "anlan.example.gov.cn", "ANLAN_SECRET_KEY": "x" * 50, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    program = f"import json, django; from django.conf import settings; print(json.dumps({question}))"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def enter(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": user.username, "password": password, **more})


@pytest.fixture
def worker(world: Cast) -> User:
    user = world.here.of_role("grid_worker")
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    return user


def test_a_session_brought_along_is_not_kept(worker: User) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    assert enter(client, worker).status_code == 302
    assert client.session.session_key != before, "whoever knew the old key knows nothing"


def test_a_new_password_ends_the_other_sessions(worker: User) -> None:
    here, elsewhere = Client(), Client()
    enter(here, worker)
    enter(elsewhere, worker)
    changed = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    )
    assert changed.status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"])
def test_nobody_is_led_elsewhere(worker: User, target: str) -> None:
    led = enter(Client(), worker, next=target)
    assert led.status_code == 302 and "evil" not in led["Location"] and "javascript" not in led["Location"]
    chosen = Client().post(reverse("ui:preferences"), {"next": target, "theme": "dark"})
    assert chosen.status_code == 302 and chosen["Location"] == "/"


def test_forms_and_the_api_refuse_what_another_site_sends(worker: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (reverse("account_login"), reverse("account_logout"), reverse("hazards:find"), reverse("welcome:claim"), reverse("welcome:recover"), reverse("ui:preferences")):
        assert browser.post(address, {}).status_code == 403, address
    assert browser.post("/api/v1/hazards/find", {}, content_type="application/json").status_code == 403
    secret = token_of(worker)
    by_token = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    assert by_token.post("/api/v1/hazards/find", {}).status_code != 403, "a token is sent by no browser on its own"


def test_uploads_in_pieces_refuse_what_another_site_sends(worker: User, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    browser, tus = Client(enforce_csrf_checks=True), {"Tus-Resumable": "1.0.0"}
    browser.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.get(reverse("ui:me"))
    right = {**tus, "X-CSRFToken": browser.cookies["csrftoken"].value}
    begun = browser.post("/api/v1/uploads/", headers={**right, "Upload-Length": "5"})
    assert begun.status_code == 201
    address, body = begun["Location"], "application/offset+octet-stream"
    foreign = {**right, "Origin": "https://evil.example"}
    for headers in (tus, {**tus, "X-CSRFToken": "x" * 32}, foreign):
        tries = [
            browser.post("/api/v1/uploads/", headers={**headers, "Upload-Length": "5"}),
            browser.generic("PATCH", address, b"12345", body, headers={**headers, "Upload-Offset": "0"}),
            browser.delete(address, headers=headers),
        ]
        assert [answer.status_code for answer in tries] == [403, 403, 403], headers
    assert browser.head(address, headers=tus)["Upload-Offset"] == "0", "nothing was sent"
    live = browser.get("/live", headers={"Origin": "https://evil.example"})
    assert not [name for name in live.headers if name.startswith("Access-Control")]
    assert live["Cross-Origin-Resource-Policy"] == "same-origin" and live["X-Content-Type-Options"] == "nosniff"


def test_no_other_origin_is_let_in(worker: User) -> None:
    for method in ("get", "options"):
        answer = getattr(Client(), method)(
            "/api/v1/hazards/", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
        )
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_cookies_in_production() -> None:
    names = (
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN",
        "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "DEBUG", "ADMINS", "TRUSTED_PROXIES",
    )  # fmt: skip
    said = in_production("{n: getattr(settings, n) for n in " + repr(names) + "}")
    assert [said[n] for n in names[:6]] == [True, True, True, True, "Lax", "Lax"]
    assert said["SESSION_COOKIE_NAME"].startswith("__Host-") and said["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert (said["SESSION_COOKIE_PATH"], said["SESSION_COOKIE_DOMAIN"]) == ("/", None)
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000 and said["SECURE_SSL_REDIRECT"]
    assert said["TRUSTED_PROXIES"] == 1


def test_debugging_is_off(client: Client) -> None:
    assert in_production("[settings.DEBUG, settings.ADMINS]") == [False, []]
    assert client.get("/ui/gallery/").status_code in (302, 404)


def test_passwords_are_hashed_slowly(settings: Any) -> None:
    hashers = in_production("settings.PASSWORD_HASHERS")
    settings.PASSWORD_HASHERS = hashers
    algorithm, rounds, salt, _ = make_password(FRESH).split("$")
    assert algorithm == "pbkdf2_sha256" and int(rounds) >= 600_000 and len(salt) >= 22


def test_long_passwords_and_every_character_are_taken(worker: User) -> None:
    long = "密码 pass Word 7 🔒 " * 7
    assert 100 < len(long) <= 128
    validate_password(long, worker)
    worker.set_password(long)
    worker.save()
    assert enter(Client(), worker, long[:-3]).status_code == 200, "not a character is cut off"
    assert enter(Client(), worker, long).status_code == 302


@pytest.mark.parametrize("password", ["Password123", "Qwerty12345", "1234567890", "Short-1"])
def test_common_passwords_are_refused(worker: User, password: str) -> None:
    if password in ("1234567890", "Short-1"):
        with pytest.raises(ValidationError):
            validate_password(password, worker)
        return
    with pytest.raises(ValidationError):
        validate_password(password.lower(), worker)


def test_codes_are_drawn_by_the_systems_generator() -> None:
    assert codes.secrets.choice.__self__.__class__.__name__ == "SystemRandom"  # type: ignore[attr-defined]
    drawn = {new_code() for _ in range(2000)}
    assert len(drawn) == 2000 and {len(code) for code in drawn} == {14}


def test_a_search_for_markup_shows_it_as_text(world: Cast) -> None:
    markup = "\"><script>alert(1)</script>{{ 7|add:7 }}"
    browser = signed_in(world.here.of_role("county_officer"))
    for address in ("/search/", reverse("hazards:list"), reverse("registry:units")):
        text = browser.get(address, {"q": markup}).content.decode()
        assert "<script>alert" not in text and ">14<" not in text, address


def test_a_subject_is_one_line(world: Cast) -> None:
    user = world.here.of_role("town_officer")
    user.email = "town@example.org"
    user.save()
    (message,) = tell([user], "%(who)s asks", subject=None, who="x\r\nBcc: all@example.org")
    send_mail_for(message.pk)
    (sent,) = mail.outbox
    assert "\n" not in sent.subject and sent.recipients() == ["town@example.org"]


def test_nosniff_and_character_set_go_together(world: Cast) -> None:
    browser = signed_in(world.here.of_role("county_officer"))
    for address in ("/", "/search/?q=x", "/nowhere/", "/account/login/"):
        assert "charset=utf-8" in browser.get(address)["Content-Type"].lower() or browser.get(address).status_code == 302
    assert "application/json" in browser.get("/api/v1/hazards/")["Content-Type"]


def test_the_database_keeps_quiet_about_values() -> None:
    with connection.cursor() as cursor:
        for name, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse"), ("log_parameter_max_length_on_error", "0")):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] == value


class Kept(logging.Handler):
    """Every line, as a deployment would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        declared = dict(logging_settings()["formatters"]["json"])
        declared.pop("()")
        self.setFormatter(structlog.stdlib.ProcessorFormatter(**declared))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Any:
    """All loggers, as talkative as deployments have them, and the warnings their settings leave out."""
    kept, named = Kept(), [logging.getLogger(n) for n in ("", "django", "django.request", "axes", "allauth", "procrastinate", "anlan")]
    levels = [(logger, logger.level) for logger in named]
    django = logging.getLogger("django")
    handlers, django.handlers = django.handlers, []  # as logging_settings() declares: nobody is mailed
    logging.getLogger().addHandler(kept)
    for logger in named:
        logger.setLevel(logging.INFO)
    yield kept
    django.handlers = handlers
    logging.getLogger().removeHandler(kept)
    for logger, level in levels:
        logger.setLevel(level)


def test_secrets_of_a_whole_journey_are_in_no_log(world: Cast, worker: User, log: Kept, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ADMINS = [("Somebody", "admin@example.org")]
    phone, number, wrong = "13977778888", "440101199001011234", "Wrong-Secret-55"
    admin = actor_for(world.here.of_role("administrator"))
    browser = Client(raise_request_exception=False)
    enter(browser, worker, wrong)
    enter(browser, worker)
    (slip,) = welcome.renew_invitations(actor=actor_for(world.here.of_role("county_officer")), invitations=[world.here.invitation.pk]).slips
    code = identity.issue_recovery(actor=admin, user=worker)
    secret = token_of(worker)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(f"broken for {phone} {number} {slip.code} {secret}")

    with monkeypatch.context() as patched:
        patched.setattr("anlan.ui.search.found", broken)
        fault = browser.get("/search/", {"q": f"{phone} {number}", "code": slip.code})
        assert fault.status_code == 500
        patched.setattr("anlan.modules.welcome.views.open.redirect", broken)
        assert browser.get(reverse("welcome:claim-code", args=[slip.code])).status_code == 500
        patched.setattr("anlan.modules.welcome.views.open.claim_unit", broken)
        sent = {"code": slip.code, "number": slip.number, "name": "林满", "phone": phone, "username": "lin", "password": FRESH, "again": FRESH}
        posted = Client(raise_request_exception=False).post(reverse("welcome:claim"), sent)
        assert posted.status_code == 500
    Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/hazards/", {"q": phone})
    Client(headers={"Authorization": f"Bearer {secret}x"}).get("/api/v1/hazards/")
    recovered = browser.post(reverse("welcome:recover"), {"username": worker.username, "code": code, "password": FRESH, "again": FRESH})
    assert recovered.status_code == 200
    logging.getLogger("anlan.test").warning("sent", extra={"to": {"phone": phone, "codes": [code]}, "job": 7})
    text, secrets = "\n".join(log.lines), (phone, number, wrong, PASSWORD, FRESH, slip.code, code, secret)
    assert len(log.lines) > 3 and "broken for" in text, "something was logged at all"
    assert [s for s in secrets if s in text] == []
    for answer in (fault, posted):
        assert not [s for s in secrets if s in answer.content.decode()], "nor on the page of the fault"
    assert not mail.outbox or not [s for s in secrets for m in mail.outbox if s in str(m.message())]
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM (SELECT * FROM axes_accesslog) t")
        kept = cursor.fetchone()[0]
        for table in ("axes_accessattempt", "axes_accessfailurelog", "identity_codetry", "limits_tally"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608
            kept += cursor.fetchone()[0]
    assert not [s for s in secrets if s in kept]


def test_nobody_is_mailed_a_fault() -> None:
    declared = logging_settings()
    assert declared["loggers"]["django"]["handlers"] == [] and set(declared["handlers"]) == {"stderr"}


def test_a_line_break_cannot_forge_a_line() -> None:
    kept = Kept()
    record = logging.LogRecord("x", logging.INFO, "", 0, "one\n{\"event\": \"forged\"}", None, None)
    kept.emit(record)
    assert "\n" not in kept.lines[0] and json.loads(kept.lines[0])["event"].startswith("one")
    assert io.StringIO(kept.lines[0]).readline() == kept.lines[0]


def test_the_system_is_no_account() -> None:
    assert SYSTEM.user_id is None
