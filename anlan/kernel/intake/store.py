"""The files of batches, sealed: neither a stolen disk nor a backup of it shows what a ledger held."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from anlan.kernel.errors import NotFound
from anlan.kernel.identity.sealing import seal_bytes, unseal_bytes
from anlan.kernel.intake.models import Batch

SOURCE, REPORT = "source", "report"


def put(batch: Batch, part: str, content: bytes) -> None:
    """Seal and keep a file of a batch; the batch must have its key."""
    if batch.key is None:
        raise NotFound
    path = _path(batch, part)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".part")
    temporary.write_bytes(seal_bytes(bytes(batch.key.wrapped), content))
    temporary.replace(path)


def get(batch: Batch, part: str) -> bytes:
    """The content; ``NotFound`` once it was destroyed."""
    path = _path(batch, part)
    if batch.key is None or not path.exists():
        raise NotFound
    content = unseal_bytes(bytes(batch.key.wrapped), path.read_bytes())
    if content is None:
        raise NotFound
    return content


def remove(batch: Batch, part: str) -> None:
    """Delete a file of a batch; one that is gone stays gone."""
    _path(batch, part).unlink(missing_ok=True)


def has(batch: Batch, part: str) -> bool:
    """Whether the file is still kept."""
    return batch.key_id is not None and _path(batch, part).exists()


def _path(batch: Batch, part: str) -> Path:
    return Path(settings.FILES_ROOT) / "intake" / f"{batch.pk}.{part}"
