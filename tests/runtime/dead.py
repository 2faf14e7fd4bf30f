"""Asks the platform for pages while its database does not answer; prints what it said. Run by ``test_outage.py``."""

from __future__ import annotations

import json
import sys

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from django.test import Client

    answers = {}
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    def note(name: str, response: object) -> None:
        answers[name] = {
            "status": response.status_code,  # type: ignore[attr-defined]
            "headers": dict(response.headers),  # type: ignore[attr-defined]
            "text": response.content.decode(),  # type: ignore[attr-defined]
            "cookies": {k: v.value for k, v in response.cookies.items()},  # type: ignore[attr-defined]
        }

    visitor = Client(raise_request_exception=False)
    note("form", visitor.get("/account/login/"))
    note("sign-in", visitor.post("/account/login/", {"login": "town1-1", "password": "Passw0rd-long!"}))
    note("home", browser.get("/"))
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    note("home in English", browser.get("/hazards/"))
    note("htmx", browser.get("/hazards/", headers={"HX-Request": "true"}))
    note(
        "api",
        Client(raise_request_exception=False).get("/api/v1/hazards/", headers={"Authorization": "Bearer anlan_x"}),
    )
    note("api with a session", browser.get("/api/v1/hazards/"))
    note("healthz", Client(raise_request_exception=False).get("/healthz"))
    json.dump(answers, sys.stdout)


main()
