"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["dates", "marks", "names", "report", "text", "units"])
def test_examples(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"anlan.kernel.intake.{name}"))
    assert result.attempted and not result.failed
