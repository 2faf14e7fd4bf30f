"""The database is refused where Chinese text could not be searched, and served by a locked-down server."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import psycopg
import pytest

from anlan.config.database import connection_settings, socket_address
from anlan.runtime.database import VARIABLE, named_database, refuse_unfit
from anlan.runtime.screen import Trouble


@pytest.fixture
def address() -> str:
    return os.environ[VARIABLE]


@pytest.fixture
def elsewhere(address: str):
    """Makes databases on the test server and removes them: ``elsewhere(name, clause)`` gives the address."""
    made: list[str] = []

    def make(name: str, clause: str) -> str:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {clause}")
        made.append(name)
        return psycopg.conninfo.make_conninfo(address, dbname=name)

    yield make
    with psycopg.connect(address, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name}")


def test_a_fit_database_is_accepted(address: str) -> None:
    refuse_unfit(address)


def test_a_database_with_the_wrong_locale_is_refused(elsewhere) -> None:
    unfit = elsewhere("unfit_locale", "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER 'libc'")
    with pytest.raises(Trouble, match=r"show_trgm\('安全'\) is empty.*“C”.*LOCALE 'C.UTF-8'"):
        refuse_unfit(unfit)


def test_a_database_in_another_encoding_is_refused(elsewhere) -> None:
    unfit = elsewhere("unfit_encoding", "ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER 'libc'")
    with pytest.raises(Trouble, match="SQL_ASCII"):
        refuse_unfit(unfit)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="does not answer"):
        refuse_unfit(socket_address(user="anlan", password="x", folder=str(tmp_path), name="anlan"))


def test_a_malformed_address_says_what_one_looks_like(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://[half/an/address")
    with pytest.raises(Trouble, match=r"ANLAN_DATABASE_URL is not an address.*postgresql://user:password@host"):
        named_database()


def test_nobody_comes_in_without_the_password(address: str) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(address)
    if "password" not in parts:
        raise AssertionError("the test server has to be one with a password")
    with pytest.raises(psycopg.OperationalError, match=r"password|authentication"):
        psycopg.connect(psycopg.conninfo.make_conninfo(address, password="guess"))


def test_the_program_is_not_the_servers_superuser(address: str) -> None:
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


def test_the_server_listens_on_a_private_socket_only(address: str) -> None:
    folder = Path(psycopg.conninfo.conninfo_to_dict(address)["host"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_every_part_of_an_address_reaches_django() -> None:
    settings = connection_settings(
        "postgresql://a%40b:p%2Fw@db.example:6432/city?sslmode=require", pool={"max_size": 4}
    )
    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "city",
        "USER": "a@b",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require", "pool": {"max_size": 4}},
    }
