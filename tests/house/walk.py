"""Walking through the house: its modules, rooms, functions and files."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db import models

import anlan.kernel
import anlan.modules
from anlan.rules.steps import Workflow

ROOT = Path(anlan.kernel.__file__).resolve().parents[2]
PACKAGE = ROOT / "anlan"


def business_modules() -> list[str]:
    """The names of the business modules."""
    return sorted(m.name for m in pkgutil.iter_modules(anlan.modules.__path__))


def rooms(kind: str, *, kernel: bool = True) -> Iterator[ModuleType]:
    """Every file of that room, imported: ``services`` gives kernel's and modules' services, split ones file by file.

    Files whose name begins with an underscore are the room's own workings and are left out.
    """
    for home in [PACKAGE / "modules", *([PACKAGE / "kernel"] if kernel else [])]:
        for path in sorted(home.rglob("*.py")):
            inside = path.relative_to(PACKAGE).with_suffix("").parts
            if kind not in inside or {"tests", "migrations"} & set(inside):
                continue
            if any(part.startswith("_") and part != "__init__" for part in inside):
                continue
            yield importlib.import_module(".".join(["anlan", *inside]).removesuffix(".__init__"))


def own_functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions written in a file (not imported into it), by their dotted name."""
    for name, found in sorted(vars(module).items()):
        if inspect.isfunction(found) and not name.startswith("_") and found.__module__ == module.__name__:
            yield f"{module.__name__}.{name}", found


def own_models() -> list[type[models.Model]]:
    """The tables of the platform, those that keep row history left out."""
    return [m for m in apps.get_models() if m.__module__.startswith("anlan.") and not hasattr(m, "pgh_tracked_model")]


def workflows() -> list[tuple[str, Workflow]]:
    """Every process table, by the module it stands in."""
    return [
        (module.__name__.split(".")[2], value)
        for module in rooms("workflow", kernel=False)
        for value in vars(module).values()
        if isinstance(value, Workflow)
    ]


def repository_files(*suffixes: str) -> list[Path]:
    """The files under version control, or to be: what a clone would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]
