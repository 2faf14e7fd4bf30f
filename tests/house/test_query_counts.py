"""How many SQL queries each page asks, frozen in ``query_counts.json``; no page more than 25.

A page is opened once before it is counted, so that what is kept between requests is there: a count is one number, not
about one.

After a page was changed on purpose: ``ANLAN_FREEZE=1 pytest tests/house/test_query_counts.py`` writes the file anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.kernel.limits.models import Tally
from tests.cast import Cast
from tests.house.doors import NOT_YET, doors, endpoints

FROZEN = Path(__file__).with_name("query_counts.json")
MOST = 25
# Pages that still ask more, each with the most it may ask and why; printed, to be emptied.
OVER: dict[str, tuple[int, str]] = {
}

pytestmark = pytest.mark.django_db


def test_pages_ask_no_more_than_they_did(world: Cast) -> None:
    counts: dict[str, int] = {}
    for endpoint in endpoints():
        if "GET" not in endpoint.methods or endpoint.name in NOT_YET:
            continue
        for door in doors(endpoint, world.here)[:1]:
            able = [door.owner] if door.owner else door.holders(world.here, on_it=door.row is not None)
            if not able:
                continue
            browser = world.browser(able[-1] if len(able) < 4 else able[2])
            Tally.objects.all().delete()  # a page that says "too many" asks nothing
            browser.get(door.address)
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(door.address)
            if answer.status_code == 200:
                counts[endpoint.name] = len(asked)
    if os.environ.get("ANLAN_FREEZE"):
        FROZEN.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", "utf-8")
    frozen = json.loads(FROZEN.read_text("utf-8"))
    for name, (most, why) in OVER.items():
        print(f"{name} may ask {most} queries: {why}")
    dear = {name: count for name, count in counts.items() if count > OVER.get(name, (MOST, ""))[0]}
    assert not dear, f"more than {MOST} queries: {dear}"
    idle = [name for name in OVER if counts.get(name, 0) <= MOST]
    assert not idle, f"no longer over {MOST}, strike them from OVER: {idle}"
    fresh = sorted(set(counts) - set(frozen))
    more = {name: (frozen[name], count) for name, count in counts.items() if name in frozen and count > frozen[name]}
    assert not more, f"pages that ask more than they did (before, now): {more}; freeze anew if that is meant"
    assert not fresh, f"pages whose queries are not frozen yet: {fresh}; run with ANLAN_FREEZE=1"
