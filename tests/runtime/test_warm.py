"""Warming up: what a web process has done before its first request, and how it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.runtime import ready, warm


def test_every_template_compiles() -> None:
    assert warm.compile_templates() > 150, "those of the modules as well"


@pytest.mark.django_db
def test_the_pages_of_the_menu_are_drawn_for_a_reader_of_nothing() -> None:
    addresses = warm.main_pages()
    assert {"/", "/hazards/", "/cockpit/"} <= set(addresses)
    answers = {address: warm.draw(address) for address in addresses}
    assert {address: a.status_code for address, a in answers.items() if a.status_code not in (200, 302, 403, 404)} == {}
    body = answers["/hazards/"].content.decode()
    assert "<html" in body and 'href="/hazards/1' not in body


@pytest.mark.django_db
def test_nothing_is_written_by_it() -> None:
    with CaptureQueriesContext(connection) as asked:
        for address in warm.main_pages():
            warm.draw(address)
    assert [q["sql"] for q in asked if q["sql"].lstrip("( ").split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")] == []


@pytest.mark.parametrize(
    ("awaited", "others", "first"), [(True, False, False), (True, True, True), (False, False, True)]
)
def test_it_answers_cold_only_where_nobody_else_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, awaited: bool, others: bool, first: bool
) -> None:
    folder, done = ready.empty_folder(tmp_path), list[str]()
    monkeypatch.setattr(warm, "warm_up", lambda: done.append("warm"))
    monkeypatch.setenv(ready.ANNOUNCE, str(folder) if awaited else "")
    if others:
        ready.announce()
    warming = warm.WarmUp()
    warming.before()
    assert bool(done) is first
    warming.beside()
    assert done == ["warm"]


def test_only_the_living_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ready.empty_folder(tmp_path)
    monkeypatch.setenv(ready.ANNOUNCE, str(folder))
    ready.announce()
    assert ready.count(folder) == 1
    tell = "from anlan.runtime import ready; ready.announce()"
    subprocess.run([sys.executable, "-c", tell], env=dict(os.environ), check=True)
    assert len(list(folder.iterdir())) == 2 and ready.count(folder) == 1
    assert ready.count(ready.empty_folder(tmp_path)) == 0


def test_what_one_that_died_has_said_is_not_taken_for_the_next_ones_word(tmp_path: Path) -> None:
    flag = tmp_path / "historian-ready"
    assert not ready.said(flag)
    tell = f"import pathlib; from anlan.runtime import ready; ready.say(pathlib.Path({str(flag)!r}))"
    subprocess.run([sys.executable, "-c", tell], env=dict(os.environ), check=True)
    assert flag.exists() and not ready.said(flag)
    ready.say(flag)
    assert ready.said(flag)


def test_nobody_is_told_unless_somebody_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ready.ANNOUNCE, raising=False)
    monkeypatch.chdir(tmp_path)
    ready.announce()
    assert list(tmp_path.iterdir()) == []
