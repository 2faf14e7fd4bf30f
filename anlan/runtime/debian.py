"""Programs for tests that come as packages of the system: there already, installed by the superuser, or unpacked.

An ordinary user of a Debian or Ubuntu gets the package and the libraries it names unpacked into the cache folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anlan.runtime.places import cache_folder
from anlan.runtime.screen import Trouble, step

MOSQUITTO = ("mosquitto_pub", "mosquitto-clients", ("libmosquitto1", "libcjson1", "libc-ares2"))


@dataclass(frozen=True)
class Program:
    """A program and the environment it needs."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def ensure(name: str, package: str, libraries: Sequence[str] = ()) -> Program:
    """The program of that name, out of the package when it is not there yet.

    ``libraries`` are packages it needs beside those every system has. Raises ``Trouble`` when it cannot be had.
    """
    folder = cache_folder() / f"debian-{package}"
    if found := _found(name, folder):
        return found
    if shutil.which("apt-get"):
        with step(f"Installing the system package {package} for the tests"):
            if os.geteuid() == 0:
                _apt("update", "-qq")
                _apt("install", "-y", "-qq", "--no-install-recommends", package)
            if _found(name, folder) is None:
                _unpack(folder, [package, *libraries])
    if found := _found(name, folder):
        return found
    raise Trouble(f"There is no {name} for the tests: install the package {package} of your system.")


def _found(name: str, folder: Path) -> Program | None:
    if there := shutil.which(name):
        return Program(Path(there))
    for path in folder.glob(f"usr/*bin/{name}"):
        libraries = sorted({str(library.parent) for library in folder.glob("**/*.so*")})
        return Program(path, {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {})
    return None


def _unpack(folder: Path, packages: Sequence[str]) -> None:
    work = folder.with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    (work / "files").mkdir(parents=True)
    if _apt("download", "-qq", *packages, folder=work) == 0:
        for archive in work.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(archive), str(work / "files")], stdin=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
        (work / "files").replace(folder)
    shutil.rmtree(work)


def _apt(*arguments: str, folder: Path | None = None) -> int:
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", *arguments], env=environment, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet)
    return done.returncode
