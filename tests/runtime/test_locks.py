"""Lock files: complete, hashed, and silent about registries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from anlan.runtime import locks
from anlan.runtime.places import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_lock_files_are_in_order() -> None:
    assert locks.faults() == []


def test_an_address_of_a_registry_is_refused(copy: Path) -> None:
    _change(
        copy / "requirements" / "base.txt", "annotated-types", "--index-url https://packages.example/\nannotated-types"
    )
    assert locks.faults(copy) == ["requirements/base.txt: holds an address of a registry"]


def test_a_package_without_a_hash_is_refused(copy: Path) -> None:
    path = copy / "requirements" / "uv.txt"
    path.write_text(path.read_text().split(" \\")[0] + "\n")
    assert locks.faults(copy) == ["requirements/uv.txt: a package without a hash"]


def test_a_requirement_the_lock_does_not_hold_is_named(copy: Path) -> None:
    _change(copy / "pyproject.toml", '"django>=5.2,<5.3"', '"django>=5.3"')
    assert [fault.partition(",")[0] for fault in locks.faults(copy)] == [
        f"requirements/{name}.txt: pyproject.toml asks for django>=5.3" for name in ("base", "embedded", "connectors", "dev")
    ]


def test_an_npm_lock_that_names_its_registry_is_refused(copy: Path) -> None:
    path = copy / "requirements" / "chromium" / "package-lock.json"
    _change(path, '"integrity"', '"resolved": "somewhere", "integrity"')
    (fault,) = locks.faults(copy)
    assert fault.endswith("names a registry")
