"""Benchmarks: ``anlan bench NAME`` runs ``bench/NAME.py`` on a throw-away database; it prints JSON.

``bench/NAME.py`` has ``main(arguments) -> int``; Django is set up, the database is migrated and flushes to the disk
like a real one. ``ANLAN_DATABASE_URL`` names another database.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence

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
    with contextlib.ExitStack() as stack:
        os.environ.setdefault("ANLAN_DATA", stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        os.environ[VARIABLE] = named_database() or stack.enter_context(throw_away_database(durable=True))
        import django

        django.setup()
        from anlan.runtime.migrate import migrate

        with contextlib.redirect_stdout(sys.stderr):
            migrate()
        return int(_load(arguments[0])(list(arguments[1:])) or 0)


def _load(name: str) -> Callable[[list[str]], int | None]:
    found = importlib.util.spec_from_file_location(f"bench_{name}", _FOLDER / f"{name}.py")
    if found is None or found.loader is None:
        raise Trouble(f"bench/{name}.py cannot be read.")
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    main: Callable[[list[str]], int | None] = module.main
    return main
