"""The command ``anlan`` (``./run`` hands over to it): thin; every sub-command is imported when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from types import ModuleType

from anlan.runtime import loading
from anlan.runtime.screen import Trouble, warn

# name: (module with add(parser) and handle(arguments), what it does)
_OWN = {
    "up": ("anlan.runtime.up", "start everything on this machine and look after it"),
    "test": ("anlan.runtime.test", "run all checks and tests (arguments go to pytest)"),
    "check": ("anlan.runtime.check", "style, types, walls, migrations, templates, languages, lock files"),
    "bench": ("anlan.runtime.bench", "run one of the benchmarks in bench/; it prints JSON"),
    "screenshots": ("anlan.runtime.screenshots", "take the pictures of the documentation"),
    "messages": ("anlan.runtime.messages", "collect, check and compile the translations"),
    "manage": ("anlan.runtime.manage", "any management command of Django"),
}
_ALIASES = {"-h": "help", "--help": "help"}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; the exit code."""
    loading.quickly()
    try:
        code = _dispatch(list(sys.argv[1:] if arguments is None else arguments) or ["help"])
        sys.stdout.flush()
    except Trouble as problem:
        warn(f"  {problem}")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _dispatch(given: list[str]) -> int:
    name = _ALIASES.get(given[0], given[0])
    if name == "help":
        return _help()
    found = _find(name)
    if found is None:
        warn(f"  There is no command “{name}”. These there are:")
        return _help() or 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")
    if name != "up":  # a person reads the output; the parts of ``up`` fill log files
        os.environ.setdefault("ANLAN_LOG_LEVEL", "WARNING")
    if hasattr(found, "pass_through"):
        return int(found.pass_through(given[1:]))
    of: type[argparse.ArgumentParser] = getattr(found, "Parser", argparse.ArgumentParser)
    parser = of(prog=f"anlan {name}", description=(found.__doc__ or "").strip())
    found.add(parser)
    return _with_database(found, parser.parse_args(given[1:]))


def _with_database(command: ModuleType, chosen: argparse.Namespace) -> int:
    """Runs a command; one in ``commands/`` finds Django set up and a database at hand (``needs_database``)."""
    if not getattr(command, "needs_database", command.__name__.startswith("anlan.runtime.commands.")):
        return int(command.handle(chosen) or 0)
    from anlan.runtime.at_hand import database_at_hand

    with database_at_hand():
        import django

        django.setup()
        return int(command.handle(chosen) or 0)


def _find(name: str) -> ModuleType | None:
    if name in _OWN:
        return importlib.import_module(_OWN[name][0])
    if name in _added():
        return importlib.import_module(f"anlan.runtime.commands.{name}")
    return None


def _added() -> list[str]:
    """The commands that live in ``anlan/runtime/commands``, one file each."""
    from anlan.runtime import commands

    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_"))


def _help() -> int:
    print("Anlan 安澜 — work-safety supervision for cities, counties and towns\n")
    print("  ./run COMMAND …   (or `anlan COMMAND …` inside .venv; add --help to a command for its options)\n")
    for name, (_, does) in _OWN.items():
        print(f"    {name:<14}{does}")
    for name in _added():
        text = (importlib.import_module(f"anlan.runtime.commands.{name}").__doc__ or "").strip()
        print(f"    {name:<14}{text.partition(chr(10))[0].rstrip('.')}")
    print(f"    {'help':<14}this page\n")
    print(
        "  ANLAN_PORT (8600) · ANLAN_DATA (where everything is stored) · ANLAN_DATABASE_URL (a PostgreSQL of your own)"
    )
    print("  ANLAN_LISTEN (127.0.0.1) · ANLAN_PYTHON (the Python to make .venv from) · docs/operate/ tells the rest")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
