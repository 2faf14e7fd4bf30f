"""Where copies lie, and what is known of each."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from anlan.runtime.embedded.account import Account
from anlan.runtime.places import private_folder, reachable
from anlan.runtime.screen import Trouble

VARIABLE = "ANLAN_BACKUPS"
_STAMP = "%Y%m%dT%H%M%SZ"
_FACTS = "copy.json"
ARCHIVING = "anlan-archiving"  # in the cluster: its log is kept


def backups_folder(data: Path) -> Path:
    """The folder of all copies: ``ANLAN_BACKUPS``, on another disk where there is one, else ``backups`` in the data."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().resolve() if named else data / "backups"


def archive_folder(data: Path) -> Path:
    """Where the server puts its log once the folder is there: the first copy makes it."""
    return backups_folder(data) / "wal"


def seen_archive(data: Path) -> str:
    """The archive as a server on this data folder is told it: it stands in its cluster, and the way down to the data
    may be closed to its account."""
    folder = archive_folder(data)
    return "../backups/wal" if folder == data / "backups" / "wal" else str(folder)


def archive_command(data: Path) -> str:
    """The server's ``archive_command``: one gzip file a segment, whole or not there at all; nothing before the first
    copy, which leaves ``ARCHIVING`` in the cluster. From then on a segment that cannot be put away is a failure."""
    shown = quoted(seen_archive(data))
    store = f"gzip -1 < %p > {shown}/.%f.part && mv {shown}/.%f.part {shown}/%f.gz"
    return f"test ! -f {ARCHIVING} || test -f {shown}/%f.gz || ({store})"


def quoted(folder: str) -> str:
    """A folder as a command of the server's names it, whatever is in its name: ``%`` stands for something there.

    >>> print(quoted("/srv/100% safe"))
    '/srv/100%% safe'
    """
    return shlex.quote(folder).replace("%", "%%")


@dataclass(frozen=True)
class Copy:
    """One base copy: when it was begun and finished (UTC, ISO 8601), its size in bytes, how many files belong to it,
    the major version of the server that wrote it, how many readings (0 in copies from before they were copied)."""

    name: str
    begun: str
    finished: str
    size: int
    files: int
    server: str
    readings: int = 0

    def folder(self, backups: Path) -> Path:
        return backups / self.name

    @property
    def finished_at(self) -> datetime:
        return datetime.fromisoformat(self.finished)


def fresh_name(now: datetime) -> str:
    """The name of a copy begun now."""
    return f"base-{now.astimezone(UTC).strftime(_STAMP)}"


def write_facts(folder: Path, copy: Copy) -> None:
    """Says that the copy in ``folder`` is whole; written last."""
    (folder / _FACTS).write_text(json.dumps(asdict(copy), indent=1) + "\n", "utf-8")


def copies(backups: Path) -> list[Copy]:
    """The whole copies there are, oldest first; one that was cut short is not among them."""
    return [Copy(**json.loads(facts.read_text("utf-8"))) for facts in sorted(backups.glob(f"base-*/{_FACTS}"))]


def chosen(backups: Path, to: datetime | None) -> Copy:
    """The newest copy that was finished by ``to``; ``Trouble`` when there is none."""
    fit = [c for c in copies(backups) if to is None or c.finished_at <= to]
    if not fit:
        first = next(iter(copies(backups)), None)
        told = f"the oldest was finished at {first.finished}" if first else "make one with ./run backup"
        raise Trouble(f"There is no copy in {backups} from before that moment: {told}.")
    return fit[-1]


def open_folders(data: Path, cluster: Path, account: Account | None) -> Path:
    """Makes the folders of the copies where missing, and lets the server archive; gives back the outermost.

    Raises ``Trouble`` when the server's account cannot step into the data folder to put its log there.
    """
    backups = backups_folder(data)
    if not backups.exists():
        backups.mkdir(mode=0o711, parents=True)
    owner, group = (account.user, account.group) if account else (None, None)
    # From its own cluster it steps up to the data folder; another place it must reach from the root.
    near = backups == data / "backups" and bool(data.stat().st_mode & stat.S_IXOTH)
    if account and not (near or reachable(backups, account.user, {account.group})):
        closed = data if backups == data / "backups" else backups
        raise Trouble(
            f"The server's account “{account.name}” cannot step into {closed}, so its log cannot be kept there: "
            f"chmod o+x {closed} and the folders above it, or name a folder it can reach in {VARIABLE}."
        )
    private_folder(archive_folder(data), owner, group)
    private_folder(backups / "files")
    (cluster / ARCHIVING).touch()
    if account:
        shutil.chown(cluster / ARCHIVING, account.user, account.group)
    return backups


def remove(folder: Path) -> None:
    """Removes a copy, the facts first, so that half of it never passes for a whole one."""
    (folder / _FACTS).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
