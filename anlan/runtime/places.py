"""Where things live on this machine."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from anlan.runtime.screen import Trouble

ROOT = Path(__file__).resolve().parents[2]
_SOCKET_LIMIT = 80  # the kernel takes 107 bytes for a socket's whole path; the rest is the file name


class UnsafeFolder(Trouble):
    """A folder that has to be ours alone is not."""


def data_folder() -> Path:
    """The folder that holds everything stored: ``ANLAN_DATA``, or one fit for the user.

    An ordinary user gets ``~/.local/share/anlan`` (XDG), the superuser ``/var/lib/anlan``; a user whose
    home cannot be written to gets ``.data`` beside the program.
    """
    named = os.environ.get("ANLAN_DATA")
    if named:
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/anlan")
    folder = Path(os.environ.get("XDG_DATA_HOME") or Path(os.path.expanduser("~"), ".local", "share")) / "anlan"
    return folder if _can_make(folder) else ROOT / ".data"


def cache_folder() -> Path:
    """Things that can be made again (browsers, fonts, package caches): ``.cache`` beside the program."""
    folder = ROOT / ".cache"
    return folder if _can_make(folder) else Path(tempfile.gettempdir()) / f"anlan-cache-{os.geteuid()}"


def mark(data: Path) -> str:
    """Eight characters that stand for one data folder in the names of things outside it."""
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:8]


def socket_folder(data: Path) -> Path:
    """The short folder for the database's socket: on ``/run`` where possible, else under ``/tmp``."""
    user = os.geteuid()
    if user == 0 and os.access("/run", os.W_OK):
        return Path(f"/run/anlan-{mark(data)}")
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    if own and len(own) < _SOCKET_LIMIT - 16 and os.path.isdir(own) and os.stat(own).st_uid == user:
        return Path(own) / f"anlan-{mark(data)}"
    temporary = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()
    return Path(temporary) / f"anlan-{user}-{mark(data)}"


def private_folder(folder: Path, owner: int | None = None, group: int | None = None) -> Path:
    """Makes ``folder`` with mode 0700 for ``owner`` (a user id), or checks that it is so already.

    Raises ``UnsafeFolder`` for a link, another owner or wider permissions: nothing existing is changed.
    """
    owner = os.geteuid() if owner is None else owner
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise UnsafeFolder(
                f"{folder} exists, but is not a folder of mode 0700 owned by user {owner}: remove it and start again."
            ) from None
        return folder
    if owner != os.geteuid():
        os.chown(folder, owner, -1 if group is None else group)
    return folder


def reachable(path: Path, user: int, groups: set[int]) -> bool:
    """Whether a process of ``user`` may step through every folder down to ``path`` (mode bits only)."""
    for folder in [path, *path.parents]:
        found = os.stat(folder)
        if found.st_uid == user:
            bit = stat.S_IXUSR
        elif found.st_gid in groups:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def _can_make(folder: Path) -> bool:
    for candidate in [folder, *folder.parents]:
        if candidate.exists():
            return candidate.is_dir() and os.access(candidate, os.W_OK | os.X_OK)
    return False
