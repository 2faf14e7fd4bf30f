"""What has to be done inside Django before the web can start, and the loading of the demo city.

Run by the supervisor as a process of its own, so that the supervisor stays small and a failure here is only a
failed step: ``python -m anlan.runtime.prepare schema`` and ``… demo --report FILE``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from anlan.runtime.screen import say


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("what", choices=["schema", "demo"])
    parser.add_argument("--report", type=Path, help="file for the sign-ins of the demo city (JSON)")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")
    if chosen.what == "schema":
        from anlan.runtime.catalogues import compile_all

        compile_all()
        django.setup()
        from anlan.runtime.migrate import migrate

        migrate()
        collect_static()
    else:
        django.setup()
        sign_ins = load_demo()
        if chosen.report:
            chosen.report.write_text(json.dumps(sign_ins, ensure_ascii=False))
    return 0


def collect_static() -> bool:
    """Gathers styles, scripts and pictures where the web serves them from; says whether anything had changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return False
    say("  Collecting static files")
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())
    return True


def load_demo() -> list[dict[str, Any]]:
    """Loads the demo city once and gives back one sign-in per role; nothing when this copy has no demo city."""
    if importlib.util.find_spec("anlan.runtime.demo") is None:
        return []
    demo = importlib.import_module("anlan.runtime.demo")
    demo.load_once()
    return [_plain(sign_in) for sign_in in _listed(demo.sign_ins())]


def _listed(sign_ins: Iterable[Any] | Mapping[str, Any]) -> list[Any]:
    return list(sign_ins.values()) if isinstance(sign_ins, Mapping) else list(sign_ins)


def _plain(sign_in: Any) -> dict[str, Any]:
    values = asdict(sign_in) if is_dataclass(sign_in) and not isinstance(sign_in, type) else dict(sign_in)
    return {name: str(value) for name, value in values.items()}


if __name__ == "__main__":
    raise SystemExit(main())
