"""Every number of rows stops at a ceiling: screens, badges and the API count through ``kernel.counting`` alone.

The database's own counts (``Count`` in an aggregate or annotation) are no exception: each is bounded by what it counts.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.walk import PACKAGE

# Where rows are counted otherwise, by file and function, each with the reason.
EXACT: dict[str, str] = {
    "kernel/events/selectors.py:queues": "the queue; whoever runs it needs to know how long it has grown",
    "kernel/files/services.py:begin_upload": "uploads one person has under way, of which there is a most",
    "modules/alarms/selectors/records.py:_by_site": "open alarms by site and priority, for the map and the index",
    "modules/alarms/selectors/statistics.py:statistics": "alarms of a year at most, by region and rule; past the ceiling too",
    "modules/alarms/selectors/statistics.py:_busiest": "the fullest hour of that stretch",
    "modules/hazards/selectors.py:double_reports": "of as many rows as the ceiling, cut before they are counted",
    "modules/hazards/selectors.py:overdue_everywhere": "what is overdue by unit, once an hour for the index",
    "modules/installations/selectors/register.py:by_part": "major hazard installations: hundreds in a city, by level",
    "modules/monitoring/selectors/coverage.py:owed": "sites with a major hazard installation: hundreds in a city; their gateways, tags",
    "modules/office/selectors.py:posts": "who holds one post",
    "modules/office/selectors.py:events": "the flows that ran for one event",
    "modules/registry/selectors/duplicates.py:pairs": "groups, cut at the most that are shown; two to six in each",
    "modules/risks/selectors/rates.py:_units_by_part": "units with a high-risk site above scale: a partial index holds them",
    "modules/risks/selectors/rates.py:_several": "units with several sites: a partial index holds the further sites",
    "modules/risks/services/_standing.py:settle_register": "the points of one site, and their measures",
    "modules/risks/services/_standing.py:raise_if_repeated": "the hazards of one point since a day",
    "modules/statutes/selectors/coverage.py:coverage": "the articles of one text",
    "modules/statutes/selectors/library.py:check_lists": "the items of one list",
    "modules/statutes/selectors/library.py:lists_at": "the items of one list",
    "modules/welcome/selectors.py:_how_many": "the invitations of one round, a thousand at most",
}
HOMES = ("ui", "modules", "kernel")
LEFT = {"tests", "migrations"}


def counts_of(source: str) -> list[tuple[str, int]]:
    """The calls ``….count()``, the database's ``Count`` and the uses of Django's own paginator, by function and line."""
    found: list[tuple[str, int]] = []

    def walk(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            here = child.name if isinstance(child, ast.FunctionDef | ast.ClassDef) else inside
            bare = isinstance(child, ast.Call) and not child.args and not child.keywords
            if bare and isinstance(child.func, ast.Attribute) and child.func.attr == "count":  # type: ignore[attr-defined]
                found.append((here, child.lineno))
            if isinstance(child, ast.Call):
                called = getattr(child.func, "id", "") or getattr(child.func, "attr", "")
                if called in ("Paginator", "Count"):
                    found.append((here, child.lineno))
            walk(child, here)

    walk(ast.parse(source), "")
    return found


def test_nothing_counts_past_the_ceiling() -> None:
    loose, used = {}, set()
    for path in sorted(p for home in HOMES for p in (PACKAGE / home).rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if LEFT & set(path.relative_to(PACKAGE).parts) or name == "kernel/counting.py":
            continue
        for inside, line in counts_of(Path(path).read_text("utf-8")):
            used.add(f"{name}:{inside}")
            if f"{name}:{inside}" not in EXACT:
                loose[f"{name}:{line}"] = inside
    assert not loose, f"count with kernel.counting.counted, or say in EXACT why not: {loose}"
    assert set(EXACT) <= used, f"gone, strike them: {set(EXACT) - used}"


def test_a_count_that_slipped_in_is_seen() -> None:
    source = "def badge(actor):\n    return rows(actor).count()\ndef page():\n    return Paginator(rows, 9)\n"
    assert counts_of(source) == [("badge", 2), ("page", 4)]
    assert counts_of("'aab'.count('a')") == []
    assert counts_of("def n(rows):\n    return rows.aggregate(n=models.Count('pk'))\n") == [("n", 2)]
