"""Turns one libpq address into Django's settings of a database connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def connection_settings(address: str, **options: Any) -> dict[str, Any]:
    """Django's settings for ``address``, anything libpq understands.

    A URL (``postgresql://user:secret@host/name?sslmode=require``), a socket folder in its query
    (``?host=/run/anlan``) and ``key=value`` pairs are all read by libpq's own parser, so every option
    of the server's documentation works here too. ``options`` become psycopg's connection options.

    Raises ``psycopg.ProgrammingError`` when the address cannot be read.
    """
    parts = conninfo_to_dict(address)
    named = {django: str(parts.pop(libpq)) for libpq, django in _NAMES.items() if parts.get(libpq)}
    return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": {**parts, **options}}


def socket_address(*, user: str, password: str, folder: str, name: str) -> str:
    """The address of a database that listens on a socket folder only."""
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{quote(name)}?host={quote(folder, safe='')}"
