"""Benchmarks: ``anlan bench NAME …`` runs the script ``bench/NAME.py``; it prints JSON.

A script that says ``NEEDS_DATABASE = True`` finds Django set up on a migrated throw-away database that flushes to the
disk like a real one; ``ANLAN_DATABASE_URL`` names another.
"""

from __future__ import annotations

import contextlib
import os
import re
import runpy
import sys
import tempfile
from collections.abc import Iterator, Sequence

from anlan.runtime.database import VARIABLE, named_database
from anlan.runtime.places import ROOT
from anlan.runtime.screen import Trouble, say
from anlan.runtime.throw_away import throw_away_database

_FOLDER = ROOT / "bench"


def pass_through(arguments: Sequence[str]) -> int:
    """Runs one benchmark; without a name it lists them."""
    names = sorted(path.stem for path in _FOLDER.glob("*.py") if not path.stem.startswith("_"))
    if not arguments or arguments[0] in ("-h", "--help"):
        say("  ./run bench NAME …\n" + "\n".join(f"    {name}" for name in names))
        return 0
    if arguments[0] not in names:
        raise Trouble(f"There is no benchmark “{arguments[0]}”. These there are: {', '.join(names) or 'none yet'}.")
    script = _FOLDER / f"{arguments[0]}.py"
    needs_database = re.search(r"^NEEDS_DATABASE = True$", script.read_text("utf-8"), re.M) is not None
    with _database() if needs_database else contextlib.nullcontext():
        sys.argv = [str(script), *arguments[1:]]
        runpy.run_path(str(script), run_name="__main__")
    return 0


@contextlib.contextmanager
def _database() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        os.environ.setdefault("ANLAN_DATA", stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        os.environ[VARIABLE] = named_database() or stack.enter_context(throw_away_database(durable=True))
        import django

        django.setup()
        from anlan.runtime.migrate import migrate

        with contextlib.redirect_stdout(sys.stderr):
            migrate()
        yield
