"""Random secrets, made once and kept in files only their owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(name: str, folder: Path, *, size: int = 48) -> str:
    """The secret called ``name``: read from ``folder``, made there (mode 0600) the first time.

    Two processes that start at once get the same one: the file appears whole, by a hard link.
    """
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}.{os.getpid()}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(size) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()
