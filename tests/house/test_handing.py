"""Whoever leaves hands all his open work over in one act: every place where a person stands in a record is either
given over with it, or stays for a written reason."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import models

from anlan.kernel import clock
from anlan.kernel.identity.belongings import held_by, kinds
from anlan.kernel.identity.models import Grant, User
from anlan.kernel.identity.services import hand_over
from anlan.kernel.journal.models import Entry
from anlan.modules.hazards.models import Hazard, Listing
from tests.cast import Cast, County
from tests.house.walk import own_models

# Given over by what is entered under this code with ``kernel.identity.belongings``.
HANDED: dict[str, str] = {
    "deadlines.Deadline.assignee": "deadlines",
    "duty.Shift.officer": "duty",
    "duty.Shift.leader": "duty",
    "duty.Shift.deputy": "duty",
    "duty.Swap.asker": "duty",
    "duty.Swap.colleague": "duty",
    "hazards.Hazard.responsible": "hazards",
    "hazards.Listing.leader_name": "listings",
}
DID = "who did something once: the past is not handed over; what follows from it lies on a desk or is a due item"
OWN = "one's own: nothing in it is owed to anybody else"
# Stays where it is, each with the reason; a trailing name takes a family.
STAYS: dict[str, str] = {
    **dict.fromkeys(
        ("*.by_key", "*.by_name", "*.actor_key", "*.actor_name", "*.set_by", "*.granted_by", "*.issued_by",
         "*.issuer_name", "*.found_by", "*.rectified_by", "*.accepted_by", "*.evaluated_by", "*.answered_by",
         "*.assessed_by", "*.approved_by", "*.claimed_by", "duty.Shift.writer", "duty.Shift.signer",
         "chemicals.PoliceRecord.handler"), DID),
    **dict.fromkeys(
        ("identity.ApiToken.user", "identity.RecoveryCode.user", "files.PartialUpload.user", "notify.Message.user",
         "ui.SavedFilter.user", "ui.BulkRun.user", "duty.Absence.user"), OWN),
    "alarms.AlarmSetting.out_by": DID,
    "alarms.Alarm.acknowledger": DID,
    "alarms.Alarm.shelved_by": DID,
    "alarms.AlarmCall.by": DID,
    "warning.EarlyWarning.issuer": DID,
    "warning.Notice.acknowledger": DID,
    "warning.Notice.reporter": DID,
    "identity.Grant.user": "the authorities of whoever leaves end with the hand-over; the successor has his own",
    "intake.Batch.by": "whoever confirmed a ledger, in whose name the worker enters it; an unconfirmed one is the desk's",
    "risks.RiskPoint.responsible": "that of the assessment in force: the next assessment names the successor",
    "risks.Assessment.responsible": "an assessment is a finding that is superseded, never edited",
    "installations.Installation.principal": "包保责任人: appointed by the unit in writing and on its notice board, changed there",
    "installations.Installation.technical": "as the principal",
    "installations.Installation.operating": "as the principal",
    "cockpit.HazardFact.leader_name": "a view of the listing's leader, who is given over",
}  # fmt: skip
# Texts that hold the name of somebody; names of places, goods and files are none.
PERSON = re.compile(
    r"(^|_)(by|by_key|by_name|actor_key|actor_name|issuer_name|responsible|handler|principal|technical|operating|officer"
    r"|leader|leader_name|deputy|assignee|keeper|contact|colleague|in_charge)$"
)


def places() -> list[str]:
    """Every reference to an account, and every text that names somebody, as ``module.Model.field``."""
    found = []
    for model in own_models():
        for field in model._meta.concrete_fields:
            account = field.is_relation and field.related_model is User
            text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if account or (text and PERSON.search(field.name)):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def test_every_place_where_a_person_stands_is_given_over_or_says_why_not() -> None:
    found = places()
    for place in found:
        family = f"*.{place.rpartition('.')[2]}"
        assert (place in HANDED) + (place in STAYS or family in STAYS) == 1, f"{place}: hand it over, or say why it stays"
    used = set(found) | {f"*.{place.rpartition('.')[2]}" for place in found}
    assert not (set(HANDED) | set(STAYS)) - used, "gone: strike it"
    assert all(STAYS.values())


def test_what_is_said_to_be_given_over_is_entered() -> None:
    from anlan.kernel.identity import belongings

    assert set(HANDED.values()) == set(belongings._kinds) and len(kinds()) == len(belongings._kinds)


def successor(county: County, role: str) -> User:
    """Somebody at the same desk."""
    grant = Grant.objects.get(user=county.users[role], kind="post", holder="")
    made: User = User.objects.create_user(f"{county.mark}after_{role}", None, name="接任者", title="新任副职")
    Grant.objects.create(user=made, role=grant.role, region=grant.region, sector=grant.sector, valid_from=clock.today())
    return made


@pytest.mark.django_db
def test_the_leader_of_a_listing_is_his_successor(world: Cast) -> None:
    here, leader = world.here, world.here.users["leader"]
    office = Grant.objects.get(user=leader, kind="post").region
    assert office is not None
    own, foreign = (c.companions["listed"].pk for c in (here, world.there))
    Listing.plain.filter(pk__in=[own, foreign]).update(leader_name=leader.name, leader_title="副县长")
    Listing.plain.filter(pk=own).update(office_path=office.path)
    ended = Listing.plain.filter(hazard__region_path__startswith=office.path).exclude(pk=own).values_list("pk", "leader_name")
    to = successor(here, "leader")
    assert any(h.what == "Responsible leader" for h in held_by(leader))
    hand_over(actor=here.actor("leader"), user=leader, to=to, reason="调任")
    row = Listing.plain.get(pk=own)
    assert (row.leader_name, row.leader_title) == ("接任者", "新任副职")
    assert Listing.plain.get(pk=foreign).leader_name == leader.name, "of the same name in another office"
    assert set(ended) == set(Listing.plain.filter(pk__in=[pk for pk, _ in ended]).values_list("pk", "leader_name"))
    told = Entry.plain.filter(fact_type="identity.NamedAnew", subject_id=str(row.hazard_id))
    assert [(e.data["before"], e.data["to"]) for e in told] == [(leader.name, "接任者")]
    assert held_by(leader) == []


@pytest.mark.django_db
def test_whoever_rectifies_for_a_unit_is_his_successor(world: Cast) -> None:
    from anlan.modules.welcome.services import name_safety_manager

    here = world.here
    old = here.users["unit_safety"]
    holder = here.unit.holder
    mine, done = here.hazards["rectifying"], here.hazards["closed"]
    Hazard.plain.filter(pk__in=[mine.pk, done.pk]).update(responsible=old.name)
    elsewhere = world.there.hazards["rectifying"]
    Hazard.plain.filter(pk=elsewhere.pk).update(responsible=old.name)
    before = Hazard.plain.get(pk=mine.pk).version
    assert [h.subject_id for h in held_by(old, holder) if h.what == "Person in charge of rectification"] == [str(mine.pk)]
    name_safety_manager(
        actor=here.actor("unit_principal"), unit=here.unit.pk, name="吴接任", username="wu_after", phone="13922087642"
    )
    now = Hazard.plain.get(pk=mine.pk)
    assert now.responsible == "吴接任" and now.version > before
    assert Hazard.plain.get(pk=done.pk).responsible == old.name, "what is closed stays as it was"
    assert Hazard.plain.get(pk=elsewhere.pk).responsible == old.name, "another unit's man of the same name"


@pytest.mark.django_db
def test_a_request_to_somebody_who_leaves_lapses(world: Cast) -> None:
    here = world.here
    swap: Any = here.duty["swap"]
    asked = swap.colleague
    grant = Grant.objects.filter(user=asked, kind="post", holder="").first()
    assert grant is not None and swap.state in ("asked", "agreed")
    to: User = User.objects.create_user("after_asked", None, name="接任者")
    Grant.objects.create(user=to, role=grant.role, region=grant.region, sector=grant.sector, valid_from=clock.today())
    hand_over(actor=world.here.as_played(asked), user=asked, to=to, reason="调任", last_day=clock.today() + dt.timedelta(days=1))
    swap.refresh_from_db()
    assert swap.state == "lapsed"
