"""What happens to a hazard at night reaches whoever is on duty there: the flows, on the events as they were announced."""

from __future__ import annotations

import datetime as dt

import pytest

from anlan.kernel import clock
from anlan.kernel.events.bus import deliver
from anlan.kernel.events.models import EventRow
from anlan.kernel.notify.models import Message
from anlan.modules.duty.models import Shift
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CALLS = {
    "hazards.HazardAssessed": "assessed_major_calls_duty",
    "hazards.HazardListed": "listed_hazard_calls_duty",
}


@pytest.mark.parametrize(("hour", "called"), [(2, True), (10, False)])
@pytest.mark.parametrize("event", sorted(CALLS))
def test_a_major_or_listed_hazard_calls_duty_at_night_alone(world: Cast, event: str, hour: int, called: bool) -> None:
    here = world.here
    day = dt.datetime(2027, 3, 3, tzinfo=clock.CHINA)  # a Wednesday
    Shift.plain.create(
        room=here.duty["room"], region_path=here.town.path, state="planned", kind="day", begins_at=day,
        ends_at=day + dt.timedelta(days=1), officer=here.users["inspector"], leader=here.users["town_officer_2"],
    )  # fmt: skip
    announced = EventRow.objects.filter(event_type=event, region_path__startswith=here.region.path)
    rows = [row for row in announced if row.data.get("grade", "major") == "major"]
    general = [row for row in announced if row not in rows]
    assert rows and (general or event != "hazards.HazardAssessed")
    with clock.moved_to(day + dt.timedelta(hours=hour)):
        before = Message.objects.count()
        for row in [*rows, *general]:
            assert deliver(str(row.pk), CALLS[event])
            assert not deliver(str(row.pk), CALLS[event]), "once"
    told = Message.objects.order_by("-pk")[: Message.objects.count() - before]
    assert len(told) == (2 * len(rows) if called else 0)
    assert {m.user_id for m in told} <= {here.users["inspector"].pk, here.users["town_officer_2"].pk}
    assert all(m.urgent and m.text.startswith("Outside hours") and m.subject_type == "hazards.hazard" for m in told)
    assert all(m.params["number"] and m.params["title"] for m in told)
