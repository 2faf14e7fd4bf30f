"""A rule with figures to verify is asked for a place, so that what a jurisdiction set in their place counts there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from anlan.rules.book import RULES
from anlan.rules.figures import FIGURES
from tests.house.walk import PACKAGE

DOUBTFUL = {figure.rule for figure in FIGURES.values()} & set(RULES)
AROUND = "by_figures_of"
# Files whose rules answer inside ``by_figures_of`` of whoever calls them; each with the caller.
WITHIN = {
    "modules/risks/services/_judging.py": "factors.add_factor and change_factor put the figures in force",
    "modules/statutes/selectors/rerun.py": "rerun does, and the page of a rule does before it asks by_today",
}


def asked(tree: ast.AST, *, placed: bool = False) -> Iterator[tuple[int, str, bool]]:
    """Every rule asked by name: the line, the name ("" where it is put together), whether for a place."""
    for node in ast.iter_child_nodes(tree):
        inside = placed or (
            isinstance(node, ast.With) and any(AROUND in ast.unparse(item.context_expr) for item in node.items)
        )
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("finding", "law.finding") and node.args:
            name = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            yield node.lineno, str(name), inside or any(keyword.arg == "path" for keyword in node.keywords)
        yield from asked(node, placed=inside)


def sources() -> list[Path]:
    """The files of modules and flows, their tests left out."""
    found = [*(PACKAGE / "modules").rglob("*.py"), *(PACKAGE / "flows").rglob("*.py")]
    return sorted(path for path in found if "tests" not in path.parts)


def test_every_rule_with_figures_to_verify_is_asked_for_a_place() -> None:
    seen, astray = set(), []
    for path in sources():
        where = path.relative_to(PACKAGE).as_posix()
        for line, name, placed in asked(ast.parse(path.read_text("utf-8"))):
            if name in DOUBTFUL or not name:
                seen.add(name)
                if not placed and where not in WITHIN:
                    astray.append(f"{where}:{line} {name or 'a name put together'}")
    assert "permit_clock" in seen
    assert not astray, "say path=… or ask within by_figures_of(…)"
