"""The limits, by their codes. A deployment sets others by ``ANLAN_LIMITS`` (docs/operate/production.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import Error


@dataclass(frozen=True)
class Limit:
    """At most ``most`` in a window of ``seconds``; what is counted, for whom, is said by ``of``."""

    code: str
    most: int
    seconds: int
    of: str


MINUTE, QUARTER, HOUR = 60, 900, 3600
DECLARED: dict[str, Limit] = {
    limit.code: limit
    for limit in (
        # Doors nobody has signed in at: only what failed counts, whole offices stand behind one address.
        Limit("sign_in.address", 200, QUARTER, "wrong passwords from one address, whoever was tried"),
        Limit("sign_in.account", 50, HOUR, "wrong passwords for one account, wherever from"),
        Limit("codes.name", 100, HOUR, "wrong codes for one sign-in name or one unit, wherever from"),
        Limit("token.address", 120, MINUTE, "calls of the API with a wrong token from one address"),
        # Pages open to everybody: every request of a visitor counts, offices share an address and still fit.
        Limit("visitor", 600, MINUTE, "public pages asked for from one address without signing in"),
        Limit("visitor.ask", 120, MINUTE, "searches in public pages and rules tried, from one address"),
        # One account, or one API token.
        Limit("api", 3000, MINUTE, "calls of the API"),
        Limit("search", 120, MINUTE, "searches over everything"),
        Limit("export", 120, QUARTER, "ledgers taken out, and pages made for print in bulk"),
        Limit("upload", 300, QUARTER, "requests that bring files"),
        Limit("sent_up", 600, QUARTER, "files begun to be sent up in pieces"),
        Limit("unmask", 120, HOUR, "looks at one person's number in full"),
        Limit("code", 300, HOUR, "one-time codes and passwords issued to others"),
    )
}


def limit(code: str) -> Limit:
    """The limit in force."""
    declared = DECLARED[code]
    most = settings.LIMITS.get(code, declared.most)
    return Limit(code, most, declared.seconds, declared.of)


def check_settings(**_: Any) -> list[Error]:
    """Whether the settings name limits that exist, with whole numbers above nought."""
    wrong = [f"there is no limit “{code}”" for code in settings.LIMITS if code not in DECLARED]
    wrong += [
        f"the limit “{code}” needs a whole number above 0"
        for code, most in settings.LIMITS.items()
        if code in DECLARED and (isinstance(most, bool) or not isinstance(most, int) or most < 1)
    ]
    return [Error(f"ANLAN_LIMITS: {text}", id="limits.E001") for text in wrong]
