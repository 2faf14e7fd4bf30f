"""Sealing personal data: one key per person, wrapped by the deployment's master key.

Destroying a person's key makes every sealed value of that person unreadable, in the database, in its history and in
every backup: that is the lawful erasure. The master key lives outside the database (``ANLAN_DATA/secrets/master.key``
or ``ANLAN_MASTER_KEY``), so a stolen dump alone opens nothing.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import tempfile
import uuid
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

SEALED = "sealed:"  # before a secret that the master key opens
SECRET = b"anlan secret"


@lru_cache(maxsize=1)
def master_key() -> bytes:
    """The deployment's 256-bit master key; made on first use, readable by the owner alone."""
    given = os.environ.get("ANLAN_MASTER_KEY")
    if given:
        key = base64.b64decode(given)
        if len(key) != 32:
            raise ValueError("ANLAN_MASTER_KEY must be 32 bytes in base64")
        return key
    path = settings.SECRETS / "master.key"
    if not path.exists():
        _make_key(path)
    stored: bytes = path.read_bytes()
    if len(stored) != 32:
        raise ValueError(f"{path} does not hold a 256-bit key: restore it from the backup")
    return stored


def _make_key(path: Path) -> None:
    """Write a fresh key whole or not at all; of two processes that start at once, the first one's key stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by the owner alone
    with os.fdopen(handle, "wb") as out:
        out.write(AESGCM.generate_key(256))
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


def new_key() -> bytes:
    """A fresh person's key, wrapped: 12 bytes nonce, then the sealed key."""
    nonce = os.urandom(12)
    return nonce + AESGCM(master_key()).encrypt(nonce, AESGCM.generate_key(256), b"anlan person key")


def seal(wrapped: bytes | memoryview, text: str) -> bytes:
    """Seal ``text`` under a person's wrapped key; "" stays empty."""
    if not text:
        return b""
    nonce = os.urandom(12)
    return nonce + _cipher(bytes(wrapped)).encrypt(nonce, text.encode(), None)


def unseal(wrapped: bytes | None, sealed: bytes | memoryview) -> str | None:
    """The text; "" when nothing was sealed, None when the key was destroyed or does not fit."""
    sealed = bytes(sealed or b"")
    if not sealed:
        return ""
    if not wrapped:
        return None
    try:
        return _cipher(bytes(wrapped)).decrypt(sealed[:12], sealed[12:], None).decode()
    except InvalidTag:
        return None


def seal_bytes(wrapped: bytes, content: bytes) -> bytes:
    """Seal a file's content under a wrapped key."""
    nonce = os.urandom(12)
    return nonce + _cipher(bytes(wrapped)).encrypt(nonce, content, None)


def unseal_bytes(wrapped: bytes, sealed: bytes) -> bytes | None:
    """The content; None when the key does not fit."""
    try:
        return _cipher(bytes(wrapped)).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag:
        return None


def seal_secret(text: str) -> str:
    """A secret of the platform's own (the key of a second factor), sealed by the master key, as text."""
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(master_key()).encrypt(nonce, text.encode(), SECRET)
    return f"{SEALED}{base64.b64encode(sealed).decode()}"


def unseal_secret(stored: str) -> str | None:
    """The secret; None where the master key does not fit. What was stored before secrets were sealed is as it is."""
    if not stored.startswith(SEALED):
        return stored
    sealed = base64.b64decode(stored.removeprefix(SEALED))
    try:
        return AESGCM(master_key()).decrypt(sealed[:12], sealed[12:], SECRET).decode()
    except InvalidTag:
        return None


def blind_index(kind: str, text: str) -> str:
    """A keyed digest by which equal values are found without being readable; "" for an empty value."""
    if not text:
        return ""
    return hmac.new(master_key(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()[:32]


def tail_index(phone: str) -> str:
    """A keyed digest of a telephone's last four digits, by which a person is found by them; "" without four digits.

    Ten thousand values can be tried by whoever has the key: it is the master key, outside the database, and looking
    up is throttled (see ``docs/trust.md``).
    """
    digits = "".join(c for c in phone if c.isdecimal())
    return blind_index("phone_tail", digits[-4:]) if len(digits) >= 4 else ""


def masked(kind: str, length: int = 0) -> str:
    """What is shown in place of a sealed value."""
    return {"phone": "1** **** ****", "id_number": "****** ******** ****"}.get(kind, "•" * max(length, 6))


def new_secret() -> str:
    """A random secret for tokens: 256 bits, URL-safe."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def new_reference() -> str:
    """A reference for a holder: 32 hexadecimal digits."""
    return uuid.uuid4().hex


@lru_cache(maxsize=4096)
def _cipher(wrapped: bytes) -> AESGCM:
    return AESGCM(AESGCM(master_key()).decrypt(wrapped[:12], wrapped[12:], b"anlan person key"))
