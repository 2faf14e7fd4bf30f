"""All checks that need no database: style, types, walls, migrations, templates, languages, API, rules, lock files.

``--fix`` first lets the tools mend what they can. Names after it choose checks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from anlan.runtime.embedded.sizing import cores
from anlan.runtime.places import ROOT, cache_folder
from anlan.runtime.screen import say


@dataclass(frozen=True)
class Check:
    """A check: a command that ends with 0 when all is well."""

    name: str
    command: Sequence[str]


def checks() -> list[Check]:
    """All of them, the slowest first."""
    tool = Path(sys.executable).parent
    inside = [sys.executable, "-m", "anlan.runtime.inside"]
    cache = str(cache_folder() / "mypy")
    return [
        Check("types", [str(tool / "mypy"), "--no-error-summary", "--cache-dir", cache]),
        Check("templates: lint", [str(tool / "djlint"), "--lint", "--quiet", "anlan"]),
        Check("style", [str(tool / "ruff"), "check", "--quiet", "--output-format", "concise", "."]),
        Check("walls", [str(tool / "lint-imports"), "--no-cache"]),
        Check("migrations", [*inside, "migrations"]),
        Check("system", [*inside, "system"]),
        Check("templates", [*inside, "templates"]),
        Check("openapi", [*inside, "openapi"]),
        Check("languages", [sys.executable, "-m", "anlan.runtime.cli", "messages", "--check"]),
        Check("rule pages", [sys.executable, "-c", _FAULTS.format("rule_pages")]),
        Check("locks", [sys.executable, "-c", _FAULTS.format("locks")]),
    ]


_FAULTS = (
    "from anlan.runtime.{} import faults; found = faults(); print('\\n'.join(found)); raise SystemExit(bool(found))"
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="mend what tools can; write docs/openapi.json, docs/rules")
    parser.add_argument("names", nargs="*", help=f"checks to run (all): {', '.join(check.name for check in checks())}")


def handle(chosen: argparse.Namespace) -> int:
    if chosen.fix:
        _fix()
    wanted = [check for check in checks() if not chosen.names or check.name in chosen.names]
    return 0 if run(wanted) else 1


def run(wanted: Sequence[Check], tell: Callable[[str], None] = say) -> bool:
    """Runs checks side by side; prints one line each, and the output of those that fail."""
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=cores()) as pool:
        results = list(pool.map(lambda check: _run(check, tell), wanted))
    failed = [check.name for check, well in zip(wanted, results, strict=True) if not well]
    tell(f"  {len(wanted) - len(failed)} of {len(wanted)} checks passed in {time.monotonic() - began:.0f} s")
    if failed:
        tell(f"  Failed: {', '.join(failed)}")
    return not failed


def _run(check: Check, tell: Callable[[str], None]) -> bool:
    began = time.monotonic()
    done = subprocess.run(check.command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        tell(f"  ok    {check.name:<18}{time.monotonic() - began:5.1f} s")
        return True
    said = "\n".join(f"        {line}" for line in (done.stdout + done.stderr).strip().splitlines()[-80:])
    tell(f"  FAIL  {check.name:<18}{time.monotonic() - began:5.1f} s\n{said}")
    return False


def _fix() -> None:
    from anlan.runtime import catalogues, inside, rule_pages

    ruff = str(Path(sys.executable).parent / "ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix", "."], cwd=ROOT)
    catalogues.update()
    catalogues.compile_all()
    inside.write_openapi()
    rule_pages.write()
