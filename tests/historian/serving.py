"""The statements of a store by HTTP, as a ClickHouse server takes them, done by the engine of ``chdb`` in a process of
its own: ``python serving.py FOLDER PORT``."""

from __future__ import annotations

import base64
import re
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from anlan.runtime.historian.engines import Inside

NAME, WORD = "keeper", "kept & closed"
_KNOWN = "Basic " + base64.b64encode(f"{NAME}:{WORD}".encode()).decode()
_INSERT = re.compile(r"INSERT INTO (\S+) \(([^)]+)\) FORMAT Native")
_ROWS = " FORMAT JSONCompact"


class Serving(BaseHTTPRequestHandler):
    """The engine behind two kinds of request: a statement, a block for a statement."""

    engine: Inside

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        status, said = 401, b"Code: 516. Authentication failed"
        if self.headers["Authorization"] == _KNOWN:
            try:
                status, said = 200, self.done(asked.pop("query", None), body, asked)
            except RuntimeError as why:
                status, said = 500, str(why).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def done(self, statement: str | None, body: bytes, settings: dict[str, str]) -> bytes:
        """What the engine answers; the settings are those of the address."""
        if statement is not None:
            found = _INSERT.fullmatch(statement)
            if found is None:
                raise RuntimeError(f"Code: 62. Syntax error: {statement}")
            self.engine.insert(found[1], tuple(found[2].split(", ")), body)
            return b""
        told = body.decode()
        if not told.endswith(_ROWS):
            self.engine.tell(told)
            return b""
        chosen = ", ".join(f"{name} = {value}" for name, value in settings.items())
        return bytes(self.engine._session.query(f"{told.removesuffix(_ROWS)} SETTINGS {chosen}{_ROWS}").bytes())

    def log_message(self, *given: object) -> None:
        """Silence."""


if __name__ == "__main__":
    Serving.engine = Inside(Path(sys.argv[1]))
    HTTPServer(("127.0.0.1", int(sys.argv[2])), Serving).serve_forever()
