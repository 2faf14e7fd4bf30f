"""Every number of rows stops at a ceiling: screens, badges and the API count through ``kernel.counting`` alone."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.walk import PACKAGE

# Where rows are counted otherwise, by file and function, each with the reason.
EXACT: dict[str, str] = {}
HOMES = ("ui", "modules", "kernel")
LEFT = {"tests", "migrations"}


def counts_of(source: str) -> list[tuple[str, int]]:
    """The calls ``….count()`` and the uses of Django's own paginator, by function and line."""
    found: list[tuple[str, int]] = []

    def walk(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            here = child.name if isinstance(child, ast.FunctionDef | ast.ClassDef) else inside
            bare = isinstance(child, ast.Call) and not child.args and not child.keywords
            if bare and isinstance(child.func, ast.Attribute) and child.func.attr == "count":  # type: ignore[attr-defined]
                found.append((here, child.lineno))
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "Paginator":
                found.append((here, child.lineno))
            walk(child, here)

    walk(ast.parse(source), "")
    return found


def test_nothing_counts_past_the_ceiling() -> None:
    loose = {}
    for path in sorted(p for home in HOMES for p in (PACKAGE / home).rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if LEFT & set(path.relative_to(PACKAGE).parts) or name == "kernel/counting.py":
            continue
        for inside, line in counts_of(Path(path).read_text("utf-8")):
            if f"{name}:{inside}" not in EXACT:
                loose[f"{name}:{line}"] = inside
    assert not loose, f"count with kernel.counting.counted, or say in EXACT why not: {loose}"


def test_a_count_that_slipped_in_is_seen() -> None:
    source = "def badge(actor):\n    return rows(actor).count()\ndef page():\n    return Paginator(rows, 9)\n"
    assert counts_of(source) == [("badge", 2), ("page", 4)]
    assert counts_of("'aab'.count('a')") == []
