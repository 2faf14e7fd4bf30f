"""Every benchmark says what it measures and keeps its figures in the agreed form."""

from __future__ import annotations

import argparse
import json
import re
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from anlan.runtime import bench

KEPT = sorted(bench.RESULTS.glob("*.json"))
FORM = {
    "name": str, "value": (int, float), "unit": str, "goal": (int, float, type(None)), "ok": (bool, type(None)),
    "method": str, "data": str, "machine": str,
}  # fmt: skip


@pytest.mark.parametrize("name", bench.benchmarks())
def test_a_benchmark_says_what_it_does_and_can_be_run(name: str) -> None:
    script = runpy.run_path(str(bench.FOLDER / f"{name}.py"), run_name="looked at")
    assert script["__doc__"].strip() and callable(script["measure"])
    if "add" in script:
        parser = argparse.ArgumentParser()
        script["add"](parser)
        parser.parse_args([])  # everything has a default: `./run bench NAME` measures what the goals are about


def test_there_are_figures() -> None:
    assert KEPT


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_figures_are_kept_in_the_agreed_form(path: Path) -> None:
    assert path.stem.partition("-")[0] in bench.benchmarks()
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    assert rows and max(Counter(row["name"] for row in rows).values()) == 1
    for row in rows:
        assert list(row) == list(FORM)
        for name, kinds in FORM.items():
            assert isinstance(row[name], kinds), (row["name"], name)
        assert row["ok"] == (None if row["goal"] is None else row["value"] <= row["goal"]), row["name"]
        assert row["method"] and row["data"] and re.search(r"\d+ cores, \d+ GB.*Python.*PostgreSQL", row["machine"])


def test_a_figure_meets_its_goal_or_not() -> None:
    figure = bench.Figure("time", 2.5, "s", 2.0, "one run", "ten rows")
    assert figure.ok is False and bench.Figure("time", 2.0, "s", 2.0).ok and bench.Figure("rows", 10, "rows").ok is None
    assert list(figure.as_row("2 cores")) == list(FORM)


def test_the_mix_of_pages_is_whole() -> None:
    mix = yaml.safe_load((bench.FOLDER / "web.yaml").read_text("utf-8"))
    assert {name: tier["share"] for name, tier in mix["users"].items()} == {"city": 25, "county": 25, "town": 50}
    assert sum(kind["share"] for kind in mix["kinds"]) == 100
    assert (mix["rate"], mix["seconds"]) == (20, 300)
    for kind in mix["kinds"]:
        re.compile(kind["shows"])
        assert kind["goal"] == (300 if kind["address"].startswith("/cockpit/") else 150)
        assert all(tier[kind.get("who", "accounts")] for tier in mix["users"].values())
