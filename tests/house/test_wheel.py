"""A wheel holds what the program reads at run time: the list in ``pyproject.toml`` names every kind of data file."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

from tests.house.walk import PACKAGE, ROOT, repository_files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
PATTERNS = {pattern.rpartition("/")[2] for pattern in SETTINGS["package-data"]["*"]}


def data_files() -> list[Path]:
    """What lies below the package and is no Python: committed, built (front end) and compiled (catalogues)."""
    built = [p for p in (PACKAGE / "ui" / "static").rglob("*") if p.is_file() and not p.name.startswith(".")]
    committed = [p for p in repository_files() if p.is_relative_to(PACKAGE) and p.suffix != ".py"]
    return sorted({*committed, *built, *PACKAGE.rglob("locale/*/LC_MESSAGES/*.mo")})


def test_every_data_file_is_in_the_wheel() -> None:
    found = data_files()
    assert {".html", ".po", ".csv", ".typ"} <= {p.suffix for p in found}
    left = [p.relative_to(ROOT).as_posix() for p in found if not any(fnmatch.fnmatch(p.name, x) for x in PATTERNS)]
    assert not left, f"add their kind to [tool.setuptools.package-data]: {left}"


def test_every_pattern_reaches_below_its_package() -> None:
    """``*.html`` alone would stop at the folder that has an ``__init__.py``; templates and catalogues lie deeper."""
    assert all(pattern.startswith("**/*.") for pattern in SETTINGS["package-data"]["*"])


def test_every_folder_with_code_is_a_package() -> None:
    assert SETTINGS["packages"]["find"]["namespaces"] is False
    bare = {
        p.parent.relative_to(ROOT).as_posix()
        for p in repository_files(".py")
        if p.is_relative_to(PACKAGE) and not (p.parent / "__init__.py").exists()
    }
    assert not bare, f"without an __init__.py the wheel leaves them out: {sorted(bare)}"
