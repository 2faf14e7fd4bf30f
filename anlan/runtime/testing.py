"""pytest's side of the throw-away database, and doctests wherever a module has an example.

Loaded by ``-p anlan.runtime.testing`` (pyproject.toml), so a plain ``pytest PATH`` works anywhere in the tree.
The process that owns the test run starts one server; the workers of pytest-xdist share it, each with a database
of its own; it is stopped at the end. With ``ANLAN_DATABASE_URL`` set, that server is used instead (its user must be
allowed to make databases).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule

from anlan.config.database import connection_settings
from anlan.runtime.database import VARIABLE
from anlan.runtime.places import ROOT
from anlan.runtime.throw_away import ThrowAway

# Settings are read before any hook runs, so the folder of all their folders is named on import.
_OWN_FOLDER = None if "ANLAN_TEST_FOLDER" in os.environ else tempfile.mkdtemp(prefix="anlan-tests-")
if _OWN_FOLDER:
    os.environ["ANLAN_TEST_FOLDER"] = _OWN_FOLDER

_SERVER = pytest.StashKey[ThrowAway]()
_EXAMPLE = b"\n    >>> "


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    _no_timings()
    if hasattr(config, "workerinput") or os.environ.get(VARIABLE) or config.option.collectonly:
        return
    server = config.stash[_SERVER] = ThrowAway()
    os.environ[VARIABLE] = server.start()
    # pytest-django read the settings before any configuration could run; no connection has been made yet.
    from django.conf import settings

    settings.DATABASES["default"].update(connection_settings(os.environ[VARIABLE]))


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.stop()
        del config.stash[_SERVER], os.environ[VARIABLE]
    if _OWN_FOLDER:
        os.environ.pop("ANLAN_TEST_FOLDER", None)
        shutil.rmtree(_OWN_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def _queue_is_emptied(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Jobs that a committing test deferred are gone before the next test asks what is waiting.

    The queue's tables belong to its library and are not among the models that pytest-django empties.
    """
    yield
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (mark and mark.kwargs.get("transaction")):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, "
                "procrastinate_periodic_defers CASCADE"
            )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Every example in a docstring of the program is a test."""
    if file_path.suffix != ".py" or not file_path.is_relative_to(ROOT / "anlan") or "tests" in file_path.parts:
        return None
    if _EXAMPLE not in file_path.read_bytes():
        return None
    return DoctestModule.from_parent(parent, path=file_path)


def _no_timings() -> None:
    """A property is true or false on a slow machine too: how long an example took decides nothing."""
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "anlan", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
    )
    settings.load_profile("anlan")
