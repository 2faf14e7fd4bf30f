"""Nothing but ``kernel/outgoing.py`` opens a connection to another machine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.walk import PACKAGE, repository_files

OPENING = {
    "socket", "ssl", "socketserver", "http.client", "http.server", "urllib.request", "urllib3", "requests", "httpx", "aiohttp",
    "smtplib", "ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "apprise", "websocket", "websockets", "paramiko", "pycurl",
    "asyncua", "pymodbus", "paho",
}  # fmt: skip
# Files that may, each with the reason.
MAY: dict[str, str] = {
    "kernel/outgoing.py": "the one way out",
    "runtime/embedded/node.py": "collects the certificates the machine trusts, for the installer of the front end; connects to nobody",
    "runtime/embedded/nats.py": "looks for free ports of this machine and asks the server it has just started there whether it answers",
    "runtime/historian/engines.py": "speaks SQL to the ClickHouse server its operator names, as the database driver does to PostgreSQL",
    "runtime/connector/sending.py": "the connector runs beside machines of a plant, not in the platform: to the platform that its file names",
    "runtime/connector/modbus.py": "the same: to the devices that its file names",
    "runtime/connector/opcua.py": "the same: to the servers that its file names",
    "runtime/up.py": "asks the web process it has just started on this machine whether it is ready, and looks for its port",
    "runtime/screenshots.py": "a developer's tool that asks the server it has just started on this machine",
}
FILES = [p for p in repository_files(".py") if p.is_relative_to(PACKAGE) and "tests" not in p.parts]


def opened(path: Path) -> set[str]:
    """The modules imported in a file, however deep, that open connections."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute) and node.attr in ("open_connection", "create_connection", "urlopen"):
            names.add("socket")
    return {name for name in names if any(name == o or name.startswith(f"{o}.") for o in OPENING)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_else_opens_a_connection(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    if name not in MAY:
        assert not opened(path), f"use anlan.kernel.outgoing.ask, or write the reason into MAY: {name}"


def test_the_list_is_no_longer_than_needed() -> None:
    assert all(why.strip() and opened(PACKAGE / name) for name, why in MAY.items())
