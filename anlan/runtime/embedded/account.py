"""The system user the database runs under when the superuser starts Anlan (PostgreSQL refuses to be root)."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass

from anlan.runtime.screen import Trouble, say

NAME = "anlan"


@dataclass(frozen=True)
class Account:
    """A user and its group, by number."""

    name: str
    user: int
    group: int

    def spawn_options(self) -> dict[str, object]:
        """What ``subprocess`` needs to start a program as this user, with no other group."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def system_account() -> Account | None:
    """``None`` for an ordinary user; for the superuser the account ``anlan``, made when missing.

    Raises ``Trouble`` when it is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(NAME)
    except KeyError:
        found = _make()
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _make() -> pwd.struct_passwd:
    maker = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if maker is None:
        raise Trouble(
            f"PostgreSQL must not run as root and there is no system user “{NAME}”. Make one (a system account "
            "without a password), or start Anlan as an ordinary user."
        )
    say(f"  Making the system user {NAME} for PostgreSQL (it must not run as root)")
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false"
    done = subprocess.run(
        [maker, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", nologin, NAME],
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 9):  # 9: somebody else has just made it
        raise Trouble(f"The system user “{NAME}” could not be made: {done.stderr.strip()}")
    return pwd.getpwnam(NAME)
