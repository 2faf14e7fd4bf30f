"""The demo city: made in memory it equals what the acts do in the database; the same dice make the same city."""

from __future__ import annotations

import datetime as dt
import random
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from anlan.config.roles import ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline, DeadlineState
from anlan.kernel.deadlines.services import advance_deadline
from anlan.kernel.files.models import StoredFile
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import User
from anlan.kernel.journal.models import Entry, StepTaken
from anlan.modules.hazards.models import Extension, Hazard, Instruction, Listing, Transfer
from anlan.runtime.demo import build as city
from anlan.runtime.demo.histories import CurtainFalls, office_hour, play
from anlan.runtime.demo.people import PASSWORD, shown_sign_ins
from anlan.runtime.demo.pictures import picture
from anlan.runtime.demo.stage import SWEEPER, SweepingStage
from anlan.runtime.demo.world import World

AS_OF = dt.date(2026, 6, 30)
WHY = "the test compares every row"
NUMBER = re.compile(r"(YH|ZG|GP)\d+-\d{4}-\d+")
COMPANIONS = (Extension, Instruction, Listing, Transfer)
# Keys, running numbers and what depends on them differ by design; everything else must be equal.
OWN = {
    "id",
    "number",
    "hazard_id",
    "hazard",
    "subject_id",
    "repeat_of_id",
    "order_number",
    "search_text",
    "words",
    "pgh_id",
}


class DatabaseStage(SweepingStage):
    """Plays the same histories through the real acts."""

    def __init__(self, ends: dt.datetime) -> None:
        self.ends = ends
        self.hazard: Hazard | None = None

    def do(self, at: dt.datetime, actor: Actor, act: Any, **given: Any) -> Any:
        self.sweep(at)
        if at >= self.ends:
            raise CurtainFalls
        with clock.moved_to(at):
            outcome = act(actor=actor, **given)
        if self.hazard is None:
            self.hazard = outcome
        else:
            self.hazard.refresh_from_db()
        return outcome

    def photo(self, purpose: str, number: int) -> Any:
        return picture(purpose, number)

    def waiting(self, until: dt.datetime) -> list[Deadline]:
        if self.hazard is None:
            return []
        rows = of_record(Deadline, self.hazard) + [d for c in companions(self.hazard) for d in of_record(Deadline, c)]
        return [d for d in rows if d.state == DeadlineState.OPEN and d.next_action_at and d.next_action_at < until]

    def advance(self, deadline: Deadline) -> bool:
        said = Entry.plain.count()
        advance_deadline(actor=SWEEPER, deadline=deadline)
        deadline.refresh_from_db()
        return Entry.plain.count() > said

    def look_again(self, deadline: Deadline, at: dt.datetime) -> None:
        Deadline.plain.filter(pk=deadline.pk).update(next_action_at=at)


def of_record(model: Any, record: Any) -> list[Any]:
    manager = getattr(model, "plain", model._default_manager)
    return list(manager.filter(subject_type=record._meta.label_lower, subject_id=str(record.pk)).order_by("pk"))


def companions(hazard: Hazard) -> list[Any]:
    return [row for model in COMPANIONS for row in model.plain.filter(hazard=hazard).order_by("pk")]


def columns(row: Any) -> dict[str, Any]:
    shown = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in OWN}
    return {name: NUMBER.sub("#", value) if isinstance(value, str) else value for name, value in shown.items()}


def told(hazard: Hazard) -> dict[str, Any]:
    """Everything a hazard left behind, comparable."""
    records = [hazard, *companions(hazard)]
    entries = sorted((e for r in records for e in of_record(Entry, r)), key=lambda e: e.at)
    return {
        "hazard": columns(hazard),
        "companions": [columns(c) for c in companions(hazard)],
        "deadlines": [columns(d) for r in records for d in of_record(Deadline, r)],
        "steps": [columns(s) for r in records for s in of_record(StepTaken, r)],
        "files": sorted((f.purpose, f.sha256, f.at, f.by_key) for f in of_record(StoredFile, hazard)),
        "journal": [
            (
                e.at,
                e.act,
                e.fact_type,
                NUMBER.sub("#", str({k: v for k, v in e.data.items() if k != "repeat_of"})),
                e.actor_key,
            )
            for e in entries
        ],
        "history": [
            {k: v for k, v in columns(h).items() if k not in ("pgh_created_at", "pgh_context_id", "pgh_obj_id")}
            for h in Hazard.pgh_event_model.objects.filter(pgh_obj_id=hazard.pk).order_by("pgh_id")  # type: ignore[attr-defined]
        ],
    }


@pytest.mark.django_db
def test_sampled_histories_replayed_through_the_acts_leave_equal_rows() -> None:
    world = city.build(seed=7, as_of=AS_OF, scale=0.02, keep=True)
    stage_ends = clock.end_of(AS_OF)
    made = {h.pk: h for h in Hazard.objects.everything(why=WHY)}
    assert len(made) == world.hazards == len(world.told)
    sample = random.Random(1).sample(sorted(world.told), 200)
    kinds = set()
    for key in sample:
        plot, cast = world.told[key]
        expected = told(made[key])
        with transaction.atomic():
            stage = DatabaseStage(stage_ends)
            again = city.fresh(world, plot)
            play(stage, cast, again)
            stage.sweep(stage.ends)
            assert stage.hazard is not None
            stage.hazard.refresh_from_db()
            assert told(stage.hazard) == expected
            transaction.set_rollback(True)
        kinds.add(made[key].state)
    assert {"closed", "rectifying"} <= kinds


@pytest.mark.django_db
def test_the_same_seed_and_day_make_the_same_city() -> None:
    def built() -> list[dict[str, str]]:
        with transaction.atomic():
            city.build(seed=11, as_of=AS_OF, scale=0.004)
            rows = [
                {k: re.sub(r"user:\d+", "user", str(v)) for k, v in columns(h).items() if not k.endswith("_id")}
                for h in Hazard.objects.everything(why=WHY).order_by("number")
            ]
            transaction.set_rollback(True)
        return rows

    assert built() == built()


@pytest.mark.django_db
def test_every_role_is_somebody_who_comes_in(client: Client) -> None:
    city.build(seed=11, as_of=AS_OF, scale=0.004)
    shown = shown_sign_ins()
    assert {label for label, _, _ in shown} == {role.label for role in ROLES.values()}
    for label, name, password in shown:
        assert password == PASSWORD
        user = User.objects.get(username=name)
        assert user.check_password(password), name
        with clock.moved_to(clock.end_of(AS_OF)):
            held = {ROLES[grant.role].label for grant in valid_grants().filter(user=user)}
            assert label in held, name
            client.force_login(user)
            assert client.get("/").status_code == 200, name


@pytest.mark.parametrize("hour", [0, 7, 12, 20])
def test_at_any_hour_every_hazard_of_the_city_has_been_found(hour: int) -> None:
    site = SimpleNamespace(id=1, flags=[], headcount=10, sector="industry_trade")
    with clock.moved_to(dt.datetime.combine(AS_OF, dt.time(hour, 1), clock.CHINA)):
        world = World(seed=20260701, as_of=AS_OF, scale=1)
        told = city.plots(world, [site])
        assert len(told) == world.hazards
        assert all(office_hour(plot.found_on, plot.again()) < world.ends for plot in told)
        assert world.at(8, 30) <= world.ends
        assert any(plot.found_on == AS_OF for plot in told) is (hour >= 12)
