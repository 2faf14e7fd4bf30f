"""A multiplied city: every copy is a whole record of its own, and work goes on with it."""

from __future__ import annotations

import re
from collections import Counter as Tally
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from anlan.kernel import clock
from anlan.kernel.codes.models import Counter
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.files.models import StoredFile
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.journal.models import BulkLoad, Entry, StepTaken
from anlan.kernel.tallies.keeping import compare
from anlan.modules.hazards.models import Hazard, Listing
from anlan.modules.hazards.services import loop
from anlan.modules.registry.models import Person, Site, Unit
from anlan.rules import uscc
from anlan.rules.overlap import bigrams, plain
from anlan.runtime.demo import build as city
from anlan.runtime.demo import multiply
from anlan.runtime.demo.pictures import picture

TIMES, SCALE = 3, 0.01
GENERIC = (Entry, Deadline, StepTaken, StoredFile)


def _all(model: Any) -> Any:
    """The rows that are multiplied: of what points at records by type and key, those about hazards."""
    rows = getattr(model, "plain", model._default_manager).all()
    return rows.filter(subject_type__startswith="hazards.") if model in GENERIC else rows


def _guards() -> set[str]:
    """Indexes, constraints and triggers of the whole database, and whether they are on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint UNION ALL "
            "SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal"
        )
        # PostgreSQL writes the casts of a constant list differently when it reads its own definition again.
        return {re.sub(r"::(character varying|text)(\[\])?|[()]", "", row[0]) for row in cursor.fetchall()}


@pytest.fixture(params=[False, True], ids=["full", "lean"])
def multiplied(request: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A small city, three times over."""
    lean = request.param
    if lean:
        monkeypatch.setattr(multiply, "FULL", TIMES - 1)
    city.build(seed=5, scale=SCALE)
    models = [c.model for c in multiply.copyings(lean=lean)]
    before = {m: _all(m).count() for m in models}
    guards, last = _guards(), dict(Counter.objects.values_list("series", "last"))
    multiply.multiply(TIMES)
    assert _guards() == guards
    assert compare() == [], "the kept numbers of the larger city are those of its records"
    assert not BulkLoad.objects.exists()
    return {"lean": lean, "before": before, "last": last}


def test_every_copy_is_whole_and_work_goes_on_with_it(multiplied: dict[str, Any]) -> None:
    before, lean = multiplied["before"], multiplied["lean"]
    for model in (Unit, Site, Person, Hazard, Listing, Deadline, StepTaken):
        assert _all(model).count() == TIMES * before[model], model.__name__
    if not lean:
        assert _all(StoredFile).count() == TIMES * before[StoredFile]
        history: Any = Hazard.pgh_event_model  # type: ignore[attr-defined]
        assert len(set(history.objects.values_list("pgh_obj_id", flat=True))) == _all(Hazard).count()

    # Units: codes that hold, names and holders of their own, people with accounts.
    units = list(_all(Unit))
    assert not [u.uscc for u in units if uscc.problems(u.uscc)]
    for column in ("uscc", "holder", "name", "search_text"):
        assert not [v for v, n in Tally(getattr(u, column) for u in units).items() if n > 1], column
    assert {s.holder: s.unit_id for s in _all(Site)} == {u.holder: u.pk for u in units}
    assert all(u.uscc.lower() in u.search_text and u.name.lower() in u.search_text for u in units)
    accounts = Tally(Grant.objects.filter(user__username__startswith="unit").values_list("holder", flat=True))
    # The first unit has a workshop and a worker of its own besides.
    assert set(accounts.values()) == {2, 4} and sum(n == 4 for n in accounts.values()) == 1
    assert len(accounts) == TIMES * round(5_000 * SCALE)
    assert set(accounts) <= {u.holder for u in units}

    # Hazards: at a site of their own unit, numbered on and on, found by their own words.
    hazards = {h.pk: h for h in _all(Hazard).select_related("site")}
    for hazard in hazards.values():
        assert hazard.holder == hazard.site.holder
        assert hazard.search_text.startswith(hazard.number.lower() + " ")
        assert set(hazard.words) == set(bigrams(hazard.search_text))
        assert plain(hazard.site.name) in hazard.search_text
    for series, last in Counter.objects.values_list("series", "last"):
        assert last == TIMES * multiplied["last"][series]
    with_number = Tally(h.number.rpartition("-")[0] for h in hazards.values())
    for prefix, count in with_number.items():
        assert max(int(h.number.rpartition("-")[2]) for h in hazards.values() if h.number.startswith(prefix)) == count
    repeats = [h for h in hazards.values() if h.repeat_of_id]
    assert all(hazards[h.repeat_of_id].site_id == h.site_id for h in repeats)

    # Whatever points at a record by type and key points at one that is there, and says the same of it.
    for model in GENERIC:
        for kind in set(_all(model).values_list("subject_type", flat=True)):
            rows = _all(model).filter(subject_type=kind)
            there = dict(apps.get_model(kind)._base_manager.values_list("pk", "holder"))
            assert {int(r.subject_id) for r in rows} <= set(there), (model.__name__, kind)
            assert all(there[int(r.subject_id)] == r.holder for r in rows if hasattr(r, "holder"))
    for entry in Entry.plain.filter(fact_type="hazards.HazardRegistered"):
        hazard = hazards[int(entry.subject_id)]
        assert entry.data["number"] == hazard.number
        assert entry.data.get("repeat_of") == (hazards[hazard.repeat_of_id].number if hazard.repeat_of_id else None)
    for deadline in Deadline.plain.filter(subject_type="hazards.hazard"):
        assert deadline.subject_title == str(hazards[int(deadline.subject_id)])
    keys = {f"user:{pk}" for pk in User.objects.values_list("pk", flat=True)}
    acted = {*StepTaken.objects.values_list("actor_key", flat=True), *_all(Entry).values_list("actor_key", flat=True)}
    assert {key for key in acted if key.startswith("user:")} <= keys
    assert all(not h.rectified_by or h.rectified_by in keys for h in hazards.values())

    # A unit of a copy hands in its rectification, the town sees it, and new numbers and keys are free.
    copy = next(h for h in _all(Hazard).filter(state="rectifying", grade="general").order_by("-pk"))
    grant = Grant.objects.get(holder=copy.holder, role="unit_safety")
    loop.submit_rectification(
        actor=actor_for(grant.user), hazard=copy, measures="已更换漏电保护器并逐回路试验。", money_spent_yuan=Decimal(200),
        after=[picture("after", 1)], rectified_on=clock.today(),
    )  # fmt: skip
    copy.refresh_from_db()
    assert copy.state == "in_review"
    assert StepTaken.objects.filter(subject_type="hazards.hazard", subject_id=str(copy.pk), step="submit_rectification")
