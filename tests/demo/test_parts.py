"""The hazards of the demo city are played in parts: how many at once never shows, and none of them alone."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

import pytest
from django.db import transaction

from anlan.kernel.bulk import copy_in, reserve_ids, skip_ids
from anlan.kernel.codes.models import Counter
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.identity.models import User
from anlan.kernel.journal.models import Entry, StepTaken
from anlan.kernel.notify.models import Message
from anlan.kernel.regions.models import Region
from anlan.modules.hazards.models import Hazard, Listing
from anlan.runtime.demo import build as city
from anlan.runtime.demo import parts

AS_OF = dt.date(2026, 6, 30)
WHY = "the test compares every row"


def _left() -> dict[str, Any]:
    """What a city holds, told without primary keys."""
    hazards = {str(h.pk): h for h in Hazard.objects.everything(why=WHY)}

    def rows(model: Any, *names: str) -> list[Any]:
        manager = getattr(model, "plain", model._default_manager)
        of = "hazards.hazard"
        return [
            (hazards[r.subject_id].number, *(str(getattr(r, n)) for n in names))
            for r in manager.filter(subject_type=of).order_by("pk")
        ]

    def told(data: dict[str, Any]) -> str:
        return json.dumps({name: value for name, value in data.items() if not name.endswith("_id")}, sort_keys=True)

    return {
        "hazards": sorted((h.number, h.state, h.search_text, str(h.due_at), h.version) for h in hazards.values()),
        "journal": [(e.at, e.fact_type, told(e.data)) for e in Entry.plain.order_by("pk")][-500:],
        "deadlines": sorted(rows(Deadline, "kind", "state", "due_at", "escalations")),
        "steps": sorted(rows(StepTaken, "step", "at")),
        "messages": rows(Message, "at", "text"),
        "listings": sorted(Listing.plain.values_list("number", "state")),
        "counters": sorted(Counter.objects.values_list("series", "last")),
    }


@pytest.mark.django_db
def test_one_process_and_three_make_the_same_city() -> None:
    def built(processes: int) -> dict[str, Any]:
        with transaction.atomic():
            city.build(seed=3, as_of=AS_OF, scale=0.01, processes=processes)
            left = _left()
            transaction.set_rollback(True)
        return left

    alone, together = built(1), built(3)
    assert len(alone["hazards"]) > 190
    for what, rows in alone.items():
        assert together[what] == rows, what


@pytest.mark.django_db
def test_the_keys_of_a_city_are_not_given_again() -> None:
    city.build(seed=3, as_of=AS_OF, scale=0.004)
    for model in (Hazard, Deadline, StepTaken, Entry, Message):
        highest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        assert next(reserve_ids(model, 1)) > highest, model.__name__


@pytest.mark.django_db
def test_a_part_that_fails_takes_the_city_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    here, play = os.getpid(), parts.play
    played = []

    def fails(*given: Any) -> None:
        assert os.getpid() != here
        played.append(1)
        if len(played) > 10:
            os._exit(3)
        play(*given)

    monkeypatch.setattr(parts, "play", fails)
    with pytest.raises(RuntimeError, match="exit code 3"), transaction.atomic():
        city.build(seed=3, as_of=AS_OF, scale=0.004, processes=2)
    assert not Region.objects.exists()
    assert not User.objects.filter(username="city-1").exists()
    assert not Hazard.plain.exists()


@pytest.mark.django_db
def test_copied_text_arrives_as_it_was(django_user_model: Any) -> None:
    user = django_user_model.objects.create(username="reader", name="王伟")
    texts = ["a\tb\nc\rd", "\\N", "\\", '{"x"}', "安澜 '引号' \\t", ""]
    rows = [
        Message(
            pk=key, user=user, at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC), text=text, params={"said": [text, None, 1.5]}
        )
        for key, text in zip(reserve_ids(Message, len(texts)), texts, strict=True)
    ]
    assert copy_in(Message, rows) == len(texts)
    stored = Message.objects.order_by("pk")
    assert [m.text for m in stored] == texts
    assert [m.params["said"] for m in stored] == [[text, None, 1.5] for text in texts]
    assert {(m.urgent, m.read_at, m.at) for m in stored} == {(False, None, rows[0].at)}


@pytest.mark.django_db
def test_skipped_keys_never_go_back() -> None:
    first = next(reserve_ids(Message, 1))
    skip_ids(Message, first + 50)
    skip_ids(Message, first + 10)
    assert next(reserve_ids(Message, 1)) == first + 51
