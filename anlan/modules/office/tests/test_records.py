"""The journal and the outbox on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel import clock
from anlan.kernel.events.models import Delivery, EventRow
from anlan.kernel.identity.models import User
from anlan.kernel.identity.services import close_user
from anlan.modules.office.tests.conftest import SYSTEM, City
from anlan.modules.office.tests.test_people import _text

Browser = Callable[[User], Client]
Person = Callable[..., User]


def test_the_journal_of_ones_own_jurisdiction(city: City, admin: User, person: Person, browser: Browser) -> None:
    for name, region in (("近处", city.town), ("远处", city.far_town)):
        user = person("town_officer", region, username=name)
        close_user(actor=SYSTEM, user=user, reason=f"{name}调离")
    text = _text(browser(admin).get(reverse("office:journal")))
    assert "停用账号 近处：近处调离" in text
    assert "远处" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("area=identity", True),
        ("area=regions", False),
        ("system=on", True),
        ("q=close_user", True),
        ("q=nothing", False),
    ],
)
def test_journal_filters(city: City, admin: User, person: Person, browser: Browser, query: str, found: bool) -> None:
    close_user(actor=SYSTEM, user=person("town_officer", city.town), reason="到龄退休")
    assert ("到龄退休" in _text(browser(admin).get(f"{reverse('office:journal')}?{query}"))) is found


def _event(path: str, **fields: Any) -> EventRow:
    return EventRow.objects.create(
        event_type="identity.Tested",
        data={"what": "试验"},
        at=clock.now(),
        subject_type="identity.user",
        subject_id="1",
        actor_key="system", region_path=path, **fields,
    )  # fmt: skip


def test_events_of_ones_own_part(city: City, admin: User, browser: Browser) -> None:
    client = browser(admin)
    near, far = _event(city.town.path), _event(city.far_town.path)
    Delivery.objects.create(event=near, flow="one_reacts", at=clock.now())
    caused = _event(city.town.path, caused_by=near, depth=1)
    listed = _text(client.get(reverse("office:events")))
    assert reverse("office:event", args=[near.pk]) in listed
    assert reverse("office:event", args=[far.pk]) not in listed
    page = _text(client.get(reverse("office:event", args=[near.pk])))
    assert "one_reacts" in page
    assert "试验" in page
    assert reverse("office:event", args=[caused.pk]) in page
    assert client.get(reverse("office:event", args=[far.pk])).status_code == 404


def _failed(event: EventRow | None) -> int:
    args = f'{{"event_id": "{event.pk}", "flow_name": "one_reacts"}}' if event else "{}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "VALUES ('flows', 'events.run_flow', %s, 'failed', 8) RETURNING id",
            [args],
        )
        return int(cursor.fetchone()[0])


def test_jobs_given_up_and_tried_again(city: City, admin: User, person: Person, browser: Browser) -> None:
    near, far = _failed(_event(city.town.path)), _failed(_event(city.far_town.path))
    client = browser(admin)
    page = _text(client.get(reverse("office:jobs")))
    assert "one_reacts" in page
    assert f'value="{near}"' in page
    assert f'value="{far}"' not in page
    operator = browser(person("administrator", city.root))
    assert f'value="{far}"' in _text(operator.get(reverse("office:jobs")))
    url = reverse("office:jobs-bulk", args=["retry"])
    asked = client.post(url, {"ids": [str(near), str(far)]})
    begun = client.post(url, {"ids": asked.context["ids"], "confirmed": "1", "key": "retry-once"})
    done = client.post(begun["Location"], follow=True)
    assert dict(ProcrastinateJob.objects.filter(pk__in=[near, far]).values_list("pk", "status")) == {
        near: "todo",
        far: "failed",
    }
    assert str(far) in _text(done), "the one of another county is refused by its number"


def test_the_state_of_the_workers(city: City, admin: User, browser: Browser) -> None:
    client = browser(admin)
    assert client.get(reverse("office:jobs")).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 hour')")
    text = _text(client.get(reverse("office:jobs")))
    assert text.count("tone-green") >= 1
    assert text.count("tone-red") >= 1
    assert ProcrastinateJob.objects.filter(status="failed").count() == 0
