"""The outline of a region may weigh hundreds of kilobytes: pages that draw no map do not fetch it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from anlan.kernel.regions.models import Region
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/due/",
    "/me/",
    "/hazards/",
    "/hazards/find/",
    "/registry/",
    "/registry/units/",
    "/registry/new/",
    "/inbox/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", ["county_officer", "town_officer"])
def test_a_page_without_a_map_fetches_no_outline(
    world: Cast, address: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.browser(world.here.of_role(role))
    fetched: list[str] = []
    plain = Region.from_db.__func__  # type: ignore[attr-defined]

    def watched(cls: type[Region], db: str | None, names: Iterable[str], values: Any) -> Region:
        if "outline" in names:
            fetched.append(str(dict(zip(names, values, strict=False)).get("name")))
        return plain(cls, db, names, values)

    monkeypatch.setattr(Region, "from_db", classmethod(watched))
    assert browser.get(address).status_code == 200
    assert not fetched, f"{address} fetches the outlines of {fetched}: anlan.kernel.regions.selectors.without_outline"


def test_the_watch_sees_an_outline(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Region.objects.get(path=world.here.region.path)
    assert found.outline and not found.get_deferred_fields()
