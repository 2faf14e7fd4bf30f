"""Brings a database up to date and, with ``look``, asks for pages of it; run by ``test_upgrade.py``.

``fill`` adds by real acts what the modules of today keep and the database's own day did not know; ``every`` asks for
every page that shows a list or a record. What was found is the last line, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import django

from anlan.runtime.screen import Trouble

if TYPE_CHECKING:
    from anlan.kernel.identity.models import User
    from anlan.ui.pages.base import Endpoint
    from tests.cast import County

MOST = 3  # records of a page that are opened: the newest


def main() -> int:
    django.setup()
    from anlan.runtime.migrate import migrate

    try:
        migrate()
    except Trouble as refused:
        print(refused)
        return 3
    if "fill" in sys.argv:
        fill()
    if "look" in sys.argv:
        print(json.dumps(look()))
    if "every" in sys.argv:
        print(json.dumps(every()))
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


def county_here() -> County:
    """The county of everyday names, as the cast left it in this database."""
    from anlan.kernel.identity.models import User
    from anlan.kernel.regions.models import Region
    from anlan.modules.registry.models import Site
    from tests.cast import County

    region = Region.objects.get(code__startswith="998801", depth=2)
    town = Region.objects.get(code__startswith="998801001", depth=3)
    village = Region.objects.get(code__startswith="998801001001", depth=4)
    users = {u.username.removeprefix("here_"): u for u in User.objects.filter(username__startswith="here_")}
    site = Site.objects.everything(why="a test").filter(region_path__startswith=town.path).order_by("pk").first()
    return County("", region, town, village, users=users, site=site)


def fill() -> None:
    """A step on a record of then, and records of what came since: gateways, tags, alarms, warnings, a local figure."""
    import datetime as dt
    from decimal import Decimal

    from anlan.kernel import clock
    from anlan.kernel.codes.services import set_figure
    from anlan.modules.hazards import services as hazards
    from anlan.modules.hazards.models import Hazard
    from tests.cast import SYSTEM
    from tests.cast_alarms import raise_alarms
    from tests.cast_monitoring import listen
    from tests.cast_warning import warn

    county = county_here()
    waiting = Hazard.objects.everything(why="a test").filter(state="in_review", site_id=county.site.pk).first()
    assert waiting is not None
    done = hazards.accept_rectification(actor=county.actor("town_officer"), hazard=waiting, opinion="现场核查合格")
    assert done.state == "accepted"
    set_figure(
        actor=SYSTEM, code="review_cycle.installation_filing.number", region=county.region, value=Decimal(20),
        valid_from=clock.today(), valid_to=clock.today() + dt.timedelta(days=90), basis="本县规定",
    )  # fmt: skip
    listen(county)
    raise_alarms(county)
    county.unit = county.site.unit
    warn(county)


def every() -> dict[str, Any]:
    """Each page that shows a list or a record, the panels of each record with it, as whoever of the county may open it.

    ``asked`` maps addresses to statuses, ``shown`` names the pages that had rows, ``empty`` those that had none.
    """
    from django.test import Client

    from tests.house.doors import endpoints

    people = [user for user in county_here().users.values() if user.is_active]
    asked: dict[str, int] = {}
    shown, empty = set(), set()
    for endpoint in endpoints():
        if endpoint.kind not in ("list", "record"):
            continue
        empty.add(endpoint.name)
        for user, record in _rows(endpoint, people):
            browser = Client(raise_request_exception=False)
            browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            for address in _addresses(endpoint, user, record):
                asked[f"{endpoint.name} {address}"] = browser.get(address, follow=True).status_code
            if record is not None:
                empty.discard(endpoint.name)
                shown.add(endpoint.name)
    return {"asked": asked, "shown": sorted(shown), "empty": sorted(empty)}


def _rows(endpoint: Endpoint, people: list[User]) -> Iterator[tuple[User, Any]]:
    """Who opens a page, and the newest records on it; without any record somebody who may open it."""
    from anlan.kernel.identity.actors import actor_for

    able = None
    for user in people:
        actor = actor_for(user)
        if endpoint.permission and not actor.may_any(endpoint.permission):
            continue
        able = able or user
        seen = getattr(endpoint.page, "selector", None) or endpoint.model._default_manager.visible_to
        found = list(seen(actor).order_by("-pk")[:MOST])
        if found:
            yield from ((user, record) for record in found[: 1 if endpoint.kind == "list" else MOST])
            return
    if able is not None and endpoint.kind == "list":
        yield able, None


def _addresses(endpoint: Endpoint, user: User, record: Any) -> list[str]:
    """A list as it opens and with everything in it; a record and what other modules say on its page."""
    from anlan.kernel.identity.actors import actor_for
    from anlan.ui import panels
    from anlan.ui.pages import RecordPage

    if endpoint.kind == "list":
        return [endpoint.address(), f"{endpoint.address()}?all=1"]
    if not isinstance(endpoint.page, RecordPage):
        return [endpoint.address(record)]
    actor = actor_for(user)
    told = [panel.code for panel in panels.of(endpoint.page.label, actor)]
    more = [endpoint.page.address(record, suffix="-panel", panel=code) for code in told]
    return [endpoint.address(record), *more]


if __name__ == "__main__":
    raise SystemExit(main())
