"""Short codes for paper: drawn, read back as people type them, kept only as a keyed digest."""

from __future__ import annotations

import secrets

from anlan.kernel.identity.sealing import blind_index

# No characters that are mistaken for each other on paper. Twelve of 31: 59 bits.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, SIZE = 3, 4


def new_code() -> str:
    """A fresh code: ``ABCD-EFGH-JKMN``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(SIZE)) for _ in range(GROUPS))


def read_code(text: str) -> str:
    """A code as it was typed, without spaces, dashes and small letters; at most 40 characters of it."""
    return "".join(c for c in text[:80].upper() if c.isascii() and c.isalnum())[:40]


def index_of(kind: str, text: str) -> str:
    """The keyed digest under which a code (or an address) is kept: of no use without the deployment's master key."""
    return blind_index(kind, text if kind == "address" else read_code(text)) or "-"
