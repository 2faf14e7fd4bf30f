"""What the lock files have to hold: hashes, no registry address, everything pyproject.toml asks for."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from anlan.runtime.places import ROOT

_ALL = ("embedded", "connectors", "dev")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)
_ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|^-i ", re.M)


def faults(root: Path = ROOT) -> list[str]:
    """What is wrong with the lock files; empty when nothing is."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project.get("optional-dependencies", {})
    asked = {
        "base": project["dependencies"],
        "embedded": project["dependencies"] + extras.get("embedded", []),
        "connectors": project["dependencies"] + extras.get("embedded", []) + extras.get("connectors", []),
        "dev": project["dependencies"] + [line for extra in _ALL for line in extras.get(extra, [])],
    }
    found: list[str] = []
    pins: dict[str, dict[str, str]] = {}
    for name, requirements in asked.items():
        text = (root / "requirements" / f"{name}.txt").read_text()
        pins[name] = {canonicalize_name(match[1]): match[2] for match in _PIN.finditer(text)}
        found += _of_file(f"requirements/{name}.txt", text, len(pins[name]))
        found += _missing(f"requirements/{name}.txt", pins[name], requirements)
    for larger, smaller in (("embedded", "base"), ("connectors", "embedded"), ("dev", "connectors")):
        for package, version in pins[smaller].items():
            if pins[larger].get(package) != version:
                found.append(f"requirements/{larger}.txt: {package} is not {version} as in {smaller}.txt")
    text = (root / "requirements" / "uv.txt").read_text()
    found += _of_file("requirements/uv.txt", text, 1)
    for path in [root / "frontend" / "package-lock.json", *(root / "requirements").glob("*/package-lock.json")]:
        if path.exists():
            found += _of_npm(path.relative_to(root).as_posix(), path.read_text())
    return found


def _of_file(name: str, text: str, pins: int) -> list[str]:
    found = [f"{name}: holds an address of a registry"] if _ADDRESS.search(text) else []
    if pins == 0 or len(re.findall(r"^[A-Za-z0-9].*\\\n\s+--hash=sha256:", text, re.M)) < pins:
        found.append(f"{name}: a package without a hash")
    return found


def _missing(name: str, pins: dict[str, str], requirements: Iterable[str]) -> list[str]:
    found = []
    for text in requirements:
        wanted = Requirement(text)
        version = pins.get(canonicalize_name(wanted.name))
        if version is None or not wanted.specifier.contains(Version(version), prereleases=True):
            found.append(
                f"{name}: pyproject.toml asks for {text}, locked is {version or 'nothing'}: requirements/compile.sh"
            )
    return found


def _of_npm(name: str, text: str) -> list[str]:
    packages = json.loads(text).get("packages", {})
    found = [f"{name}: {path} names a registry" for path, facts in packages.items() if "resolved" in facts]
    found += [
        f"{name}: {path} has no integrity hash" for path, facts in packages.items() if path and "integrity" not in facts
    ]
    return found
