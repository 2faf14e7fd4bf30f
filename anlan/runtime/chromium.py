"""A Chromium for browser tests and pictures, with a Chinese font even on a bare machine.

In this order: ``ANLAN_CHROMIUM``; one of the system; for the superuser the system package; else the npm package
``@sparticuz/chromium`` (pinned with hashes in ``requirements/chromium``), which carries a browser and its libraries.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anlan.runtime.embedded import node
from anlan.runtime.places import ROOT, cache_folder
from anlan.runtime.screen import Trouble, step

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_LOCK = ROOT / "requirements" / "chromium"
# Node's own zlib reads brotli, so no further program is needed.
_UNPACK = (
    "const fs=require('fs'),z=require('zlib');"
    "fs.writeFileSync(process.argv[2],z.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
)


@dataclass(frozen=True)
class Browser:
    """A browser's program, the arguments it needs here, and its environment."""

    program: Path
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def launch_options(self) -> dict[str, Any]:
        """Keyword arguments for Playwright's ``chromium.launch``."""
        return {
            "executable_path": str(self.program),
            "args": list(self.arguments),
            "env": {**os.environ, **self.environment},
            "chromium_sandbox": False,
        }


def find() -> Browser | None:
    """The browser that is there; ``None`` when none is."""
    named = os.environ.get("ANLAN_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise Trouble(f"ANLAN_CHROMIUM={named} is not a program.")
        return _browser(Path(named))
    for name in _NAMES:
        if found := shutil.which(name):
            return _browser(Path(found))
    packed = _packed()
    return packed if packed and packed.program.exists() else None


def ensure() -> Browser:
    """The browser that is there, or one installed now.

    Raises ``Trouble`` when none can be had.
    """
    if found := find():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Installing the system package chromium for the browser tests"):
            _apt()
        if found := find():
            return found
    with step("Installing a Chromium for the browser tests (npm)"):
        _install_packed()
    if found := find():
        return found
    raise Trouble(
        "There is no Chromium for the browser tests: install the package chromium, or name one in ANLAN_CHROMIUM."
    )


def launch_options() -> dict[str, Any]:
    """What Playwright needs to start the browser that is there: ``chromium.launch(**launch_options())``."""
    return ensure().launch_options()


def fonts_file() -> Path:
    """A fontconfig file that adds the Chinese faces of the wheel ``pylopdf-fonts-zh-cn`` to the system's fonts."""
    found = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if found is None or found.origin is None:
        raise Trouble("The Chinese fonts are not installed: start with ./run.")
    folder, cache = Path(found.origin).parent, cache_folder() / "fonts"
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / "fonts.conf"
    text = _FONTS.format(folder=folder, cache=cache)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
  <alias><family>monospace</family>
    <prefer><family>DejaVu Sans Mono</family><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""


def _browser(program: Path, *arguments: str, **environment: str) -> Browser:
    # No sandbox: containers and the superuser cannot have one, and only our own pages are opened.
    common = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--disable-lcd-text"]
    return Browser(program, [*common, *arguments], {"FONTCONFIG_FILE": str(fonts_file()), **environment})


def _apt() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet: dict[str, Any] = {
        "env": environment,
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)


def _folder() -> Path:
    version = json.loads((_LOCK / "package.json").read_text())["dependencies"]["@sparticuz/chromium"]
    return cache_folder() / f"chromium-{version}"


def _packed() -> Browser | None:
    folder = _folder()
    if not (folder / "complete").exists():
        return None
    libraries = folder / "lib"
    environment = {"LD_LIBRARY_PATH": str(libraries)} if libraries.is_dir() and _lacks_libraries(folder) else {}
    drawing = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    return _browser(folder / "chromium", "--headless", *drawing, **environment)


def _lacks_libraries(folder: Path) -> bool:
    """Whether the system misses what the browser is linked to (its own copies are of another age, so second choice)."""
    told = subprocess.run(["ldd", str(folder / "chromium")], capture_output=True, text=True).stdout
    return "not found" in told or not told


def _install_packed() -> None:
    folder, work = _folder(), _folder().with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_LOCK / name, work / name)
    done = subprocess.run(node.npm("ci", "--omit=optional", "--loglevel=error"), cwd=work, env=dict(node.environment()))
    if done.returncode:
        raise Trouble("The npm package of the browser could not be installed (see above).")
    packed = work / "node_modules" / "@sparticuz" / "chromium" / "bin"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _decompress(packed / "chromium.br", folder / "chromium")
    (folder / "chromium").chmod(0o755)
    for archive in sorted(packed.glob("*.tar.br")):
        if archive.name.startswith("fonts"):
            continue
        plain = work / "archive.tar"
        _decompress(archive, plain)
        with tarfile.open(plain) as content:
            safe: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # absent before 3.11.4
            content.extractall(folder, **safe)
    (folder / "complete").touch()
    shutil.rmtree(work)


def _decompress(source: Path, target: Path) -> None:
    subprocess.run([node.node(), "-e", _UNPACK, str(source), str(target)], check=True, env=dict(node.environment()))
