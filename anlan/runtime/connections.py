"""How many database connections each process may hold, so that together they stay below what the server allows.

A page, an operation of the API and a job each hold one connection while they work. The web's processes answer as many
requests at once as their pool has connections, further ones wait a moment in line and are then told to come again
(``anlan.runtime.front``); so nothing is ever waiting for a connection that another one waiting holds.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import psycopg

from anlan.runtime.screen import Trouble

MOST = 8  # a web process's connections, and so its requests at a time, unless ANLAN_POOL_MAX says otherwise
LEAST = 2
STREAMS = 2000  # live streams of one web process, unless ANLAN_STREAMS_MAX says otherwise: they hold no connection
LISTENING = 1  # beside its pool a web process has one connection for what happened, the worker one for new jobs
QUEUE = 4  # what the worker takes jobs with, beside the jobs' own connections
HISTORIAN = 3  # two for what it records and reads, one for what acts say of gateways and tags
RESERVE = 6  # for one command at a time (a copy, an intake, a migration), the supervisor's looks and a person's psql


@dataclass(frozen=True)
class Budget:
    """The connections of one machine: what the server gives, and what each process takes of it."""

    limit: int
    web: int
    jobs: int
    pool: int

    @property
    def most(self) -> int:
        """All there can be at once."""
        return self.web * (self.pool + LISTENING) + self.jobs + QUEUE + LISTENING + HISTORIAN + RESERVE


def share(limit: int, *, web: int, jobs: int, wanted: int = MOST) -> Budget:
    """The largest pool up to ``wanted`` with which ``web`` processes and ``jobs`` jobs at a time stay below ``limit``.

    Raises ``Trouble`` when not even ``LEAST`` connections would be left for a web process.

    >>> share(100, web=2, jobs=4)
    Budget(limit=100, web=2, jobs=4, pool=8)
    >>> share(30, web=2, jobs=4).pool, share(30, web=2, jobs=4).most
    (4, 28)
    """
    room = limit - Budget(limit, web, jobs, 0).most
    pool = min(wanted, (room - 1) // web) if web else wanted
    if pool < LEAST:
        least = Budget(limit, web, jobs, LEAST).most + 1
        raise Trouble(
            f"The database allows {limit} connections; {web} web processes and {jobs} jobs at a time need at least "
            f"{least}. Raise max_connections (or the user's CONNECTION LIMIT) there, or lower ANLAN_WEB_WORKERS or "
            "ANLAN_JOBS."
        )
    return Budget(limit, web, jobs, pool)


def allowed(address: str) -> int:
    """How many connections the server allows this user on this database: the smallest of its several limits."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true)::int, 0), rolconnlimit, datconnlimit"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    assert row is not None
    return min(row[0], *(limit for limit in row[1:] if limit >= 0), row[0])


def wanted() -> int:
    """The pool that was asked for. Raises ``Trouble`` when ``ANLAN_POOL_MAX`` is no number of connections."""
    return number("ANLAN_POOL_MAX", MOST, LEAST)


def number(variable: str, default: int, least: int = 1) -> int:
    """A count named in the environment. Raises ``Trouble`` that names the variable and what it may be."""
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise Trouble(f"{variable}={text} is not a number from {least} up.")
    return int(text)


def let_go() -> None:
    """Closes every connection of Django's and the threads of its pools: before their server ends, or before a fork."""
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        for connection in connections.all(initialized_only=True):
            connection.close()
            close_pool = getattr(connection, "close_pool", None)
            if close_pool:
                close_pool()
