"""The diagrams of the documentation are drawn from the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anlan.modules.hazards import workflow
from anlan.rules.steps import Workflow

PAGE = Path(__file__).resolve().parents[4] / "docs" / "modules" / "hazards.md"


def drawn(process: Workflow) -> str:
    """The diagram of a process as it stands in the page."""
    return f"<!-- drawn: {process.name} -->\n```mermaid\n{process.mermaid()}```\n<!-- end -->"


@pytest.mark.parametrize("process", workflow.PROCESSES, ids=lambda p: p.name)
def test_the_page_shows_the_table(process: Workflow) -> None:
    assert drawn(process) in PAGE.read_text(encoding="utf-8"), (
        "draw it again: python -m anlan.modules.hazards.tests.test_docs"
    )


def test_every_local_parameter_is_explained() -> None:
    from anlan.kernel.codes.services import DECLARED

    text = PAGE.read_text(encoding="utf-8")
    for code in DECLARED:
        if code.startswith("hazards."):
            assert f"`{code.removeprefix('hazards.')}`" in text, code


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    for one in workflow.PROCESSES:
        page = re.sub(rf"<!-- drawn: {one.name} -->.*?<!-- end -->", lambda _m, p=one: drawn(p), page, flags=re.S)
    PAGE.write_text(page, encoding="utf-8")
