"""The same shield on everything that is answered: every page, every operation, files, static files, errors of all kinds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from anlan.ui.outage import server_error
from tests.cast import Cast, signed_in
from tests.house.doors import api_address, doors, endpoints, operations

pytestmark = pytest.mark.django_db
NONE_BUT = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "object-src": "'none'", "frame-ancestors": "'none'", "connect-src": "'self'", "font-src": "'self'",
}  # fmt: skip
EXACT = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}  # fmt: skip
LOOSE = re.compile(r"unsafe-|\*|https?:|strict-dynamic|nonce-")
OPEN = ("/account/login/", "/account/logout/", "/welcome/claim/", "/welcome/recover/", "/healthz", "/api/v1/openapi.json", "/account/signup/")


def directives(answer: Any) -> dict[str, str]:
    said = answer.headers["Content-Security-Policy"]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in said.split(";")) if name}


def unshielded(answer: Any, *, own_file: bool = False) -> list[str]:
    """What is missing from an answer's headers."""
    wrong = [f"{n}: {answer.headers.get(n)}" for n, value in EXACT.items() if answer.headers.get(n) != value]
    if "Content-Security-Policy" not in answer.headers:
        return [*wrong, "no policy"]
    if LOOSE.search(answer.headers["Content-Security-Policy"]):
        wrong.append(f"loose: {answer.headers['Content-Security-Policy']}")
    said = directives(answer)
    wanted = {"default-src": "'none'", "sandbox": "", "frame-ancestors": "'none'"} if own_file else NONE_BUT
    wrong += [f"{n} {said.get(n)}" for n, value in wanted.items() if said.get(n) != value]
    if "camera=(self)" not in answer.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        wrong.append("tells what it runs on")
    return wrong


def test_every_page_and_every_operation(world: Cast) -> None:
    wrong: dict[str, Any] = {}
    for endpoint in endpoints():
        for door in doors(endpoint, world.here)[:1]:
            able = [door.owner] if door.owner else door.holders(world.here, on_it=door.row is not None)
            for client in (world.browser(able[0]), Client()) if able else (Client(),):
                answer = client.get(door.address) if "GET" in endpoint.methods else client.post(door.address)
                own_file = endpoint.name == "ui:file" and answer.status_code == 200
                if missing := unshielded(answer, own_file=own_file):
                    wrong[f"{door.address} {answer.status_code}"] = missing
                kept = answer.headers.get("Cache-Control", "")
                if answer.status_code == 200 and not own_file and not re.search("no-cache|no-store", kept):
                    wrong[f"{door.address} is kept"] = kept
    for operation in operations():
        answer = getattr(world.browser(world.here.of_role("county_officer")), operation.method)(
            api_address(operation, world.here)[0]
        )
        if missing := unshielded(answer):
            wrong[f"{operation.name} {answer.status_code}"] = missing
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            wrong[f"{operation.name} is kept"] = answer.headers.get("Cache-Control")
    assert not wrong, wrong


@pytest.mark.parametrize("address", OPEN)
def test_doors_before_sign_in(client: Client, address: str) -> None:
    assert not unshielded(client.get(address))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_errors_of_every_kind(world: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, language: str) -> None:
    officer = signed_in(world.here.of_role("county_officer"))
    officer.raise_request_exception = False
    officer.cookies["anlan_language"] = language
    seen = {}
    settings.ALLOWED_HOSTS = ["testserver"]
    seen[400] = officer.get("/", headers={"Host": "evil.example"})
    seen[404] = officer.get("/nowhere/")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies["anlan_language"] = language
    seen[403] = strict.post("/account/login/", {"login": "a", "password": "b"})
    seen[405] = officer.get("/ui/preferences/")
    monkeypatch.setattr("anlan.ui.limits.count", lambda code, subject: 7)
    seen[429] = officer.get("/search/?q=%E5%AE%89%E5%85%A8")
    monkeypatch.undo()

    def broken(*_: Any) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr("anlan.ui.search.found", broken)
    seen[500] = officer.get("/search/?q=%E5%AE%89%E5%85%A8")

    def away(*_: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("anlan.ui.search.found", away)
    seen[503] = officer.get("/search/?q=%E5%AE%89%E5%85%A8")
    assert {code: answer.status_code for code, answer in seen.items()} == {code: code for code in seen}
    assert {code: missing for code, answer in seen.items() if (missing := unshielded(answer))} == {}
    for code, answer in seen.items():
        text = answer.content.decode()
        assert "Traceback" not in text and "ValueError" not in text and "a fault" not in text
        if code != 405:
            assert ('<html lang="zh-CN"' in text) == (language == "zh-hans"), code
    assert seen[429]["Retry-After"] == "7" and "7" in seen[429].content.decode()
    assert server_error.__module__ == "anlan.ui.outage"


def test_static_files(client: Client) -> None:
    for address in ("/static/ui/mark.svg", "/static/nowhere.js"):
        assert not unshielded(client.get(address)), address


def test_over_https_browsers_are_told_to_stay(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/account/login/", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
