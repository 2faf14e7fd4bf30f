"""Short messages over HTTP: what a gateway is sent, and what counts as sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from anlan.kernel.notify.gateway import HttpGateway, NotSent, gateway

PHONE, TEXT = "13800138001", '第"1"号 {phone} & 邀请\n码'


class Recorder(BaseHTTPRequestHandler):
    """Keeps what it was asked, and answers as told."""

    asked: ClassVar[list[dict[str, Any]]] = []
    status: ClassVar[int] = 200
    said: ClassVar[bytes] = b'{"code": "OK"}'

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.asked.append(
            {"method": self.command, "path": self.path, "body": self.rfile.read(size).decode(), "headers": dict(self.headers)}
        )
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://192.0.2.1/")
        self.end_headers()
        self.wfile.write(self.said)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[str]:
    """A gateway on this machine, which the deployment names."""
    settings.OUTGOING_INTERNAL = ["127.0.0.1"]
    monkeypatch.setattr(Recorder, "asked", [])
    served = HTTPServer(("127.0.0.1", 0), Recorder)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}/send"
    served.shutdown()
    served.server_close()
    thread.join(10)


def test_a_json_body(server: str) -> None:
    HttpGateway(server, headers={"Authorization": "Bearer x"}).send(PHONE, TEXT)
    (asked,) = Recorder.asked
    assert json.loads(asked["body"]) == {"phone": PHONE, "text": TEXT}
    assert asked["headers"]["Authorization"] == "Bearer x"
    assert asked["headers"]["Content-Type"].startswith("application/json")


def test_a_form_body_and_an_address(server: str) -> None:
    HttpGateway(server, "POST", "application/x-www-form-urlencoded", "to={phone}&msg={text}").send(PHONE, TEXT)
    HttpGateway(server + "?to={phone}&msg={text}", "GET").send(PHONE, TEXT)
    posted, got = Recorder.asked
    assert parse_qs(posted["body"]) == {"to": [PHONE], "msg": [TEXT]}
    assert parse_qs(urlsplit(got["path"]).query) == {"to": [PHONE], "msg": [TEXT]}
    assert got["body"] == ""


@pytest.mark.parametrize(("status", "said", "expect"), [(500, b"", ""), (302, b"", ""), (200, b'{"code":"DENIED"}', '"OK"')])
def test_what_is_not_sent(server: str, monkeypatch: pytest.MonkeyPatch, status: int, said: bytes, expect: str) -> None:
    monkeypatch.setattr(Recorder, "status", status)
    monkeypatch.setattr(Recorder, "said", said)
    with pytest.raises(NotSent) as why:
        HttpGateway(server, expect=expect).send(PHONE, TEXT)
    assert PHONE not in str(why.value) and "邀请" not in str(why.value)
    assert len(Recorder.asked) == 1, "a redirect is not followed"


def test_a_gateway_that_is_away(server: str) -> None:
    with pytest.raises(NotSent):
        HttpGateway("http://127.0.0.1:1/send").send(PHONE, TEXT)


@pytest.mark.parametrize(("url", "method"), [("file:///etc/passwd", "POST"), ("ftp://x/", "POST"), ("http://x/", "DELETE"), ("http://{phone}.example.org/", "POST")])
def test_a_setting_that_cannot_be_meant(url: str, method: str) -> None:
    with pytest.raises(ValueError, match="ANLAN_SMS"):
        HttpGateway(url, method)


def test_from_the_settings(settings: Any) -> None:
    settings.SMS_URL = ""
    assert gateway() is None
    settings.SMS_URL, settings.SMS_EXPECT = "https://sms.example.org/", "OK"
    assert gateway() == HttpGateway("https://sms.example.org/", expect="OK")
