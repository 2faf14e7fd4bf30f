"""Benchmarks: ``anlan bench NAME …`` runs ``bench/NAME.py`` and writes what it measured to ``bench/results/NAME.json``.

A benchmark is a script with ``measure(chosen)``, which answers with its figures, and, where it takes options,
``add(parser)``. The file is a list of {"name", "value", "unit", "goal", "ok"} with method, data and machine beside
each; ``--trial`` prints it and leaves the committed file alone. The exit code is 1 when a goal was missed.

A script that says ``NEEDS_DATABASE = True`` finds Django set up on a migrated throw-away database that flushes to the
disk like a real one; ``ANLAN_DATABASE_URL`` names another, and ``--keep FOLDER`` makes it in a data folder that stays,
for ``./run up`` or another benchmark.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anlan.runtime.database import VARIABLE, named_database
from anlan.runtime.embedded.sizing import cores, memory_mb
from anlan.runtime.places import ROOT
from anlan.runtime.screen import Trouble, say
from anlan.runtime.throw_away import throw_away_database

FOLDER = ROOT / "bench"
RESULTS = FOLDER / "results"


@dataclass(frozen=True)
class Figure:
    """One measured figure: what was done (``method``) to what (``data``), and the most it may be (``goal``)."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    method: str = ""
    data: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the goal was met; None without one."""
        return None if self.goal is None else self.value <= self.goal

    def as_row(self, machine: str) -> dict[str, object]:
        """The figure as it is kept."""
        told = asdict(self)
        method, data = told.pop("method"), told.pop("data")
        return {**told, "ok": self.ok, "method": method, "data": data, "machine": machine}


def benchmarks() -> list[str]:
    """The names of those there are."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def pass_through(arguments: Sequence[str]) -> int:
    """Runs one benchmark; without a name it lists them."""
    names = benchmarks()
    if not arguments or arguments[0] in ("-h", "--help"):
        say("  ./run bench NAME …\n" + "\n".join(f"    {name}" for name in names))
        return 0
    if arguments[0] not in names:
        raise Trouble(f"There is no benchmark “{arguments[0]}”. These there are: {', '.join(names) or 'none yet'}.")
    return _run(arguments[0], arguments[1:])


def script_of(name: str) -> dict[str, Any]:
    """What a benchmark's file defines."""
    return runpy.run_path(str(FOLDER / f"{name}.py"), run_name=f"bench_{name}")


def parser_of(name: str, script: Mapping[str, Any]) -> argparse.ArgumentParser:
    """What every benchmark takes, and what this one takes besides."""
    parser = argparse.ArgumentParser(prog=f"anlan bench {name}", description=script["__doc__"])
    parser.add_argument("--trial", action="store_true", help="print the figures and leave the committed file alone")
    if script.get("NEEDS_DATABASE"):
        parser.add_argument("--keep", type=Path, default=None, help="a data folder for the database, which then stays")
    if "add" in script:
        script["add"](parser)
    return parser


def _run(name: str, arguments: Sequence[str]) -> int:
    script = script_of(name)
    chosen = parser_of(name, script).parse_args(arguments)
    with _database(chosen.keep) if script.get("NEEDS_DATABASE") else contextlib.nullcontext():
        figures = script["measure"](chosen)
    text = written(figures)
    if not chosen.trial:
        RESULTS.mkdir(exist_ok=True)
        # A run of another size is kept under another name, which the script's options choose.
        (RESULTS / f"{getattr(chosen, 'result', name)}.json").write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0 if all(figure.ok is not False for figure in figures) else 1


def written(figures: Iterable[Figure]) -> str:
    """The file's text."""
    where = machine()
    return json.dumps([figure.as_row(where) for figure in figures], ensure_ascii=False, indent=1) + "\n"


def machine() -> str:
    """Processor, cores, memory, disk and versions: what a figure is worth nothing without. No name of the machine."""
    return (
        f"{_processor()}, {cores()} cores, {memory_mb() / 1024:.0f} GB, {_disk()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}, {_postgres()}"
    )


def _processor() -> str:
    with contextlib.suppress(OSError):
        if found := re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M):
            return found[1].strip()
    return platform.machine()


def _disk() -> str:
    usage = shutil.disk_usage(tempfile.gettempdir())
    return f"disk of {usage.total / 1e9:.0f} GB with {usage.free / 1e9:.0f} GB free"


def _postgres() -> str:
    from anlan.runtime.embedded.account import system_account
    from anlan.runtime.embedded.postgres import program_folder

    told = subprocess.run([program_folder(system_account()) / "postgres", "--version"], capture_output=True, text=True)
    return "PostgreSQL " + told.stdout.rpartition(" ")[2].strip()


@contextlib.contextmanager
def _database(keep: Path | None) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        if keep is not None:
            from anlan.runtime.at_hand import database_at_hand

            os.environ["ANLAN_DATA"] = str(keep)
            stack.enter_context(database_at_hand())
        os.environ.setdefault("ANLAN_DATA", stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        os.environ[VARIABLE] = named_database() or stack.enter_context(throw_away_database(durable=True))
        import django

        django.setup()
        from anlan.runtime.migrate import migrate

        with contextlib.redirect_stdout(sys.stderr):
            migrate()
        yield
