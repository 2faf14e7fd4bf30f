"""The demo city 澜州市: fictional, deterministic from a seed and a day, built from the same tables as real work.

``load_once`` is what ``anlan up`` calls; ``anlan demo`` builds one by hand into an empty database.
"""

from __future__ import annotations

from collections.abc import Callable


def load_once(report: Callable[[str], None] = lambda line: None) -> bool:
    """Load the demo city unless any region exists already; True when it was loaded now."""
    from anlan.kernel.regions.models import Region
    from anlan.runtime.demo.build import build

    if Region.objects.exists():
        return False
    build(report=report)
    return True


def sign_ins() -> list[tuple[str, str, str]]:
    """One sign-in per role of the demo city: (role's msgid, name of sign-in, password); empty without the city."""
    from anlan.runtime.demo.people import shown_sign_ins

    return shown_sign_ins()
