"""Where the telemetry store's SQL runs: ClickHouse's engine in this very process, or a ClickHouse server over HTTP.

Both take the same statements and the same blocks; what only one of them has (codecs, kinds of parts) stays here. Every
failure is a ``RuntimeError``: whoever calls tries again or says so.
"""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

import orjson

from anlan.runtime.screen import Trouble

VARIABLE = "ANLAN_CLICKHOUSE_URL"
DATABASE = "telemetry"
_NUMBERS = {"output_format_json_quote_64bit_integers": "0"}
_SECONDS = 120.0  # a statement of a server may take


class Engine(Protocol):
    """What a store asks of the engine below it. ``codecs``: whether columns may name their compression."""

    database: str
    codecs: bool

    def tell(self, statement: str) -> None:
        """Run a statement without an answer."""

    def rows(self, statement: str) -> list[list[Any]]:
        """The rows a statement answers with."""

    def insert(self, table: str, names: tuple[str, ...], block: bytes) -> None:
        """Store one block of the Native format."""

    def close(self) -> None:
        """Let go of it."""


class Inside:
    """ClickHouse's engine in this process (``chdb``), on a folder that one process at a time holds."""

    database, codecs = DATABASE, True

    def __init__(self, folder: Path) -> None:
        try:
            from chdb.session import Session
        except ImportError as why:
            raise Trouble("The telemetry store is not installed here (chdb): start with ./run.") from why
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._one = threading.RLock()  # the engine refuses a question while a block is on its way
        self._session = Session(str(folder))
        self._session.query(f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic")

    def tell(self, statement: str) -> None:
        """Run a statement without an answer."""
        with self._one:
            self._session.query(statement)

    def rows(self, statement: str) -> list[list[Any]]:
        """The rows a statement answers with."""
        settings = ", ".join(f"{name} = {value}" for name, value in _NUMBERS.items())
        with self._one:
            said = self._session.query(f"{statement} SETTINGS {settings}", "JSONCompact")
        return list(orjson.loads(said.bytes())["data"])

    def insert(self, table: str, names: tuple[str, ...], block: bytes) -> None:
        """Store one block of the Native format."""
        with self._one:
            before = self._failures()
            writer = self._session.send_insert(f"INSERT INTO {table} ({', '.join(names)})", "Native")
            writer.append(block)
            writer.finish()
            # The writer says how many rows it was given, whether they were kept or not: only the engine's own book of
            # errors tells. Somebody else's error in the same moment costs a second try, which changes nothing.
            if self._failures() != before:
                told = self.rows("SELECT last_error_message FROM system.errors ORDER BY last_error_time DESC LIMIT 1")
                raise RuntimeError(str(told[0][0]))

    def _failures(self) -> int:
        return int(self.rows("SELECT sum(value) FROM system.errors")[0][0] or 0)

    def close(self) -> None:
        """Let go of the folder."""
        self._session.close()


class Server:
    """A ClickHouse server (18.16 or later) by its HTTP interface: ``http[s]://user:password@host:8123/database``."""

    def __init__(self, address: str) -> None:
        self._at = _checked(address)
        self.database = self._at.path.strip("/") or DATABASE
        if not self.database.isidentifier():
            raise Trouble(f"{VARIABLE} names the database “{self.database}”: letters, digits and underscores.")
        told = self.rows("SELECT version()")[0][0]
        year, month = (int(part) for part in str(told).split(".")[:2])
        self.codecs = (year, month) >= (19, 11)
        self._ask(f"CREATE DATABASE IF NOT EXISTS {self.database}")

    def tell(self, statement: str) -> None:
        """Run a statement without an answer."""
        self._ask(statement)

    def rows(self, statement: str) -> list[list[Any]]:
        """The rows a statement answers with."""
        return list(orjson.loads(self._ask(f"{statement} FORMAT JSONCompact"))["data"])

    def insert(self, table: str, names: tuple[str, ...], block: bytes) -> None:
        """Store one block of the Native format."""
        self._ask(f"INSERT INTO {table} ({', '.join(names)}) FORMAT Native", block)

    def close(self) -> None:
        """Nothing stays open."""

    def _ask(self, statement: str, block: bytes | None = None) -> bytes:
        line, wanted = self._line(), dict(_NUMBERS)
        if block is not None:
            wanted["query"] = statement
        try:
            line.request("POST", f"/?{urlencode(wanted)}", statement.encode() if block is None else block, self._head())
            said = line.getresponse()
            answer = said.read()
        except (OSError, http.client.HTTPException) as why:
            raise RuntimeError(f"the ClickHouse server does not answer ({type(why).__name__}: {why})") from why
        finally:
            line.close()
        # A statement may fail after it began to answer: older servers then say so behind a status of 200.
        if said.status != 200 or answer.startswith(b"Code: "):
            raise RuntimeError(f"the ClickHouse server refuses: {answer[:500].decode('utf-8', 'replace').strip()}")
        return answer

    def _line(self) -> http.client.HTTPConnection:
        host, port = self._at.hostname or "", self._at.port
        if self._at.scheme == "https":
            return http.client.HTTPSConnection(
                host, port or 8443, timeout=_SECONDS, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port or 8123, timeout=_SECONDS)

    def _head(self) -> dict[str, str]:
        if not self._at.username:
            return {}
        name, word = unquote(self._at.username), unquote(self._at.password or "")
        return {"Authorization": "Basic " + base64.b64encode(f"{name}:{word}".encode()).decode()}


def _checked(address: str) -> SplitResult:
    """The address taken apart; ``Trouble`` says what is wrong with it, never the password."""
    wanted = f"{VARIABLE} is http[s]://user:password@host:8123/database"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as why:
        raise Trouble(f"{wanted}: the port is none.") from why
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Trouble(f"{wanted}; given is one of “{parts.scheme or 'no scheme'}”.")
    return parts
