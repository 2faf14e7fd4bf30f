"""A database that does not answer is said so: 503, when to come again, in both languages; nobody is signed out."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from anlan.runtime.database import VARIABLE
from anlan.runtime.places import ROOT
from anlan.ui.outage import server_error

CHINESE, ENGLISH = "本次操作未保存", "Nothing was stored."


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a process says whose database's port has nobody behind it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it, and every call is refused
        environment = {
            **os.environ,
            VARIABLE: f"postgresql://anlan@127.0.0.1:{taken.getsockname()[1]}/anlan",
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings.test",
            "PYTHONPATH": str(ROOT),
        }
        ran = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("dead.py"))],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return dict(json.loads(ran.stdout))


@pytest.mark.parametrize("name", ["sign-in", "home", "home in English", "htmx", "api", "api with a session"])
def test_every_edge_says_503_and_when_to_come_again(answers: dict[str, Any], name: str) -> None:
    answer = answers[name]
    assert answer["status"] == 503, answer["text"][:300]
    assert int(answer["headers"]["Retry-After"]) > 0
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert "Traceback" not in answer["text"] and "127.0.0.1" not in answer["text"]
    assert "sessionid" not in answer["cookies"], "an outage signs nobody out"


@pytest.mark.parametrize(("name", "lang"), [("sign-in", "zh-CN"), ("home", "zh-CN"), ("home in English", "en")])
def test_the_page_says_it_in_both_languages(answers: dict[str, Any], name: str, lang: str) -> None:
    text = answers[name]["text"]
    assert f'<html lang="{lang}"' in text
    assert CHINESE in text and ENGLISH in text


def test_a_message_over_the_page_is_in_the_readers_language(answers: dict[str, Any]) -> None:
    assert answers["htmx"]["headers"]["HX-Retarget"] == "#toasts"
    assert ENGLISH in answers["htmx"]["text"] and "<html" not in answers["htmx"]["text"]


@pytest.mark.parametrize("name", ["api", "api with a session"])
def test_the_api_says_it_as_json(answers: dict[str, Any], name: str) -> None:
    assert answers[name]["headers"]["Content-Type"] == "application/json"
    body = json.loads(answers[name]["text"])
    assert body["code"] == "Unavailable"
    assert CHINESE in body["messages"]["zh-hans"] and ENGLISH in body["messages"]["en"]


def test_the_form_stands_and_health_is_told(answers: dict[str, Any]) -> None:
    assert answers["form"]["status"] == 200, "the sign-in form itself asks the database for nothing"
    assert answers["healthz"]["status"] == 503
    assert json.loads(answers["healthz"]["text"])["parts"]["database"]["state"] == "unreachable"


@pytest.mark.parametrize(("path", "kind"), [("/x/", "text/html"), ("/api/v1/x", "application/json")])
def test_any_other_fault_is_500_and_nothing_to_repeat(path: str, kind: str) -> None:
    try:
        raise ZeroDivisionError("secret detail")
    except ZeroDivisionError:
        answer = server_error(RequestFactory().get(path))
    assert answer.status_code == 500 and "Retry-After" not in answer.headers
    assert answer.headers["Content-Type"].startswith(kind)
    text = answer.content.decode()
    assert "故障已记录" in text and "secret detail" not in text
