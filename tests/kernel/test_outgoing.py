"""The one way out: where the platform speaks to, and how long it listens."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from anlan.kernel import outgoing
from anlan.kernel.outgoing import Forbidden, NotReached, ask, checked


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Every host leads to these addresses, one answer after the other; returns the names asked for."""
    asked: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in answers[min(len(asked), len(answers)) - 1]]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lookup)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "224.0.0.1",
        "255.255.255.255", "::1", "fe80::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "2002:7f00:1::", "198.18.0.1",
    ],
)  # fmt: skip
def test_nothing_inside_is_spoken_to(monkeypatch: pytest.MonkeyPatch, settings: Any, address: str) -> None:
    leads_to(monkeypatch, [address])
    with pytest.raises(Forbidden):
        checked("gateway.example.org", 443)
    leads_to(monkeypatch, ["93.184.215.14", address])
    with pytest.raises(Forbidden):
        checked("gateway.example.org", 443)


def test_what_the_operator_names_is(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    leads_to(monkeypatch, ["10.1.2.3"])
    for named, fine in [("10.1.2.0/24", True), ("sms.internal", True), ("10.9.0.0/16", False), ("other.internal", False)]:
        settings.OUTGOING_INTERNAL = [named]
        if fine:
            assert [str(a) for a in checked("sms.internal", 80)] == ["10.1.2.3"]
        else:
            with pytest.raises(Forbidden):
                checked("sms.internal", 80)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "//example.org", "http://", "http://a:b@example.org/",
        "http://example.org:x/", "http://0x7f000001/", "http://2130706433/", "http://127.1/", "http://[::1]/", "http://localhost/",
        "http://[::ffff:7f00:1]/",
    ],
)  # fmt: skip
def test_crooked_addresses(url: str) -> None:
    with pytest.raises(NotReached):
        ask(url)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = leads_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    reached: list[Any] = []

    def connect(address: Any, timeout: float) -> Any:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(NotReached):
        ask("http://rebinding.example.org/")
    assert asked == ["rebinding.example.org"], "a name is looked up once"
    assert reached == [("93.184.215.14", 80)]


@pytest.fixture
def talker(settings: Any) -> Iterator[Any]:
    """A server that says what it was given, and goes on talking when that is a generator's."""
    settings.OUTGOING_INTERNAL = ["127.0.0.0/8"]
    served = socket.create_server(("127.0.0.1", 0))
    stop, said, heard = threading.Event(), [], []

    def serve() -> None:
        line, _ = served.accept()
        with line:
            heard.append(line.recv(65536))
            for part in said:
                try:
                    line.sendall(part)
                except OSError:
                    return
                if stop.wait(0.02):
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.getsockname()[1]}/path?a=1", said, heard
    stop.set()
    served.close()
    thread.join(5)


def test_a_redirect_is_an_answer_like_any_other(talker: Any) -> None:
    url, said, heard = talker
    said.append(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    assert ask(url, method="POST", body=b"x").status == 302
    assert heard[0].startswith(b"POST /path?a=1 HTTP/1.1\r\n")


def test_a_long_answer_is_cut(talker: Any) -> None:
    url, said, _ = talker
    said += [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x" * 300_000]
    assert len(ask(url).body) == outgoing.MOST_READ


def test_who_never_ends_is_hung_up_on(talker: Any) -> None:
    url, said, _ = talker
    said += [b"HTTP/1.1 200 OK\r\n", *[b"X-More: 1\r\n"] * 3000]
    with pytest.raises(NotReached):
        ask(url, seconds=0.3)


def test_what_is_no_http(talker: Any) -> None:
    url, said, _ = talker
    said.append(b"SSH-2.0-OpenSSH\r\n")
    with pytest.raises(NotReached) as why:
        ask(url)
    assert "path" not in str(why.value)
    assert issubclass(http.client.BadStatusLine, http.client.HTTPException)


def test_headers_cannot_be_broken_out_of(talker: Any) -> None:
    url, said, heard = talker
    said.append(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(NotReached):
        ask(url, headers={"X-Key": "a\r\nHost: evil"})
    with pytest.raises(NotReached):
        ask(url.replace("/path", "/p\r\nHost: evil"))
    assert not any(b"evil" in part for part in heard)
