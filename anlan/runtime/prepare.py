"""What has to be done inside Django before the web can start, and the loading of the demo city.

Run by the supervisor as a process of its own, so that the supervisor stays small and a failure here is only a
failed step: ``python -m anlan.runtime.prepare schema`` and ``… demo --report FILE``.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import importlib
import importlib.util
import json
import os
import re
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import translation

from anlan.runtime import loading
from anlan.runtime.places import ROOT
from anlan.runtime.screen import Trouble, say, warn

_NO_CODE = re.compile(r"/(tests|static|locale|templates)(/|$)")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("what", choices=["schema", "demo", "sign-ins"])
    parser.add_argument("--report", type=Path, help="file for the sign-ins of the demo city (JSON)")
    chosen = parser.parse_args(arguments)
    loading.quickly()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")
    os.environ["ANLAN_LOG_LEVEL"] = "WARNING"  # a person reads this process's output
    if chosen.what == "schema":
        from anlan.runtime.catalogues import compile_all

        compile_all()
        compile_code()
        django.setup()
        from anlan.runtime.migrate import migrate

        migrate()
        collect_static()
        make_keys()
        enter_citations()
        if chosen.report and (sign_ins := demo_city(load=False)):  # the city is there: no second process need look
            _write(chosen.report, sign_ins)
    else:
        django.setup()
        sign_ins = demo_city(load=chosen.what == "demo")
        if chosen.report:
            _write(chosen.report, sign_ins)
    return 0


def _write(report: Path, sign_ins: list[dict[str, str]]) -> None:
    report.write_text(json.dumps(sign_ins, ensure_ascii=False))


def compile_code() -> bool:
    """Compiles the program beside its sources where that is not done: each process that is started, or started again
    after it died, would otherwise do it by itself. False where the folder cannot be written to."""
    return bool(compileall.compile_dir(ROOT / "anlan", quiet=2, rx=_NO_CODE))


def make_keys() -> None:
    """Makes the deployment's master key before two web processes could both try to."""
    if "anlan.kernel.identity" in settings.INSTALLED_APPS:
        from anlan.kernel.identity.sealing import master_key

        master_key()


def enter_citations() -> None:
    """Enters in the library what the rules and processes of this release cite; what is there already stays."""
    if "anlan.modules.statutes" not in settings.INSTALLED_APPS:
        return
    from anlan.kernel.actor import Actor
    from anlan.modules.statutes import public

    added = public.enter_citations(actor=Actor.system("start"))
    if any(added.values()):
        told = ", ".join(f"{count} {what}" for what, count in added.items() if count)
        say(f"  Citations of this release entered in the library: {told}")


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


def demo_city(*, load: bool) -> list[dict[str, str]]:
    """Loads the demo city once (with ``load``) and gives back one sign-in per role; none without one."""
    if importlib.util.find_spec("anlan.runtime.demo") is None:
        return []
    demo = importlib.import_module("anlan.runtime.demo")
    if load:
        demo.load_once(report=lambda line: say(f"    {line}"))
    with translation.override("zh-hans"):
        return [
            {"role": role, "role_zh": str(translation.gettext(role)), "name": name, "password": password}
            for role, name, password in demo.sign_ins()
        ]


if __name__ == "__main__":
    try:
        code = main()
    except Trouble as refused:
        warn(f"  {refused}")
        code = 1
    raise SystemExit(code)
