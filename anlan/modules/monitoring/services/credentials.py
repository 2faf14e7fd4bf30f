"""Credentials of gateways: a random secret, of which only a salted digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.db import connection

from anlan.kernel.acts import inside_act

CHANNEL = "anlan_monitoring"
"""Where acts say that a gateway or a tag changed; the answer to sign-ins and the historian listen."""
_N, _R, _P = 4096, 8, 1
"""scrypt's cost. The secret is 192 random bits, so the digest need not slow down guessing; ten thousand gateways that
come back after an outage have to be answered within seconds."""


@inside_act
def fresh_secret() -> tuple[str, str]:
    """A new secret and its digest as it is kept."""
    secret = secrets.token_urlsafe(24)
    return secret, digest_of(secret)


@inside_act
def digest_of(secret: str) -> str:
    """``scrypt$salt$digest`` of a secret, with a salt of its own."""
    salt = secrets.token_hex(8)
    return f"scrypt${salt}${_scrypt(secret, salt)}"


@inside_act
def accepted(digest: str, secret: str) -> bool:
    """Whether the secret is the one the digest was made of; compared in constant time.

    >>> accepted(digest_of("one"), "one"), accepted(digest_of("one"), "two"), accepted("", "one")
    (True, False, False)
    """
    kind, _, rest = digest.partition("$")
    salt, _, wanted = rest.partition("$")
    if kind != "scrypt" or not wanted or not 0 < len(secret) <= 200:
        return False
    return hmac.compare_digest(_scrypt(secret, salt), wanted)


@inside_act
def say_changed(code: str) -> None:
    """Tell who listens, once the act is committed, that something about this gateway changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, code])


def _scrypt(secret: str, salt: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=_N, r=_R, p=_P, dklen=32).hex()
