"""What a start need not look over again, and when it has to all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from anlan.config.database import socket_address
from anlan.runtime import prepare, prepared, state
from anlan.runtime.processes import Identity, identify, identify_started

SIGN_INS = [{"role": "a", "role_zh": "甲", "name": "a", "password": "p"}]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small program."""
    (tmp_path / "anlan" / "__pycache__").mkdir(parents=True)
    (tmp_path / "anlan" / "one.py").write_text("a = 1\n")
    return tmp_path


def known(data: Path, who: Identity | None, **more: Any) -> prepared.Left:
    """What is found when a state like that was left."""
    owner = who.as_dict() if who else None
    state.write(data, {"supervisor": owner, "parts": {}, "prepared": "stamp", "sign_ins": SIGN_INS, **more})
    return prepared.left_behind(data)


def dead() -> Identity:
    """A process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = identify_started(process.pid)
    process.communicate(b"\n")
    assert identity is not None
    return identity


def test_only_a_supervisor_that_died_on_this_boot_leaves_anything(tmp_path: Path) -> None:
    gone, alive = dead(), identify(os.getpid())
    assert prepared.left_behind(tmp_path) == prepared.Left()
    assert known(tmp_path, gone) == prepared.Left("stamp", SIGN_INS)
    assert known(tmp_path, alive) == prepared.Left(), "it runs"
    assert known(tmp_path, None) == prepared.Left(), "it ended in good order"
    assert known(tmp_path, gone, temporary=True) == prepared.Left(), "it was of a single command"
    before = Identity(gone.pid, gone.started, gone.command, "another-boot")
    assert known(tmp_path, before) == prepared.Left(), "the machine was started anew"


def test_another_program_is_told_from_what_is_made_of_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = prepared.program(tree)
    (tree / "anlan" / "__pycache__" / "one.pyc").write_bytes(b"made")
    (tree / "anlan" / "django.mo").write_bytes(b"made")
    assert prepared.program(tree) == before
    (tree / "anlan" / "two.html").write_text("b")
    with_two = prepared.program(tree)
    assert with_two != before
    os.utime(tree / "anlan" / "one.py", ns=(1, 1))
    assert prepared.program(tree) != with_two
    changed = prepared.program(tree)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "another.settings")
    assert prepared.program(tree) != changed


@pytest.mark.django_db(transaction=True)
def test_another_database_is_looked_over() -> None:
    given = connection.settings_dict
    address = socket_address(user=given["USER"], password=given["PASSWORD"], folder=given["HOST"], name=given["NAME"])
    found = prepared.stamp("program", address)
    left = prepared.Left(found, SIGN_INS)
    assert found and left.fits("program", address, demo=True)
    assert not left.fits("another", address, demo=True)
    assert not prepared.Left(found).fits("program", address, demo=True), "the demo city's sign-ins are not known"
    assert prepared.Left(found).fits("program", address, demo=False)
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('later', '0001', now())")
        try:
            assert not left.fits("program", address, demo=True)
        finally:
            other.execute("DELETE FROM django_migrations WHERE app = 'later'")
    nowhere = psycopg.conninfo.make_conninfo(address, dbname="nowhere")
    assert not left.fits("program", nowhere, demo=True) and not prepared.Left().fits("program", nowhere, demo=False)


def test_the_program_is_compiled_beside_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anlan" / "tests").mkdir(parents=True)
    (tmp_path / "anlan" / "one.py").write_text("a = 1\n")
    (tmp_path / "anlan" / "tests" / "test_one.py").write_text("a = 1\n")
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    assert prepare.compile_code()
    assert [path.parent.parent.name for path in tmp_path.rglob("*.pyc")] == ["anlan"]
    (tmp_path / "anlan" / "two.py").write_text("this is no program\n")
    assert not prepare.compile_code()
