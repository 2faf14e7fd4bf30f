"""Brings a database up to date and, with ``look``, asks for pages of it; run by ``test_upgrade.py``."""

from __future__ import annotations

import json
import sys

import django

from anlan.runtime.screen import Trouble


def main() -> int:
    django.setup()
    from anlan.runtime.migrate import migrate

    try:
        migrate()
    except Trouble as refused:
        print(refused)
        return 3
    if "look" in sys.argv:
        print(json.dumps(look()))
    return 0


def look() -> dict[str, int]:
    """Every page of a county's officer that needs no record, and a hazard's, by address to status."""
    from django.test import Client

    from anlan.kernel.identity.models import User
    from anlan.modules.hazards.models import Hazard

    user = User.objects.get(username="here_county_officer")
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    hazard = Hazard.objects.everything(why="a test").filter(county_seen(user)).first()
    assert hazard is not None
    paths = ["/", "/due/", "/inbox/", "/hazards/", "/registry/units/", "/cockpit/", "/me/", f"/hazards/{hazard.pk}/"]
    return {path: browser.get(path, follow=True).status_code for path in paths}


def county_seen(user: object) -> object:
    from django.db.models import Q

    from anlan.kernel.identity.models import Grant

    grant = Grant.objects.filter(user=user).first()
    assert grant is not None
    return Q(region_path__startswith=grant.region.path)


if __name__ == "__main__":
    raise SystemExit(main())
