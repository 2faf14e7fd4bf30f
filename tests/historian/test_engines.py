"""A ClickHouse server as the store speaks to it (a real one: tests/servers), and several historians on one stream."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from anlan.runtime.embedded.nats import free_port
from anlan.runtime.historian.engines import VARIABLE, Server
from anlan.runtime.historian.sharding import Shard
from anlan.runtime.historian.store import LEVELS, Rows, Store, opened
from anlan.runtime.screen import Trouble

WORD = base64.b64encode(b"keeper:kept & closed").decode()


class Answering(BaseHTTPRequestHandler):
    """Answers as a server of an old kind does: an error that comes late stands behind a status of 200."""

    heard: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = parse_qs(urlsplit(self.path).query)
        statement = asked["query"][0] if "query" in asked else body.decode()
        self.heard.append((statement, body))
        if self.headers["Authorization"] != f"Basic {WORD}":
            status, said = 401, b"Code: 516. Authentication failed"
        elif "late failure" in statement:
            status, said = 200, b"Code: 241. Memory limit"
        else:
            status, said = 200, json.dumps({"data": [["18.16.1"]]}).encode()
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *given: object) -> None:
        """Silence."""


@pytest.fixture
def address() -> Iterator[str]:
    served = HTTPServer(("127.0.0.1", 0), Answering)
    Answering.heard.clear()
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"http://keeper:kept%20%26%20closed@127.0.0.1:{served.server_port}/ours"
    served.shutdown()
    thread.join()
    served.server_close()


def test_an_old_server_gets_tables_without_codecs_and_blocks_as_they_are(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, address)
    store = opened(Path("/nowhere"))
    made = [statement for statement, _ in Answering.heard if statement.startswith("CREATE TABLE")]
    assert len(made) == len(LEVELS) and all("ours." in text and "CODEC" not in text for text in made)
    one = np.ones(3)
    store.append(Rows(one, one, one, one, one))
    statement, body = Answering.heard[-1]
    assert statement == "INSERT INTO ours.readings (sensor, ts, value, quality, late) FORMAT Native"
    assert body.startswith(b"\x05\x03\x06sensor\x06UInt32")


def test_what_goes_wrong_is_one_kind_of_error(address: str) -> None:
    server = Server(address)
    with pytest.raises(RuntimeError, match="Memory limit"):
        server.tell("late failure")
    with pytest.raises(RuntimeError, match="refuses: Code: 516"):
        Server(address.replace("kept", "wrong"))
    with pytest.raises(RuntimeError, match="does not answer"):
        Store(Server(f"http://127.0.0.1:{free_port()}/x"))


@pytest.mark.parametrize("wrong", ["clickhouse:9000", "ftp://host/x", "http://", "http://host:x/", "http://host/a-b"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Trouble, match=VARIABLE):
        Server(wrong)


def test_every_gateway_falls_to_one_historian() -> None:
    codes = [f"gateway-{number}" for number in range(3000)]
    for of in (1, 2, 5):
        shares = [[code for code in codes if Shard(number, of).takes(code)] for number in range(1, of + 1)]
        assert sorted(code for share in shares for code in share) == sorted(codes)
        assert min(map(len, shares)) > 3000 // of * 0.8
    assert len({Shard(number, 5).name for number in range(1, 6)}) == 5 and Shard().name == "historian"


@pytest.mark.parametrize("wrong", ["", "1", "0/2", "3/2", "a/b", "1/0", "-1/2", "1/65", "1/2/3"])
def test_a_shard_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Trouble, match="--shard"):
        Shard.parsed(wrong)
