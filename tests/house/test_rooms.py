"""Every module is a small house with the same rooms, and no file grows past a page that can be read."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.house.exempt import LONG
from tests.house.walk import PACKAGE, ROOT, business_modules, repository_files

ROOMS = {
    "__init__", "apps", "choices", "workflow", "events", "models", "selectors", "services", "public", "rows",
    "documents", "tables", "filters", "forms", "views", "urls", "rest", "panels", "tasks", "demo", "answers",
    "engine",
}  # fmt: skip
FOLDERS = {"templates", "migrations", "tests", "locale", "__pycache__"}
MOST_LINES = 500


@pytest.mark.parametrize("module", business_modules())
def test_a_module_has_no_strange_rooms(module: str) -> None:
    home = PACKAGE / "modules" / module
    found = {p.stem if p.suffix == ".py" else p.name for p in home.iterdir() if p.suffix == ".py" or p.is_dir()}
    assert found <= ROOMS | FOLDERS, f"strange rooms in {module}: {sorted(found - ROOMS - FOLDERS)}"
    twice = {p.stem for p in home.glob("*.py")} & {p.name for p in home.iterdir() if p.is_dir()}
    assert not twice, f"a file and a folder of one name: {sorted(twice)}"


@pytest.mark.parametrize("module", business_modules())
def test_a_module_says_what_it_is_for(module: str) -> None:
    source = (PACKAGE / "modules" / module / "__init__.py").read_text(encoding="utf-8")
    assert source.startswith('"""'), f"{module}/__init__.py begins with a paragraph: purpose, words, statutes"
    templates = PACKAGE / "modules" / module / "templates"
    if templates.exists():
        assert {p.name for p in templates.iterdir()} <= {module, "cotton"}, (
            "templates stand in a folder of the module's name"
        )


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "common", "helpers", "extras", "misc"}
    found = [p.relative_to(ROOT) for p in PACKAGE.rglob("*") if p.stem in drawers and p.suffix in (".py", "")]
    assert not found


def test_no_file_is_too_long() -> None:
    long = {}
    for path in repository_files(".py", ".ts", ".css", ".html", ".sh"):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" in name:
            continue
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES:
            long[name] = lines
    assert set(long) == set(LONG), f"past {MOST_LINES} lines a file becomes a folder: {long}"


ENGINE_MAY = {*sys.stdlib_module_names, "numpy"}


def test_an_engine_is_pure() -> None:
    """The room of arrays knows no database, no clock and no other room."""
    strange = []
    for path in sorted(PACKAGE.glob("modules/*/engine/*.py")):
        home = f"anlan.modules.{path.parts[-3]}.engine"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            strange += [
                f"{path.name}: {n}" for n in named if not n.startswith(home) and n.split(".")[0] not in ENGINE_MAY
            ]
    assert not strange
