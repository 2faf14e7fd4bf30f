"""Names of places: asked for once in a request that only reads, and never kept beyond it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel.regions.models import Region
from anlan.ui import once, places


def asked(work: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_each_is_asked_for_once_within_the_block(cast: Any) -> None:
    town, beside = cast.town.path, cast.other_town.path
    whole = places.JOIN.join(Region.objects.get(path=p).name for p in (cast.city.path, cast.here.path, town))
    assert asked(lambda: (places.name(town), places.name(town))) == 2
    with once.remembered():
        assert asked(lambda: places.names([town, "", "9999"], 1)) == 1
        assert asked(lambda: (places.name(town), places.name(cast.here.path, 2), places.name("9999"))) == 0
        assert places.name(town) == whole and places.name("9999") == "" and places.names(["", "9999"]) == {"9999": ""}
        assert asked(lambda: places.name(beside)) == 1
        with once.remembered():
            assert asked(lambda: places.name(town)) == 1
        assert asked(lambda: places.name(beside)) == 0
    assert asked(lambda: places.name(town)) == 1
    assert places.names([town], 1) == {town: cast.town.name}


def test_a_new_name_is_read_by_the_next_request(cast: Any, paper: Any, sign_in: Any) -> None:
    paper(cast.town, "厂")
    browser = sign_in(cast.county_officer)
    assert cast.town.name in browser.get("/papers/?all=1").content.decode()
    Region.objects.filter(pk=cast.town.pk).update(name="改名镇")
    page = browser.get("/papers/?all=1").content.decode()
    assert "改名镇" in page and cast.town.name not in page
