"""The message server from its wheel: JetStream, a listener for MQTT, sign-ins answered by the gatekeeper.

Everything lies in ``data/nats``: the configuration (mode 0600, written at each start), the store. It listens on the
loopback interface; gateways of a network reach the MQTT listener where ``ANLAN_MQTT_LISTEN`` says so.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anlan.runtime.places import private_folder
from anlan.runtime.processes import listener
from anlan.runtime.screen import Trouble
from anlan.runtime.secret import secret

ACCOUNT, SYSTEM = "ANLAN", "SYS"
USER, SYSTEM_USER = "anlan", "anlan-system"
MQTT_PORT = 1883
VARIABLE, SYSTEM_VARIABLE = "ANLAN_NATS_URL", "ANLAN_NATS_SYSTEM_URL"
OURS = "ANLAN_NATS_OURS"  # set with the address of the server that is started here: its log is read
SEED = "nats-account-seed"
STOP = signal.SIGKILL
"""Asked to end politely, the server goes on acknowledging MQTT publishes after it has closed its streams, and what a
gateway was told is kept is gone. Killed, what it acknowledged is in the hands of the system, which writes it down."""
_PAYLOAD = 4 * 1024 * 1024  # bytes: 300,000 readings in one message
_SHARE = 10  # one in so many bytes of the free disk, at most, for what waits


@dataclass(frozen=True)
class Ports:
    """Where it listens."""

    host: str = "127.0.0.1"
    client: int = 0
    mqtt_host: str = "127.0.0.1"
    mqtt: int = MQTT_PORT

    @classmethod
    def chosen(cls, note: Callable[[str], None] = lambda text: None) -> Ports:
        """By the environment; the port of our own processes is any free one unless ``ANLAN_NATS_PORT`` says.

        Where the usual MQTT port is taken and nobody chose another, a free one is taken and ``note`` told. Raises
        ``Trouble`` when the chosen one is taken.
        """
        host = os.environ.get("ANLAN_MQTT_LISTEN") or "127.0.0.1"
        port = _number("ANLAN_MQTT_PORT", MQTT_PORT)
        if not _free(host, port):
            if os.environ.get("ANLAN_MQTT_PORT"):
                raise Trouble(
                    f"Port {port} on {host} (ANLAN_MQTT_PORT) is held by {listener(port)}. Stop that program, or name "
                    "another port for the gateways."
                )
            taken, port = port, free_port()
            note(
                f"  Port {taken} on {host} is held by {listener(taken)}: gateways find MQTT on port {port} this time. "
                f"Another one, always the same: ANLAN_MQTT_PORT=… ./run up"
            )
        return cls(client=_number("ANLAN_NATS_PORT", 0) or free_port(), mqtt_host=host, mqtt=port)


@dataclass(frozen=True)
class Server:
    """One server on ``data/nats``."""

    data: Path
    ports: Ports
    most_waiting: int = field(default=0)

    @property
    def folder(self) -> Path:
        return self.data / "nats"

    @property
    def configuration(self) -> Path:
        return self.folder / "nats.conf"

    @property
    def log(self) -> Path:
        """The server's own words: refused publishes are counted from them."""
        return self.data / "log" / "nats-server.log"

    @property
    def address(self) -> str:
        """For our own processes, with the password: goes to children by environment only."""
        return self._address(USER, "nats")

    @property
    def system_address(self) -> str:
        """The address of the system account, which may end connections."""
        return self._address(SYSTEM_USER, "nats-system")

    def environment(self) -> dict[str, str]:
        """What children need to find it."""
        return {VARIABLE: self.address, SYSTEM_VARIABLE: self.system_address, OURS: "1"}

    def prepare(self) -> None:
        """Makes the folders and writes the configuration."""
        private_folder(self.folder)
        self.log.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = self.configuration.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(json.dumps(self._settings(), indent=1) + "\n")
        fresh.replace(self.configuration)

    def command(self) -> list[str]:
        """The server's command line."""
        return [str(program()), "-c", str(self.configuration)]

    def spawn_options(self) -> dict[str, Any]:
        """Environment and folder for ``subprocess``."""
        environment = {name: os.environ[name] for name in ("PATH", "TMPDIR", "ANLAN_MARK") if name in os.environ}
        return {"cwd": self.folder, "env": {**environment, "TZ": "UTC"}}

    def answers(self) -> bool:
        """Whether both listeners take connections."""
        listening = ((self.ports.host, self.ports.client), (_local(self.ports.mqtt_host), self.ports.mqtt))
        return all(_open(host, port) for host, port in listening)

    def _address(self, user: str, name: str) -> str:
        return f"nats://{user}:{secret(name, self.data / 'secrets')}@{self.ports.host}:{self.ports.client}"

    def _settings(self) -> Mapping[str, Any]:
        store = self.folder / "store"
        store.mkdir(mode=0o700, exist_ok=True)
        most = self.most_waiting or shutil.disk_usage(self.folder).free // _SHARE
        folder = self.data / "secrets"
        return {
            "server_name": "anlan",
            "listen": f"{self.ports.host}:{self.ports.client}",
            "max_payload": _PAYLOAD,
            "max_pending": 256 * 1024 * 1024,
            "log_file": str(self.log),
            "logfile_size_limit": 20 * 1024 * 1024,
            "logfile_max_num": 3,
            "jetstream": {
                "store_dir": str(store), "max_memory_store": 64 * 1024 * 1024, "max_file_store": most * 2,
                "sync_interval": "10s",
            },
            "mqtt": {"listen": f"{self.ports.mqtt_host}:{self.ports.mqtt}", "max_ack_pending": 1024},
            "accounts": {
                ACCOUNT: {"jetstream": "enabled", "users": [{"user": USER, "password": secret("nats", folder)}]},
                SYSTEM: {"users": [{"user": SYSTEM_USER, "password": secret("nats-system", folder)}]},
            },
            "system_account": SYSTEM,
            "authorization": {
                "timeout": 10,
                "auth_callout": {
                    "issuer": issuer(folder), "account": ACCOUNT, "auth_users": [USER, SYSTEM_USER],
                },
            },
        }  # fmt: skip


def seed_of(folder: Path) -> bytes:
    """The key with which the gatekeeper signs its answers; made the first time."""
    import nkeys

    path = folder / SEED
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{SEED}.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_ACCOUNT))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes().strip()


def issuer(folder: Path) -> str:
    """The public half of that key: a server of one's own names it as ``issuer`` of its ``auth_callout``."""
    import nkeys

    return str(nkeys.from_seed(seed_of(folder)).public_key.decode())


def program() -> Path:
    """The server's program; ``Trouble`` when its wheel is not installed."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / "nats-server").exists():
            return folder / "nats-server"
    raise Trouble(
        "nats-server is not installed here: start with ./run, or name a server of your own in ANLAN_NATS_URL."
    )


def free_port() -> int:
    """A port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _local(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host


def _open(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise Trouble(f"{name}={text} is not a port: a number from 1 to 65535.")
    return int(text)
