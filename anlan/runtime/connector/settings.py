"""The connector's file: which machines, which of their values, and where to. TOML; what is wrong is named by its place.

The form, with every key, is in docs/guide/connector.md.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from anlan.runtime.connector.registers import ORDERS, TYPES, words_of
from anlan.runtime.connector.spool import SYNCS
from anlan.runtime.screen import Trouble

SECRET = "ANLAN_GATEWAY_SECRET"
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
BITS, WORDS = ("coil", "discrete"), ("holding", "input")
MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class Platform:
    """Where to: the platform's MQTT listener or its web (``http``, below ``path``), and the gateway's credential."""

    host: str
    port: int
    tls: bool
    ca: Path | None
    gateway: str
    secret: str
    http: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Spooling:
    """The spool: where, how much (bytes), when it is forced to disk; how readings are batched."""

    folder: Path
    most: int
    sync: str
    batch_s: float
    batch_readings: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One value: said is ``raw * scale + offset``."""

    name: str
    scale: float
    offset: float

    def said(self, raw: float) -> float:
        """The value in the tag's unit of measure."""
        return raw * self.scale + self.offset


@dataclass(frozen=True, slots=True)
class Point(Tag):
    """A tag that is a node of OPC UA."""

    node: str


@dataclass(frozen=True, slots=True)
class Register(Tag):
    """A tag that lies in registers or is a bit; ``address`` counts from 0, as the protocol does."""

    kind: str
    address: int
    type: str
    order: str

    @property
    def width(self) -> int:
        """Registers or bits it takes."""
        return 1 if self.kind in BITS else words_of(self.type)


@dataclass(frozen=True, slots=True)
class OpcUa:
    """A server of OPC UA. ``security`` is ``Policy,Mode,certificate,key`` or empty."""

    name: str
    url: str
    user: str
    password: str
    security: str
    period_ms: int
    repeat_s: float
    tags: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Modbus:
    """A device of Modbus TCP, asked every ``period_s`` seconds."""

    name: str
    host: str
    port: int
    device: int
    period_s: float
    timeout_s: float
    tags: tuple[Register, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file."""

    platform: Platform
    spooling: Spooling
    opcua: tuple[OpcUa, ...]
    modbus: tuple[Modbus, ...]

    @property
    def tags(self) -> list[str]:
        """The names of all tags."""
        points = [tag.name for source in self.opcua for tag in source.tags]
        return points + [tag.name for source in self.modbus for tag in source.tags]


def read(path: Path) -> Settings:
    """The settings of a file. Raises ``Trouble`` that names every fault by its place."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}.")
    except (OSError, UnicodeDecodeError) as why:
        raise Trouble(f"{path} cannot be read: {why}")
    except tomllib.TOMLDecodeError as why:
        raise Trouble(f"{path} is no TOML: {why}")
    return parsed(said, path.parent, dict(os.environ), str(path))


def parsed(said: dict[str, Any], folder: Path, environment: dict[str, str], name: str = "settings") -> Settings:
    """The settings that a table holds; paths in it count from ``folder``. Raises ``Trouble``."""
    faults: list[str] = []
    top = _Table(said, "", faults)
    platform = _platform(top.table("platform"), folder, environment)
    spooling = _spooling(top.table("spool", needed=False), folder)
    opcua = tuple(_opcua(table, folder, environment) for table in top.tables("opcua"))
    modbus = tuple(_modbus(table) for table in top.tables("modbus"))
    top.end()
    settings = Settings(platform, spooling, opcua, modbus)
    if not opcua and not modbus:
        faults.append("opcua, modbus: there is no source; write [[opcua]] or [[modbus]]")
    seen: set[str] = set()
    for tag in settings.tags:
        if tag and tag in seen:
            faults.append(f"tags: {tag} stands twice; each name of a gateway's tag stands for one value")
        seen.add(tag)
    if faults:
        raise Trouble(f"{name}:\n    " + "\n    ".join(faults))
    return settings


def _platform(table: _Table, folder: Path, environment: dict[str, str]) -> Platform:
    mqtt, http = table.text("mqtt", ""), table.text("http", "")
    if bool(mqtt) == bool(http):
        table.fault("mqtt", 'name either mqtt = "mqtts://…" or http = "https://…", the address of the platform')
    key, address, plain, safe = ("http", http, "http", "https") if http else ("mqtt", mqtt, "mqtt", "mqtts")
    parts = _split(address)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if address and (parts.scheme not in (plain, safe) or not parts.hostname or port == -1 or (mqtt and parts.path)):
        example = (
            "http://10.0.0.1:8600 or https://anlan.example" if http else "mqtt://10.0.0.1:1883 or mqtts://anlan.example"
        )
        table.fault(key, f"{address} is no address like {example}")
    tls = parts.scheme == safe
    gateway = table.text("gateway")
    if gateway and not _CODE.fullmatch(gateway):
        table.fault("gateway", f"{gateway} is no gateway's code: lower-case letters, digits and hyphens, as registered")
    ca = table.text("ca", "")
    if ca and not (folder / ca).is_file():
        table.fault("ca", f"there is no file {folder / ca}")
    secret = _secret(table, "secret_file", folder, environment.get(SECRET, ""))
    if not secret:
        table.fault("secret_file", f"the gateway's credential is missing: name a file that holds it, or set {SECRET}")
    table.end()
    usual = {"mqtt": 1883, "mqtts": 8883, "http": 80, "https": 443}.get(parts.scheme, 0)
    where = (parts.hostname or "", port or usual, tls, folder / ca if ca else None)
    return Platform(*where, gateway, secret, bool(http), parts.path.rstrip("/"))


def _spooling(table: _Table, folder: Path) -> Spooling:
    where = folder / table.text("folder", "spool")
    most = table.number("most_mb", 1024, 1, 1_000_000)
    sync = table.choice("fsync", SYNCS, "second")
    batch_s = table.number("batch_s", 1.0, 0.05, 60)
    batch = table.whole("batch_readings", 1000, 1, 20_000)
    table.end()
    return Spooling(where, int(most * 1_000_000), sync, batch_s, batch)


def _opcua(table: _Table, folder: Path, environment: dict[str, str]) -> OpcUa:
    url = table.text("url")
    if url and (_split(url).scheme != "opc.tcp" or not _split(url).hostname):
        table.fault("url", f"{url} is no address like opc.tcp://10.0.0.5:4840")
    user = table.text("user", "")
    password = _secret(table, "password_file", folder, "")
    if user and not password:
        table.fault("password_file", "there is a user and no password: name a file that holds it")
    found = OpcUa(
        name=table.text("name"), url=url, user=user, password=password, security=table.text("security", ""),
        period_ms=table.whole("period_ms", 1000, 50, 3_600_000),
        repeat_s=table.number("repeat_s", 60.0, 1, 86_400),
        tags=tuple(_point(one) for one in table.tables("tags", needed=True)),
    )  # fmt: skip
    table.end()
    return found


def _point(table: _Table) -> Point:
    name, scale, offset = _said(table)
    node = table.text("node")
    if node and not re.search(r"(?:^|;)[isgb]=.+", node):
        table.fault("node", f"{node} is no node's id like ns=2;s=Tank1.Level or ns=2;i=1003")
    table.end()
    return Point(name, scale, offset, node)


def _modbus(table: _Table) -> Modbus:
    found = Modbus(
        name=table.text("name"), host=table.text("host"), port=table.whole("port", 502, 1, 65535),
        device=table.whole("device", 1, 0, 255), period_s=table.number("period_s", 5.0, 0.05, 86_400),
        timeout_s=table.number("timeout_s", 3.0, 0.1, 60),
        tags=tuple(_register(one) for one in table.tables("tags", needed=True)),
    )  # fmt: skip
    table.end()
    return found


def _register(table: _Table) -> Register:
    name, scale, offset = _said(table)
    kind = table.choice("register", (*WORDS, *BITS), "holding")
    shape = table.choice("type", tuple(TYPES), "bool" if kind in BITS else "int16")
    if kind in BITS and shape != "bool":
        table.fault("type", f"a {kind} is one bit: bool, not {shape}")
    address = table.whole("address", None, 0, 65535)
    order = table.choice("order", ORDERS, "ABCD")
    found = Register(name, scale, offset, kind, address, shape, order)
    if address + found.width > 65536:
        table.fault("address", f"a {shape} at {address} goes beyond the last register, 65535")
    table.end()
    return found


def _said(table: _Table) -> tuple[str, float, float]:
    name = table.text("name")
    if len(name) > MOST_NAME:
        table.fault("name", f"longer than {MOST_NAME} characters")
    return name, table.number("scale", 1.0, -1e12, 1e12), table.number("offset", 0.0, -1e12, 1e12)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # brackets that do not close
        return urlsplit("")


def _secret(table: _Table, key: str, folder: Path, otherwise: str) -> str:
    named = table.text(key, "")
    if not named:
        return otherwise
    try:
        return (folder / named).read_text("utf-8").strip()
    except (OSError, ValueError) as why:
        table.fault(key, f"{folder / named} cannot be read: {why}")
        return "unread"


class _Table:
    """One table of the file; faults are collected, so that one reading names them all."""

    def __init__(self, said: Any, place: str, faults: list[str]) -> None:
        self._said = said if isinstance(said, dict) else {}
        self._place, self._faults = place, faults
        self._asked: set[str] = set()

    def fault(self, key: str, why: str) -> None:
        """Something is wrong with a key."""
        self._faults.append(f"{self._at(key)}: {why}")

    def text(self, key: str, otherwise: str | None = None) -> str:
        """A text; needed where there is none to take otherwise."""
        value = self._take(key, otherwise)
        if value is None:
            return ""
        if not isinstance(value, str) or (not value.strip() and otherwise is None):
            self.fault(key, f"a text is needed, not {value!r}")
            return otherwise or ""
        return value

    def number(self, key: str, otherwise: float | None, least: float, most: float) -> float:
        """A number between two others."""
        value = self._take(key, otherwise)
        if value is None:
            return least
        if type(value) not in (int, float) or not least <= value <= most:
            self.fault(key, f"a number from {least:g} to {most:g} is needed, not {value!r}")
            return least if otherwise is None else otherwise
        return value

    def whole(self, key: str, otherwise: int | None, least: int, most: int) -> int:
        """A whole number between two others."""
        value = self.number(key, otherwise, least, most)
        if value != int(value):
            self.fault(key, f"a whole number is needed, not {value!r}")
        return int(value)

    def choice(self, key: str, among: tuple[str, ...], otherwise: str) -> str:
        """One of a few words."""
        value = self._take(key, otherwise)
        if value not in among:
            self.fault(key, f"{value!r} is none of {', '.join(among)}")
            return otherwise
        return str(value)

    def table(self, key: str, needed: bool = True) -> _Table:
        """A table within."""
        value = self._take(key, None if needed else {})
        if value is not None and not isinstance(value, dict):
            self.fault(key, f"a table is needed: [{key}]")
        return _Table(value, self._at(key), self._faults if value is not None else [])

    def tables(self, key: str, needed: bool = False) -> list[_Table]:
        """A list of tables within."""
        value = self._take(key, None if needed else [])
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value) or (needed and not value):
            self.fault(key, f"a list of tables is needed: [[{self._at(key)}]]")
            return []
        return [_Table(one, f"{self._at(key)}[{number}]", self._faults) for number, one in enumerate(value, 1)]

    def end(self) -> None:
        """What was not asked for is a slip of the pen."""
        for key in self._said:
            if key not in self._asked:
                self.fault(str(key), f"is not known here; there are {', '.join(sorted(self._asked))}")

    def _take(self, key: str, otherwise: Any) -> Any:
        self._asked.add(key)
        value = self._said.get(key, otherwise)
        if value is None:
            self.fault(key, "is missing")
        return value

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key
