"""Which database a command talks to, and whether that database is fit for Chinese text."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from anlan.config.database import socket_address
from anlan.runtime import state
from anlan.runtime.embedded.postgres import NAME, USER
from anlan.runtime.screen import Trouble
from anlan.runtime.secret import secret

OLDEST = 15
VARIABLE = "ANLAN_DATABASE_URL"


def named_database() -> str | None:
    """The database named by ``ANLAN_DATABASE_URL``, if any. Raises ``Trouble`` when the address cannot be read."""
    address = os.environ.get(VARIABLE) or None
    if address:
        try:
            conninfo_to_dict(address)
        except psycopg.ProgrammingError as problem:
            raise Trouble(
                f"{VARIABLE} is not an address of PostgreSQL ({str(problem).strip()}). It looks like this: "
                "postgresql://user:password@host:5432/name"
            ) from None
    return address


def running_database(data: Path) -> str | None:
    """The address of the database that ``anlan up`` runs on this data folder now; ``None`` when it runs none."""
    current = state.read(data)
    if state.supervisor(current) is None:
        return None
    if current.get("temporary") or current.get("parts", {}).get("database", {}).get("state") != "ready":
        return None  # a database of a single command, or none of ours
    password = secret("database", data / "secrets")
    return socket_address(user=USER, password=password, folder=str(current["socket"]), name=NAME)


def refuse_unfit(address: str) -> None:
    """Raises ``Trouble`` unless the database can serve Anlan: reachable, new enough, UTF-8, trigrams of Chinese text.

    Under the locale "C" the extension pg_trgm takes Chinese characters for punctuation: every search would find
    nothing and no error would say so.
    """
    try:
        with psycopg.connect(address, connect_timeout=10, autocommit=True) as connection:
            _refuse_old(connection)
            _refuse_speechless(connection)
    except psycopg.OperationalError as problem:
        raise Trouble(f"The database does not answer: {str(problem).strip()}") from None


def _refuse_old(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    major = connection.info.server_version // 10_000
    if major < OLDEST:
        raise Trouble(f"The database is PostgreSQL {major}; Anlan needs {OLDEST} or newer.")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Trouble(f"The database is encoded in {encoding}; make one with ENCODING 'UTF8'.")


def _refuse_speechless(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.errors.InsufficientPrivilege:
        raise Trouble(
            "The database lacks the extension pg_trgm and this user may not add it. "
            "Let the owner of the database run: CREATE EXTENSION pg_trgm;"
        ) from None
    except psycopg.errors.FeatureNotSupported as problem:
        raise Trouble(f"The server has no extension pg_trgm (package postgresql-contrib): {problem}") from None
    row = connection.execute("SELECT show_trgm('安全')").fetchone()
    if row is None or not row[0]:
        row = connection.execute("SELECT datctype FROM pg_database WHERE datname = current_database()").fetchone()
        raise Trouble(
            "The database cannot search Chinese text: show_trgm('安全') is empty under its locale "
            f"“{row[0] if row else '?'}”. "
            "Make the database anew with a UTF-8 locale of the C library: CREATE DATABASE anlan TEMPLATE template0 "
            "ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER 'libc';"
        )
