"""A loaded database of an earlier release is brought up to date: nothing is lost, nothing differs from a new one.

``data/earlier.sql.gz`` is a dump of the cast's city (``tests/cast.py``) as the first release made it, before duty
rosters, invitations and delegation: 36 hazards in every state with their history, journal, files and queue.
``data/loaded.sql.gz`` is one of a later day (``tests/runtime/peopled.py``), with records of every module of then;
monitoring, alarms and local figures came after it.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from anlan.kernel.regions.services import pinyin_initials
from anlan.rules.overlap import bigrams
from anlan.runtime.database import VARIABLE
from anlan.runtime.embedded.account import system_account
from anlan.runtime.embedded.postgres import program_folder
from anlan.runtime.places import ROOT
from tests.house.walk import business_modules, own_models
from tests.runtime.conftest import PATIENCE

DUMPS = Path(__file__).with_name("data")
# Tables that an upgrade fills itself; what stood in them still stands.
GROWING = {"django_migrations", "django_content_type", "auth_permission"}
# What a record is found by is made from the rest of it, and an upgrade may make it better.
DERIVED = {("hazards_hazard", "search_text"), ("hazards_hazard", "words")}
Rows = dict[str, tuple[int, str]]

# What a database is made of, in words that do not depend on the order it was made in.
FORM = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, collation_name
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid), contype FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t
        JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal""",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
}


@pytest.fixture
def earlier(db: None) -> Iterator[str]:
    """The address of a database as the first release left it."""
    with restored("earlier") as address:
        yield address


@pytest.fixture
def loaded(db: None) -> Iterator[str]:
    """The address of a database with records of every module of its day."""
    with restored("loaded") as address:
        yield address


@contextmanager
def restored(dump: str) -> Iterator[str]:
    """The address of a database made from a dump."""
    name = f"{dump}_{os.getpid()}"
    with psycopg.connect(os.environ[VARIABLE], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    address = make_conninfo(os.environ[VARIABLE], dbname=name)
    parts = conninfo_to_dict(address)
    password = str(parts.pop("password"))
    try:
        done = subprocess.run(
            [str(program_folder(system_account()) / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", make_conninfo(**parts)],
            input=gzip.decompress((DUMPS / f"{dump}.sql.gz").read_bytes()),
            env={"PGPASSWORD": password, "PATH": os.environ["PATH"]},
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        yield address
    finally:
        with psycopg.connect(os.environ[VARIABLE], autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def upgrading(address: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The program's own migration, in a process of its own."""
    environment = {**os.environ, VARIABLE: address, "DJANGO_SETTINGS_MODULE": "anlan.config.settings.test"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.runtime.upgrading", *more], env={**environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def upgraded(address: str, *more: str) -> str:
    """What an upgrade that has to go well said."""
    with upgrading(address, *more) as process:
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
    return said


def rows(address: str, columns: dict[str, list[str]] | None = None) -> tuple[Rows, dict[str, list[str]]]:
    """Count and sum over the hashes of each table's rows, over these columns or all there are."""
    found: Rows = {}
    with psycopg.connect(address) as asking:
        if columns is None:
            columns = {}
            for table, column in asking.execute(
                "SELECT table_name::text, column_name::text FROM information_schema.columns JOIN pg_tables"
                " ON tablename = table_name AND schemaname = table_schema WHERE table_schema = 'public' ORDER BY 1, 2"
            ).fetchall():
                if (table, column) not in DERIVED:
                    columns.setdefault(table, []).append(column)
        for table, names in columns.items():
            query = sql.SQL(
                "SELECT count(*), coalesce(sum(hashtextextended(ROW({})::text, 0)::numeric), 0)::text FROM {}"
            ).format(sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(table))
            row = asking.execute(query).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
    return found, columns


def not_found_by_initials(address: str) -> list[str]:
    """The hazards that are not found by the initials of their unit's name."""
    with psycopg.connect(address) as asking:
        found = asking.execute(
            "SELECT h.number, u.name, h.search_text, h.words FROM hazards_hazard h"
            " JOIN registry_site s ON s.id = h.site_id JOIN registry_unit u ON u.id = s.unit_id"
        ).fetchall()
    assert len(found) == 38 and any(not name.isascii() for _number, name, _text, _words in found)
    initials = {name: "" if name.isascii() else pinyin_initials(name) for _number, name, _text, _words in found}
    return [
        number for number, name, text, words in found
        if initials[name] not in text or not bigrams(initials[name]) <= set(words)
    ]  # fmt: skip


def form(run: Callable[[str], list[Any]]) -> set[str]:
    """The pieces a database is made of, each in one line.

    Types written out and brackets are left away: a dump writes the same condition with others than the program did.
    """
    lines = (f"{name}: {row!r}" for name, query in FORM.items() for row in run(query))
    lines = (line for line in lines if "ui_sample_paper" not in line)  # a table of the screen tests, without a module
    return {re.sub(r"::(character varying|text|bpchar)(\[\])?|[()]", "", line) for line in lines}


def form_of_a_new_one() -> set[str]:
    def run(query: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    return form(run)


def form_of(address: str) -> set[str]:
    with psycopg.connect(address) as asking:
        return form(lambda query: asking.execute(query).fetchall())


def test_nothing_is_lost_nothing_differs_from_a_new_one_and_pages_answer(earlier: str) -> None:
    before, columns = rows(earlier)
    assert before["hazards_hazard"][0] == 38 and before["journal_entry"][0] == 312
    said = upgraded(earlier, "look")
    assert "Bringing the database up to date" in said and "tallies 0001_initial" in said and "to go back to" in said
    pages = json.loads(said.splitlines()[-1])
    assert set(pages.values()) == {200} and len(pages) == 8, pages
    after, _ = rows(earlier, columns)
    # Signing in to look wrote a session and the time of it.
    changed = {name for name in before if after[name] != before[name]} - GROWING
    assert changed <= {"django_session", "identity_user", "usersessions_usersession", "axes_accesslog"}, changed
    assert {name: count for name, (count, _) in after.items() if count < before[name][0]} == {}
    assert form_of(earlier) ^ form_of_a_new_one() == set()
    assert not_found_by_initials(earlier) == []
    with psycopg.connect(earlier) as asking, pytest.raises(psycopg.errors.RaiseException):
        asking.execute("UPDATE journal_entry SET act = 'another'")
    with psycopg.connect(earlier) as asking, pytest.raises(psycopg.Error, match=r"(?i)append|protect|cannot"):
        asking.execute("DELETE FROM hazards_hazardevent")
    assert "Bringing" not in upgraded(earlier)


def test_an_upgrade_killed_half_way_is_taken_up_again_while_another_waits(earlier: str) -> None:
    before, columns = rows(earlier)
    with psycopg.connect(earlier) as holding:
        # The upgrade comes as far as the first change of this table, and no further.
        holding.execute("LOCK TABLE identity_grant IN ACCESS EXCLUSIVE MODE")
        with upgrading(earlier) as killed:
            until_it_waits(earlier)
            os.kill(killed.pid, signal.SIGKILL)
            killed.wait(PATIENCE)
        with upgrading(earlier) as second, upgrading(earlier) as third:
            holding.rollback()
            said = [process.communicate(timeout=PATIENCE)[0] for process in (second, third)]
            assert [second.returncode, third.returncode] == [0, 0], said
    assert sum("Bringing the database up to date" in words for words in said) == 1, said
    after, _ = rows(earlier, columns)
    assert {name for name in before if after[name] != before[name]} <= GROWING
    assert form_of(earlier) ^ form_of_a_new_one() == set()


def until_it_waits(address: str) -> None:
    """Until somebody stands before the locked table."""
    with psycopg.connect(address, autocommit=True) as asking:
        for _ in range(PATIENCE * 10):
            row = asking.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'identity_grant'::regclass"
            ).fetchone()
            if row and row[0]:
                return
            threading.Event().wait(0.1)
    raise AssertionError("the upgrade never came to the locked table")


def test_a_database_of_a_newer_program_is_left_alone(earlier: str) -> None:
    with psycopg.connect(earlier) as newer:
        newer.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('hazards', '9999_from_afar', now()),"
            " ('an_app_long_gone', '0001_initial', now())"
        )
    before, _ = rows(earlier)
    with upgrading(earlier) as process:
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 3
    assert "newer Anlan (hazards 9999_from_afar)" in said and "an_app_long_gone" not in said
    assert rows(earlier)[0] == before


def test_a_database_with_records_of_every_module_is_brought_up_and_every_page_answers(loaded: str) -> None:
    before, columns = rows(loaded)
    kept = [model._meta for model in own_models() if model._meta.managed]
    tables = {app: [meta.db_table for meta in kept if meta.app_label == app] for app in business_modules()}
    bare = {app for app, names in tables.items() if names and not any(before.get(name, (0, ""))[0] for name in names)}
    assert bare == {"monitoring", "alarms", "warning"}, "the modules of then that had records"
    said = upgraded(loaded)
    assert "Bringing the database up to date (" in said
    after, _ = rows(loaded, columns)
    assert {name for name in before if after[name] != before[name]} - GROWING == set()
    assert {name: count for name, (count, _) in after.items() if count < before[name][0]} == {}
    assert form_of(loaded) ^ form_of_a_new_one() == set()
    told = upgraded(loaded, "fill", "every")
    found = json.loads(told.splitlines()[-1])
    assert "Bringing" not in told
    assert {address: status for address, status in found["asked"].items() if status != 200} == {}
    assert len(found["shown"]) > 90
    assert found["empty"] == ["office:jobs"], "no job was given up then; every other page has rows"
