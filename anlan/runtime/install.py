"""Brings ``.venv`` to one of the lock files, then hands over to the ``anlan`` command.

Run by ``./run`` before anything is installed: standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
_SETS = ("embedded", "connectors", "dev")
_NEEDS_DEV = {"test", "check", "bench", "screenshots", "messages"}


class NotInstalled(Exception):
    """The packages could not be installed; the text says what to do."""


def wanted_set(command: str, installed: str | None) -> str:
    """The lock set a command needs: ``embedded`` to run, ``connectors`` to read machines, ``dev`` to test.

    Each holds the one before; what is installed is never taken away.

    >>> wanted_set("up", None), wanted_set("test", "embedded"), wanted_set("up", "dev"), wanted_set("connector", "dev")
    ('embedded', 'dev', 'dev', 'dev')
    >>> wanted_set("connector", "embedded"), wanted_set("up", "connectors")
    ('connectors', 'connectors')
    """
    needed = "dev" if command in _NEEDS_DEV else "connectors" if command == "connector" else "embedded"
    return max(needed, installed if installed in _SETS else "embedded", key=_SETS.index)


def digest(name: str) -> str:
    """What the stamp remembers: lock file, interpreter and the place of the program."""
    parts = [(LOCKS / f"{name}.txt").read_bytes(), sys.version.encode(), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def ensure(command: str) -> bool:
    """Installs what ``command`` needs, unless it is there; says whether it installed anything."""
    venv = Path(sys.prefix)
    stamp = venv / "anlan-installed.json"
    if _fits(stamp, command):
        return False
    with _locked(venv):
        if _fits(stamp, command):  # another start has done it while we waited
            return False
        name = wanted_set(command, _read(stamp).get("set"))
        began = time.monotonic()
        _say(f"  Installing the locked packages ({name}, Python {sys.version.split()[0]})")
        uv = _uv(venv)
        lock = str(LOCKS / f"{name}.txt")
        _run(
            [*uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", sys.executable, "--require-hashes", lock],
            "The packages",
        )
        _link_program(venv)
        stamp.write_text(json.dumps({"set": name, "digest": digest(name)}))
        _say(f"    done in {time.monotonic() - began:.0f} s")
    return True


def _fits(stamp: Path, command: str) -> bool:
    known = _read(stamp)
    name = wanted_set(command, known.get("set"))
    return known.get("set") == name and known.get("digest") == digest(name)


def _read(stamp: Path) -> dict[str, str]:
    try:
        known = json.loads(stamp.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return known if isinstance(known, dict) else {}


class _locked:
    """One installer at a time in one ``.venv``."""

    def __init__(self, venv: Path) -> None:
        self._path = venv / "anlan-install.lock"

    def __enter__(self) -> None:
        try:
            self._file = self._path.open("w")
        except PermissionError:
            raise NotInstalled(
                f"The packages in {self._path.parent} are out of date and belong to another user. "
                "Let that user run ./run help once, or work in a clone of your own."
            ) from None
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _uv(venv: Path) -> list[str]:
    """uv of the pinned version inside ``.venv``; brought by pip, by another uv, or as last resort one found."""
    inside = Path(sysconfig.get_path("scripts")) / "uv"
    pinned = str(LOCKS / "uv.txt")
    version = (LOCKS / "uv.txt").read_text().split()[0].partition("==")[2]
    if inside.exists():
        told = subprocess.run([str(inside), "--version"], capture_output=True, text=True).stdout
        if version in told.split():
            return [str(inside)]
    for finder in ([sys.executable, "-m", "pip"], *_outer_pips()):
        if subprocess.run([*finder, "--version"], capture_output=True).returncode == 0:
            _run([*finder, "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", pinned], "uv")
            return [str(inside)]
    outer = shutil.which("uv")
    if outer:
        _run([outer, "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", "-r", pinned], "uv")
        return [str(inside)]
    raise NotInstalled("There is neither pip nor uv to install packages with: install python3-venv or python3-pip.")


def _outer_pips() -> list[list[str]]:
    """pip outside of ``.venv`` that can install into it (from 22.3 on, by ``--python``)."""
    base = getattr(sys, "_base_executable", None) or sys.base_prefix + "/bin/python3"
    found = [[base, "-m", "pip"]]
    found += [[pip] for name in ("pip3", "pip") if (pip := shutil.which(name))]
    return [[*command, "--python", sys.executable] for command in found]


def _link_program(venv: Path) -> None:
    """Makes ``import anlan`` and the command ``anlan`` work in ``.venv`` without building a package."""
    (Path(sysconfig.get_path("purelib")) / "anlan.pth").write_text(f"{ROOT}\n")
    script = Path(sysconfig.get_path("scripts")) / "anlan"
    script.write_text(f"#!{sys.executable}\nfrom anlan.runtime.cli import main\n\nraise SystemExit(main())\n")
    script.chmod(0o755)


def environment() -> dict[str, str]:
    """The environment of uv and pip: the machine's own certificates, which know the proxy of an office's network."""
    values = {**os.environ, "VIRTUAL_ENV": sys.prefix}
    values.setdefault("UV_SYSTEM_CERTS", "true")
    home = os.path.expanduser("~")
    if "UV_CACHE_DIR" not in values and not os.access(home, os.W_OK):
        values["UV_CACHE_DIR"] = str(ROOT / ".cache" / "uv")
    return values


def _run(command: list[str], what: str) -> None:
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL)
    began = time.monotonic()
    while True:
        try:
            code = process.wait(timeout=10)
            break
        except subprocess.TimeoutExpired:
            _say(f"    … still installing ({time.monotonic() - began:.0f} s)")
    if code:
        raise NotInstalled(f"{what} could not be installed (see above). Is the package registry reachable from here?")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    os.environ.pop("PYTHONPATH", None)  # set by ./run for this step only
    arguments = sys.argv[1:] or ["help"]
    try:
        ensure(arguments[0])
    except NotInstalled as problem:
        _say(f"  {problem}")
        return 1
    except KeyboardInterrupt:
        return 130
    return os.execv(sys.executable, [sys.executable, "-m", "anlan.runtime.cli", *arguments])


if __name__ == "__main__":
    raise SystemExit(main())
