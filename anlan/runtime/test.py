"""``anlan test``: installs what tests need, then all checks, then pytest on a throw-away database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from anlan.runtime import check, chromium, debian, frontend
from anlan.runtime.catalogues import compile_all
from anlan.runtime.places import ROOT
from anlan.runtime.screen import say


def pass_through(arguments: Sequence[str]) -> int:
    """Runs everything; with arguments (they go to pytest) only pytest. Not 0 when a check or a test failed.

    pytest's closing line is the last one printed.
    """
    ready()
    well = True
    if not arguments:
        say("  Checks")
        well = check.run(check.checks())
        say("  Tests")
    parallel = (
        []
        if any(argument.startswith("-n") or argument in ("-s", "--pdb") for argument in arguments)
        else ["-n", "2", "--dist", "loadscope"]
    )
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "pytest", *parallel, *arguments]
    code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    return code or (0 if well else 1)


def ready() -> None:
    """What the tests need beside packages: a browser, the front end, compiled translations."""
    chromium.ensure()
    debian.ensure(*debian.MOSQUITTO)
    frontend.build(frontend.plain_run)
    compile_all()
